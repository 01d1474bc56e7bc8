//! Numbers, texts and paths in as few bytes as they need, for what is kept of every issue of a run.

use std::path::{Path, PathBuf};

/// Adds a number: seven bits a byte, the lowest first; the highest bit says that more follow.
pub fn number(to: &mut Vec<u8>, mut n: usize) {
    while n >= 0x80 {
        to.push(n as u8 | 0x80);
        n >>= 7;
    }
    to.push(n as u8);
}

/// Adds bytes with their length before them.
pub fn text(to: &mut Vec<u8>, text: &[u8]) {
    number(to, text.len());
    to.extend_from_slice(text);
}

/// Takes apart what was packed.
#[derive(Debug)]
pub struct Unpack<'a>(pub &'a [u8]);

impl<'a> Unpack<'a> {
    /// The next number; 0 after the end.
    pub fn number(&mut self) -> usize {
        let (mut n, mut shift) = (0, 0);
        while let Some((byte, rest)) = self.0.split_first() {
            self.0 = rest;
            n |= usize::from(byte & 0x7f) << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                break;
            }
        }
        n
    }

    /// So many bytes.
    pub fn take(&mut self, length: usize) -> &'a [u8] {
        let (text, rest) = self.0.split_at(length.min(self.0.len()));
        self.0 = rest;
        text
    }

    /// The next bytes that were packed with their length.
    pub fn text(&mut self) -> &'a [u8] {
        let length = self.number();
        self.take(length)
    }

    /// The same as a string.
    pub fn string(&mut self) -> String {
        let bytes = self.text();
        simdutf8::basic::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes).into_owned(), str::to_owned)
    }

    /// The same as a path.
    pub fn path(&mut self) -> PathBuf {
        path_of(self.text())
    }
}

/// The bytes of a path.
#[cfg(unix)]
pub fn bytes_of(path: &Path) -> &[u8] {
    path.as_os_str().as_encoded_bytes()
}

/// The path of these bytes.
#[cfg(unix)]
pub fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt as _;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

/// Other systems name files in ways of their own; what is not Unicode there was refused before.
#[cfg(not(unix))]
pub fn bytes_of(path: &Path) -> &[u8] {
    path.to_str().unwrap_or_default().as_bytes()
}

/// The path of these bytes.
#[cfg(not(unix))]
pub fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}
