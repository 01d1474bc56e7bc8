//! Several people at one collection: who has which issue, how far they are, how often a rule was right, what is new since somebody looked.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use super::decisions::{Decisions, Event, Ruling, Verdict, now};
use super::store;
use crate::edit::Outcome;
use crate::error::Error;
use crate::pipeline::Processed;
use crate::write::files::write_atomic;

/// Who is to look at an issue. Of several rows about one the last counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    pub v: u8,
    /// `assign`
    pub kind: String,
    /// As fingerprints name it.
    pub issue: String,
    /// Nobody any more where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    pub by: String,
    /// UTC, RFC 3339 in seconds.
    pub at: String,
}

/// Who has which issue.
///
/// # Errors
/// [`Error::Read`], [`Error::Row`].
pub fn assignments(decisions: &Path) -> Result<BTreeMap<String, String>, Error> {
    let mut rows: Vec<Assignment> = store::rows(decisions, "assign")?;
    rows.sort_by(|a, b| a.at.cmp(&b.at));
    let mut of = BTreeMap::new();
    for row in rows {
        match row.to {
            Some(to) => drop(of.insert(row.issue, to)),
            None => drop(of.remove(&row.issue)),
        }
    }
    Ok(of)
}

/// Writes down who has each of the issues; nobody, where there is no name.
///
/// # Errors
/// Those of [`store::journal`].
pub fn assign(decisions: &Path, by: &str, issues: &[(String, Option<String>)]) -> Result<(), Error> {
    let at = now();
    let row = |(issue, to): &(String, Option<String>)| Assignment {
        v: 1,
        kind: "assign".into(),
        issue: issue.clone(),
        to: to.clone(),
        by: by.into(),
        at: at.clone(),
    };
    store::journal(decisions, by)?.append(&issues.iter().map(row).collect::<Vec<_>>())
}

/// How far an issue is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Progress {
    pub issue: String,
    /// Changes that wait for a person: held by the policy, or deferred.
    pub open: usize,
    /// Accepted, edited or rejected.
    pub decided: usize,
    /// Made by the policy, without a person.
    pub unasked: usize,
    /// Stale, in conflict, or accepted by too few.
    pub troubled: usize,
}

impl Progress {
    /// That of an issue.
    pub fn of(processed: &Processed) -> Progress {
        let mut progress = Progress { issue: processed.read.name().to_owned(), ..Progress::default() };
        for step in &processed.steps {
            for (ruling, outcome) in step.rulings.iter().zip(&step.outcomes) {
                match (ruling, outcome) {
                    (Some(Ruling::Accept | Ruling::Reject | Ruling::Edit(_) | Ruling::Pair(_)), _) => progress.decided += 1,
                    (Some(Ruling::Conflict | Ruling::Stale | Ruling::Pending), _) => progress.troubled += 1,
                    (Some(Ruling::Defer), _) | (None, Outcome::Held) => progress.open += 1,
                    (None, _) => progress.unasked += 1,
                }
            }
        }
        progress
    }

    /// Nothing waits for a person.
    pub fn done(&self) -> bool {
        self.open + self.troubled == 0
    }
}

/// How people decided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Rate {
    pub accepted: usize,
    /// Accepted with another text.
    pub edited: usize,
    pub rejected: usize,
    pub deferred: usize,
    /// Said of two copies.
    pub of_copies: usize,
    /// Of them all, decisions about whole patterns.
    pub patterns: usize,
}

impl Rate {
    fn add(&mut self, event: &Event) {
        match event.decision {
            Verdict::Accept => self.accepted += 1,
            Verdict::Edit => self.edited += 1,
            Verdict::Reject => self.rejected += 1,
            Verdict::Defer => self.deferred += 1,
            Verdict::Same | Verdict::Different | Verdict::Continuation | Verdict::KeepLonger => self.of_copies += 1,
            Verdict::Clear => return,
        }
        self.patterns += usize::from(event.fp.is_none());
    }

    /// The share that was right as it was proposed; `None` where nobody said yes or no.
    pub fn accepted_share(&self) -> Option<f64> {
        let said = self.accepted + self.edited + self.rejected;
        (said > 0).then(|| self.accepted as f64 / said as f64)
    }
}

