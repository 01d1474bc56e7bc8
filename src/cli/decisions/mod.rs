//! `galley decisions`

mod export;
mod show;
mod team;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::bail;
use clap::{Args, Subcommand, ValueEnum};
use rustc_hash::{FxHashMap, FxHashSet};

use super::RunArgs;
use super::run::{Purpose, Runner};
use crate::error::{Error, Shown};
use crate::inputs::{InputOptions, IssueInput};
use crate::messages::say;
use crate::pipeline::Processed;
use crate::review::decisions::{Decisions, Event, Journal, Verdict};
use crate::review::store;

#[derive(Debug, Args)]
#[command(
    after_help = "FILE is decisions.jsonl, or a folder with a file for each person (decisions/anna.jsonl): people on one server need no locks.\n\n\
    Commit the decisions with the collection. With this line in .gitattributes git merges what several people decided without a conflict:\n  \
    *.jsonl merge=union\n\n\
    Examples:\n  galley decisions list decisions.jsonl --rule split-word\n  galley decisions import decisions.jsonl from-the-page.jsonl\n  \
    galley decisions progress decisions/ batch/\n  galley decisions export decisions.jsonl --format gold --out gold/ batch/"
)]
pub struct DecisionsArgs {
    #[command(subcommand)]
    command: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Print the decisions that count: the last of each person on each change or pattern.
    List(ListArgs),
    /// Print what people disagree about; exit with 1 if there is anything.
    Conflicts {
        /// The decisions.
        file: PathBuf,
        #[arg(long, value_enum, default_value_t = Form::Human)]
        format: Form,
    },
    /// Append the decisions of other files that this one does not have.
    Import {
        /// The decisions; made if it is not there.
        file: PathBuf,
        /// Files or folders of decisions, such as one downloaded from a review page.
        #[arg(required = true)]
        from: Vec<PathBuf>,
        /// Whose file takes them, where FILE is a folder [default: the account's name].
        #[arg(long, value_name = "NAME")]
        user: Option<String>,
    },
    /// Keep only the last decision of each person on each change or pattern.
    Compact {
        /// The decisions.
        file: PathBuf,
    },
    /// Take out decisions about changes of these issues that are not proposed any more; patterns and other issues stay.
    Prune(PruneArgs),
    /// Write decisions for other programs: a table, or labelled breaks for `galley evaluate` and `galley train`.
    Export(export::ExportArgs),
    /// How often people accepted what each rule proposed, and how much each person decided.
    Rates {
        /// The decisions.
        file: PathBuf,
    },
    /// Give issues to people.
    Assign(team::AssignArgs),
    /// How far each issue is, and who has it.
    Progress(team::ProgressArgs),
}

#[derive(Debug, Args)]
struct ListArgs {
    /// The decisions.
    file: PathBuf,
    /// Only those of this person.
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// Only those about this rule.
    #[arg(long, value_name = "RULE", value_parser = super::rule_name)]
    rule: Option<String>,
    /// Only those about this issue.
    #[arg(long, value_name = "ISSUE")]
    issue: Option<String>,
    /// Only accept, reject, edit or defer.
    #[arg(long, value_name = "VERDICT", value_parser = verdict)]
    decision: Option<Verdict>,
    /// Only from this time on: 2026-01-31, or 2026-01-31T12:00:00Z.
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// Also what was said anew or taken back.
    #[arg(long)]
    all: bool,
    #[arg(long, value_enum, default_value_t = Form::Human)]
    format: Form,
}

#[derive(Debug, Args)]
struct PruneArgs {
    /// The decisions.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    run: RunArgs,
    /// Only say how many would go.
    #[arg(long)]
    dry_run: bool,
}

/// How decisions are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// One line each.
    Human,
    /// As they stand in the file.
    Jsonl,
}

fn verdict(text: &str) -> Result<Verdict, String> {
    serde_json::from_value(text.into()).map_err(|_| "accept, reject, edit, defer or clear".to_owned())
}

/// Lists, merges, tidies, exports.
pub fn run(args: &DecisionsArgs) -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    match &args.command {
        What::List(args) => {
            let decisions = load(&args.file)?;
            for event in args.chosen(&decisions) {
                show::event(&mut out, event, args.format)?;
            }
        }
        What::Conflicts { file, format } => {
            let decisions = load(file)?;
            let conflicts = decisions.conflicts();
            for event in conflicts.iter().flatten() {
                show::event(&mut out, event, *format)?;
            }
            return Ok(ExitCode::from(u8::from(!conflicts.is_empty())));
        }
        What::Import { file, from, user } => {
            let n = import(file, from, &store::user(user.as_deref()))?;
            writeln!(out, "{}", say("decisions.imported", &[("n", &n)]))?;
        }
        What::Compact { file } => {
            let decisions = load(file)?;
            let gone = store::keep(file, &decisions, &decisions.counting())?;
            writeln!(out, "{}", say("decisions.kept", &[("kept", &(decisions.events().len() - gone)), ("gone", &gone)]))?;
        }
        What::Prune(args) => prune(args, &mut out)?,
        What::Export(args) => export::run(args, &mut out)?,
        What::Rates { file } => show::rates(&mut out, &load(file)?)?,
        What::Assign(args) => team::assign(args, &mut out)?,
        What::Progress(args) => return team::progress(args, &mut out),
    }
    Ok(ExitCode::SUCCESS)
}

