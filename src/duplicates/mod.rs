//! Copies of articles that OCR errors, reprinting and cutting have hidden.
//!
//! A text is [folded](fold), [sketched](sketch), and compared only with texts that share enough rare k-grams ([candidates]). What the
//! two have in common is then [aligned](align), [judged](judge()) and grouped ([cluster]). Texts stay where they are and are read again
//! when they are compared: what is kept of each is its sketch.

pub mod align;
pub mod archive;
pub mod batch;
pub mod candidates;
pub mod cluster;
mod decisions;
pub mod fold;
pub mod issues;
mod judge;
pub mod load;
mod quality;
pub mod record;
pub mod show;
pub mod sketch;

use rayon::prelude::*;

use align::Anchors;
use candidates::{Counts, Postings};
use cluster::Groups;
pub use decisions::{PairDecision, PairDecisions};
use fold::Folded;
pub use judge::{Kind, Match, judge};
use sketch::Sketch;

/// Two texts and what they have in common.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// Number of the first text in the order of the input.
    pub a: u32,
    /// Number of the second text; larger.
    pub b: u32,
    pub found: Match,
}

/// Pairs of an exact group that are reported: its first members with each other, all others with the first.
const EXACT_MEMBERS: usize = 8;

/// All pairs of copies, by the second text and then the first, whatever the number of threads.
///
/// `text` gives a text again by its number; `None` if it is gone, which leaves out its pairs.
pub fn pairs(sketches: &[Sketch], text: impl Fn(u32) -> Option<String> + Sync) -> Vec<Pair> {
    let exact = exact_groups(sketches);
    let firsts: Vec<u32> =
        (0..sketches.len() as u32).filter(|t| exact.first[*t as usize] == *t && sketches[*t as usize].units > 0).collect();
    let postings = Postings::of(sketches, &firsts);
    let near: Vec<Vec<Pair>> = firsts
        .par_iter()
        .with_min_len(64)
        .map_init(
            || Counts::new(sketches.len()),
            |counts, &b| {
                let candidates = postings.candidates(sketches, b, counts);
                if candidates.is_empty() { Vec::new() } else { compare(b, &candidates, &text) }
            },
        )
        .collect();
    let mut pairs: Vec<Pair> = Vec::new();
    for pair in near.into_iter().flatten() {
        // What holds for one text of an exact group holds for all of it.
        for &a in exact.shown(pair.a) {
            for &b in exact.shown(pair.b) {
                pairs.push(Pair { a: a.min(b), b: a.max(b), found: pair.found.clone().turned(a > b) });
            }
        }
    }
    for group in &exact.groups {
        for (i, &b) in group.iter().enumerate().skip(1) {
            for &a in &group[..if i < EXACT_MEMBERS { i } else { 1 }] {
                let units = sketches[a as usize].units as usize;
                let found = Match { kind: Kind::Exact, score: 1.0, error_rate: 0.0, stretches: vec![(0..units, 0..units)], weak: false };
                pairs.push(Pair { a, b, found });
            }
        }
    }
    pairs.sort_by_key(|p| (p.b, p.a));
    pairs
}

/// The groups that pairs make. Overlaps and weak links are reported and do not merge: one stretch in common, or one doubtful link,
/// does not make two stories one.
pub fn groups(texts: usize, pairs: &[Pair]) -> Vec<Vec<u32>> {
    let mut groups = Groups::new(texts);
    pairs.iter().filter(|p| !p.found.weak).for_each(|p| groups.unite(p.a, p.b));
    groups.groups()
}

fn compare(b: u32, candidates: &[(u32, u32)], text: &(impl Fn(u32) -> Option<String> + Sync)) -> Vec<Pair> {
    let Some(folded_b) = text(b).map(|t| Folded::of(&t)) else { return Vec::new() };
    let anchors = Anchors::of(&folded_b.units);
    let mut pairs = Vec::new();
    for &(a, _) in candidates {
        let Some(folded_a) = text(a).map(|t| Folded::of(&t)) else { continue };
        if let Some(found) = judge(&folded_b, &anchors, &folded_a) {
            pairs.push(Pair { a, b, found: found.turned(true) });
        }
    }
    pairs
}

/// Texts whose folded forms are the same.
struct Exact {
    /// For each text the first one that is the same.
    first: Vec<u32>,
    /// Groups of two and more, ascending.
    groups: Vec<Vec<u32>>,
    /// For each text the group it is the first of, counted from 1.
    group_of: Vec<u32>,
    /// Every number at its own place, for texts that are alone.
    alone: Vec<u32>,
}

impl Exact {
    /// The texts a pair of the first text is reported for.
    fn shown(&self, first: u32) -> &[u32] {
        match self.group_of[first as usize].checked_sub(1) {
            Some(group) => &self.groups[group as usize][..self.groups[group as usize].len().min(EXACT_MEMBERS)],
            None => &self.alone[first as usize..=first as usize],
        }
    }
}

fn exact_groups(sketches: &[Sketch]) -> Exact {
    let mut order: Vec<u32> = (0..sketches.len() as u32).filter(|t| sketches[*t as usize].units > 0).collect();
    order.par_sort_unstable_by_key(|t| (sketches[*t as usize].exact, *t));
    let mut exact =
        Exact { first: (0..sketches.len() as u32).collect(), groups: Vec::new(), group_of: vec![0; sketches.len()], alone: Vec::new() };
    exact.alone = exact.first.clone();
    exact.groups = order
        .chunk_by(|x, y| sketches[*x as usize].exact == sketches[*y as usize].exact)
        .filter(|g| g.len() > 1)
        .map(<[u32]>::to_vec)
        .collect();
    exact.groups.sort_unstable();
    for (number, group) in exact.groups.iter().enumerate() {
        exact.group_of[group[0] as usize] = number as u32 + 1;
        group.iter().for_each(|t| exact.first[*t as usize] = group[0]);
    }
    exact
}

impl Match {
    /// The same seen from the other text.
    fn turned(mut self, turn: bool) -> Match {
        if turn {
            self.stretches = self.stretches.into_iter().map(|(a, b)| (b, a)).collect();
            self.stretches.sort_by_key(|s| (s.0.start, s.1.start));
        }
        self
    }
}
