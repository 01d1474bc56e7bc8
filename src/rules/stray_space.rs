//! `stray-space`: a space that OCR put between two Chinese characters.

use std::sync::LazyLock;

use smallvec::smallvec;

use super::{Example, Meta, Proposals, Rule, Stage, View};
use crate::characters::{
    Across, after, before, chinese_regions, find_pairs, is_ascii_mark, is_cjk_mark, is_han, is_narrow_space, word_across,
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
        for region in chinese_regions(view.issue) {
            let bytes = view.issue.text[region.clone()].as_bytes();
            // A space behind a character that is not ASCII; the narrow spaces beyond ASCII end in A0, 89 and AF.
            let rare =
                |a: u8, b: u8| ((a >= 0x80) & (b == b' ')) | ((a == 0xc2) & (b == 0xa0)) | ((a == 0x80) & ((b == 0x89) | (b == 0xaf)));
            let mut done = 0;
            for at in find_pairs(bytes, rare) {
                let at = region.start + at;
                if at < done {
                    continue;
                }
                // Line by line from the first space on: what a space means depends on the others.
                let line = view.issue.lines.partition_point(|l| l.span.end <= at);
                let Some(span) = view.issue.lines.get(line).map(|l| l.span.clone()) else { break };
                done = span.end;
                self.check_line(view, line, span, out);
            }
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
    label: bool,
    /// The number of the clause.
    clause: usize,
}

/// A word over the space that leaves no doubt in running text, in headings, and one worth a look there.
const IN_PROSE: f32 = 0.5;
const IN_HEADING: f32 = 5.0;
const MAYBE: f32 = 1.5;

impl StraySpace {
    fn check_line(&self, view: &View, line: usize, span: Span, out: &mut Proposals) {
        let text = &view.issue.text[span.clone()];
        let mut spaces = spaces(text);
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
        let gaps = text.chars().zip(text.chars().skip(1)).filter(|&(a, b)| is_han(a) && (is_han(b) || is_narrow_space(b))).count();
        let between_han = spaces.iter().filter(|s| s.between_han).count();
        if between_han >= 4 && gaps >= 8 && between_han * 5 >= gaps * 2 {
            for space in &spaces {
                push(space, true, Evidence::count("space-after-most-characters", between_han as u32));
            }
            return;
        }
        spaces.retain(|s| s.between_han);
        let Some(lexicon) = view.dictionaries.lexicon(Language::Zh) else { return };
        for space in &mut spaces {
            space.across = word_across(lexicon, &text[..space.span.start], &text[space.span.end..]);
        }
        let role = view.issue.lines[line].role;
        let prose = matches!(role, Role::Body | Role::Caption) && is_prose(text);
        for space in &spaces {
            let margin = space.across.as_ref().map_or(0.0, |a| a.margin);
            let word = || Evidence::text("word-without-space", space.across.as_ref().map_or("", |a| a.word.as_str()));
            if space.label {
                continue;
            }
            if !prose || in_slogan(text, &space.span) {
                if margin >= MAYBE {
                    push(space, margin >= IN_HEADING && !role.stands_alone(), word());
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

/// The single narrow spaces of a line that stand between Han characters and marks.
fn spaces(text: &str) -> Vec<Space> {
    let mut spaces: Vec<Space> = Vec::new();
    let (mut clause, mut names, mut segment) = (0, false, 0);
    for (at, c) in text.char_indices() {
        if !is_narrow_space(c) {
            if is_cjk_mark(c) || is_ascii_mark(c) {
                clause += 1;
                names = false;
                segment = at + c.len_utf8();
            }
            continue;
        }
        let end = at + c.len_utf8();
        let (Some(previous), Some(next)) = (before(text, at), after(text, end)) else { continue };
        if is_narrow_space(previous) || is_narrow_space(next) {
            names = false;
            continue;
        }
        let chinese = |c| is_han(c) || is_cjk_mark(c);
        if !(chinese(previous) && chinese(next)) {
            continue;
        }
        let between_han = is_han(previous) && is_han(next);
        let short = (2..=4).contains(&text[segment..at].chars().count());
        let label = between_han && (is_label(text, at, end) || (names && short));
        names = label;
        segment = end;
        spaces.push(Space { span: at..end, between_han, across: None, label, clause });
    }
    spaces
}

/// A sentence with marks inside and at its end, not a heading.
fn is_prose(text: &str) -> bool {
    let text = text.trim_end();
    let last = text.chars().next_back();
    let ends = last.is_some_and(|c| {
        matches!(c, '。' | '！' | '？' | '…' | '；' | '：' | '.' | '!' | '?' | ';' | ':' | '”' | '"' | '）' | ')' | '』' | '」')
    });
    let clauses = text.chars().filter(|&c| matches!(c, '，' | '。' | '；' | ',' | ';' | '.')).take(3).count();
    let length = text.chars().count();
    (ends && clauses >= 1 && length >= 12) || (ends && length >= 24) || (clauses >= 3 && length >= 60)
}

/// Between two phrases of three characters or more inside one pair of quotation marks or brackets, without other marks:
/// `“数字赋能 携手向前”`.
fn in_slogan(text: &str, space: &Span) -> bool {
    let phrase = |c: &char| is_han(*c);
    let left = text[..space.start].chars().rev().take_while(phrase).count();
    let right = text[space.end..].chars().take_while(phrase).count();
    if left < 3 || right < 3 {
        return false;
    }
    let inner = |c: char| is_han(c) || is_narrow_space(c) || matches!(c, '·' | '—') || c.is_alphanumeric();
    let opener = text[..space.start].trim_end_matches(inner).chars().next_back();
    let closer = text[space.end..].trim_start_matches(inner).chars().next();
    matches!(opener, Some('“' | '《' | '「' | '『' | '【' | '"' | '〈'))
        && matches!(closer, Some('”' | '》' | '」' | '』' | '】' | '"' | '〉'))
}

/// A word that a space follows or comes before by custom.
fn is_label(text: &str, start: usize, end: usize) -> bool {
    let (left, right) = (near(&text[..start], true), near(&text[end..], false));
    let (left, right) = (fold_han_text(left), fold_han_text(right));
    LABELS.iter().any(|&(label, side)| match side {
        "before" => left.ends_with(label),
        "behind" => right.starts_with(label),
        "beside" => left.ends_with(label) || right.starts_with(label),
        // All that stands to the right up to the next mark, space or end.
        _ => right.strip_prefix(label).is_some_and(|rest| rest.chars().next().is_none_or(|c| !is_han(c))),
    })
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
    let rows = include_str!("../../dictionaries/marks/space-labels.tsv").lines().skip(1);
    rows.filter_map(|row| row.split_once('\t')).collect()
});
