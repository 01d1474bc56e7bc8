//! `galley review`

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;

use super::counts::Counts;
use super::interrupt::interrupted;
use super::run::{Purpose, Runner, panicked, progress};
use super::{InputArgs, RunArgs, review_tui};
use crate::batch::{self, Digest};
use crate::duplicates::batch::Batch;
use crate::error::Shown;
use crate::inputs::{InputOptions, IssueInput};
use crate::messages::say;
use crate::review::cards::{Card, Review, batch_cards, cards};
use crate::review::page::{self, About, Pictures};
use crate::review::scans::Scans;
use crate::review::serve::{self, Serving};
use crate::review::{people, store};
use crate::write::files::write_atomic;

#[derive(Debug, Args)]
#[command(
    after_help = "Decisions go to --decisions, or what [review] decisions in galley.toml names, or decisions.jsonl here; a page from --html\n\
    keeps them in the browser until they are downloaded.\n\n\
    Examples:\n  galley review batch/ --html review.html            one file to send; its decisions come back as a download\n  \
    galley review batch/ --serve --user anna           in the browser, each decision saved at once\n  \
    galley review batch/ --tui --decisions decisions/  in this terminal\n  galley clean batch/ --write --decisions decisions.jsonl",
    group = clap::ArgGroup::new("where").required(true)
)]
pub struct ReviewArgs {
    #[command(flatten)]
    pub(super) run: RunArgs,
    /// Write one page that works from the disk and needs no network.
    #[arg(long, value_name = "FILE", group = "where")]
    html: Option<PathBuf>,
    /// Show the page on this machine (127.0.0.1) and save each decision at once.
    #[arg(long, group = "where")]
    serve: bool,
    /// Review in this terminal.
    #[arg(long, group = "where")]
    tui: bool,
    /// The port for --serve [default: any free one].
    #[arg(long, value_name = "N", requires = "serve")]
    port: Option<u16>,
    /// Page images (PNG, JPEG, TIFF) that are named like the OCR files, or as these name them: their lines stand beside the changes.
    #[arg(long, value_name = "DIR", conflicts_with = "tui")]
    images: Option<PathBuf>,
    /// An archive index made by `galley index add`: copies it has stand beside the articles. Also `archive.index` in `galley.toml`.
    #[arg(long, value_name = "DIR")]
    archive: Option<PathBuf>,
    /// Who decides [default: the account's name].
    #[arg(long, value_name = "NAME")]
    pub(super) user: Option<String>,
}

/// Shows what there is to decide.
pub fn run(args: &ReviewArgs) -> anyhow::Result<ExitCode> {
    let mut run = args.run.clone();
    let new = |run: &RunArgs| Runner::new(run, Purpose::Export)?.with_archive(args.archive.as_deref());
    let mut runner = new(&run)?;
    let decisions = runner.base.config.review.decisions.clone();
    let decisions = decisions.unwrap_or_else(|| {
        let file = PathBuf::from("decisions.jsonl");
        run.decisions = Some(file.clone());
        file
    });
    if run.decisions != args.run.decisions {
        runner = new(&run)?;
    }
    let mut scans = args.images.as_deref().map(Scans::find).transpose().context("--images")?.unwrap_or_default();
    if args.images.is_some() && scans.count() == 0 && !run.input.quiet {
        eprintln!("galley: --images: {}", say("review.no-images", &[]));
    }
    let (inputs, missing) = runner.collect(&run.input, &InputOptions::default())?;
    let paths = run.input.paths.iter().map(|p| p.display().to_string()).collect::<Vec<_>>().join(" ");
    let title = runner.title().map_or_else(|| format!("galley: {paths}"), str::to_owned);
    if args.serve {
        serve(args, &runner, &inputs, &decisions, title, scans)?;
    } else if let Some(path) = &args.html {
        let review = runner.review(&run.input, &inputs)?;
        let user = args.user.as_deref().unwrap_or_default();
        let about = About { title: &title, user, assigned: people::assignments(&decisions)?, ..About::default() };
        let data = page::data(&review, &about, Pictures::Inline(&mut scans));
        write_atomic(path, &page::html(Some(review.cards.len()), &about, &data, review.events()))?;
        if !run.input.quiet {
            writeln!(
                std::io::stdout(),
                "{}",
                say("review.written", &[("path", &Shown(path)), ("n", &review.cards.len()), ("open", &review.chosen(Card::is_open).len())])
            )?;
        }
    } else {
        let review = runner.review(&run.input, &inputs)?;
        review_tui::run(args, &runner, &decisions, review)?;
    }
    Ok(ExitCode::from(if missing { 2 } else { 0 }))
}

/// Listens first and reads then: the page is there at once and its cards as soon as they can be.
fn serve(args: &ReviewArgs, runner: &Runner, inputs: &[IssueInput], decisions: &Path, title: String, scans: Scans) -> anyhow::Result<()> {
    let collection = &runner.base.config.collection;
    let options = serve::Options {
        port: args.port.unwrap_or(0),
        title,
        user: store::user(args.user.as_deref()),
        words: collection.words.clone(),
        allow: collection.allow.clone(),
    };
    let held = runner.base.settings.decisions.as_ref().map(|d| d.events().to_vec()).unwrap_or_default();
    let serving = Serving::begin(options, decisions, held).context("--serve")?;
    writeln!(std::io::stdout(), "{}", serving.url())?;
    let review = runner.review(&args.run.input, inputs)?;
    let (cards, open) = (review.cards.len(), review.chosen(Card::is_open).len());
    serving.show(review, people::assignments(decisions)?, scans);
    if !args.run.input.quiet {
        eprintln!("galley: {}", say("review.serving", &[("n", &cards), ("open", &open), ("decisions", &Shown(decisions))]));
    }
    serving.until(interrupted);
    Ok(())
}

impl Runner {
    /// The review of a run over the inputs, under the decisions the run obeys.
    pub(super) fn review(&self, args: &InputArgs, inputs: &[IssueInput]) -> anyhow::Result<Review> {
        let progress = progress(args, inputs.len());
        std::panic::set_hook(Box::new(|_| {}));
        let pool = rayon::ThreadPoolBuilder::new().num_threads(args.jobs).build().with_context(|| say("run.threads", &[]))?;
        let mut all: Vec<Card> = Vec::new();
        let copies = self.looks_for_copies();
        // Also what is decided already is shown.
        let mut whole = Batch::new(None).with_context(|| say("run.temporary", &[]))?;
        let result: anyhow::Result<()> = pool.install(|| {
            batch::run_until(
                interrupted,
                inputs,
                |input| {
                    let processed = self.process(input);
                    (cards(&processed), Digest::of(&processed, copies))
                },
                |input, message| (cards(&panicked(input, &message)), Digest::default()),
                |_, (cards, digest)| {
                    whole.take(&digest).with_context(|| say("run.spooling", &[]))?;
                    all.extend(cards);
                    progress.inc(1);
                    Ok(())
                },
            )
        });
        let _ = std::panic::take_hook();
        progress.finish_and_clear();
        result?;
        let found = pool.install(|| self.check_batch(&mut whole, &mut Counts::default()))?;
        all.extend(batch_cards(&found, &whole.articles, self.archive.as_ref()));
        Ok(Review::new(all, self.base.settings.decisions.as_ref().map(Arc::as_ref)))
    }
}
