//! `galley worker`: JSON lines in, JSON lines out, for engines that run many processes.
//!
//! A record is answered before the next batch is read, so a reader that falls behind holds the writer up, and no more than what is in
//! flight is in memory. Answers stand in the order of the records. A record that is none, or that broke something, is answered with a
//! record of kind `error`; only what makes every answer wrong (settings, a closed pipe) ends the process. The tasks `links` and `shared`
//! take what other tasks made, all of a partition or of a text before they answer; a bad record ends them, for a sum without it is wrong.

mod copies;
mod issues;
mod links;

use std::io::{self, BufRead, BufWriter, Read as _, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, sync_channel};

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use rayon::prelude::*;
use serde::Serialize;

use super::profile::Profiles;
use crate::dictionary::Dictionaries;

#[derive(Debug, Args)]
#[command(after_help = "\
Records of clean, check and export are issues:
  {\"id\": \"1938/p\", \"files\": [{\"path\": \"1938/p1.txt\", \"text\": \"…\"}, {\"path\": \"1938/p2.txt\", \"bytes\": \"base64\"}]}
  {\"id\": \"1938.txt\", \"text\": \"…\"}
Each is answered with the lines that --changes of the same command has (export: the articles), then one record of kind `issue`,
with the files as clean writes them. Records of group are folders:
  {\"folder\": \"1938\", \"names\": [\"p1.txt\", \"p2.txt\"]}
Each is answered with one record of kind `group` for each issue in it: {\"id\": …, \"paths\": […]}.
sketch, links, shared, candidates and verify are the steps of `galley duplicates` for an engine that joins; their records are described in the
package galley-spark, which runs them. What went wrong with a record is one of kind `error`, and the exit code is 0 all the same.

Example:
  galley worker --task clean --settings \"$(cat galley.toml)\" < issues.jsonl > cleaned.jsonl")]
pub struct WorkerArgs {
    /// What is done with each record.
    #[arg(long, value_enum)]
    task: Task,
    /// The settings: the text of a galley.toml. No file is looked for.
    #[arg(long, value_name = "TOML", default_value = "", hide_default_value = true)]
    settings: String,
    /// The folder that galley.toml is taken to stand in: names in it are relative to it, and issues are named from it.
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
    /// Worker threads (0: one for each core). An engine that runs a process for each core leaves it at 1.
    #[arg(short, long, default_value_t = 1, value_name = "N")]
    jobs: usize,
    /// For sketch: how many bins the hashes of a text are put in; links takes one bin or more of all texts.
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=65536))]
    bins: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Task {
    /// Issues to repaired issues, with all changes and findings.
    Clean,
    /// Issues to changes and findings.
    Check,
    /// Issues to articles.
    Export,
    /// The files of a folder to issues: which are the pages of one.
    Group,
    /// Issues to articles as copies are looked for among them.
    Articles,
    /// Articles to what is kept of them.
    Sketch,
    /// Hashes of many texts, to the texts before each that share one.
    Links,
    /// What each text shares with those before it, summed.
    Shared,
    /// Pairs with what they share, to those worth a closer look.
    Candidates,
    /// Pairs with their texts, to those that are copies.
    Verify,
    /// No records: prints the numbers that decide what a pair shares.
    Constants,
}

/// The longest line that is taken for a record, in bytes.
const LONGEST: u64 = 1 << 30;
/// Records and bytes in flight for each thread.
const RECORDS_IN_FLIGHT: usize = 64;
const BYTES_IN_FLIGHT: usize = 6 << 20;

/// What went wrong with one record.
#[derive(Serialize)]
struct ErrorRecord<'a> {
    kind: &'static str,
    v: u8,
    /// Of the input, from 1.
    line: usize,
    /// Of the record, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    message: String,
}

/// A line of the input with its number from 1, or why it is none.
type Record = (usize, Result<Vec<u8>, String>);

/// A task that reads and answers the input as a whole.
type Whole = fn(&mut dyn BufRead, &mut dyn Write) -> anyhow::Result<()>;

