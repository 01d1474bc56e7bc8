//! Edits and their evidence, and what becomes of them: select, apply, undo.

use std::fmt;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::model::Span;

/// How far an edit may go without a person. Ordered: the policy is one comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Applicability {
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
