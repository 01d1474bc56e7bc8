//! `broken-ellipsis`: full stops, middle dots or half an ellipsis where …… was printed.

use smallvec::smallvec;

use super::{Example, Meta, Proposals, Rule, Stage, View};
use crate::characters::{Side, after, before, chinese_text, find_pairs, is_edge, is_han, is_mark, left};
use crate::edit::{Applicability, Edit, Evidence, Replacement, Severity};

pub struct BrokenEllipsis;

impl Rule for BrokenEllipsis {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "broken-ellipsis",
            stage: Stage::Marks,
            severity: Severity::Note,
            summary: "Puts …… where three or six dots, full stops or middle dots, or a single …, stand in Chinese text.",
            why: "The Chinese ellipsis is six dots in two squares. OCR reads it as a row of full stops or as one half, and every full \
                  stop then looks like a sentence end.",
            caution: "Rows of other lengths may be leaders of a table of contents: they stay, and so do dots between Latin letters or digits.",
            source: "GB/T 15834-2011, 4.11.",
            examples: &[
                Example { before: "他想了很久...还是走了。", after: "他想了很久……还是走了。" },
                Example { before: "“我真的爱看。。。”", after: "“我真的爱看……”" },
                Example { before: "第一章 总则..........3", after: "第一章 总则..........3" },
            ],
        }
    }

    fn check_issue(&self, view: &View, out: &mut Proposals) {
        for region in chinese_text(view.issue) {
            let text = &view.issue.text[region.clone()];
            let mut done = 0;
            // `..`; the end of 。 (82) before another E3, which seldom is anything but a second 。; the ends of ． (BC 8E), … (80 A6), · (C2 B7).
            let rare = |a: u8, b: u8| {
                ((a == b'.') & (b == b'.'))
                    | ((a == 0x82) & (b == 0xe3))
                    | ((a == 0x80) & (b == 0xa6))
                    | ((a == 0xbc) & (b == 0x8e))
                    | ((a == 0xc2) & (b == 0xb7))
            };
            for at in find_pairs(text.as_bytes(), rare) {
                let at = match text.as_bytes()[at] {
                    0x82 => at.saturating_sub(2),
                    0x80 | 0xbc => at.saturating_sub(1),
                    _ => at,
                };
                if at < done || !text.is_char_boundary(at) {
                    continue;
                }
                let Some(dot) = after(text, at).filter(|c| matches!(c, '.' | '。' | '．' | '…' | '·')) else { continue };
                let count = text[at..].chars().take_while(|&c| c == dot).count();
                let end = at + count * dot.len_utf8();
                done = end;
                if let Some((safe, evidence)) = judge(text, at, end, dot, count) {
                    out.edits.push(Edit {
                        rule: self.meta().name,
                        replacements: smallvec![Replacement { span: region.start + at..region.start + end, text: "……".into() }],
                        applicability: if safe { Applicability::Safe } else { Applicability::Review },
                        confidence: if safe { 0.998 } else { 0.8 },
                        evidence: smallvec![evidence],
                    });
                }
            }
        }
    }
}

/// Whether a row of `count` equal dots is an ellipsis, and how surely.
fn judge(text: &str, start: usize, end: usize, dot: char, count: usize) -> Option<(bool, Evidence)> {
    let right_count = match dot {
        '…' => count == 1,
        _ => matches!(count, 3 | 6),
    };
    let (previous, next) = (before(text, start), after(text, end));
    let dots = |c: Option<char>| matches!(c, Some('.' | '。' | '．' | '…' | '·'));
    if !right_count || dots(previous) || dots(next) {
        return None;
    }
    let left_han = previous.is_some_and(|c| is_han(c) || is_mark(c)) && matches!(left(text, start), Side::Han | Side::Word(_));
    let right_han = is_edge(next) || next.is_some_and(|c| is_han(c) || is_mark(c));
    match (left_han, right_han) {
        (true, true) => Some((true, Evidence::text("row-of-dots", &text[start..end]))),
        // A line or a quotation that begins with an ellipsis, or one before a number.
        (false, true) if next.is_some_and(is_han) && (is_edge(previous) || previous.is_some_and(is_mark)) => {
            Some((dot == '…', Evidence::text("row-of-dots-first", &text[start..end])))
        }
        (true, false) if dot != '.' => Some((false, Evidence::text("row-of-dots-before-latin", &text[start..end]))),
        _ => None,
    }
}
