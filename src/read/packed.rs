//! Packed texts: gzip and Zstandard files, and the members of tar and zip archives, whose paths go on behind the archive's: `batch.tar/1938/p1.txt`.
//!
//! A plain tar is read member by member where it lies; a compressed one is unpacked into an unnamed temporary file first, because such a
//! stream has no way back. Nothing is ever unpacked beside the inputs.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use flate2::read::MultiGzDecoder;
use rustc_hash::FxHashMap;
use zip::ZipArchive;

use super::{mets, xml};
use crate::error::{Error, Result};
use crate::inputs::is_stdin;

/// Endings of compressed files, in lower case.
const COMPRESSED: &[&str] = &["gz", "zst"];

/// Endings of archives, in lower case.
const ARCHIVES: &[&str] = &[".tar", ".tar.gz", ".tgz", ".tar.zst", ".zip"];

/// A text larger than this unpacked is an attack or a mistake.
const MAX_TEXT: u64 = 1 << 30;

/// The path without the ending of a compressed file: `a.txt.gz` is the text `a.txt`.
pub fn unpacked_name(path: &Path) -> PathBuf {
    if compression(path).is_some() { path.with_extension("") } else { path.to_owned() }
}

fn is_archive(path: &Path) -> bool {
    let name = path.file_name().map(|n| n.to_string_lossy().to_lowercase()).unwrap_or_default();
    ARCHIVES.iter().any(|ending| name.ends_with(ending))
}

/// Whether a path is an archive that is there.
pub fn is_archive_file(path: &Path) -> bool {
    is_archive(path) && fs::metadata(path).is_ok_and(|meta| meta.is_file())
}

/// Whether the bytes of a text are not simply those of a file: compressed, or a member of an archive.
pub fn is_packed(path: &Path) -> bool {
    !is_stdin(path) && (compression(path).is_some() || path.ancestors().skip(1).any(is_archive_file))
}

fn compression(path: &Path) -> Option<&'static str> {
    let ending = path.extension()?.to_str()?;
    COMPRESSED.iter().copied().find(|known| ending.eq_ignore_ascii_case(known))
}

/// The first bytes of a file, unpacked if its name says so.
pub(super) fn head(path: &Path, length: usize) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    let mut bytes = Vec::with_capacity(length);
    match compression(path) {
        Some("gz") => MultiGzDecoder::new(file).take(length as u64).read_to_end(&mut bytes)?,
        Some(_) => ruzstd::decoding::StreamingDecoder::new(file).map_err(io::Error::other)?.take(length as u64).read_to_end(&mut bytes)?,
        None => file.take(length as u64).read_to_end(&mut bytes)?,
    };
    Ok(bytes)
}

/// Archives that are open: each is opened and listed once.
#[derive(Clone, Debug, Default)]
pub struct Archives {
    open: Arc<Mutex<FxHashMap<PathBuf, Arc<Mutex<Archive>>>>>,
    /// Files that were handed over and are not looked for on disk.
    given: Option<Arc<FxHashMap<PathBuf, Vec<u8>>>>,
}

impl Archives {
    /// Files whose bytes are here already: nothing else is there to be read.
    pub fn given(files: impl IntoIterator<Item = (PathBuf, Vec<u8>)>) -> Archives {
        Archives { given: Some(Arc::new(files.into_iter().collect())), ..Archives::default() }
    }

    /// The bytes of a text: of a file, unpacked if its name says so, of an archive's member, or of standard input.
    ///
    /// # Errors
    /// [`Error::Read`] with the path.
    pub fn read(&self, path: &Path) -> Result<Vec<u8>> {
        if let Some(given) = &self.given {
            let bytes = given.get(path).ok_or_else(|| Error::NotFound { path: path.to_owned() })?;
            return unpack(path, &bytes[..]).map_err(|source| Error::Read { path: path.to_owned(), source });
        }
        if !is_packed(path) {
            return too_large(path).map_or_else(|| super::read_bytes(path), Err);
        }
        self.packed(path).map_err(|source| Error::Read { path: path.to_owned(), source })
    }

    fn packed(&self, path: &Path) -> io::Result<Vec<u8>> {
        let Some(archive) = path.ancestors().skip(1).find(|above| is_archive_file(above)) else {
            return unpack(path, File::open(path)?);
        };
        let open = {
            let mut all = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            match all.get(archive) {
                Some(open) => open.clone(),
                None => {
                    let open = Arc::new(Mutex::new(Archive::open(archive)?));
                    all.insert(archive.to_owned(), open.clone());
                    open
                }
            }
        };
        let member = path.strip_prefix(archive).map_err(io::Error::other)?;
        let bytes = open.lock().unwrap_or_else(PoisonError::into_inner).read(member)?;
        unpack(member, &bytes[..])
    }
}

