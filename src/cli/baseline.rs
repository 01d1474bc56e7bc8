//! `galley baseline`: what was found before, so that it is not held against new batches.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use super::RunArgs;
use super::run::{Purpose, Runner};
use crate::error::{Error, Shown};
use crate::messages::say;
use crate::rules::rule;
use crate::write::files::write_atomic;
use crate::write::report::open;

/// The name a baseline has unless another is given.
pub const FILE_NAME: &str = "galley-baseline.jsonl";

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  galley baseline write archive/\n  galley check archive/ --baseline galley-baseline.jsonl --new-only\n  galley baseline prune archive/"
)]
pub struct BaselineArgs {
    #[command(subcommand)]
    command: BaselineCommand,
}

#[derive(Debug, Subcommand)]
enum BaselineCommand {
    /// Write down everything that is found now.
    Write(FileArgs),
    /// Take out of a baseline what is not found any more; nothing is added.
    Prune(FileArgs),
}

#[derive(Debug, Args)]
struct FileArgs {
    #[command(flatten)]
    run: RunArgs,
    /// The baseline: by default the one galley.toml names, else galley-baseline.jsonl.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// One line of a baseline: JSON, sorted by path, rule and fingerprint.
#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    v: u8,
    fp: String,
    rule: String,
    path: String,
}

/// Fingerprints that a baseline knows.
#[derive(Debug, Default)]
pub struct Baseline {
    known: FxHashSet<String>,
}

impl Baseline {
    /// Reads a baseline.
    ///
    /// # Errors
    /// [`Error::Read`]; [`Error::Config`] with the line for what is no entry or names a rule that never was.
    pub fn load(path: &Path) -> Result<Self, Error> {
        let mut known = FxHashSet::default();
        for entry in read(path)? {
            known.insert(entry.fp);
        }
        Ok(Baseline { known })
    }

    /// Whether it was found before.
    pub fn knows(&self, fp: &str) -> bool {
        self.known.contains(fp)
    }
}

fn read(path: &Path) -> Result<Vec<Entry>, Error> {
    let text = fs::read_to_string(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
    let parse = |(i, line): (usize, &str)| {
        let fail = |message| Error::Config { path: path.to_owned(), line: i + 1, message };
        let entry: Entry = serde_json::from_str(line).map_err(|e| fail(say("baseline.entry", &[("reason", &e)])))?;
        match rule(&entry.rule) {
            Some(_) => Ok(entry),
            None => Err(fail(crate::rules::unknown(&entry.rule))),
        }
    };
    text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()).map(parse).collect()
}

/// Writes or prunes.
pub fn run(args: &BaselineArgs) -> anyhow::Result<ExitCode> {
    let (args, prune) = match &args.command {
        BaselineCommand::Write(args) => (args, false),
        BaselineCommand::Prune(args) => (args, true),
    };
    // The old baseline must not hide what the new one is about.
    let mut run_args = args.run.clone();
    run_args.new_only = false;
    let runner = Runner::new(&run_args, Purpose::Baseline)?;
    let path = args.output.clone().or_else(|| runner.baseline_path()).unwrap_or_else(|| FILE_NAME.into());
    let old = if prune { Some(read(&path)?) } else { None };
    let (inputs, missing) = runner.list(&run_args.input)?;
    let mut found: BTreeMap<(String, String, String), ()> = BTreeMap::new();
    let counts = runner.run(
        &run_args.input,
        &inputs,
        false,
        |p, _| runner.report(p),
        |_| None,
        |_, reported| {
            for item in reported.items().iter().filter(|i| open(i)) {
                found.insert((item.place.path.clone(), item.rule.to_string(), item.fp.clone()), ());
            }
            Ok(())
        },
    )?;
    for finding in &counts.batch {
        let path = finding.path.to_string_lossy().into_owned();
        found.insert((path, finding.rule.to_string(), finding.fp.clone()), ());
    }
    let (before, entries): (usize, Vec<Entry>) = match old {
        None => (0, found.into_keys().map(|(path, rule, fp)| Entry { v: 1, fp, rule, path }).collect()),
        Some(old) => {
            let now: FxHashSet<String> = found.into_keys().map(|(_, _, fp)| fp).collect();
            (old.len(), old.into_iter().filter(|e| now.contains(&e.fp)).collect())
        }
    };
    if prune && (missing || counts.broken || counts.interrupted) {
        anyhow::bail!(say("baseline.not-pruned", &[("path", &Shown(&path))]));
    }
    let mut bytes = Vec::new();
    for entry in &entries {
        serde_json::to_writer(&mut bytes, entry)?;
        bytes.push(b'\n');
    }
    write_atomic(&path, &bytes)?;
    if !run_args.input.quiet {
        let mut out = std::io::stdout();
        match prune {
            true => {
                let (n, gone) = (entries.len(), before - entries.len());
                writeln!(out, "{}", say("baseline.pruned", &[("path", &Shown(&path)), ("n", &n), ("gone", &gone)]))?;
            }
            false => writeln!(out, "{}", say("baseline.written", &[("path", &Shown(&path)), ("n", &entries.len())]))?,
        }
    }
    Ok(counts.exit_code(false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_under_a_former_name_of_its_rule_is_known() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("b.jsonl");
        fs::write(&path, "{\"v\":1,\"fp\":\"0f\",\"rule\":\"fix-hyphen\",\"path\":\"a.txt\"}\n").unwrap();
        assert!(Baseline::load(&path).unwrap().knows("0f"));
        fs::write(&path, "{\"v\":1,\"fp\":\"0f\",\"rule\":\"no-such\",\"path\":\"a.txt\"}\n").unwrap();
        assert!(Baseline::load(&path).is_err());
    }
}
