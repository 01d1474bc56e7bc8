//! `galley review`

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;

use super::counts::Counts;
use super::interrupt::interrupted;
use super::run::{Purpose, Runner, panicked, progress};
use super::{InputArgs, RunArgs, review_tui};
use crate::batch::{self, Digest};
use crate::duplicates::batch::Spool;
use crate::inputs::{InputOptions, IssueInput};
use crate::review::cards::{Card, Review, batch_cards, cards};

#[derive(Debug, Args)]
#[command(
    after_help = "Decisions go to --decisions, or what [review] decisions in galley.toml names, or decisions.jsonl here.\n\n\
    Example:\n  galley review batch/ --tui --decisions decisions/ --user anna"
)]
pub struct ReviewArgs {
    #[command(flatten)]
    pub(super) run: RunArgs,
    /// Review in this terminal.
    #[arg(long, required = true)]
    tui: bool,
    /// Who decides [default: the account's name].
    #[arg(long, value_name = "NAME")]
    pub(super) user: Option<String>,
}

/// Shows what there is to decide.
pub fn run(args: &ReviewArgs) -> anyhow::Result<ExitCode> {
    let mut run = args.run.clone();
    let mut runner = Runner::new(&run, Purpose::Export)?;
    let decisions = runner.base.config.review.decisions.clone();
    let decisions = decisions.unwrap_or_else(|| {
        let file = PathBuf::from("decisions.jsonl");
        run.decisions = Some(file.clone());
        file
    });
    if run.decisions != args.run.decisions {
        runner = Runner::new(&run, Purpose::Export)?;
    }
    let (inputs, missing) = runner.collect(&run.input, &InputOptions::default())?;
    let review = runner.review(&run.input, &inputs)?;
    review_tui::run(args, &runner, &decisions, review)?;
    Ok(ExitCode::from(if missing { 2 } else { 0 }))
}

impl Runner {
    /// The review of a run over the inputs, under the decisions the run obeys.
    pub(super) fn review(&self, args: &InputArgs, inputs: &[IssueInput]) -> anyhow::Result<Review> {
        let progress = progress(args, inputs.len());
        std::panic::set_hook(Box::new(|_| {}));
        let pool = rayon::ThreadPoolBuilder::new().num_threads(args.jobs).build().context("starting the worker threads")?;
        let (mut all, mut digests): (Vec<Card>, Vec<Digest>) = Default::default();
        let mut spool = Spool::new().context("making a temporary file")?;
        let result: anyhow::Result<()> = pool.install(|| {
            batch::run_until(
                interrupted,
                inputs,
                |input| {
                    let processed = self.process(input);
                    (cards(&processed), Digest::of(&processed))
                },
                |input, message| (cards(&panicked(input, &message)), Digest::default()),
                |(cards, mut digest)| {
                    spool.take(&mut digest.articles).context("writing to the folder for temporary files")?;
                    digests.push(digest);
                    all.extend(cards);
                    progress.inc(1);
                    Ok(())
                },
            )
        });
        let _ = std::panic::take_hook();
        progress.finish_and_clear();
        result?;
        let found = pool.install(|| self.check_batch(&digests, &mut Counts::default()));
        all.extend(batch_cards(&found, &digests));
        Ok(Review::new(all, self.base.settings.decisions.as_ref().map(Arc::as_ref)))
    }
}
