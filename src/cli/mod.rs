//! The command line: clap definitions, one file a command.

mod baseline;
mod changed;
mod check;
mod clean;
mod config;
mod counts;
mod decisions;
mod duplicates;
mod evaluate;
mod explain;
mod export;
mod gate;
mod index;
mod interrupt;
mod patch_folder;
mod profile;
mod reported;
mod resume;
mod review;
mod review_tui;
mod rules;
mod run;
mod shell;
mod stats;
mod texts;
mod train;
mod undo;
mod usage;
mod validate;
mod vocabulary;
mod worker;

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum};

use crate::breaks::Weights;
use crate::config::{Apply, Config, FailLevel, LetterForms, LongS, TypedQuotes, VariantEngine};
use crate::dictionary::{AllowList, Dictionaries, UserDictionary, Vocabulary, word_list};
use crate::error::Shown;
use crate::messages::{self, Lang, say};
use crate::model::Language;
use crate::read::InputFormat;
use crate::rules::{Layout, nearest_of, unknown};
use crate::shard::Shard;
use crate::write::report::Format;

/// Repairs what scanning and OCR broke in newspaper and magazine text, and says why.
#[derive(Debug, Parser)]
#[command(
    name = "galley",
    version,
    arg_required_else_help = true,
    max_term_width = 110,
    after_help = "Start here:\n  galley config init            write a commented galley.toml\n  galley check batch/           what is wrong, and what would be repaired\n  \
    galley clean batch/ --diff    the repairs as a diff\n  galley clean batch/ --out cleaned/\n\n\
    Flags of check, clean and vocabulary can also be given as variables: GALLEY_LANGUAGE=de stands for --language de."
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
    /// The language of messages, en or zh; else what LC_ALL, LC_MESSAGES or LANG say.
    #[arg(long, global = true, value_name = "LANG", value_parser = lang)]
    lang: Option<Lang>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Report findings and proposed edits; write nothing.
    Check(check::CheckArgs),
    /// Repair: write cleaned copies, repair in place, or print a diff.
    Clean(clean::CleanArgs),
    /// Decide what is proposed.
    Review(review::ReviewArgs),
    /// List, merge or tidy decisions.
    Decisions(decisions::DecisionsArgs),
    /// Restore the bytes of files that `clean` wrote.
    Undo(undo::UndoArgs),
    /// List all rules.
    Rules(rules::RulesArgs),
    /// Explain a rule: what it does, why, and when it may be wrong.
    Explain(explain::ExplainArgs),
    /// Find copies of articles: reprints, second scans, cut versions.
    Duplicates(duplicates::DuplicatesArgs),
    /// Keep an index of a whole archive, and find copies of new articles in it.
    Index(index::IndexArgs),
    /// Write the articles of the issues, repaired and joined.
    Export(export::ExportArgs),
    /// Check OCR and METS files, and bags, for defects of form.
    Validate(validate::ValidateArgs),
    /// A batch at a glance: issues, pages, articles, characters, quality, edits and findings by rule.
    Stats(stats::StatsArgs),
    /// Measure breaks, articles, false alarms or the quality score against ground truth.
    Evaluate(evaluate::EvaluateArgs),
    /// Fit the weights of the break models to labelled boundaries, for --weights.
    Train(train::TrainArgs),
    /// Write down what is found now, so that it is not held against new batches.
    Baseline(baseline::BaselineArgs),
    /// Show, begin or describe the configuration.
    Config(config::ConfigCommandArgs),
    /// Print a completion script for a shell.
    Completions(shell::CompletionsArgs),
    /// Print or write the man pages.
    Man(shell::ManArgs),
    /// Count the words of a collection and freeze them in a file for --vocabulary.
    Vocabulary(vocabulary::VocabularyArgs),
    /// Answer JSON lines with JSON lines: for Spark and other engines.
    Worker(worker::WorkerArgs),
}

/// What is known before any text is read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Args)]
pub struct DictionaryArgs {
    /// A vocabulary file made by `galley vocabulary`: the collection's own words as evidence.
    #[arg(long, value_name = "FILE")]
    vocabulary: Option<PathBuf>,
    /// Weights of the break models made by `galley train`; for files the folder does not have, those in the binary stand.
    #[arg(long, value_name = "DIR")]
    weights: Option<PathBuf>,
    /// Replacements of the collection: rows of from, to, `safe` or `review`, note, parted by tabs.
    #[arg(long, value_name = "FILE")]
    user_dictionary: Option<PathBuf>,
    /// Text that is right as it is: rows of the text, a tab, and the reason. Edits that touch it are shown and never made.
    #[arg(long, value_name = "FILE")]
    allow: Option<PathBuf>,
    /// Names and words of the project, one a line, as evidence for breaks.
    #[arg(long, value_name = "FILE")]
    words: Option<PathBuf>,
}