/// The members of an archive that are files, in the archive's order.
///
/// # Errors
/// [`Error::Read`] for what is no such archive, is damaged, or has a member whose name leads out of it.
pub fn members(path: &Path) -> Result<Vec<PathBuf>> {
    Archive::open(path).map(|a| a.names).map_err(|source| Error::Read { path: path.to_owned(), source })
}

#[derive(Debug)]
struct Archive {
    names: Vec<PathBuf>,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    /// Where each member's bytes lie.
    Tar(File, FxHashMap<PathBuf, (u64, u64)>),
    /// The number of each member.
    Zip(Box<ZipArchive<File>>, FxHashMap<PathBuf, usize>),
}

impl Archive {
    fn open(path: &Path) -> io::Result<Archive> {
        let file = File::open(path)?;
        let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
        let mut stream: Box<dyn Read> = match ending.as_str() {
            "zip" => return Archive::zip(ZipArchive::new(file).map_err(io::Error::other)?),
            "tar" => return Archive::tar(file),
            "zst" => Box::new(ruzstd::decoding::StreamingDecoder::new(file).map_err(io::Error::other)?),
            _ => Box::new(MultiGzDecoder::new(file)),
        };
        let mut spool = tempfile::tempfile()?;
        io::copy(&mut stream, &mut spool)?;
        spool.rewind()?;
        Archive::tar(spool)
    }

    fn tar(file: File) -> io::Result<Archive> {
        let (mut names, mut places) = (Vec::new(), FxHashMap::default());
        let mut reader = tar::Archive::new(&file);
        for entry in reader.entries_with_seek()? {
            let entry = entry?;
            if entry.header().entry_type().is_file() {
                let name = inside(&entry.path()?)?;
                // Of two members of one name the later is the newer, as tar itself has it.
                if places.insert(name.clone(), (entry.raw_file_position(), entry.size())).is_none() {
                    names.push(name);
                }
            }
        }
        Ok(Archive { names, kind: Kind::Tar(file, places) })
    }

    fn zip(mut zip: ZipArchive<File>) -> io::Result<Archive> {
        let (mut names, mut places) = (Vec::new(), FxHashMap::default());
        for i in 0..zip.len() {
            let entry = zip.by_index_raw(i).map_err(io::Error::other)?;
            if entry.is_file() {
                let name = inside(Path::new(&*entry.name().map_err(io::Error::other)?))?;
                if places.insert(name.clone(), i).is_none() {
                    names.push(name);
                }
            }
        }
        Ok(Archive { names, kind: Kind::Zip(Box::new(zip), places) })
    }

    fn read(&mut self, member: &Path) -> io::Result<Vec<u8>> {
        match &mut self.kind {
            Kind::Tar(file, places) => {
                let (at, len) = *places.get(member).ok_or(io::ErrorKind::NotFound)?;
                file.seek(SeekFrom::Start(at))?;
                limited(file.take(len))
            }
            Kind::Zip(zip, places) => {
                let i = *places.get(member).ok_or(io::ErrorKind::NotFound)?;
                limited(zip.by_index(i).map_err(io::Error::other)?)
            }
        }
    }
}

/// The name, if it stays inside the archive and so inside any folder that is written to.
fn inside(name: &Path) -> io::Result<PathBuf> {
    let name: PathBuf = name.components().filter(|c| *c != Component::CurDir).collect();
    match name.components().all(|c| matches!(c, Component::Normal(_))) {
        true => Ok(name),
        false => Err(io::Error::other(format!("its member `{}` would lie outside of it", name.display()))),
    }
}

fn unpack(name: &Path, bytes: impl Read) -> io::Result<Vec<u8>> {
    match compression(name) {
        Some("zst") => limited(ruzstd::decoding::StreamingDecoder::new(bytes).map_err(io::Error::other)?),
        Some(_) => limited(MultiGzDecoder::new(bytes)),
        None => limited(bytes),
    }
}

/// All bytes there are, up to a limit: a document is smaller than a text may be, and one that is larger is not read to its end.
pub(super) fn limited(mut bytes: impl Read) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    bytes.by_ref().take(4096).read_to_end(&mut out)?;
    let limit = if mets::root(&out).is_some() { xml::MAX_DOCUMENT as u64 } else { MAX_TEXT };
    bytes.take(limit + 1 - (out.len() as u64).min(limit)).read_to_end(&mut out)?;
    match out.len() as u64 > limit {
        true => Err(io::Error::other(format!("larger than {} MB unpacked", limit >> 20))),
        false => Ok(out),
    }
}

/// A document on disk that is larger than any page: not even opened to its end.
fn too_large(path: &Path) -> Option<Error> {
    let meta = fs::metadata(path).ok().filter(|m| m.is_file() && m.len() > xml::MAX_DOCUMENT as u64)?;
    mets::root(&head(path, 4096).ok()?)?;
    let message = format!("a document of {} MB; over {} MB none is read, for safety", meta.len() >> 20, xml::MAX_DOCUMENT >> 20);
    Some(Error::Document { path: path.to_owned(), line: 1, message })
}
