//! The weightiest features of a break, as evidence a person can read.

use compact_str::CompactString;
use smallvec::SmallVec;

use super::features::Row;
use super::names::{Feature as F, NAMES};
use super::window::Window;
use crate::breaks::loglinear::LogLinear;
use crate::edit::{Evidence, EvidenceList};

/// How many pieces of evidence are named.
const NAMED: usize = 4;
/// Log-odds below which nothing is worth naming.
const NEGLIGIBLE: f32 = 0.25;

/// Features that say the same thing are one piece of evidence, under the name of the first.
const GROUPS: [&[F]; 8] = [
    &[F::WordAcross, F::WordAcrossGain, F::WordAcrossRare, F::WordAcrossLong, F::BareAcross],
    &[F::InsidePair, F::PairStrong, F::BarePair],
    &[F::ToldAgain, F::ToldFull, F::ToldCharacters, F::BeginsTold, F::ToldLittle, F::ToldNot],
    &[F::NextByline, F::BareByline],
    &[F::PairNone, F::BarePairNone],
    &[F::LoneBreak, F::SingleBreak],
    &[F::WordEnd, F::BareEnd],
    &[F::WordBegin, F::BareBegin],
];

/// The weightiest features of the row, the weightiest first, those against among them; all that weigh anything if `thorough`.
///
/// Never empty: a person has to be told something, if only that nothing weighs much.
pub fn weightiest(row: &Row, window: &Window, model: &LogLinear, thorough: bool) -> EvidenceList {
    let most = if thorough { usize::MAX } else { NAMED };
    let mut sums: SmallVec<[(u16, f32); 32]> = SmallVec::new();
    for &(index, value) in &row.features {
        let group = GROUPS.iter().find(|g| g.iter().any(|f| f.index() == index)).map_or(index, |g| g[0].index());
        // Where a word stands over the break, that its characters are a pair is no news.
        let group = if group == F::InsidePair.index() && row.across.is_some() { F::WordAcross.index() } else { group };
        let weight = model.contribution((index, value));
        match sums.iter_mut().find(|(i, _)| *i == group) {
            Some((_, sum)) => *sum += weight,
            None => sums.push((group, weight)),
        }
    }
    sums.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    let worth_naming = sums.iter().take_while(|(_, weight)| weight.abs() >= NEGLIGIBLE).count().clamp(1, most);
    let mut list: EvidenceList =
        sums.into_iter().take(worth_naming).map(|(index, weight)| name(index, row, window).weighing(weight)).collect();
    if thorough || list.is_empty() {
        list.push(Evidence::named("before-anything-is-known").weighing(model.bias()));
    }
    list
}

/// Adds evidence that is no feature of the text where its weight puts it.
pub fn add(list: &mut EvidenceList, evidence: Evidence, thorough: bool) {
    let at = list.iter().position(|e| e.weight.abs() < evidence.weight.abs()).unwrap_or(list.len());
    list.insert(at, evidence);
    if !thorough {
        list.truncate(NAMED);
    }
}

fn name(index: u16, row: &Row, window: &Window) -> Evidence {
    let name = NAMES[index as usize];
    let around = |before: usize, after: usize| {
        let tail = window.tail.chars().iter().take(before).rev();
        tail.chain(window.head.chars().iter().take(after)).collect::<CompactString>()
    };
    match row.across {
        Some((before, after)) if index == F::WordAcross.index() => Evidence::text(name, around(before, after)),
        _ if index == F::InsidePair.index() => Evidence::text(name, around(1, 1)),
        _ => Evidence::named(name),
    }
}
