//! The logs of a run: `changes.jsonl` says what was proposed, `galley-applied.jsonl` what was written and how to take it back.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write as _};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};

use super::decisions::now;
use crate::error::{Error, Result, Shown};
use crate::messages::say;
use crate::pipeline::Processed;
use crate::read::read_bytes;
use crate::record::Records;
use crate::write::files::{hash, rewrite, write_atomic};
use crate::write::jsonl;

/// The name of the log beside the run record.
pub const FILE_NAME: &str = "galley-applied.jsonl";

/// All proposed changes and findings of a run, written as it goes on, put in place when it ends.
pub struct ChangeLog {
    path: PathBuf,
    out: BufWriter<tempfile::NamedTempFile>,
}

impl ChangeLog {
    /// Opens the log.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn begin(path: &Path) -> Result<ChangeLog> {
        let folder = path.parent().filter(|p| *p != Path::new("")).unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        builder.prefix(".galley-").suffix(".tmp");
        let file = builder.tempfile_in(folder).map_err(|source| Error::Write { path: path.to_owned(), source })?;
        Ok(ChangeLog { path: path.to_owned(), out: BufWriter::new(file) })
    }

    /// What the log has of an issue.
    pub fn lines(processed: &Processed) -> Vec<u8> {
        let mut lines = Vec::new();
        let written = jsonl::write(&mut lines, &Records::of(processed));
        debug_assert!(written.is_ok(), "writing to memory cannot fail");
        lines
    }

    /// Adds lines.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn write(&mut self, lines: &[u8]) -> Result<()> {
        self.out.write_all(lines).map_err(|source| Error::Write { path: self.path.clone(), source })
    }

    /// Puts the log in place.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn finish(self) -> Result<()> {
        let failed = |source| Error::Write { path: self.path.clone(), source };
        let file = self.out.into_inner().map_err(|e| failed(e.into_error()))?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644)).map_err(failed)?;
        }
        file.persist(&self.path).map(drop).map_err(|e| failed(e.error))
    }
}

/// One file that was written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Applied {
    pub kind: String,
    pub v: u8,
    /// UTC.
    pub at: String,
    /// The file that was read.
    pub path: PathBuf,
    /// The file that was written, absolute so that the log can be used from anywhere; the same one with `--write`.
    pub to: PathBuf,
    /// BLAKE3 of the bytes read.
    pub before: String,
    /// BLAKE3 of the bytes written.
    pub after: String,
    /// Sorted, apart.
    pub hunks: Vec<Hunk>,
}

/// One stretch of bytes that was written, and what stood there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hunk {
    /// Bytes of the written file.
    pub span: [usize; 2],
    /// What stood there, if it is UTF-8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
    /// The same in Base64, if it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was_base64: Option<String>,
}

impl Hunk {
    fn new(start: usize, end: usize, was: &[u8]) -> Hunk {
        match str::from_utf8(was) {
            Ok(text) => Hunk { span: [start, end], was: Some(text.to_owned()), was_base64: None },
            Err(_) => Hunk { span: [start, end], was: None, was_base64: Some(BASE64.encode(was)) },
        }
    }

    fn bytes(&self) -> Option<Vec<u8>> {
        match (&self.was, &self.was_base64) {
            (Some(text), None) => Some(text.clone().into_bytes()),
            (None, Some(code)) => BASE64.decode(code).ok(),
            _ => None,
        }
    }
}

/// The hunks of places that are known, if these are all: comparing the lines takes as long as repairing them.
fn known(places: &[(Range<usize>, Range<usize>)], old: &[u8], new: &[u8]) -> Option<Vec<Hunk>> {
    let hunk = |(was, is): &(Range<usize>, Range<usize>)| Some(Hunk::new(is.start, is.end, old.get(was.clone())?));
    let hunks: Vec<Hunk> = places.iter().map(hunk).collect::<Option<_>>()?;
    put_back(&hunks, new).is_some_and(|back| back == old).then_some(hunks)
}

