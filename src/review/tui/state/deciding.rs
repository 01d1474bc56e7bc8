//! What is said of the card in front or of its pattern, and taken back: on the disk first, then in the review.

use super::{App, Mode, verdict_name};
use crate::messages::say;
use crate::review::decisions::{Event, Verdict, now};

impl App {
    /// Says this of the card in front and goes on to the next.
    pub(super) fn decide(&mut self, verdict: Verdict, text: Option<String>) {
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

    pub(super) fn ask(&mut self, verdict: Verdict) {
        let Some((_, card)) = self.card() else { return };
        if card.is_pair() {
            return self.fail(say("tui.pairs-singly", &[]));
        }
        let sample = self.session.review.sample(card.pattern as usize);
        self.scroll = 0;
        self.mode = Mode::Ask(verdict, sample);
    }

    pub(super) fn decide_pattern(&mut self, verdict: Verdict, sampled: usize) {
        let Some((_, card)) = self.card() else { return };
        let of = self.session.review.patterns[card.pattern as usize].cards.len();
        let event = card.pattern_event(verdict, &self.session.user, now(), None, Some([sampled, of]));
        if self.record(event) {
            self.tell(say("tui.saved-pattern", &[("verdict", &verdict_name(verdict)), ("n", &of)]));
            self.go(1);
        }
    }

    /// The disk first: what the person sees is saved.
    pub(super) fn record(&mut self, event: Event) -> bool {
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

    pub(super) fn undo(&mut self) {
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
