//! Where decisions lie: one file, or a folder in which each person has a file of their own.
//!
//! A folder needs no locks: nobody writes to another's file, and all files are read as one. Rows of other kinds (`"kind":"pair"`,
//! `"kind":"assign"`) may stand among the events; who tidies the events leaves them where they are.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::decisions::{Decisions, Journal, parse};
use crate::error::Error;
use crate::write::files::rewrite;

/// The files that decisions are read from, in the order of their names; a file need not be there.
///
/// # Errors
/// [`Error::Read`] for a folder that cannot be listed.
pub fn files(path: &Path) -> Result<Vec<PathBuf>, Error> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let read = |source| Error::Read { path: path.to_owned(), source };
    let entries = std::fs::read_dir(path).map_err(read)?.collect::<Result<Vec<_>, _>>().map_err(read)?;
    let mut files: Vec<PathBuf> = entries.into_iter().map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "jsonl")).collect();
    files.sort();
    Ok(files)
}

/// The bytes of a file; none where it is not there.
///
/// # Errors
/// [`Error::Read`].
pub fn read(file: &Path) -> Result<Vec<u8>, Error> {
    match std::fs::read(file) {
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        bytes => bytes.map_err(|source| Error::Read { path: file.to_owned(), source }),
    }
}

/// The file a person writes to: the file itself, or their own in a folder. A path that ends in `/` is a folder, which is made.
///
/// # Errors
/// [`Error::Write`] for a folder that cannot be made; [`Error::NoName`] for somebody whose name cannot be that of a file.
pub fn file_of(path: &Path, user: &str) -> Result<PathBuf, Error> {
    let folder = path.is_dir() || path.as_os_str().as_encoded_bytes().ends_with(b"/");
    if !folder {
        return Ok(path.to_owned());
    }
    if user.is_empty() || user.starts_with('.') || user.contains(['/', '\\', '\0', ':']) {
        return Err(Error::NoName { user: user.to_owned() });
    }
    std::fs::create_dir_all(path).map_err(|source| Error::Write { path: path.to_owned(), source })?;
    Ok(path.join(format!("{user}.jsonl")))
}

/// Opens the journal a person writes to.
///
/// # Errors
/// As [`file_of`] and [`Journal::open`].
pub fn journal(path: &Path, user: &str) -> Result<Journal, Error> {
    Journal::open(&file_of(path, user)?)
}

/// Who is at work: the name given, or that of the account.
pub fn user(given: Option<&str>) -> String {
    let account = || ["USER", "LOGNAME", "USERNAME"].iter().find_map(|name| std::env::var(name).ok().filter(|n| !n.trim().is_empty()));
    given.map(str::to_owned).or_else(account).unwrap_or_else(|| "unknown".into())
}

/// What a row says of itself.
#[derive(Deserialize)]
struct Kind {
    kind: String,
}

/// Whether the line is a row that says of itself that it is no event.
pub(super) fn of_another_kind(line: &[u8]) -> bool {
    serde_json::from_slice::<Kind>(line).is_ok_and(|row| row.kind != "decision")
}

/// The rows of one kind in all files, in the order of the files.
///
/// # Errors
/// [`Error::Read`]; [`Error::Row`] for a row of that kind that cannot be understood.
pub fn rows<T: serde::de::DeserializeOwned>(path: &Path, kind: &str) -> Result<Vec<T>, Error> {
    let mut rows = Vec::new();
    for file in files(path)? {
        for (i, line) in read(&file)?.split_inclusive(|b| *b == b'\n').enumerate() {
            if !serde_json::from_slice::<Kind>(line).is_ok_and(|row| row.kind == kind) {
                continue;
            }
            let fault = |e: serde_json::Error| Error::Row { path: file.clone(), line: i + 1, message: format!("not a row `{kind}`: {e}") };
            rows.push(serde_json::from_slice(line).map_err(fault)?);
        }
    }
    Ok(rows)
}

