//! What people decided about pairs.

use std::path::Path;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::Pair;
use super::load::Texts;
use super::record::pair_key;
use crate::error::{Error, Result};

/// What a pair is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PairDecision {
    /// Copies, and nothing is to be done.
    Same,
    /// No copies.
    Different,
    /// One goes on where the other stops.
    Continuation,
    /// Copies, of which the longer one is kept.
    KeepLonger,
}

/// A line of a decisions file; other keys (`who`, `when`) are for people.
#[derive(Deserialize)]
struct Line {
    v: u32,
    /// `pair`; a decision made in a review has none, and is about a pair if it says something of one.
    #[serde(default)]
    kind: Option<String>,
    #[serde(default)]
    fp: String,
    decision: Option<serde_json::Value>,
}

/// Decisions by the content of the pair ([`pair_key`]); of several about one pair the last counts.
#[derive(Clone, Debug, Default)]
pub struct PairDecisions {
    of: FxHashMap<String, PairDecision>,
}

impl PairDecisions {
    /// Reads a file of JSON Lines; lines of another kind are other people's.
    ///
    /// # Errors
    /// [`Error::Read`]; [`Error::Record`] for a line that is no decision, with its number.
    pub fn load(path: &Path) -> Result<PairDecisions> {
        let text = std::fs::read_to_string(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
        let mut decisions = PairDecisions::default();
        for (i, row) in text.lines().enumerate().filter(|(_, row)| !row.trim().is_empty()) {
            let failed = |message: String| Error::Record { path: path.to_owned(), line: i + 1, message };
            let line: Line = serde_json::from_str(row).map_err(|error| failed(format!("not a decision: {error}")))?;
            if line.kind.as_deref().is_some_and(|kind| kind != "pair") {
                continue;
            }
            if line.v != 1 {
                return Err(failed(format!("a decision of version {}; this galley knows version 1", line.v)));
            }
            match serde_json::from_value(line.decision.unwrap_or_default()) {
                Ok(decision) => drop(decisions.of.insert(line.fp, decision)),
                Err(_) if line.kind.is_none() => {}
                Err(_) => return Err(failed("`decision` is one of same, different, continuation, keep-longer".into())),
            }
        }
        Ok(decisions)
    }

    /// Whether somebody decided about the pair, so that nobody is asked again.
    pub fn settled(&self, fp: &str) -> bool {
        self.of.contains_key(fp)
    }

    /// Whether somebody decided that the two are no copies.
    pub fn parted(&self, texts: &Texts, pair: &Pair) -> bool {
        if self.of.is_empty() {
            return false;
        }
        let [a, b] = [pair.a, pair.b].map(|t| texts.sketches[t as usize].exact);
        matches!(self.of.get(&pair_key(a, b)), Some(PairDecision::Different | PairDecision::Continuation))
    }
}
