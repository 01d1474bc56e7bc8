//! The review model: what a person is shown and decides, one card a change or finding, whatever shows it.
//!
//! [`cards`] makes the cards of an issue where it is processed, [`batch_cards`] those of findings about a batch; [`Review::new`] puts the
//! decisions of the file to those of a run. After that [`Review::apply`] is all that changes anything: one event, the same as the file
//! holds. No output here.

mod of_batch;
mod of_issue;
mod review;

use serde::Serialize;

pub use of_batch::{batch_cards, batch_keys};
pub use of_issue::cards;
pub use review::{Group, Pattern, Progress, Review, SAMPLE, lot};

use super::decisions::{Event, Ruling, Subject, Verdict};
use super::scans::Snippet;
use super::sides::Sides;
use crate::edit::{Applicability, Outcome, Related, Severity};

/// What a card is about.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Matter {
    /// A proposed edit.
    Change {
        applicability: Applicability,
        /// As the run came out, before what is decided here.
        outcome: Outcome,
        confidence: f32,
        /// Further replacements, made with the first one or not at all.
        parts: Vec<Moved>,
    },
    /// A fact for a person.
    Finding {
        severity: Severity,
        message: String,
        related: Vec<Related>,
        /// The two texts of a finding about copies, aligned.
        sides: Option<Sides>,
    },
}

/// A replacement elsewhere that belongs to a change: the tail of a word that goes from the next page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Moved {
    pub path: String,
    pub line: usize,
    pub before: String,
    pub after: String,
}

/// One thing to decide.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Card {
    /// The issue and the number in it.
    pub id: String,
    /// As decisions name it: [`ChangeRecord::fp`](crate::record::ChangeRecord::fp), [`FindingRecord::fp`](crate::record::FindingRecord::fp), or the key of a pair of copies.
    pub fp: String,
    /// Tells equal changes apart; empty for findings.
    pub near: String,
    pub equals: u32,
    pub pat: String,
    pub rule: &'static str,
    pub path: String,
    /// 1-based.
    pub line: usize,
    /// 1-based, in characters.
    pub column: usize,
    /// The issue's path.
    pub issue: String,
    /// 1-based page in the issue; 0 for findings about a batch.
    pub page: usize,
    pub lang: &'static str,
    /// What is replaced; for a finding the text at its place, empty at a break.
    pub before: String,
    /// What is proposed instead, also where somebody decided for another text.
    pub after: String,
    /// Text on each side: of its line for a change, over line ends for a finding.
    pub context: [String; 2],
    /// The issue's name in decisions.
    pub key_issue: String,
    /// The context in decisions.
    pub key_context: [String; 2],
    pub evidence: Vec<String>,
    #[serde(flatten)]
    pub matter: Matter,
    /// What people said, if they did.
    #[serde(serialize_with = "ruling_name", skip_serializing_if = "Option::is_none")]
    pub ruling: Option<Ruling>,
    /// What the decisions of the file came to where no event names this very change: stale, or shared by equals.
    #[serde(skip)]
    pub(super) carried: Option<Ruling>,
    /// Where its lines stand on the scan, if an OCR format says so: the line it begins in, and the one it ends in.
    #[serde(skip)]
    pub scans: Vec<Snippet>,
    /// Index of its pattern in [`Review::patterns`].
    pub pattern: u32,
    /// In the random sample of applied edits that a person looks at.
    pub audit: bool,
}

fn ruling_name<S: serde::Serializer>(ruling: &Option<Ruling>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(ruling.as_ref().map_or("", Ruling::name))
}

impl Card {
    /// The probability that the change is right; `None` for a finding.
    pub fn confidence(&self) -> Option<f32> {
        match &self.matter {
            Matter::Change { confidence, .. } => Some(*confidence),
            Matter::Finding { .. } => None,
        }
    }

    /// A finding about two copies, which takes other verdicts.
    pub fn is_pair(&self) -> bool {
        matches!(&self.matter, Matter::Finding { sides: Some(_), .. })
    }

    /// Made by the policy: nobody has to be asked, some are audited.
    pub fn is_applied(&self) -> bool {
        matches!(self.matter, Matter::Change { outcome: Outcome::Applied, .. })
    }

    /// A person still has to decide.
    pub fn is_open(&self) -> bool {
        match self.ruling {
            Some(Ruling::Conflict | Ruling::Stale | Ruling::Pending | Ruling::Defer) => true,
            Some(_) => false,
            None => !self.is_applied(),
        }
    }

    /// What its events are about.
    pub fn subject(&self) -> Subject {
        let near = if self.near.is_empty() { self.fp.clone() } else { self.near.clone() };
        Subject::Change(base(&self.fp).to_owned(), near)
    }

    /// The event that says this of the card; `text` belongs to [`Verdict::Edit`].
    pub fn event(&self, decision: Verdict, by: &str, at: String, text: Option<String>) -> Event {
        let change = matches!(self.matter, Matter::Change { .. });
        Event {
            fp: Some(self.fp.clone()),
            near: change.then(|| self.near.clone()),
            equals: change.then_some(self.equals),
            context: self.key_context.clone(),
            issue: self.key_issue.clone(),
            ..self.pattern_event(decision, by, at, text, None)
        }
    }

    /// The event that says this of all cards of its pattern, of which `sampled` (looked at, of all) were shown.
    pub fn pattern_event(&self, decision: Verdict, by: &str, at: String, text: Option<String>, sampled: Option<[usize; 2]>) -> Event {
        Event {
            v: 1,
            decision,
            fp: None,
            near: None,
            equals: None,
            pat: self.pat.clone(),
            by: by.to_owned(),
            at,
            issue: String::new(),
            rule: self.rule.to_owned(),
            before: self.before.clone(),
            after: self.after.clone(),
            context: Default::default(),
            text,
            sampled,
        }
    }
}

fn base(fp: &str) -> &str {
    fp.split('.').next().unwrap_or(fp)
}
