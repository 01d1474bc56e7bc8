//! What kinds of characters stand where: the ground the rules of the stages forms and marks stand on.
//!
//! [`find_pairs`] finds the few bytes worth a look, [`left`] and [`right`] tell what stands beside a mark.

mod beside;
mod scan;
mod words;

pub use beside::{Side, left, right};
pub use scan::find_pairs;
pub use words::{Across, most_gained, word_across, word_at};

use crate::model::{Issue, Span};

/// A Han character: the unified ideographs with their extensions, 〇, and the compatibility blocks.
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '〇' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3134f}')
}

/// A mark that only Chinese or Japanese text has, or that such text shares with others in its full-width form.
pub fn is_cjk_mark(c: char) -> bool {
    matches!(c,
        '、' | '。' | '〈'..='】' | '〔'..='〗' | '，' | '．' | '：' | '；' | '！' | '？' | '（' | '）'
        | '“' | '”' | '‘' | '’' | '…' | '—' | '·')
}

/// A mark of Chinese text, or what stands for one in damaged text: the half-width twins, pieces of dashes, other dots.
///
/// Rules ask this of the characters around a place, so that they see the same before and after their neighbours are repaired.
pub fn is_mark(c: char) -> bool {
    is_cjk_mark(c)
        || matches!(
            c,
            ',' | '.' | ':' | ';' | '!' | '?' | '(' | ')' | '"' | '\'' | '[' | ']' | '-' | '－' | '―' | '─' | '•' | '‧' | '・' | '･'
        )
}

/// [`char::is_alphanumeric`], for text full of Han characters: the standard library searches a table for each of them.
pub fn is_alphanumeric(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}') || c.is_alphanumeric()
}

/// A digit, ASCII or full-width.
pub fn is_digit(c: char) -> bool {
    matches!(c, '0'..='9' | '０'..='９')
}

/// A Latin letter, ASCII or full-width.
pub fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | 'À'..='ɏ')
}

/// The space an OCR engine puts between words; U+3000 is not one, a printer set that.
pub fn is_narrow_space(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}')
}

/// The character that ends at `at`.
pub fn before(text: &str, at: usize) -> Option<char> {
    text[..at].chars().next_back()
}

/// The character that starts at `at`.
pub fn after(text: &str, at: usize) -> Option<char> {
    text[at..].chars().next()
}

/// The end of a line: nothing, a line end or a page end.
pub fn is_edge(c: Option<char>) -> bool {
    matches!(c, None | Some('\n' | '\r' | '\u{c}'))
}

/// The text of each region whose language is Chinese.
pub fn chinese_regions(issue: &Issue) -> impl Iterator<Item = Span> + '_ {
    let regions = issue.regions.iter().filter(|r| r.language.is_chinese() && !r.lines.is_empty());
    regions.map(|r| issue.lines[r.lines.start].span.start..issue.lines[r.lines.end - 1].span.end)
}

/// [`chinese_regions`], with those that follow one another and have the same language as one: for rules that look no further than a
/// line end. Searches have little to do in a paragraph.
pub fn chinese_text(issue: &Issue) -> impl Iterator<Item = Span> + '_ {
    let mut regions = issue.regions.iter().filter(|r| !r.lines.is_empty()).peekable();
    std::iter::from_fn(move || {
        let first = regions.find(|r| r.language.is_chinese())?;
        let mut last = first;
        while let Some(next) = regions.next_if(|r| r.language == first.language && r.lines.start == last.lines.end) {
            last = next;
        }
        Some(issue.lines[first.lines.start].span.start..issue.lines[last.lines.end - 1].span.end)
    })
}
