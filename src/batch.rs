//! Many issues at once: workers in parallel, results in the order of the input, memory bounded by what is in flight.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use rayon::prelude::*;
use smallvec::{SmallVec, smallvec};

use crate::duplicates::batch::ArticleDigest;
use crate::duplicates::marks::Marks;
use crate::duplicates::sketch::Sketch;
use crate::inputs::IssueInput;
use crate::model::Language;
use crate::pack::{self, Unpack, bytes_of};
use crate::pipeline::Processed;
use crate::spool::Spool;
use crate::structure::{Date, main_language};

/// What findings about the batch need to know of one issue.
#[derive(Clone, Debug, Default)]
pub struct Digest {
    /// The issue's name.
    pub issue: String,
    /// Its files, in page order.
    pub paths: SmallVec<[PathBuf; 1]>,
    /// Of its running heads; `None` where no page has one.
    pub date: Option<Date>,
    /// The number of the issue in its running heads.
    pub number: Option<u32>,
    /// The language most of it is in.
    pub language: Language,
    /// Its articles, to find copies among them.
    pub articles: Vec<(ArticleDigest, Sketch, Marks)>,
}

impl Digest {
    /// No rule about batches can say anything of such an issue, so a run need not keep it.
    fn says_nothing(&self) -> bool {
        self.articles.is_empty() && self.date.is_none()
    }

    /// What is kept of an issue; its articles only where somebody looks for copies.
    pub fn of(processed: &Processed, copies: bool) -> Self {
        Digest {
            issue: processed.read.id.clone(),
            paths: processed.read.sources.iter().map(|s| s.path.clone()).collect(),
            date: processed.articles.pages.iter().find_map(|p| p.date),
            number: processed.articles.pages.iter().find_map(|p| p.issue_number),
            language: main_language(&processed.clean),
            articles: if copies { ArticleDigest::of(&processed.read) } else { Vec::new() },
        }
    }
}

/// The digests of a run, in a temporary file until all issues are done: a million of them would be 200 MB.
#[derive(Debug)]
pub struct Digests {
    spool: Spool,
    /// Bytes of each in the file, in input order.
    lengths: Vec<u8>,
    /// Issues in each language that is known; Chinese is one.
    languages: BTreeMap<&'static str, usize>,
}

/// As rules about languages count: simplified and traditional text are one.
fn language_name(language: Language) -> Option<&'static str> {
    match language {
        Language::Unknown => None,
        _ => Some(if language.is_chinese() { "zh" } else { language.code() }),
    }
}

impl Digests {
    /// None yet.
    ///
    /// # Errors
    /// Of the file.
    pub fn new() -> io::Result<Digests> {
        Ok(Digests { spool: Spool::new()?, lengths: Vec::new(), languages: BTreeMap::new() })
    }

    /// Takes the next one, but for its articles.
    ///
    /// # Errors
    /// Of the file.
    pub fn add(&mut self, digest: &Digest) -> io::Result<()> {
        if digest.says_nothing() || digest.paths.is_empty() {
            return Ok(());
        }
        language_name(digest.language).into_iter().for_each(|name| *self.languages.entry(name).or_default() += 1);
        let mut bytes = Vec::new();
        pack::text(&mut bytes, digest.issue.as_bytes());
        let date = digest.date.map_or([0; 3], |(year, month, day)| [year.into(), month.into(), day.into()]);
        date.iter().for_each(|n| pack::number(&mut bytes, *n));
        pack::number(&mut bytes, digest.number.map_or(0, |n| n as usize + 1));
        pack::text(&mut bytes, digest.language.code().as_bytes());
        pack::number(&mut bytes, digest.paths.len());
        digest.paths.iter().for_each(|path| pack::text(&mut bytes, bytes_of(path)));
        pack::number(&mut self.lengths, bytes.len());
        self.spool.add(&bytes)?;
        Ok(())
    }

