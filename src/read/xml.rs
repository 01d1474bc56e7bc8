//! Elements, attributes and character data of an XML document with their exact byte ranges, within limits.
//!
//! A thin layer over quick-xml, which finds the tags and checks that they nest; everything handed out is a slice of the document, so that a
//! writer can splice it. There are no DTDs and no entities but the five of XML and numeric ones: what uses others is refused, not guessed.

use std::borrow::Cow;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::errors::{Error as QuickError, IllFormedError, SyntaxError};
use quick_xml::events::{BytesStart, Event};

pub use super::character_data::{Characters, escaped, pieces, plain};

/// Elements inside each other: OCR formats need about fifteen.
pub const MAX_DEPTH: usize = 128;
/// Attributes of one element: the richest of OCR formats have about thirty.
pub const MAX_ATTRIBUTES: usize = 256;
/// Bytes of one tag: the outline of a page as a polygon is long.
pub const MAX_TAG: usize = 1 << 20;
/// Bytes of a document: the largest newspaper pages have 20 MB. Bytes and text of it are in memory together.
pub const MAX_DOCUMENT: usize = 64 << 20;

/// What is wrong, and at which byte of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub at: usize,
    pub message: String,
}

impl Fault {
    /// What is wrong at a byte of the document.
    pub fn new(at: usize, message: impl Into<String>) -> Fault {
        Fault { at, message: message.into() }
    }
}

/// What is wrong, or what was asked for.
pub type Checked<T> = std::result::Result<T, Fault>;

/// How character data is escaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Dialect {
    /// `&amp;`, `&#x2E17;`; elements are closed.
    #[default]
    Xml,
    /// Also `&nbsp;` and its like; elements such as `<br>` stay open, attributes may have no quotes.
    Html,
}

/// A part of a document.
#[derive(Clone, Debug)]
pub enum Node<'d> {
    /// A start tag; `<SP/>` is one and is followed by a [`Node::End`] of its own.
    Start(Tag<'d>),
    /// An end tag, with its range; empty at the end of an empty element.
    End { name: &'d str, range: Range<usize> },
    /// Character data as it stands in the document; CDATA sections and references come as parts of their own.
    Text(Range<usize>),
}

/// A start tag.
#[derive(Clone, Copy, Debug)]
pub struct Tag<'d> {
    /// The name without a prefix.
    pub name: &'d str,
    /// Where the tag begins in the document.
    pub start: usize,
    /// `<String … />`, from angle bracket to angle bracket.
    pub text: &'d str,
}

/// An attribute of a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute<'d> {
    /// As written, prefix included.
    pub name: &'d str,
    /// Its value as it stands in the document, without the quotes.
    pub raw: &'d str,
    /// Where that is in the document.
    pub range: Range<usize>,
}

impl Attribute<'_> {
    /// The value with its references resolved; what cannot be stays as written.
    pub fn text(&self) -> Cow<'_, str> {
        plain(self.raw)
    }
}

impl<'d> Tag<'d> {
    /// The tag at a range of a document.
    pub fn at(document: &'d str, range: Range<usize>) -> Tag<'d> {
        let text = &document[range.clone()];
        let name = text[1..].split(|c: char| c.is_ascii_whitespace() || c == '/' || c == '>').next().unwrap_or("");
        Tag { name: local(name), start: range.start, text }
    }

    /// Where it stands in the document.
    pub fn range(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }

    /// `<SP/>`
    pub fn is_empty(&self) -> bool {
        self.text.ends_with("/>")
    }

    /// The attributes in their order.
    pub fn attributes(&self) -> Attributes<'d> {
        let after_name = self.text.find(|c: char| c.is_ascii_whitespace()).unwrap_or(self.text.len());
        Attributes { text: self.text, at: after_name, start: self.start }
    }

    /// The attribute of that name.
    pub fn get(&self, name: &str) -> Option<Attribute<'d>> {
        self.attributes().find(|a| a.name == name)
    }

    /// Where another attribute can be put, with a space before it.
    pub fn after_attributes(&self) -> usize {
        self.attributes().last().map_or_else(
            || self.start + self.text.find(|c: char| c.is_ascii_whitespace() || c == '/' || c == '>').unwrap_or(self.text.len()),
            |a| {
                let end = a.range.end;
                end + usize::from(matches!(self.text.as_bytes()[end - self.start], b'"' | b'\''))
            },
        )
    }
}

