//! `galley decisions`

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::error::Error;
use crate::review::decisions::{Decisions, Event, Journal};
use crate::write::files::write_atomic;

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  galley decisions conflicts decisions.jsonl\n  galley decisions import decisions.jsonl from-a.jsonl from-b.jsonl"
)]
pub struct DecisionsArgs {
    #[command(subcommand)]
    command: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Print the events that count, one JSON object a line.
    List { file: PathBuf },
    /// Print the subjects people disagree about; exit with 1 if there is one.
    Conflicts { file: PathBuf },
    /// Append the events of other files that this one does not have.
    Import { file: PathBuf, from: Vec<PathBuf> },
    /// Keep only the last event of each person on each subject.
    Compact { file: PathBuf },
}

/// Lists, merges, tidies.
pub fn run(args: &DecisionsArgs) -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    match &args.command {
        What::List { file } => out.write_all(&lines(&load(file)?.compact()))?,
        What::Conflicts { file } => {
            let decisions = load(file)?;
            let conflicts = decisions.conflicts();
            for events in &conflicts {
                out.write_all(&lines(events))?;
            }
            return Ok(ExitCode::from(u8::from(!conflicts.is_empty())));
        }
        What::Import { file, from } => {
            let mut held = if file.exists() { load(file)?.events().to_vec() } else { Vec::new() };
            let mut more: Vec<Event> = Vec::new();
            for other in from {
                for event in load(other)?.events() {
                    if !held.contains(event) {
                        held.push(event.clone());
                        more.push(event.clone());
                    }
                }
            }
            Journal::open(file)?.append(&more)?;
            writeln!(out, "{} imported", more.len())?;
        }
        What::Compact { file } => {
            let decisions = load(file)?;
            write_atomic(file, &lines(&decisions.compact()))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A file that is named here has to be there.
fn load(file: &Path) -> Result<Decisions, Error> {
    if !file.exists() {
        return Err(Error::NotFound { path: file.to_owned() });
    }
    Decisions::load(file, 1)
}

fn lines(events: &[&Event]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for event in events {
        bytes.extend(serde_json::to_vec(event).unwrap_or_default());
        bytes.push(b'\n');
    }
    bytes
}
