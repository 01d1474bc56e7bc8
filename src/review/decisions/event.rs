//! One thing a person said: a line of the file.

use std::path::Path;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::messages::say;
use crate::review::store;

/// What a person said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    Accept,
    Reject,
    /// Accept with another text.
    Edit,
    /// Ask somebody else, or later.
    Defer,
    /// Takes back what the same person said before.
    Clear,
    /// About two texts: copies, and nothing is to be done.
    Same,
    /// About two texts: no copies.
    Different,
    /// About two texts: one goes on where the other stops.
    Continuation,
    /// About two texts: copies, of which the longer one is kept.
    KeepLonger,
}

impl Verdict {
    /// As the file writes it.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Accept => "accept",
            Verdict::Reject => "reject",
            Verdict::Edit => "edit",
            Verdict::Defer => "defer",
            Verdict::Clear => "clear",
            Verdict::Same => "same",
            Verdict::Different => "different",
            Verdict::Continuation => "continuation",
            Verdict::KeepLonger => "keep-longer",
        }
    }

    /// Said of two texts, not of a change.
    pub fn of_pair(self) -> bool {
        matches!(self, Verdict::Same | Verdict::Different | Verdict::Continuation | Verdict::KeepLonger)
    }
}

/// One line of the file. It stores what it is about, so that it can be read without the text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    pub v: u8,
    pub decision: Verdict,
    /// The change; none in a decision about the pattern.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fp: Option<String>,
    /// Its neighbourhood, which tells equals apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub near: Option<String>,
    /// How many changes had this base then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub equals: Option<u32>,
    /// The pattern; may be left out where two texts are decided about.
    #[serde(default)]
    pub pat: String,
    #[serde(default)]
    pub by: String,
    /// UTC, RFC 3339 in seconds.
    pub at: String,
    #[serde(default)]
    pub issue: String,
    #[serde(default)]
    pub rule: String,
    #[serde(default)]
    pub before: String,
    #[serde(default)]
    pub after: String,
    #[serde(default)]
    pub context: [String; 2],
    /// The text to put in place of the proposed one; in `edit` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// How many of how many alike were looked at before a pattern was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sampled: Option<[usize; 2]>,
}

impl Event {
    /// The base of its fingerprint, without the occurrence.
    pub(super) fn base(&self) -> Option<&str> {
        self.fp.as_deref().map(|fp| fp.split('.').next().unwrap_or(fp))
    }

    /// What it is about: one change, or a pattern.
    pub fn subject(&self) -> Subject {
        match self.base() {
            Some(base) => Subject::Change(base.to_owned(), self.near.clone().unwrap_or_else(|| self.fp.clone().unwrap_or_default())),
            None => Subject::Pattern(self.pat.clone()),
        }
    }

    /// Why the event cannot be taken, if it cannot.
    pub fn fault(&self) -> Option<&'static str> {
        match () {
            () if self.v != 1 => Some("not version 1 of the decisions"),
            () if self.decision == Verdict::Edit && self.text.is_none() => Some("`edit` needs the field `text`"),
            () if self.decision.of_pair() && self.fp.is_none() => Some("`fp` is missing: which two texts?"),
            () if self.pat.is_empty() && !self.decision.of_pair() => Some("`pat` is empty"),
            () if self.by.is_empty() => Some("`by` is empty: who decided?"),
            () => None,
        }
    }
}

/// What an event is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// Base of the fingerprint, neighbourhood.
    Change(String, String),
    Pattern(String),
}

/// The events of a file's bytes.
///
/// # Errors
/// [`Error::Row`] for a line that is neither an event nor a row of another kind.
pub fn parse(path: &Path, bytes: &[u8]) -> Result<Vec<Event>, Error> {
    let mut events = Vec::new();
    for (number, line) in bytes.split_inclusive(|b| *b == b'\n').enumerate() {
        if line.trim_ascii().is_empty() {
            continue;
        }
        let fault = |message: String| Error::Row { path: path.to_owned(), line: number + 1, message };
        match serde_json::from_slice::<Event>(line) {
            Ok(event) => match event.fault() {
                Some(message) => return Err(fault(message.into())),
                None => events.push(event),
            },
            Err(_) if !line.ends_with(b"\n") || store::of_another_kind(line) => {}
            Err(error) => return Err(fault(say("list.decision", &[("reason", &error)]))),
        }
    }
    Ok(events)
}

/// Now, as events write it.
pub fn now() -> String {
    humantime::format_rfc3339_seconds(SystemTime::now()).to_string()
}
