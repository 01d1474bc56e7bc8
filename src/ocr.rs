//! What an OCR format says of the text beside the text itself: boxes, confidence, blocks, type.
//!
//! All spans are of the text as it was read ([`crate::model::Issue::text`] of [`crate::pipeline::Processed::read`]); all tags and raw ranges
//! are bytes of the document, which is the file as UTF-8 with `\n` for line ends ([`crate::read::Markup::document`]). Boxes are in the unit
//! of their page. Everything but the spans is optional: a fifth of the hyphens of real files have no place on the page.

use std::ops::Range;

use compact_str::CompactString;

use crate::model::{Language, Role, Span};

/// A box on a page, in the unit of the page; `x1` and `y1` lie outside.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    pub x0: f32,
    pub y0: f32,
    pub x1: f32,
    pub y1: f32,
}

impl Rect {
    /// `None` where a number is missing, is no number, or the box is turned inside out.
    pub fn new(x0: f32, y0: f32, x1: f32, y1: f32) -> Option<Rect> {
        ([x0, y0, x1, y1].iter().all(|n| n.is_finite()) && x0 <= x1 && y0 <= y1).then_some(Rect { x0, y0, x1, y1 })
    }

    pub fn width(&self) -> f32 {
        self.x1 - self.x0
    }

    pub fn height(&self) -> f32 {
        self.y1 - self.y0
    }

    /// The smallest box around both.
    pub fn union(&self, other: &Rect) -> Rect {
        Rect { x0: self.x0.min(other.x0), y0: self.y0.min(other.y0), x1: self.x1.max(other.x1), y1: self.y1.max(other.y1) }
    }
}

/// What one unit of a page's boxes is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unit {
    #[default]
    Pixel,
    /// A 1200th of an inch.
    Inch1200,
    /// A tenth of a millimetre.
    Mm10,
}

impl Unit {
    /// Pixels of an image of so many dots an inch in one unit.
    pub fn pixels(self, dpi: f32) -> f32 {
        match self {
            Unit::Pixel => 1.0,
            Unit::Inch1200 => dpi / 1200.0,
            Unit::Mm10 => dpi / 254.0,
        }
    }
}

/// What an OCR format says of an issue; empty for plain text.
#[derive(Clone, Debug, Default)]
pub struct Ocr {
    pub pages: Vec<OcrPage>,
    pub regions: Vec<OcrRegion>,
    pub lines: Vec<OcrLine>,
    pub words: Vec<OcrWord>,
    /// What METS says of the issue; in its order.
    pub articles: Vec<OcrArticle>,
}

/// An article that a METS document names.
#[derive(Clone, Debug, Default)]
pub struct OcrArticle {
    /// What it is called there.
    pub label: CompactString,
    /// In reading order, each with the role it is given there, if any.
    pub blocks: Vec<(Span, Option<Role>)>,
}

/// A page of an OCR format.
#[derive(Clone, Debug, Default)]
pub struct OcrPage {
    pub span: Span,
    /// Index into [`crate::model::Issue::sources`].
    pub source: u32,
    /// Indices into [`Ocr::regions`], in reading order.
    pub regions: Range<u32>,
    /// Width and height.
    pub size: Option<(f32, f32)>,
    pub unit: Unit,
    pub dpi: Option<f32>,
    /// The file name of the image, as the format has it.
    pub image: Option<CompactString>,
    /// The running number of the image.
    pub number: Option<u32>,
    /// The page number that is printed, or that a cataloguer gave.
    pub folio: Option<CompactString>,
    pub id: CompactString,
    /// The text of the page before does not go on here: records of different issues or articles in one file.
    pub apart: bool,
    /// Its start tag.
    pub tag: Range<usize>,
}

