//! The text inside an OCR document: which characters of the text stand where in the document, and the building of both.

use std::ops::Range;

use super::xml::{self, Characters};
use crate::ocr::Ocr;

/// A format that text is read from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, clap::ValueEnum, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum InputFormat {
    /// Plain text.
    #[default]
    Text,
    /// ALTO 1 to 4.4.
    Alto,
    /// PAGE XML 2013 to 2024.
    Page,
    /// hOCR, of Tesseract and others.
    Hocr,
    /// Tesseract's table.
    Tsv,
    /// A canonical page of impresso.
    Impresso,
    /// One record an issue, article or page on each line.
    Jsonl,
}

impl InputFormat {
    /// As people call it.
    pub fn name(self) -> &'static str {
        match self {
            InputFormat::Text => "plain text",
            InputFormat::Alto => "ALTO",
            InputFormat::Page => "PAGE XML",
            InputFormat::Hocr => "hOCR",
            InputFormat::Tsv => "Tesseract TSV",
            InputFormat::Impresso => "impresso JSON",
            InputFormat::Jsonl => "JSON Lines",
        }
    }
}

/// How the characters of a text stand in its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escape {
    /// As XML and HTML escape them.
    Markup,
    /// As JSON strings do.
    Json,
    /// As they are.
    Plain,
}

/// A document and where in it the text stands.
#[derive(Clone, Debug)]
pub struct Markup {
    pub format: InputFormat,
    /// The file as UTF-8 with `\n` for line ends, without its byte order mark.
    pub document: String,
    pub escape: Escape,
    /// In text order.
    segments: Vec<Segment>,
}

/// A run of text that stands in the document: byte for byte, or one escaped character.
#[derive(Clone, Copy, Debug)]
struct Segment {
    text: usize,
    text_len: u32,
    document_len: u32,
    document: usize,
}

impl Segment {
    fn text_end(&self) -> usize {
        self.text + self.text_len as usize
    }

    fn document_end(&self) -> usize {
        self.document + self.document_len as usize
    }
}

impl Markup {
    /// The byte of the document where the character at an offset of the text stands; where it is of no place (a space between words, a line
    /// end), the end of what stands before it.
    pub fn start(&self, at: usize) -> usize {
        let after = self.segments.partition_point(|s| s.text <= at);
        match after.checked_sub(1).map(|i| &self.segments[i]) {
            Some(s) if at >= s.text_end() => s.document_end(),
            Some(s) if s.text_len == s.document_len => s.document + (at - s.text),
            Some(s) => s.document,
            None => self.segments.first().map_or(0, |s| s.document),
        }
    }

    /// The bytes of the document that a span of the text stands for: from its first character that stands in the document to its last. Where
    /// the reading order goes back, the bytes of the first line of it.
    pub fn span(&self, span: Range<usize>) -> Range<usize> {
        let start = self.start(span.start);
        if span.is_empty() {
            return start..start;
        }
        let after = self.segments.partition_point(|s| s.text < span.end);
        let end = match after.checked_sub(1).map(|i| &self.segments[i]) {
            Some(s) if span.end >= s.text_end() => s.document_end(),
            Some(s) if s.text_len == s.document_len => s.document + (span.end - s.text),
            Some(s) => s.document_end(),
            None => start,
        };
        // What begins with a space begins where the next character does.
        let first = self.segments.partition_point(|s| s.text_end() <= span.start);
        let start =
            self.segments.get(first).filter(|s| s.text > span.start && s.text < span.end && s.document < end).map_or(start, |s| s.document);
        start..end.max(start)
    }

    /// The bytes of the document that are this span of the text and nothing else; `None` where a part of it stands nowhere, or tags stand
    /// between. Of an empty span the place where text can be put.
    pub fn exact(&self, span: Range<usize>) -> Option<Range<usize>> {
        if span.is_empty() {
            let after = self.segments.partition_point(|s| s.text_end() < span.start);
            let s = self.segments.get(after).filter(|s| s.text <= span.start)?;
            let at = self.start(span.start);
            return Some(if span.start == s.text_end() { s.document_end()..s.document_end() } else { at..at });
        }
        let first = self.segments.partition_point(|s| s.text_end() <= span.start);
        let (mut text, mut range) = (span.start, None::<Range<usize>>);
        for s in &self.segments[first..] {
            if s.text > text {
                return None;
            }
            let to = s.text_end().min(span.end);
            let same = s.text_len == s.document_len;
            let piece = match same {
                true => s.document + (text - s.text)..s.document + (to - s.text),
                false => s.document..s.document_end(),
            };
            range = match range {
                None => Some(piece),
                Some(range) if range.end == piece.start => Some(range.start..piece.end),
                Some(_) => return None,
            };
            text = to;
            if text == span.end {
                return range;
            }
        }
        None
    }