/// How people decided, by rule and by person; what somebody took back or said anew is left out.
pub fn rates(decisions: &Decisions) -> (BTreeMap<String, Rate>, BTreeMap<String, Rate>) {
    let (mut rules, mut people) = (BTreeMap::<String, Rate>::new(), BTreeMap::<String, Rate>::new());
    for (event, _) in decisions.events().iter().zip(decisions.counting()).filter(|(_, counts)| *counts) {
        rules.entry(event.rule.clone()).or_default().add(event);
        people.entry(event.by.clone()).or_default().add(event);
    }
    (rules, people)
}

/// What somebody had before them when they last looked. State, not history: each look takes the place of the one before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Look {
    v: u8,
    by: String,
    at: String,
    /// Fingerprints of all changes.
    seen: BTreeSet<String>,
}

/// What has come since somebody last looked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct News {
    /// When that was; `None` if they never did, and everything is new.
    pub since: Option<String>,
    /// Fingerprints of changes that were not there.
    pub new: FxHashSet<String>,
    /// Changes that were there and are not proposed any more.
    pub gone: usize,
    /// What others decided meanwhile, in the order of the file.
    pub decided: Vec<Event>,
}

fn look_file(decisions: &Path, user: &str) -> Result<PathBuf, Error> {
    let own = store::file_of(decisions, user)?;
    // Beside a file that several people share each has a look of their own.
    let name = user.replace(['/', '\\', ':', '\0'], "-");
    Ok(if own == decisions { own.with_extension(format!("{name}.look.json")) } else { own.with_extension("look.json") })
}

/// What is new for somebody.
///
/// # Errors
/// [`Error::Read`]; [`Error::Row`] for a look that cannot be understood.
pub fn news<'a>(decisions: &Path, held: &Decisions, user: &str, changes: impl IntoIterator<Item = &'a str>) -> Result<News, Error> {
    let path = look_file(decisions, user)?;
    let bytes = store::read(&path)?;
    let changes: FxHashSet<String> = changes.into_iter().map(str::to_owned).collect();
    if bytes.is_empty() {
        return Ok(News { new: changes, ..News::default() });
    }
    let fault = |e: serde_json::Error| Error::Row { path: path.clone(), line: 1, message: format!("not what somebody has seen: {e}") };
    let look: Look = serde_json::from_slice(&bytes).map_err(fault)?;
    let gone = look.seen.iter().filter(|fp| !changes.contains(*fp)).count();
    let new = changes.into_iter().filter(|fp| !look.seen.contains(fp)).collect();
    // Time is told in seconds: rather show a decision twice than never.
    let decided = held.events().iter().filter(|e| e.by != user && e.at >= look.at).cloned().collect();
    Ok(News { since: Some(look.at), new, gone, decided })
}

/// Writes down that somebody has these changes before them now.
///
/// # Errors
/// [`Error::Write`].
pub fn looked<'a>(decisions: &Path, user: &str, changes: impl IntoIterator<Item = &'a str>) -> Result<(), Error> {
    let look = Look { v: 1, by: user.into(), at: now(), seen: changes.into_iter().map(str::to_owned).collect() };
    let bytes = serde_json::to_vec(&look).unwrap_or_default();
    write_atomic(&look_file(decisions, user)?, &bytes).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_assignment_counts() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("d/");
        let give = |issue: &str, to: Option<&str>| [(issue.to_owned(), to.map(str::to_owned))];
        assign(&folder, "chief", &[give("a.txt", Some("anna")), give("b.txt", Some("bert"))].concat()).unwrap();
        assign(&folder, "chief", &give("b.txt", None)).unwrap();
        assign(&folder, "chief", &give("a.txt", Some("bert"))).unwrap();
        assert_eq!(assignments(&folder).unwrap(), [("a.txt".to_owned(), "bert".to_owned())].into());
        assert!(Decisions::load(&folder, 1).unwrap().events().is_empty(), "assignments are no decisions");
    }

    #[test]
    fn what_is_new_is_told_once() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("decisions.jsonl");
        let held = Decisions::default();
        let first = news(&file, &held, "anna", ["1", "2"]).unwrap();
        assert_eq!((first.since.is_none(), first.new.len()), (true, 2));
        looked(&file, "anna", ["1", "2"]).unwrap();
        let second = news(&file, &held, "anna", ["2", "3"]).unwrap();
        assert_eq!((second.new.into_iter().collect::<Vec<_>>(), second.gone), (vec!["3".to_owned()], 1));
        assert_eq!(news(&file, &held, "bert", ["2"]).unwrap().new.len(), 1, "everybody has a look of their own");
    }
}