/// Answers records until the input ends.
pub fn run(args: &WorkerArgs) -> anyhow::Result<ExitCode> {
    let profiles = Profiles::of_text(&args.settings, &args.root).context("--settings")?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(args.jobs).build().context("starting the worker threads")?;
    let whole: Option<Whole> = match args.task {
        Task::Constants => Some(|_, out| Ok(writeln!(out, "{}", copies::constants())?)),
        Task::Links => Some(links::links),
        Task::Shared => Some(links::shared),
        _ => None,
    };
    if let Some(task) = whole {
        let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
        task(&mut io::stdin().lock(), &mut out)?;
        out.flush()?;
        return Ok(ExitCode::SUCCESS);
    }
    let dictionaries = Dictionaries::builtin();
    std::panic::set_hook(Box::new(|_| {}));
    let (sender, records) = sync_channel(RECORDS_IN_FLIGHT);
    let reader = std::thread::spawn(move || read(&mut io::stdin().lock(), |record| sender.send(record).is_ok()));
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let answer = |record: &[u8]| match args.task {
        Task::Clean | Task::Check | Task::Export => issues::answer(args.task, &profiles, record),
        Task::Group => issues::group(&profiles, record),
        Task::Articles => issues::articles_of(&profiles, record),
        Task::Sketch => copies::sketch(record, args.bins),
        Task::Candidates => copies::candidate(record),
        Task::Verify => copies::verify(record, &dictionaries),
        Task::Constants | Task::Links | Task::Shared => Ok(Vec::new()),
    };
    loop {
        let batch = in_flight(&records, pool.current_num_threads());
        if batch.is_empty() {
            break;
        }
        let answers: Vec<Vec<u8>> = pool.install(|| batch.par_iter().with_max_len(1).map(|record| answered(record, &answer)).collect());
        answers.iter().try_for_each(|a| out.write_all(a))?;
        out.flush()?;
    }
    let read = reader.join().unwrap_or_else(|_| Err(io::Error::other("the reader stopped")));
    read.context("reading standard input")?;
    Ok(ExitCode::SUCCESS)
}

/// Waits for a record and takes with it those that are there already: never waits for a batch to fill, since whoever writes may be
/// waiting for an answer.
fn in_flight(records: &Receiver<Record>, threads: usize) -> Vec<Record> {
    let mut batch: Vec<Record> = records.recv().into_iter().collect();
    let mut bytes = batch.iter().map(size).sum::<usize>();
    while !batch.is_empty() && batch.len() < RECORDS_IN_FLIGHT * threads && bytes < BYTES_IN_FLIGHT * threads {
        let Ok(record) = records.try_recv() else { break };
        bytes += size(&record);
        batch.push(record);
    }
    batch
}

fn size(record: &Record) -> usize {
    record.1.as_ref().map_or(0, Vec::len)
}

/// Hands on line by line what is no white space, until `take` wants no more.
fn read(input: &mut impl BufRead, take: impl Fn(Record) -> bool) -> io::Result<()> {
    for number in 1.. {
        let mut line = Vec::new();
        if input.by_ref().take(LONGEST + 1).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let whole = line.len() as u64 <= LONGEST;
        if !whole {
            line.clear();
            input.skip_until(b'\n')?;
        } else if line.trim_ascii().is_empty() {
            continue;
        }
        let record = if whole { Ok(line) } else { Err(format!("longer than {LONGEST} bytes")) };
        if !take((number, record)) {
            break;
        }
    }
    Ok(())
}

/// What a record is answered with, whatever happens.
fn answered((line, record): &Record, answer: &(impl Fn(&[u8]) -> Result<Vec<u8>, Failed> + Sync)) -> Vec<u8> {
    let failed = match record {
        Err(message) => Failed { id: None, message: message.clone() },
        Ok(record) => match catch_unwind(AssertUnwindSafe(|| answer(record))) {
            Ok(Ok(lines)) => return lines,
            Ok(Err(failed)) => failed,
            Err(panic) => Failed { id: None, message: format!("stopped inside galleyproof ({}); please report this", said(&*panic)) },
        },
    };
    let mut lines = Vec::new();
    put(&mut lines, &ErrorRecord { kind: "error", v: 1, line: *line, id: failed.id.as_deref(), message: failed.message });
    lines
}

fn said(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string).or_else(|| panic.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "no message".into())
}

/// Why a record has no answer.
struct Failed {
    id: Option<String>,
    message: String,
}

impl Failed {
    fn new(message: impl Into<String>) -> Failed {
        Failed { id: None, message: message.into() }
    }
}

/// One record more.
fn put(lines: &mut Vec<u8>, record: &impl Serialize) {
    let written = serde_json::to_writer(&mut *lines, record);
    debug_assert!(written.is_ok(), "writing to memory cannot fail");
    lines.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    #[test]
    fn lines_are_numbered_and_blank_ones_are_none() {
        let found = RefCell::new(Vec::new());
        read(&mut &b"{}\n\n  \n{\"a\":1}"[..], |r| {
            found.borrow_mut().push((r.0, r.1.unwrap()));
            true
        })
        .unwrap();
        assert_eq!(found.into_inner(), [(1, b"{}\n".to_vec()), (4, b"{\"a\":1}".to_vec())]);
    }

    #[test]
    fn a_panic_is_an_answer() {
        std::panic::set_hook(Box::new(|_| {}));
        let answer = |_: &[u8]| -> Result<Vec<u8>, Failed> { panic!("boom") };
        let lines = String::from_utf8(answered(&(7, Ok(b"{}".to_vec())), &answer)).unwrap();
        assert!(lines.starts_with(r#"{"kind":"error","v":1,"line":7,"message":"stopped inside galleyproof (boom)"#), "{lines}");
    }
}
