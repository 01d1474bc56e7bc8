//! `look-alike-digit`: a letter where a digit was printed.

use smallvec::smallvec;

use super::{Example, Meta, Proposals, Rule, Stage, View};
use crate::characters::{after, before, chinese_text, find_pairs};
use crate::edit::{Applicability, Edit, Evidence, Replacement, Severity};
use crate::model::Span;

pub struct LookAlikeDigit;

impl Rule for LookAlikeDigit {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "look-alike-digit",
            stage: Stage::Marks,
            severity: Severity::Note,
            summary: "Proposes 0, 1 or 〇 where a letter O, l or I (in Chinese numbers also 0) stands in a number of Chinese text.",
            why: "OCR reads 2O22年, l2月 and 二O二二年; no date or amount in such a text is found or added up.",
            caution: "Always waits for a person. A number is one only before a unit (年 月 日 元 % …); models and formulas (O2O, H2O, A10) \
                      have other letters beside them or no unit behind them. ○ is how many papers set 〇: it stays.",
            source: "GB/T 15835-2011 (General rules for writing numerals in publications), 4 and 5.1.",
            examples: &[
                Example { before: "2O22年l2月，二O二二年。", after: "2022年12月，二〇二二年。" },
                Example { before: "O2O模式在一九九○年还没有。", after: "O2O模式在一九九○年还没有。" },
            ],
        }
    }

    fn check_issue(&self, view: &View, out: &mut Proposals) {
        for region in chinese_text(view.issue) {
            let text = &view.issue.text[region.clone()];
            // A letter before or behind a digit, or what looks like 〇 behind a character that is not ASCII (Ｏ is EF BC AF).
            let letter = |b: u8| (b == b'O') | (b == b'o') | (b == b'l') | (b == b'I');
            let digit = |b: u8| b.wrapping_sub(b'0') < 10;
            let rare = |a: u8, b: u8| {
                (letter(a) & digit(b)) | (digit(a) & letter(b)) | ((a >= 0x80) & ((b == b'O') | (b == b'0'))) | ((a == 0xbc) & (b == 0xaf))
            };
            let mut done = 0;
            for at in find_pairs(text.as_bytes(), rare) {
                let at = match text.as_bytes()[at] {
                    0xbc => at.saturating_sub(1),
                    b if b >= 0x80 => at + 1,
                    _ => at,
                };
                if at < done || !text.is_char_boundary(at) {
                    continue;
                }
                let Some((run, number)) = chinese_number(text, at).or_else(|| number(text, at)) else { continue };
                done = run.end;
                let replacements = text[run.clone()].char_indices().zip(number.chars()).filter(|((_, old), new)| old != new);
                let replacements = replacements.map(|((i, old), new)| {
                    let start = region.start + run.start + i;
                    Replacement { span: start..start + old.len_utf8(), text: new.to_string().into() }
                });
                let unit = text[run.end..].chars().next().map(String::from).unwrap_or_default();
                out.edits.push(Edit {
                    rule: self.meta().name,
                    replacements: replacements.collect(),
                    applicability: Applicability::Review,
                    confidence: 0.95,
                    evidence: smallvec![Evidence::text("number", number + &unit)],
                });
            }
        }
    }
}

/// What stands behind a number.
const UNITS: &str = "年月日号號时時点點分秒元角亿億万萬千百岁歲度届屆次名亩畝米吨噸％%℃";
/// Digits of the longest number.
const LONGEST: usize = 9;

/// Digits and letters like them, with a digit among them and a unit behind: `2O22年`.
fn number(text: &str, at: usize) -> Option<(Span, String)> {
    let part = |c: &char| c.is_ascii_digit() || matches!(c, 'O' | 'o' | 'l' | 'I');
    let start = at - text[..at].chars().rev().take_while(part).count();
    let run = start..at + text[at..].chars().take_while(part).count();
    let old = &text[run.clone()];
    let (previous, next) = (before(text, run.start), after(text, run.end)?);
    let goes_on = previous.is_some_and(|c| c.is_alphanumeric() && c.is_ascii() || matches!(c, '.' | '-' | '/' | '_' | '@' | '·'));
    let mixed = old.contains(|c: char| c.is_ascii_digit()) && !old.bytes().all(|b| b.is_ascii_digit());
    if !mixed || goes_on || old.len() > LONGEST || !UNITS.contains(next) {
        return None;
    }
    let number: String = old
        .chars()
        .map(|c| {
            if matches!(c, 'O' | 'o') {
                '0'
            } else if c.is_ascii_digit() {
                c
            } else {
                '1'
            }
        })
        .collect();
    // A number does not begin with nothing.
    (!number.starts_with('0')).then_some((run, number))
}

/// One to three noughts between Chinese numerals, or between one and 年: `二O二二`, `二OO八年`.
fn chinese_number(text: &str, at: usize) -> Option<(Span, String)> {
    let nought = |c: &char| matches!(c, 'O' | 'Ｏ' | 'o' | '0');
    let numeral = |c: char| "〇零一二三四五六七八九".contains(c);
    let count = text[at..].chars().take_while(nought).count();
    let end = at + text[at..].chars().take(count).map(char::len_utf8).sum::<usize>();
    let (previous, next) = (before(text, at)?, after(text, end)?);
    let fits = (1..=3).contains(&count) && numeral(previous) && (numeral(next) || next == '年');
    fits.then(|| (at..end, "〇".repeat(count)))
}