impl DictionaryArgs {
    /// Loads what the arguments name; says on stderr which weights are missing, unless `quiet`. A message names the flag for what
    /// `flags` has too, and the config's key for the rest.
    fn load(&self, quiet: bool, flags: &DictionaryArgs) -> anyhow::Result<Dictionaries> {
        let origin = |flag: bool, name: &str| match flag {
            true => format!("--{name}"),
            false => say("run.in-config", &[("key", &format_args!("collection.{name}"))]),
        };
        let mut dictionaries = Dictionaries::builtin();
        if let Some(path) = &self.vocabulary {
            dictionaries = dictionaries.with_vocabulary(Vocabulary::load(path).context(origin(flags.vocabulary.is_some(), "vocabulary"))?);
        }
        if let Some(path) = &self.words {
            let words = word_list(path).context(origin(flags.words.is_some(), "words"))?;
            dictionaries = dictionaries.clone().with_vocabulary(dictionaries.vocabulary().cloned().unwrap_or_default().with_words(&words));
        }
        if let Some(path) = &self.user_dictionary {
            dictionaries =
                dictionaries.with_user(UserDictionary::load(path).context(origin(flags.user_dictionary.is_some(), "user-dictionary"))?);
        }
        if let Some(path) = &self.allow {
            dictionaries = dictionaries.with_allowed(AllowList::load(path).context(origin(flags.allow.is_some(), "allow"))?);
        }
        if let Some(folder) = &self.weights {
            let (weights, missing) = Weights::load(folder).context(origin(flags.weights.is_some(), "weights"))?;
            if !missing.is_empty() && !quiet {
                eprintln!("galley: {}", say("run.weights", &[("folder", &Shown(folder)), ("missing", &missing.join(", "))]));
            }
            dictionaries = dictionaries.with_weights(weights);
        }
        Ok(dictionaries)
    }
}

/// Which `galley.toml` holds.
#[derive(Clone, Debug, Args)]
pub struct ConfigArgs {
    /// Use this file for all inputs instead of the galley.toml nearest to each.
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    config: Option<PathBuf>,
    /// Use no galley.toml.
    #[arg(long)]
    no_config: bool,
}

