//! What the terminal review is at any moment, and what each key does to it.
//!
//! A decision is on the disk before the card shows it. Enter, Esc and Space never decide: Enter opens, Esc closes, a typed text is saved
//! with Ctrl-S.

mod deciding;
mod keys;

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::field::Field;
use crate::messages::say;
use crate::review::cards::{Card, Matter, Review};
use crate::review::decisions::{Event, Journal, Ruling, Verdict};
use crate::review::people::News;

/// What a session needs.
pub struct Session {
    pub review: Review,
    /// The file this person writes to.
    pub journal: Journal,
    pub user: String,
    /// The word list of the project, if the config names one.
    pub words: Option<PathBuf>,
    /// The allow list.
    pub allow: Option<PathBuf>,
    pub news: News,
    /// Who has which issue.
    pub assigned: BTreeMap<String, String>,
    /// Colours; without them marks are written as `[-old-]{+new+}`.
    pub colour: bool,
}

/// Which cards are shown, in which order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// What waits for a person, rule by rule and pattern by pattern.
    Open,
    Page,
    /// The least sure first.
    Confidence,
    Stale,
    Conflicts,
    /// A random sample of what the policy applied.
    Audit,
    /// What was not there when this person last looked.
    New,
    /// Line ends where nothing is proposed, with the reason.
    Undecided,
}

impl Order {
    /// All, in the order `v` goes through them.
    pub const ALL: [Order; 8] =
        [Order::Open, Order::Page, Order::Confidence, Order::Stale, Order::Conflicts, Order::Audit, Order::New, Order::Undecided];

    /// For the head line.
    pub fn name(self) -> String {
        match self {
            Order::Open => say("tui.order-open", &[]),
            Order::Page => say("tui.order-page", &[]),
            Order::Confidence => say("tui.order-confidence", &[]),
            Order::Stale => say("tui.order-stale", &[]),
            Order::Conflicts => say("tui.order-conflicts", &[]),
            Order::Audit => say("tui.order-audit", &[]),
            Order::New => say("tui.order-new", &[]),
            Order::Undecided => say("tui.order-undecided", &[]),
        }
    }
}

/// A verdict in the language spoken.
pub fn verdict_name(verdict: Verdict) -> String {
    say(&format!("verdict.{}", verdict.name()), &[])
}

/// What is being typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typing {
    /// Another text for the change.
    Edit,
    Filter,
    /// For the word list.
    Word,
    /// For the allow list.
    Allowed,
    /// Why that text is right.
    Reason(String),
}

/// What is in front.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mode {
    Card,
    Groups,
    /// A whole pattern is to be decided: the sample is shown, y says yes.
    Ask(Verdict, Vec<u32>),
    Type(Typing, Field),
    Help,
}

/// A row of the groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupRow {
    /// A rule and its cards.
    Rule(&'static str, usize),
    /// A pattern.
    Pattern(u32),
}

/// The terminal review.
pub struct App {
    session: Session,
    pub order: Order,
    pub filter: String,
    /// Only this pattern, chosen in the groups.
    pub pattern: Option<u32>,
    /// Only the issues this person has.
    pub mine: bool,
    /// Indices of the cards shown; stays while they are decided.
    shown: Vec<u32>,
    at: usize,
    pub mode: Mode,
    pub groups: Vec<GroupRow>,
    pub group_at: usize,
    /// What takes back each decision of this session, and the card it was made on; the last one last.
    undo: Vec<(Event, u32)>,
    /// What happened last, and whether it is an error.
    pub message: Option<(bool, String)>,
    /// Lines the card is scrolled down.
    pub scroll: u16,
    saved: usize,
    done: bool,
}

impl App {
    /// The session at its first card.
    pub fn new(session: Session) -> App {
        let mut app = App {
            order: Order::Open,
            filter: String::new(),
            pattern: None,
            mine: session.assigned.values().any(|who| *who == session.user),
            session,
            shown: Vec::new(),
            at: 0,
            mode: Mode::Card,
            groups: Vec::new(),
            group_at: 0,
            undo: Vec::new(),
            message: None,
            scroll: 0,
            saved: 0,
            done: false,
        };
        app.choose();
        app
    }

    /// The person has left.
    pub fn done(&self) -> bool {
        self.done
    }

    /// How many decisions were saved.
    pub fn saved(&self) -> usize {
        self.saved
    }

    /// All cards and what was decided.
    pub fn review(&self) -> &Review {
        &self.session.review
    }

    /// Who decides.
    pub fn user(&self) -> &str {
        &self.session.user
    }

    pub fn colour(&self) -> bool {
        self.session.colour
    }

