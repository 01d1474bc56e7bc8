//! Applying edits to a text, and finding the way back from the new text to the old.

use super::{Edit, Replacement};
use crate::model::Span;

/// A place where the new text differs from the old.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hunk {
    /// Bytes of the old text.
    pub old: Span,
    /// Bytes of the new text.
    pub new: Span,
}

/// The way from a text to what edits made of it: everything between two hunks is the same in both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceMap {
    hunks: Vec<Hunk>,
}

impl SourceMap {
    /// Sorted, apart from each other.
    pub fn hunks(&self) -> &[Hunk] {
        &self.hunks
    }

    /// True if no edit was applied.
    pub fn is_identity(&self) -> bool {
        self.hunks.is_empty()
    }

    /// The old span a span of the new text comes from. A span that starts or ends inside changed text is widened to all that was replaced there.
    pub fn to_old(&self, span: Span) -> Span {
        let start = project(&self.hunks, |h| &h.new, |h| &h.old, span.start, Side::Start);
        let end = if span.is_empty() { start } else { project(&self.hunks, |h| &h.new, |h| &h.old, span.end, Side::End) };
        start..end.max(start)
    }

    /// The new span of an old one, widened in the same way.
    pub fn to_new(&self, span: Span) -> Span {
        let start = project(&self.hunks, |h| &h.old, |h| &h.new, span.start, Side::Start);
        let end = if span.is_empty() { start } else { project(&self.hunks, |h| &h.old, |h| &h.new, span.end, Side::End) };
        start..end.max(start)
    }

    /// The new span of a stretch of the old text, with all that was inserted at its ends.
    pub fn stretch(&self, span: Span) -> Span {
        let shift = |hunks: &[Hunk], at: usize| hunks.last().map_or(at, |h| at - h.old.end + h.new.end);
        let before = self.hunks.partition_point(|h| h.old.end < span.start || (h.old.end == span.start && h.old.start < span.start));
        let within = self.hunks.partition_point(|h| h.old.end <= span.end);
        shift(&self.hunks[..before], span.start)..shift(&self.hunks[..within], span.end)
    }

    /// The map of doing `self` first and `later` on its result.
    pub fn then(self, later: SourceMap) -> SourceMap {
        if later.is_identity() {
            return self;
        }
        if self.is_identity() {
            return later;
        }
        // Changed stretches of the text in the middle, those that overlap or touch taken together.
        let mut middle: Vec<Span> = self.hunks.iter().map(|h| h.new.clone()).chain(later.hunks.iter().map(|h| h.old.clone())).collect();
        middle.sort_by_key(|s| (s.start, s.end));
        let mut merged: Vec<Span> = Vec::with_capacity(middle.len());
        for span in middle {
            match merged.last_mut() {
                Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
                _ => merged.push(span),
            }
        }
        let (mut first, mut second) = (Walk::new(&self.hunks, |h| &h.new, |h| &h.old), Walk::new(&later.hunks, |h| &h.old, |h| &h.new));
        let hunks = merged.into_iter().map(|s| Hunk { old: first.span(&s), new: second.span(&s) }).collect();
        SourceMap { hunks }
    }

    /// What to replace in the new text to get the old one back, exactly.
    pub fn undo(&self, old_text: &str) -> Vec<Replacement> {
        self.hunks.iter().map(|h| Replacement { span: h.new.clone(), text: old_text[h.old.clone()].into() }).collect()
    }
}

/// Walks clusters of hunks in order; each cluster covers whole hunks, so its ends map exactly.
struct Walk<'a> {
    hunks: std::iter::Peekable<std::slice::Iter<'a, Hunk>>,
    from: fn(&Hunk) -> &Span,
    to: fn(&Hunk) -> &Span,
    shift: isize,
}

impl<'a> Walk<'a> {
    fn new(hunks: &'a [Hunk], from: fn(&Hunk) -> &Span, to: fn(&Hunk) -> &Span) -> Self {
        Walk { hunks: hunks.iter().peekable(), from, to, shift: 0 }
    }

    fn span(&mut self, cluster: &Span) -> Span {
        let start = cluster.start.wrapping_add_signed(self.shift);
        while let Some(hunk) = self.hunks.next_if(|h| (self.from)(h).end <= cluster.end) {
            self.shift = (self.to)(hunk).end as isize - (self.from)(hunk).end as isize;
        }
        start..cluster.end.wrapping_add_signed(self.shift)
    }
}

enum Side {
    Start,
    End,
}

fn project(hunks: &[Hunk], from: fn(&Hunk) -> &Span, to: fn(&Hunk) -> &Span, at: usize, side: Side) -> usize {
    // The last hunk that begins before `at`: only it can hold or shift the place.
    let before = match side {
        Side::Start => hunks.partition_point(|h| from(h).start <= at),
        Side::End => hunks.partition_point(|h| from(h).start < at),
    };
    let Some(hunk) = before.checked_sub(1).map(|i| &hunks[i]) else { return at };
    let (f, t) = (from(hunk), to(hunk));
    match side {
        Side::Start if at == f.start && !f.is_empty() => t.start,
        Side::Start if at < f.end => t.start,
        Side::End if at < f.end => t.end,
        _ => at - f.end + t.end,
    }
}