impl ListArgs {
    fn chosen<'a>(&'a self, decisions: &'a Decisions) -> impl Iterator<Item = &'a Event> {
        let is = |wanted: &Option<String>, text: &str| wanted.as_ref().is_none_or(|w| w == text);
        let chosen = move |e: &Event| {
            is(&self.by, &e.by)
                && is(&self.rule, &e.rule)
                && is(&self.issue, &e.issue)
                && self.decision.is_none_or(|d| d == e.decision)
                && self.since.as_ref().is_none_or(|t| e.at >= *t)
        };
        let counting = decisions.counting();
        decisions.events().iter().zip(counting).filter(move |(e, counts)| (self.all || *counts) && chosen(e)).map(|(e, _)| e)
    }
}

/// Appends what is not there yet; rows of other kinds come along.
fn import(file: &Path, from: &[PathBuf], user: &str) -> anyhow::Result<usize> {
    let held = Decisions::load(file, 1)?;
    let mut known: FxHashSet<String> = held.events().iter().map(line).collect();
    known.extend(store::others(file)?.iter().map(ToString::to_string));
    let mut more: Vec<serde_json::Value> = Vec::new();
    for other in from {
        for event in load(other)?.events() {
            if known.insert(line(event)) {
                more.push(serde_json::to_value(event)?);
            }
        }
        for row in store::others(other)? {
            if known.insert(row.to_string()) {
                more.push(row);
            }
        }
    }
    Journal::open(&store::file_of(file, user)?)?.append(&more)?;
    Ok(more.len())
}

fn line(event: &Event) -> String {
    serde_json::to_string(event).unwrap_or_default()
}

fn prune(args: &PruneArgs, out: &mut impl std::io::Write) -> anyhow::Result<()> {
    let decisions = load(&args.file)?;
    let (issues, broken) = each(&args.run, &args.file, |p| {
        let bases: Vec<String> = p.keys().iter().flatten().map(|k| k.base.clone()).collect();
        (p.read.name().to_owned(), bases)
    })?;
    if broken {
        bail!(say("decisions.not-pruned", &[("file", &Shown(&args.file))]));
    }
    let names: FxHashSet<String> = issues.iter().map(|(name, _)| name.clone()).collect();
    let proposed: FxHashSet<String> = issues.into_iter().flat_map(|(_, bases)| bases).collect();
    let keep = decisions.meeting(&names, &proposed);
    let gone = if args.dry_run { keep.iter().filter(|k| !**k).count() } else { store::keep(&args.file, &decisions, &keep)? };
    let key = if args.dry_run { "decisions.would-keep" } else { "decisions.kept" };
    writeln!(out, "{}", say(key, &[("kept", &(keep.len() - gone)), ("gone", &gone)]))?;
    Ok(())
}

/// Takes all issues of the arguments down the path, with these decisions, and gives what `work` makes of each, in input order; and
/// whether something could not be read.
fn each<T: Send>(args: &RunArgs, decisions: &Path, work: impl Fn(&Processed) -> T + Sync) -> anyhow::Result<(Vec<T>, bool)> {
    let mut args = args.clone();
    args.decisions.get_or_insert_with(|| decisions.to_owned());
    let runner = Runner::new(&args, Purpose::Export)?;
    let (inputs, missing) = runner.collect(&args.input, &InputOptions::default())?;
    let made = std::sync::Mutex::new(Vec::with_capacity(inputs.len()));
    let order: FxHashMap<&str, usize> = inputs.iter().enumerate().map(|(i, input)| (input.id.as_str(), i)).collect();
    let one = |processed: &Processed, input: &IssueInput| {
        let row = (order[input.id.as_str()], work(processed));
        made.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(row);
        runner.report(processed)
    };
    let counts = runner.run(&args.input, &inputs, false, one, |_| None, |_, _| Ok(()))?;
    let mut made = made.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    made.sort_by_key(|(i, _)| *i);
    Ok((made.into_iter().map(|(_, t)| t).collect(), missing || counts.broken || counts.interrupted))
}

/// A file that is named here has to be there.
fn load(file: &Path) -> Result<Decisions, Error> {
    if !file.exists() {
        return Err(Error::NotFound { path: file.to_owned() });
    }
    Decisions::load(file, 1)
}
