//! What the events about one subject come to.

use std::collections::BTreeMap;

use super::{Event, Subject, Verdict};

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

/// For each subject the last event of each person, as indices; what was taken back is left out.
pub(in crate::review) fn votes(events: &[Event]) -> BTreeMap<Subject, BTreeMap<&str, usize>> {
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
