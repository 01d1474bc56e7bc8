//! Checksums of files, by the algorithms that METS and BagIt name.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use md5::Md5;
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};

/// A checksum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    Md5,
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Algorithm {
    /// `SHA-256`, `sha256`; `None` for one that is not known.
    pub fn named(name: &str) -> Option<Algorithm> {
        Some(match name.to_lowercase().replace(['-', '_'], "").as_str() {
            "md5" => Algorithm::Md5,
            "sha1" => Algorithm::Sha1,
            "sha256" => Algorithm::Sha256,
            "sha384" => Algorithm::Sha384,
            "sha512" => Algorithm::Sha512,
            _ => return None,
        })
    }

    /// As BagIt names its manifests.
    pub fn name(self) -> &'static str {
        match self {
            Algorithm::Md5 => "md5",
            Algorithm::Sha1 => "sha1",
            Algorithm::Sha256 => "sha256",
            Algorithm::Sha384 => "sha384",
            Algorithm::Sha512 => "sha512",
        }
    }
}

/// The checksum of a file, in lower-case hexadecimal digits.
///
/// # Errors
/// Those of reading.
pub fn digest(path: &Path, algorithm: Algorithm) -> io::Result<String> {
    match algorithm {
        Algorithm::Md5 => of::<Md5>(path),
        Algorithm::Sha1 => of::<Sha1>(path),
        Algorithm::Sha256 => of::<Sha256>(path),
        Algorithm::Sha384 => of::<Sha384>(path),
        Algorithm::Sha512 => of::<Sha512>(path),
    }
}

fn of<D: sha2::Digest>(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = D::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            n => hasher.update(&buffer[..n]),
        }
    }
    Ok(hasher.finalize().iter().map(|b| format!("{b:02x}")).collect())
}