/// What all commands that read issues share.
#[derive(Clone, Debug, Args)]
pub struct InputArgs {
    /// Files, folders (walked; .galleyignore is honoured), .tar or .zip archives, or - for standard input.
    #[arg(required_unless_present = "file_list", value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Also read the paths listed in this file (- for standard input), one a line, or parted by NUL.
    #[arg(long, value_name = "FILE")]
    file_list: Option<PathBuf>,
    #[command(flatten)]
    config: ConfigArgs,
    /// Encoding of the input (a WHATWG label such as gb18030, big5, utf-16le) instead of detecting it.
    #[arg(long, value_name = "LABEL")]
    encoding: Option<String>,
    /// Format of the input instead of finding it by what stands in each file.
    #[arg(long, value_enum, value_name = "FORMAT")]
    input_format: Option<InputFormat>,
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
#[derive(Clone, Debug, Args)]
pub struct RunArgs {
    #[command(flatten)]
    input: InputArgs,
    /// Which edits are made: safe ones, or also those that wait for review [default: safe].
    #[arg(long, value_enum)]
    apply: Option<Apply>,
    /// Lay paragraphs out on one line each, or keep the printed lines [default: paragraphs].
    #[arg(long, value_enum)]
    layout: Option<Layout>,
    /// Language of all text (zh-Hans, zh-Hant, zh, de, en, fr) instead of detecting it by region.
    #[arg(long, value_name = "CODE", value_parser = language)]
    language: Option<Language>,
    /// Run only these rules (repeat or separate by commas).
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = rule_name)]
    select: Vec<String>,
    /// Do not run these rules.
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = rule_name)]
    ignore: Vec<String>,
    #[command(flatten)]
    dictionaries: DictionaryArgs,
    /// Convert Chinese text between scripts: s2t, t2s, s2tw, tw2s, s2hk, hk2s, s2twp, tw2sp, t2jp, jp2t, … (OpenCC's names).
    #[arg(long, value_name = "NAME", conflicts_with = "variants")]
    script: Option<String>,
    /// Give traditional text the variants of one standard: tw, hk, mainland.
    #[arg(long, value_name = "STANDARD")]
    variants: Option<String>,
    /// Keep ſ, or write s for it [default: keep].
    #[arg(long, value_enum, value_name = "WHAT")]
    long_s: Option<LongS>,
    /// Keep ligatures, ꝛ, ⸗ and vowels with an e above, or write plain letters [default: keep].
    #[arg(long, value_enum, value_name = "WHAT")]
    letter_forms: Option<LetterForms>,
    /// Keep Latin quotation marks typed as ,, '' `` << >>, or write those of the language [default: keep].
    #[arg(long, value_enum, value_name = "WHAT")]
    typed_quotes: Option<TypedQuotes>,
    /// Configs and text dictionaries in OpenCC's format, instead of those in the binary.
    #[arg(long, value_name = "DIR")]
    opencc_dir: Option<PathBuf>,
    /// What converts between scripts; `opencc` only in a build with that feature [default: builtin].
    #[arg(long, value_enum, value_name = "ENGINE")]
    variant_engine: Option<VariantEngine>,
    /// Obey these decisions: a file, or a folder with a file for each person.
    #[arg(long, value_name = "FILE")]
    decisions: Option<PathBuf>,
    /// People who must accept a change before it is applied [default: 1].
    #[arg(long, value_name = "N")]
    min_approvals: Option<usize>,
    /// Write every proposed change and finding to this file, one JSON record a line.
    #[arg(long, value_name = "FILE")]
    changes: Option<PathBuf>,
    /// Only issues with a file that differs from this git revision, or that git does not know.
    #[arg(long, value_name = "GIT_REF")]
    since: Option<String>,
    /// Only part I of N of the issues, for runs on several machines: 1/4, 2/4, … Each issue is in one part, told by its name.
    #[arg(long, value_name = "I/N", value_parser = str::parse::<Shard>)]
    shard: Option<Shard>,
    /// How results are printed.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Also write a report to a file, as often as wanted: sarif=galley.sarif.
    #[arg(long, value_name = "FORMAT=PATH", value_parser = report_target)]
    report: Vec<(Format, PathBuf)>,
    /// Changes shown for each rule of an issue in the human format (0: all) [default: 10].
    #[arg(long, value_name = "N")]
    max_shown: Option<usize>,
    /// Exit with 1 if a finding is at or over this severity [default: error].
    #[arg(long, value_enum, value_name = "LEVEL")]
    fail_level: Option<FailLevel>,
    /// Exit with 1 if there are more findings than this.
    #[arg(long, value_name = "N")]
    max_findings: Option<usize>,
    /// Exit with 1 if the quality of an issue is under this, 0 to 1.
    #[arg(long, value_name = "SHARE", value_parser = share)]
    min_quality: Option<f32>,
    /// A file of `galley baseline write`: what it knows is not held against this run.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Leave what the baseline knows out of the reports.
    #[arg(long)]
    new_only: bool,
    /// Colour in the human format.
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    color: Color,
}

impl RunArgs {
    /// The defaults for these paths, for commands that have no such flags.
    fn of(paths: &[PathBuf]) -> anyhow::Result<RunArgs> {
        let name = std::ffi::OsString::from("galley");
        let given = paths.iter().map(|p| p.clone().into_os_string());
        let args = std::iter::once(name).chain(std::iter::once("--".into())).chain(given);
        Ok(RunArgs::from_arg_matches(&RunArgs::augment_args(clap::Command::new("galley")).try_get_matches_from(args)?)?)
    }

    /// Lays the flags that were given over what a config says.
    fn overlay(&self, config: &mut Config) {
        set(&mut config.clean.apply, self.apply);
        set(&mut config.clean.layout, self.layout);
        set(&mut config.report.max_shown, self.max_shown);
        set(&mut config.gate.fail_level, self.fail_level);
        config.collection.language = self.language.or(config.collection.language);
        config.gate.min_quality = self.min_quality.or(config.gate.min_quality);
        config.gate.max_findings = self.max_findings.or(config.gate.max_findings);
        config.collection.vocabulary = self.dictionaries.vocabulary.clone().or(config.collection.vocabulary.take());
        config.collection.weights = self.dictionaries.weights.clone().or(config.collection.weights.take());
        let own = &mut config.collection;
        own.user_dictionary = self.dictionaries.user_dictionary.clone().or(own.user_dictionary.take());
        own.allow = self.dictionaries.allow.clone().or(own.allow.take());
        own.words = self.dictionaries.words.clone().or(own.words.take());
        let forms = &mut config.forms;
        if self.script.is_some() || self.variants.is_some() {
            (forms.script, forms.variants) = (self.script.clone(), self.variants.clone());
        }
        forms.opencc_dir = self.opencc_dir.clone().or(forms.opencc_dir.take());
        set(&mut forms.long_s, self.long_s);
        set(&mut forms.letter_forms, self.letter_forms);
        set(&mut forms.typed_quotes, self.typed_quotes);
        set(&mut forms.variant_engine, self.variant_engine);
        config.review.decisions = self.decisions.clone().or(config.review.decisions.take());
        config.review.min_approvals = self.min_approvals.or(config.review.min_approvals);
        config.gate.baseline = self.baseline.clone().or(config.gate.baseline.take());
        config.gate.new_only |= self.new_only;
    }

