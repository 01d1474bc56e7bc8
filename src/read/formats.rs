//! Which format a document is in, by what stands in it, and the reader of each.

use std::path::Path;

use encoding_rs::Encoding;

use super::markup::{Escape, InputFormat, Places};
use super::xml::{Checked, Fault, Tag};
use super::{alto, hocr, json, page_xml, tsv};
use crate::error::{Error, Result};
use crate::ocr::Ocr;

/// How much of a document is looked at.
const HEAD: usize = 8 << 10;

/// The format of a document.
///
/// # Errors
/// [`Error::Document`] for XML, HTML or JSON in none of the formats, unless the name ends in `.txt`: that is a text about such things.
pub fn detect_format(path: &Path, document: &str) -> Result<InputFormat> {
    let head = &document[..(0..=HEAD.min(document.len())).rev().find(|at| document.is_char_boundary(*at)).unwrap_or(0)];
    match known(head) {
        Some(Ok(format)) => Ok(format),
        Some(Err(message)) if !is_text(path) => Err(Error::Document { path: path.to_owned(), line: 1, message }),
        _ => Ok(InputFormat::Text),
    }
}

/// What a file is by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sniffed {
    /// A format that is read.
    Format(InputFormat),
    /// What describes a batch or a run, and is no text: METS, PREMIS, MODS, galleyproof's own files.
    Beside,
    /// METS or a list of issues: it says which files are the pages of an issue ([`crate::batches`]).
    Structure,
    /// Neither.
    Unknown,
}

/// Root elements of what stands beside texts.
const BESIDE: [&str; 10] = ["premis", "mods", "mix", "dc", "rdf", "RDF", "record", "marcxml", "collection", "ndnp"];

/// What a file is by its first bytes, unpacked if its name says so.
///
/// # Errors
/// [`Error::Read`].
pub fn sniff(path: &Path) -> Result<Sniffed> {
    let bytes = super::packed::head(path, HEAD).map_err(|source| Error::Read { path: path.to_owned(), source })?;
    let encoding = Encoding::for_bom(&bytes).map(|(found, _)| found).or_else(|| declared_encoding(&bytes));
    let encoding = encoding.unwrap_or(match bytes.get(..2) {
        Some([b'<', 0]) => encoding_rs::UTF_16LE,
        Some([0, b'<']) => encoding_rs::UTF_16BE,
        _ => encoding_rs::UTF_8,
    });
    let (head, _) = encoding.decode_with_bom_removal(&bytes);
    let own = path.file_name().is_some_and(|n| n.to_string_lossy().starts_with("galley-")) || head.starts_with("{\"kind\":");
    if own {
        return Ok(Sniffed::Beside);
    }
    Ok(match known(&head) {
        Some(Ok(format)) => Sniffed::Format(format),
        Some(Err(_)) if root(head.trim_start()).is_some_and(|tag| matches!(tag.name, "mets" | "batch")) => Sniffed::Structure,
        Some(Err(_)) if root(head.trim_start()).is_some_and(|tag| BESIDE.contains(&tag.name)) => Sniffed::Beside,
        _ => Sniffed::Unknown,
    })
}

/// By its name a text, whatever it begins like; standard input is one too.
fn is_text(path: &Path) -> bool {
    super::unpacked_name(path).extension().is_none_or(|e| e.eq_ignore_ascii_case("txt"))
}

