//! `galley index`

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use rayon::prelude::*;

use super::InputArgs;
use crate::dictionary::Dictionaries;
use crate::duplicates::archive::{Archive, ArchiveWriter, Scratch};
use crate::duplicates::load::Texts;
use crate::duplicates::record::PairRecord;
use crate::error::Shown;
use crate::messages::say;
use crate::review::decisions::Decisions;

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  galley index add archive/ issues/1938/*.txt\n  galley index query archive/ new-batch.jsonl > copies.jsonl\n  galley check new-batch/ --archive archive/"
)]
pub struct IndexArgs {
    #[command(subcommand)]
    command: IndexCommand,
}

#[derive(Debug, Subcommand)]
enum IndexCommand {
    /// Add texts; one whose id is there already, or whose file was read before, takes the place of the old one.
    Add(WithInput),
    /// Find copies of new texts in the archive: one JSON record a pair.
    Query(QueryArgs),
    /// Say what is in the index, as JSON.
    Stats(FolderArgs),
    /// Make one file of all, also of other indexes, and drop what was removed.
    Merge(MergeArgs),
    /// Check every byte.
    Verify(FolderArgs),
    /// Remove texts by id, or all texts of a file.
    Remove(RemoveArgs),
}

#[derive(Debug, Args)]
struct FolderArgs {
    /// The folder of the index.
    #[arg(value_name = "DIR")]
    index: PathBuf,
}

#[derive(Debug, Args)]
#[command(after_help = "Example, for shards that were indexed each by itself:\n  galley index merge archive/ shard-*/index")]
struct MergeArgs {
    #[command(flatten)]
    folder: FolderArgs,
    /// Indexes whose texts go into it, as if they were added in this order; they stay as they are.
    #[arg(value_name = "FROM")]
    from: Vec<PathBuf>,
}

#[derive(Debug, Args)]
struct WithInput {
    #[command(flatten)]
    folder: FolderArgs,
    #[command(flatten)]
    input: InputArgs,
}

#[derive(Debug, Args)]
struct QueryArgs {
    #[command(flatten)]
    with: WithInput,
    /// Obey this file of decisions: a pair that was decided is not reported again.
    #[arg(long, value_name = "FILE")]
    decisions: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct RemoveArgs {
    #[command(flatten)]
    folder: FolderArgs,
    /// A text, or all articles of an issue by its name.
    #[arg(long, value_name = "ID", required_unless_present = "path")]
    id: Vec<String>,
    /// All texts that came from this file.
    #[arg(long, value_name = "FILE")]
    path: Vec<PathBuf>,
}

/// Runs one of the subcommands.
pub fn run(args: &IndexArgs) -> anyhow::Result<ExitCode> {
    match &args.command {
        IndexCommand::Add(args) => add(args),
        IndexCommand::Query(args) => query(args),
        IndexCommand::Stats(args) => {
            let stats = Archive::open(&args.index)?.stats();
            writeln!(io::stdout(), "{}", serde_json::to_string(&stats)?)?;
            Ok(ExitCode::SUCCESS)
        }
        IndexCommand::Merge(args) => merge(args),
        IndexCommand::Verify(args) => {
            let archive = Archive::open(&args.index)?;
            archive.verify()?;
            let stats = archive.stats();
            writeln!(io::stdout(), "{}: {} texts in {} runs, all sound", args.index.display(), stats.texts, stats.runs)?;
            Ok(ExitCode::SUCCESS)
        }
        IndexCommand::Remove(args) => remove(args),
    }
}

/// The writer of an index that must be there: a name mistyped makes no new one.
fn existing(folder: &Path) -> anyhow::Result<ArchiveWriter> {
    Archive::open(folder)?;
    Ok(ArchiveWriter::open(folder)?)
}

fn merge(args: &MergeArgs) -> anyhow::Result<ExitCode> {
    let index = &args.folder.index;
    if args.from.is_empty() {
        existing(index)?.merge()?;
        return Ok(ExitCode::SUCCESS);
    }
    let others = args.from.iter().map(|folder| Archive::open(folder)).collect::<Result<Vec<_>, _>>()?;
    let mut writer = ArchiveWriter::open(index)?;
    let here = |folder: &PathBuf| folder.canonicalize().is_ok_and(|f| index.canonicalize().is_ok_and(|i| i == f));
    if let Some(folder) = args.from.iter().find(|folder| here(folder)) {
        bail!(say("index.into-itself", &[("folder", &Shown(folder))]));
    }
    writer.merge_with(&others)?;
    Ok(ExitCode::SUCCESS)
}

fn add(args: &WithInput) -> anyhow::Result<ExitCode> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(args.input.jobs).build().with_context(|| say("run.threads", &[]))?;
    pool.install(|| {
        let mut writer = ArchiveWriter::open(&args.folder.index)?;
        let mut texts = Texts::default();
        let broken = super::texts::read(&args.input, &mut texts)?;
        let mut out = io::stdout().lock();
        let mut told = Ok(());
        writer.add(&texts, |done| {
            if !args.input.quiet && told.is_ok() {
                told = writeln!(out, "added {done}").and_then(|()| out.flush());
            }
        })?;
        told?;
        Ok(ExitCode::from(if broken { 2 } else { 0 }))
    })
}

fn query(args: &QueryArgs) -> anyhow::Result<ExitCode> {
    let input = &args.with.input;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(input.jobs).build().with_context(|| say("run.threads", &[]))?;
    pool.install(|| {
        let archive = Archive::open(&args.with.folder.index)?;
        let decisions =
            args.decisions.as_deref().map(|path| Decisions::load(path, 1)).transpose().context("--decisions")?.unwrap_or_default();
        let mut texts = Texts::default();
        let broken = super::texts::read(input, &mut texts)?;
        let dictionaries = Dictionaries::builtin();
        let found: Vec<Vec<PairRecord>> = (0..texts.entries.len())
            .into_par_iter()
            .with_min_len(8)
            .map_init(Scratch::default, |scratch, i| {
                let Some(full) = texts.full(i as u32) else { return Vec::new() };
                archive.copies(&texts.entries[i].id, &texts.sketches[i], &full, scratch, &dictionaries)
            })
            .collect();
        let mut out = io::BufWriter::new(io::stdout().lock());
        for record in found.iter().flatten().filter(|r| decisions.pair(&r.fp).is_none()) {
            serde_json::to_writer(&mut out, record)?;
            out.write_all(b"\n")?;
        }
        out.flush()?;
        Ok(ExitCode::from(if broken { 2 } else { 0 }))
    })
}

fn remove(args: &RemoveArgs) -> anyhow::Result<ExitCode> {
    let mut writer = existing(&args.folder.index)?;
    let paths: Vec<String> =
        args.path.iter().map(|p| std::path::absolute(p).unwrap_or_else(|_| p.clone()).to_string_lossy().into_owned()).collect();
    let article_of = |id: &str, issue: &str| id.strip_prefix(issue).is_some_and(|rest| rest.is_empty() || rest.starts_with('#'));
    let removed = writer.remove(|text| args.id.iter().any(|id| article_of(&text.id, id)) || paths.contains(&text.path))?;
    writeln!(io::stdout(), "removed {removed}")?;
    Ok(ExitCode::from(if removed > 0 { 0 } else { 1 }))
}
