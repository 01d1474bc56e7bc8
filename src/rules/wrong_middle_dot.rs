//! `wrong-middle-dot`: a bullet, a katakana dot or a full stop in a foreign name.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;
use smallvec::smallvec;

use super::{Example, Meta, Proposals, Rule, Stage, View};
use crate::characters::{after, before, chinese_regions, find_pairs, is_han};
use crate::dictionary::fold_han;
use crate::edit::{Applicability, Edit, Evidence, Replacement, Severity};

pub struct WrongMiddleDot;

impl Rule for WrongMiddleDot {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "wrong-middle-dot",
            stage: Stage::Marks,
            severity: Severity::Note,
            summary: "Puts · between the parts of a foreign name where a bullet, a katakana dot or a full stop stands.",
            why: "Six dots look alike in print: · • ‧ ・ ･ and, raised, the full stop. A name spelled with another one is not found, and a full \
                  stop cuts the sentence.",
            caution: "A dot at the start of a line is a bullet and stays. Beside characters that spell no foreign names (东城・西城) and for full stops a \
                      person decides. Japanese text is left alone.",
            source: "GB/T 15834-2011, 4.14; characters of foreign names counted in jieba's dictionary.",
            examples: &[
                Example { before: "作家列夫•托尔斯泰的小说。", after: "作家列夫·托尔斯泰的小说。" },
                Example { before: "•今日要闻：全市工业平稳增长。", after: "•今日要闻：全市工业平稳增长。" },
            ],
        }
    }

    fn check_issue(&self, view: &View, out: &mut Proposals) {
        for region in chinese_regions(view.issue) {
            let text = &view.issue.text[region.clone()];
            // The last two bytes of • (80 A2), ‧ (80 A7), ・ (83 BB), ･ (BD A5) and ． (BC 8E); a full stop before a Han character.
            let rare = |a: u8, b: u8| {
                ((a == 0x80) & ((b == 0xa2) | (b == 0xa7)))
                    | ((a == 0x83) & (b == 0xbb))
                    | ((a == 0xbd) & (b == 0xa5))
                    | ((a == 0xbc) & (b == 0x8e))
                    | ((a == b'.') & (b >= 0xe4) & (b <= 0xe9))
            };
            for at in find_pairs(text.as_bytes(), rare) {
                let at = if text.as_bytes()[at] == b'.' { at } else { at.saturating_sub(1) };
                if !text.is_char_boundary(at) {
                    continue;
                }
                let Some(dot) = after(text, at).filter(|c| matches!(c, '•' | '‧' | '・' | '･' | '．' | '.')) else { continue };
                let end = at + dot.len_utf8();
                if !(before(text, at).is_some_and(is_han) && after(text, end).is_some_and(is_han)) {
                    continue;
                }
                let spelled = |c: &char| spells_names(fold_han(*c));
                let left = text[..at].chars().rev().take(2).take_while(spelled).count();
                let right = text[end..].chars().take(2).take_while(spelled).count();
                let stop = matches!(dot, '．' | '.');
                if stop && left + right < 4 {
                    continue;
                }
                let safe = !stop && left + right >= 2;
                let name: String = text[..at].chars().rev().take(2).collect::<Vec<_>>().into_iter().rev().collect();
                let name = format!("{name}·{}", text[end..].chars().take(2).collect::<String>());
                out.edits.push(Edit {
                    rule: self.meta().name,
                    replacements: smallvec![Replacement { span: region.start + at..region.start + end, text: "·".into() }],
                    applicability: if safe { Applicability::Safe } else { Applicability::Review },
                    confidence: if safe { 0.998 } else { 0.7 },
                    evidence: smallvec![Evidence::text(if left + right > 0 { "foreign-name" } else { "dot-between-han" }, name)],
                });
            }
        }
    }
}

/// The (simplified) character spells foreign names more often than most.
pub(super) fn spells_names(c: char) -> bool {
    NAMES.contains(&c)
}

static NAMES: LazyLock<FxHashSet<char>> = LazyLock::new(|| {
    let rows = include_str!("../../dictionaries/marks/transliteration.tsv").lines().skip(1);
    rows.filter_map(|row| row.chars().next()).collect()
});
