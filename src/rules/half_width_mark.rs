//! `half-width-mark`: an ASCII comma, colon, full stop or bracket in Chinese text.

use smallvec::{SmallVec, smallvec};

use super::{Example, Meta, Proposals, Rule, Stage, View};
use crate::characters::{
    Side, after, before, chinese_text, find_pairs, is_digit, is_edge, is_han, is_latin, is_mark, is_narrow_space, left, right,
};
use crate::dictionary::{Dictionaries, fold_han};
use crate::edit::{Applicability, Edit, Evidence, EvidenceList, Replacement, Severity};
use crate::model::{Language, Span};
use crate::rules::wrong_middle_dot::spells_names;

pub struct HalfWidthMark;

impl Rule for HalfWidthMark {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "half-width-mark",
            stage: Stage::Marks,
            severity: Severity::Note,
            summary: "Puts the full-width mark where an ASCII comma, colon, full stop or bracket stands in Chinese text.",
            why: "Chinese print has full-width marks only; OCR models trained on English hand out the ASCII ones. Sentence splitters and \
                  quotations then miss the sentence ends, and a line no longer sets as printed.",
            caution: "Touches nothing between digits (3.14, 10:30, 1,000), in addresses and in Latin text. A full stop between two syllables of a \
                      foreign name may be a middle dot, one behind 一 or 甲 numbers a list: both stay. With Chinese on one side only a \
                      person decides.",
            source: "GB/T 15834-2011 (General rules for punctuation), 5.1.",
            examples: &[
                Example { before: "会议指出,要抓好落实.", after: "会议指出，要抓好落实。" },
                Example {
                    before: "本报讯(记者 方心怡)昨日,气温3.5℃。", after: "本报讯（记者 方心怡）昨日，气温3.5℃。"
                },
                Example { before: "网址:https://example.org/a,b。", after: "网址:https://example.org/a,b。" },
            ],
        }
    }

    fn check_issue(&self, view: &View, out: &mut Proposals) {
        let rule = self.meta().name;
        for region in chinese_text(view.issue) {
            let text = &view.issue.text[region.clone()];
            // ASCII marks, and the last two bytes of ． (EF BC 8E).
            let rare = |a: u8, b: u8| (a.wrapping_sub(0x21) < 15) | (a.wrapping_sub(0x3a) < 6) | ((a == 0xbc) & (b == 0x8e));
            for at in find_pairs(text.as_bytes(), rare) {
                let found = match text.as_bytes()[at] {
                    b'(' | b')' => brackets(text, at),
                    b'.' => full_stop(view.dictionaries, text, at, at + 1),
                    0xbc if at > 0 && text.as_bytes()[at - 1] == 0xef => full_stop(view.dictionaries, text, at - 1, at + 2),
                    b @ (b',' | b':' | b';' | b'!' | b'?') => mark(text, at, b),
                    _ => None,
                };
                out.edits.extend(found.map(|f| f.edit(rule, region.start)));
            }
        }
    }
}

