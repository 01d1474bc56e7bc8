//! `wrong-middle-dot`: a bullet, a katakana dot or a full stop in a foreign name.

use std::sync::LazyLock;

use memchr::memmem;
use rustc_hash::FxHashSet;
use smallvec::smallvec;

use super::{Example, Meta, Proposals, Rule, Stage, View};
use crate::characters::{after, before, chinese_text, find_pairs, is_edge, is_han};
use crate::dictionary::fold_han;
use crate::edit::{Applicability, Edit, Evidence, Replacement, Severity};

pub struct WrongMiddleDot;

impl Rule for WrongMiddleDot {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "wrong-middle-dot",
            stage: Stage::Marks,
            severity: Severity::Note,
            summary: "Puts · between the parts of a foreign name where another dot or a full stop stands, and 。 where · ends a sentence.",
            why: "Dots look alike in print: · • ‧ ・ ･ and, raised, the full stop; OCR takes even 。 for them. A name spelled with another one is not \
                  found, and a full stop cuts the sentence.",
            caution: "A dot at the start of a line is a bullet and stays. Beside characters that spell no foreign names (东城・西城) and for full stops a \
                      person decides; 。 is taken for a dot only where the issue has the same name with one. Japanese text is left alone.",
            source: "GB/T 15834-2011, 4.14; characters of foreign names counted in jieba's dictionary.",
            examples: &[
                Example { before: "作家列夫•托尔斯泰的小说。", after: "作家列夫·托尔斯泰的小说。" },
                Example { before: "会议要求，各地抓好落实·", after: "会议要求，各地抓好落实。" },
                Example { before: "•今日要闻：全市工业平稳增长。", after: "•今日要闻：全市工业平稳增长。" },
            ],
        }
    }

    fn check_issue(&self, view: &View, out: &mut Proposals) {
        // A full stop within a name is one only where the name stands elsewhere with its dot.
        let dotted = view.issue.text.contains('·');
        for region in chinese_text(view.issue) {
            let text = &view.issue.text[region.clone()];
            // The last two bytes of • (80 A2), ‧ (80 A7), 。 (80 82), ・ (83 BB), ･ (BD A5) and ． (BC 8E); · (C2 B7); a full stop before a
            // Han character.
            let rare = |a: u8, b: u8| {
                ((a == 0x80) & ((b == 0xa2) | (b == 0xa7) | (b == 0x82) & dotted))
                    | ((a == 0xc2) & (b == 0xb7))
                    | ((a == 0x83) & (b == 0xbb))
                    | ((a == 0xbd) & (b == 0xa5))
                    | ((a == 0xbc) & (b == 0x8e))
                    | ((a == b'.') & (b.wrapping_sub(0xe4) < 6))
            };
            for at in find_pairs(text.as_bytes(), rare) {
                let at = if matches!(text.as_bytes()[at], b'.' | 0xc2) { at } else { at.saturating_sub(1) };
                if !text.is_char_boundary(at) {
                    continue;
                }
                let Some(dot) = after(text, at).filter(|c| matches!(c, '•' | '‧' | '・' | '･' | '．' | '.' | '。' | '·')) else {
                    continue;
                };
                let end = at + dot.len_utf8();
                if dot == '·' {
                    if ends_sentence(text, at, end) {
                        out.edits.push(Edit {
                            rule: self.meta().name,
                            replacements: smallvec![Replacement { span: region.start + at..region.start + end, text: "。".into() }],
                            applicability: Applicability::Review,
                            confidence: 0.9,
                            evidence: smallvec![Evidence::named("ends-line-of-sentences")],
                        });
                    }
                    continue;
                }
                if !(before(text, at).is_some_and(is_han) && after(text, end).is_some_and(is_han)) {
                    continue;
                }
                let spelled = |c: &char| spells_names(fold_han(*c));
                let left = text[..at].chars().rev().take(2).take_while(spelled).count();
                // Most full stops end here.
                if left < 2 && matches!(dot, '．' | '.' | '。') {
                    continue;
                }
                let right = text[end..].chars().take(2).take_while(spelled).count();
                let stop = matches!(dot, '．' | '.' | '。');
                // • and full stops have uses of their own; the other dots have none between Chinese characters.
                if stop && left + right < 4 || dot == '•' && (left == 0 || right == 0) {
                    continue;
                }
                let safe = !stop && left > 0 && right > 0;
                let name: String = text[..at].chars().rev().take(2).collect::<Vec<_>>().into_iter().rev().collect();
                let name = format!("{name}·{}", text[end..].chars().take(2).collect::<String>());
                let elsewhere = if stop { memmem::find_iter(view.issue.text.as_bytes(), &name).count() } else { 0 };
                if dot == '。' && elsewhere == 0 {
                    continue;
                }
                let mut evidence = smallvec![Evidence::text(if left + right > 0 { "foreign-name" } else { "dot-between-han" }, name)];
                if elsewhere > 0 {
                    evidence.push(Evidence::count("elsewhere-in-issue", elsewhere as u32));
                }
                out.edits.push(Edit {
                    rule: self.meta().name,
                    replacements: smallvec![Replacement { span: region.start + at..region.start + end, text: "·".into() }],
                    applicability: if safe { Applicability::Safe } else { Applicability::Review },
                    confidence: if safe { 0.998 } else { 0.7 },
                    evidence,
                });
            }
        }
    }
}

/// A middle dot behind a Han character at the end of a line that has sentences.
fn ends_sentence(text: &str, at: usize, end: usize) -> bool {
    let start = text[..at].rfind(['\n', '\u{c}']).map_or(0, |i| i + 1);
    let line = &text[start..at];
    // Within a title the dot parts it, and the line end cuts it.
    let in_title = line.matches('《').count() > line.matches('》').count();
    is_edge(after(text, end)) && before(text, at).is_some_and(is_han) && line.contains(['，', '。']) && !in_title
}

/// The (simplified) character spells foreign names more often than most.
pub(super) fn spells_names(c: char) -> bool {
    NAMES.contains(&c)
}

static NAMES: LazyLock<FxHashSet<char>> = LazyLock::new(|| {
    let rows = include_str!("../../dictionaries/marks/transliteration.tsv").lines();
    rows.filter_map(|row| row.chars().next()).collect()
});
