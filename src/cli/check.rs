//! `galley check`

use std::process::ExitCode;

use clap::Args;

use super::RunArgs;
use super::run::{Runner, collect};
use crate::inputs::InputOptions;

#[derive(Debug, Args)]
#[command(after_help = "Exit codes: 0 nothing at or over --fail-level; 1 something was; 2 something could not be read or processed.")]
pub struct CheckArgs {
    #[command(flatten)]
    run: RunArgs,
}

/// Reports findings and proposed edits.
pub fn run(args: &CheckArgs) -> anyhow::Result<ExitCode> {
    let runner = Runner::new(&args.run, false)?;
    let (inputs, missing) = collect(&args.run.input, &InputOptions::default());
    let mut counts = runner.run(&args.run.input, &inputs, true, |processed, _| runner.report(processed), |_, _| Ok(()))?;
    counts.broken |= missing;
    Ok(counts.exit_code(counts.failing))
}
