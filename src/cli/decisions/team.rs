//! `galley decisions assign` and `progress`: several people at one collection.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::each;
use crate::cli::InputArgs;
use crate::cli::RunArgs;
use crate::cli::profile::Profiles;
use crate::cli::run::collect;
use crate::inputs::InputOptions;
use crate::review::people::{self, Progress};
use crate::review::store;
use crate::write::human::visible;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  galley decisions assign decisions/ --to anna,bert batch/")]
pub struct AssignArgs {
    /// The decisions.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    input: InputArgs,
    /// Who gets the issues; of several people each gets every second, every third …
    #[arg(long, value_name = "NAME", value_delimiter = ',', required_unless_present = "nobody")]
    to: Vec<String>,
    /// Take the issues back.
    #[arg(long, conflicts_with = "to")]
    nobody: bool,
    /// Who says so [default: the account's name].
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
}

/// Gives issues to people.
pub fn assign(args: &AssignArgs, out: &mut impl Write) -> anyhow::Result<()> {
    let (inputs, _) = collect(&args.input, &InputOptions::default())?;
    let profiles = Profiles::new(&args.input.config, None, &args.input)?;
    let mut rows = Vec::with_capacity(inputs.len());
    for (i, input) in inputs.iter().enumerate() {
        let name = profiles.of_issue(input)?.name(&input.id);
        let to = (!args.to.is_empty()).then(|| args.to[i % args.to.len()].clone());
        writeln!(out, "{}  {}", visible(&name), to.as_deref().map_or("nobody".into(), visible))?;
        rows.push((name, to));
    }
    people::assign(&args.file, &store::user(args.user.as_deref()), &rows)?;
    Ok(())
}

#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 nothing waits for a person; 1 something does.\n\nExample:\n  galley decisions progress decisions/ batch/ --to anna"
)]
pub struct ProgressArgs {
    /// The decisions.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    run: RunArgs,
    /// Only the issues this person has.
    #[arg(long, value_name = "NAME")]
    to: Option<String>,
}

/// A table of the issues.
pub fn progress(args: &ProgressArgs, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let of = people::assignments(&args.file)?;
    let (rows, broken) = each(&args.run, &args.file, Progress::of)?;
    let rows = rows.iter().filter(|r| args.to.as_ref().is_none_or(|to| of.get(&r.issue) == Some(to)));
    writeln!(out, "{:>7} {:>7} {:>8} {:>7}  {:12} issue", "open", "decided", "troubled", "unasked", "who")?;
    let mut sum = Progress::default();
    for r in rows {
        let who = of.get(&r.issue).map_or("-", String::as_str);
        writeln!(out, "{:7} {:7} {:8} {:7}  {:12} {}", r.open, r.decided, r.troubled, r.unasked, visible(who), visible(&r.issue))?;
        sum.open += r.open;
        sum.decided += r.decided;
        sum.troubled += r.troubled;
        sum.unasked += r.unasked;
    }
    writeln!(out, "{:7} {:7} {:8} {:7}  all", sum.open, sum.decided, sum.troubled, sum.unasked)?;
    Ok(ExitCode::from(if broken { 2 } else { u8::from(!sum.done()) }))
}
