//! Bytes to text: one encoding, one line end, nothing lost.
//!
//! The text has `\n` for every `\r\n`, `\r` and `\n`; the byte order mark is no part of it; form feeds, blank lines, a
//! missing final newline and every other character stay as they are. Bytes that cannot be decoded become one U+FFFD
//! each run of malformed bytes, and a [`DecodeError`](super::DecodeError) in the map says where.

use std::path::Path;

use encoding_rs::{BIG5, DecoderResult, EUC_JP, Encoding, GB18030, GBK, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE};

use super::byte_map::{Builder, ByteMap, LineEnd};
use super::detect::{self, Guess};
use crate::error::{Error, Result};
use crate::messages::say;

/// The text of a file and the map back to its bytes. `path` is for messages only.
///
/// A byte order mark decides the encoding, even against `encoding`; else `encoding` does; else it is detected.
///
/// # Errors
/// [`Error::NotText`] for NUL characters and well-known binary formats, [`Error::Garbled`] where more than a fifth of
/// the characters, and at least twenty, cannot be decoded.
pub fn decode(path: &Path, bytes: Vec<u8>, encoding: Option<&'static Encoding>) -> Result<(String, ByteMap)> {
    if let Some(reason) = detect::not_text(&bytes) {
        return Err(Error::NotText { path: path.to_owned(), reason });
    }
    if let Some((text, bom)) = valid_utf8(&bytes, encoding) {
        if memchr::memchr(b'\r', text.as_bytes()).is_none() {
            // A copy, because handing over the bytes means validating them a second time or `unsafe`, and it costs
            // little: 11 GB/s with and 12 without for a page of 20 kB.
            return Ok((text.to_owned(), ByteMap::plain(bom)));
        }
        let mut builder = Builder { file: bom, ..Builder::default() };
        same_bytes(text, &mut builder);
        return Ok(builder.finish(UTF_8, bom, bytes));
    }
    let (encoding, bom) = match (Encoding::for_bom(&bytes), encoding) {
        (Some((marked, len)), _) => (marked, len),
        (_, Some(asked)) => (asked, 0),
        _ => match detect::detect(&bytes) {
            Guess::Encoding(found) => (found, 0),
            Guess::NotText(reason) => return Err(Error::NotText { path: path.to_owned(), reason }),
        },
    };
    let (text, map) = decode_as(encoding, bom, bytes);
    if let Some(at) = memchr::memchr(0, text.as_bytes()) {
        return Err(Error::NotText { path: path.to_owned(), reason: say("list.nul", &[("offset", &map.to_file(at))]) });
    }
    let errors = map.decode_errors();
    if errors.len() >= 20 && errors.len() * 5 > text.chars().count() {
        return Err(Error::Garbled { path: path.to_owned(), line: errors[0].line, count: errors.len(), encoding: encoding.name() });
    }
    Ok((text, map))
}

/// The same where the encoding and the length of the byte order mark are known.
pub(crate) fn decode_as(encoding: &'static Encoding, bom: usize, bytes: Vec<u8>) -> (String, ByteMap) {
    let mut builder = Builder { file: bom, ..Builder::default() };
    if encoding == UTF_8 {
        decode_utf8(&bytes[bom..], &mut builder);
    } else {
        decode_other(encoding, &bytes, bom, &mut builder);
    }
    builder.finish(encoding, bom, bytes)
}

/// The text after the byte order mark, and that mark's length, of valid UTF-8 without NUL: the usual case.
fn valid_utf8<'a>(bytes: &'a [u8], encoding: Option<&'static Encoding>) -> Option<(&'a str, usize)> {
    let bom = if bytes.starts_with(super::byte_map::UTF_8_BOM) { 3 } else { 0 };
    if bom == 0 && encoding.is_some_and(|asked| asked != UTF_8) {
        return None;
    }
    let text = simdutf8::basic::from_utf8(&bytes[bom..]).ok()?;
    memchr::memchr(0, text.as_bytes()).is_none().then_some((text, bom))
}

/// UTF-8 with other line ends or with malformed bytes.
fn decode_utf8(bytes: &[u8], builder: &mut Builder) {
    for chunk in bytes.utf8_chunks() {
        same_bytes(chunk.valid(), builder);
        if !chunk.invalid().is_empty() {
            builder.undecodable(chunk.invalid().len());
        }
    }
}

/// Text that has the same bytes in the file, except for the line ends.
fn same_bytes(text: &str, builder: &mut Builder) {
    let mut rest = text;
    while let Some(cr) = memchr::memchr(b'\r', rest.as_bytes()) {
        builder.same(&rest[..cr]);
        let end = if rest[cr + 1..].starts_with('\n') { LineEnd::CrLf } else { LineEnd::Cr };
        builder.line_end(end, 1);
        rest = &rest[cr + end.as_str().len()..];
    }
    builder.same(rest);
}

