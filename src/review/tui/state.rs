//! What the terminal review is at any moment, and what each key does to it.
//!
//! A decision is on the disk before the card shows it. Enter, Esc and Space never decide: Enter opens, Esc closes, a typed text is saved
//! with Ctrl-S.

use std::collections::BTreeMap;
use std::path::PathBuf;

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::field::Field;
use crate::error::{Error, Shown};
use crate::messages::say;
use crate::review::cards::{Card, Matter, Review};
use crate::review::decisions::{Event, Journal, Ruling, Verdict, now};
use crate::review::lists;
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

    /// Takes a key.
    pub fn key(&mut self, key: KeyEvent) {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        if control && key.code == KeyCode::Char('c') {
            self.done = true;
            return;
        }
        self.message = None;
        match std::mem::replace(&mut self.mode, Mode::Card) {
            Mode::Card if !control => self.card_key(key),
            Mode::Card => {}
            Mode::Groups => self.group_key(key),
            Mode::Ask(verdict, sample) => match key.code {
                KeyCode::Char('y') => self.decide_pattern(verdict, sample.len()),
                KeyCode::Char('n') | KeyCode::Esc => self.tell(say("tui.nothing-decided", &[])),
                KeyCode::Down | KeyCode::PageDown | KeyCode::Up | KeyCode::PageUp => {
                    self.scroll(key.code);
                    self.mode = Mode::Ask(verdict, sample);
                }
                _ => self.mode = Mode::Ask(verdict, sample),
            },
            Mode::Type(what, field) => self.type_key(key, what, field),
            // Any key leaves the help, and does nothing else.
            Mode::Help => {}
        }
    }

    fn card_key(&mut self, key: KeyEvent) {
        match key.code {
            KeyCode::Char('a') => self.decide(Verdict::Accept, None),
            KeyCode::Char('r') => self.decide(Verdict::Reject, None),
            KeyCode::Char('d') => self.decide(Verdict::Defer, None),
            KeyCode::Char('s') => self.decide(Verdict::Same, None),
            KeyCode::Char('f') => self.decide(Verdict::Different, None),
            KeyCode::Char('c') => self.decide(Verdict::Continuation, None),
            KeyCode::Char('l') => self.decide(Verdict::KeepLonger, None),
            KeyCode::Char('e') => self.edit(),
            KeyCode::Char('u') => self.undo(),
            KeyCode::Char('A') => self.ask(Verdict::Accept),
            KeyCode::Char('R') => self.ask(Verdict::Reject),
            KeyCode::Char('j' | 'n') => self.go(1),
            KeyCode::Char('k' | 'p') => self.go(-1),
            KeyCode::Char('g') => self.open_groups(),
            KeyCode::Char('v') => self.turn(1),
            KeyCode::Char('V') => self.turn(Order::ALL.len() - 1),
            KeyCode::Char('m') => self.toggle_mine(),
            KeyCode::Char('w') => self.word(),
            KeyCode::Char('+') => self.allowed(),
            KeyCode::Char('/') => self.mode = Mode::Type(Typing::Filter, Field::new(&self.filter)),
            KeyCode::Char('?') => self.mode = Mode::Help,
            KeyCode::Char('q') => self.done = true,
            KeyCode::Home => (self.at, self.scroll) = (0, 0),
            KeyCode::End => (self.at, self.scroll) = (self.shown.len().saturating_sub(1), 0),
            KeyCode::Down | KeyCode::PageDown | KeyCode::Up | KeyCode::PageUp => self.scroll(key.code),
            KeyCode::Esc if self.pattern.is_some() || !self.filter.is_empty() => {
                (self.pattern, self.filter) = (None, String::new());
                self.choose();
            }
            _ => {}
        }
    }

    fn scroll(&mut self, code: KeyCode) {
        self.scroll = match code {
            KeyCode::Down => self.scroll.saturating_add(1),
            KeyCode::PageDown => self.scroll.saturating_add(10),
            KeyCode::Up => self.scroll.saturating_sub(1),
            _ => self.scroll.saturating_sub(10),
        };
    }

    fn group_key(&mut self, key: KeyEvent) {
        self.mode = Mode::Groups;
        let last = self.groups.len().saturating_sub(1);
        match key.code {
            KeyCode::Char('j' | 'n') | KeyCode::Down => self.group_at = (self.group_at + 1).min(last),
            KeyCode::Char('k' | 'p') | KeyCode::Up => self.group_at = self.group_at.saturating_sub(1),
            KeyCode::PageDown => self.group_at = (self.group_at + 10).min(last),
            KeyCode::PageUp => self.group_at = self.group_at.saturating_sub(10),
            KeyCode::Enter => {
                if let Some(GroupRow::Pattern(p)) = self.groups.get(self.group_at) {
                    (self.pattern, self.order, self.mode) = (Some(*p), Order::Open, Mode::Card);
                    self.shown.clear();
                    self.choose();
                }
            }
            KeyCode::Char('g' | 'q') | KeyCode::Esc => {
                self.mode = Mode::Card;
                self.choose();
            }
            KeyCode::Char('?') => self.mode = Mode::Help,
            _ => {}
        }
    }

    fn type_key(&mut self, key: KeyEvent, what: Typing, mut field: Field) {
        let save = key.code == KeyCode::Char('s') && key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Esc if what == Typing::Filter => {}
            KeyCode::Esc => self.tell(say("tui.nothing-saved", &[])),
            KeyCode::Enter if what == Typing::Filter => self.save(what, &field.text()),
            _ if save => self.save(what, &field.text()),
            _ => {
                field.key(key, what == Typing::Edit);
                self.mode = Mode::Type(what, field);
            }
        }
    }

    /// What Ctrl-S does to a typed text.
    fn save(&mut self, what: Typing, text: &str) {
        match what {
            Typing::Filter => {
                self.filter = text.to_owned();
                self.choose();
            }
            Typing::Edit => self.decide(Verdict::Edit, Some(text.to_owned())),
            Typing::Word => self.add(self.session.words.clone(), |list, by| lists::add_word(list, text, by), text),
            Typing::Allowed => self.mode = Mode::Type(Typing::Reason(text.to_owned()), Field::default()),
            Typing::Reason(allowed) => self.add(self.session.allow.clone(), |list, by| lists::allow(list, &allowed, text, by), &allowed),
        }
    }

    fn add(&mut self, list: Option<PathBuf>, put: impl Fn(&std::path::Path, &str) -> Result<bool, Error>, text: &str) {
        let Some(list) = list else { return };
        match put(&list, &self.session.user) {
            Ok(true) => self.tell(say("tui.added", &[("text", &text), ("list", &Shown(&list))])),
            Ok(false) => self.tell(say("tui.there", &[("text", &text), ("list", &Shown(&list))])),
            Err(error) => self.fail(error.chain()),
        }
    }

    fn word(&mut self) {
        let Some((_, card)) = self.card() else { return };
        let word = lists::word_at(&card.context[0], &card.after, &card.context[1], &card.evidence);
        match self.session.words {
            Some(_) => self.mode = Mode::Type(Typing::Word, Field::new(&word)),
            None => self.fail(say("tui.no-words", &[])),
        }
    }

    fn allowed(&mut self) {
        let Some((_, card)) = self.card() else { return };
        let text = lists::text_at(&card.context[0], &card.before, &card.context[1]);
        match self.session.allow {
            Some(_) if text.is_empty() => self.fail(say("tui.break-not-allowed", &[])),
            Some(_) => self.mode = Mode::Type(Typing::Allowed, Field::new(&text)),
            None => self.fail(say("tui.no-allow", &[])),
        }
    }

    fn edit(&mut self) {
        let Some((_, card)) = self.card() else { return };
        let field = match (&card.matter, &card.ruling) {
            (Matter::Finding { .. }, _) => None,
            (_, Some(Ruling::Edit(text))) => Some(Field::new(text)),
            _ => Some(Field::new(&card.after)),
        };
        match field {
            Some(field) => self.mode = Mode::Type(Typing::Edit, field),
            None => self.fail(say("tui.no-text", &[])),
        }
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

    /// Says this of the card in front and goes on to the next.
    fn decide(&mut self, verdict: Verdict, text: Option<String>) {
        let Some((_, card)) = self.card() else { return };
        if verdict != Verdict::Defer && verdict.of_pair() != card.is_pair() {
            let message = match card.is_pair() {
                true => say("tui.pair", &[]),
                false => say("tui.no-pair", &[]),
            };
            return self.fail(message);
        }
        let event = card.event(verdict, &self.session.user, now(), text);
        if self.record(event) {
            self.tell(say("tui.saved", &[("verdict", &verdict_name(verdict))]));
            self.go(1);
        }
    }

    fn ask(&mut self, verdict: Verdict) {
        let Some((_, card)) = self.card() else { return };
        if card.is_pair() {
            return self.fail(say("tui.pairs-singly", &[]));
        }
        let sample = self.session.review.sample(card.pattern as usize);
        self.scroll = 0;
        self.mode = Mode::Ask(verdict, sample);
    }

    fn decide_pattern(&mut self, verdict: Verdict, sampled: usize) {
        let Some((_, card)) = self.card() else { return };
        let of = self.session.review.patterns[card.pattern as usize].cards.len();
        let event = card.pattern_event(verdict, &self.session.user, now(), None, Some([sampled, of]));
        if self.record(event) {
            self.tell(say("tui.saved-pattern", &[("verdict", &verdict_name(verdict)), ("n", &of)]));
            self.go(1);
        }
    }

    /// The disk first: what the person sees is saved.
    fn record(&mut self, event: Event) -> bool {
        let back = self.session.review.reverse(&event);
        if let Err(error) = self.session.journal.append(std::slice::from_ref(&event)) {
            self.fail(say("tui.not-saved", &[("error", &error.chain())]));
            return false;
        }
        self.session.review.apply(event);
        self.undo.push((back, self.shown[self.at]));
        self.saved += 1;
        true
    }

    fn undo(&mut self) {
        let Some((back, card)) = self.undo.pop() else { return self.fail(say("tui.no-undo", &[])) };
        // The time is that of the undoing: the last event of a person counts.
        let event = Event { at: now(), ..back.clone() };
        if let Err(error) = self.session.journal.append(std::slice::from_ref(&event)) {
            self.undo.push((back, card));
            return self.fail(say("tui.not-saved", &[("error", &error.chain())]));
        }
        self.saved += 1;
        self.session.review.apply(event);
        if let Some(at) = self.shown.iter().position(|i| *i == card) {
            (self.at, self.scroll) = (at, 0);
        }
        self.tell(say("tui.undone", &[]));
    }
}
