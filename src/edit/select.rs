//! Which of the proposed edits are made.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::{Applicability, Edit, Outcome, Replacement};
use crate::model::Span;
use crate::review::decisions::Ruling;

/// Decides the outcome of each edit, in the order of `edits`.
///
/// What a person said goes before the policy: `rulings` has one entry for each edit, or is empty where nobody said anything. Accepted edits
/// are made and go before all others, rejected ones are not, and what is deferred, disputed or stale is held.
///
/// Other edits at or over the policy are made, unless they touch the place of one that goes first: the surer edit by applicability, then by
/// confidence, then the one proposed first. The loser is displaced. Edits under the policy are held; they displace nothing.
pub fn select(edits: &[Edit], policy: Applicability, rulings: &[Option<Ruling>]) -> Vec<Outcome> {
    let ruling = |i: usize| rulings.get(i).and_then(Option::as_ref);
    let outcome = |(i, edit): (usize, &Edit)| match ruling(i) {
        Some(Ruling::Accept | Ruling::Edit(_)) => Outcome::Applied,
        Some(Ruling::Reject) => Outcome::Rejected,
        Some(Ruling::Defer | Ruling::Conflict | Ruling::Pending | Ruling::Stale | Ruling::Pair(_)) => Outcome::Held,
        None if edit.applicability >= policy => Outcome::Applied,
        None => Outcome::Held,
    };
    let mut outcomes: Vec<Outcome> = edits.iter().enumerate().map(outcome).collect();
    let mut candidates: Vec<usize> = (0..edits.len()).filter(|i| outcomes[*i] == Outcome::Applied).collect();
    let mut spans: Vec<&Span> = candidates.iter().flat_map(|i| edits[*i].replacements.iter().map(|r| &r.span)).collect();
    spans.sort_by_key(|s| (s.start, s.end));
    if spans.windows(2).all(|pair| !overlap(pair[0], pair[1])) {
        return outcomes;
    }
    let rank = |i: usize| (ruling(i).is_some(), edits[i].applicability, edits[i].confidence);
    candidates.sort_by(|a, b| rank(*b).partial_cmp(&rank(*a)).unwrap_or(Ordering::Equal));
    // Accepted spans by start. They are apart, so their ends ascend too and only the last one before a span's end can meet it.
    let mut taken: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for i in candidates {
        let free = |r: &Replacement| taken.range(..(r.span.end, 0)).next_back().is_none_or(|(_, end)| *end <= r.span.start);
        if edits[i].replacements.iter().all(free) {
            taken.extend(edits[i].replacements.iter().map(|r| ((r.span.start, r.span.end), r.span.end)));
        } else {
            outcomes[i] = Outcome::Displaced;
        }
    }
    outcomes
}

/// Whether both cannot be made: they share a byte, or one is an insertion inside the other.
fn overlap(a: &Span, b: &Span) -> bool {
    a.start < b.end && b.start < a.end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::{Evidence, apply};
    use proptest::prelude::*;
    use smallvec::smallvec;

    fn edit(span: Span, applicability: Applicability, confidence: f32) -> Edit {
        let replacements = smallvec![Replacement { span, text: "x".into() }];
        Edit { rule: "test", replacements, applicability, confidence, evidence: smallvec![Evidence::named("test")] }
    }

    #[test]
    fn the_surer_edit_displaces_the_other() {
        use Applicability::{Review, Safe};
        let edits = [edit(0..3, Safe, 0.9), edit(2..5, Safe, 0.99), edit(5..6, Safe, 0.5), edit(2..3, Review, 1.0)];
        assert_eq!(select(&edits, Safe, &[]), [Outcome::Displaced, Outcome::Applied, Outcome::Applied, Outcome::Held]);
        assert_eq!(select(&edits, Review, &[])[3], Outcome::Displaced);
    }

    #[test]
    fn what_a_person_said_goes_before_the_policy() {
        use Applicability::{Review, Safe};
        let edits = [edit(0..3, Safe, 0.9), edit(2..5, Review, 0.2), edit(5..6, Safe, 0.5), edit(7..8, Safe, 0.5), edit(8..9, Safe, 0.5)];
        let rulings = [None, Some(Ruling::Accept), Some(Ruling::Reject), Some(Ruling::Stale), None];
        let expected = [Outcome::Displaced, Outcome::Applied, Outcome::Rejected, Outcome::Held, Outcome::Applied];
        assert_eq!(select(&edits, Safe, &rulings), expected);
    }

    #[test]
    fn an_edit_that_lost_displaces_nothing() {
        use Applicability::Safe;
        let edits = [edit(0..3, Safe, 0.7), edit(2..5, Safe, 0.8), edit(4..8, Safe, 0.9)];
        assert_eq!(select(&edits, Safe, &[]), [Outcome::Applied, Outcome::Displaced, Outcome::Applied]);
    }

    proptest! {
        #[test]
        fn what_is_applied_can_be_applied(spans in prop::collection::vec((0usize..30, 0usize..6, 0u8..4), 0..14)) {
            let text = "abcdefghijklmnopqrstuvwxyzabcdefghijkl";
            let edits: Vec<Edit> = spans.iter().map(|(s, n, c)| edit(*s..s + n, Applicability::Safe, f32::from(*c))).collect();
            let outcomes = select(&edits, Applicability::Safe, &[]);
            let made: Vec<&Edit> = edits.iter().zip(&outcomes).filter(|(_, o)| **o == Outcome::Applied).map(|(e, _)| e).collect();
            for (i, a) in made.iter().enumerate() {
                for b in &made[i + 1..] {
                    prop_assert!(!overlap(&a.replacements[0].span, &b.replacements[0].span));
                }
            }
            apply(text, made);
        }
    }
}
