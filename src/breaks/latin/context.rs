//! Paragraph ends along a run: a first look at each boundary by itself, a second that knows what the first says of its neighbours.

use super::boxes;
use super::feature::{Paragraph, add_settings};
use super::model::Paragraphs;
use super::run::Run;
use super::word::Features;
use crate::breaks::loglinear::{Feature, probability};

/// The probability that a paragraph ends, at each boundary where that is open; 0 where the lines are of one paragraph anyway.
pub fn ends(run: &Run, models: &Paragraphs) -> Vec<f32> {
    let open: Vec<bool> = run.boundaries.iter().map(|b| run.paragraphs_are_open(b)).collect();
    if !open.contains(&true) {
        return vec![0.0; run.boundaries.len()];
    }
    let measures = run.measures();
    let features: Vec<Option<Features>> =
        run.boundaries.iter().zip(&open).map(|(b, open)| open.then(|| run.paragraph(b, &measures))).collect();
    let first: Vec<Option<f32>> = features.iter().map(|f| f.as_ref().map(|f| models.first.log_odds(&in_settings(f)))).collect();
    features
        .into_iter()
        .enumerate()
        .map(|(i, features)| {
            features.map_or(0.0, |mut features| {
                features.extend(neighbours(&first, i));
                let odds = models.context.log_odds(&in_settings(&features));
                probability(boxes::odds(run, &run.boundaries[i], odds, models.boxes.as_ref()))
            })
        })
        .collect()
}

/// The features with their copies for the settings they stand in.
pub fn in_settings(features: &Features) -> Features {
    let mut all = features.clone();
    add_settings(&mut all, features);
    all
}

/// What the first look says of a boundary and of those around it.
pub fn neighbours(first: &[Option<f32>], at: usize) -> [Feature; 5] {
    let odds = |i: Option<usize>| i.and_then(|i| first.get(i).copied().flatten());
    let chance = |i: Option<usize>| odds(i).map_or(0.0, probability);
    [
        Paragraph::FirstLook.is(odds(Some(at)).unwrap_or(0.0).clamp(-8.0, 8.0) / 4.0),
        Paragraph::ProbabilityBefore.is(chance(at.checked_sub(1))),
        Paragraph::ProbabilityAfter.is(chance(Some(at + 1))),
        Paragraph::ProbabilityBefore2.is(chance(at.checked_sub(2))),
        Paragraph::ProbabilityAfter2.is(chance(Some(at + 2))),
    ]
}
