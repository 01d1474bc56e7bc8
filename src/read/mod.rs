//! Bytes to [`Issue`]: the only place that opens input.

mod byte_map;
mod detect;
mod packed;
mod text;

use std::fs;
use std::io::Read as _;
use std::path::Path;

use encoding_rs::Encoding;

pub(crate) use byte_map::UTF_8_BOM;
pub use byte_map::{ByteMap, DecodeError, LineEnd};
pub use packed::{Archives, is_archive_file, is_packed, members, unpacked_name};
pub(crate) use text::decode_as;
pub use text::{decode, encoding_for_label};

use crate::error::{Error, Result};
use crate::inputs::{IssueInput, is_stdin};
use crate::model::{Issue, Source};

/// How to read.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// The encoding of files without a byte order mark; `None` detects it for each file.
    pub encoding: Option<&'static Encoding>,
    /// Archives opened so far.
    pub archives: Archives,
}

/// An issue as it was read, and what could not be.
#[derive(Debug, Default)]
pub struct ReadIssue {
    /// Text and sources; pages, regions and lines are still empty.
    ///
    /// A file that could not be read stands among the sources with an empty span, so that the pages around it do not
    /// become neighbours; its [`ByteMap::is_unread`] is true and nothing can be written over it.
    pub issue: Issue,
    /// Why files could not be read: findings of severity error, each names its file. Bytes that could not be decoded in
    /// files that were read stand in [`ByteMap::decode_errors`].
    pub errors: Vec<Error>,
}

/// Reads the files of an issue, in order, with a `\f` between them that belongs to no file.
///
/// Never fails as a whole: what cannot be read is in [`ReadIssue::errors`], the rest is there. `-` reads standard input.
pub fn read_issue(input: &IssueInput, options: &ReadOptions) -> ReadIssue {
    let mut read = ReadIssue { issue: Issue { id: input.id.clone(), ..Issue::default() }, errors: Vec::new() };
    for (at, file) in input.files.iter().enumerate() {
        let text = &mut read.issue.text;
        if at > 0 {
            text.push('\u{c}');
        }
        let start = text.len();
        let bytes = match options.archives.read(&file.path).and_then(|bytes| decode(&file.path, bytes, options.encoding)) {
            Ok((file_text, map)) if start == 0 => {
                *text = file_text;
                map
            }
            Ok((file_text, map)) => {
                text.push_str(&file_text);
                map
            }
            Err(error) => {
                read.errors.push(error);
                ByteMap::unread()
            }
        };
        read.issue.sources.push(Source { path: file.path.clone(), span: start..text.len(), bytes });
    }
    read
}

/// The bytes of a file, or of standard input for `-`.
///
/// # Errors
/// [`Error::Read`] with the path.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>> {
    let bytes = if is_stdin(path) {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::read(path)
    };
    bytes.map_err(|source| Error::Read { path: path.to_owned(), source })
}