    fn coloured(&self) -> bool {
        coloured(self.color)
    }
}

/// Whether standard output gets colour.
fn coloured(color: Color) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()),
    }
}

/// What a flag says, if it was given.
fn set<T>(setting: &mut T, flag: Option<T>) {
    if let Some(value) = flag {
        *setting = value;
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

fn report_target(text: &str) -> Result<(Format, PathBuf), String> {
    let names = || Format::value_variants().iter().filter_map(|f| Some(f.to_possible_value()?.get_name().to_string())).collect::<Vec<_>>();
    let (format, path) = text.split_once('=').filter(|(_, path)| !path.is_empty()).ok_or_else(|| say("name.format-form", &[]))?;
    let parsed = Format::from_str(format, false).map_err(|_| match nearest_of(format, names().iter().map(String::as_str)) {
        Some(near) => say("name.format-near", &[("name", &format), ("near", &near)]),
        None => say("name.format", &[("name", &format), ("known", &names().join(", "))]),
    })?;
    Ok((parsed, path.into()))
}

fn lang(code: &str) -> Result<Lang, String> {
    Lang::from_str(code, false).map_err(|_| match Language::from_code(code) {
        Some(language) => say("usage.text-language", &[("code", &language.code())]),
        None => say("name.language", &[("known", &"en, zh")]),
    })
}

fn language(code: &str) -> Result<Language, String> {
    let codes = || Language::ALL.iter().map(|l| l.code()).collect::<Vec<_>>().join(", ");
    Language::from_code(code).ok_or_else(|| say("name.language", &[("known", &codes())]))
}

fn share(text: &str) -> Result<f32, String> {
    text.parse().ok().filter(|s| (0.0..=1.0).contains(s)).ok_or_else(|| say("config.share", &[("key", &"--min-quality")]))
}

fn rule_name(name: &str) -> Result<String, String> {
    crate::rules::rule(name).map(|r| r.meta().name.to_string()).ok_or_else(|| unknown(name))
}

/// Parses the arguments, runs the command, prints an error chain if it fails.
pub fn main() -> ExitCode {
    let args: Vec<_> = std::env::args_os().skip(1).collect();
    messages::speak(shell::lang(&args));
    // Both in any order, and before clap, which ends the command at --version.
    if args.len() == 2 && args.iter().any(|a| a == "--json") && args.iter().any(|a| a == "--version" || a == "-V") {
        println!("{}", shell::version());
        return ExitCode::SUCCESS;
    }
    let command = shell::with_variables(Cli::command());
    shell::warn_of_variables(&command);
    let cli = match command.clone().try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) => match usage::told(&error) {
            Some(message) => {
                eprintln!("galley: {message}");
                return ExitCode::from(2);
            }
            None => error.exit(),
        },
    };
    interrupt::listen();
    let result = match cli.command {
        Command::Check(args) => check::run(&args),
        Command::Clean(args) => clean::run(&args),
        Command::Review(args) => review::run(&args),
        Command::Decisions(args) => decisions::run(&args),
        Command::Undo(args) => undo::run(&args),
        Command::Rules(args) => rules::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Duplicates(args) => duplicates::run(&args),
        Command::Index(args) => index::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Validate(args) => validate::run(&args),
        Command::Stats(args) => stats::run(&args),
        Command::Evaluate(args) => evaluate::run(&args),
        Command::Train(args) => train::run(&args),
        Command::Baseline(args) => baseline::run(&args),
        Command::Config(args) => config::run(&args),
        Command::Completions(args) => shell::completions(&args, command),
        Command::Man(args) => shell::man(&args, command),
        Command::Vocabulary(args) => vocabulary::run(&args),
        Command::Worker(args) => worker::run(&args),
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
