//! `stray-space`: a space that OCR put between two Chinese characters.

use std::sync::LazyLock;

use smallvec::smallvec;

use super::{Example, Meta, Proposals, Rule, Stage, View};
use crate::characters::{
    Across, after, before, chinese_text, find_pairs, is_cjk_mark, is_digit, is_han, is_mark, is_narrow_space, word_across,
};
use crate::dictionary::fold_han_text;
use crate::edit::{Applicability, Edit, Evidence, Replacement, Severity};
use crate::model::{Language, Role, Span};

pub struct StraySpace;

impl Rule for StraySpace {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "stray-space",
            stage: Stage::Marks,
            severity: Severity::Note,
            summary: "Removes a space between two Chinese characters of running text, or inside a word.",
            why: "Chinese sets no spaces between words. OCR puts them where the gap between two types is wide, and the word is lost to search.",
            caution: "A space between the halves of a headline, behind 记者 or 本报讯, in lists of names and in slogans means something: there only a \
                      word over the space counts. Spaces of two or more and U+3000 are layout and stay.",
            source: "Words and their frequency: jieba, see dictionaries/README.md; labels: dictionaries/marks/space-labels.tsv.",
            examples: &[
                Example {
                    before: "会议要求，各地要抓好 粮食生产，确保丰收。", after: "会议要求，各地要抓好粮食生产，确保丰收。"
                },
                Example { before: "春耕备耕忙起来 田间地头好风光", after: "春耕备耕忙起来 田间地头好风光" },
                Example {
                    before: "本报讯 记者 方心怡 昨天，全市召开防汛会议。", after: "本报讯 记者 方心怡 昨天，全市召开防汛会议。"
                },
            ],
        }
    }

    fn check_issue(&self, view: &View, out: &mut Proposals) {
        for region in chinese_text(view.issue) {
            let text = &view.issue.text[region.clone()];
            // A space behind a character that is not ASCII; the narrow spaces beyond ASCII are C2 A0, E2 80 89 and E2 80 AF.
            let rare =
                |a: u8, b: u8| ((a >= 0x80) & (b == b' ')) | ((a == 0xc2) & (b == 0xa0)) | ((a == 0x80) & ((b == 0x89) | (b == 0xaf)));
            // Line by line: what a space means depends on the others.
            let (mut line, mut found) = (0, Vec::new());
            for at in find_pairs(text.as_bytes(), rare) {
                let start = match text.as_bytes()[at + 1] {
                    b' ' => at + 1,
                    0xa0 => at,
                    _ => at.saturating_sub(1),
                };
                if !text.is_char_boundary(start) || !after(text, start).is_some_and(is_narrow_space) {
                    continue;
                }
                let start = region.start + start;
                if view.issue.lines.get(line).is_none_or(|l| l.span.end <= start || found.is_empty()) {
                    self.check_line(view, line, &found, out);
                    found.clear();
                    line = view.issue.lines.partition_point(|l| l.span.end <= start);
                }
                found.push(start);
            }
            self.check_line(view, line, &found, out);
        }
    }
}

/// A single narrow space with Chinese on both sides.
#[derive(Debug)]
struct Space {
    /// In the line.
    span: Span,
    between_han: bool,
    across: Option<Across>,
    /// It stands behind 记者, before 摄, or goes on a row of names that such a word opened.
    label: Label,
    /// The number of the clause.
    clause: usize,
}

/// What a label beside the space says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Label {
    None,
    /// The space belongs there, unless a word goes over it: 王芳 摄, but 合 作.
    Weak,
    /// The space belongs there.
    Strong,
}

/// A word over the space that leaves no doubt in running text, in headings, and one worth a look there.
const IN_PROSE: f32 = 0.5;
const IN_HEADING: f32 = 5.0;
const MAYBE: f32 = 1.5;

