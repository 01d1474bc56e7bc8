//! Copies of articles that OCR errors, reprinting and cutting have hidden.
//!
//! A text is [folded](fold), [sketched](sketch), and compared only with texts that share enough rare k-grams ([candidates]). What the
//! two have in common is then [aligned](align), [judged](judge()) and grouped ([cluster]). Texts stay where they are and are read again
//! when they are compared: what is kept of each is its sketch.
//!
//! [`pairs`] does all of it on one machine, from four steps that another engine can do in its own way and come to the same:
//!
//! 1. [`Sketch::of`] a text: the postings are its hashes; texts that are [exactly](exact) the same go on as the first of them;
//! 2. [`candidates::links`] over the texts of each hash, summed for each pair, [`candidates::Shared::enough`], and of these the
//!    [nearest](candidates::NEAREST) of each text;
//! 3. [`verify`] for each candidate; [`exact::ExactGroups::spread`] hands what was found to the texts that are the same;
//! 4. [`groups`] of the pairs.

pub mod align;
pub mod archive;
pub mod batch;
pub mod candidates;
pub mod cluster;
mod distance;
pub mod exact;
pub mod fold;
pub mod issues;
pub mod join;
mod judge;
pub mod load;
mod noise;
mod quality;
pub mod record;
pub mod show;
pub mod sketch;

use rayon::prelude::*;

use align::Anchors;
use candidates::{Candidate, Postings, Scratch, nearest};
use cluster::Groups;
use exact::ExactGroups;
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

/// The pairs of copies among texts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Copies {
    /// By the second text and then the first.
    pub pairs: Vec<Pair>,
    /// Likely pairs that were not compared, because their texts have [nearer](candidates::NEAREST) ones.
    pub left_out: usize,
}

/// All pairs of copies, the same whatever the number of threads; of a text with more than [`candidates::NEAREST`] candidates before it those
/// with the nearest.
///
/// `text` gives a text again by its number; `None` if it is gone, which leaves out its pairs.
pub fn pairs(sketches: &[Sketch], text: impl Fn(u32) -> Option<String> + Sync) -> Copies {
    let exact = ExactGroups::of(sketches);
    let firsts: Vec<u32> = exact.firsts().filter(|t| sketches[*t as usize].units > 0).collect();
    let postings = Postings::of(sketches, &firsts);
    let near: Vec<(Vec<Pair>, usize)> = firsts
        .par_iter()
        .with_min_len(64)
        .map_init(
            || Scratch::new(sketches.len()),
            |scratch, &b| {
                let mut candidates = postings.candidates(sketches, b, scratch);
                let left_out = nearest(&mut candidates);
                (if candidates.is_empty() { Vec::new() } else { compare(b, &candidates, &text) }, left_out)
            },
        )
        .collect();
    let left_out = near.iter().map(|(_, left_out)| left_out).sum();
    Copies { pairs: exact.with_copies(near.into_iter().flat_map(|(pairs, _)| pairs), sketches), left_out }
}

/// What two texts are to each other; `None` if they are no copies.
pub fn verify(a: &str, b: &str) -> Option<Match> {
    let b = Folded::of(b);
    verify_prepared(a, &b, &Anchors::of(&b))
}

/// The same with a second text that is prepared for several first ones.
fn verify_prepared(a: &str, b: &Folded, anchors: &Anchors) -> Option<Match> {
    judge(b, anchors, &Folded::of(a)).map(|found| found.turned(true))
}

/// The groups that pairs make. Overlaps and weak links are reported and do not merge: one stretch in common, or one doubtful link,
/// does not make two stories one.
pub fn groups(texts: usize, pairs: &[Pair]) -> Vec<Vec<u32>> {
    let mut groups = Groups::new(texts);
    pairs.iter().filter(|p| !p.found.weak).for_each(|p| groups.unite(p.a, p.b));
    groups.groups()
}

fn compare(b: u32, candidates: &[Candidate], text: &(impl Fn(u32) -> Option<String> + Sync)) -> Vec<Pair> {
    let Some(folded) = text(b).map(|t| Folded::of(&t)) else { return Vec::new() };
    let anchors = Anchors::of(&folded);
    let found = |a: u32| Some(Pair { a, b, found: verify_prepared(&text(a)?, &folded, &anchors)? });
    candidates.iter().filter_map(|c| found(c.text)).collect()
}

impl Match {
    /// The same seen from the other text.
    pub fn turned(mut self, turn: bool) -> Match {
        if turn {
            self.stretches = self.stretches.into_iter().map(|(a, b)| (b, a)).collect();
            self.stretches.sort_by_key(|s| (s.0.start, s.1.start));
        }
        self
    }
}
