//! `galley clean`

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::bail;
use clap::Args;

use super::RunArgs;
use super::patch_folder::PatchFolder;
use super::profile::Profile;
use super::reported::Reported;
use super::resume;
use super::run::{Purpose, Runner};
use crate::error::{Error, Shown};
use crate::inputs::{InputOptions, IssueInput, is_stdin};
use crate::messages::say;
use crate::pipeline::{Processed, Settings};
use crate::read::is_packed;
use crate::review::applied::{self, AppliedLog};
use crate::write::cleaned::{Cleaned, cleaned};
use crate::write::diff::unified;
use crate::write::encode::RenderOptions;
use crate::write::files::{OutputTree, rewrite};
use crate::write::journal::{self, Journal};
use crate::write::patches::patches;
use crate::write::report::Format;
use crate::write::run_record::{self, MadeWith, RunRecord};
use crate::write::side_by_side;
use crate::write::splice::WriteMode;

#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 done; 1 --check would change a file, or --diff found a finding at or over --fail-level; 2 something failed.\n\n\
    Examples:\n  galley clean batch/ --out cleaned/\n  galley clean page.txt --diff | git apply\n  galley clean batch/ --patches patches/ && git apply patches/split-word.patch\n  galley clean batch/ --diff --format html > diff.html\n  galley clean - < page.txt > page.clean.txt"
)]
pub struct CleanArgs {
    #[command(flatten)]
    run: RunArgs,
    /// Write cleaned copies below this folder, with the same relative names.
    #[arg(long, value_name = "DIR", group = "target")]
    out: Option<PathBuf>,
    /// Repair the files in place, each atomically; files without changes are not touched.
    #[arg(long, group = "target")]
    write: bool,
    /// Print a unified diff that `git apply` takes, or with --format html a page with both texts side by side; write nothing.
    #[arg(long, group = "target")]
    diff: bool,
    /// Write a patch for each rule below this folder; `git apply` takes any of them, in any order.
    #[arg(long, value_name = "DIR", group = "target")]
    patches: Option<PathBuf>,
    /// Write nothing; exit with 1 if a file would change.
    #[arg(long, group = "target")]
    check: bool,
    /// Log what is written to this file, for `galley undo` (default: galley-applied.jsonl beside the run record).
    #[arg(long, value_name = "FILE")]
    applied: Option<PathBuf>,
    /// After an interruption: issues that are done, with the same text and settings, are not done again.
    #[arg(long, requires = "out", conflicts_with = "report")]
    resume: bool,
    /// Write in the encoding of the input instead of UTF-8.
    #[arg(long)]
    keep_encoding: bool,
    /// How repairs stand in ALTO, PAGE XML, hOCR, …: beside the text as recognized, or with characters changed in their place [default: what
    /// the config says, else annotate].
    #[arg(long, value_enum, value_name = "MODE")]
    write_mode: Option<WriteMode>,
}

enum Target {
    Out(OutputTree),
    Write,
    Diff,
    SideBySide,
    Patches(PatchFolder),
    Check,
    Stdout,
}

