//! `galley export`

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::RunArgs;
use super::run::{Purpose, Runner};
use crate::inputs::{InputOptions, IssueInput};
use crate::pipeline::Processed;
use crate::record::{self, FindingRecord};
use crate::write::{articles, concise};

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

/// Prints the articles of all issues, in input order. What could not be read or processed goes to standard
/// error, because the articles of such an issue are not all there.
pub fn run(args: &ExportArgs) -> anyhow::Result<ExitCode> {
    let runner = Runner::new(&args.run, Purpose::Export)?;
    let (inputs, missing) = runner.collect(&args.run.input, &InputOptions::default())?;
    let Target::Jsonl = args.to;
    let work = |processed: &Processed, _: &IssueInput| {
        let mut reported = runner.report(processed);
        let written = articles::write(&mut reported.raw, processed).and_then(|()| concise::findings(&mut reported.log, &errors(processed)));
        debug_assert!(written.is_ok(), "writing to memory cannot fail");
        reported
    };
    let mut counts =
        runner.run(&args.run.input, &inputs, false, work, |_| None, |_, reported| Ok(io::stderr().write_all(&reported.log)?))?;
    counts.broken |= missing;
    Ok(counts.exit_code(false))
}

/// What could not be read or processed, whatever severity the config gives it.
fn errors(processed: &Processed) -> Vec<FindingRecord> {
    let of_reading = |rule: &str| matches!(rule, "unreadable-file" | "undecodable-bytes" | "internal-error");
    record::findings(processed).into_iter().filter(|f| of_reading(f.rule)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::run::panicked;
    use crate::inputs::InputFile;

    #[test]
    fn an_issue_that_made_us_panic_has_no_articles_and_is_said() {
        let input = IssueInput { id: "a.txt".into(), files: vec![InputFile { path: "a.txt".into(), relative: "a.txt".into() }] };
        let processed = panicked(&input, "boom");
        let mut out = Vec::new();
        articles::write(&mut out, &processed).unwrap();
        assert!(out.is_empty());
        let said = errors(&processed);
        assert_eq!(said.len(), 1);
        assert!(said[0].rule == "internal-error" && said[0].message.contains("boom"), "{:?}", said[0]);
    }
}
