//! `decisions.jsonl`: what people said, append-only, one event a line, and what it means for a run.
//!
//! An event is about one change (it has a `fp`) or about a pattern (it has none). The last event of each person counts; an event about one
//! change goes before one about its pattern. Two people who disagree are a conflict and nothing is applied until one of them thinks again.

mod event;
mod journal;
mod ruling;

use std::path::Path;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Serialize, Serializer};

pub use event::{Event, Subject, Verdict, now, parse};
pub use journal::Journal;
pub(super) use ruling::votes;
pub use ruling::{Ruling, ruling};

use super::key::Key;
use super::store;
use crate::error::Error;

/// A change that was decided: the neighbourhood it stood in, the last event, what the events come to.
#[derive(Clone, Debug)]
struct Decided {
    near: String,
    event: usize,
    ruling: Ruling,
}

/// All decisions of a file, ready to be asked.
#[derive(Clone, Debug, Default)]
pub struct Decisions {
    events: Vec<Event>,
    changes: FxHashMap<String, Vec<Decided>>,
    patterns: FxHashMap<String, Ruling>,
    /// Bases of decided changes, by issue and pattern.
    alike: FxHashMap<(String, String), Vec<String>>,
    hash: String,
    min_approvals: usize,
}

impl Serialize for Decisions {
    /// A run is known by the hash of the decisions it obeyed, and by how many people had to accept.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (&self.hash, self.min_approvals).serialize(serializer)
    }
}

impl Decisions {
    /// Reads a file, or a folder with a file for each person. What is not there yet holds no decisions.
    ///
    /// # Errors
    /// Names the file, and the line that is no event. A last line without its end is what a crash leaves of an event nobody was told is
    /// saved; it is passed over.
    pub fn load(path: &Path, min_approvals: usize) -> Result<Decisions, Error> {
        let (mut events, mut all) = (Vec::new(), Vec::new());
        for file in store::files(path)? {
            let bytes = store::read(&file)?;
            events.extend(parse(&file, &bytes)?);
            all.extend(bytes);
        }
        let mut decisions = Decisions::of(events, min_approvals);
        decisions.hash = crate::write::files::hash(&all);
        Ok(decisions)
    }

    /// What the events come to.
    pub fn of(events: Vec<Event>, min_approvals: usize) -> Decisions {
        let mut decisions = Decisions { min_approvals, ..Decisions::default() };
        for (subject, votes) in votes(&events) {
            let Some(ruling) = ruling(votes.values().map(|i| &events[*i]), min_approvals) else { continue };
            match subject {
                Subject::Pattern(pat) => drop(decisions.patterns.insert(pat, ruling)),
                Subject::Change(base, near) => {
                    let event = *votes.values().max().expect("a ruling needs a vote");
                    let about = &events[event];
                    let alike = decisions.alike.entry((about.issue.clone(), about.pat.clone())).or_default();
                    if !alike.contains(&base) {
                        alike.push(base.clone());
                    }
                    decisions.changes.entry(base).or_default().push(Decided { near, event, ruling });
                }
            }
        }
        decisions.events = events;
        decisions
    }

    /// Every event, in the order of the file.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// People who must accept a change before it is applied.
    pub fn min_approvals(&self) -> usize {
        self.min_approvals
    }