/// Any encoding in which a character can be decoded without what stands before it.
fn decode_other(encoding: &'static Encoding, bytes: &[u8], bom: usize, builder: &mut Builder) {
    let mut at = bom;
    let mut valid = String::new();
    while at < bytes.len() {
        // A fresh decoder after each error: the encodings are stateless, and the decoder may have read ahead.
        let mut decoder = encoding.new_decoder_without_bom_handling();
        let rest = &bytes[at..];
        valid.clear();
        valid.reserve(decoder.max_utf8_buffer_length_without_replacement(rest.len()).unwrap_or(rest.len() * 3));
        let (result, read) = decoder.decode_to_string_without_replacement(rest, &mut valid, true);
        match result {
            DecoderResult::Malformed(len, ahead) => {
                let end = read - ahead as usize;
                decoded(encoding, &rest[..end - len as usize], &valid, builder);
                builder.undecodable(len as usize);
                at += end;
            }
            DecoderResult::InputEmpty => {
                decoded(encoding, rest, &valid, builder);
                at = bytes.len();
            }
            DecoderResult::OutputFull => unreachable!("the buffer is as long as the longest output"),
        }
    }
}

/// Maps valid bytes to their characters.
fn decoded(encoding: &'static Encoding, mut bytes: &[u8], mut text: &str, builder: &mut Builder) {
    let code_len = code_len(encoding);
    let wide = encoding == UTF_16LE || encoding == UTF_16BE;
    // Bytes of text and file that stand for each other, at the start of both.
    let unit = |text: &str, bytes: &[u8]| {
        let first = text.chars().next()?.len_utf8();
        match bytes {
            [0x88, 0x62 | 0x64 | 0xA3 | 0xA5, ..] if encoding == BIG5 => Some((4, 2)), // a letter and a combining mark, two bytes each
            _ => Some((first, code_len(bytes))),
        }
    };
    while let Some((in_text, in_file)) = unit(text, bytes) {
        let (from_text, from_file) = if in_text > 1 {
            let mut run = (in_text, in_file);
            while unit(&text[run.0..], &bytes[run.1..]) == Some((in_text, in_file)) {
                run = (run.0 + in_text, run.1 + in_file);
            }
            builder.units(&text[..run.0], in_text, in_file);
            run
        } else if !wide {
            let ascii = Encoding::ascii_valid_up_to(text.as_bytes());
            same_bytes(&text[..ascii], builder);
            (ascii, ascii)
        } else {
            let end = match text.as_bytes() {
                [b'\r', b'\n', ..] => Some(LineEnd::CrLf),
                [b'\r', ..] => Some(LineEnd::Cr),
                [b'\n', ..] => Some(LineEnd::Lf),
                _ => None,
            };
            match end {
                Some(end) => builder.line_end(end, in_file),
                None => builder.units(&text[..1], 1, in_file),
            }
            let chars = end.map_or(1, |end| end.as_str().len());
            (chars, chars * in_file)
        };
        (text, bytes) = (&text[from_text..], &bytes[from_file..]);
    }
    debug_assert!(bytes.is_empty(), "{} codes are measured right", encoding.name());
}

/// The length of the code at the start of valid bytes in this encoding.
fn code_len(encoding: &'static Encoding) -> fn(&[u8]) -> usize {
    const fn utf_16(high: u8) -> usize {
        if matches!(high, 0xD8..=0xDB) { 4 } else { 2 }
    }
    match encoding {
        e if e == UTF_16LE => |bytes| utf_16(bytes[1]),
        e if e == UTF_16BE => |bytes| utf_16(bytes[0]),
        e if e.is_single_byte() => |_| 1,
        e if e == GBK || e == GB18030 => |bytes| match bytes {
            [..=0x80, ..] => 1,
            [_, b'0'..=b'9', ..] => 4,
            _ => 2,
        },
        e if e == SHIFT_JIS => |bytes| if matches!(bytes[0], 0..=0x80 | 0xA1..=0xDF) { 1 } else { 2 },
        e if e == EUC_JP => |bytes| match bytes[0] {
            ..0x80 => 1,
            0x8F => 3,
            _ => 2,
        },
        // Big5, EUC-KR
        _ => |bytes| if bytes[0] < 0x80 { 1 } else { 2 },
    }
}

/// The encoding of a label such as `gbk`, `Big5`, `latin1`, as the WHATWG Encoding Standard names them.
///
/// # Errors
/// [`Error::Encoding`] for an unknown label, and for ISO-2022-JP, where a byte means nothing without all bytes before it.
pub fn encoding_for_label(label: &str) -> Result<&'static Encoding> {
    Encoding::for_label_no_replacement(label.as_bytes())
        .filter(|&found| found != encoding_rs::ISO_2022_JP && found != encoding_rs::X_USER_DEFINED)
        .ok_or_else(|| Error::Encoding { label: label.to_owned() })
}
