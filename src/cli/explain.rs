//! `galley explain`

use std::io::Write;
use std::process::ExitCode;

use anyhow::bail;
use clap::Args;

use super::rules::nearest;
use crate::rules::rule;

#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The rule's name, as `galley rules` lists it.
    rule: String,
}

/// Prints all that is known of a rule.
pub fn run(args: &ExplainArgs) -> anyhow::Result<ExitCode> {
    let Some(rule) = rule(&args.rule) else {
        match nearest(&args.rule) {
            Some(near) => bail!("no rule `{}`; did you mean `{near}`?", args.rule),
            None => bail!("no rule `{}`; `galley rules` lists all", args.rule),
        }
    };
    let meta = rule.meta();
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}\n\n{}\n", meta.name, meta.summary)?;
    writeln!(out, "Why: {}\n", meta.why)?;
    writeln!(out, "When it may be wrong: {}\n", meta.caution)?;
    writeln!(out, "Source: {}", meta.source)?;
    for example in meta.examples {
        let show = |text: &str| text.replace('\n', "⏎");
        if example.before == example.after {
            writeln!(out, "\n  kept    {}", show(example.before))?;
        } else {
            writeln!(out, "\n  before  {}\n  after   {}", show(example.before), show(example.after))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
