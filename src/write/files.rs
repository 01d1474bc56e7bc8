//! Bytes to disk: whole files or nothing, and never over an input that was not meant.

use std::collections::BTreeMap;
use std::fs::{self, File, Metadata, Permissions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::error::{Error, Result};
use crate::inputs::{InputFile, is_stdin};

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// It was not there before.
    Created,
    /// It held something else.
    Replaced,
    /// It held these bytes already and was not touched: its times and its inode are as before.
    Unchanged,
}

/// The BLAKE3 hash of a file's bytes, 64 lower-case hex digits, as the change log and the run record write it.
pub fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

/// Puts `bytes` into the file at `path`, wholly or not at all, and durably: after a power cut the file is the old or the new one.
///
/// A temporary file in the same folder takes the bytes and is renamed. Permissions, and the owner where the system lets
/// us, stay; extended attributes and hard links do not survive a rename. A symbolic link is followed and stays a link.
/// A file that holds these bytes already is not touched.
///
/// # Errors
/// [`Error::Write`] with the file as it was before and no temporary file left; [`Error::NotRegular`] for folders, devices, pipes.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<Written> {
    put(path, None, bytes, true)
}

/// The same over an input, which must still hold the bytes that were read ([`crate::read::ByteMap::original`]).
///
/// # Errors
/// As [`write_atomic`]; [`Error::Changed`] if another program has changed or removed the file since.
pub fn rewrite(path: &Path, was: &[u8], bytes: &[u8]) -> Result<Written> {
    put(path, Some(was), bytes, true)
}

/// Puts `bytes` into a file of an output folder, wholly or not at all, without waiting for the disk: the run can be repeated.
///
/// # Errors
/// As [`write_atomic`].
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<Written> {
    put(path, None, bytes, false)
}

/// `was`: what the file must hold. `durable`: wait until the disk has it.
fn put(path: &Path, was: Option<&[u8]>, bytes: &[u8], durable: bool) -> Result<Written> {
    let failed = |source: io::Error| Error::Write { path: path.to_owned(), source };
    let (target, old) = match fs::symlink_metadata(path) {
        // A dangling link fails here: there is nothing to rename over but the link itself.
        Ok(_) => {
            let target = path.canonicalize().map_err(failed)?;
            let meta = fs::metadata(&target).map_err(failed)?;
            (target, Some(meta))
        }
        Err(e) if e.kind() == io::ErrorKind::NotFound && was.is_some() => return Err(Error::Changed { path: path.to_owned() }),
        Err(e) if e.kind() == io::ErrorKind::NotFound => (path.to_owned(), None),
        Err(e) => return Err(failed(e)),
    };
    if let Some(old) = &old {
        if !old.is_file() {
            return Err(Error::NotRegular { path: path.to_owned() });
        }
        let holds = |bytes: &[u8]| old.len() == bytes.len() as u64 && fs::read(&target).is_ok_and(|now| now == bytes);
        if was.is_some_and(|was| !holds(was)) {
            return Err(Error::Changed { path: path.to_owned() });
        }
        if holds(bytes) {
            return Ok(Written::Unchanged);
        }
    }
    let folder = target.parent().filter(|p| *p != Path::new("")).unwrap_or(Path::new("."));
    replace(&target, folder, bytes, old.as_ref(), durable).map_err(failed)?;
    Ok(if old.is_some() { Written::Replaced } else { Written::Created })
}

/// Temporary file, rename; dropping the temporary file on an error removes it.
fn replace(target: &Path, folder: &Path, bytes: &[u8], old: Option<&Metadata>, durable: bool) -> io::Result<()> {
    let mut builder = tempfile::Builder::new();
    // Hidden, so that a walk does not take it for a text, and short, so that a name of any length has room beside it.
    builder.prefix(".galley-").suffix(".tmp");
    #[cfg(unix)]
    if old.is_none() {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(Permissions::from_mode(0o666)); // less the umask, as any new file
    }
    let mut temporary = builder.tempfile_in(folder)?;
    temporary.write_all(bytes)?;
    if let Some(old) = old {
        keep_owner(temporary.as_file(), old);
        temporary.as_file().set_permissions(Permissions::clone(&old.permissions()))?;
    }
    if durable {
        temporary.as_file().sync_all()?;
    }
    temporary.persist(target).map_err(|e| e.error)?;
    if durable {
        sync_folder(folder);
    }
    Ok(())
}