/// What names are made of, but for letters beyond ASCII.
static NAME: [bool; 256] = {
    let mut name = [false; 256];
    let mut byte = 0u8;
    while byte < 0x80 {
        name[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':' | b'-' | b'.');
        byte += 1;
    }
    name
};

/// Whether a tag is written as nearly all are: `name="value"` or `name='value'`, with a space before each. quick-xml judges the others; it
/// takes a fifth of the time of reading where it looks at all of them.
fn plainly_well_formed(tag: &str) -> bool {
    let space = |b: u8| matches!(b, b' ' | b'\t' | b'\r' | b'\n');
    let mut rest = tag.bytes();
    if !rest.any(space) {
        return true;
    }
    loop {
        match rest.find(|b| !space(*b)) {
            Some(b'>') => return rest.len() == 0,
            Some(b'/') => return rest.eq([b'>']),
            Some(b) if NAME[b as usize] => {}
            _ => return false,
        }
        if rest.find(|b| !NAME[*b as usize]) != Some(b'=') {
            return false;
        }
        let Some(quote @ (b'"' | b'\'')) = rest.next() else { return false };
        if !rest.any(|b| b == quote) || !rest.clone().next().is_some_and(|b| space(b) || matches!(b, b'/' | b'>')) {
            return false;
        }
    }
}

/// See [`Tag::attributes`].
pub struct Attributes<'d> {
    text: &'d str,
    at: usize,
    start: usize,
}

impl<'d> Iterator for Attributes<'d> {
    type Item = Attribute<'d>;

    fn next(&mut self) -> Option<Attribute<'d>> {
        let bytes = self.text.as_bytes();
        let mut at = self.at;
        while matches!(bytes.get(at), Some(b' ' | b'\t' | b'\r' | b'\n' | b'/')) {
            at += 1;
        }
        let name_start = at;
        while !matches!(bytes.get(at)?, b'=' | b'>' | b' ' | b'\t' | b'\r' | b'\n') {
            at += 1;
        }
        let name = &self.text[name_start..at];
        if name.is_empty() {
            return None;
        }
        let blank = |at: &mut usize| {
            while matches!(bytes.get(*at), Some(b' ' | b'\t' | b'\r' | b'\n')) {
                *at += 1;
            }
        };
        let name_end = at;
        blank(&mut at);
        if bytes.get(at) != Some(&b'=') {
            // An attribute without a value, as HTML allows.
            self.at = name_end;
            return Some(Attribute { name, raw: "", range: self.start + name_end..self.start + name_end });
        }
        at += 1;
        blank(&mut at);
        let (from, to) = match bytes.get(at)? {
            quote @ (b'"' | b'\'') => (at + 1, at + 1 + memchr::memchr(*quote, &bytes[at + 1..])?),
            _ => (at, at + self.text[at..].find(|c: char| c.is_ascii_whitespace() || c == '>')?),
        };
        self.at = to + usize::from(matches!(bytes[to], b'"' | b'\''));
        Some(Attribute { name, raw: &self.text[from..to], range: self.start + from..self.start + to })
    }
}

/// The name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// Walks a document.
pub struct Xml<'d> {
    document: &'d str,
    dialect: Dialect,
    reader: Reader<&'d [u8]>,
    /// Bytes of byte order marks, which stand before what the reader is given.
    marks: usize,
    open: Vec<&'d str>,
    /// The end of an empty element that was just begun.
    empty: Option<(&'d str, usize)>,
    rooted: bool,
}

impl<'d> Xml<'d> {
    /// Walks a document from its start.
    ///
    /// # Errors
    /// A document over [`MAX_DOCUMENT`].
    pub fn new(document: &'d str, dialect: Dialect) -> Checked<Xml<'d>> {
        if document.len() > MAX_DOCUMENT {
            return Err(Fault::new(0, format!("larger than {} MB; no page is", MAX_DOCUMENT >> 20)));
        }
        // The reader would pass over a byte order mark and not count it.
        let marks = document.len() - document.trim_start_matches('\u{feff}').len();
        let mut reader = Reader::from_str(&document[marks..]);
        let html = dialect == Dialect::Html;
        let config = reader.config_mut();
        config.allow_unmatched_ends = html;
        config.check_end_names = !html;
        config.allow_dangling_amp = html;
        Ok(Xml { document, dialect, reader, marks, open: Vec::new(), empty: None, rooted: false })
    }

    /// Bytes of the document that were read.
    fn position(&self) -> usize {
        self.marks + self.reader.buffer_position() as usize
    }

    /// The document that is walked.
    pub fn document(&self) -> &'d str {
        self.document
    }

