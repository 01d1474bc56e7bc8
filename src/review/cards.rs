//! The review model: what a person is shown and decides, one card a change or finding, whatever shows it.
//!
//! [`cards`] makes the cards of an issue where it is processed; [`Review::new`] puts the decisions of the file to those of a run. After that
//! [`Review::apply`] is all that changes anything: one event, the same as the file holds. No input or output here.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::decisions::{Decisions, Event, Ruling, Subject, Verdict, ruling, votes};
use super::scans::{Snippet, snippets};
use super::sides::Sides;
use crate::batch::Digest;
use crate::duplicates::batch::ArticleDigest;
use crate::duplicates::record::pair_key;
use crate::edit::{Applicability, Outcome, Related, Severity};
use crate::pipeline::Processed;
use crate::places::Places;
use crate::record::{ChangeRecord, FindingRecord, Records, hash, left_context, right_context};
use crate::rules::first_name;

/// Graphemes of context on each side of a card.
const CONTEXT: usize = 40;
/// Bytes of a finding's place that are quoted.
const QUOTED: usize = 600;
/// Cards of a pattern that are shown before it is decided as a whole.
pub const SAMPLE: usize = 20;
/// One of so many applied edits is in the audit.
const AUDIT: usize = 20;

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
    /// As decisions name it: [`ChangeRecord::fp`], [`FindingRecord::fp`], or the key of a pair of copies.
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

/// The cards of an issue: its changes, then its findings.
pub fn cards(processed: &Processed) -> Vec<Card> {
    let Records { changes, findings } = Records::of(processed);
    let all = processed.steps.iter().flat_map(|step| (0..step.edits.len()).map(move |i| (step, i)));
    let mut cards: Vec<Card> = changes
        .iter()
        .zip(all)
        .map(|(record, (step, i))| {
            let (text, span) = (&step.issue.text, &step.edits[i].replacements[0].span);
            let (left, right) = (left_context(&text[..span.start], CONTEXT), right_context(&text[span.end..], CONTEXT));
            let ends = ['\n', '\u{c}'];
            let context = [left.rsplit(ends).next().unwrap_or(left), right.split(ends).next().unwrap_or(right)];
            let mut card = of_change(record, context, step.rulings[i].clone());
            card.scans = snippets(&processed.read, step.back.to_old(span.clone()));
            card
        })
        .collect();
    let places = Places::new(&processed.read);
    for (record, finding) in findings.iter().zip(&processed.findings) {
        let text = &processed.read.text;
        let (from, to) = finding.places.first().zip(finding.places.last()).map_or((0, 0), |(a, b)| (a.start, b.end.max(a.end)));
        // Two places beside a break are shown with the break between them; places far apart with the first alone.
        let to = if to - from > QUOTED { finding.places.first().map_or(from, |p| p.end) } else { to };
        let before = right_context(&text[from..to], QUOTED / 3);
        let context = [left_context(&text[..from], CONTEXT), right_context(&text[from + before.len()..], CONTEXT)];
        let line = processed.read.lines.partition_point(|l| l.span.end < from);
        let mut card = of_finding(record);
        card.id = format!("{}#{}", processed.read.id, cards.len() + 1);
        card.issue = processed.read.id.clone();
        card.key_issue = processed.read.name().to_owned();
        card.page = places.of(&(from..to)).page + 1;
        card.lang = if line < processed.read.lines.len() { processed.read.line_language(line).code() } else { "und" };
        card.before = before.to_owned();
        card.context = context.map(str::to_owned);
        card.scans = snippets(&processed.read, from..to);
        cards.push(card);
    }
    cards
}

