//! What an interrupted `clean --out` has done, so that `--resume` need not do it again.
//!
//! JSON Lines in the output folder, appended issue by issue, taken away when the run ends. A line counts only while the inputs still have
//! the bytes it names, the outputs too, and the settings are the same; a torn last line counts for nothing.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::error::Error;

/// The name of the journal.
pub const FILE_NAME: &str = ".galley-progress.jsonl";

/// One issue that is done.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Done {
    /// The name.
    pub id: String,
    /// Of everything but the text that decides the output.
    pub settings: String,
    /// BLAKE3 of each file as read and as written.
    pub files: Vec<[String; 2]>,
    /// By rule name: applied, held, rejected, displaced, findings.
    pub rules: Vec<(String, [usize; 5])>,
    pub changed_files: usize,
}

/// A journal that is being written, with what an earlier run wrote.
pub struct Journal {
    path: PathBuf,
    file: File,
    earlier: FxHashMap<String, Done>,
}

impl Journal {
    /// Begins anew, or goes on where an earlier run stopped; `name` is [`FILE_NAME`], or one of its own for a part of a run.
    ///
    /// # Errors
    /// [`Error::Write`], [`Error::Read`].
    pub fn open(folder: &Path, name: &str, resume: bool) -> Result<Journal, Error> {
        let path = folder.join(name);
        let failed = |source| Error::Write { path: path.clone(), source };
        fs::create_dir_all(folder).map_err(failed)?;
        let mut earlier = FxHashMap::default();
        if resume && path.exists() {
            let text = fs::read(&path).map_err(|source| Error::Read { path: path.clone(), source })?;
            for line in text.split(|b| *b == b'\n') {
                if let Ok(done) = serde_json::from_slice::<Done>(line) {
                    earlier.insert(done.id.clone(), done);
                }
            }
        }
        let mut file = OpenOptions::new().create(true).append(true).open(&path).map_err(failed)?;
        match resume {
            // After a torn line the next begins on a line of its own.
            true => file.write_all(b"\n").map_err(failed)?,
            false => file.set_len(0).map_err(failed)?,
        }
        Ok(Journal { path, file, earlier })
    }

    /// What an earlier run did, by the name of the issue.
    pub fn take_earlier(&mut self) -> FxHashMap<String, Done> {
        std::mem::take(&mut self.earlier)
    }

    /// Adds an issue that is done.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn add(&mut self, done: &Done) -> Result<(), Error> {
        let failed = |source| Error::Write { path: self.path.clone(), source };
        let mut line = serde_json::to_vec(done).map_err(|e| failed(e.into()))?;
        line.push(b'\n');
        self.file.write_all(&line).map_err(failed)
    }

    /// The run came to its end: nothing is left to resume.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn finish(self) -> Result<(), Error> {
        fs::remove_file(&self.path).map_err(|source| Error::Write { path: self.path.clone(), source })
    }
}

/// Takes away temporary files that a killed run left in a folder.
pub fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(".galley-") && name.ends_with(".tmp") {
            // What cannot be taken away harms nobody.
            let _ = fs::remove_file(entry.path());
        }
    }
}
