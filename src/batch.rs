//! Many issues at once: workers in parallel, results in the order of the input, memory bounded by what is in flight.

use std::borrow::Borrow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;

use std::path::PathBuf;

use crate::duplicates::batch::ArticleDigest;
use crate::inputs::IssueInput;
use crate::model::Language;
use crate::pipeline::Processed;
use crate::structure::{Date, main_language};

/// What findings about the batch need to know of one issue: small enough to be kept for every issue of a run.
#[derive(Clone, Debug, Default)]
pub struct Digest {
    /// The issue's name.
    pub issue: String,
    /// Its files, in page order.
    pub paths: Vec<PathBuf>,
    /// Of its running heads; `None` where no page has one.
    pub date: Option<Date>,
    /// The number of the issue in its running heads.
    pub number: Option<u32>,
    /// The language most of it is in.
    pub language: Language,
    /// Its articles, to find copies among them.
    pub articles: Vec<ArticleDigest>,
}

impl Digest {
    /// No rule about batches can say anything of such an issue, so a run need not keep it.
    pub fn says_nothing(&self) -> bool {
        self.articles.is_empty() && self.date.is_none()
    }

    /// What is kept of an issue.
    pub fn of(processed: &Processed) -> Self {
        Digest {
            issue: processed.read.id.clone(),
            paths: processed.read.sources.iter().map(|s| s.path.clone()).collect(),
            date: processed.articles.pages.iter().find_map(|p| p.date),
            number: processed.articles.pages.iter().find_map(|p| p.issue_number),
            language: main_language(&processed.clean),
            articles: ArticleDigest::of(&processed.read),
        }
    }
}

/// Bytes of input in flight for each worker. Large enough that a slow issue seldom leaves the others idle, small enough for any machine.
const BYTES_IN_FLIGHT: u64 = 6 << 20;
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
