//! Breaks in Chinese text: nothing marks a cut, so everything near it has to speak.
//!
//! Each break is a window ([`window`]) from which named features are read ([`features`]); a log-linear model weighs them
//! (`dictionaries/han/breaks.tsv`). What is joined becomes the text before the next break ([`run`]), so that a second
//! pass over the joined text sees what the first one saw and joins nothing more.

pub mod association;
mod chain;
pub mod characters;
mod column;
mod evidence;
pub mod features;
mod lines;
pub mod names;
pub mod opening;
pub mod run;
pub mod window;

use std::sync::LazyLock;

use super::loglinear::{Feature, LogLinear};
use super::{Boundary, Context, Decision};

/// Fitted weights and thresholds; `dictionaries/README.md` says on what.
static MODEL: LazyLock<LogLinear> = LazyLock::new(|| {
    LogLinear::parse(include_str!("../../../dictionaries/han/breaks.tsv"), names::NAMES).expect("the weights in the binary are tested")
});

/// The same for breaks between physical lines, where the columns speak as well.
static LINES: LazyLock<LogLinear> = LazyLock::new(|| {
    LogLinear::parse(include_str!("../../../dictionaries/han/lines.tsv"), names::NAMES).expect("the weights in the binary are tested")
});

/// The weights in the binary.
pub fn model() -> &'static LogLinear {
    &MODEL
}

/// Decides a run of boundaries of Han text, in reading order; one decision for each is pushed to `out`.
pub fn decide(ctx: &Context, boundaries: &[Boundary], out: &mut Vec<Decision>) {
    run::Run::new(ctx, boundaries, model()).decide(&LINES, out);
}

/// Features of every break of a run for training: `joined` says what is joined before each of them; `each` is called with
/// the number of the break and its features.
pub fn features(ctx: &Context, boundaries: &[Boundary], joined: &[bool], each: impl FnMut(usize, &[Feature])) {
    // Only the text matters; the weights are what is to be found.
    let nothing = LogLinear::fit(&[], names::NAMES.len(), 1.0);
    run::Run::new(ctx, boundaries, &nothing).train(joined, each);
}

/// Features of every break between physical lines of a run for training.
pub fn line_features(ctx: &Context, boundaries: &[Boundary], each: impl FnMut(usize, &[Feature])) {
    let nothing = LogLinear::fit(&[], names::NAMES.len(), 1.0);
    run::Run::new(ctx, boundaries, &nothing).train_lines(each);
}
