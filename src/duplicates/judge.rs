//! What two texts are to each other, from the stretches they share.

use std::ops::Range;

use serde::Serialize;

use super::Prepared;
use super::align::{Anchors, Chain};
use super::fold::Folded;
use super::marks::Lines;

/// How two copies relate. The order is that of their strength.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Letter by letter the same, once folded.
    Exact,
    /// The same text, with errors.
    Near,
    /// One is the beginning of the other and then stops.
    Truncated,
    /// One is part of the other: text stands before it, or was cut within it.
    Contained,
    /// Both have a stretch in common and text of their own.
    Overlap,
}

impl Kind {
    /// As the records name it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Exact => "exact",
            Kind::Near => "near",
            Kind::Truncated => "truncated",
            Kind::Contained => "contained",
            Kind::Overlap => "overlap",
        }
    }
}

/// What was found between two texts.
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    pub kind: Kind,
    /// Share of the shorter text that both have, less its errors: 1 for an exact copy.
    pub score: f64,
    /// Edits for each unit of the shared stretches.
    pub error_rate: f64,
    /// The stretches, in units of the folded texts, in the order of the first text.
    pub stretches: Vec<(Range<usize>, Range<usize>)>,
    /// The link holds on few letters or many errors: it is reported, and nothing is merged for it.
    pub weak: bool,
}

/// Shares of the longer and the shorter text that a copy of the whole has; t6 in the literature of cut copies is 0.7.
const WHOLE: f64 = 0.8;
/// Share of the shorter text that the longer has, for a cut copy.
const PART: f64 = 0.7;
/// Edits for each unit, at most, between copies.
const ERRORS: f64 = 0.5;
/// The same where there is little text, in units, and the errors are not all over it: chance and form alone give as much.
const ERRORS_LITTLE: f64 = 0.33;
const LITTLE: u32 = 200;
/// How much longer than expected the longest run of noisy text may be.
const RUN: f64 = 1.3;
/// The same where the copy lies in several stretches.
const ERRORS_PIECES: f64 = 0.35;
/// The same for an overlap, where nothing but the stretch speaks for it.
const ERRORS_OVERLAP: f64 = 0.3;
/// Weight of the stretch of an overlap: 150 letters, 60 Han characters.
const OVERLAP: f64 = 150.0;
/// And its share of the shorter text: less is a quotation, an advertisement, a paragraph of standing text.
const OVERLAP_SHARE: f64 = 0.5;
/// A copy shares this much with the other: 24 letters, 10 Han characters.
const LEAST: f64 = 24.0;
/// A chain that is shorter than this adds nothing: 30 letters, 12 Han characters.
const CHAIN: f64 = 30.0;
/// What a Han character counts as letters in these.
const HAN: f64 = 2.5;

/// Compares the text of the anchors with another one, along [the lines](Prepared::lines).
pub fn judge(anchors: &Anchors, other: &Prepared, lines: &Lines) -> Option<Match> {
    let (a, b) = (&anchors.text.folded, &other.folded);
    let of = |range: &Range<u32>| range.start as usize..range.end as usize;
    let letters = |text: &Folded, range: Range<usize>| range.len() as f64 + (HAN - 1.0) * text.han(range) as f64;
    let [of_a, of_b] = [a, b].map(|text| move |range: &Range<u32>| letters(text, of(range)));
    let mut chains = anchors.chains(other, lines);
    let [whole_a, whole_b] = [a, b].map(|text| letters(text, 0..text.units.len()));
    let shorter = whole_a.min(whole_b);
    chains.retain(|c| {
        let length = of_a(&c.a).min(of_b(&c.b));
        f64::from(c.edits) <= ERRORS * f64::from(c.length()) && length >= CHAIN.min(shorter * 0.5)
    });
    let shared_a: f64 = chains.iter().map(|c| of_a(&c.a)).sum();
    let shared_b: f64 = chains.iter().map(|c| of_b(&c.b)).sum();
    let shared = shared_a.min(shared_b);
    if shared < LEAST || formula(&chains) {
        return None;
    }
    let edits: u32 = chains.iter().map(|c| c.edits).sum();
    let length: u32 = chains.iter().map(Chain::length).sum();
    let error_rate = f64::from(edits) / f64::from(length.max(1));
    if chains.len() > 1 && error_rate > ERRORS_PIECES || length < LITTLE && error_rate > ERRORS_LITTLE && !noise(&chains[0], error_rate) {
        return None;
    }
    let (of_a, of_b) = ((shared_a / whole_a).min(1.0), (shared_b / whole_b).min(1.0));
    let of_shorter = if whole_a <= whole_b { of_a } else { of_b };
    chains.sort_by_key(|c| (c.a.start, c.b.start));
    let kind = if of_a >= WHOLE && of_b >= WHOLE && whole_a.min(whole_b) >= WHOLE * whole_a.max(whole_b) {
        Kind::Near
    } else if of_shorter >= PART {
        if opens_both(&chains, a, b) { Kind::Truncated } else { Kind::Contained }
    } else if shared >= OVERLAP && of_shorter >= OVERLAP_SHARE && error_rate <= ERRORS_OVERLAP {
        Kind::Overlap
    } else {
        return None;
    };
    let score = of_shorter * (1.0 - error_rate);
    let stretches = chains.iter().map(|c| (of(&c.a), of(&c.b))).collect();
    let weak = kind == Kind::Overlap || error_rate > 0.4 || shared < 2.0 * LEAST;
    Some(Match { kind, score, error_rate, stretches, weak })
}

/// Whether the errors stand all over the text, as noise does: no run without one is longer than chance would leave it. Notices of one form
/// have long ones.
fn noise(chain: &Chain, error_rate: f64) -> bool {
    let expected = f64::from(chain.length()).ln() / -(1.0 - error_rate).ln();
    f64::from(chain.longest) <= RUN * expected
}

/// Names and numbers exchanged in text that is otherwise the same letter by letter: two of a series of notices, not two copies.
///
/// OCR errors stand one by one, all over the text; where they stand in runs, the text between is not clean either.
fn formula(chains: &[Chain]) -> bool {
    let length: u32 = chains.iter().map(Chain::length).sum();
    let exchanged: u32 = chains.iter().map(|c| c.exchanged).sum();
    let places: u32 = chains.iter().map(|c| c.places).sum();
    let edits: u32 = chains.iter().map(|c| c.edits).sum();
    let rest = f64::from(edits - exchanged) / f64::from(length - exchanged.min(length - 1));
    let share = f64::from(exchanged) / f64::from(length);
    // A long text may have a line or two that OCR destroyed.
    let (least, fewest) = if length < 400 { (0.12, 1) } else { (0.3, 2) };
    share > least && share > 1.6 * rest && places >= fewest
}

/// The first stretch stands at the beginning of both texts, and the rest of the longer text comes after it.
fn opens_both(chains: &[Chain], a: &Folded, b: &Folded) -> bool {
    let near = |at: u32, units: &[u32]| f64::from(at) <= 12.0 + 0.03 * units.len() as f64;
    let Some(first) = chains.first() else { return false };
    let end = if a.units.len() <= b.units.len() {
        (chains.iter().map(|c| c.b.end).max().unwrap_or(0), chains.iter().map(|c| c.b.len() as u32).sum::<u32>())
    } else {
        (chains.iter().map(|c| c.a.end).max().unwrap_or(0), chains.iter().map(|c| c.a.len() as u32).sum::<u32>())
    };
    near(first.a.start, &a.units) && near(first.b.start, &b.units) && f64::from(end.0 - end.1.min(end.0)) <= 24.0 + 0.15 * f64::from(end.1)
}
