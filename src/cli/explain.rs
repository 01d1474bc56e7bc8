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
use crate::messages::{self, say};
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
    language: Option<Language>,
    #[command(flatten)]
    dictionaries: DictionaryArgs,
}

/// Prints all that is known of a rule, or of one break.
pub fn run(args: &ExplainArgs) -> anyhow::Result<ExitCode> {
    match (&args.rule, &args.at) {
        (Some(name), _) => explain_rule(name),
        (None, Some(place)) => explain_break(args, place),
        (None, None) => bail!(say("explain.none", &[])),
    }
}

fn explain_rule(name: &str) -> anyhow::Result<ExitCode> {
    let Some(rule) = rule(name) else { bail!(rules::unknown(name)) };
    let meta = rule.meta();
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}\n\n{}\n", meta.name, messages::summary(meta))?;
    writeln!(out, "{}\n", say("explain.why", &[("why", &messages::why(meta))]))?;
    writeln!(out, "{}\n", say("explain.caution", &[("caution", &messages::caution(meta))]))?;
    writeln!(out, "{}", say("explain.source", &[("source", &meta.source)]))?;
    for example in meta.examples {
        let show = |text: &str| text.replace('\n', "⏎");
        if example.before == example.after {
            writeln!(out, "\n  {:7} {}", say("explain.kept", &[]), show(example.before))?;
        } else {
            let (before, after) = (say("explain.before", &[]), say("explain.after", &[]));
            writeln!(out, "\n  {before:7} {}\n  {after:7} {}", show(example.before), show(example.after))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn explain_break(args: &ExplainArgs, place: &str) -> anyhow::Result<ExitCode> {
    let (file, line) = place.rsplit_once(':').with_context(|| say("explain.place", &[("place", &place)]))?;
    let line: usize = line.parse().ok().filter(|n| *n > 0).with_context(|| say("explain.line", &[("line", &line)]))?;
    let dictionaries = args.dictionaries.load(false, &args.dictionaries)?;
    let path = Path::new(file).to_path_buf();
    let input = IssueInput { id: file.to_string(), files: vec![InputFile { relative: path.clone(), path }], mets: None };
    let mut read = read_issue(&input, &ReadOptions::default());
    if let Some(error) = read.errors.pop() {
        return Err(error.into());
    }
    structure::structure(&mut read.issue, args.language);
    let issue = &read.issue;
    let places = Places::new(issue);
    let number = |l: usize| places.point(issue.lines[l].span.start).line;
    let breaks = breaks::explain(issue, &dictionaries);
    let Some(b) = breaks.iter().rfind(|b| number(b.boundary.before) <= line).filter(|b| line < number(b.boundary.after)) else {
        let furniture = (0..issue.lines.len()).any(|l| number(l) == line && issue.lines[l].role.is_furniture());
        let key = if furniture { "explain.furniture" } else { "explain.no-break" };
        bail!(say(key, &[("place", &format_args!("{file}:{line}"))]));
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
        BoundaryKind::Line => "explain.line-end",
        BoundaryKind::Region => "explain.empty-line",
        BoundaryKind::Page => "explain.page-end",
    };
    let joint = match b.decision.joint {
        Joint::Join => "explain.join",
        Joint::Keep => "explain.keep",
        Joint::Hanging => "explain.hanging",
        Joint::Space => "explain.space",
        Joint::Paragraph => "explain.paragraph",
    };
    let policy = match b.decision.applicability {
        Some(Applicability::Safe) => "explain.safe",
        Some(Applicability::Report) => "explain.report",
        Some(Applicability::Review) => "explain.review",
        None => "explain.nothing",
    };
    let [kind, joint, policy] = [kind, joint, policy].map(|key| say(key, &[]));
    writeln!(out, "{}", say("explain.break", &[("kind", &kind), ("language", &issue.line_language(b.boundary.before).code())]))?;
    let chance = format!("{:.3}", b.decision.confidence);
    writeln!(out, "{}", say("explain.decision", &[("joint", &joint), ("chance", &chance), ("policy", &policy)]))?;
    for evidence in &b.decision.evidence {
        writeln!(out, "  {:+7.2}  {}", evidence.weight, visible(&evidence.to_string()))?;
    }
    if issue.line_language(b.boundary.before).is_chinese() {
        writeln!(out, "{}", say("explain.weights", &[]))?;
    }
    Ok(())
}
