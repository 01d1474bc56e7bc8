//! `document-number-bracket`: `[2022]` or `(2022)` in the number of an official document.

use smallvec::smallvec;

use super::{Example, Meta, Proposals, Rule, Stage, View};
use crate::characters::{after, before, chinese_text, find_pairs, is_digit, is_han};
use crate::edit::{Applicability, Edit, Evidence, Replacement, Severity};
use crate::model::Span;

pub struct DocumentNumberBracket;

impl Rule for DocumentNumberBracket {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "document-number-bracket",
            stage: Stage::Marks,
            severity: Severity::Note,
            summary: "Puts 〔 〕 around the year in the number of an official document.",
            why: "Document numbers have hexagonal brackets, 国发〔2022〕5号. OCR models read square or round ASCII ones, and references no longer match.",
            caution: "Case numbers of courts have round brackets and go on with a character, (2022)京01民初5号: they stay. So do full-width \
                      brackets, which many papers print.",
            source: "GB/T 9704-2012, 7.2.5.",
            examples: &[
                Example {
                    before: "《通知》（国发[2022]5号）已印发。", after: "《通知》（国发〔2022〕5号）已印发。"
                },
                Example { before: "案号(2022)京01民初5号", after: "案号(2022)京01民初5号" },
            ],
        }
    }

    fn check_issue(&self, view: &View, out: &mut Proposals) {
        for region in chinese_text(view.issue) {
            let text = &view.issue.text[region.clone()];
            // `[1`, `(2`, and the end of ［ (BC BB).
            let rare = |a: u8, b: u8| (((a == b'[') | (a == b'(')) & (b.wrapping_sub(b'0') < 10)) | ((a == 0xbc) & (b == 0xbb));
            for at in find_pairs(text.as_bytes(), rare) {
                let at = if text.as_bytes()[at] == 0xbc { at.saturating_sub(1) } else { at };
                let Some((open, close)) = document_number(text, at) else { continue };
                let place = |span: Span, to: &'static str| Replacement {
                    span: region.start + span.start..region.start + span.end,
                    text: to.into(),
                };
                let number = &text[open.start..close.end];
                out.edits.push(Edit {
                    rule: self.meta().name,
                    replacements: smallvec![place(open.clone(), "〔"), place(close.clone(), "〕")],
                    applicability: Applicability::Safe,
                    confidence: 0.998,
                    evidence: smallvec![Evidence::text("year-and-number", number)],
                });
            }
        }
    }
}

/// The brackets of `X[2022]5号` or `X[2022]第5号`, if one opens at `at`.
fn document_number(text: &str, at: usize) -> Option<(Span, Span)> {
    let bracket = text.get(at..)?.chars().next().filter(|c| matches!(c, '[' | '(' | '［'))?;
    before(text, at).filter(|&c| is_han(c))?;
    let year = at + bracket.len_utf8();
    let digits = text[year..].chars().take_while(|&c| is_digit(c)).count();
    let length: usize = text[year..].chars().take(digits).map(char::len_utf8).sum();
    let first = after(text, year)?;
    if digits != 4 || !matches!(first, '1' | '2' | '１' | '２') {
        return None;
    }
    let end = year + length;
    let closing = after(text, end).filter(|c| matches!(c, ']' | ')' | '］'))?;
    let rest = &text[end + closing.len_utf8()..];
    let rest = rest.strip_prefix('第').unwrap_or(rest);
    let number = rest.trim_start_matches(is_digit);
    let long = rest.len() - number.len();
    ((1..=15).contains(&long) && number.starts_with(['号', '號'])).then(|| (at..year, end..end + closing.len_utf8()))
}