    /// The character of the text that stands at a byte of the document, or the next one in the document.
    pub fn to_text(&self, at: usize) -> usize {
        let holds = |s: &&Segment| s.document_end() > at;
        let Some(s) = self.segments.iter().filter(holds).min_by_key(|s| s.document.max(at)) else {
            return self.segments.last().map_or(0, Segment::text_end);
        };
        if s.text_len == s.document_len && s.document <= at { s.text + (at - s.document) } else { s.text }
    }

    /// The line, from 1, in which a byte of the document stands.
    pub fn line(&self, at: usize) -> usize {
        1 + memchr::memchr_iter(b'\n', &self.document.as_bytes()[..at.min(self.document.len())]).count()
    }

    /// Text as it stands in this document.
    pub fn escaped<'t>(&self, text: &'t str) -> std::borrow::Cow<'t, str> {
        match self.escape {
            Escape::Markup => xml::escaped(text),
            Escape::Json => {
                let quoted = serde_json::to_string(text).unwrap_or_default();
                quoted[1..quoted.len().max(2) - 1].to_owned().into()
            }
            Escape::Plain => text.into(),
        }
    }
}

/// Text and its places as they grow.
pub(super) struct Writer<'d> {
    document: &'d str,
    escape: Escape,
    pub text: String,
    segments: Vec<Segment>,
}

impl<'d> Writer<'d> {
    pub fn new(document: &'d str, escape: Escape) -> Writer<'d> {
        Writer { document, escape, text: String::with_capacity(document.len() / 8), segments: Vec::with_capacity(document.len() / 128) }
    }

    /// The document that is read.
    pub fn document(&self) -> &'d str {
        self.document
    }

    /// Takes back the space before the text that was written since `start`.
    pub fn close_up(&mut self, start: usize) {
        self.text.remove(start - 1);
        let first = self.segments.partition_point(|s| s.text < start);
        self.segments[first..].iter_mut().for_each(|s| s.text -= 1);
    }

