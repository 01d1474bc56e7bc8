//! Texts that are letter by letter the same, once folded. Only the first of them is compared with others.

use rayon::prelude::*;

use super::sketch::Sketch;
use super::{Kind, Match, Pair};

/// Pairs of a group that are reported: its first members with each other, all others with the first.
pub const MEMBERS: usize = 8;

/// What two texts of so many units are to each other that are the same.
pub fn exactly(units: usize) -> Match {
    Match { kind: Kind::Exact, score: 1.0, error_rate: 0.0, stretches: vec![(0..units, 0..units)], weak: false }
}

/// What tells that texts are the same.
pub trait Whole: Sync {
    /// The hash of the folded text.
    fn exact(&self) -> u128;
    /// Its letters.
    fn units(&self) -> u32;
}

impl Whole for Sketch {
    fn exact(&self) -> u128 {
        self.exact
    }

    fn units(&self) -> u32 {
        self.units
    }
}

/// Groups of texts with the same exact hash.
pub struct ExactGroups {
    /// For each text the first one that is the same.
    first: Vec<u32>,
    /// Groups of two and more, ascending.
    groups: Vec<Vec<u32>>,
    /// For each text the group it is the first of, counted from 1.
    group_of: Vec<u32>,
}

impl ExactGroups {
    /// The groups of these texts; texts without letters are in none.
    pub fn of(texts: &[impl Whole]) -> ExactGroups {
        let mut order: Vec<u32> = (0..texts.len() as u32).filter(|t| texts[*t as usize].units() > 0).collect();
        order.par_sort_unstable_by_key(|t| (texts[*t as usize].exact(), *t));
        let same = |x: &u32, y: &u32| texts[*x as usize].exact() == texts[*y as usize].exact();
        let mut groups: Vec<Vec<u32>> = order.chunk_by(same).filter(|g| g.len() > 1).map(<[u32]>::to_vec).collect();
        groups.sort_unstable();
        let mut first: Vec<u32> = (0..texts.len() as u32).collect();
        let mut group_of = vec![0; texts.len()];
        for (number, group) in groups.iter().enumerate() {
            group_of[group[0] as usize] = number as u32 + 1;
            group.iter().for_each(|t| first[*t as usize] = group[0]);
        }
        ExactGroups { first, groups, group_of }
    }

    /// The texts that stand for themselves and those that are the same, ascending.
    pub fn firsts(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.first.len() as u32).filter(|t| self.is_first(*t))
    }

    /// Whether a text is one of these.
    pub fn is_first(&self, text: u32) -> bool {
        self.first[text as usize] == text
    }

    /// All pairs, by the second text and then the first: those that were found among the firsts, also for the texts that are the same, and
    /// those within the groups.
    pub fn with_copies(&self, near: impl IntoIterator<Item = Pair>, texts: &[impl Whole]) -> Vec<Pair> {
        let mut pairs: Vec<Pair> = near.into_iter().flat_map(|pair| self.spread(&pair)).collect();
        pairs.extend(self.pairs(texts));
        pairs.par_sort_by_key(|p| (p.b, p.a));
        pairs
    }

    /// A pair of firsts, for all texts that are the same as either: what holds for one of a group holds for all of it. Of large groups
    /// the first members are shown.
    pub fn spread(&self, pair: &Pair) -> Vec<Pair> {
        let shown = |first: u32| match self.group_of[first as usize].checked_sub(1) {
            Some(group) => self.groups[group as usize].iter().copied().take(MEMBERS).collect(),
            None => vec![first],
        };
        let (of_a, of_b): (Vec<u32>, Vec<u32>) = (shown(pair.a), shown(pair.b));
        let two = |a: u32, b: u32| Pair { a: a.min(b), b: a.max(b), found: pair.found.clone().turned(a > b) };
        of_a.iter().flat_map(|a| of_b.iter().map(|b| two(*a, *b))).collect()
    }

    /// The pairs within the groups.
    pub fn pairs<'a>(&'a self, texts: &'a [impl Whole]) -> impl Iterator<Item = Pair> + 'a {
        let exact = |a: u32, b: u32| Pair { a, b, found: exactly(texts[a as usize].units() as usize) };
        self.groups.iter().flat_map(move |group| {
            group.iter().enumerate().skip(1).flat_map(move |(i, b)| {
                let before = &group[..if i < MEMBERS { i } else { 1 }];
                before.iter().map(move |a| exact(*a, *b))
            })
        })
    }
}
