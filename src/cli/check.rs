//! `galley check`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::RunArgs;
use super::run::{Purpose, Runner};

#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 the gate is green; 1 it is red: something at or over --fail-level, or over a limit of [gate] in galley.toml; \
    2 something could not be read or processed; 130 interrupted.\n\n\
    Examples:\n  galley check batch/\n  galley check batch/ --report sarif=galley.sarif --report junit=galley.xml\n  \
    galley check batch/ --since origin/main --baseline galley-baseline.jsonl --new-only\n  find batch -name '*.txt' -print0 | galley check --file-list -"
)]
pub struct CheckArgs {
    #[command(flatten)]
    run: RunArgs,
    /// An archive index made by `galley index add`: articles it has already are reported. Also `archive.index` in `galley.toml`.
    #[arg(long, value_name = "DIR")]
    archive: Option<PathBuf>,
}

/// Reports findings and proposed edits.
pub fn run(args: &CheckArgs) -> anyhow::Result<ExitCode> {
    let runner = Runner::new(&args.run, Purpose::Check)?.with_archive(args.archive.as_deref())?;
    let (inputs, missing) = runner.list(&args.run.input)?;
    let mut counts = runner.run(&args.run.input, &inputs, true, |processed, _| runner.report(processed), |_| None, |_, _| Ok(()))?;
    counts.broken |= missing;
    let fails = runner.fails(&counts);
    Ok(counts.exit_code(fails))
}