/// Before the permissions are set, because a change of owner clears some of them.
#[cfg(unix)]
fn keep_owner(file: &File, old: &Metadata) {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    // Only root may give files away; for all others the file becomes theirs, as with any editor.
    let _ = fchown(file, Some(old.uid()), Some(old.gid()));
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &Metadata) {}

/// Makes the rename itself durable.
fn sync_folder(folder: &Path) {
    // The rename is done and cannot fail any more; some network file systems know no fsync of a folder.
    if cfg!(unix) {
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
}

/// An output folder that mirrors the inputs.
///
/// A file found below a folder argument keeps its path relative to that folder; a file argument keeps its file name.
#[derive(Debug)]
pub struct OutputTree {
    targets: FxHashMap<PathBuf, PathBuf>,
}

impl OutputTree {
    /// Plans where every input goes. Makes and writes nothing yet.
    ///
    /// # Errors
    /// [`Error::NotAFolder`] where `out` is a file; [`Error::Collision`] where two inputs would go to one place, or one where another needs a folder;
    /// [`Error::OntoInput`] and [`Error::InsideOutput`] where output and input would mix. On file systems that do not
    /// tell upper from lower case, names that differ in nothing else are not noticed.
    pub fn new<'a>(out: &Path, inputs: impl IntoIterator<Item = &'a InputFile>) -> Result<Self> {
        if fs::metadata(out).is_ok_and(|meta| !meta.is_dir()) {
            return Err(Error::NotAFolder { path: out.to_owned() });
        }
        let inputs: Vec<&InputFile> = inputs.into_iter().collect();
        let real: Vec<Option<PathBuf>> =
            inputs.iter().map(|input| input.path.canonicalize().ok().filter(|_| !is_stdin(&input.path))).collect();
        let sources: FxHashSet<&Path> = real.iter().flatten().map(PathBuf::as_path).collect();
        let real_out = resolve(out);
        let mut planned: BTreeMap<PathBuf, &Path> = BTreeMap::new();
        for (input, real) in inputs.iter().zip(&real) {
            let target = out.join(&input.relative);
            if sources.contains(resolve(&target).as_path()) {
                return Err(Error::OntoInput { path: input.path.clone(), out: out.to_owned() });
            }
            if real.as_ref().is_some_and(|real| real.starts_with(&real_out)) {
                return Err(Error::InsideOutput { path: input.path.clone(), out: out.to_owned() });
            }
            if let Some(other) = planned.insert(target.clone(), &input.path) {
                return Err(Error::Collision { first: other.to_owned(), second: input.path.clone(), target });
            }
        }
        for (target, second) in &planned {
            let file = target.ancestors().skip(1).find_map(|above| planned.get_key_value(above));
            if let Some((target, first)) = file {
                return Err(Error::Collision { first: first.to_path_buf(), second: second.to_path_buf(), target: target.clone() });
            }
        }
        Ok(OutputTree { targets: planned.into_iter().map(|(target, input)| (input.to_owned(), target)).collect() })
    }

    /// The folders that outputs go to, each once.
    pub fn folders(&self) -> std::collections::BTreeSet<&Path> {
        self.targets.values().filter_map(|t| t.parent()).collect()
    }

    /// Where the output of an input goes; `None` for a path that was not planned.
    pub fn target(&self, input: &Path) -> Option<&Path> {
        self.targets.get(input).map(PathBuf::as_path)
    }

    /// Writes the output of an input, making the folders it needs.
    ///
    /// Not synced to disk file by file: the inputs are untouched and the run can be repeated, while a sync each would
    /// make a batch of small files many times slower. The rename still keeps half-written files from view.
    ///
    /// # Errors
    /// As [`write_atomic`]; [`Error::NotFound`] for a path that was not planned.
    pub fn write(&self, input: &Path, bytes: &[u8]) -> Result<Written> {
        let target = self.target(input).ok_or_else(|| Error::NotFound { path: input.to_owned() })?;
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder).map_err(|source| Error::Write { path: target.to_owned(), source })?;
        }
        put(target, None, bytes, false)
    }
}

/// The path without links and dots, as far as it is there already.
fn resolve(path: &Path) -> PathBuf {
    let above = |path: &Path| path.parent().filter(|p| *p != Path::new("")).unwrap_or(Path::new(".")).to_owned();
    match (path.canonicalize(), path.file_name()) {
        (Ok(real), _) => real,
        (Err(_), Some(name)) => resolve(&above(path)).join(name),
        (Err(_), None) => path.to_owned(),
    }
}
