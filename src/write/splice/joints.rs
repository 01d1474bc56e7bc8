//! What was applied to an issue, as places of its text as read: words that were joined, characters that were changed.

use std::ops::Range;

use crate::edit::Edit;
use crate::pipeline::{Processed, Step};
use crate::rules::Stage;

/// A word that a line, column or page end had cut, and that was joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joint {
    /// Where its first part ends, without the split sign where that goes.
    pub before: usize,
    /// Where the line ends: the split sign lies between `before` and here.
    pub line_end: usize,
    /// Where its second part begins.
    pub after: usize,
}

/// Characters that were changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub span: Range<usize>,
    pub text: String,
}

/// The words that were joined, in text order.
pub fn joints(processed: &Processed) -> Vec<Joint> {
    let mut found = Vec::new();
    let steps = processed.steps.iter().filter(|s| matches!(s.stage, Stage::Breaks | Stage::Pages));
    for step in steps {
        for edit in step.applied().filter(|e| e.rule == "split-word") {
            of_edit(processed, step, edit, &mut found);
        }
    }
    found.sort_by_key(|j: &Joint| j.before);
    found.dedup();
    found
}

fn of_edit(processed: &Processed, step: &Step, edit: &Edit, found: &mut Vec<Joint>) {
    let text = &step.issue.text;
    let old = |at: usize| step.back.to_old(at..at).start;
    let read = &processed.read.text;
    let mut push = |before: usize, after: usize| {
        let (before, after) = (old(before), old(after));
        let line_end = read[before..].find(['\n', '\u{c}']).map_or(read.len(), |n| before + n);
        if before < line_end.max(after) && after < read.len() {
            found.push(Joint { before, line_end, after });
        }
    };
    let first = &edit.replacements[0];
    if edit.replacements.len() == 1 {
        // A person may have put something else there.
        if !first.text.contains(char::is_whitespace) {
            push(first.span.start, first.span.end);
        }
        return;
    }
    let mut before = first.span.start;
    for (i, gone) in edit.replacements[1..].iter().enumerate() {
        let part = &text[gone.span.clone()];
        let after = gone.span.start + (part.len() - part.trim_start().len());
        // Of a paragraph over several pages only the first joint is known to cut a word; the others show it by their sign.
        if i == 0 || text[..before].ends_with(['-', '\u{ad}', '⸗', '¬']) {
            push(before, after);
        }
        before = gone.span.start + part.trim_end().len();
    }
}

/// The characters that were changed, line ends and what stands around them left out; in text order.
pub fn changes(processed: &Processed) -> Vec<Change> {
    let mut found = Vec::new();
    for step in processed.steps.iter().filter(|s| !matches!(s.stage, Stage::Breaks | Stage::Pages)) {
        for edit in step.applied() {
            for r in &edit.replacements {
                let span = step.back.to_old(r.span.clone());
                let same = processed.read.text.get(span.clone()) == Some(&step.issue.text[r.span.clone()]);
                if same && !r.text.contains('\n') {
                    found.push(Change { span, text: r.text.to_string() });
                }
            }
        }
    }
    found.sort_by_key(|c| (c.span.start, c.span.end));
    found
}
