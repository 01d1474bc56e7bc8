//! Where a text offset stands in the file, and what the file looked like besides its text.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use encoding_rs::{Encoding, UTF_8};

use super::markup::Markup;

/// Bytes that cannot be decoded. In the text stands one U+FFFD for them; writing puts the bytes back verbatim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// First byte, in the file.
    pub offset: usize,
    /// Number of bytes, 1 to 4.
    pub len: usize,
    /// Line of the file, from 1.
    pub line: usize,
}

/// How a line ends in the file. In the text it is always `\n`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum LineEnd {
    /// `\n`
    #[default]
    Lf,
    /// `\r\n`
    CrLf,
    /// `\r` alone, as old Macintosh files have it.
    Cr,
}

impl LineEnd {
    /// The characters themselves.
    pub fn as_str(self) -> &'static str {
        match self {
            LineEnd::Lf => "\n",
            LineEnd::CrLf => "\r\n",
            LineEnd::Cr => "\r",
        }
    }
}

/// From offsets in the text of one file to bytes of the file and back, and all that is needed to write the file again.
///
/// Text offsets are relative to the start of the file's own text ([`crate::model::Source::span`]). Plain UTF-8 with `\n`
/// costs nothing: the map is empty. Other files keep their bytes and one piece for each run of characters of equal
/// length in text and file. Of an OCR format the text is a part of the document only ([`ByteMap::markup`]): the map goes by way of the
/// document, and such a file is written by [`crate::write::splice`], never by [`ByteMap::render`] of its text.
///
/// `to_file` is exact on every character boundary, with one exception: Big5 has four codes that are a letter with a
/// combining mark, two characters in the text; the boundary between them maps to the start of the code.
#[derive(Clone, Debug)]
pub struct ByteMap {
    pub(super) encoding: &'static Encoding,
    /// Length of the byte order mark.
    pub(super) bom: usize,
    /// The most frequent line end.
    pub(super) line_end: LineEnd,
    /// In order; empty if text and file are equal after the byte order mark.
    pub(super) pieces: Vec<Piece>,
    /// `None` if text and file are equal after the byte order mark.
    pub(super) original: Option<Arc<Vec<u8>>>,
    pub(super) decode_errors: Vec<DecodeError>,
    /// The file could not be read: the text is empty and must never be written.
    pub(super) unread: bool,
    /// The document the text was taken from, in an OCR format.
    pub(super) markup: Option<Arc<Markup>>,
}

/// A run of characters with the same length in text and file, up to the next piece.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    /// Where it starts in the text.
    text: usize,
    /// Where it starts in the file.
    file: usize,
    /// Bytes of one unit in the text.
    text_unit: u8,
    /// Bytes of one unit in the file.
    file_unit: u8,
}

impl Default for ByteMap {
    /// UTF-8 without a byte order mark, lines ending in `\n`.
    fn default() -> Self {
        ByteMap::plain(0)
    }
}

impl ByteMap {
    /// UTF-8 whose lines end in `\n`, after a byte order mark of `bom` bytes.
    pub(super) fn plain(bom: usize) -> Self {
        ByteMap {
            encoding: UTF_8,
            bom,
            line_end: LineEnd::Lf,
            pieces: Vec::new(),
            original: None,
            decode_errors: Vec::new(),
            unread: false,
            markup: None,
        }
    }

    /// Stands for a file that could not be read.
    pub(crate) fn unread() -> Self {
        ByteMap { unread: true, ..ByteMap::plain(0) }
    }

    /// The byte of the file where the character at `offset` of the text starts; the end of the text gives the end of the file.
    ///
    /// An offset inside a character gives the start of that character, except in plain UTF-8, where bytes are bytes.
    pub fn to_file(&self, offset: usize) -> usize {
        self.document_to_file(self.markup.as_ref().map_or(offset, |m| m.start(offset)))
    }

    /// The byte of the file where the character at `offset` of the document (of plain text, the text) starts.
    pub fn document_to_file(&self, offset: usize) -> usize {
        let after = self.pieces.partition_point(|p| p.text <= offset);
        match after.checked_sub(1).map(|i| self.pieces[i]) {
            Some(p) => p.file + (offset - p.text) / p.text_unit as usize * p.file_unit as usize,
            None => self.bom + offset,
        }
    }

    /// The bytes of the file that a span of the text stands for.
    pub fn span_to_file(&self, span: Range<usize>) -> Range<usize> {
        let span = self.markup.as_ref().map_or(span.clone(), |m| m.span(span));
        self.document_to_file(span.start)..self.document_to_file(span.end)
    }

    /// The text offset of the character that holds byte `offset` of the file; 0 inside the byte order mark.
    pub fn to_text(&self, offset: usize) -> usize {
        let at = self.to_document(offset);
        self.markup.as_ref().map_or(at, |m| m.to_text(at))
    }

    /// The same of the document (of plain text, the text).
    pub fn to_document(&self, offset: usize) -> usize {
        let after = self.pieces.partition_point(|p| p.file <= offset);
        match after.checked_sub(1).map(|i| self.pieces[i]) {
            Some(p) => p.text + (offset - p.file) / p.file_unit as usize * p.text_unit as usize,
            None => offset.saturating_sub(self.bom),
        }
    }

