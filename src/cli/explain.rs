//! `galley explain`

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Args;

use super::{DictionaryArgs, language};
use crate::breaks::{self, BoundaryKind, Break, Joint};
use crate::edit::Applicability;
use crate::inputs::{InputFile, IssueInput};
use crate::model::Language;
use crate::places::Places;
use crate::read::{ReadOptions, read_issue};
use crate::rules::{self, rule};
use crate::structure;
use crate::write::human::visible;

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  galley explain split-word\n  galley explain --at page.txt:15")]
pub struct ExplainArgs {
    /// The rule's name, as `galley rules` lists it.
    #[arg(required_unless_present = "at")]
    rule: Option<String>,
    /// Explain what was decided at the end of this line, joined or not: evidence and weights.
    #[arg(long, value_name = "FILE:LINE", conflicts_with = "rule")]
    at: Option<String>,
    /// Language of all text instead of detecting it.
    #[arg(long, value_name = "CODE", value_parser = language, requires = "at")]
    lang: Option<Language>,
    #[command(flatten)]
    dictionaries: DictionaryArgs,
}

/// Prints all that is known of a rule, or of one break.
pub fn run(args: &ExplainArgs) -> anyhow::Result<ExitCode> {
    match (&args.rule, &args.at) {
        (Some(name), _) => explain_rule(name),
        (None, Some(place)) => explain_break(args, place),
        (None, None) => bail!("name a rule, or a place with --at FILE:LINE"),
    }
}

fn explain_rule(name: &str) -> anyhow::Result<ExitCode> {
    let Some(rule) = rule(name) else { bail!(rules::unknown(name)) };
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

fn explain_break(args: &ExplainArgs, place: &str) -> anyhow::Result<ExitCode> {
    let (file, line) = place.rsplit_once(':').with_context(|| format!("`{place}` is not FILE:LINE"))?;
    let line: usize = line.parse().ok().filter(|n| *n > 0).with_context(|| format!("`{line}` is not a line number from 1"))?;
    let dictionaries = args.dictionaries.load(false, &args.dictionaries)?;
    let path = Path::new(file).to_path_buf();
    let input = IssueInput { id: file.to_string(), files: vec![InputFile { relative: path.clone(), path }] };
    let mut read = read_issue(&input, &ReadOptions::default());
    if let Some(error) = read.errors.pop() {
        return Err(error.into());
    }
    structure::structure(&mut read.issue, args.lang);
    let issue = &read.issue;
    let places = Places::new(issue);
    let number = |l: usize| places.point(issue.lines[l].span.start).line;
    let breaks = breaks::explain(issue, &dictionaries);
    let Some(b) = breaks.iter().rfind(|b| number(b.boundary.before) <= line).filter(|b| line < number(b.boundary.after)) else {
        let furniture = (0..issue.lines.len()).any(|l| number(l) == line && issue.lines[l].role.is_furniture());
        match furniture {
            true => bail!("{file}:{line}: no break here: the line is a running head, a page number or the like, which the text goes past"),
            false => bail!("{file}:{line}: no break here: the text has no two lines around it"),
        }
    };
    print(&read.issue, b, number(b.boundary.before), number(b.boundary.after))?;
    Ok(ExitCode::SUCCESS)
}

fn print(issue: &crate::model::Issue, b: &Break, before: usize, after: usize) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    let shown = |line: usize| visible(issue.line_text(line)).into_owned();
    let (left, right) = (shown(b.boundary.before), shown(b.boundary.after));
    let tail: String = left.chars().rev().take(40).collect::<Vec<_>>().into_iter().rev().collect();
    let head: String = right.chars().take(40).collect();
    writeln!(out, "{before:>6}  …{tail}\n{after:>6}  {head}…\n")?;
    let kind = match b.boundary.kind {
        BoundaryKind::Line => "a line end",
        BoundaryKind::Region => "an empty line",
        BoundaryKind::Page => "a page end",
    };
    let joint = match b.decision.joint {
        Joint::Join => "joined, nothing between",
        Joint::Keep => "joined, the hyphen stays",
        Joint::Hanging => "a space, the hyphen stays",
        Joint::Space => "the sentence goes on, a space",
        Joint::Paragraph => "two paragraphs",
    };
    let policy = match b.decision.applicability {
        Some(Applicability::Safe) => "safe: done by default",
        Some(Applicability::Report) => "only reported",
        Some(Applicability::Review) => "for review: done with --apply all",
        None => "nothing is proposed",
    };
    writeln!(out, "{kind} between two lines of {}", issue.line_language(b.boundary.before).code())?;
    writeln!(out, "{joint} (probability {:.3}); {policy}", b.decision.confidence)?;
    for evidence in &b.decision.evidence {
        writeln!(out, "  {:+7.2}  {}", evidence.weight, visible(&evidence.to_string()))?;
    }
    if issue.line_language(b.boundary.before).is_chinese() {
        writeln!(
            out,
            "weights are log-odds: + speaks for a text that goes on, - for two paragraphs; what weighs less than 0.25 is left out"
        )?;
    }
    Ok(())
}