/// Where `new` differs from `old`: by lines, and within each stretch of other lines by what is common at its ends.
fn hunks(old: &[u8], new: &[u8]) -> Vec<Hunk> {
    let lines = |bytes| -> Vec<&[u8]> { <[u8]>::split_inclusive(bytes, |b: &u8| *b == b'\n').collect() };
    let (old_lines, new_lines) = (lines(old), lines(new));
    let starts = |lines: &[&[u8]]| {
        let mut at = 0;
        let mut starts = vec![0];
        starts.extend(lines.iter().map(|l| {
            at += l.len();
            at
        }));
        starts
    };
    let (old_at, new_at) = (starts(&old_lines), starts(&new_lines));
    let ops = similar::capture_diff_slices(similar::Algorithm::Patience, &old_lines, &new_lines);
    let equal = ops.iter().filter(|op| op.tag() == similar::DiffTag::Equal).map(|op| (op.old_range(), op.new_range()));
    // What stands between two equal stretches differs; where deletions and insertions are said to stand may be off.
    let mut hunks = Vec::new();
    let (mut was, mut is) = (0, 0);
    for (old_lines, new_lines) in equal.chain([(old_lines.len()..old_lines.len(), new_lines.len()..new_lines.len())]) {
        let gap = old_at.get(was..=old_lines.start).zip(new_at.get(is..=new_lines.start));
        let Some((a, b)) = gap.filter(|(a, b)| !a.is_empty() && !b.is_empty()) else { return vec![whole(old, new)] };
        let (a, b) = (a[0]..a[a.len() - 1], b[0]..b[b.len() - 1]);
        if !(a.is_empty() && b.is_empty()) {
            let hunk = whole(&old[a], &new[b.clone()]);
            hunks.push(Hunk { span: hunk.span.map(|at| b.start + at), ..hunk });
        }
        (was, is) = (old_lines.end, new_lines.end);
    }
    // Nothing may be written that the log cannot take back.
    if put_back(&hunks, new).is_some_and(|back| back == old) { hunks } else { vec![whole(old, new)] }
}

/// Both texts as one hunk, without what is common at the ends.
fn whole(old: &[u8], new: &[u8]) -> Hunk {
    let same = old.iter().zip(new).take_while(|(x, y)| x == y).count();
    let tail = old[same..].iter().rev().zip(new[same..].iter().rev()).take_while(|(x, y)| x == y).count();
    Hunk::new(same, new.len() - tail, &old[same..old.len() - tail])
}

/// The old bytes, as the hunks tell them.
fn put_back(hunks: &[Hunk], bytes: &[u8]) -> Option<Vec<u8>> {
    let mut old = Vec::with_capacity(bytes.len() + 64);
    let mut at = 0;
    for hunk in hunks {
        old.extend_from_slice(bytes.get(at..hunk.span[0])?);
        old.extend(hunk.bytes()?);
        at = hunk.span[1];
    }
    old.extend_from_slice(bytes.get(at..)?);
    Some(old)
}

/// `galley-applied.jsonl` of a run that writes. Runs are appended to each other.
pub struct AppliedLog {
    path: PathBuf,
    durable: bool,
    /// Length of the file before this run.
    before: u64,
    rows: Mutex<(Option<File>, BTreeMap<PathBuf, Applied>)>,
}

impl AppliedLog {
    /// A log that is made when the first row comes; `durable` waits for the disk at each row.
    ///
    /// # Errors
    /// [`Error::Row`] if the file is there and is no such log.
    pub fn open(path: PathBuf, durable: bool) -> Result<AppliedLog> {
        let before = match path.metadata() {
            Ok(_) => {
                rows(&path)?;
                // What a killed run left of a last line goes: the file of that row was not written yet.
                read_bytes(&path)?.iter().rposition(|b| *b == b'\n').map_or(0, |i| i as u64 + 1)
            }
            Err(_) => 0,
        };
        Ok(AppliedLog { path, durable, before, rows: Mutex::default() })
    }