/// Repairs.
pub fn run(args: &CleanArgs) -> anyhow::Result<ExitCode> {
    let input = &args.run.input;
    let runner = Runner::new(&args.run, Purpose::Clean { written: args.write || args.out.is_some() })?;
    let stdin = input.paths.iter().any(|p| is_stdin(p));
    let options = InputOptions { skip_folder: args.out.clone(), ..InputOptions::default() };
    if args.write && stdin {
        bail!(say("usage.write-stdin", &[]));
    }
    let shown = args.diff || args.patches.is_some() || args.check;
    if stdin && input.paths.len() > 1 && args.out.is_none() && !shown {
        bail!(say("usage.stdin-alone", &[]));
    }
    if args.resume && args.run.format != Format::Human {
        bail!(say("usage.resume-format", &[]));
    }
    if args.diff && !matches!(args.run.format, Format::Human | Format::Html) {
        bail!(say("usage.diff-format", &[]));
    }
    if !(stdin || args.out.is_some() || args.write || shown) {
        bail!(say("usage.target", &[]));
    }
    let (inputs, missing) = runner.collect(input, &options)?;
    if let Some(packed) = inputs.iter().flat_map(|i| &i.files).find(|f| args.write && is_packed(&f.path)) {
        return Err(Error::Packed { path: packed.path.clone() }.into());
    }
    let target = match &args.out {
        Some(dir) => Target::Out(OutputTree::new(dir, inputs.iter().flat_map(|i| &i.files))?),
        None if args.write => Target::Write,
        None if args.diff && args.run.format == Format::Html => Target::SideBySide,
        None if args.diff => Target::Diff,
        None if args.patches.is_some() => Target::Patches(PatchFolder::open(args.patches.as_deref().unwrap_or(Path::new("")))?),
        None if args.check => Target::Check,
        None => Target::Stdout,
    };
    let folder = match &target {
        Target::Out(_) => Some(args.out.clone().unwrap_or_default()),
        Target::Write => Some(record_folder(input.paths.first().map_or(Path::new("."), PathBuf::as_path))),
        _ => None,
    };
    let named = |file: &str| args.run.shard.map_or_else(|| file.to_string(), |shard| shard.name(file));
    let applied = folder
        .as_ref()
        .map(|folder| AppliedLog::open(args.applied.clone().unwrap_or_else(|| folder.join(named(applied::FILE_NAME))), args.write))
        .transpose()?;
    let mut journal = match &target {
        Target::Out(tree) => {
            let out = args.out.clone().unwrap_or_default();
            // What looks left over may be in the making by another part of the run.
            if args.resume && args.run.shard.is_none() {
                tree.folders().into_iter().chain([out.as_path()]).for_each(journal::sweep);
            }
            Some(Journal::open(&out, &named(journal::FILE_NAME), args.resume)?)
        }
        _ => None,
    };
    let mut record = folder
        .map(|folder| RunRecord::begin(&folder, &named(run_record::FILE_NAME), args.out.is_some(), &run_settings(&runner, &inputs)))
        .transpose()?;
    let print = matches!(target, Target::Out(_) | Target::Write | Target::Check | Target::Patches(_));
    if matches!(target, Target::SideBySide) {
        side_by_side::begin(&mut std::io::stdout(), runner.title().unwrap_or("galley clean"))?;
    }
    let work = |processed: &Processed, input: &IssueInput| {
        let mut reported = runner.report(processed);
        let options = as_written(args, &runner.profile(input));
        if let Target::Patches(_) = &target {
            match patches(processed, options) {
                Ok(patches) => reported.patches = patches,
                Err(error) => {
                    reported.counts.broken = true;
                    eprintln!("galley: {}: no patch: {}", Shown(Path::new(&processed.read.id)), error.chain());
                }
            }
        }
        if let Target::SideBySide = &target {
            let written = side_by_side::issue(&mut reported.raw, processed);
            debug_assert!(written.is_ok(), "writing to memory cannot fail");
        }
        for (i, source) in processed.read.sources.iter().enumerate() {
            if let Err(error) = write_source(args, &target, applied.as_ref(), processed, i, options, &mut reported) {
                reported.counts.broken = true;
                eprintln!("galley: {}", say("run.not-written", &[("path", &Shown(&source.path)), ("error", &error.chain())]));
            }
        }
        reported
    };
    let known = journal.as_mut().map(Journal::take_earlier).unwrap_or_default();
    let earlier = |issue: &IssueInput| match &target {
        Target::Out(tree) => {
            known.get(&issue.id).and_then(|done| resume::earlier(done, issue, tree, &runner, as_written(args, &runner.profile(issue))))
        }
        _ => None,
    };
    let done = |issue: &IssueInput, reported: &Reported| -> anyhow::Result<()> {
        if let Target::Patches(folder) = &target {
            folder.add(&reported.patches)?;
        }
        if let Some(record) = &mut record {
            record.add(issue, &reported.counts.hashes)?;
        }
        if let Some((journal, row)) =
            journal.as_mut().zip(resume::row(issue, &reported.counts, &runner, as_written(args, &runner.profile(issue))))
        {
            journal.add(&row)?;
        }
        Ok(())
    };
    let mut counts = runner.run(input, &inputs, print, work, earlier, done)?;
    counts.broken |= missing;
    if let Some(applied) = applied {
        applied.finish()?;
    }
    if let Some(record) = record {
        record.finish(&counts.by_rule, counts.changed_files, counts.interrupted)?;
    }
    if let Some(journal) = journal.filter(|_| !counts.interrupted) {
        journal.finish()?;
    }
    if counts.unwritten > 0 && !input.quiet {
        let annotates = inputs.iter().any(|issue| as_written(args, &runner.profile(issue)).write_mode == WriteMode::Annotate);
        let key = if annotates { "clean.unwritten-annotate" } else { "clean.unwritten" };
        eprintln!("galley: {}", say(key, &[("n", &counts.unwritten)]));
    }
    if let Target::SideBySide = &target {
        side_by_side::finish(&mut std::io::stdout(), counts.changed_files)?;
    }
    if let Target::Patches(folder) = &target {
        folder.finish(&mut std::io::stdout(), input.quiet || args.run.format != Format::Human)?;
    }
    let fails = if args.check { counts.changed_files > 0 } else { false };
    if print && !input.quiet && args.run.format == Format::Human {
        let key = if args.check || args.patches.is_some() { "clean.would-change" } else { "clean.changed" };
        writeln!(std::io::stdout(), "{}", say(key, &[("n", &counts.changed_files)]))?;
    }
    Ok(counts.exit_code(fails))
}

