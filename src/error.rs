//! What can go wrong with input and output. Every variant names the path and, where known, the line.

use std::error::Error as _;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::messages::say;

/// The crate's result.
pub type Result<T> = std::result::Result<T, Error>;

/// An error a person can act on: the message says which file and what to do, [`std::error::Error::source`] why.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A path on the command line that is not there.
    #[error("{}", say("error.not-found", &[("path", &Shown(path))]))]
    NotFound {
        /// As given.
        path: PathBuf,
    },

    /// Opening or reading failed.
    #[error("{}", say("error.read", &[("path", &Shown(path))]))]
    Read {
        /// As given, or found below a folder given.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },

    /// A folder could not be walked to its end, or a `.galleyignore` is malformed.
    #[error("{}", say("error.walk", &[("path", &Shown(path))]))]
    Walk {
        /// The folder given on the command line.
        path: PathBuf,
        /// What the walk says; names the folder or the ignore file in question.
        source: ignore::Error,
    },

    /// No argument led to a file.
    #[error("{}", say("error.no-input", &[("extensions", extensions), ("paths", &list(paths))]))]
    NoInput {
        /// The arguments.
        paths: Vec<PathBuf>,
        /// The endings looked for in folders, for the message.
        extensions: String,
    },

    /// A folder below one that is read holds the cleaned copies of an earlier run: not a failure, but said.
    #[error("{}", say("error.copies", &[("path", &Shown(path))]))]
    Copies {
        /// The folder.
        path: PathBuf,
    },

    /// Files of a folder that were not taken: not a failure, but said.
    #[error("{}", say("error.left-out", &[("path", &Shown(path)), ("n", count), ("reason", &say(reason, &[])), ("example", &Shown(example))]))]
    LeftOut {
        /// The folder given on the command line.
        path: PathBuf,
        /// How many.
        count: usize,
        /// Why.
        reason: &'static str,
        /// The first of them.
        example: PathBuf,
    },

    /// The file holds NUL characters, or begins like a well-known binary format.
    #[error("{}", say("error.not-text", &[("path", &Shown(path)), ("reason", reason)]))]
    NotText {
        /// The file.
        path: PathBuf,
        /// What shows it: `a NUL character at byte 17`, `it begins like a PDF document`.
        reason: String,
    },

    /// An OCR document, or what looks like one, that cannot be read.
    #[error("{}:{line}: {message}", Shown(path))]
    Document {
        /// The file.
        path: PathBuf,
        /// 1-based.
        line: usize,
        /// What is wrong with it.
        message: String,
    },

    /// A `galley.toml`, a baseline or a list of files that cannot be understood.
    #[error("{}:{line}: {message}", Shown(path))]
    Config {
        /// The file.
        path: PathBuf,
        /// 1-based.
        line: usize,
        /// What is wrong and what would be right.
        message: String,
    },

    /// A row of a gold file is not one.
    #[error("{}:{line}: {message}", Shown(path))]
    Gold {
        /// The gold file.
        path: PathBuf,
        /// 1-based.
        line: usize,
        /// What is wrong with it.
        message: String,
    },

    /// A line of a JSON Lines file is not what it should be.
    #[error("{}:{line}: {message}", Shown(path))]
    Record {
        /// The file.
        path: PathBuf,
        /// 1-based.
        line: usize,
        /// What is wrong with it.
        message: String,
    },

    /// A weights file is not one, or a folder has none.
    #[error("{}{}: {message}", Shown(path), line.map_or(String::new(), |line| format!(":{line}")))]
    Weights {
        /// The weights file, or the folder.
        path: PathBuf,
        /// 1-based; `None` when the file as a whole is meant.
        line: Option<usize>,
        /// What is wrong with it.
        message: String,
    },

    /// An archive index that cannot be used.
    #[error("{}: {message}", Shown(path))]
    Index {
        /// The index, or the file in it.
        path: PathBuf,
        /// What is wrong with it, and what to do.
        message: String,
    },

    /// A line of a decisions file or of a log is not what galleyproof writes.
    #[error("{}:{line}: {message}", Shown(path))]
    Row {
        /// The file.
        path: PathBuf,
        /// 1-based.
        line: usize,
        /// What is wrong with it.
        message: String,
    },

    /// The address for the review cannot be listened on.
    #[error("{address}: {message}")]
    Serve {
        /// Address and port.
        address: String,
        /// What the system says.
        message: String,
    },

    /// What was written cannot be taken back.
    #[error("{}: {message}", Shown(path))]
    Undo {
        /// The file that was written.
        path: PathBuf,
        /// Why not.
        message: String,
    },

    /// So many bytes cannot be decoded that the file is no text in this encoding.
    #[error("{}", say("error.garbled", &[("path", &Shown(path)), ("line", line), ("n", count), ("encoding", encoding)]))]
    Garbled {
        /// The file.
        path: PathBuf,
        /// Line of the first undecodable byte, from 1.
        line: usize,
        /// Undecodable places in the file.
        count: usize,
        /// Detected, or asked for.
        encoding: &'static str,
    },

    /// `--encoding` with a label nobody knows, or of an encoding in which a byte's meaning depends on all before it.
    #[error("{}", say("error.encoding", &[("label", label)]))]
    Encoding {
        /// As given.
        label: String,
    },

    /// A new character does not exist in the file's own encoding. Nothing was written.
    #[error("{}", say("error.unencodable", &[("path", &Shown(path)), ("line", line), ("character", &Named(*character)), ("encoding", encoding)]))]
    Unencodable {
        /// The file.
        path: PathBuf,
        /// The line of the original file where the change begins, from 1.
        line: usize,
        /// The character.
        character: char,
        /// The file's encoding.
        encoding: &'static str,
    },

    /// The file would become UTF-8, but some of its bytes cannot be decoded and would be lost. Nothing was written.
    #[error("{}", say("error.undecodable-kept", &[("path", &Shown(path)), ("line", line), ("offset", offset), ("encoding", encoding)]))]
    UndecodableKept {
        /// The file.
        path: PathBuf,
        /// Line of the first undecodable byte, from 1.
        line: usize,
        /// Its offset in the file.
        offset: usize,
        /// The file's encoding.
        encoding: &'static str,
    },

    /// A change would remove or multiply bytes that could not be decoded. Nothing was written.
    #[error("{}", say("error.undecodable-edited", &[("path", &Shown(path)), ("line", line)]))]
    UndecodableEdited {
        /// The file.
        path: PathBuf,
        /// The line of the original file where the change begins, from 1.
        line: usize,
    },

    /// A file that could not be read has nothing to write back.
    #[error("{}", say("error.never-read", &[("path", &Shown(path))]))]
    NeverRead {
        /// The file.
        path: PathBuf,
    },

    /// Writing failed; the file is as it was before.
    #[error("{}", say("error.write", &[("path", &Shown(path))]))]
    Write {
        /// The file to be written.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },

    /// The target of a write is a folder, a device, a pipe: something a rename must not replace.
    #[error("{}", say("error.not-regular", &[("path", &Shown(path))]))]
    NotRegular {
        /// The target.
        path: PathBuf,
    },

    /// A compressed file, or a member of an archive, is not written in place. Nothing was written.
    #[error("{}", say("error.packed", &[("path", &Shown(path))]))]
    Packed {
        /// The input.
        path: PathBuf,
    },

    /// The file on disk is no longer what was read. Nothing was written.
    #[error("{}", say("error.changed", &[("path", &Shown(path))]))]
    Changed {
        /// The file.
        path: PathBuf,
    },

    /// What a person wants on a list of the project cannot be a row of it. Nothing was written.
    #[error("{}: not added: {message}", Shown(path))]
    NotListed {
        /// The list.
        path: PathBuf,
        /// What is wrong with the row.
        message: &'static str,
    },

    /// In a folder of decisions each person has a file, named after them.
    #[error("`{user}` cannot be the name of a file of decisions; choose another with --user")]
    NoName {
        /// The name that was given.
        user: String,
    },

    /// The output folder is there and is no folder. Nothing was written.
    #[error("{}", say("error.not-a-folder", &[("path", &Shown(path))]))]
    NotAFolder {
        /// The output folder.
        path: PathBuf,
    },

    /// Two inputs would be written to one place. Nothing was written.
    #[error("{}", say("error.collision", &[("first", &Shown(first)), ("second", &Shown(second)), ("target", &Shown(target))]))]
    Collision {
        /// An input.
        first: PathBuf,
        /// Another input.
        second: PathBuf,
        /// Where both would go.
        target: PathBuf,
    },

    /// The output would overwrite an input. Nothing was written.
    #[error("{}", say("error.onto-input", &[("path", &Shown(path)), ("out", &Shown(out))]))]
    OntoInput {
        /// The input.
        path: PathBuf,
        /// The output folder.
        out: PathBuf,
    },

    /// An input lies inside the output folder, so output of one run would be input of the next. Nothing was written.
    #[error("{}", say("error.inside-output", &[("path", &Shown(path)), ("out", &Shown(out))]))]
    InsideOutput {
        /// The input.
        path: PathBuf,
        /// The output folder.
        out: PathBuf,
    },
}

impl Error {
    /// The file it is about; `None` where it is about the whole command line.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Error::NotFound { path }
            | Error::Copies { path }
            | Error::LeftOut { path, .. }
            | Error::Read { path, .. }
            | Error::Walk { path, .. }
            | Error::NotText { path, .. }
            | Error::Document { path, .. }
            | Error::Gold { path, .. }
            | Error::Record { path, .. }
            | Error::Index { path, .. }
            | Error::Row { path, .. }
            | Error::Undo { path, .. }
            | Error::NotListed { path, .. }
            | Error::Weights { path, .. }
            | Error::Config { path, .. }
            | Error::Garbled { path, .. }
            | Error::Unencodable { path, .. }
            | Error::UndecodableKept { path, .. }
            | Error::UndecodableEdited { path, .. }
            | Error::NeverRead { path }
            | Error::Write { path, .. }
            | Error::NotRegular { path }
            | Error::Changed { path }
            | Error::Packed { path }
            | Error::NotAFolder { path }
            | Error::OntoInput { path, .. }
            | Error::InsideOutput { path, .. } => Some(path),
            Error::Collision { first, .. } => Some(first),
            Error::NoInput { .. } | Error::Encoding { .. } | Error::NoName { .. } | Error::Serve { .. } => None,
        }
    }

    /// The line of that file, from 1, where one is known.
    pub fn line(&self) -> Option<usize> {
        match self {
            Error::Document { line, .. }
            | Error::Gold { line, .. }
            | Error::Record { line, .. }
            | Error::Row { line, .. }
            | Error::Config { line, .. }
            | Error::Garbled { line, .. }
            | Error::Unencodable { line, .. }
            | Error::UndecodableKept { line, .. }
            | Error::UndecodableEdited { line, .. } => Some(*line),
            Error::Weights { line, .. } => *line,
            _ => None,
        }
    }

    /// The message with its causes on one line, for a finding or a log.
    pub fn chain(&self) -> String {
        let mut text = self.to_string();
        let mut cause = self.source();
        while let Some(error) = cause {
            text.push_str(": ");
            text.push_str(&error.to_string());
            cause = error.source();
        }
        text
    }
}

/// A path in a message: on one line whatever the name holds.
///
/// Control characters are escaped as in Rust strings, bytes that are not UTF-8 as `\xNN`, so that two names never look the same.
pub struct Shown<'a>(pub &'a Path);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for chunk in self.0.as_os_str().as_encoded_bytes().utf8_chunks() {
            for c in chunk.valid().chars() {
                match c.is_control() {
                    true => write!(f, "{}", c.escape_default())?,
                    false => write!(f, "{c}")?,
                }
            }
            for byte in chunk.invalid() {
                write!(f, "\\x{byte:02X}")?;
            }
        }
        Ok(())
    }
}

/// A character in a message, with its code point.
struct Named(char);

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` (U+{:04X})", self.0, self.0 as u32)
    }
}

/// The first arguments of a command line, for a message.
fn list(paths: &[PathBuf]) -> String {
    let mut text = paths.iter().take(3).map(|p| Shown(p).to_string()).collect::<Vec<_>>().join(", ");
    if paths.len() > 3 {
        text = say("error.and-more", &[("paths", &text), ("n", &(paths.len() - 3))]);
    }
    text
}
