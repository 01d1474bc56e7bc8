//! `galley review`

use std::sync::Arc;

use anyhow::Context as _;

use super::InputArgs;
use super::counts::Counts;
use super::interrupt::interrupted;
use super::run::{Runner, panicked, progress};
use crate::batch::{self, Digest};
use crate::duplicates::batch::Spool;
use crate::inputs::IssueInput;
use crate::review::cards::{Card, Review, batch_cards, cards};

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
                |_, (cards, mut digest)| {
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