/// A repair with places relative to its region.
struct Found {
    places: SmallVec<[(Span, &'static str); 2]>,
    safe: bool,
    evidence: EvidenceList,
}

impl Found {
    fn new(span: Span, to: &'static str, safe: bool, evidence: Evidence) -> Option<Found> {
        Some(Found { places: smallvec![(span, to)], safe, evidence: smallvec![evidence] })
    }

    fn edit(self, rule: &'static str, base: usize) -> Edit {
        let place = |(span, to): (Span, &str)| Replacement { span: base + span.start..base + span.end, text: to.into() };
        Edit {
            rule,
            replacements: self.places.into_iter().map(place).collect(),
            applicability: if self.safe { Applicability::Safe } else { Applicability::Review },
            confidence: if self.safe { 0.998 } else { 0.8 },
            evidence: self.evidence,
        }
    }
}

/// The mark with the spaces that OCR put beside it, if Chinese goes on behind them.
fn with_spaces(text: &str, start: usize, end: usize) -> Span {
    let spaces = |s: &mut dyn Iterator<Item = char>| s.take_while(|&c| is_narrow_space(c)).map(char::len_utf8).sum::<usize>();
    let (l, r) = (spaces(&mut text[..start].chars().rev()), spaces(&mut text[end..].chars()));
    let from = if before(text, start - l).is_some_and(is_han) { start - l } else { start };
    let to = if after(text, end + r).is_some_and(is_han) { end + r } else { end };
    from..to
}

fn mark(text: &str, at: usize, byte: u8) -> Option<Found> {
    let to = match byte {
        b',' => "，",
        b':' => "：",
        b';' => "；",
        b'!' => "！",
        _ => "？",
    };
    let span = with_spaces(text, at, at + 1);
    let (previous, next) = (before(text, span.start), after(text, span.end));
    let word = |c: Option<char>| c.is_some_and(|c| is_digit(c) || is_latin(c));
    if (word(previous) && word(next)) || next == Some('/') {
        return None;
    }
    let (l, r) = (left(text, span.start), right(text, span.end));
    let (safe, evidence) = match (l, r) {
        (Side::Han, Side::Han) => (true, Evidence::named("han-both-sides")),
        (Side::Han, Side::Edge) => (true, Evidence::named("han-and-line-end")),
        (Side::Word(word), Side::Han | Side::Edge) | (Side::Han, Side::Word(word)) => (true, Evidence::text("han-beyond", word)),
        (Side::Word(a), Side::Word(b)) => (true, Evidence::text("han-beyond", format!("{a} {b}"))),
        (Side::Han, Side::Other) if !next.is_some_and(is_narrow_space) && !ascii_address(text, span.end) => {
            (false, Evidence::named("han-on-the-left"))
        }
        // A space behind the mark is how Latin text sets it.
        (Side::Edge | Side::Other, Side::Han) if span.end == at + 1 && !numbers_a_list(text, at) => {
            (false, Evidence::named("han-on-the-right"))
        }
        _ => return None,
    };
    Found::new(span, to, safe, evidence)
}

/// A web or mail address begins here.
fn ascii_address(text: &str, at: usize) -> bool {
    let word = text[at..].split(|c: char| !c.is_ascii_graphic()).next().unwrap_or("");
    word.contains(['/', '@']) || word.contains("www.")
}

/// The start of the line up to the mark is a number: `1,` `12.` `一.` `（三）`.
fn numbers_a_list(text: &str, at: usize) -> bool {
    let start = text[..at].rfind(['\n', '\u{c}']).map_or(0, |i| i + 1);
    is_item_number(text[start..at].trim_start())
}

fn is_item_number(text: &str) -> bool {
    let item = |c| is_digit(c) || c.is_ascii_alphabetic() || is_numeral(c) || matches!(c, '(' | ')' | '（' | '）');
    text.chars().count() <= 5 && text.chars().all(item)
}

fn is_numeral(c: char) -> bool {
    matches!(c, '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '甲' | '乙' | '丙' | '丁')
}

fn full_stop(dictionaries: &Dictionaries, text: &str, start: usize, end: usize) -> Option<Found> {
    let dot = |c: Option<char>| matches!(c, Some('.' | '．' | '。' | '·' | '…'));
    let (previous, next) = (before(text, start)?, after(text, end));
    if dot(Some(previous)) || dot(next) {
        return None;
    }
    let span = with_spaces(text, start, end);
    let (previous, next) = (before(text, span.start).unwrap_or(previous), after(text, span.end));
    // Behind a digit or a letter a dot is a decimal point, a number or an abbreviation.
    let closes = matches!(previous, '”' | '"' | '’' | '）' | ')' | '》' | '】' | '」' | '』' | '％' | '%' | '℃');
    if !(is_han(previous) || closes) {
        return None;
    }
    let clause_start = text[..span.start].rfind(|c: char| is_edge(Some(c)) || is_mark(c) && !matches!(c, '（' | '）' | '(' | ')'));
    let clause = clause_start.map_or(0, |i| i + text[i..].chars().next().map_or(1, char::len_utf8));
    if is_item_number(text[clause..span.start].trim_start()) {
        return None;
    }
    let l = left(text, span.start);
    if !matches!(l, Side::Han | Side::Word(_)) {
        return None;
    }
    if next.is_some_and(is_han) {
        return if names(dictionaries, text, &span) { None } else { Found::new(span, "。", true, Evidence::named("han-both-sides")) };
    }
    match right(text, span.end) {
        Side::Edge => Found::new(span, "。", true, Evidence::named("han-and-line-end")),
        Side::Han if next.is_some_and(|c| !is_narrow_space(c)) => Found::new(span, "。", true, Evidence::named("han-both-sides")),
        Side::Word(word) => Found::new(span, "。", word.starts_with(is_digit) && is_han(previous), Evidence::text("han-beyond", word)),
        _ => None,
    }
}

/// The dot may stand in a foreign name: `乔治.布什`.
fn names(dictionaries: &Dictionaries, text: &str, span: &Span) -> bool {
    let spelled = |c: &char| spells_names(fold_han(*c));
    let before = text[..span.start].chars().rev().take(2).take_while(spelled).count();
    let after = text[span.end..].chars().take(2).take_while(spelled).count();
    if before == 1 {
        // 措施.伊朗: the last character only looks like one of a name.
        let start = text[..span.start].char_indices().rev().nth(1).map_or(0, |(i, _)| i);
        let word: String = text[start..span.start].chars().map(fold_han).collect();
        if dictionaries.lexicon(Language::Zh).is_some_and(|l| l.contains(&word)) {
            return false;
        }
    }
    before > 0 && after > 0 && before + after > 2
}

/// Longest text in bytes between two brackets that is taken for one pair without a person.
const SURE: usize = 360;
/// Longest text in bytes between two brackets.
const LONGEST: usize = 1500;

/// A pair with an ASCII bracket at its start or, where the start is full-width, at its end.
fn brackets(text: &str, at: usize) -> Option<Found> {
    let (open, close) = if text.as_bytes()[at] == b'(' {
        (at, partner(text[at + 1..].char_indices().map(|(i, c)| (at + 1 + i, c)), at, ')', '(')?)
    } else {
        let open = partner(text[..at].char_indices().rev(), at, '(', ')')?;
        if text.as_bytes()[open] == b'(' {
            return None;
        }
        (open, at)
    };
    let width = |at: usize| text[at..].chars().next().map_or(1, char::len_utf8);
    let inside = &text[open + width(open)..close];
    let one_line = !inside.contains(['\n', '\u{c}']);
    let (safe, evidence) = if inside.chars().any(is_han) {
        let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic() || c == ' ');
        let in_latin_text = latin(before(text, open)) && latin(after(text, close + width(close)));
        (one_line && inside.len() <= SURE && !in_latin_text, "pair-holds-han")
    } else if width(open) != width(close) {
        (one_line && inside.len() <= SURE, "pair-of-two-widths")
    } else {
        return None;
    };
    let ascii = |at: usize, to| (width(at) == 1).then_some((at..at + 1, to));
    let places = [ascii(open, "（"), ascii(close, "）")].into_iter().flatten().collect();
    Some(Found { places, safe, evidence: smallvec![Evidence::named(evidence)] })
}

/// The bracket that closes (or opens) what opens (or closes) at `at`, in either width.
fn partner(characters: impl Iterator<Item = (usize, char)>, at: usize, wanted: char, same: char) -> Option<usize> {
    let wide = |c| if c == '(' { '（' } else { '）' };
    let mut depth = 0;
    for (i, c) in characters {
        if i.abs_diff(at) > LONGEST {
            return None;
        }
        if c == same || c == wide(same) {
            depth += 1;
        } else if c == wanted || c == wide(wanted) {
            if depth == 0 {
                return Some(i);
            }
            depth -= 1;
        }
    }
    None
}
