//! `broken-dash`: hyphens, bars or the numeral 一一 where —— was printed.

use std::sync::LazyLock;

use smallvec::smallvec;

use super::{Example, Meta, Proposals, Rule, Stage, View};
use crate::characters::{after, before, chinese_regions, find_pairs, is_cjk_mark, is_digit, is_edge, is_han, is_latin};
use crate::dictionary::{Dictionaries, fold_han_text};
use crate::edit::{Applicability, Edit, Evidence, Replacement, Severity};
use crate::model::Language;

pub struct BrokenDash;

impl Rule for BrokenDash {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "broken-dash",
            stage: Stage::Marks,
            severity: Severity::Note,
            summary: "Puts —— where two hyphens, bars or 一一 stand for the dash in Chinese text.",
            why: "The Chinese dash is one stroke over two squares. OCR reads it as two hyphens, as two pieces of a table rule or as twice the \
                  numeral one, and the last of these changes the words.",
            caution: "一一 is also a word (one by one: 一一握手) and a part of numbers (一九一一): only where neither can be is it taken for a dash. A single \
                      — between names or numbers is right. Rows of more than two are rules of tables and stay.",
            source: "GB/T 15834-2011, 4.10; the adverbs of 一一 in dictionaries/marks/one-by-one.tsv.",
            examples: &[
                Example {
                    before: "时代的呼唤--记全国劳动模范李明。", after: "时代的呼唤——记全国劳动模范李明。"
                },
                Example { before: "他与代表们一一握手。", after: "他与代表们一一握手。" },
                Example { before: "中国—中亚峰会开幕。", after: "中国—中亚峰会开幕。" },
            ],
        }
    }

    fn check_issue(&self, view: &View, out: &mut Proposals) {
        for region in chinese_regions(view.issue) {
            let text = &view.issue.text[region.clone()];
            let mut done = 0;
            // `--`, and the last two bytes of － (BC 8D), ― (80 95), ─ (94 80) and 一 (B8 80).
            let rare = |a: u8, b: u8| {
                ((a == b'-') & (b == b'-'))
                    | ((a == 0xbc) & (b == 0x8d))
                    | ((a == 0x80) & (b == 0x95))
                    | ((a == 0x94) & (b == 0x80))
                    | ((a == 0xb8) & (b == 0x80))
            };
            for at in find_pairs(text.as_bytes(), rare) {
                let at = if text.as_bytes()[at] == b'-' { at } else { at.saturating_sub(1) };
                if at < done || !text.is_char_boundary(at) {
                    continue;
                }
                let Some(stroke) = after(text, at).filter(|c| matches!(c, '-' | '－' | '―' | '─' | '一')) else { continue };
                let end = at + 2 * stroke.len_utf8();
                if after(text, at + stroke.len_utf8()) != Some(stroke) {
                    continue;
                }
                if after(text, end) == Some(stroke) {
                    // A rule of a table, or 一一一.
                    done = end + text[end..].chars().take_while(|&c| c == stroke).count() * stroke.len_utf8();
                    continue;
                }
                done = end;
                let verdict = if stroke == '一' { numeral(view.dictionaries, text, at, end) } else { strokes(text, at, end, stroke) };
                if let Some((safe, evidence)) = verdict {
                    out.edits.push(Edit {
                        rule: self.meta().name,
                        replacements: smallvec![Replacement { span: region.start + at..region.start + end, text: "——".into() }],
                        applicability: if safe { Applicability::Safe } else { Applicability::Review },
                        confidence: if safe { 0.998 } else { 0.8 },
                        evidence: smallvec![evidence],
                    });
                }
            }
        }
    }
}

fn strokes(text: &str, start: usize, end: usize, stroke: char) -> Option<(bool, Evidence)> {
    let (previous, next) = (before(text, start), after(text, end));
    let dash = |c: Option<char>| matches!(c, Some('-' | '－' | '―' | '─' | '—' | '│' | '┼' | '├' | '┤' | '┬' | '┴' | '>' | '<'));
    if dash(previous) || dash(next) || (is_edge(previous) && is_edge(next)) {
        return None;
    }
    let chinese = |c: Option<char>| c.is_some_and(|c| is_han(c) || is_cjk_mark(c) || matches!(c, '"' | '!' | '?' | ')' | '('));
    let word = |c: Option<char>| c.is_some_and(|c| is_digit(c) || is_latin(c));
    let evidence = Evidence::text("two-strokes", &text[start..end]);
    match (chinese(previous) || is_edge(previous), chinese(next) || is_edge(next)) {
        (true, true) => Some((true, evidence)),
        // A number or a Latin word on one side; `--help` and `1--4` are left alone.
        (true, false) if word(next) && chinese(previous) => Some((stroke != '-' || next.is_some_and(is_digit), evidence)),
        (false, true) if word(previous) && chinese(next) => Some((stroke != '-' || previous.is_some_and(is_digit), evidence)),
        _ => None,
    }
}

/// 一一: a dash, unless it counts or is the adverb.
fn numeral(dictionaries: &Dictionaries, text: &str, start: usize, end: usize) -> Option<(bool, Evidence)> {
    let (previous, next) = (before(text, start), after(text, end));
    let counts = |c: Option<char>| c.is_some_and(|c| is_digit(c) || "〇零○Ｏ二三四五六七八九十百千万亿廿卅第初".contains(c));
    if counts(previous) || counts(next) || (is_edge(previous) && is_edge(next)) {
        return None;
    }
    let mark = |c: char| is_cjk_mark(c) || matches!(c, '"' | ')' | ']');
    let opener = |c: char| matches!(c, '“' | '《' | '「' | '『' | '"');
    if previous.is_some_and(|c| mark(c) && !matches!(c, '，' | '、' | '。')) {
        return Some((true, Evidence::named("numeral-behind-mark")));
    }
    if next.is_some_and(opener) {
        return Some((true, Evidence::named("numeral-before-title")));
    }
    let folded = fold_han_text(&text[end..end + text[end..].char_indices().nth(4).map_or(text.len() - end, |(i, _)| i)]).into_owned();
    let behind = folded.as_str();
    let tail = text[..start].char_indices().rev().nth(1).map_or(0, |(i, _)| i);
    let ahead = fold_han_text(&text[tail..start]).into_owned();
    let adverb = ONE_BY_ONE.iter().any(|(place, word)| match *place {
        "behind" => behind.starts_with(word),
        _ => ahead.ends_with(word),
    });
    if adverb || next.is_none_or(|c| !is_han(c)) {
        return None;
    }
    // 一 may begin the next word (一一对, 一 一下) or end the one before (统一一个).
    let lexicon = dictionaries.lexicon(Language::Zh)?;
    let one = '一'.len_utf8();
    let from_second = fold_han_text(&text[end - one..]).chars().take(5).collect::<String>();
    let begins = lexicon.words_at(&from_second).any(|(length, zipf)| length > one && zipf > 3.0);
    let ends = ahead.chars().next_back().is_some_and(|c| lexicon.contains(&format!("{c}一")));
    if begins || ends {
        return None;
    }
    let first = is_edge(previous);
    Some((first, Evidence::named(if first { "numeral-opens-line" } else { "numeral-between-phrases" })))
}

/// What stands beside 一一 where it is a word.
static ONE_BY_ONE: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    let rows = include_str!("../../dictionaries/marks/one-by-one.tsv").lines().skip(1);
    rows.filter_map(|row| row.split_once('\t')).map(|(word, place)| (place, word)).collect()
});
