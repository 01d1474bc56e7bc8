//! What differs between two short texts, in units a person reads: words of alphabets, graphemes of Chinese, graphemes within words that
//! are much alike.

use similar::{Algorithm, DiffOp, DiffTag, capture_diff_slices};
use unicode_segmentation::UnicodeSegmentation;

/// What a stretch of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mark {
    /// In both texts.
    Same,
    /// In the old text only.
    Gone,
    /// In the new text only.
    Come,
}

/// Both texts as one, in order: what is the same, what goes, what comes. No stretch is empty, and none cuts a grapheme.
pub fn marks<'a>(old: &'a str, new: &'a str) -> Vec<(Mark, &'a str)> {
    let (a, b): (Vec<&str>, Vec<&str>) = (old.split_word_bounds().collect(), new.split_word_bounds().collect());
    let mut out = Vec::new();
    let (mut x, mut y) = (0, 0);
    for op in diff(&a, &b) {
        let (gone, come) = (&old[x..x + length(&a[op.old_range()])], &new[y..y + length(&b[op.new_range()])]);
        (x, y) = (x + gone.len(), y + come.len());
        match op.tag() {
            DiffTag::Equal => push(&mut out, Mark::Same, gone),
            DiffTag::Replace => within(&mut out, gone, come),
            _ => {
                push(&mut out, Mark::Gone, gone);
                push(&mut out, Mark::Come, come);
            }
        }
    }
    out
}

fn diff(a: &[&str], b: &[&str]) -> Vec<DiffOp> {
    capture_diff_slices(Algorithm::Myers, a, b)
}

fn length(parts: &[&str]) -> usize {
    parts.iter().map(|p| p.len()).sum()
}

fn push<'a>(out: &mut Vec<(Mark, &'a str)>, mark: Mark, text: &'a str) {
    if !text.is_empty() {
        out.push((mark, text));
    }
}

/// Graphemes are told apart only where half of them stay: letters that two other words happen to share help nobody.
fn within<'a>(out: &mut Vec<(Mark, &'a str)>, old: &'a str, new: &'a str) {
    let (a, b): (Vec<&str>, Vec<&str>) = (old.graphemes(true).collect(), new.graphemes(true).collect());
    let ops = diff(&a, &b);
    let same: usize = ops.iter().filter(|op| op.tag() == DiffTag::Equal).map(|op| op.old_range().len()).sum();
    if 2 * same < a.len().max(b.len()) {
        push(out, Mark::Gone, old);
        push(out, Mark::Come, new);
        return;
    }
    let (mut x, mut y) = (0, 0);
    for op in ops {
        let (gone, come) = (&old[x..x + length(&a[op.old_range()])], &new[y..y + length(&b[op.new_range()])]);
        (x, y) = (x + gone.len(), y + come.len());
        if op.tag() == DiffTag::Equal {
            push(out, Mark::Same, gone);
        } else {
            push(out, Mark::Gone, gone);
            push(out, Mark::Come, come);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Mark::{Come, Gone, Same};
    use super::*;

    #[test]
    fn whole_graphemes_of_chinese_and_words_of_alphabets() {
        assert_eq!(marks("头发长", "頭髮长"), [(Gone, "头发"), (Come, "頭髮"), (Same, "长")]);
        assert_eq!(marks("the cat sat", "the dog sat"), [(Same, "the "), (Gone, "cat"), (Come, "dog"), (Same, " sat")]);
        assert_eq!(marks("colour", "color"), [(Same, "colo"), (Gone, "u"), (Same, "r")]);
        assert_eq!(marks("e\u{301}a", "ea"), [(Gone, "e\u{301}"), (Come, "e"), (Same, "a")]);
        assert_eq!(marks("", "x"), [(Come, "x")]);
        assert!(marks("", "").is_empty());
    }
}
