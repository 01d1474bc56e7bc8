//! Bytes to [`Issue`]: the only place that opens input.

mod alto;
mod blocks;
mod byte_map;
mod character_data;
mod detect;
mod formats;
mod hocr;
mod json;
mod languages;
mod markup;
pub mod mets;
mod packed;
mod page_xml;
mod text;
mod tsv;
pub mod xml;

use std::fs;
use std::path::Path;

use encoding_rs::Encoding;

pub(crate) use byte_map::UTF_8_BOM;
pub use byte_map::{ByteMap, DecodeError, LineEnd};
pub(crate) use formats::declared_encoding;
use formats::parse;
pub use formats::{Sniffed, detect_format, known, sniff};
pub use markup::{Escape, InputFormat, Markup};
pub use packed::{Archives, is_archive_file, is_packed, members, unpacked_name};
pub use page_xml::property;
pub(crate) use text::decode_as;
pub use text::{decode, encoding_for_label};

use crate::error::{Error, Result};
use crate::inputs::{InputFile, IssueInput, is_stdin};
use crate::model::{Issue, Source};
use crate::ocr::{Ocr, OcrArticle};
use mets::Mets;

/// How to read.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// The encoding of files without a byte order mark; `None` detects it for each file.
    pub encoding: Option<&'static Encoding>,
    /// The format of all files; `None` finds it by what stands in each.
    pub format: Option<InputFormat>,
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
    let mut ocr = Ocr::default();
    for (at, file) in input.files.iter().enumerate() {
        let text = &mut read.issue.text;
        if at > 0 {
            text.push('\u{c}');
        }
        let start = text.len();
        let bytes = match options.archives.read(&file.path).and_then(|bytes| read_bytes_as(&file.path, bytes, options)) {
            Ok((file_text, map, file_ocr)) => {
                ocr.append(file_ocr, start, at as u32);
                if start == 0 {
                    *text = file_text;
                } else {
                    text.push_str(&file_text);
                }
                map
            }
            Err(error) => {
                read.errors.push(error);
                ByteMap::unread()
            }
        };
        read.issue.sources.push(Source { path: file.path.clone(), span: start..text.len(), bytes });
    }
    if let Some(document) = &input.mets {
        match mets_articles(document, &read.issue, &ocr, options) {
            Ok(articles) => ocr.articles = articles,
            Err(error) => read.errors.push(error),
        }
    }
    read.issue.ocr = ocr.into();
    read
}

/// The articles that a METS document names in the pages of an issue.
fn mets_articles(document: &InputFile, issue: &Issue, ocr: &Ocr, options: &ReadOptions) -> Result<Vec<OcrArticle>> {
    let bytes = options.archives.read(&document.path)?;
    let encoding = options.encoding.or_else(|| formats::declared_encoding(&bytes));
    let (text, _) = decode(&document.path, bytes, encoding)?;
    let mets = Mets::parse(&text).map_err(|fault| {
        let line = 1 + memchr::memchr_iter(b'\n', &text.as_bytes()[..fault.at.min(text.len())]).count();
        Error::Document { path: document.path.clone(), line, message: format!("METS that cannot be read: {}", fault.message) }
    })?;
    Ok(mets::place(&mets, document.path.parent().unwrap_or(Path::new("")), issue, ocr))
}

/// Text, map and what the format says, of the bytes of one file in whatever format they are. `path` is for messages, and tells a text that
/// begins like markup from a document in a format that is not known.
///
/// # Errors
/// Those of [`decode`]; [`Error::Document`] for a document that is broken, or in none of the formats.
pub fn read_bytes_as(path: &Path, bytes: Vec<u8>, options: &ReadOptions) -> Result<(String, ByteMap, Ocr)> {
    let encoding = options.encoding.or_else(|| formats::declared_encoding(&bytes));
    let (document, map) = decode(path, bytes, encoding)?;
    let format = match options.format {
        Some(format) => format,
        None => detect_format(path, &document)?,
    };
    if format == InputFormat::Text {
        return Ok((document, map, Ocr::default()));
    }
    let (text, ocr, places) = parse(format, &document).map_err(|fault| {
        let line = 1 + memchr::memchr_iter(b'\n', &document.as_bytes()[..fault.at.min(document.len())]).count();
        Error::Document { path: path.to_owned(), line, message: format!("{} that cannot be read: {}", format.name(), fault.message) }
    })?;
    Ok((text, map.with_markup(places.of(document)), ocr))
}

/// A number, NaN and its like left out.
fn first_number(text: &str) -> Option<f32> {
    text.trim().parse().ok().filter(|n: &f32| n.is_finite())
}

/// The bytes of a file, or of standard input for `-`.
///
/// # Errors
/// [`Error::Read`] with the path.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>> {
    let bytes = if is_stdin(path) { packed::limited(std::io::stdin().lock()) } else { fs::read(path) };
    bytes.map_err(|source| Error::Read { path: path.to_owned(), source })
}