/// What flags and config say of the bytes that are written.
fn as_written(args: &CleanArgs, profile: &Profile) -> RenderOptions {
    let config = profile.config.clean.rendering();
    RenderOptions { keep_encoding: args.keep_encoding || config.keep_encoding, write_mode: args.write_mode.unwrap_or(config.write_mode) }
}

/// `--write` leaves its record in the folder of the first path.
fn record_folder(path: &Path) -> PathBuf {
    if path.is_dir() { path.to_owned() } else { path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned() }
}

/// What the issues of a run are made with, for its record: settings and what else, those of the first path first.
fn run_settings(runner: &Runner, inputs: &[IssueInput]) -> Vec<(Settings, MadeWith)> {
    let of = |p: &Profile| (p.settings.clone(), MadeWith::of(&p.dictionaries));
    runner.all_profiles(inputs).iter().map(|p| of(p)).collect()
}

/// Writes one file of an issue where it belongs, and counts it.
fn write_source(
    args: &CleanArgs,
    target: &Target,
    applied: Option<&AppliedLog>,
    processed: &Processed,
    i: usize,
    options: RenderOptions,
    reported: &mut Reported,
) -> Result<(), Error> {
    let source = &processed.read.sources[i];
    let Reported { counts, raw, .. } = reported;
    if source.bytes.is_unread() {
        // What could not be read is a finding already, and nothing is written for it.
        counts.hashes.push(None);
        return Ok(());
    }
    let original = source.bytes.original(&processed.read.text[source.span.clone()]);
    let cleaned = cleaned(processed, i, options);
    let written = cleaned.as_ref().map_or(&original[..], |c| &c.bytes[..]);
    counts.hashes.push(Some([blake3::hash(&original), blake3::hash(written)]));
    let Cleaned { bytes, changed, unwritten, places } = cleaned?;
    counts.unwritten += unwritten;
    counts.changed_files += usize::from(changed);

    match target {
        Target::Out(tree) => {
            if let (Some(log), Some(to), true) = (applied, tree.target(&source.path), original != bytes) {
                log.add(&source.path, to, &original, &bytes, &places)?;
            }
            tree.write(&source.path, &bytes)?;
        }
        Target::Write if changed => {
            // The log has it first: whatever happens in between, nothing is written that cannot be taken back.
            if let Some(log) = applied {
                log.add(&source.path, &source.path, &original, &bytes, &places)?;
            }
            rewrite(&source.path, &original, &bytes)?;
        }
        Target::Diff if changed => {
            let written = unified(raw, &source.path, &original, &bytes);
            debug_assert!(written.is_ok(), "writing to memory cannot fail");
        }
        Target::Stdout => raw.extend_from_slice(&bytes),
        Target::Check if changed && args.run.format == Format::Human && !args.run.input.quiet => {
            raw.extend_from_slice(say("clean.would-change-file", &[("path", &Shown(&source.path))]).as_bytes());
            raw.push(b'\n');
        }
        _ => {}
    }
    Ok(())
}
