//! The command line: clap definitions, one file a command.

mod check;
mod clean;
mod evaluate;
mod explain;
mod export;
mod rules;
mod run;
mod vocabulary;

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::edit::{Applicability, Severity};
use crate::model::Language;
use crate::pipeline::Settings;
use crate::rules::{Layout, RULES};

/// Repairs what scanning and OCR broke in newspaper and magazine text, and says why.
#[derive(Debug, Parser)]
#[command(name = "galley", version, arg_required_else_help = true, max_term_width = 110)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Report findings and proposed edits; write nothing.
    Check(check::CheckArgs),
    /// Repair: write cleaned copies, repair in place, or print a diff.
    Clean(clean::CleanArgs),
    /// List all rules.
    Rules(rules::RulesArgs),
    /// Explain a rule: what it does, why, and when it may be wrong.
    Explain(explain::ExplainArgs),
    /// Write the articles of the issues, repaired and joined.
    Export(export::ExportArgs),
    /// Measure break decisions against labelled boundaries.
    Evaluate(evaluate::EvaluateArgs),
    /// Count the words of a collection and freeze them in a file for --vocabulary.
    Vocabulary(vocabulary::VocabularyArgs),
}

/// What all commands that read issues share.
#[derive(Debug, Args)]
pub struct InputArgs {
    /// Files, folders (walked; .galleyignore is honoured) or - for standard input.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Encoding of the input (a WHATWG label such as gb18030, big5, utf-16le) instead of detecting it.
    #[arg(long, value_name = "LABEL")]
    encoding: Option<String>,
    /// Worker threads (0: one for each core).
    #[arg(short, long, default_value_t = 0, value_name = "N")]
    jobs: usize,
    /// Show no progress bar.
    #[arg(long)]
    no_progress: bool,
    /// Print no human-readable report and no progress; machine formats are printed all the same.
    #[arg(short, long)]
    quiet: bool,
}

/// What `check` and `clean` share.
#[derive(Debug, Args)]
pub struct RunArgs {
    #[command(flatten)]
    input: InputArgs,
    /// Which edits are made: safe ones, or also those that wait for review.
    #[arg(long, value_enum, default_value_t = Apply::Safe)]
    apply: Apply,
    /// Lay paragraphs out on one line each, or keep the printed lines.
    #[arg(long, value_enum, default_value_t = LayoutArg::Paragraphs)]
    layout: LayoutArg,
    /// Language of all text (zh-Hans, zh-Hant, zh, de, en, fr) instead of detecting it by region.
    #[arg(long, value_name = "CODE", value_parser = language)]
    lang: Option<Language>,
    /// Run only these rules (repeat or separate by commas).
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = rule_name)]
    select: Vec<String>,
    /// Do not run these rules.
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = rule_name)]
    ignore: Vec<String>,
    /// A vocabulary file made by `galley vocabulary`: the collection's own words as evidence.
    #[arg(long, value_name = "FILE")]
    vocabulary: Option<PathBuf>,
    /// How results are printed.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Changes shown for each rule of an issue in the human format (0: all).
    #[arg(long, default_value_t = 10, value_name = "N")]
    max_shown: usize,
    /// Exit with 1 if a finding is at or over this severity.
    #[arg(long, value_enum, default_value_t = FailLevel::Error, value_name = "LEVEL")]
    fail_level: FailLevel,
    /// Colour in the human format.
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    color: Color,
}

impl RunArgs {
    fn settings(&self) -> Settings {
        Settings {
            apply: match self.apply {
                Apply::Safe => Applicability::Safe,
                Apply::All => Applicability::Review,
            },
            layout: match self.layout {
                LayoutArg::Paragraphs => Layout::Paragraphs,
                LayoutArg::Lines => Layout::Lines,
            },
            language: self.lang,
            select: self.select.clone(),
            ignore: self.ignore.clone(),
        }
    }

    fn coloured(&self) -> bool {
        match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Apply {
    Safe,
    All,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum LayoutArg {
    Paragraphs,
    Lines,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Grouped by rule, each change in its context, with the evidence.
    Human,
    /// One line a change or finding.
    Concise,
    /// One JSON record a line.
    Jsonl,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FailLevel {
    Note,
    Warning,
    Error,
    Never,
}

impl FailLevel {
    fn fails(self, severity: Severity) -> bool {
        match self {
            FailLevel::Note => true,
            FailLevel::Warning => severity >= Severity::Warning,
            FailLevel::Error => severity >= Severity::Error,
            FailLevel::Never => false,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

fn language(code: &str) -> Result<Language, String> {
    let codes = || Language::ALL.iter().map(|l| l.code()).collect::<Vec<_>>().join(", ");
    Language::from_code(code).ok_or_else(|| format!("known languages: {}", codes()))
}

fn rule_name(name: &str) -> Result<String, String> {
    if RULES.iter().any(|r| r.meta().name == name) {
        return Ok(name.to_string());
    }
    Err(match rules::nearest(name) {
        Some(near) => format!("no such rule; did you mean `{near}`? `galley rules` lists all"),
        None => "no such rule; `galley rules` lists all".to_string(),
    })
}

/// Parses the arguments, runs the command, prints an error chain if it fails.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = match cli.command {
        Command::Check(args) => check::run(&args),
        Command::Clean(args) => clean::run(&args),
        Command::Rules(args) => rules::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Evaluate(args) => evaluate::run(&args),
        Command::Vocabulary(args) => vocabulary::run(&args),
    };
    result.unwrap_or_else(|error| {
        // A reader that closed the pipe (`galley … | head`) wants no more output and no complaint.
        if error.chain().any(|e| e.downcast_ref::<std::io::Error>().is_some_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe)) {
            return ExitCode::SUCCESS;
        }
        eprintln!("galley: {error:#}");
        ExitCode::from(2)
    })
}