/// Makes the edits and returns the new text with the way back.
///
/// The replacements of all edits must be apart from each other (as [`super::select`] leaves them); insertions at one place are made in
/// the order of the edits.
///
/// # Panics
/// If replacements overlap or leave the text's character boundaries.
pub fn apply<'a>(text: &str, edits: impl IntoIterator<Item = &'a Edit>) -> (String, SourceMap) {
    let replacements = edits.into_iter().flat_map(|e| &e.replacements).collect();
    apply_replacements(text, replacements)
}

fn apply_replacements(text: &str, mut replacements: Vec<&Replacement>) -> (String, SourceMap) {
    replacements.sort_by_key(|r| (r.span.start, r.span.end));
    let added: usize = replacements.iter().map(|r| r.text.len()).sum();
    let mut new = String::with_capacity(text.len() + added);
    let mut hunks: Vec<Hunk> = Vec::with_capacity(replacements.len());
    let mut at = 0;
    for r in replacements {
        new.push_str(&text[at..r.span.start]);
        let start = new.len();
        new.push_str(&r.text);
        at = r.span.end;
        match hunks.last_mut() {
            Some(last) if last.old.end == r.span.start => {
                last.old.end = r.span.end;
                last.new.end = new.len();
            }
            _ => hunks.push(Hunk { old: r.span.clone(), new: start..new.len() }),
        }
    }
    new.push_str(&text[at..]);
    (new, SourceMap { hunks })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::{Applicability, Evidence};
    use proptest::prelude::*;
    use smallvec::smallvec;

    fn edit(span: Span, text: &str) -> Edit {
        Edit {
            rule: "test",
            replacements: smallvec![Replacement { span, text: text.into() }],
            applicability: Applicability::Safe,
            confidence: 1.0,
            evidence: smallvec![Evidence::named("test")],
        }
    }

    /// A text and edits on it: cut points on character boundaries, every other stretch replaced.
    fn text_and_edits(text: String, cuts: &[usize], words: &[String]) -> (String, Vec<Edit>) {
        let bounds: Vec<usize> = text.char_indices().map(|(i, _)| i).chain([text.len()]).collect();
        let mut places: Vec<usize> = cuts.iter().map(|c| bounds[c % bounds.len()]).collect();
        places.sort_unstable();
        places.dedup();
        let edits = places.chunks_exact(2).zip(words.iter().cycle()).map(|(p, w)| edit(p[0]..p[1], w)).collect();
        (text, edits)
    }

    proptest! {
        #[test]
        fn undo_after_apply_is_the_identity(text in "[a中\n𠀀é]{0,40}", cuts in prop::collection::vec(0usize..60, 0..12), words in prop::collection::vec("[xy文]{0,3}", 1..4)) {
            let (text, edits) = text_and_edits(text, &cuts, &words);
            let (new, map) = apply(&text, &edits);
            let undo = map.undo(&text);
            prop_assert_eq!(apply_replacements(&new, undo.iter().collect()).0, text);
        }

        #[test]
        fn two_stages_map_back_as_one(
            text in "[a中\n𠀀é]{0,40}", cuts in prop::collection::vec(0usize..60, 0..12), words in prop::collection::vec("[xy文]{0,3}", 1..4),
            cuts2 in prop::collection::vec(0usize..60, 0..12), words2 in prop::collection::vec("[zw字]{0,3}", 1..4),
        ) {
            let (text, edits) = text_and_edits(text, &cuts, &words);
            let (middle, first) = apply(&text, &edits);
            let (middle, edits2) = text_and_edits(middle, &cuts2, &words2);
            let (new, second) = apply(&middle, &edits2);
            let map = first.clone().then(second);
            // Unchanged stretches really are the same text, and the hunks really are all that differs.
            let (mut old_at, mut new_at) = (0, 0);
            for hunk in map.hunks() {
                prop_assert_eq!(&text[old_at..hunk.old.start], &new[new_at..hunk.new.start]);
                (old_at, new_at) = (hunk.old.end, hunk.new.end);
            }
            prop_assert_eq!(&text[old_at..], &new[new_at..]);
            let undo = map.undo(&text);
            prop_assert_eq!(apply_replacements(&new, undo.iter().collect()).0, text);
        }

        #[test]
        fn a_span_outside_the_hunks_maps_to_the_same_text(text in "[a中\n𠀀é]{1,40}", cuts in prop::collection::vec(0usize..60, 0..12), at in 0usize..60) {
            let (text, edits) = text_and_edits(text, &cuts, &["x".to_string()]);
            let (new, map) = apply(&text, &edits);
            let (start, c) = new.char_indices().nth(at % new.chars().count().max(1)).unwrap_or((0, ' '));
            let span = start..(start + c.len_utf8()).min(new.len());
            if !map.hunks().iter().any(|h| h.new.start < span.end && span.start < h.new.end) && !span.is_empty() {
                prop_assert_eq!(&text[map.to_old(span.clone())], &new[span]);
            }
        }
    }

    #[test]
    fn insertions_at_one_place_keep_the_order_of_the_edits() {
        let edits = [edit(1..1, "x"), edit(1..1, "y"), edit(1..2, "B")];
        let (new, map) = apply("abc", &edits);
        assert_eq!(new, "axyBc");
        assert_eq!(map.hunks(), [Hunk { old: 1..2, new: 1..4 }]);
        assert_eq!(map.to_old(4..5), 2..3);
    }
}