    /// The document the text was taken from; `None` where the file is the text.
    pub fn markup(&self) -> Option<&Arc<Markup>> {
        self.markup.as_ref()
    }

    /// The same map for a text taken from the document.
    pub(super) fn with_markup(self, markup: Markup) -> ByteMap {
        ByteMap { markup: Some(Arc::new(markup)), ..self }
    }

    /// The encoding of the file.
    pub fn encoding(&self) -> &'static Encoding {
        self.encoding
    }

    /// Length of the byte order mark in bytes.
    pub(crate) fn bom_len(&self) -> usize {
        self.bom
    }

    /// The file starts with a byte order mark. It is no part of the text.
    pub fn has_bom(&self) -> bool {
        self.bom > 0
    }

    /// The most frequent line end of the file; `\n` where it has none.
    pub fn line_end(&self) -> LineEnd {
        self.line_end
    }

    /// What could not be decoded, in order.
    pub fn decode_errors(&self) -> &[DecodeError] {
        &self.decode_errors
    }

    /// The file could not be read: its text is empty, and [`ByteMap::render`] refuses.
    pub fn is_unread(&self) -> bool {
        self.unread
    }

    /// Text and file are equal after the byte order mark.
    pub(crate) fn is_plain(&self) -> bool {
        self.original.is_none()
    }

    /// The bytes of the file as they were read. `text` is the text as it was read.
    pub fn original<'a>(&'a self, text: &'a str) -> Cow<'a, [u8]> {
        let text = self.markup.as_ref().map_or(text, |m| m.document.as_str());
        match &self.original {
            Some(bytes) => Cow::Borrowed(bytes),
            None if self.bom == 0 => Cow::Borrowed(text.as_bytes()),
            None => Cow::Owned([UTF_8_BOM, text.as_bytes()].concat()),
        }
    }
}

/// The byte order mark of UTF-8.
pub(crate) const UTF_8_BOM: &[u8] = b"\xEF\xBB\xBF";

/// Text and pieces of one file as they grow.
#[derive(Default)]
pub(super) struct Builder {
    pub text: String,
    pub pieces: Vec<Piece>,
    /// Bytes of the file mapped so far, byte order mark included.
    pub file: usize,
    /// Lone `\r`, which the pieces alone do not show.
    pub lone_cr: usize,
    /// `\r\n`.
    pub crlf: usize,
    /// `\n`.
    pub lf: usize,
    pub decode_errors: Vec<DecodeError>,
}

impl Builder {
    /// Text whose bytes are those of the file.
    pub fn same(&mut self, text: &str) {
        self.lf += memchr::memchr_iter(b'\n', text.as_bytes()).count();
        self.units(text, 1, 1);
    }

    /// Codes of the file, each `file_unit` bytes long and `text_unit` bytes in the text.
    pub fn units(&mut self, text: &str, text_unit: usize, file_unit: usize) {
        let (at, count) = (self.text.len(), text.len() / text_unit);
        let same = |piece: &Piece| (piece.text_unit as usize, piece.file_unit as usize) == (text_unit, file_unit);
        if count > 0 && !self.pieces.last().is_some_and(same) {
            self.pieces.push(Piece { text: at, file: self.file, text_unit: text_unit as u8, file_unit: file_unit as u8 });
        }
        self.file += file_unit * count;
        self.text.push_str(text);
    }

    /// A line end, whose characters are `unit` bytes each in the file.
    pub fn line_end(&mut self, end: LineEnd, unit: usize) {
        match end {
            LineEnd::Lf => self.lf += 1,
            LineEnd::CrLf => self.crlf += 1,
            LineEnd::Cr => self.lone_cr += 1,
        }
        self.units("\n", 1, end.as_str().len() * unit);
    }

    /// Bytes that cannot be decoded.
    pub fn undecodable(&mut self, len: usize) {
        // The line is not known yet: counting here would be quadratic.
        self.decode_errors.push(DecodeError { offset: self.file, len, line: 0 });
        self.units("\u{FFFD}", 3, len);
    }

    /// The text, and the map to `original`.
    pub fn finish(mut self, encoding: &'static Encoding, bom: usize, original: Vec<u8>) -> (String, ByteMap) {
        debug_assert_eq!(self.file, original.len(), "every byte of the file is mapped");
        let line_end = if self.crlf >= self.lf.max(self.lone_cr) && self.crlf > 0 {
            LineEnd::CrLf
        } else if self.lone_cr > self.lf {
            LineEnd::Cr
        } else {
            LineEnd::Lf
        };
        let plain = encoding == UTF_8
            && self.lone_cr == 0
            && self.decode_errors.is_empty()
            && self.pieces.iter().all(|p| (p.text_unit, p.file_unit) == (1, 1));
        if plain {
            return (self.text, ByteMap::plain(bom));
        }
        let mut map = ByteMap {
            encoding,
            bom,
            line_end,
            pieces: self.pieces,
            original: Some(Arc::new(original)),
            decode_errors: Vec::new(),
            unread: false,
            markup: None,
        };
        let (mut line, mut from) = (1, 0);
        for error in &mut self.decode_errors {
            let to = map.to_document(error.offset);
            line += memchr::memchr_iter(b'\n', &self.text.as_bytes()[from..to]).count();
            (error.line, from) = (line, to);
        }
        map.decode_errors = self.decode_errors;
        (self.text, map)
    }
}
