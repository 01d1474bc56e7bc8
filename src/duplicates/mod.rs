//! Copies of articles that OCR errors, reprinting and cutting have hidden.
//!
//! A text is [folded](fold), [sketched](sketch), and compared only with texts that share enough rare k-grams ([candidates]), and share them in
//! the same order ([marks]). What the two have in common is then [aligned](align), [judged](judge()) and grouped ([cluster]). Texts stay where
//! they are and are read again when they are compared: what is kept of each is its sketch.
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
pub mod marks;
mod noise;
mod quality;
pub mod record;
mod row;
pub mod show;
pub mod sketch;

use std::cell::OnceCell;

use rayon::prelude::*;

use align::Anchors;
use candidates::{Candidate, Postings, Scratch, nearest};
use cluster::Groups;
use exact::ExactGroups;
use fold::Folded;
pub use judge::{Kind, Match, judge};
use marks::{Lines, Marks};
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
                (if candidates.is_empty() { Vec::new() } else { compare(b, &candidates, &text, |_| None) }, left_out)
            },
        )
        .collect();
    let left_out = near.iter().map(|(_, left_out)| left_out).sum();
    Copies { pairs: exact.with_copies(near.into_iter().flat_map(|(pairs, _)| pairs), sketches), left_out }
}

/// A text that others are compared with.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub folded: Folded,
    /// Whether OCR read it badly; `None` where it does not show it.
    pub noisy: Option<bool>,
    /// Found when first asked for.
    marks: OnceCell<Marks>,
}

impl Prepared {
    /// Prepares a text.
    pub fn of(text: &str) -> Prepared {
        Prepared::with(Folded::of(text), None)
    }

    /// The same where its marks may be known.
    fn with(folded: Folded, marks: Option<Marks>) -> Prepared {
        let noisy = marks.as_ref().map_or_else(|| noise::noisy(&folded), |marks| marks.noisy);
        Prepared { folded, noisy, marks: marks.map_or_else(OnceCell::new, OnceCell::from) }
    }

    /// Where another text may be a copy of this one; `None` where it is none.
    pub fn lines(&self, other: &Prepared) -> Option<Lines> {
        if marks::share(self.noisy, other.noisy).is_none() {
            return Some(Lines::Anywhere);
        }
        self.marks().lines(other.marks())
    }

    fn marks(&self) -> &Marks {
        self.marks.get_or_init(|| Marks::with(&self.folded, self.noisy))
    }
}

/// What two texts are to each other; `None` if they are no copies.
pub fn verify(a: &str, b: &str) -> Option<Match> {
    let b = Prepared::of(b);
    let a = Prepared::of(a);
    judge(&Anchors::of(&b), &a, &b.lines(&a)?).map(|found| found.turned(true))
}

/// The groups that pairs make. Overlaps and weak links are reported and do not merge: one stretch in common, or one doubtful link,
/// does not make two stories one.
pub fn groups(texts: usize, pairs: &[Pair]) -> Vec<Vec<u32>> {
    let mut groups = Groups::new(texts);
    pairs.iter().filter(|p| !p.found.weak).for_each(|p| groups.unite(p.a, p.b));
    groups.groups()
}

/// The copies of a text among its candidates. `marks` gives those of a text where they are known, so that most texts need not be read again.
fn compare(b: u32, candidates: &[Candidate], text: impl Fn(u32) -> Option<String>, marks: impl Fn(u32) -> Option<Marks>) -> Vec<Pair> {
    let of_b = marks(b);
    // With where they may be copies, if that is known already.
    let likely = |c: &Candidate| match (marks(c.text), of_b.as_ref()) {
        (Some(of_a), Some(of_b)) => of_b.lines(&of_a).map(|lines| (c.text, Some((of_a, lines)))),
        _ => Some((c.text, None)),
    };
    let likely: Vec<(u32, Option<(Marks, Lines)>)> = candidates.iter().filter_map(likely).collect();
    if likely.is_empty() {
        return Vec::new();
    }
    let Some(of_b) = text(b).map(|text| Prepared::with(Folded::of(&text), of_b)) else { return Vec::new() };
    let anchors = Anchors::of(&of_b);
    let found = |(a, known): (u32, Option<(Marks, Lines)>)| {
        let (marks, lines) = known.unzip();
        let of_a = Prepared::with(Folded::of(&text(a)?), marks);
        let lines = lines.or_else(|| of_b.lines(&of_a))?;
        Some(Pair { a, b, found: judge(&anchors, &of_a, &lines)?.turned(true) })
    };
    likely.into_iter().filter_map(found).collect()
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
