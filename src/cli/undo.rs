//! `galley undo`

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::review::applied;

#[derive(Debug, Args)]
#[command(after_help = "Exit codes: 0 the bytes are as they were; 2 a file holds other bytes than the log says, nothing was written.\n\n\
    Example:\n  galley undo cleaned/galley-applied.jsonl")]
pub struct UndoArgs {
    /// The log that `clean` left: galley-applied.jsonl beside what it wrote.
    #[arg(value_name = "LOG")]
    log: PathBuf,
}

/// Restores bytes.
pub fn run(args: &UndoArgs) -> anyhow::Result<ExitCode> {
    let undone = applied::undo(&args.log)?;
    writeln!(std::io::stdout(), "{}", applied::told(&undone, &args.log))?;
    Ok(ExitCode::SUCCESS)
}