impl StraySpace {
    fn check_line(&self, view: &View, line: usize, found: &[usize], out: &mut Proposals) {
        let Some(span) = view.issue.lines.get(line).map(|l| l.span.clone()).filter(|_| !found.is_empty()) else { return };
        let text = &view.issue.text[span.clone()];
        let mut spaces = spaces(text, found.iter().filter_map(|at| at.checked_sub(span.start)));
        if spaces.is_empty() {
            return;
        }
        let mut push = |space: &Space, safe: bool, evidence: Evidence| {
            out.edits.push(Edit {
                rule: self.meta().name,
                replacements: smallvec![Replacement { span: span.start + space.span.start..span.start + space.span.end, text: "".into() }],
                applicability: if safe { Applicability::Safe } else { Applicability::Review },
                confidence: if safe { 0.997 } else { 0.7 },
                evidence: smallvec![evidence],
            });
        };
        let between_han = spaces.iter().filter(|s| s.between_han).count();
        if between_han >= 4 && between_han * 5 >= gaps(text).max(8) * 2 {
            for space in &spaces {
                push(space, true, Evidence::count("space-after-most-characters", between_han as u32));
            }
            return;
        }
        spaces.retain(|s| s.between_han);
        let Some(lexicon) = view.dictionaries.lexicon(Language::Zh) else { return };
        for space in spaces.iter_mut().filter(|s| s.label != Label::Strong) {
            space.across = word_across(lexicon, &text[..space.span.start], &text[space.span.end..]);
        }
        let role = view.issue.lines[line].role;
        // What ends and pauses like a sentence is one, whatever it was taken for; but not a line of verse or a list.
        let prose = !role.stands_alone() && !matches!(role, Role::Byline | Role::JumpLine) && is_prose(text);
        for space in &spaces {
            let margin = space.across.as_ref().map_or(0.0, |a| a.margin);
            let word = || Evidence::text("word-without-space", space.across.as_ref().map_or("", |a| a.word.as_str())).weighing(margin);
            if space.label == Label::Strong || space.label == Label::Weak && margin < IN_HEADING {
                continue;
            }
            let slogan = in_slogan(text, &space.span);
            if !prose || slogan {
                // 中办 国办: what stands on either side is a word by itself.
                if space.across.as_ref().is_some_and(|a| a.halves_are_words) {
                    continue;
                }
                if margin >= if slogan { IN_HEADING } else { MAYBE } {
                    push(space, margin >= IN_HEADING && !slogan && !role.stands_alone(), word());
                }
            } else if margin >= IN_PROSE {
                push(space, true, word());
            } else {
                // Several in one clause may part the items of a list.
                let others =
                    spaces.iter().filter(|s| s.clause == space.clause && s.across.as_ref().is_none_or(|a| a.margin < IN_PROSE)).count();
                push(space, others == 1, Evidence::named(if others == 1 { "running-text" } else { "several-in-one-clause" }));
            }
        }
    }
}

/// How many Han characters of the line have another behind them, spaces aside.
fn gaps(text: &str) -> usize {
    text.chars().zip(text.chars().skip(1)).filter(|&(a, b)| is_han(a) && (is_han(b) || is_narrow_space(b))).count()
}

/// Those of the narrow spaces that stand alone between Han characters and marks.
fn spaces(text: &str, found: impl Iterator<Item = usize>) -> Vec<Space> {
    let mut spaces: Vec<Space> = Vec::new();
    let (mut clause, mut names, mut segment) = (0, false, 0);
    for at in found {
        let Some(end) = after(text, at).map(|c| at + c.len_utf8()) else { continue };
        // From the space before, or the mark after it, to this one.
        if let Some((mark, c)) = text[segment..at].char_indices().rev().find(|&(_, c)| is_mark(c)) {
            clause += 1;
            names = false;
            segment += mark + c.len_utf8();
        }
        let start = std::mem::replace(&mut segment, end);
        let (Some(previous), Some(next)) = (before(text, at), after(text, end)) else { continue };
        if is_narrow_space(previous) || is_narrow_space(next) {
            names = false;
            continue;
        }
        let chinese = |c| is_han(c) || is_cjk_mark(c);
        if !(chinese(previous) && chinese(next)) {
            continue;
        }
        // 一 一 may be a dash in pieces.
        let between_han = is_han(previous) && is_han(next) && (previous, next) != ('一', '一');
        let short = names && (1..=4).contains(&text[start..at].chars().count());
        let label = match short {
            _ if !between_han => Label::None,
            true => Label::Strong,
            false => label(text, at, end),
        };
        names = label == Label::Strong;
        spaces.push(Space { span: at..end, between_han, across: None, label, clause });
    }
    spaces
}

