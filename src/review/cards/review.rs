//! All cards of a run, what people said of them, and what that comes to.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::Card;
use crate::review::decisions::{Decisions, Event, Ruling, Subject, Verdict, ruling, votes};

/// Cards of a pattern that are shown before it is decided as a whole.
pub const SAMPLE: usize = 20;
/// One of so many applied edits is in the audit.
const AUDIT: usize = 20;

/// The same replacement by the same rule, wherever it is proposed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Pattern {
    pub pat: String,
    pub rule: &'static str,
    pub before: String,
    pub after: String,
    /// Indices of [`Review::cards`], ascending.
    pub cards: Vec<u32>,
}

/// The patterns of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Group {
    pub rule: &'static str,
    /// Indices of [`Review::patterns`], the most frequent first.
    pub patterns: Vec<u32>,
    pub cards: usize,
}

/// How far people are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Progress {
    pub cards: usize,
    /// Nobody has to be asked, or somebody decided.
    pub done: usize,
    pub accepted: usize,
    pub rejected: usize,
    pub edited: usize,
    pub deferred: usize,
    pub pending: usize,
    pub conflicts: usize,
    pub stale: usize,
    /// Findings about copies that were decided.
    pub pairs: usize,
}

/// Everything a run has for people to decide, and what they decided.
#[derive(Clone, Debug, Default)]
pub struct Review {
    /// In the order of the run: issue by issue, changes in text order of their stages, then findings.
    pub cards: Vec<Card>,
    /// In the order of their first card.
    pub patterns: Vec<Pattern>,
    events: Vec<Event>,
    /// For each subject the last event of each person.
    votes: FxHashMap<Subject, BTreeMap<String, usize>>,
    of_subject: FxHashMap<Subject, Vec<u32>>,
    of_pattern: FxHashMap<String, u32>,
    min_approvals: usize,
}

impl Review {
    /// The review of a run's cards under the decisions the run obeyed.
    pub fn new(cards: Vec<Card>, decisions: Option<&Decisions>) -> Review {
        let mut review = Review {
            cards,
            events: decisions.map(|d| d.events().to_vec()).unwrap_or_default(),
            min_approvals: decisions.map_or(1, Decisions::min_approvals),
            ..Review::default()
        };
        for (subject, of) in votes(&review.events) {
            review.votes.insert(subject, of.into_iter().map(|(by, event)| (by.to_owned(), event)).collect());
        }
        for i in 0..review.cards.len() {
            let (card, number) = (&mut review.cards[i], i as u32);
            let next = review.patterns.len() as u32;
            card.pattern = *review.of_pattern.entry(card.pat.clone()).or_insert(next);
            if card.pattern == next {
                let (pat, before, after) = (card.pat.clone(), card.before.clone(), card.after.clone());
                review.patterns.push(Pattern { pat, rule: card.rule, before, after, cards: Vec::new() });
            }
            review.patterns[card.pattern as usize].cards.push(number);
            review.of_subject.entry(card.subject()).or_default().push(number);
        }
        for i in 0..review.cards.len() {
            review.begin(i);
        }
        review.choose_audit();
        review
    }

    /// Puts what the file says to a card.
    fn begin(&mut self, i: usize) {
        let own = self.votes.get(&self.cards[i].subject());
        let of_pattern = self.votes.get(&Subject::Pattern(self.cards[i].pat.clone()));
        // The run shows the text that was decided for; the card is about the one that was proposed.
        let edited = own.into_iter().chain(of_pattern).flat_map(BTreeMap::values).map(|e| &self.events[*e]);
        let proposed = edited.into_iter().find(|e| e.decision == Verdict::Edit).map(|e| e.after.clone());
        if let (Some(Ruling::Edit(_)), Some(proposed)) = (&self.cards[i].carried, proposed) {
            self.cards[i].after = proposed;
        }
        if own.is_some() || self.cards[i].carried == self.pattern_ruling(&self.cards[i].pat) {
            self.cards[i].carried = None;
        }
        self.decide(i);
    }

    fn ruling_of(&self, subject: &Subject) -> Option<Ruling> {
        ruling(self.votes.get(subject)?.values().map(|e| &self.events[*e]), self.min_approvals)
    }

    fn pattern_ruling(&self, pat: &str) -> Option<Ruling> {
        self.ruling_of(&Subject::Pattern(pat.to_owned()))
    }

    /// What the votes come to for a card: those on itself, then what the file's decisions on equals came to, then those on its pattern.
    fn decide(&mut self, i: usize) {
        let card = &self.cards[i];
        let said = self.ruling_of(&card.subject()).or_else(|| card.carried.clone()).or_else(|| self.pattern_ruling(&card.pat));
        self.cards[i].ruling = said;
    }

    /// Takes one event in, as the file does, and tells which cards it touched.
    pub fn apply(&mut self, event: Event) -> Vec<u32> {
        let subject = event.subject();
        let touched = match &subject {
            Subject::Change(..) => self.of_subject.get(&subject).cloned().unwrap_or_default(),
            Subject::Pattern(pat) => self.of_pattern.get(pat).map(|p| self.patterns[*p as usize].cards.clone()).unwrap_or_default(),
        };
        let of = self.votes.entry(subject).or_default();
        match event.decision {
            Verdict::Clear => drop(of.remove(&event.by)),
            _ => drop(of.insert(event.by.clone(), self.events.len())),
        }
        self.events.push(event);
        touched.iter().for_each(|i| self.decide(*i as usize));
        touched
    }

