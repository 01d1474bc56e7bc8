//! `galley export`

use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::RunArgs;
use super::run::{Runner, collect};
use crate::inputs::InputOptions;
use crate::write::articles;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  galley export --to jsonl batch/ > articles.jsonl")]
pub struct ExportArgs {
    #[command(flatten)]
    run: RunArgs,
    /// What is written.
    #[arg(long, value_enum, default_value_t = Target::Jsonl)]
    to: Target,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Target {
    /// One article a line: titles, byline, reading text with break offsets, the lines it stands on.
    Jsonl,
}

/// Prints the articles of all issues, in input order.
pub fn run(args: &ExportArgs) -> anyhow::Result<ExitCode> {
    let runner = Runner::new(&args.run, false)?;
    let (inputs, missing) = collect(&args.run.input, &InputOptions::default());
    let Target::Jsonl = args.to;
    let work = |processed: &crate::pipeline::Processed, _: &_| {
        let mut out = Vec::new();
        let written = articles::write(&mut out, processed);
        debug_assert!(written.is_ok(), "writing to memory cannot fail");
        (out, runner.report(processed).1)
    };
    let mut counts = runner.run(&args.run.input, &inputs, false, work, |_, _| Ok(()))?;
    counts.broken |= missing;
    Ok(counts.exit_code(false))
}