/// A sentence with marks inside and at its end, not a heading.
fn is_prose(text: &str) -> bool {
    let text = text.trim_end();
    let last = text.chars().next_back();
    let stops = last.is_some_and(|c| matches!(c, '。' | '！' | '？' | '…' | '；' | '：' | '.' | '!' | '?' | ';' | ':'));
    let closes = last.is_some_and(|c| matches!(c, '”' | '"' | '）' | ')' | '』' | '」'));
    // Not the dots of an ellipsis or of a number.
    let ends_clause = |(i, c): (usize, char)| {
        let single = || before(text, i) != Some(c) && after(text, i + c.len_utf8()).is_none_or(|next| next != c && !is_digit(next));
        matches!(c, '，' | '；' | ',' | ';') || (matches!(c, '。' | '.') && single())
    };
    let clauses = text.char_indices().filter(|&place| ends_clause(place)).take(3).count();
    let length = text.chars().filter(|&c| is_han(c)).count();
    ((stops || closes) && clauses >= 1 && length >= 10) || (stops && length >= 22) || (clauses >= 3 && length >= 54)
}

/// Between two phrases inside one pair of quotation marks or brackets: `“数字赋能 携手向前”`, `“绿色 智能 高效”`.
fn in_slogan(text: &str, space: &Span) -> bool {
    let phrase = |c: &char| is_han(*c) || c.is_alphanumeric() || matches!(c, '@' | '·' | '—');
    let left: usize = text[..space.start].chars().rev().take_while(phrase).map(char::len_utf8).sum();
    let right: usize = text[space.end..].chars().take_while(phrase).map(char::len_utf8).sum();
    let count = |text: &str| text.chars().count();
    let (left, right) = (count(&text[space.start - left..space.start]), count(&text[space.end..space.end + right]));
    let short = left.min(right);
    let inner = |c: char| phrase(&c) || is_narrow_space(c) || c == '：' || c == ':';
    let (before_all, after_all) = (text[..space.start].trim_end_matches(inner), text[space.end..].trim_start_matches(inner));
    // Quotation marks of either direction: a straight one may become both.
    let opens = matches!(before_all.chars().next_back(), Some('“' | '”' | '《' | '「' | '『' | '【' | '"' | '〈'));
    let closes = matches!(after_all.chars().next(), Some('”' | '“' | '》' | '」' | '』' | '】' | '"' | '〉'));
    let spaces = text[before_all.len()..text.len() - after_all.len()].chars().filter(|&c| is_narrow_space(c)).count();
    // Two phrases of equal length are a slogan even where a sentence goes on behind them.
    opens && ((closes && (short >= 3 || (short == 2 && spaces > 1))) || (left == right && short >= 4))
}

/// Whether a word stands beside the space that has one by custom.
fn label(text: &str, start: usize, end: usize) -> Label {
    let (left, right) = (near(&text[..start], true), near(&text[end..], false));
    let (left, right) = (fold_han_text(left), fold_han_text(right));
    let strength = |&(label, side): &(&str, &str)| match side {
        "before" if left.ends_with(label) => Label::Strong,
        "behind" if right.starts_with(label) => Label::Strong,
        "beside" if left.ends_with(label) || right.starts_with(label) => Label::Strong,
        // At the start of a line: 新华社杭州七月一日电, 本报讯 and what OCR made of it.
        "opening" if left.ends_with(label) && text[..start].chars().count() <= 14 => Label::Strong,
        // All that stands to the right up to the next mark, space or end.
        "alone" if right.strip_prefix(label).is_some_and(|rest| rest.chars().next().is_none_or(|c| !is_han(c))) => Label::Weak,
        _ => Label::None,
    };
    LABELS.iter().map(strength).find(|&l| l != Label::None).unwrap_or(Label::None)
}

/// Five characters beside the space.
fn near(text: &str, end: bool) -> &str {
    if end {
        &text[text.char_indices().rev().nth(4).map_or(0, |(i, _)| i)..]
    } else {
        &text[..text.char_indices().nth(5).map_or(text.len(), |(i, _)| i)]
    }
}

static LABELS: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    let rows = include_str!("../../dictionaries/marks/space-labels.tsv").lines();
    rows.filter_map(|row| row.split_once('\t')).collect()
});