/// A block of text.
#[derive(Clone, Debug, Default)]
pub struct OcrRegion {
    pub span: Span,
    /// Index into [`Ocr::pages`].
    pub page: u32,
    /// Indices into [`Ocr::lines`].
    pub lines: Range<u32>,
    pub rect: Option<Rect>,
    /// Its type as the format has it: `heading`, `page-number`, `caption`; empty where it says nothing.
    pub kind: CompactString,
    pub id: CompactString,
    pub language: Option<Language>,
    /// Its start tag.
    pub tag: Range<usize>,
}

/// A printed line.
#[derive(Clone, Debug, Default)]
pub struct OcrLine {
    pub span: Span,
    /// Index into [`Ocr::regions`].
    pub region: u32,
    /// Indices into [`Ocr::words`].
    pub words: Range<u32>,
    /// Its own, or that of its words.
    pub rect: Option<Rect>,
    /// Where the letters stand, at the left end of the line.
    pub baseline: Option<f32>,
    /// In points, as the engine guessed it.
    pub font_size: Option<f32>,
    pub bold: bool,
    /// Its start tag; of all of it see [`OcrLine::raw`].
    pub tag: Range<usize>,
    /// The text of the line as it stands in the document, where the line has one of its own and not only words.
    pub raw: Option<Range<usize>>,
}

/// A word, or what the format takes for one: in Chinese mostly one or two characters.
#[derive(Clone, Debug, Default)]
pub struct OcrWord {
    /// A line-end hyphen that stands in an element of its own is included.
    pub span: Span,
    /// Index into [`Ocr::lines`].
    pub line: u32,
    pub rect: Option<Rect>,
    /// 0 to 1.
    pub confidence: Option<f32>,
    /// Its start tag.
    pub tag: Range<usize>,
    /// Its characters as they stand in the document.
    pub raw: Range<usize>,
    /// The start tag of the hyphen after it (ALTO's HYP).
    pub hyphen: Option<Range<usize>>,
    /// The whole word it is a part of, as the format has it: a hint, not the truth.
    pub whole: Option<CompactString>,
}

impl Ocr {
    /// True for plain text.
    pub fn is_empty(&self) -> bool {
        self.pages.is_empty()
    }

    /// Takes in what another file of the issue says; its text begins at `at`, it is source number `source`.
    pub(crate) fn append(&mut self, other: Ocr, at: usize, source: u32) {
        let counts = [self.pages.len(), self.regions.len(), self.lines.len(), self.words.len()].map(|n| n as u32);
        let moved = |span: Span| span.start + at..span.end + at;
        let shifted = |range: Range<u32>, by: u32| range.start + by..range.end + by;
        self.pages.extend(other.pages.into_iter().map(|p| OcrPage {
            span: moved(p.span),
            source,
            regions: shifted(p.regions, counts[1]),
            ..p
        }));
        self.regions.extend(other.regions.into_iter().map(|r| OcrRegion {
            span: moved(r.span),
            page: r.page + counts[0],
            lines: shifted(r.lines, counts[2]),
            ..r
        }));
        self.lines.extend(other.lines.into_iter().map(|l| OcrLine {
            span: moved(l.span),
            region: l.region + counts[1],
            words: shifted(l.words, counts[3]),
            ..l
        }));
        self.words.extend(other.words.into_iter().map(|w| OcrWord { span: moved(w.span), line: w.line + counts[2], ..w }));
    }

    /// The page a line stands on.
    pub fn page_of(&self, line: u32) -> &OcrPage {
        &self.pages[self.regions[self.lines[line as usize].region as usize].page as usize]
    }

    /// The word that holds the byte at `at` of the text as read, or ends there.
    pub fn word_at(&self, at: usize) -> Option<usize> {
        let after = self.words.partition_point(|w| w.span.end < at);
        (after < self.words.len() && self.words[after].span.start <= at).then_some(after)
    }

    /// The line that holds the byte at `at` of the text as read, or ends there.
    pub fn line_at(&self, at: usize) -> Option<usize> {
        let after = self.lines.partition_point(|l| l.span.end < at);
        (after < self.lines.len() && self.lines[after].span.start <= at).then_some(after)
    }
}