    /// Nothing was decided.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.patterns.is_empty()
    }

    /// What people said of two texts, by the [key of the pair](crate::duplicates::record::pair_key); nothing where they disagree.
    pub fn pair(&self, key: &str) -> Option<Verdict> {
        self.changes.get(key)?.iter().find_map(|decided| match decided.ruling {
            Ruling::Pair(verdict) => Some(verdict),
            _ => None,
        })
    }

    /// What people said about the proposed edits of one stage of an issue.
    ///
    /// Equal changes are told apart by their neighbourhood. Where that has changed too they share a decision only if all their decisions
    /// agree; otherwise nobody can say which was meant, and they are stale.
    pub fn rulings(&self, issue: &str, keys: &[Key]) -> Vec<Option<Ruling>> {
        if self.is_empty() {
            return vec![None; keys.len()];
        }
        let mut equals: FxHashMap<&str, Vec<&Key>> = FxHashMap::default();
        for key in keys {
            equals.entry(&key.base).or_default().push(key);
        }
        let one = |key: &Key| match self.changes.get(&key.base) {
            Some(decided) => self.among(key, decided, &equals[key.base.as_str()]),
            None => self.stale(issue, key, &equals).then_some(Ruling::Stale),
        };
        keys.iter().map(|key| one(key).or_else(|| self.patterns.get(&key.pat).cloned())).collect()
    }

    /// The ruling on one of `equals`, whose base was decided.
    fn among(&self, key: &Key, decided: &[Decided], equals: &[&Key]) -> Option<Ruling> {
        let agreed = decided.iter().all(|d| d.ruling == decided[0].ruling);
        // Those that stand in the same neighbourhood as well differ in their number alone, which shifts when one of them goes.
        let place = |near: &str| near.split('.').next().unwrap_or("").to_owned();
        let here = place(&key.near);
        let twins = equals.iter().filter(|k| place(&k.near) == here).count();
        let twins_decided: Vec<&Decided> = decided.iter().filter(|d| place(&d.near) == here).collect();
        if let Some(exact) = twins_decided.iter().find(|d| d.near == key.near) {
            let sure = twins == twins_decided.len() || twins_decided.iter().all(|d| d.ruling == exact.ruling);
            return Some(if sure { exact.ruling.clone() } else { Ruling::Stale });
        }
        let left: Vec<&Decided> = decided.iter().filter(|d| !equals.iter().any(|k| k.near == d.near)).collect();
        match left.first() {
            // Every decision has its change: this one is new.
            None => None,
            Some(first) if agreed && decided.len() >= equals.len().max(self.events[first.event].equals.unwrap_or(1) as usize) => {
                Some(decided[0].ruling.clone())
            }
            Some(_) => Some(Ruling::Stale),
        }
    }

    /// Whether the same change of this issue was decided with other text around it, and is not proposed there any more.
    fn stale(&self, issue: &str, key: &Key, proposed: &FxHashMap<&str, Vec<&Key>>) -> bool {
        let Some(alike) = self.alike.get(&(issue.to_owned(), key.pat.clone())) else { return false };
        alike.iter().filter(|base| !proposed.contains_key(base.as_str())).any(|base| {
            self.changes[base].iter().any(|d| {
                let was = &self.events[d.event].context;
                // Where both sides are other ones nobody knows whether this is the change that was meant. The policy may make it only if
                // that does no harm: the change that is gone was accepted as it was proposed.
                d.ruling != Ruling::Accept || was.iter().zip(&key.context).any(|(was, is)| !is.is_empty() && was == is)
            })
        })
    }

    /// What people said about a finding, named by its fingerprint or by the key of a pair of copies.
    pub fn of_finding(&self, key: &str) -> Option<&Ruling> {
        let base = key.split('.').next().unwrap_or(key);
        self.changes.get(base)?.iter().find(|d| d.near == key).map(|d| &d.ruling)
    }

    /// Subjects on which people disagree, each with the last event of everybody.
    pub fn conflicts(&self) -> Vec<Vec<&Event>> {
        votes(&self.events)
            .into_values()
            .filter(|votes| ruling(votes.values().map(|i| &self.events[*i]), 1) == Some(Ruling::Conflict))
            .map(|votes| votes.values().map(|i| &self.events[*i]).collect())
            .collect()
    }

    /// For each event whether it still counts: the last of each person on each subject does.
    pub fn counting(&self) -> Vec<bool> {
        let mut counts = vec![false; self.events.len()];
        votes(&self.events).into_values().flat_map(|v| v.into_values()).for_each(|i| counts[i] = true);
        counts
    }

    /// For each event whether it can still meet something: it is about a pattern, a finding, an issue that `issues` does not hold, or a
    /// change whose base `proposed` holds.
    pub fn meeting(&self, issues: &FxHashSet<String>, proposed: &FxHashSet<String>) -> Vec<bool> {
        let meets = |e: &Event| e.near.is_none() || e.base().is_none_or(|base| proposed.contains(base)) || !issues.contains(&e.issue);
        self.events.iter().map(meets).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(decision: Verdict, by: &str, at: u8) -> Event {
        Event {
            v: 1,
            decision,
            fp: None,
            near: None,
            equals: None,
            pat: "p".into(),
            by: by.into(),
            at: format!("2026-01-01T00:00:{at:02}Z"),
            issue: String::new(),
            rule: "r".into(),
            before: "a".into(),
            after: "b".into(),
            context: Default::default(),
            text: None,
            sampled: None,
        }
    }

    fn pattern(events: Vec<Event>, min: usize) -> Option<Ruling> {
        Decisions::of(events, min).patterns.get("p").cloned()
    }

    #[test]
    fn the_last_word_of_each_person_counts() {
        use Verdict::{Accept, Clear, Defer, Reject};
        assert_eq!(pattern(vec![event(Accept, "a", 1), event(Reject, "a", 2)], 1), Some(Ruling::Reject));
        // A union merge may put the later event first.
        assert_eq!(pattern(vec![event(Reject, "a", 2), event(Accept, "a", 1)], 1), Some(Ruling::Reject));
        assert_eq!(pattern(vec![event(Accept, "a", 1), event(Reject, "b", 2)], 1), Some(Ruling::Conflict));
        assert_eq!(pattern(vec![event(Accept, "a", 1), event(Reject, "b", 2), event(Clear, "b", 3)], 1), Some(Ruling::Accept));
        assert_eq!(pattern(vec![event(Accept, "a", 1), event(Defer, "b", 2)], 1), Some(Ruling::Accept));
        assert_eq!(pattern(vec![event(Accept, "a", 1), event(Clear, "a", 2)], 1), None);
    }

    #[test]
    fn two_approvals_are_two_people() {
        let accept = |by, at| event(Verdict::Accept, by, at);
        assert_eq!(pattern(vec![accept("a", 1), accept("a", 2)], 2), Some(Ruling::Pending));
        assert_eq!(pattern(vec![accept("a", 1), accept("b", 2)], 2), Some(Ruling::Accept));
    }

    #[test]
    fn a_torn_last_line_is_taken_away_and_any_other_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("d.jsonl");
        let mut journal = Journal::open(&path).unwrap();
        journal.append(&[event(Verdict::Accept, "a", 1)]).unwrap();
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, [&whole[..], b"{\"v\":1,\"deci"].concat()).unwrap();
        Journal::open(&path).unwrap().append(&[event(Verdict::Reject, "b", 2)]).unwrap();
        assert_eq!(parse(&path, &std::fs::read(&path).unwrap()).unwrap().len(), 2);
        std::fs::write(&path, [b"nonsense\n", &whole[..]].concat()).unwrap();
        assert!(Journal::open(&path).unwrap_err().to_string().contains("d.jsonl:1"));
    }
}
