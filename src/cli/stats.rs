//! `galley stats`

use std::io::Write as _;
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

use anyhow::bail;
use clap::Args;

use super::RunArgs;
use super::run::{Purpose, Runner};
use crate::inputs::InputOptions;
use crate::messages::say;
use crate::write::report::Format;
use crate::write::stats::{Stats, csv, html, human, json};

#[derive(Debug, Args)]
#[command(after_help = "Formats: human, json, csv, html.\n\nExample:\n  galley stats batch/ --format html > stats.html")]
pub struct StatsArgs {
    #[command(flatten)]
    run: RunArgs,
}

/// Prints sums over a batch.
pub fn run(args: &StatsArgs) -> anyhow::Result<ExitCode> {
    let write = match args.run.format {
        Format::Human => human,
        Format::Json => json,
        Format::Csv => csv,
        Format::Html => html,
        _ => bail!("{}", say("stats.formats", &[])),
    };
    let runner = Runner::new(&args.run, Purpose::Check)?;
    let (inputs, missing) = runner.collect(&args.run.input, &InputOptions::default())?;
    // Sums of whole numbers: the order in which workers add them changes nothing.
    let sum = Mutex::new(Stats::default());
    let work = |processed: &crate::pipeline::Processed, _: &crate::inputs::IssueInput| {
        sum.lock().unwrap_or_else(PoisonError::into_inner).add(&Stats::of(processed));
        runner.report(processed)
    };
    let mut counts = runner.run(&args.run.input, &inputs, false, work, |_| None, |_, _| Ok(()))?;
    counts.broken |= missing;
    let mut stats = sum.into_inner().unwrap_or_else(PoisonError::into_inner);
    stats.by_rule = counts.by_rule.clone();
    let mut out = std::io::stdout().lock();
    write(&mut out, &stats)?;
    out.flush()?;
    Ok(counts.exit_code(false))
}