    /// What came since this person last looked.
    pub fn news(&self) -> &News {
        &self.session.news
    }

    /// The card in front and its index.
    pub fn card(&self) -> Option<(u32, &Card)> {
        let i = *self.shown.get(self.at)?;
        Some((i, &self.session.review.cards[i as usize]))
    }

    /// 1-based number of the card among those shown, and how many those are.
    pub fn place(&self) -> (usize, usize) {
        ((self.at + 1).min(self.shown.len()), self.shown.len())
    }

    /// Who has the issue of a card.
    pub fn owner(&self, card: &Card) -> Option<&str> {
        self.session.assigned.get(&card.key_issue).map(String::as_str)
    }

    fn wanted(&self, card: &Card) -> bool {
        let own = !self.mine || self.owner(card) == Some(self.user());
        own && self.pattern.is_none_or(|p| card.pattern == p) && self.matches(card)
    }

    fn matches(&self, card: &Card) -> bool {
        let filter = self.filter.to_lowercase();
        let has = |text: &str| text.to_lowercase().contains(&filter);
        let message = || match &card.matter {
            Matter::Finding { message, .. } => has(message),
            Matter::Change { .. } => false,
        };
        filter.is_empty()
            || has(card.rule)
            || has(&card.path)
            || has(&card.before)
            || has(&card.after)
            || card.context.iter().any(|c| has(c))
            || card.evidence.iter().any(|e| has(e))
            || message()
    }

    /// Chooses the cards anew; the one in front stays there if it is among them.
    fn choose(&mut self) {
        let before = self.card().map(|(i, _)| i);
        let review = &self.session.review;
        let undecided = |c: &Card| c.rule == "undecided-break";
        // Of breaks left open there are many, and nothing can be decided about them: they have a view of their own.
        let open = |c: &Card| self.wanted(c) && c.is_open() && !undecided(c);
        self.shown = match self.order {
            Order::Open if self.pattern.is_some() => review.chosen(|c| self.wanted(c)),
            Order::Open => {
                let groups = review.groups(open);
                let patterns = groups.iter().flat_map(|g| &g.patterns);
                patterns.flat_map(|p| review.patterns[*p as usize].cards.clone()).filter(|i| open(&review.cards[*i as usize])).collect()
            }
            Order::Page => review.by_page(|c| self.wanted(c)),
            Order::Confidence => review.by_confidence(|c| self.wanted(c) && c.confidence().is_some()),
            Order::Stale => review.chosen(|c| self.wanted(c) && c.ruling == Some(Ruling::Stale)),
            Order::Conflicts => review.chosen(|c| self.wanted(c) && c.ruling == Some(Ruling::Conflict)),
            Order::Audit => review.chosen(|c| self.wanted(c) && c.audit),
            Order::New => review.by_page(|c| self.wanted(c) && self.session.news.new.contains(&c.fp)),
            Order::Undecided => review.by_page(|c| self.wanted(c) && undecided(c)),
        };
        self.at = before.and_then(|card| self.shown.iter().position(|i| *i == card)).unwrap_or(0);
        self.scroll = 0;
    }

    /// The groups as rows, with the cursor on the pattern in front.
    fn open_groups(&mut self) {
        let here = self.card().map(|(_, c)| c.pattern);
        (self.pattern, self.mode) = (None, Mode::Groups);
        let groups = self.session.review.groups(|c| self.wanted(c));
        self.groups = groups
            .iter()
            .flat_map(|g| std::iter::once(GroupRow::Rule(g.rule, g.cards)).chain(g.patterns.iter().map(|p| GroupRow::Pattern(*p))))
            .collect();
        let is_here = |row: &GroupRow| matches!(row, GroupRow::Pattern(p) if Some(*p) == here);
        self.group_at = self.groups.iter().position(is_here).unwrap_or(0);
    }

    fn go(&mut self, by: isize) {
        let last = self.shown.len().saturating_sub(1);
        self.at = self.at.saturating_add_signed(by).min(last);
        self.scroll = 0;
    }

    fn turn(&mut self, by: usize) {
        let now = Order::ALL.iter().position(|o| *o == self.order).unwrap_or(0);
        (self.order, self.pattern) = (Order::ALL[(now + by) % Order::ALL.len()], None);
        self.choose();
    }

    fn toggle_mine(&mut self) {
        if self.session.assigned.is_empty() {
            return self.fail(say("tui.not-assigned", &[]));
        }
        self.mine = !self.mine;
        self.choose();
    }

    fn tell(&mut self, message: String) {
        self.message = Some((false, message));
    }

    fn fail(&mut self, message: String) {
        self.message = Some((true, message));
    }
}
