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
mod told;
pub mod train;
pub mod window;

use super::{Boundary, Context, Decision};

/// Decides a run of boundaries of Han text, in reading order; one decision for each is pushed to `out`.
pub fn decide(ctx: &Context, boundaries: &[Boundary], out: &mut Vec<Decision>) {
    let models = &ctx.dictionaries.weights().han;
    run::Run::new(ctx, boundaries, &models.blocks).decide(&models.lines, out);
}
