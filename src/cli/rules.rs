//! `galley rules`

use std::io::Write;
use std::process::ExitCode;

use clap::Args;

use crate::messages;
use crate::rules::RULES;

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  galley rules\n  galley rules --lang zh")]
pub struct RulesArgs {}

/// Prints one line a rule.
pub fn run(_args: &RulesArgs) -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    let width = RULES.iter().map(|r| r.meta().name.len()).max().unwrap_or(0);
    for rule in RULES {
        let meta = rule.meta();
        writeln!(out, "{:width$}  {}", meta.name, messages::summary(meta))?;
    }
    writeln!(out, "\n{}", messages::say("explain.rules", &[]))?;
    Ok(ExitCode::SUCCESS)
}
