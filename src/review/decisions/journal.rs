//! The file, open for appending.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{Event, parse};
use crate::error::Error;
use crate::review::store;

/// The decisions file, open for appending.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
}

impl Journal {
    /// Opens or makes the file. What a crash left of a last line is taken away: its writer was never told that it is saved.
    ///
    /// # Errors
    /// [`Error::Read`], [`Error::Write`], [`Error::Row`].
    pub fn open(path: &Path) -> Result<Journal, Error> {
        let failed = |source| Error::Write { path: path.to_owned(), source };
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(path).map_err(failed)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(|source| Error::Read { path: path.to_owned(), source })?;
        parse(path, &bytes)?;
        let whole = bytes.iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
        if serde_json::from_slice::<Event>(&bytes[whole..]).is_ok() || store::of_another_kind(&bytes[whole..]) {
            // A person's editor may have left out the last line end.
            file.write_all(b"\n").map_err(failed)?;
        } else {
            file.set_len(whole as u64).map_err(failed)?;
        }
        Ok(Journal { path: path.to_owned(), file })
    }

    /// Appends events and waits until the disk has them.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn append<T: Serialize>(&mut self, events: &[T]) -> Result<(), Error> {
        let failed = |source| Error::Write { path: self.path.clone(), source };
        let mut lines = Vec::new();
        for event in events {
            serde_json::to_writer(&mut lines, event).map_err(|e| failed(e.into()))?;
            lines.push(b'\n');
        }
        self.file.seek(SeekFrom::End(0)).map_err(failed)?;
        self.file.write_all(&lines).and_then(|()| self.file.sync_data()).map_err(failed)
    }
}