/// The rows that say of themselves that they are no events, as they are.
///
/// # Errors
/// [`Error::Read`].
pub fn others(path: &Path) -> Result<Vec<serde_json::Value>, Error> {
    let mut rows = Vec::new();
    for file in files(path)? {
        let bytes = read(&file)?;
        let lines = bytes.split(|b| *b == b'\n').filter(|line| of_another_kind(line));
        rows.extend(lines.filter_map(|line| serde_json::from_slice(line).ok()));
    }
    Ok(rows)
}

/// Leaves only the events that `keep` says, one for each of [`Decisions::events`]; rows of other kinds stay. Returns how many events went.
///
/// # Errors
/// [`Error::Changed`] if somebody added an event since the decisions were read; nothing was written then. [`Error::Write`].
pub fn keep(path: &Path, decisions: &Decisions, keep: &[bool]) -> Result<usize, Error> {
    let mut flags = keep.iter();
    let mut before = decisions.events().iter();
    let mut new: Vec<(PathBuf, Vec<u8>, Vec<u8>)> = Vec::new();
    for file in files(path)? {
        let bytes = read(&file)?;
        let mut kept = Vec::with_capacity(bytes.len());
        for line in bytes.split_inclusive(|b| *b == b'\n') {
            match parse(&file, line)?.first() {
                None => kept.extend_from_slice(line),
                Some(event) if before.next() == Some(event) => {
                    if flags.next() == Some(&true) {
                        kept.extend_from_slice(line);
                    }
                }
                Some(_) => return Err(Error::Changed { path: file }),
            }
        }
        new.push((file, bytes, kept));
    }
    for (file, old, kept) in &new {
        if old != kept {
            rewrite(file, old, kept)?;
        }
    }
    Ok(keep.iter().filter(|k| !**k).count())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAIR: &str = "{\"v\":1,\"kind\":\"pair\",\"fp\":\"f\",\"decision\":\"same\"}\n";

    fn event(by: &str, decision: &str, at: u8) -> String {
        format!("{{\"v\":1,\"decision\":\"{decision}\",\"pat\":\"p\",\"by\":\"{by}\",\"at\":\"2026-01-01T00:00:{at:02}Z\"}}\n")
    }

    #[test]
    fn people_write_to_files_of_their_own_that_are_read_as_one() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("decisions/");
        let decisions = Decisions::load(&folder, 1).unwrap();
        assert!(decisions.events().is_empty());
        for (by, decision) in [("zoe", "accept"), ("anna", "reject")] {
            let event = parse(Path::new("x"), event(by, decision, 1).as_bytes()).unwrap();
            journal(&folder, by).unwrap().append(&event).unwrap();
        }
        assert!(folder.join("anna.jsonl").is_file() && folder.join("zoe.jsonl").is_file());
        let decisions = Decisions::load(&folder, 1).unwrap();
        assert_eq!(decisions.events().iter().map(|e| e.by.as_str()).collect::<Vec<_>>(), ["anna", "zoe"]);
        assert_eq!(decisions.conflicts().len(), 1);
        assert!(journal(&folder, "../else").unwrap_err().to_string().contains("../else"));
    }

    #[test]
    fn tidying_leaves_rows_of_other_kinds() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("d.jsonl");
        std::fs::write(&file, [event("a", "accept", 1).as_str(), PAIR, &event("a", "reject", 2)].concat()).unwrap();
        let decisions = Decisions::load(&file, 1).unwrap();
        assert_eq!(keep(&file, &decisions, &decisions.counting()).unwrap(), 1);
        assert_eq!(std::fs::read_to_string(&file).unwrap(), [PAIR, &event("a", "reject", 2)].concat());
        // Somebody else was at work in between.
        let error = keep(&file, &Decisions::of(Vec::new(), 1), &[]).unwrap_err();
        assert!(matches!(error, Error::Changed { .. }));
    }
}
