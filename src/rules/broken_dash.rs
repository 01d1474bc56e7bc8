//! `broken-dash`: hyphens, bars, the numeral 一一 or half of the dash where —— was printed.

use std::sync::LazyLock;

use memchr::memmem;
use smallvec::smallvec;

use super::{Example, Meta, Proposals, Rule, Stage, View};
use crate::characters::{after, before, chinese_text, find_pairs, is_digit, is_edge, is_han, is_latin, is_mark, is_narrow_space};
use crate::dictionary::{Dictionaries, fold_han_text};
use crate::edit::{Applicability, Edit, Evidence, Replacement, Severity};
use crate::model::{Issue, Language, Span};

pub struct BrokenDash;

impl Rule for BrokenDash {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "broken-dash",
            stage: Stage::Marks,
            severity: Severity::Note,
            summary: "Puts —— where two hyphens, bars or 一一, or half of the dash, stand for it in Chinese text.",
            why: "The Chinese dash is one stroke over two squares. OCR reads it as two hyphens, as two pieces of a table rule or as twice the \
                  numeral one, and the last of these changes the words; or it loses half of it.",
            caution: "一一 is also a word (one by one: 一一握手) and a part of numbers (一九一一): only where neither can be is it taken for a dash. A single \
                      — between names or numbers is right: it becomes —— only behind a noun that says what kind of thing is named next, and \
                      without asking only where the phrase says as well that there is one such thing (重点工程—平陆运河). Rows of more than two are rules of tables and stay.",
            source: "GB/T 15834-2011, 4.10; the adverbs of 一一 in dictionaries/marks/one-by-one.tsv, the nouns in \
                     dictionaries/marks/named-kinds.tsv.",
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
        let first = out.edits.len();
        for region in chinese_text(view.issue) {
            let text = &view.issue.text[region.clone()];
            let mut done = 0;
            // `--`, `-—`, and the last two bytes of － (BC 8D), ― (80 95) and ─ (94 80); — before `-` (94 2D); the end
            // of 一 (80) before another E4.
            let rare = |a: u8, b: u8| {
                ((a == b'-') & ((b == b'-') | (b == 0xe2)))
                    | ((a == 0x94) & (b == b'-'))
                    | ((a == 0xbc) & (b == 0x8d))
                    | ((a == 0x80) & (b == 0x95))
                    | ((a == 0x94) & (b == 0x80))
                    | ((a == 0x80) & (b == 0xe4))
            };
            for at in find_pairs(text.as_bytes(), rare) {
                let at = match (text.as_bytes()[at], text.as_bytes().get(at + 1)) {
                    (b'-', _) => at,
                    (0x94, Some(b'-')) | (0x80, Some(0xe4)) => at.saturating_sub(2),
                    _ => at.saturating_sub(1),
                };
                if at < done || !text.is_char_boundary(at) {
                    continue;
                }
                if let Some(row) = row_of_both(text, at) {
                    done = row.end;
                    let both = Evidence::text("two-kinds-of-strokes", &text[row.clone()]);
                    out.edits.push(edit(self.meta().name, region.start + row.start..region.start + row.end, true, both));
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
                    out.edits.push(edit(self.meta().name, region.start + at..region.start + end, safe, evidence));
                }
            }
            for at in memmem::find_iter(text.as_bytes(), "—") {
                if let Some((safe, evidence)) = half(text, at, || opens_region(view.issue, region.start + at)) {
                    out.edits.push(edit(self.meta().name, region.start + at..region.start + at + "—".len(), safe, evidence));
                }
            }
        }
        // Like those of every rule, in the order of the text.
        out.edits[first..].sort_by_key(|e| e.replacements[0].span.start);
    }
}

fn edit(rule: &'static str, span: Span, safe: bool, evidence: Evidence) -> Edit {
    Edit {
        rule,
        replacements: smallvec![Replacement { span, text: "——".into() }],
        applicability: if safe { Applicability::Safe } else { Applicability::Review },
        confidence: if safe { 0.998 } else { 0.8 },
        evidence: smallvec![evidence],
    }
}

/// Two to four strokes, em dashes and hyphens mixed, between Chinese: `—-`, `——-`.
fn row_of_both(text: &str, at: usize) -> Option<Span> {
    let stroke = |c: &char| matches!(c, '—' | '-' | '－');
    let start = at - text[..at].chars().rev().take_while(stroke).map(char::len_utf8).sum::<usize>();
    let row = &text[start..at + text[at..].chars().take_while(stroke).map(char::len_utf8).sum::<usize>()];
    let chinese = |c: Option<char>| c.is_some_and(|c| is_han(c) || is_mark(c));
    let both = row.contains('—') && row.contains(['-', '－']) && row.chars().count() <= 4;
    let end = start + row.len();
    (both && chinese(before(text, start)) && chinese(after(text, end))).then_some(start..end)
}

