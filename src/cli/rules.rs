//! `galley rules`

use std::io::Write;
use std::process::ExitCode;

use clap::Args;

use crate::rules::RULES;

#[derive(Debug, Args)]
pub struct RulesArgs {}

/// Prints one line a rule.
pub fn run(_args: &RulesArgs) -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    let width = RULES.iter().map(|r| r.meta().name.len()).max().unwrap_or(0);
    for rule in RULES {
        let meta = rule.meta();
        writeln!(out, "{:width$}  {}", meta.name, meta.summary)?;
    }
    writeln!(out, "\n`galley explain RULE` says why each is a defect and when the rule may be wrong.")?;
    Ok(ExitCode::SUCCESS)
}

/// The rule whose name is nearest to a mistyped one, if any is near.
pub fn nearest(name: &str) -> Option<&'static str> {
    RULES
        .iter()
        .map(|r| r.meta().name)
        .map(|n| (similar::TextDiff::from_chars(name, n).ratio(), n))
        .filter(|(ratio, _)| *ratio >= 0.6)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, n)| n)
}
