//! Two texts side by side: aligned, with what differs marked.

use serde::Serialize;
use similar::{Algorithm, DiffOp};
use unicode_segmentation::UnicodeSegmentation;

use crate::characters::is_han;

/// Graphemes of each text that are compared and shown.
const SHOWN: usize = 6000;
/// Graphemes after which a row may end.
const ROW: usize = 24;

/// A stretch of a text, and whether the other text has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stretch {
    pub same: bool,
    pub text: String,
}

/// What stands beside each other.
pub type Row = [Vec<Stretch>; 2];

/// Two texts, row by row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sides {
    /// Where each text stands: path and line.
    pub places: [String; 2],
    pub rows: Vec<Row>,
    /// Graphemes of each text.
    pub lengths: [usize; 2],
    /// The texts go on after what is shown.
    pub cut: bool,
}

impl Sides {
    /// Aligns two texts by graphemes; line ends, which copies seldom share, are not compared.
    pub fn of(places: [String; 2], texts: [&str; 2]) -> Sides {
        let running = texts.map(running);
        let all: [Vec<&str>; 2] = [&running[0], &running[1]].map(|t| t.graphemes(true).collect());
        let lengths = [all[0].len(), all[1].len()];
        let [a, b] = [&all[0][..lengths[0].min(SHOWN)], &all[1][..lengths[1].min(SHOWN)]];
        let ops = similar::capture_diff_slices(Algorithm::Myers, a, b);
        Sides { places, rows: rows(&ops, a, b), lengths, cut: lengths.iter().any(|n| *n > SHOWN) }
    }

    /// A text beside one of which only so much is `told`.
    pub fn untold(places: [String; 2], text: &str, told: String, length: usize) -> Sides {
        let running = running(text);
        let all: Vec<&str> = running.graphemes(true).collect();
        let shown = all[..all.len().min(SHOWN)].concat();
        let row = [shown, told].map(|text| vec![Stretch { same: true, text }]);
        Sides { places, rows: vec![row], lengths: [all.len(), length], cut: all.len() > SHOWN }
    }
}

/// The text on one line: nothing between Han characters, a space elsewhere.
fn running(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty()) {
        let han = |c: Option<char>| c.is_some_and(|c| is_han(c) || matches!(c, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ffef}'));
        if !out.is_empty() && !han(out.chars().next_back()) && !han(line.chars().next()) {
            out.push(' ');
        }
        out.push_str(line);
    }
    out
}

/// Rows end where both texts end a sentence.
fn rows(ops: &[DiffOp], a: &[&str], b: &[&str]) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut row: Row = Default::default();
    let mut length = 0;
    for op in ops {
        if op.tag() != similar::DiffTag::Equal {
            for (side, text) in [a[op.old_range()].concat(), b[op.new_range()].concat()].into_iter().enumerate() {
                if !text.is_empty() {
                    row[side].push(Stretch { same: false, text });
                }
            }
            length += op.old_range().len().max(op.new_range().len());
            continue;
        }
        let mut from = op.old_range().start;
        for at in op.old_range() {
            length += 1;
            if length >= ROW && ends_sentence(a[at]) {
                push_both(&mut row, a[from..=at].concat());
                rows.push(std::mem::take(&mut row));
                (from, length) = (at + 1, 0);
            }
        }
        push_both(&mut row, a[from..op.old_range().end].concat());
    }
    if row.iter().any(|side| !side.is_empty()) {
        rows.push(row);
    }
    rows
}

fn push_both(row: &mut Row, text: String) {
    if !text.is_empty() {
        row.iter_mut().for_each(|side| side.push(Stretch { same: true, text: text.clone() }));
    }
}

fn ends_sentence(grapheme: &str) -> bool {
    matches!(grapheme, "。" | "！" | "？" | "；" | "." | "!" | "?" | "”")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(sides: &Sides, n: usize) -> String {
        sides.rows.iter().flat_map(|r| &r[n]).map(|s| s.text.as_str()).collect()
    }

    #[test]
    fn both_texts_are_whole_and_what_differs_is_marked() {
        let a = "会议在区政府召开，各方代表出席了会议并作了发言。\n与会者一致同意\n这个方案。";
        let b = "会议在区政府召开，各方代表出席了会议并作了发言。与会者一致问意这个方案。此后散会。";
        let sides = Sides::of(["a:1".into(), "b:1".into()], [a, b]);
        assert_eq!(side(&sides, 0), a.replace('\n', ""));
        assert_eq!(side(&sides, 1), b);
        assert!(sides.rows.len() >= 2);
        let differing: Vec<&str> = sides.rows.iter().flat_map(|r| &r[1]).filter(|s| !s.same).map(|s| s.text.as_str()).collect();
        assert_eq!(differing, ["问", "此后散会。"]);
    }

    #[test]
    fn words_of_two_lines_stay_apart() {
        assert_eq!(running("the com-\n mittee met"), "the com- mittee met");
    }
}
