//! The review model: cards, groups, samples, and what events make of them.

use std::sync::Arc;

use galleyproof::dictionary::Dictionaries;
use galleyproof::edit::Outcome;
use galleyproof::model::Issue;
use galleyproof::pipeline::{Processed, Settings, process};
use galleyproof::review::cards::{Card, Review, SAMPLE, cards};
use galleyproof::review::decisions::{Decisions, Event, Ruling, Verdict};

fn text() -> String {
    let line = |n: usize| format!("第{n}号\u{200b}文件说明了，这一年的情况.");
    (0..60).map(line).collect::<Vec<_>>().join("\n\n") + "\n\n区四套班子领导要带头示\n\n范，当好支持者、参与者。"
}

fn run(decisions: Option<Decisions>) -> Processed {
    let settings = Settings { decisions: decisions.map(Arc::new), ..Settings::default() };
    process(Issue::from_text("page.txt", text()), &Dictionaries::builtin(), &settings)
}

fn at(n: usize) -> String {
    format!("2026-01-01T00:00:{n:02}Z")
}

fn review(events: &[Event], min: usize) -> Review {
    let decisions = Decisions::of(events.to_vec(), min);
    Review::new(cards(&run(Some(decisions.clone()))), Some(&decisions))
}

fn of_rule(review: &Review, rule: &str) -> Vec<usize> {
    (0..review.cards.len()).filter(|i| review.cards[*i].rule == rule).collect()
}

#[test]
fn every_change_and_finding_has_a_card_with_its_context() {
    let review = review(&[], 1);
    let processed = run(None);
    assert_eq!(review.cards.len(), processed.changes().count() + processed.findings.len());
    let hidden = of_rule(&review, "invisible-character");
    assert_eq!(hidden.len(), 60);
    let card = &review.cards[hidden[3]];
    assert_eq!((card.before.as_str(), card.after.as_str(), card.line), ("\u{200b}", "", 7));
    assert!(card.context[0].ends_with("第3号") && card.context[1].starts_with("文件说明了"), "{card:?}");
    let joined = &review.cards[of_rule(&review, "split-word")[0]];
    assert_eq!(joined.before, "\n\n");
    assert!(!joined.is_open() && joined.is_applied());
}

#[test]
fn groups_put_the_most_frequent_first_and_hold_every_card_once() {
    let review = review(&[], 1);
    let groups = review.groups(|_| true);
    assert!(groups.windows(2).all(|w| w[0].cards >= w[1].cards));
    let mut held: Vec<u32> = groups.iter().flat_map(|g| &g.patterns).flat_map(|p| review.patterns[*p as usize].cards.clone()).collect();
    held.sort_unstable();
    assert_eq!(held, (0..review.cards.len() as u32).collect::<Vec<_>>());
    let sure: Vec<f32> = review.by_confidence(|_| true).iter().filter_map(|i| review.cards[*i as usize].confidence()).collect();
    assert!(sure.is_sorted());
    let pages = review.by_page(|_| true);
    assert!(pages.windows(2).all(|w| review.cards[w[0] as usize].line <= review.cards[w[1] as usize].line));
}

#[test]
fn samples_are_the_same_each_time() {
    let (first, second) = (review(&[], 1), review(&[], 1));
    let pattern = first.cards[of_rule(&first, "invisible-character")[0]].pattern as usize;
    assert_eq!(first.sample(pattern).len(), SAMPLE);
    assert_eq!(first.sample(pattern), second.sample(pattern));
    let audited = first.cards.iter().filter(|c| c.audit && c.rule == "invisible-character").count();
    assert_eq!(audited, 3, "5 % of 60");
    assert!(first.cards.iter().filter(|c| c.audit).all(Card::is_applied));
}

#[test]
fn an_event_is_the_same_in_the_review_and_in_the_next_run() {
    let mut here = review(&[], 1);
    let hidden = of_rule(&here, "invisible-character");
    let joined = of_rule(&here, "split-word")[0];
    let mut said = vec![here.cards[hidden[0]].pattern_event(Verdict::Reject, "a", at(1), None, Some([20, 60]))];
    said.push(here.cards[hidden[5]].event(Verdict::Accept, "a", at(2), None));
    said.push(here.cards[joined].event(Verdict::Edit, "a", at(3), Some("——".into())));
    let touched: Vec<usize> = said.iter().map(|e| here.apply(e.clone()).len()).collect();
    assert_eq!(touched, [60, 1, 1]);
    let there = review(&said, 1);
    for (a, b) in here.cards.iter().zip(&there.cards) {
        assert_eq!((&a.fp, &a.ruling, &a.after), (&b.fp, &b.ruling, &b.after));
    }
    assert_eq!(there.cards[hidden[5]].ruling, Some(Ruling::Accept));
    assert_eq!(there.cards[hidden[6]].ruling, Some(Ruling::Reject));
    assert_eq!(there.cards[joined].after, "", "the card is about what was proposed");
    let progress = there.progress(|_| true);
    assert_eq!((progress.rejected, progress.accepted, progress.edited), (59, 1, 1));
    let applied = run(Some(Decisions::of(said, 1)));
    assert!(applied.clean.text.contains("带头示——范"));
    assert_eq!(applied.clean.text.matches('\u{200b}').count(), 59);
    assert_eq!(applied.changes().filter(|(_, e, o)| e.rule == "invisible-character" && *o == Outcome::Rejected).count(), 59);
}

#[test]
fn what_was_said_can_be_taken_back() {
    let mut review = review(&[], 1);
    let card = of_rule(&review, "split-word")[0];
    let accept = review.cards[card].event(Verdict::Accept, "a", at(1), None);
    let never = review.reverse(&accept);
    assert_eq!(never.decision, Verdict::Clear);
    review.apply(accept.clone());
    let reject = review.cards[card].event(Verdict::Reject, "a", at(2), None);
    let back = review.reverse(&reject);
    review.apply(reject);
    assert_eq!(review.cards[card].ruling, Some(Ruling::Reject));
    review.apply(back);
    assert_eq!(review.cards[card].ruling, Some(Ruling::Accept));
    review.apply(never);
    assert_eq!(review.cards[card].ruling, None);
}

#[test]
fn people_who_disagree_are_a_conflict_and_two_may_be_asked_for() {
    let mut review = review(&[], 2);
    let card = of_rule(&review, "split-word")[0];
    let said = |review: &Review, verdict, by, n| review.cards[card].event(verdict, by, at(n), None);
    review.apply(said(&review, Verdict::Accept, "a", 1));
    assert_eq!(review.cards[card].ruling, Some(Ruling::Pending));
    review.apply(said(&review, Verdict::Reject, "b", 2));
    assert_eq!(review.cards[card].ruling, Some(Ruling::Conflict));
    assert!(review.cards[card].is_open());
    assert_eq!(review.said(card).count(), 2);
    review.apply(said(&review, Verdict::Accept, "b", 3));
    assert_eq!(review.cards[card].ruling, Some(Ruling::Accept));
}
