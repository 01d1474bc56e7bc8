//! `galley clean`

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::bail;
use clap::Args;

use super::run::{Counts, Runner, collect};
use super::{Format, RunArgs};
use crate::error::{Error, Shown};
use crate::inputs::{InputOptions, IssueInput, is_stdin};
use crate::pipeline::{Processed, source_hunks};
use crate::review::applied::{self, AppliedLog};
use crate::write::diff::unified;
use crate::write::encode::RenderOptions;
use crate::write::files::{OutputTree, rewrite};
use crate::write::run_record::RunRecord;

#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 done; 1 --check would change a file, or --diff found a finding at or over --fail-level; 2 something failed.\n\n\
    Examples:\n  galley clean batch/ --out cleaned/\n  galley clean page.txt --diff | git apply\n  galley clean - < page.txt > page.clean.txt"
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
    /// Print a unified diff that `git apply` takes; write nothing.
    #[arg(long, group = "target")]
    diff: bool,
    /// Write nothing; exit with 1 if a file would change.
    #[arg(long, group = "target")]
    check: bool,
    /// Log what is written to this file, for `galley undo` (default: galley-applied.jsonl beside the run record).
    #[arg(long, value_name = "FILE")]
    applied: Option<PathBuf>,
    /// Write in the encoding of the input instead of UTF-8.
    #[arg(long)]
    keep_encoding: bool,
}

enum Target {
    Out(OutputTree),
    Write,
    Diff,
    Check,
    Stdout,
}

/// Repairs.
pub fn run(args: &CleanArgs) -> anyhow::Result<ExitCode> {
    let input = &args.run.input;
    let runner = Runner::new(&args.run, args.write || args.out.is_some())?;
    let stdin = input.paths.iter().any(|p| is_stdin(p));
    let options = InputOptions { skip_folder: args.out.clone(), ..InputOptions::default() };
    if args.write && stdin {
        bail!("standard input cannot be written in place; leave --write out to get the text on standard output");
    }
    if stdin && input.paths.len() > 1 && args.out.is_none() && !args.diff && !args.check {
        bail!("`-` stands alone when the text goes to standard output");
    }
    if !(stdin || args.out.is_some() || args.write || args.diff || args.check) {
        bail!(
            "choose what to do with the repaired text: --out DIR writes cleaned copies, --write repairs in place, --diff prints a diff, --check only tells whether a file would change"
        );
    }
    let (inputs, missing) = collect(input, &options);
    let target = match &args.out {
        Some(dir) => Target::Out(OutputTree::new(dir, inputs.iter().flat_map(|i| &i.files))?),
        None if args.write => Target::Write,
        None if args.diff => Target::Diff,
        None if args.check => Target::Check,
        None => Target::Stdout,
    };
    let mut record = match &target {
        Target::Out(_) => Some(RunRecord::begin(args.out.as_deref().unwrap_or(Path::new(".")), &runner.settings, &runner.dictionaries)?),
        Target::Write => Some(RunRecord::begin(&record_folder(&input.paths[0]), &runner.settings, &runner.dictionaries)?),
        _ => None,
    };
    let beside = match &target {
        Target::Out(_) => args.out.clone(),
        Target::Write => Some(record_folder(&input.paths[0])),
        _ => None,
    };
    let applied = beside
        .map(|folder| AppliedLog::open(args.applied.clone().unwrap_or_else(|| folder.join(applied::FILE_NAME)), args.write))
        .transpose()?;
    let print = matches!(target, Target::Out(_) | Target::Write | Target::Check);
    let work = |processed: &Processed, _: &IssueInput| {
        let (mut report, mut counts) = match (&target, args.run.format) {
            // A filter and a diff print their text and nothing else.
            (Target::Stdout | Target::Diff, _) => (Vec::new(), runner.report(processed).1),
            (_, Format::Human) => runner.report_findings(processed),
            _ => runner.report(processed),
        };
        for (i, source) in processed.read.sources.iter().enumerate() {
            let result = write_source(args, &target, applied.as_ref(), processed, i, &mut report, &mut counts);
            match result {
                Ok(()) => {}
                Err(error) => {
                    counts.broken = true;
                    eprintln!("galley: {}: not written: {}", Shown(&source.path), error.chain());
                }
            }
        }
        (report, counts)
    };
    let mut counts =
        runner.run(input, &inputs, print, work, |issue, counts| Ok(record.as_mut().map_or(Ok(()), |r| r.add(issue, &counts.hashes))?))?;
    counts.broken |= missing;
    if let Some(applied) = applied {
        applied.finish()?;
    }
    if let Some(record) = record {
        record.finish(&counts.by_rule, counts.changed_files)?;
    }
    let fails = if args.check { counts.changed_files > 0 } else { false };
    if print && !input.quiet && args.run.format == Format::Human {
        let verb = if args.check { "would change" } else { "changed" };
        writeln!(
            std::io::stdout(),
            "{} {verb}",
            if counts.changed_files == 1 { "1 file".into() } else { format!("{} files", counts.changed_files) }
        )?;
    }
    Ok(counts.exit_code(fails))
}

/// `--write` leaves its record in the folder of the first path.
fn record_folder(path: &Path) -> PathBuf {
    if path.is_dir() { path.to_owned() } else { path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned() }
}

/// Writes one file of an issue where it belongs, and counts it.
fn write_source(
    args: &CleanArgs,
    target: &Target,
    applied: Option<&AppliedLog>,
    processed: &Processed,
    i: usize,
    report: &mut Vec<u8>,
    counts: &mut Counts,
) -> Result<(), Error> {
    let source = &processed.read.sources[i];
    let (old, new, hunks) = source_hunks(processed, i);
    let (old, new) = (&processed.read.text[old], &processed.clean.text[new]);
    if source.bytes.is_unread() {
        // What could not be read is a finding already, and nothing is written for it.
        counts.hashes.push(None);
        return Ok(());
    }
    let options = RenderOptions { keep_encoding: args.keep_encoding };
    let original = source.bytes.original(old);
    counts.hashes.push(Some(blake3::hash(&original)));
    let bytes = source.bytes.render(&source.path, old, new, &hunks, options)?;
    // A file without an edit is unchanged, even if its encoding is not the one we write.
    let changed = !hunks.is_empty();
    counts.changed_files += usize::from(changed);

    match target {
        Target::Out(tree) => {
            if let (Some(log), Some(to), true) = (applied, tree.target(&source.path), original != bytes) {
                log.add(&source.path, to, &original, &bytes)?;
            }
            tree.write(&source.path, &bytes)?;
        }
        Target::Write if changed => {
            // The log has it first: whatever happens in between, nothing is written that cannot be taken back.
            if let Some(log) = applied {
                log.add(&source.path, &source.path, &original, &bytes)?;
            }
            rewrite(&source.path, &original, &bytes)?;
        }
        Target::Diff if changed => {
            let written = unified(report, &source.path, &original, &bytes);
            debug_assert!(written.is_ok(), "writing to memory cannot fail");
        }
        Target::Stdout => report.extend_from_slice(&bytes),
        Target::Check if changed && args.run.format == Format::Human && !args.run.input.quiet => {
            report.extend_from_slice(format!("would change {}\n", Shown(&source.path)).as_bytes());
        }
        _ => {}
    }
    Ok(())
}