    /// Logs what is about to be written; `places` are the bytes of `old` and `new` that differ, if that is known.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn add(&self, path: &Path, to: &Path, old: &[u8], new: &[u8], places: &[(Range<usize>, Range<usize>)]) -> Result<()> {
        let failed = |source| Error::Write { path: self.path.clone(), source };
        let row = Applied {
            kind: "applied".into(),
            v: 1,
            at: now(),
            path: path.to_owned(),
            to: std::path::absolute(to).map_err(failed)?,
            before: hash(old),
            after: hash(new),
            hunks: known(places, old, new).unwrap_or_else(|| hunks(old, new)),
        };
        let mut rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        if rows.0.is_none() {
            if let Some(folder) = self.path.parent() {
                std::fs::create_dir_all(folder).map_err(failed)?;
            }
            let file = OpenOptions::new().append(true).create(true).open(&self.path).map_err(failed)?;
            file.set_len(self.before).map_err(failed)?;
            rows.0 = Some(file);
        }
        if let Some(file) = &mut rows.0 {
            file.write_all(&line(&row)).map_err(failed)?;
            if self.durable {
                file.sync_data().map_err(failed)?;
            }
        }
        rows.1.insert(path.to_owned(), row);
        Ok(())
    }

    /// Brings the rows of this run into the order of their paths: workers finish in any order, the log is the same for all.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn finish(self) -> Result<()> {
        let (file, rows) = self.rows.into_inner().unwrap_or_else(PoisonError::into_inner);
        if file.is_none() || rows.len() < 2 {
            return Ok(());
        }
        drop(file);
        let mut bytes = read_bytes(&self.path)?;
        bytes.truncate(self.before as usize);
        rows.values().for_each(|row| bytes.extend(line(row)));
        write_atomic(&self.path, &bytes).map(drop)
    }
}

fn line(row: &Applied) -> Vec<u8> {
    let mut bytes = serde_json::to_vec(row).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

fn rows(path: &Path) -> Result<Vec<Applied>> {
    let bytes = read_bytes(path)?;
    let mut rows = Vec::new();
    for (number, line) in bytes.split_inclusive(|b| *b == b'\n').enumerate() {
        let fault = |message: String| Error::Row { path: path.to_owned(), line: number + 1, message };
        match serde_json::from_slice::<Applied>(line) {
            Ok(row) if row.kind == "applied" && row.v == 1 => rows.push(row),
            Ok(_) => return Err(fault("not a row of version 1 of the log of applied changes".into())),
            Err(_) if !line.ends_with(b"\n") => {}
            Err(error) => return Err(fault(format!("not a row of the log of applied changes: {error}"))),
        }
    }
    Ok(rows)
}

/// What undoing did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Undone {
    /// Files whose bytes are as they were.
    pub restored: usize,
    /// Files that were so already.
    pub already: usize,
}

/// Takes back all the runs of a log, the last first. All files are checked before the first is written; each is written atomically.
///
/// # Errors
/// [`Error::Undo`] naming the first file that holds other bytes than the log says; nothing was written then.
pub fn undo(log: &Path) -> Result<Undone> {
    let rows = rows(log)?;
    let mut files: BTreeMap<&Path, (Vec<u8>, Vec<u8>)> = BTreeMap::new();
    for (i, row) in rows.iter().enumerate().rev() {
        if !files.contains_key(row.to.as_path()) {
            let now = read_bytes(&row.to)?;
            files.insert(&row.to, (now.clone(), now));
        }
        let Some((_, bytes)) = files.get_mut(row.to.as_path()) else { continue };
        let held = hash(bytes);
        if held == row.after {
            *bytes = restored(row, bytes)?;
        } else if !rows[..=i].iter().any(|earlier| earlier.to == row.to && earlier.before == held) {
            // Bytes as they were before this run or an earlier one: this run is undone already.
            let message = say("undo.other-bytes", &[]);
            return Err(Error::Undo { path: row.to.clone(), message });
        }
    }
    let mut undone = Undone::default();
    for (path, (now, old)) in &files {
        if now == old {
            undone.already += 1;
        } else {
            rewrite(path, now, old)?;
            undone.restored += 1;
        }
    }
    Ok(undone)
}

fn restored(row: &Applied, bytes: &[u8]) -> Result<Vec<u8>> {
    let broken = || Error::Undo { path: row.to.clone(), message: say("undo.damaged", &[]) };
    let old = put_back(&row.hunks, bytes).ok_or_else(broken)?;
    if hash(&old) == row.before { Ok(old) } else { Err(broken()) }
}

/// What was undone, for a person.
pub fn told(undone: &Undone, log: &Path) -> String {
    let restored = say("undo.restored", &[("log", &Shown(log)), ("n", &undone.restored)]);
    if undone.already == 0 { restored } else { say("undo.already", &[("restored", &restored), ("n", &undone.already)]) }
}