    /// The event that takes this one back: what its person had said of the subject before, or that nothing was. To be asked before
    /// [`Review::apply`].
    pub fn reverse(&self, event: &Event) -> Event {
        let before = self.votes.get(&event.subject()).and_then(|of| of.get(&event.by)).map(|e| &self.events[*e]);
        match before {
            Some(before) => Event { at: event.at.clone(), ..before.clone() },
            None => Event { decision: Verdict::Clear, text: None, sampled: None, ..event.clone() },
        }
    }

    /// What each person said of a card itself, and of its pattern.
    pub fn said(&self, card: usize) -> impl Iterator<Item = &Event> {
        let card = &self.cards[card];
        let subjects = [card.subject(), Subject::Pattern(card.pat.clone())];
        subjects.into_iter().filter_map(|s| self.votes.get(&s)).flat_map(BTreeMap::values).map(|e| &self.events[*e])
    }

    /// Every event, those of the file first.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// People who must accept a change.
    pub fn min_approvals(&self) -> usize {
        self.min_approvals
    }

    /// Rule → pattern → occurrence: rules and patterns with the most cards first. `shown` chooses the cards that count; groups without one
    /// are left out.
    pub fn groups(&self, shown: impl Fn(&Card) -> bool) -> Vec<Group> {
        let mut rules: BTreeMap<&'static str, Vec<(u32, usize)>> = BTreeMap::new();
        for (number, pattern) in self.patterns.iter().enumerate() {
            let cards = pattern.cards.iter().filter(|i| shown(&self.cards[**i as usize])).count();
            if cards > 0 {
                rules.entry(pattern.rule).or_default().push((number as u32, cards));
            }
        }
        let mut groups: Vec<Group> = rules
            .into_iter()
            .map(|(rule, mut patterns)| {
                patterns.sort_by_key(|(number, cards)| (usize::MAX - cards, *number));
                let cards = patterns.iter().map(|(_, n)| n).sum();
                Group { rule, patterns: patterns.into_iter().map(|(number, _)| number).collect(), cards }
            })
            .collect();
        groups.sort_by_key(|g| usize::MAX - g.cards);
        groups
    }

    /// Indices of the cards that `shown` chooses, issue by issue and page by page, in the order of the text.
    pub fn by_page(&self, shown: impl Fn(&Card) -> bool) -> Vec<u32> {
        let mut cards = self.chosen(shown);
        let mut issues: FxHashMap<&str, usize> = FxHashMap::default();
        for (i, card) in self.cards.iter().enumerate() {
            issues.entry(&card.issue).or_insert(i);
        }
        cards.sort_by_key(|i| {
            let card = &self.cards[*i as usize];
            (issues[card.issue.as_str()], card.page, card.line, card.column, *i)
        });
        cards
    }

    /// Indices of the cards that `shown` chooses, the least sure first; findings have no number and come last.
    pub fn by_confidence(&self, shown: impl Fn(&Card) -> bool) -> Vec<u32> {
        let mut cards = self.chosen(shown);
        let sure = |i: &u32| self.cards[*i as usize].confidence().unwrap_or(f32::INFINITY);
        cards.sort_by(|a, b| sure(a).total_cmp(&sure(b)).then(a.cmp(b)));
        cards
    }

    /// Indices of the cards that `shown` chooses, in order.
    pub fn chosen(&self, shown: impl Fn(&Card) -> bool) -> Vec<u32> {
        (0..self.cards.len() as u32).filter(|i| shown(&self.cards[*i as usize])).collect()
    }

    /// At most [`SAMPLE`] cards of a pattern, chosen by chance that is the same each time, in order.
    pub fn sample(&self, pattern: usize) -> Vec<u32> {
        self.draw(self.patterns[pattern].cards.clone(), SAMPLE)
    }

    /// Of each rule's applied edits one in [`AUDIT`], at least one, and the same ones in each run over the same text.
    fn choose_audit(&mut self) {
        let mut applied: BTreeMap<&'static str, Vec<u32>> = BTreeMap::new();
        for i in self.chosen(Card::is_applied) {
            applied.entry(self.cards[i as usize].rule).or_default().push(i);
        }
        for cards in applied.into_values() {
            let n = cards.len().div_ceil(AUDIT);
            for i in self.draw(cards, n) {
                self.cards[i as usize].audit = true;
            }
        }
    }

    fn draw(&self, mut cards: Vec<u32>, n: usize) -> Vec<u32> {
        cards.sort_by_cached_key(|i| (lot(&self.cards[*i as usize]), *i));
        cards.truncate(n);
        cards.sort_unstable();
        cards
    }

    /// How far people are with the cards that `shown` chooses.
    pub fn progress(&self, shown: impl Fn(&Card) -> bool) -> Progress {
        let mut progress = Progress::default();
        for card in self.cards.iter().filter(|c| shown(c)) {
            progress.cards += 1;
            progress.done += usize::from(!card.is_open());
            let count = match card.ruling {
                None => continue,
                Some(Ruling::Accept) => &mut progress.accepted,
                Some(Ruling::Reject) => &mut progress.rejected,
                Some(Ruling::Edit(_)) => &mut progress.edited,
                Some(Ruling::Defer) => &mut progress.deferred,
                Some(Ruling::Pending) => &mut progress.pending,
                Some(Ruling::Conflict) => &mut progress.conflicts,
                Some(Ruling::Stale) => &mut progress.stale,
                Some(Ruling::Pair(_)) => &mut progress.pairs,
            };
            *count += 1;
        }
        progress
    }
}

/// The lot a card draws in samples: FNV-1a of its fingerprint and neighbourhood, so that who sorts by it has the same sample everywhere.
pub fn lot(card: &Card) -> u32 {
    card.fp.bytes().chain(card.near.bytes()).fold(0x811c_9dc5, |h, b| (h ^ u32::from(b)).wrapping_mul(0x0100_0193))
}
