//! `decisions.jsonl`: what people said, append-only, one event a line, and what it means for a run.
//!
//! An event is about one change (it has a `fp`) or about a pattern (it has none). The last event of each person counts; an event about one
//! change goes before one about its pattern. Two people who disagree are a conflict and nothing is applied until one of them thinks again.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize, Serializer};

use super::key::Key;
use super::store;
use crate::error::Error;
use crate::messages::say;

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
    fn base(&self) -> Option<&str> {
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

/// What all the events about a change come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ruling {
    Accept,
    Reject,
    /// Apply this text instead.
    Edit(String),
    Defer,
    /// People disagree: not applied.
    Conflict,
    /// Accepted by fewer people than asked for: not applied.
    Pending,
    /// The change was decided with other text around it: not applied.
    Stale,
    /// What two texts are to each other; of findings only.
    Pair(Verdict),
}

impl Ruling {
    /// As records and reports name it.
    pub fn name(&self) -> &'static str {
        match self {
            Ruling::Accept => "accept",
            Ruling::Reject => "reject",
            Ruling::Edit(_) => "edit",
            Ruling::Defer => "defer",
            Ruling::Conflict => "conflict",
            Ruling::Pending => "pending",
            Ruling::Stale => "stale",
            Ruling::Pair(verdict) => verdict.name(),
        }
    }

    /// Somebody decided, so that nobody has to be asked about a finding again.
    pub fn settles(&self) -> bool {
        matches!(self, Ruling::Accept | Ruling::Reject | Ruling::Pair(_))
    }

    /// A person has to look again.
    pub fn troubles(&self) -> bool {
        matches!(self, Ruling::Conflict | Ruling::Stale)
    }
}

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

/// For each subject the last event of each person, as indices; what was taken back is left out.
pub(super) fn votes(events: &[Event]) -> BTreeMap<Subject, BTreeMap<&str, usize>> {
    // A union merge of two branches may interleave events: time decides, then the order of the file.
    let mut order: Vec<usize> = (0..events.len()).collect();
    order.sort_by(|a, b| events[*a].at.cmp(&events[*b].at).then(a.cmp(b)));
    let mut votes: BTreeMap<Subject, BTreeMap<&str, usize>> = BTreeMap::new();
    for i in order {
        let event = &events[i];
        let of = votes.entry(event.subject()).or_default();
        match event.decision {
            Verdict::Clear => drop(of.remove(event.by.as_str())),
            _ => drop(of.insert(&event.by, i)),
        }
    }
    votes.retain(|_, v| !v.is_empty());
    votes
}

/// What the votes come to, one of each person. Who defers leaves it to the others.
pub fn ruling<'a>(votes: impl Iterator<Item = &'a Event>, min_approvals: usize) -> Option<Ruling> {
    let cast: Vec<&Event> = votes.collect();
    let mut said = cast.iter().filter(|e| e.decision != Verdict::Defer);
    let Some(first) = said.next() else { return (!cast.is_empty()).then_some(Ruling::Defer) };
    if said.clone().any(|e| (e.decision, &e.text) != (first.decision, &first.text)) {
        return Some(Ruling::Conflict);
    }
    Some(match first.decision {
        Verdict::Reject => Ruling::Reject,
        of_pair if of_pair.of_pair() => Ruling::Pair(of_pair),
        _ if said.count() + 1 < min_approvals => Ruling::Pending,
        Verdict::Edit => Ruling::Edit(first.text.clone().unwrap_or_default()),
        _ => Ruling::Accept,
    })
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

/// The decisions file, open for appending.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
}

impl Journal {
    /// Opens or makes the file. What a crash left of a last line is taken away: its writer was never told that it is saved.
    ///
    /// # Errors
    /// [`Error::Read`], [`Error::Write`], [`Error::Row`].
    pub fn open(path: &Path) -> Result<Journal, Error> {
        let failed = |source| Error::Write { path: path.to_owned(), source };
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(path).map_err(failed)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(|source| Error::Read { path: path.to_owned(), source })?;
        parse(path, &bytes)?;
        let whole = bytes.iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
        if serde_json::from_slice::<Event>(&bytes[whole..]).is_ok() || store::of_another_kind(&bytes[whole..]) {
            // A person's editor may have left out the last line end.
            file.write_all(b"\n").map_err(failed)?;
        } else {
            file.set_len(whole as u64).map_err(failed)?;
        }
        Ok(Journal { path: path.to_owned(), file })
    }

    /// Appends events and waits until the disk has them.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn append<T: Serialize>(&mut self, events: &[T]) -> Result<(), Error> {
        let failed = |source| Error::Write { path: self.path.clone(), source };
        let mut lines = Vec::new();
        for event in events {
            serde_json::to_writer(&mut lines, event).map_err(|e| failed(e.into()))?;
            lines.push(b'\n');
        }
        self.file.seek(SeekFrom::End(0)).map_err(failed)?;
        self.file.write_all(&lines).and_then(|()| self.file.sync_data()).map_err(failed)
    }
}

/// Now, as events write it.
pub fn now() -> String {
    humantime::format_rfc3339_seconds(SystemTime::now()).to_string()
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
