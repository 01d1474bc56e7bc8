//! Changed text back to the bytes of its file: what was not changed keeps its bytes.

use std::ops::Range;
use std::path::Path;

use encoding_rs::{EncoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::error::{Error, Result};
use crate::read::{ByteMap, LineEnd, UTF_8_BOM, decode_as};
use crate::write::splice::WriteMode;

/// A changed span: where it stood in the old text, where its replacement stands in the new text.
pub type Hunk = (Range<usize>, Range<usize>);

/// How to write.
#[derive(Clone, Copy, Debug, Default)]
pub struct RenderOptions {
    /// The encoding of the file itself instead of UTF-8.
    pub keep_encoding: bool,
    /// How repairs stand in an OCR document; of a text nothing.
    pub write_mode: WriteMode,
}

impl ByteMap {
    /// The bytes of the file with its new text.
    ///
    /// `old` is the file's text as it was read (of an OCR format, its document), `new` the text to write, `hunks` the changed spans in order; all text
    /// between them is the same in both. `path` is for messages only.
    ///
    /// Where the encoding stays the same, everything between hunks keeps its bytes, malformed ones and line ends
    /// included; without hunks the result is the file. Where it becomes UTF-8, every line keeps its kind of end; the
    /// byte order mark, which only UTF-16 needs, is left out. In a hunk with as many line ends as before each keeps its
    /// kind; otherwise they take the most frequent one of the file.
    ///
    /// # Errors
    /// Nothing is lost silently: [`Error::Unencodable`] for a character the encoding lacks, [`Error::UndecodableKept`]
    /// for undecodable bytes in a file that would become UTF-8, [`Error::UndecodableEdited`] for a hunk that removes or
    /// adds some, [`Error::NeverRead`] for a file that could not be read.
    pub fn render(&self, path: &Path, old: &str, new: &str, hunks: &[Hunk], options: RenderOptions) -> Result<Vec<u8>> {
        self.render_places(path, old, new, hunks, options).map(|(bytes, _)| bytes)
    }

    /// The same, with the bytes of the result that each hunk became.
    ///
    /// # Errors
    /// As [`ByteMap::render`].
    pub fn render_places(
        &self,
        path: &Path,
        old: &str,
        new: &str,
        hunks: &[Hunk],
        options: RenderOptions,
    ) -> Result<(Vec<u8>, Vec<Range<usize>>)> {
        if self.is_unread() {
            return Err(Error::NeverRead { path: path.to_owned() });
        }
        let same_encoding = options.keep_encoding || self.encoding() == UTF_8;
        if let (Some(error), false) = (self.decode_errors().first(), same_encoding) {
            let encoding = self.encoding().name();
            return Err(Error::UndecodableKept { path: path.to_owned(), line: error.line, offset: error.offset, encoding });
        }
        if self.is_plain() {
            let bom = if self.has_bom() { UTF_8_BOM } else { b"" };
            let places = hunks.iter().map(|(_, after)| bom.len() + after.start..bom.len() + after.end).collect();
            return Ok(([bom, new.as_bytes()].concat(), places));
        }
        let file = self.original(old);
        let encoding = if same_encoding { self.encoding() } else { UTF_8 };
        let mut writer = Writer { map: self, file: &file, old, encoding, bytes: Vec::with_capacity(file.len() + 64) };
        let mut from = 0;
        let mut places = Vec::with_capacity(hunks.len() + 1);
        let ends = [(old.len()..old.len(), new.len()..new.len())];
        for (i, (before, after)) in hunks.iter().chain(&ends).enumerate() {
            if !same_encoding {
                writer.transcode(from..before.start);
            } else {
                let mut bytes = self.document_to_file(from)..self.document_to_file(before.start);
                if i == 0 {
                    bytes.start = 0;
                }
                writer.push(&file[bytes]);
            }
            let line = || line_at(old, before.start);
            let start = writer.bytes.len();
            writer.hunk(before.clone(), &new[after.clone()]).map_err(|fault| match fault {
                Fault::Lacks(character) => Error::Unencodable { path: path.to_owned(), line: line(), character, encoding: encoding.name() },
                Fault::Drops => Error::UndecodableEdited { path: path.to_owned(), line: line() },
            })?;
            places.push(start..writer.bytes.len());
            from = before.end;
        }
        places.pop();
        let bytes = writer.bytes;
        if same_encoding && !hunks.is_empty() {
            self.check(path, &bytes, new)?;
        }
        Ok((bytes, places))
    }

    /// Reads back what will be written: an undecodable byte may form a character with its new neighbour, and some
    /// encodings write two characters as one (Shift_JIS: `¥` as `\`).
    fn check(&self, path: &Path, bytes: &[u8], new: &str) -> Result<()> {
        let (text, _) = decode_as(self.encoding(), self.bom_len(), bytes.to_vec());
        let Some((at, character)) = new.char_indices().find(|&(at, c)| !text[at..].starts_with(c)) else {
            return if text.len() == new.len() {
                Ok(())
            } else {
                Err(Error::UndecodableEdited { path: path.to_owned(), line: line_at(new, new.len()) })
            };
        };
        let (path, line) = (path.to_owned(), line_at(new, at));
        Err(match self.decode_errors() {
            [] => Error::Unencodable { path, line, character, encoding: self.encoding().name() },
            _ => Error::UndecodableEdited { path, line },
        })
    }
}

/// The line, from 1, in which an offset of a text stands.
fn line_at(text: &str, offset: usize) -> usize {
    1 + memchr::memchr_iter(b'\n', &text.as_bytes()[..offset]).count()
}

/// Why a hunk cannot be written.
enum Fault {
    /// The encoding lacks a character.
    Lacks(char),
    /// Undecodable bytes would be removed or added.
    Drops,
}

/// The file as it grows.
struct Writer<'a> {
    map: &'a ByteMap,
    /// The bytes of the old file.
    file: &'a [u8],
    /// The old text.
    old: &'a str,
    /// Of the new file.
    encoding: &'static Encoding,
    bytes: Vec<u8>,
}