fn of_change(record: &ChangeRecord, context: [&str; 2], ruling: Option<Ruling>) -> Card {
    let parts = record.edits.iter().skip(1);
    Card {
        id: record.id.clone(),
        fp: record.fp.to_owned(),
        near: record.near.to_owned(),
        equals: record.equals,
        pat: record.pat.to_owned(),
        rule: record.rule,
        path: record.path.to_string(),
        line: record.line,
        column: record.column,
        issue: record.issue.to_owned(),
        page: record.page,
        lang: record.lang,
        before: record.before.to_owned(),
        after: record.after.to_owned(),
        context: context.map(str::to_owned),
        key_issue: record.key.issue.to_owned(),
        key_context: record.key.context.map(str::to_owned),
        evidence: record.evidence.clone(),
        matter: Matter::Change {
            applicability: record.applicability,
            outcome: record.outcome,
            confidence: record.confidence,
            parts: parts
                .map(|p| Moved { path: p.path.to_string(), line: p.line, before: p.before.to_owned(), after: p.after.to_owned() })
                .collect(),
        },
        ruling: None,
        carried: ruling,
        scans: Vec::new(),
        pattern: 0,
        audit: false,
    }
}

/// The articles that findings about a batch name, by path and line.
struct Articles<'a>(FxHashMap<(String, usize), (&'a Digest, &'a ArticleDigest)>);

impl<'a> Articles<'a> {
    fn of(batch: &'a [Digest]) -> Self {
        let place = |a: &ArticleDigest| (a.path.to_string_lossy().into_owned(), a.line);
        Articles(batch.iter().flat_map(|d| d.articles.iter().map(move |a| (place(a), (d, a)))).collect())
    }

    /// The article a finding is at, and the copy it is about, if it is about one.
    fn pair(&self, record: &FindingRecord) -> (Option<&(&'a Digest, &'a ArticleDigest)>, Option<&'a ArticleDigest>) {
        let here = self.0.get(&(record.path.to_string_lossy().into_owned(), record.line));
        let there = record.related.first().and_then(|r| self.0.get(&(r.path.to_string(), r.line)));
        (here, here.and(there).map(|(_, article)| *article))
    }
}

/// What decisions name each of the findings about a batch by: the pair of copies, or the finding.
pub fn batch_keys(found: &[FindingRecord], batch: &[Digest]) -> Vec<String> {
    let articles = Articles::of(batch);
    let key = |record: &FindingRecord| match articles.pair(record) {
        (Some((_, here)), Some(there)) => pair_key(here.sketch.exact, there.sketch.exact),
        _ => record.fp.clone(),
    };
    found.iter().map(key).collect()
}

/// The cards of findings about a batch; those about copies have both texts side by side.
pub fn batch_cards(found: &[FindingRecord], batch: &[Digest]) -> Vec<Card> {
    let articles = Articles::of(batch);
    let card = |(number, (record, key)): (usize, (&FindingRecord, String))| {
        let mut card = of_finding(record);
        card.id = format!("batch#{}", number + 1);
        card.fp = key;
        let (here, there) = articles.pair(record);
        if let Some((digest, here)) = here {
            card.issue = digest.issue.clone();
            if let Some(there) = there
                && let (Some(a), Some(b)) = (here.text(), there.text())
                && let Matter::Finding { sides, .. } = &mut card.matter
            {
                let place = |a: &ArticleDigest| format!("{}:{}", a.path.to_string_lossy(), a.line);
                *sides = Some(Sides::of([place(here), place(there)], [&a, &b]));
                card.before = here.title.clone();
            }
        }
        card.key_issue = card.issue.clone();
        card
    };
    found.iter().zip(batch_keys(found, batch)).enumerate().map(card).collect()
}

/// The card of a finding, as far as its record tells: without the text around it.
fn of_finding(record: &FindingRecord) -> Card {
    Card {
        id: String::new(),
        fp: record.fp.clone(),
        near: String::new(),
        equals: 1,
        pat: hash(&["finding", first_name(record.rule)]),
        rule: record.rule,
        path: record.path.to_string_lossy().into_owned(),
        line: record.line,
        column: record.column,
        issue: record.path.to_string_lossy().into_owned(),
        page: 0,
        lang: "und",
        before: String::new(),
        after: String::new(),
        context: Default::default(),
        key_issue: String::new(),
        key_context: Default::default(),
        evidence: record.evidence.clone(),
        matter: Matter::Finding {
            severity: record.severity,
            message: record.message.clone(),
            related: record.related.clone(),
            sides: None,
        },
        ruling: None,
        carried: None,
        scans: Vec::new(),
        pattern: 0,
        audit: false,
    }
}