    /// Text that stands nowhere in the document.
    pub fn synthetic(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Text that stands at a range of the document, white space at its ends left out, inside as spaces; returns its span.
    pub fn raw(&mut self, range: Range<usize>) -> Range<usize> {
        let start = self.text.len();
        let raw = &self.document[range.clone()];
        match self.escape {
            Escape::Plain => self.same(raw, range.start),
            Escape::Markup if memchr::memchr2(b'<', b'&', raw.as_bytes()).is_none() => self.same(raw, range.start),
            Escape::Markup => {
                for (characters, piece) in xml::pieces(raw) {
                    match characters {
                        Characters::Same(same) => self.same(same, range.start + piece.start),
                        Characters::One(c) => self.one(c, range.start + piece.start..range.start + piece.end),
                    }
                }
            }
            Escape::Json => json_pieces(raw, |characters, piece| match characters {
                Characters::Same(same) => self.same(same, range.start + piece.start),
                Characters::One(c) => self.one(c, range.start + piece.start..range.start + piece.end),
            }),
        }
        self.trim(start)
    }

    /// Cuts white space off both ends of what was written since `start`.
    fn trim(&mut self, start: usize) -> Range<usize> {
        let written = &self.text[start..];
        let kept = written.trim();
        let (lead, end) = (written.len() - written.trim_start().len(), start + written.trim_end().len());
        if kept.len() == written.len() {
            return start..end;
        }
        if kept.is_empty() {
            self.text.truncate(start);
            self.segments.retain(|s| s.text < start);
            return start..start;
        }
        self.text.truncate(end);
        self.text.drain(start..start + lead);
        let first = self.segments.partition_point(|s| s.text < start);
        let mut kept = Vec::new();
        for mut s in self.segments.drain(first..) {
            let cut_front = (start + lead).saturating_sub(s.text).min(s.text_len as usize);
            let cut_back = s.text_end().saturating_sub(end).min(s.text_len as usize);
            if cut_front + cut_back >= s.text_len as usize {
                continue;
            }
            if s.text_len == s.document_len {
                (s.document, s.document_len) = (s.document + cut_front, s.document_len - (cut_front + cut_back) as u32);
            }
            (s.text, s.text_len) = ((s.text + cut_front).max(start + lead) - lead, s.text_len - (cut_front + cut_back) as u32);
            kept.push(s);
        }
        self.segments.extend(kept);
        start..end - lead
    }

    fn same(&mut self, text: &str, document: usize) {
        if text.is_empty() {
            return;
        }
        self.segments.push(Segment { text: self.text.len(), text_len: text.len() as u32, document_len: text.len() as u32, document });
        if text.contains(['\n', '\t', '\r', '\u{c}']) {
            self.text.extend(text.chars().map(|c| if matches!(c, '\n' | '\t' | '\r' | '\u{c}') { ' ' } else { c }));
        } else {
            self.text.push_str(text);
        }
    }

    fn one(&mut self, c: char, range: Range<usize>) {
        let c = if matches!(c, '\n' | '\t' | '\r' | '\u{c}') { ' ' } else { c };
        self.segments.push(Segment {
            text: self.text.len(),
            text_len: c.len_utf8() as u32,
            document_len: range.len() as u32,
            document: range.start,
        });
        self.text.push(c);
    }

    /// Text that may have lines and pages of its own, as it stands in a JSON string.
    pub fn json_text(&mut self, range: Range<usize>) -> Range<usize> {
        let start = self.text.len();
        json_pieces(&self.document[range.clone()], |characters, piece| {
            let at = range.start + piece.start;
            let (text_len, document_len) = match characters {
                Characters::Same(same) => (same.len(), same.len()),
                Characters::One(c) => (c.len_utf8(), piece.len()),
            };
            self.segments.push(Segment {
                text: self.text.len(),
                text_len: text_len as u32,
                document_len: document_len as u32,
                document: at,
            });
            match characters {
                Characters::Same(same) => self.text.push_str(same),
                Characters::One(c) => self.text.push(c),
            }
        });
        start..self.text.len()
    }

    pub fn finish(self, format: InputFormat, ocr: Ocr) -> (String, Ocr, Places) {
        (self.text, ocr, Places { format, escape: self.escape, segments: self.segments })
    }
}

/// A [`Markup`] that has yet to be given its document.
pub(super) struct Places {
    format: InputFormat,
    escape: Escape,
    segments: Vec<Segment>,
}

impl Places {
    pub fn of(self, document: String) -> Markup {
        Markup { format: self.format, document, escape: self.escape, segments: self.segments }
    }
}

/// The characters of a JSON string, as [`xml::pieces`] has them of XML. Lone surrogates become U+FFFD.
pub(super) fn json_pieces<'d>(raw: &'d str, mut each: impl FnMut(Characters<'d>, Range<usize>)) {
    let mut at = 0;
    while at < raw.len() {
        let rest = &raw[at..];
        let Some(plain) = memchr::memchr(b'\\', rest.as_bytes()) else {
            each(Characters::Same(rest), at..raw.len());
            return;
        };
        if plain > 0 {
            each(Characters::Same(&rest[..plain]), at..at + plain);
            at += plain;
            continue;
        }
        let unit = |text: &str| text.strip_prefix("\\u").and_then(|t| t.get(..4)).and_then(|h| u32::from_str_radix(h, 16).ok());
        let (c, length) = match rest.as_bytes().get(1) {
            Some(b'n') => ('\n', 2),
            Some(b't') => ('\t', 2),
            Some(b'r') => ('\r', 2),
            Some(b'f') => ('\u{c}', 2),
            Some(b'b') => ('\u{8}', 2),
            Some(b'u') => match (unit(rest), rest.get(6..).and_then(unit)) {
                (Some(high @ 0xD800..0xDC00), Some(low @ 0xDC00..0xE000)) => {
                    (char::from_u32(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)).unwrap_or('\u{fffd}'), 12)
                }
                (Some(code), _) => (char::from_u32(code).unwrap_or('\u{fffd}'), 6),
                _ => ('\u{fffd}', 2),
            },
            Some(b) if b.is_ascii() => (*b as char, 2),
            _ => ('\\', 1),
        };
        each(Characters::One(c), at..at + length);
        at += length;
    }
}