impl Writer<'_> {
    /// Appends bytes in the new encoding. A lone `\r` that would become one line end with a following `\n` is written `\r\n`.
    fn push(&mut self, bytes: &[u8]) {
        let (cr, lf): (&[u8], &[u8]) = match self.encoding {
            e if e == UTF_16LE => (b"\r\0", b"\n\0"),
            e if e == UTF_16BE => (b"\0\r", b"\0\n"),
            _ => (b"\r", b"\n"),
        };
        if bytes.starts_with(lf) && self.bytes.ends_with(cr) && self.bytes.len().is_multiple_of(cr.len()) {
            self.bytes.extend_from_slice(lf);
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// Appends unchanged text as UTF-8, every line end of its old kind.
    fn transcode(&mut self, span: Range<usize>) {
        let mut from = span.start;
        for at in memchr::memchr_iter(b'\n', &self.old.as_bytes()[span.clone()]) {
            let at = span.start + at;
            self.push(&self.old.as_bytes()[from..at]);
            self.push(self.line_end(at).as_str().as_bytes());
            from = at + 1;
        }
        self.push(&self.old.as_bytes()[from..span.end]);
    }

    /// How the line end at this offset of the old text stands in the old file.
    fn line_end(&self, at: usize) -> LineEnd {
        let bytes = &self.file[self.map.document_to_file(at)..self.map.document_to_file(at + 1)];
        match (bytes.contains(&b'\r'), bytes.contains(&b'\n')) {
            (true, true) => LineEnd::CrLf,
            (true, false) => LineEnd::Cr,
            _ => LineEnd::Lf,
        }
    }

    /// Appends the replacement of a span of the old text.
    fn hunk(&mut self, before: Range<usize>, new: &str) -> std::result::Result<(), Fault> {
        let inside_code = |at: usize| self.map.to_document(self.map.document_to_file(at)) != at;
        if self.encoding == self.map.encoding() && (inside_code(before.start) || inside_code(before.end)) {
            // Half of a Big5 code for a letter with a combining mark: the mark alone has no code.
            return Err(Fault::Lacks(self.old[..before.end].chars().next_back().unwrap_or('\u{304}')));
        }
        let old = &self.old[before.clone()];
        let line_ends: Vec<LineEnd> = old.match_indices('\n').map(|(at, _)| self.line_end(before.start + at)).collect();
        let keep_ends = line_ends.len() == memchr::memchr_iter(b'\n', new.as_bytes()).count();
        let replaced: Vec<Range<usize>> = old
            .match_indices('\u{FFFD}')
            .map(|(at, _)| before.start + at)
            .map(|at| self.map.document_to_file(at)..self.map.document_to_file(at + '\u{FFFD}'.len_utf8()))
            .collect();
        let errors = self.map.decode_errors();
        let undecodable = replaced.iter().any(|bytes| errors.binary_search_by_key(&bytes.start, |e| e.offset).is_ok());
        if undecodable && new.matches('\u{FFFD}').count() != replaced.len() {
            return Err(Fault::Drops);
        }
        let (mut line_ends, mut replaced) = (line_ends.into_iter(), replaced.into_iter());
        let mut rest = new;
        while !rest.is_empty() {
            let end = rest.find(['\n', '\u{FFFD}']).unwrap_or(rest.len());
            self.encode(&rest[..end])?;
            rest = &rest[end..];
            if let Some(after) = rest.strip_prefix('\n') {
                let kind = line_ends.next().filter(|_| keep_ends).unwrap_or(self.map.line_end());
                self.encode(kind.as_str())?;
                rest = after;
            } else if let Some(after) = rest.strip_prefix('\u{FFFD}') {
                match replaced.next().filter(|_| undecodable) {
                    Some(bytes) => self.push(&self.file[bytes]),
                    None => self.encode("\u{FFFD}")?,
                }
                rest = after;
            }
        }
        Ok(())
    }

    /// Appends text in the new encoding.
    fn encode(&mut self, text: &str) -> std::result::Result<(), Fault> {
        let order: fn(u16) -> [u8; 2] = match self.encoding {
            e if e == UTF_8 => {
                self.push(text.as_bytes());
                return Ok(());
            }
            e if e == UTF_16LE => u16::to_le_bytes,
            e if e == UTF_16BE => u16::to_be_bytes,
            other => {
                let mut encoder = other.new_encoder();
                let room = encoder.max_buffer_length_from_utf8_without_replacement(text.len()).unwrap_or(text.len() * 4);
                let mut bytes = Vec::with_capacity(room);
                let (result, _) = encoder.encode_from_utf8_to_vec_without_replacement(text, &mut bytes, true);
                return match result {
                    EncoderResult::Unmappable(c) => Err(Fault::Lacks(c)),
                    _ => {
                        self.push(&bytes);
                        Ok(())
                    }
                };
            }
        };
        let bytes: Vec<u8> = text.encode_utf16().flat_map(order).collect();
        self.push(&bytes);
        Ok(())
    }
}
