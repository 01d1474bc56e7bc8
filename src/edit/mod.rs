//! Edits and their evidence, and what becomes of them: select, apply, undo.

mod select;
mod source_map;

use std::fmt;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::model::Span;

pub use select::select;
pub use source_map::{Hunk, SourceMap, apply};

/// How far an edit may go without a person. Ordered: the policy is one comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Applicability {
    /// Never made by a policy: the config wants it shown only.
    Report,
    /// Waits for a decision, or `--apply all`.
    Review,
    /// Applied by default: wrong less than once in 500 on clean text and once in 200 on OCR text.
    Safe,
}

/// One named reason for (or against) an edit, printable as `name` or `name:detail`.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// Kebab-case, stable.
    pub name: &'static str,
    /// What was seen.
    pub detail: Detail,
    /// Log-odds it adds to the decision; 0 where no model weighs it. Negative speaks against.
    pub weight: f32,
}

/// What a piece of evidence points at.
#[derive(Clone, Debug, PartialEq)]
pub enum Detail {
    /// The name says it all.
    None,
    /// A word, a mark.
    Text(CompactString),
    /// How often.
    Count(u32),
}

impl Evidence {
    /// Evidence that is nothing but its name.
    pub fn named(name: &'static str) -> Self {
        Evidence { name, detail: Detail::None, weight: 0.0 }
    }

    /// Evidence with the text it rests on.
    pub fn text(name: &'static str, text: impl Into<CompactString>) -> Self {
        Evidence { name, detail: Detail::Text(text.into()), weight: 0.0 }
    }

    /// Evidence with a count.
    pub fn count(name: &'static str, count: u32) -> Self {
        Evidence { name, detail: Detail::Count(count), weight: 0.0 }
    }

    /// The same with the log-odds it adds.
    pub fn weighing(self, weight: f32) -> Self {
        Evidence { weight, ..self }
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.detail {
            Detail::None => f.write_str(self.name),
            Detail::Text(text) => write!(f, "{}:{}", self.name, text),
            Detail::Count(n) => write!(f, "{}:{}", self.name, n),
        }
    }
}

/// The evidence of one edit or decision; most have three or fewer pieces.
pub type EvidenceList = SmallVec<[Evidence; 3]>;

/// Puts `text` where `span` was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// Bytes of the text the edit was proposed on.
    pub span: Span,
    /// May be empty.
    pub text: CompactString,
}

/// One proposed repair. All its replacements are made, or none.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// The rule that proposes it.
    pub rule: &'static str,
    /// Sorted by span, apart from each other.
    pub replacements: SmallVec<[Replacement; 1]>,
    pub applicability: Applicability,
    /// The probability that the edit is right, 0 to 1.
    pub confidence: f32,
    /// Why, the weightiest first; never empty.
    pub evidence: EvidenceList,
}

/// What became of an edit. Nothing vanishes: each proposed edit has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Made.
    Applied,
    /// Waits for a person.
    Held,
    /// A person said no.
    Rejected,
    /// Another edit of the same place was made instead.
    Displaced,
}

/// How much a finding matters. Ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Proposed edits, undecided breaks.
    Note,
    /// A person should look.
    Warning,
    /// Text is missing or cannot be read.
    Error,
}

/// Another place a finding is about, often in another file: the counterpart of a jump line, the longer copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Related {
    /// What it is to the finding, kebab-case: `counterpart`, `longer-copy`.
    pub role: &'static str,
    pub path: CompactString,
    /// 1-based.
    pub line: usize,
    /// A few words of its text, for a person.
    pub text: CompactString,
}

/// A fact for a person: what no program should repair by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    pub rule: &'static str,
    pub severity: Severity,
    /// In the text of the issue as read; empty where the whole file is meant.
    pub places: SmallVec<[Span; 1]>,
    /// One sentence: what is wrong and what to do.
    pub message: String,
    pub evidence: EvidenceList,
    pub related: Vec<Related>,
}
