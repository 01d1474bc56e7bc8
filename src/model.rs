//! The vocabulary of the crate: issue, page, region, line, role, language, span.
//!
//! All offsets are byte offsets into [`Issue::text`], on character boundaries, unless a name says otherwise.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::ocr::{Ocr, OcrLine};
use crate::read::ByteMap;

/// A range of bytes, on character boundaries.
pub type Span = Range<usize>;

/// The language of a region, with the script where it matters (BCP 47 codes).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub enum Language {
    /// Not known: too little text, or a language galleyproof has no data for.
    #[default]
    #[serde(rename = "und")]
    Unknown,
    /// Chinese whose script cannot be told (only characters that both scripts share).
    #[serde(rename = "zh")]
    Zh,
    /// Chinese in simplified characters.
    #[serde(rename = "zh-Hans")]
    ZhHans,
    /// Chinese in traditional characters.
    #[serde(rename = "zh-Hant")]
    ZhHant,
    /// German.
    #[serde(rename = "de")]
    De,
    /// English.
    #[serde(rename = "en")]
    En,
    /// French.
    #[serde(rename = "fr")]
    Fr,
}

impl Language {
    /// Every language, in the order of the codes in the documentation.
    pub const ALL: [Language; 7] =
        [Language::Unknown, Language::Zh, Language::ZhHans, Language::ZhHant, Language::De, Language::En, Language::Fr];

    /// The BCP 47 code, `und` for unknown.
    pub fn code(self) -> &'static str {
        match self {
            Language::Unknown => "und",
            Language::Zh => "zh",
            Language::ZhHans => "zh-Hans",
            Language::ZhHant => "zh-Hant",
            Language::De => "de",
            Language::En => "en",
            Language::Fr => "fr",
        }
    }

    /// The language of a BCP 47 code; `None` for a code galleyproof does not know.
    pub fn from_code(code: &str) -> Option<Language> {
        Language::ALL.into_iter().find(|l| l.code().eq_ignore_ascii_case(code))
    }

    /// Chinese in either script.
    pub fn is_chinese(self) -> bool {
        matches!(self, Language::Zh | Language::ZhHans | Language::ZhHant)
    }
}

/// What a block of text is on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Running text.
    #[default]
    Body,
    /// The title of an article.
    Headline,
    /// A line over the headline (肩题).
    Kicker,
    /// A line under the headline (副题).
    Deck,
    /// The name of a series or campaign over several articles (栏题).
    Banner,
    /// Who wrote it, or which agency, as a block of its own.
    Byline,
    /// `（下转2版）`, `Continued on page 3`: where the article goes on or comes from.
    JumpLine,
    /// The title, date or issue number repeated at the edge of each page.
    RunningHead,
    /// The page number.
    Folio,
    /// The text under a picture.
    Caption,
    /// Items, names, results: lines that are not joined.
    List,
    /// Lines of a poem or song.
    Verse,
}

impl Role {
    /// Page furniture: text of the page, not of an article. Joins go over it, never to it.
    pub fn is_furniture(self) -> bool {
        matches!(self, Role::RunningHead | Role::Folio)
    }

    /// Lines that stand for themselves: nothing is joined to them.
    pub fn stands_alone(self) -> bool {
        self.is_furniture() || matches!(self, Role::Banner | Role::List | Role::Verse)
    }
}

/// One printed line: its text without the line end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The line's text, line end and form feed excluded; leading and trailing spaces included.
    pub span: Span,
    /// Index into [`Issue::regions`]; every line that holds more than white space has one.
    pub region: u32,
    /// Index into [`Issue::pages`].
    pub page: u32,
    /// The line's own role: a region of plain text may hold a headline and its body.
    pub role: Role,
    /// Index into the lines of [`Issue::ocr`]; of several printed lines that were joined, the first. `None` for plain text.
    pub printed: Option<u32>,
}

/// A run of lines without an empty line between them (plain text), or what the OCR format calls a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// Indices into [`Issue::lines`].
    pub lines: Range<usize>,
    /// Index into [`Issue::pages`].
    pub page: u32,
    /// The role of most of its lines.
    pub role: Role,
    /// Its language; unknown stays unknown.
    pub language: Language,
}

/// One page: a stretch of the text between form feeds, or one file of an issue in page files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The page's text, form feeds excluded.
    pub span: Span,
    /// Index into [`Issue::sources`].
    pub source: u32,
    /// Indices into [`Issue::regions`].
    pub regions: Range<usize>,
    /// The text of the page before does not go on here ([`crate::ocr::OcrPage::apart`]).
    pub apart: bool,
}

/// One file of an issue.
#[derive(Clone, Debug)]
pub struct Source {
    /// As given on the command line, or found below a folder given there.
    pub path: PathBuf,
    /// What the file holds of the issue's text.
    pub span: Span,
    /// From text offsets (relative to `span.start`) to bytes of the file, and how to write it back.
    pub bytes: ByteMap,
}

/// The unit of text: all pages of one issue in reading order, `\n` after a line, `\f` between pages.
///
/// Lines hold only non-blank lines, in text order; blank lines are what separates regions. Pages, regions and lines
/// are filled by [`crate::structure`]; a freshly read issue has text and sources only.
#[derive(Clone, Debug, Default)]
pub struct Issue {
    /// The path of the file, or of the folder that holds the page files, as given on the command line.
    pub id: String,
    /// The logical name fingerprints are made with: the path from the folder of the collection's `galley.toml`; empty where there is none.
    pub logical: String,
    /// The files, in page order.
    pub sources: Vec<Source>,
    /// The whole text.
    pub text: String,
    /// Pages in order.
    pub pages: Vec<Page>,
    /// Regions in order.
    pub regions: Vec<Region>,
    /// Non-blank lines in order.
    pub lines: Vec<Line>,
    /// What an OCR format says of the text as it was read; empty for plain text.
    pub ocr: Arc<Ocr>,
}

impl Issue {
    /// An issue of one text that stands in no file, for use as a library and in tests.
    pub fn from_text(id: &str, text: impl Into<String>) -> Issue {
        let text = text.into();
        let source = Source { path: id.into(), span: 0..text.len(), bytes: ByteMap::default() };
        Issue { id: id.into(), sources: vec![source], text, ..Issue::default() }
    }

    /// The name fingerprints are made with: the same from whichever folder a collection with a `galley.toml` is checked.
    pub fn name(&self) -> &str {
        if self.logical.is_empty() { self.id.strip_prefix("./").unwrap_or(&self.id) } else { &self.logical }
    }

    /// The text of a line, as [`Line::span`] gives it.
    pub fn line_text(&self, line: usize) -> &str {
        &self.text[self.lines[line].span.clone()]
    }

    /// What an OCR format says of a line: its box, its words, its type. `None` for plain text.
    pub fn printed_line(&self, line: usize) -> Option<&OcrLine> {
        self.lines[line].printed.map(|i| &self.ocr.lines[i as usize])
    }

    /// The language of the region a line stands in.
    pub fn line_language(&self, line: usize) -> Language {
        self.regions[self.lines[line].region as usize].language
    }
}
