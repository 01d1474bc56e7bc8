//! Character data of XML and HTML: what it stands for, piece by piece, and back.

use std::borrow::Cow;
use std::ops::Range;

/// The characters that a piece of a document stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Characters<'d> {
    /// Themselves.
    Same(&'d str),
    /// One, escaped.
    One(char),
}

/// Character data (of an attribute, or all that stands inside an element) piece by piece, each with its range in `raw`. Tags and comments
/// inside are left out; the text of CDATA sections is as it stands. Unknown references stay as written.
pub fn pieces(raw: &str) -> Pieces<'_> {
    Pieces { raw, at: 0, cdata: None }
}

/// See [`pieces`].
pub struct Pieces<'d> {
    raw: &'d str,
    at: usize,
    /// Inside a CDATA section: where it ends.
    cdata: Option<usize>,
}

impl<'d> Iterator for Pieces<'d> {
    type Item = (Characters<'d>, Range<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let rest = &self.raw[self.at..];
            if let Some(end) = self.cdata.take() {
                let range = self.at..end;
                self.at = (end + "]]>".len()).min(self.raw.len());
                if !range.is_empty() {
                    return Some((Characters::Same(&self.raw[range.clone()]), range));
                }
                continue;
            }
            match rest.as_bytes().first()? {
                b'<' => {
                    if let Some(section) = rest.strip_prefix("<![CDATA[") {
                        self.at += "<![CDATA[".len();
                        self.cdata = Some(self.at + section.find("]]>").unwrap_or(section.len()));
                        continue;
                    }
                    let end = if rest.starts_with("<!--") { rest.find("-->").map(|at| at + 3) } else { rest.find('>').map(|at| at + 1) };
                    self.at += end.unwrap_or(rest.len());
                }
                b'&' => {
                    let (characters, length) = reference(rest).map_or((Characters::Same("&"), 1), |(c, n)| (Characters::One(c), n));
                    self.at += length;
                    return Some((characters, self.at - length..self.at));
                }
                _ => {
                    let length = memchr::memchr2(b'<', b'&', rest.as_bytes()).unwrap_or(rest.len());
                    self.at += length;
                    return Some((Characters::Same(&rest[..length]), self.at - length..self.at));
                }
            }
        }
    }
}

/// The character of a reference at the start of a text, and the bytes it takes.
fn reference(text: &str) -> Option<(char, usize)> {
    let end = text.as_bytes().iter().take(12).position(|b| *b == b';')?;
    let name = &text[1..end];
    let c = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "shy" => '\u{ad}',
        "ndash" => '–',
        "mdash" => '—',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|c| !c.is_control() || matches!(c, '\t' | '\n' | '\r'))?
        }
    };
    Some((c, end + 1))
}

/// Character data without escapes and tags.
pub fn plain(raw: &str) -> Cow<'_, str> {
    if memchr::memchr2(b'<', b'&', raw.as_bytes()).is_none() {
        return Cow::Borrowed(raw);
    }
    let mut text = String::with_capacity(raw.len());
    for (characters, _) in pieces(raw) {
        match characters {
            Characters::Same(same) => text.push_str(same),
            Characters::One(c) => text.push(c),
        }
    }
    Cow::Owned(text)
}

/// Text as it may stand in an attribute with either quote, or in an element.
pub fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}
