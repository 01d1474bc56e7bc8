//! What a line shows at its two ends: the last word and the marks after it, the first word and the marks before it.
//!
//! Computed once a line, from a few bytes at either end; nothing is copied.

use super::sign::{Sign, sign_of};

/// The ends of one line. Offsets are bytes of the text.
#[derive(Clone, Copy, Debug, Default)]
pub struct LineView {
    /// The text without the spaces around it.
    pub start: u32,
    pub end: u32,
    /// Where the first word starts and ends (equal when the line has no letter or digit).
    pub head: (u32, u32),
    /// Where the last word starts and ends; what follows up to `end` are marks.
    pub tail: (u32, u32),
    /// Characters between `start` and `end`.
    pub width: u16,
    /// White space before the text, in characters.
    pub indent: u8,
    /// The marks at the end, as one class.
    pub sign: Sign,
    /// The first character, or the first after quotation marks that open the line.
    pub opening: Opening,
    /// What stands before the first word.
    pub lead: Lead,
}

/// What kind of character the first word starts with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Opening {
    Lower,
    Upper,
    Digit,
    /// No letter or digit in the line.
    #[default]
    None,
}

/// The marks before the first word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lead {
    #[default]
    None,
    /// An opening quotation mark.
    Quote,
    /// A dash: a new item, a new speaker.
    Dash,
    /// An opening bracket.
    Bracket,
    /// Something else: a star, a section sign, rubbish of the scanner.
    Other,
}

/// Part of a word: letters, digits and the marks that sit on letters (`aͤ`).
pub fn is_word_char(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphanumeric() } else { c.is_alphanumeric() || is_combining(c) }
}

/// Combining marks of Latin text; among them the small e over a vowel of old German prints.
pub fn is_combining(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

impl LineView {
    /// Reads the ends of `text[span]`.
    pub fn new(text: &str, span: std::ops::Range<usize>) -> LineView {
        let line = &text[span.clone()];
        let body = line.trim_start();
        let start = span.start + line.len() - body.len();
        let indent = line[..line.len() - body.len()].chars().count().min(255) as u8;
        let body = body.trim_end();
        let end = start + body.len();
        let width = char_count(body.as_bytes()).min(u16::MAX as usize) as u16;
        let mut view = LineView { start: start as u32, end: end as u32, width, indent, ..LineView::default() };
        view.read_head(body, start);
        view.read_tail(body, start);
        view
    }

    fn read_head(&mut self, body: &str, base: usize) {
        let Some((at, first)) = body.char_indices().find(|&(_, c)| is_word_char(c)) else {
            self.head = (self.end, self.end);
            return;
        };
        self.opening = if first.is_lowercase() {
            Opening::Lower
        } else if first.is_numeric() {
            Opening::Digit
        } else {
            Opening::Upper
        };
        self.lead = match body[..at].chars().next() {
            None => Lead::None,
            Some('"' | '„' | '“' | '”' | '»' | '«' | '‹' | '›' | '‘' | '’' | '\'') => Lead::Quote,
            Some('—' | '–' | '-' | '―') => Lead::Dash,
            Some('(' | '[') => Lead::Bracket,
            Some(_) => Lead::Other,
        };
        let rest = &body[at..];
        let len = rest.find(|c| !is_word_char(c)).unwrap_or(rest.len());
        self.head = ((base + at) as u32, (base + at + len) as u32);
    }

    fn read_tail(&mut self, body: &str, base: usize) {
        let word = body.trim_end_matches(|c| !is_word_char(c));
        let start = word.rfind(|c| !is_word_char(c)).map_or(0, |i| i + word[i..].chars().next().map_or(1, char::len_utf8));
        self.tail = ((base + start) as u32, (base + word.len()) as u32);
        self.sign = if word.is_empty() { Sign::Other } else { sign_of(&body[word.len()..]) };
    }

    /// The last word, split sign and other marks excluded.
    pub fn tail_word<'a>(&self, text: &'a str) -> &'a str {
        &text[self.tail.0 as usize..self.tail.1 as usize]
    }

    /// The first word, marks before it excluded.
    pub fn head_word<'a>(&self, text: &'a str) -> &'a str {
        &text[self.head.0 as usize..self.head.1 as usize]
    }
}

/// Characters of UTF-8 text: bytes that are no continuation.
fn char_count(bytes: &[u8]) -> usize {
    bytes.iter().filter(|b| (**b as i8) >= -0x40).count()
}