    /// How many elements are open.
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// The next part; `None` at the end.
    ///
    /// # Errors
    /// A document that is not well-formed, that has a DTD of its own, that goes over a limit.
    #[allow(clippy::should_implement_trait, reason = "an iterator of results would only be turned into this by every caller")]
    pub fn next(&mut self) -> Checked<Option<Node<'d>>> {
        if let Some((name, at)) = self.empty.take() {
            self.open.pop();
            return Ok(Some(Node::End { name, range: at..at }));
        }
        loop {
            let start = self.position();
            let event = self.reader.read_event().map_err(|e| self.fault(&e))?;
            let range = start..self.position();
            match event {
                Event::Start(tag) => return self.start(range, &tag, false).map(Some),
                Event::Empty(tag) => return self.start(range, &tag, true).map(Some),
                Event::End(_) => {
                    let name = self.document[range.clone()].trim_start_matches("</").trim_end_matches('>').trim_end();
                    let name = local(name);
                    if self.dialect == Dialect::Html {
                        // An end without a start is nothing; a start without an end is closed with what holds it.
                        match self.open.iter().rposition(|open| open.eq_ignore_ascii_case(name)) {
                            Some(at) => self.open.truncate(at),
                            None => continue,
                        }
                    } else {
                        self.open.pop();
                    }
                    return Ok(Some(Node::End { name, range }));
                }
                Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => {
                    if !self.open.is_empty() {
                        return Ok(Some(Node::Text(range)));
                    }
                    let outside = self.document[range.clone()].trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
                    if !outside.is_empty() && self.dialect == Dialect::Xml {
                        return Err(Fault::new(range.start, "text outside of the root element"));
                    }
                }
                Event::DocType(_) => {
                    let text = &self.document[range.clone()];
                    if text.contains('[') || text.to_ascii_uppercase().contains("<!ENTITY") {
                        return Err(Fault::new(
                            range.start,
                            "a document type with definitions of its own; such files are not read, for safety",
                        ));
                    }
                }
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
                Event::Eof => {
                    return match self.open.last() {
                        Some(name) if self.dialect == Dialect::Xml => {
                            Err(Fault::new(self.document.len(), format!("the file ends inside <{name}>: it was cut off")))
                        }
                        _ if !self.rooted => Err(Fault::new(0, "no element in it")),
                        _ => Ok(None),
                    };
                }
            }
        }
    }

    fn start(&mut self, range: Range<usize>, tag: &BytesStart, empty: bool) -> Checked<Node<'d>> {
        let start = range.start;
        if range.len() > MAX_TAG {
            return Err(Fault::new(start, format!("a tag of more than {} kB", MAX_TAG >> 10)));
        }
        if self.open.is_empty() && std::mem::replace(&mut self.rooted, true) && self.dialect == Dialect::Xml {
            return Err(Fault::new(start, "a second root element"));
        }
        // Where it is not known what is an attribute and what its value, nothing can be spliced. An attribute that stands twice is for
        // `validate` to say.
        if self.dialect == Dialect::Xml
            && !plainly_well_formed(&self.document[range.clone()])
            && let Some(error) = tag.attributes().with_checks(false).find_map(Result::err)
        {
            return Err(Fault::new(start, format!("<{}>: {error}", tag.name().as_ref().escape_debug())));
        }
        let tag = Tag::at(self.document, range.clone());
        // The shortest attribute has five bytes.
        if tag.text.len() > MAX_ATTRIBUTES * 5 && tag.attributes().take(MAX_ATTRIBUTES + 1).count() > MAX_ATTRIBUTES {
            return Err(Fault::new(start, format!("an element with more than {MAX_ATTRIBUTES} attributes")));
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(Fault::new(start, format!("more than {MAX_DEPTH} elements inside each other")));
        }
        self.open.push(tag.name);
        let void = |name: &str| ["meta", "link", "br", "img", "hr", "input", "col", "wbr"].iter().any(|v| v.eq_ignore_ascii_case(name));
        if empty || self.dialect == Dialect::Html && void(tag.name) {
            self.empty = Some((tag.name, range.end));
        }
        Ok(Node::Start(tag))
    }

    fn fault(&self, error: &QuickError) -> Fault {
        let at = (self.marks + self.reader.error_position() as usize).min(self.document.len());
        let message = match error {
            QuickError::Syntax(SyntaxError::UnclosedTag) => "a tag without an end: the file was cut off".into(),
            QuickError::IllFormed(IllFormedError::MismatchedEndTag { expected, found }) => {
                format!("</{found}> where </{expected}> should be")
            }
            other => format!("not well-formed: {other}"),
        };
        Fault::new(at, message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(document: &str, dialect: Dialect) -> Checked<Vec<String>> {
        let mut xml = Xml::new(document, dialect)?;
        let mut seen = Vec::new();
        while let Some(node) = xml.next()? {
            seen.push(match node {
                Node::Start(tag) => tag.text.to_owned(),
                Node::End { name, .. } => format!("/{name}"),
                Node::Text(range) => document[range].to_owned(),
            });
        }
        Ok(seen)
    }

    #[test]
    fn what_is_plainly_well_formed_is_well_formed() {
        let plain = ["<a>", "<a/>", "<a />", "<a b=\"c\">", "<a b='\"' c:d=\"<'\"/>", "<a\n\tb=\"\"\r\n/>"];
        let others = [
            "<a b>",
            "<a b=>",
            "<a b=c>",
            "<a b=\"c>",
            "<a b=\"c\"d=\"e\">",
            "<a =\"c\">",
            "<a / b=\"c\">",
            "<a b = \"c\">",
            "<a \"b\">",
            "<a é=\"c\">",
        ];
        let quick = |tag: &str| match Reader::from_str(tag).read_event() {
            Ok(Event::Start(tag) | Event::Empty(tag)) => tag.attributes().with_checks(false).all(|a| a.is_ok()),
            _ => false,
        };
        assert!(plain.iter().all(|tag| plainly_well_formed(tag) && quick(tag)));
        assert!(others.iter().all(|tag| !plainly_well_formed(tag)));
    }

    #[test]
    fn ranges_are_those_of_the_document() {
        let document = "<?xml version='1.0'?>\n<a:alto x = \"1\" y='a&amp;b'><SP/>q&#x2E17;</a:alto>";
        assert_eq!(walk(document, Dialect::Xml).unwrap(), ["<a:alto x = \"1\" y='a&amp;b'>", "<SP/>", "/SP", "q", "&#x2E17;", "/alto"]);
        let tag = Tag::at(document, 22..document.find("<SP/>").unwrap());
        let y = tag.get("y").unwrap();
        assert_eq!((tag.name, y.text().as_ref(), &document[y.range.clone()]), ("alto", "a&b", "a&amp;b"));
        assert_eq!(&document[tag.after_attributes()..tag.after_attributes() + 1], ">");
        assert_eq!(Tag::at("<SP/>", 0..5).after_attributes(), 3);
        assert_eq!(plain("a<b>c</b>&lt;<![CDATA[&lt;]]>&bogus;"), "ac<&lt;&bogus;");
    }

    #[test]
    fn what_is_broken_or_hostile_is_refused_with_its_place() {
        let deep = "<a>".repeat(MAX_DEPTH + 1);
        let wide = format!("<a {}/>", (0..=MAX_ATTRIBUTES).map(|i| format!("a{i}=''")).collect::<Vec<_>>().join(" "));
        for (document, message) in [
            ("<!DOCTYPE lolz [<!ENTITY lol \"lol\">]><a>&lol;</a>", "document type"),
            (&deep, "inside each other"),
            (&wide, "attributes"),
            ("<a><b></a>", "</a> where </b>"),
            ("<a><b/>", "cut off"),
            ("<a/><b/>", "second root"),
            ("<a/>x", "outside"),
            ("<a b=c/>", "<a>: "),
            ("<a b\"c\"/>", "<a>: "),
            ("<a b=\n\"c\" d/>", "<a>: "),
            ("  ", "no element"),
        ] {
            let fault = walk(document, Dialect::Xml).unwrap_err();
            assert!(fault.message.contains(message), "{document:.60}: {fault:?}");
        }
    }

    #[test]
    fn html_may_leave_elements_open() {
        let seen = walk("<!DOCTYPE html><html><meta charset=utf-8><p>a<br>b &c</html>", Dialect::Html).unwrap();
        assert_eq!(seen[..4], ["<html>", "<meta charset=utf-8>", "/meta", "<p>"]);
    }
}