/// The format of a document that begins like this; `None` for a text, an error for markup of another kind.
pub fn known(head: &str) -> Option<std::result::Result<InputFormat, String>> {
    let start = head.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if start.starts_with(tsv::HEADER) {
        return Some(Ok(InputFormat::Tsv));
    }
    if let Some(format) = json::detect(start) {
        return Some(Ok(format));
    }
    if start.starts_with("{\"") || start.starts_with("{\n") || start.starts_with("[{") {
        return Some(Err("JSON, but neither a page of impresso nor records with a `text`".into()));
    }
    let root = root(start)?;
    if root.name == "alto" {
        return Some(Ok(InputFormat::Alto));
    }
    if root.name == "PcGts" {
        return Some(Ok(InputFormat::Page));
    }
    if root.name.eq_ignore_ascii_case("html") {
        let ocr = ["ocr_page", "ocr-system", "ocr-capabilities", "ocr_line"].iter().any(|mark| head.contains(mark));
        return Some(if ocr { Ok(InputFormat::Hocr) } else { Err("HTML, but no hOCR: no element is an ocr_page".into()) });
    }
    let namespace = root.get("xmlns").map(|a| format!(" of {}", a.raw)).unwrap_or_default();
    Some(Err(format!(
        "XML, but none of the formats that are read (ALTO, PAGE XML, hOCR): its root is <{}>{namespace}; --input-format says otherwise",
        root.name
    )))
}

/// The first start tag of what begins like a document of XML or HTML.
fn root(start: &str) -> Option<Tag<'_>> {
    if !start.starts_with('<') {
        return None;
    }
    let mut at = 0;
    loop {
        at += start[at..].find(|c: char| !c.is_whitespace())?;
        let rest = &start[at..];
        let end = match rest {
            _ if rest.starts_with("<?") => rest.find("?>")? + 2,
            _ if rest.starts_with("<!--") => rest.find("-->")? + 3,
            _ if rest.starts_with("<!DOCTYPE") || rest.starts_with("<!doctype") => match rest.find(['>', '['])? {
                // A document type with definitions: whatever follows, it is not read as a text.
                end if rest.as_bytes()[end] == b'[' => rest.find("]>").map_or(rest.len() - 1, |at| at + 1) + 1,
                end => end + 1,
            },
            _ => {
                let named = rest.strip_prefix('<')?.starts_with(|c: char| c.is_ascii_alphabetic());
                let end = rest.find('>')?;
                return named.then(|| Tag::at(start, at..at + end + 1));
            }
        };
        at += end;
    }
}

/// Text and what the format says of it, and where the text stands in the document.
///
/// # Errors
/// What is wrong with the document, and where.
pub(super) fn parse(format: InputFormat, document: &str) -> Checked<(String, Ocr, Places)> {
    let blocks = match format {
        InputFormat::Alto => alto::read(document)?,
        InputFormat::Page => page_xml::read(document)?,
        InputFormat::Hocr => hocr::read(document)?,
        InputFormat::Tsv => tsv::read(document)?,
        InputFormat::Impresso => json::read_impresso(document)?,
        InputFormat::Jsonl | InputFormat::Text => return json::read_records(document),
    };
    if blocks.pages.is_empty() {
        return Err(Fault::new(0, "no page in it"));
    }
    let escape = match format {
        InputFormat::Tsv => Escape::Plain,
        InputFormat::Impresso => Escape::Json,
        _ => Escape::Markup,
    };
    Ok(blocks.write(document, format, escape))
}

/// The encoding of a document with an XML declaration: the one it names, UTF-8 if it names none, so that bytes which are no UTF-8 are told
/// and not guessed to be letters. `None` without a declaration, and for a name nobody knows.
pub fn declared_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(200)];
    if !head.starts_with(b"<?xml") {
        return None;
    }
    let head = std::str::from_utf8(head.split(|b| !b.is_ascii()).next()?).ok()?;
    let Some((_, after)) = head.split("?>").next()?.split_once("encoding") else { return Some(encoding_rs::UTF_8) };
    let after = after.trim_start().strip_prefix('=')?.trim_start();
    let label = after.get(1..)?.split(['"', '\'']).next()?;
    let found = super::encoding_for_label(label).ok()?;
    // What is said to be UTF-16 but stands here as ASCII is UTF-8.
    let wide = found == encoding_rs::UTF_16LE || found == encoding_rs::UTF_16BE;
    Some(if wide { encoding_rs::UTF_8 } else { found })
}
