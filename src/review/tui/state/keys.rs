//! What each key does.

use std::path::PathBuf;

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{App, GroupRow, Mode, Order, Typing};
use crate::error::{Error, Shown};
use crate::messages::say;
use crate::review::cards::Matter;
use crate::review::decisions::{Ruling, Verdict};
use crate::review::lists;
use crate::review::tui::field::Field;

impl App {
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
}
