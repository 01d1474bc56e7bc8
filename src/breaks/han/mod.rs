//! Breaks in Chinese text: nothing marks a cut, so everything near it has to speak.
//!
//! Each break is a window ([`window`]) from which named features are read ([`features`]); a log-linear model weighs them
//! (`dictionaries/han/breaks.tsv`). Between physical lines the widths of the column speak as well (`lines`, `column`,
//! `chain`; weights in `dictionaries/han/lines.tsv`). What is joined becomes the text before the next break (`run`), so that a second
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
pub mod train;
pub mod window;

use std::sync::LazyLock;

use super::loglinear::LogLinear;
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