fn strokes(text: &str, start: usize, end: usize, stroke: char) -> Option<(bool, Evidence)> {
    let (previous, next) = (before(text, start), after(text, end));
    let dash = |c: Option<char>| matches!(c, Some('-' | '－' | '―' | '─' | '—' | '│' | '┼' | '├' | '┤' | '┬' | '┴' | '>' | '<'));
    if dash(previous) || dash(next) || (is_edge(previous) && is_edge(next)) {
        return None;
    }
    let chinese = |c: Option<char>| c.is_some_and(|c| is_han(c) || is_mark(c));
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
    // Spaces nearby may be repaired at the same time: they are looked through.
    let (left, right) = (text[..start].trim_end_matches(is_narrow_space), text[end..].trim_start_matches(is_narrow_space));
    let (previous, next) = (left.chars().next_back(), right.chars().next());
    let counts = |c: Option<char>| c.is_some_and(|c| "〇零○Ｏ二三四五六七八九十百千万亿廿卅第初".contains(c));
    let stroke = |c: Option<char>| c.is_some_and(|c| "-－―─—".contains(c));
    if counts(previous) || counts(next) || stroke(previous) || stroke(next) || (is_edge(previous) && is_edge(next)) {
        return None;
    }
    let behind = fold_han_text(&right[..right.char_indices().nth(4).map_or(right.len(), |(i, _)| i)]).into_owned();
    let ahead = fold_han_text(&left[left.char_indices().rev().nth(1).map_or(0, |(i, _)| i)..]).into_owned();
    let adverb = ONE_BY_ONE.iter().any(|(place, word)| match *place {
        "behind" => behind.starts_with(word),
        _ => ahead.ends_with(word),
    });
    if adverb {
        return None;
    }
    let opener = |c: char| matches!(c, '“' | '《' | '「' | '『' | '"');
    if previous.is_some_and(|c| is_mark(c) && !matches!(c, '，' | '、' | '。' | '…' | '·' | ',' | '.' | '．')) {
        return Some((true, Evidence::named("numeral-behind-mark")));
    }
    if next.is_some_and(opener) {
        return Some((true, Evidence::named("numeral-before-title")));
    }
    if next.is_none_or(|c| !(is_han(c) || is_digit(c))) {
        return None;
    }
    // The first 一 may end a word: 统一一个.
    let lexicon = dictionaries.lexicon(Language::Zh)?;
    if ahead.chars().next_back().is_some_and(|c| lexicon.contains(&format!("{c}一"))) {
        return None;
    }
    let first = is_edge(previous);
    Some((first, Evidence::named(if first { "numeral-opens-line" } else { "numeral-between-phrases" })))
}

/// A single dash that explains: between equals it is right (中国—东盟, 陆—海—空), behind a noun that only says what kind of thing comes
/// next it is half of one.
fn half(text: &str, at: usize, opens_paragraph: impl Fn() -> bool) -> Option<(bool, Evidence)> {
    let (left, right) = (&text[..at], &text[at + "—".len()..]);
    if !right.chars().next().is_some_and(is_han) {
        return None;
    }
    if opens_paragraph() {
        return Some((false, Evidence::named("dash-opens-paragraph")));
    }
    let part = |c: &char| is_han(*c) || is_digit(*c) || is_latin(*c);
    let start = at - left.chars().rev().take_while(part).map(char::len_utf8).sum::<usize>();
    let end = right.chars().take_while(part).map(char::len_utf8).sum::<usize>();
    // Several in a row join equals.
    if right[end..].starts_with('—') || text[..start].ends_with('—') {
        return None;
    }
    let phrase = fold_han_text(&left[start..]);
    let of = |wanted: &'static str| NAMED_KINDS.iter().filter(move |(_, role)| *role == wanted).map(|(word, _)| *word);
    let kind = of("kind").find(|word| phrase.ends_with(word))?;
    let modifiers = &phrase[..phrase.len() - kind.len()];
    let one = of("one").find(|word| modifiers.contains(word));
    let evidence = one.map_or_else(|| kind.to_string(), |one| format!("{one}…{kind}"));
    Some((one.is_some(), Evidence::text("kind-before-name", evidence)))
}

/// Nothing but spaces stands before the place in its region.
fn opens_region(issue: &Issue, at: usize) -> bool {
    let line = issue.lines.partition_point(|l| l.span.end <= at);
    let first = issue.regions[issue.lines[line].region as usize].lines.start;
    issue.text[issue.lines[first].span.start..at].trim().is_empty()
}

/// What stands beside 一一 where it is a word.
static ONE_BY_ONE: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    let rows = include_str!("../../dictionaries/marks/one-by-one.tsv").lines();
    rows.filter_map(|row| row.split_once('\t')).map(|(word, place)| (place, word)).collect()
});

/// Nouns for a kind of thing, and what says that there is one of it.
static NAMED_KINDS: LazyLock<Vec<(&str, &str)>> =
    LazyLock::new(|| include_str!("../../dictionaries/marks/named-kinds.tsv").lines().filter_map(|row| row.split_once('\t')).collect());
