//! What stands beside a mark, other marks passed over.

use super::{is_ascii_mark, is_cjk_mark, is_digit, is_edge, is_han, is_latin};

/// One side of a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side<'a> {
    /// A Han character, directly or behind other marks.
    Han,
    /// A number or one word in Latin letters, with a Han character or the line's end behind it: `５％`, `GDP`.
    Word(&'a str),
    /// The end of the line.
    Edge,
    /// Latin text, a space, anything else.
    Other,
}

/// Longest number or word in bytes that is passed over.
const WORD: usize = 24;

/// What stands left of `at`.
///
/// ASCII marks are passed over like full-width ones, so that the answer is the same after those are repaired.
pub fn left(text: &str, at: usize) -> Side<'_> {
    let mut end = at;
    for c in text[..at].chars().rev() {
        if is_edge(Some(c)) {
            return Side::Edge;
        }
        if is_han(c) {
            return Side::Han;
        }
        if is_word(c) {
            let start = end - text[..end].chars().rev().take_while(|&c| in_word(c)).map(char::len_utf8).sum::<usize>();
            let behind = text[..start].chars().next_back();
            return word(&text[start..end], behind.is_some_and(|c| is_han(c) || is_cjk_mark(c)));
        }
        if !(is_cjk_mark(c) || is_ascii_mark(c)) {
            return Side::Other;
        }
        end -= c.len_utf8();
    }
    Side::Edge
}

/// What stands right of `at`.
pub fn right(text: &str, at: usize) -> Side<'_> {
    let mut start = at;
    for c in text[at..].chars() {
        if is_edge(Some(c)) {
            return Side::Edge;
        }
        if is_han(c) {
            return Side::Han;
        }
        if is_word(c) {
            let end = start + text[start..].chars().take_while(|&c| in_word(c)).map(char::len_utf8).sum::<usize>();
            let behind = text[end..].chars().next();
            return word(&text[start..end], is_edge(behind) || behind.is_some_and(|c| is_han(c) || is_cjk_mark(c)));
        }
        if !(is_cjk_mark(c) || is_ascii_mark(c)) {
            return Side::Other;
        }
        start += c.len_utf8();
    }
    Side::Edge
}

fn word(word: &str, han_behind: bool) -> Side<'_> {
    let address = word.contains(['@', '/', '_']) || word.contains("www.") || word.contains("://");
    if han_behind && !address && word.len() <= WORD { Side::Word(word) } else { Side::Other }
}

fn is_word(c: char) -> bool {
    is_digit(c) || is_latin(c) || matches!(c, '%' | '％' | '‰' | '℃' | '㎡')
}

/// What may stand inside a number, a word or an address.
fn in_word(c: char) -> bool {
    is_word(c) || matches!(c, '.' | '．' | ',' | '-' | '—' | '+' | '@' | '/' | '_' | '·' | '∶' | ':' | '~' | '&')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides() {
        let sides = |text: &'static str| {
            let at = text.find('|').unwrap();
            (left(&text[..at], at), right(text, at + 1))
        };
        assert_eq!(sides("会费”|\"能"), (Side::Han, Side::Han));
        assert_eq!(sides("增长5.2%|其中"), (Side::Word("5.2%"), Side::Han));
        assert_eq!(sides("报告|2022年"), (Side::Han, Side::Word("2022")));
        assert_eq!(sides("see a.b@c.de|请"), (Side::Other, Side::Han));
        assert_eq!(sides("结束|\n"), (Side::Han, Side::Edge));
        assert_eq!(sides("the cat|中"), (Side::Other, Side::Han));
    }
}