    /// Those that a rule can have something to say of: dated ones, and where there are several languages all, of the commonest
    /// without names but for the first, as they are only counted.
    ///
    /// # Errors
    /// Of the file.
    pub fn told(&self) -> io::Result<Vec<Digest>> {
        let several = self.languages.len() > 1;
        let mut commonest = self.languages.iter().max_by_key(|(_, n)| **n).map(|(name, _)| *name);
        let most = commonest;
        let (mut told, mut at, mut lengths) = (Vec::new(), 0, Unpack(&self.lengths));
        while !lengths.0.is_empty() {
            let length = lengths.number();
            let digest = unpacked(&self.spool.read(at, length)?);
            at += length as u64;
            let name = language_name(digest.language);
            let first = name.is_some() && commonest.take_if(|c| Some(*c) == name).is_some();
            match () {
                () if digest.date.is_some() || several && name.is_some() && (first || name != most) => told.push(digest),
                () if several && name.is_some() => {
                    told.push(Digest { paths: smallvec![PathBuf::new()], language: digest.language, ..Digest::default() });
                }
                () => {}
            }
        }
        Ok(told)
    }
}

fn unpacked(bytes: &[u8]) -> Digest {
    let mut bytes = Unpack(bytes);
    let issue = bytes.string();
    let date = (bytes.number() as u16, bytes.number() as u8, bytes.number() as u8);
    let number = bytes.number().checked_sub(1).map(|n| n as u32);
    let language = Language::from_code(&bytes.string()).unwrap_or_default();
    let paths = (0..bytes.number()).map(|_| bytes.path()).collect();
    Digest { issue, paths, date: (date != (0, 0, 0)).then_some(date), number, language, articles: Vec::new() }
}

/// Bytes of input in flight for each worker. Large enough that a slow issue seldom leaves the others idle, small enough for any machine:
/// where every line has edits, what is reported of a text takes fifty times its bytes.
const BYTES_IN_FLIGHT: u64 = 1 << 20;
/// What a member of an archive is taken to have.
const UNKNOWN_SIZE: u64 = 64 << 10;
/// Issues in flight for each worker: tiny files are read by the hundred.
const ISSUES_IN_FLIGHT: usize = 256;

/// [`run_until`] without an end before the last issue.
///
/// # Errors
/// The first error of `sink`, which ends the run.
pub fn run<T: Send, E>(
    inputs: &[IssueInput],
    work: impl Fn(&IssueInput) -> T + Sync,
    on_panic: impl Fn(&IssueInput, String) -> T + Sync,
    mut sink: impl FnMut(T) -> Result<(), E>,
) -> Result<(), E> {
    run_until(|| false, inputs, work, on_panic, |_, result| sink(result))
}

/// Runs `work` on every issue and hands each result to `sink` in input order. Once `stop` says so no further issue is begun; what was
/// begun is finished and reaches `sink`. No more issues are taken from `inputs` at a time than are worked on.
///
/// A panic in `work` becomes `on_panic(input, message)`; the batch goes on.
///
/// # Errors
/// The first error of `sink`, which ends the run.
pub fn run_until<I: Borrow<IssueInput> + Send + Sync, T: Send, E>(
    stop: impl Fn() -> bool + Sync,
    inputs: impl IntoIterator<Item = I>,
    work: impl Fn(&IssueInput) -> T + Sync,
    on_panic: impl Fn(&IssueInput, String) -> T + Sync,
    mut sink: impl FnMut(&IssueInput, T) -> Result<(), E>,
) -> Result<(), E> {
    let guarded = |input: &IssueInput| {
        catch_unwind(AssertUnwindSafe(|| work(input))).unwrap_or_else(|panic| {
            let message = panic.downcast_ref::<&str>().map(ToString::to_string).or_else(|| panic.downcast_ref::<String>().cloned());
            on_panic(input, message.unwrap_or_else(|| "panic without a message".into()))
        })
    };
    let size = |input: &IssueInput| input.files.iter().map(|f| f.path.metadata().map_or(UNKNOWN_SIZE, |m| m.len())).sum::<u64>();
    let workers = rayon::current_num_threads();
    let mut rest = inputs.into_iter().peekable();
    while rest.peek().is_some() && !stop() {
        let (mut bytes, mut now) = (0, Vec::new());
        while now.len() < ISSUES_IN_FLIGHT * workers
            && let Some(input) = rest.next_if(|next| {
                bytes += size(next.borrow());
                now.is_empty() || bytes <= BYTES_IN_FLIGHT * workers as u64
            })
        {
            now.push(input);
        }
        let results: Vec<Option<T>> = now.par_iter().with_max_len(1).map(|input| (!stop()).then(|| guarded(input.borrow()))).collect();
        for (input, result) in now.iter().zip(results) {
            result.map_or(Ok(()), |result| sink(input.borrow(), result))?;
        }
    }
    Ok(())
}
