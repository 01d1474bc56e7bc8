//! Fits the weights of the models of blocks and of lines to labelled issues.

use super::names::NAMES;
use super::run::Run;
use crate::breaks::loglinear::{Case, LogLinear, probability};
use crate::breaks::weights::HanModels;
use crate::breaks::{Boundary, BoundaryKind, Context};

/// Parts into which issues fall to measure thresholds on what a fit has not seen.
const PARTS: usize = 5;
/// What is applied by default has to be right this often where a fit has not seen the issue. That is a little under the bar of
/// one error in 500, since a break is easier once its neighbours are joined, which no case of training knows.
const SAFE_PRECISION: f32 = 0.9975;
/// No safe threshold below this, however well the labelled issues do.
const LEAST_SAFE: f32 = 0.93;
/// A safe threshold needs so many cases at or over it.
const LEAST_CASES: usize = 100;

/// Labelled cases of both models, with the part their issue fell to.
#[derive(Clone, Debug, Default)]
pub struct Cases {
    blocks: Vec<(usize, Case)>,
    lines: Vec<(usize, Case)>,
    issues: usize,
}

impl Cases {
    /// Adds the boundaries of one issue; `gold` says whether one is a join, `None` without a label. `weight` balances sources.
    pub fn add(&mut self, ctx: &Context, boundaries: &[Boundary], gold: impl Fn(&Boundary) -> Option<bool>, weight: f32) {
        let part = self.issues % PARTS;
        self.issues += 1;
        // Only the text matters; the weights are what is to be found.
        let nothing = LogLinear::new(vec![0.0; NAMES.len()], 0.0, 1.0, 1.0);
        let joined: Vec<bool> = boundaries.iter().map(|b| gold(b) == Some(true)).collect();
        let case = |k: usize, features: &[_]| {
            let outcome = gold(&boundaries[k])?;
            Some((part, Case { features: features.to_vec(), outcome, weight }))
        };
        Run::new(ctx, boundaries, &nothing).train(&joined, |k, features| {
            // Gold of lines is laid out from gold of blocks: it tells the model of blocks nothing new.
            if boundaries[k].kind != BoundaryKind::Line {
                self.blocks.extend(case(k, features));
            }
        });
        Run::new(ctx, boundaries, &nothing).train_lines(|k, features| self.lines.extend(case(k, features)));
    }

    /// Takes in the cases of other issues.
    pub fn merge(&mut self, other: Cases) {
        let shift = self.issues % PARTS;
        let shifted = |(part, case): (usize, Case)| ((part + shift) % PARTS, case);
        self.blocks.extend(other.blocks.into_iter().map(shifted));
        self.lines.extend(other.lines.into_iter().map(shifted));
        self.issues += other.issues;
    }

    /// The weights files, by name below the folder of weights; a model without cases has none. `known`: weights to begin with.
    pub fn fit(&self, penalty: f64, known: Option<&HanModels>) -> Vec<(String, String)> {
        let models = [("han/breaks.tsv", &self.blocks, known.map(|k| &k.blocks)), ("han/lines.tsv", &self.lines, known.map(|k| &k.lines))];
        let cases = models.into_iter().filter(|(_, cases, _)| !cases.is_empty());
        cases.map(|(name, cases, known)| (name.to_owned(), fit(cases, penalty, known).to_tsv(NAMES))).collect()
    }
}

/// A model with its thresholds, as measured on the parts that were held back in turn.
fn fit(cases: &[(usize, Case)], penalty: f64, known: Option<&LogLinear>) -> LogLinear {
    let fit = |cases: &[Case]| match known {
        Some(known) => known.refit(cases, penalty),
        None => LogLinear::fit(cases, NAMES.len(), penalty),
    };
    let mut held_back: Vec<(f32, bool)> = Vec::with_capacity(cases.len());
    for part in 0..PARTS {
        let seen: Vec<Case> = cases.iter().filter(|(p, _)| *p != part).map(|(_, case)| case.clone()).collect();
        let model = fit(&seen);
        let unseen = cases.iter().filter(|(p, _)| *p == part);
        held_back.extend(unseen.map(|(_, case)| (probability(model.log_odds(&case.features)), case.outcome)));
    }
    let all: Vec<Case> = cases.iter().map(|(_, case)| case.clone()).collect();
    let mut model = fit(&all);
    model.review = 0.5;
    // Too few joins to measure precision on: the threshold stays what it was measured to be elsewhere.
    let joins = cases.iter().filter(|(_, case)| case.outcome).count();
    model.safe = known.filter(|_| joins < LEAST_CASES).map_or_else(|| safe_threshold(held_back), |known| known.safe);
    model
}

/// The lowest probability, in hundredths, from which on joins are right as often as safe edits have to be.
fn safe_threshold(mut measured: Vec<(f32, bool)>) -> f32 {
    measured.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut right, mut threshold) = (0usize, 0.99);
    for (i, (p, outcome)) in measured.iter().enumerate() {
        right += usize::from(*outcome);
        if i + 1 >= LEAST_CASES && right as f32 >= SAFE_PRECISION * (i + 1) as f32 {
            threshold = *p;
        }
    }
    ((threshold * 100.0).ceil() / 100.0).clamp(LEAST_SAFE, 0.99)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_safe_threshold_is_where_precision_still_holds() {
        let right = (0..300).map(|i| (0.99 - i as f32 * 1e-4, true));
        let wrong = (0..5).map(|_| (0.935, false));
        assert_eq!(safe_threshold(right.chain(wrong).collect()), 0.97);
    }
}
