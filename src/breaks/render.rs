//! From decisions to edits, in the layout that was asked for.

use compact_str::CompactString;
use smallvec::{SmallVec, smallvec};

use super::{Boundary, BoundaryKind, Break, Decision, Joint};
use crate::edit::{Edit, EvidenceList, Replacement};
use crate::model::{Issue, Span};
use crate::rules::{Layout, Proposals, Stage, View};

/// Which decisions a rule turns into edits: those that cut a word, or the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Defect {
    Word,
    Paragraph,
}

/// Proposes the edits of one rule for the breaks of this stage.
pub fn propose(view: &View, rule: &'static str, defect: Defect, out: &mut Proposals) {
    let wanted = |b: &&Break| b.decision.applicability.is_some() && (defect_of(b) == defect);
    let over_page = |b: &&Break| b.boundary.kind == BoundaryKind::Page;
    let edits: &mut Vec<Edit> = &mut out.edits;
    match (view.stage, view.layout) {
        (Stage::Breaks, Layout::Paragraphs) => {
            edits.extend(view.breaks.iter().filter(wanted).filter(|b| !over_page(b)).filter_map(|b| in_place(view.issue, b, rule)));
        }
        (Stage::Breaks, Layout::Lines) => {
            let breaks = view.breaks;
            edits.extend((0..breaks.len()).filter(|i| wanted(&&breaks[*i])).filter_map(|i| move_tail(view.issue, breaks, i, rule)));
        }
        (Stage::Pages, Layout::Paragraphs) => {
            for chain in chains(view.breaks) {
                if defect_of(&chain[0]) == defect {
                    edits.push(move_paragraphs(view.issue, chain, rule));
                }
            }
        }
        _ => {}
    }
}

fn defect_of(b: &Break) -> Defect {
    match b.decision.joint {
        Joint::Keep | Joint::Hanging => Defect::Word,
        Joint::Join if b.word_tail.is_some() => Defect::Word,
        _ => Defect::Paragraph,
    }
}

/// White space that layout put at the ends of a line.
fn is_layout_space(c: char) -> bool {
    c.is_whitespace()
}

/// The part of a line that is text: layout spaces at both ends left out.
fn core(issue: &Issue, line: usize) -> Span {
    let span = &issue.lines[line].span;
    let text = &issue.text[span.clone()];
    let start = span.end - text.trim_start_matches(is_layout_space).len();
    let end = span.start + text.trim_end_matches(is_layout_space).len();
    start..end.max(start)
}

/// What goes and what comes between the two cores: bytes dropped before, text between, bytes dropped after.
fn joint(decision: &Decision) -> (usize, &'static str, usize) {
    match decision.joint {
        Joint::Join => (decision.drop_before, "", decision.drop_after),
        Joint::Keep => (0, "", decision.drop_after),
        Joint::Hanging => (0, " ", decision.drop_after),
        Joint::Space | Joint::Paragraph => (0, " ", 0),
    }
}

fn edit(rule: &'static str, decision: &Decision, replacements: SmallVec<[Replacement; 1]>) -> Option<Edit> {
    let (applicability, evidence) = (decision.applicability?, decision.evidence.clone());
    Some(Edit { rule, replacements, applicability, confidence: decision.confidence, evidence })
}

/// A join within a page: the line end (or the empty line) between the two cores is replaced.
fn in_place(issue: &Issue, b: &Break, rule: &'static str) -> Option<Edit> {
    let Boundary { before, after, kind } = b.boundary;
    let (left, right) = (core(issue, before), core(issue, after));
    let replacement = if b.decision.joint == Joint::Paragraph {
        // Paragraphs that follow each other line by line are set apart; an empty line does that already.
        if kind != BoundaryKind::Line {
            return None;
        }
        let end = issue.lines[before].span.end;
        Replacement { span: end..end, text: CompactString::const_new("\n") }
    } else {
        let (drop_before, between, drop_after) = joint(&b.decision);
        Replacement { span: left.end - drop_before..right.start + drop_after, text: CompactString::const_new(between) }
    };
    edit(rule, &b.decision, smallvec![replacement])
}

/// The layout of lines stays: only the second part of a cut word moves up.
fn move_tail(issue: &Issue, breaks: &[Break], i: usize, rule: &'static str) -> Option<Edit> {
    let b = &breaks[i];
    let tail_length = b.word_tail?;
    if matches!(b.decision.joint, Joint::Hanging | Joint::Space | Joint::Paragraph) {
        return None;
    }
    let Boundary { before, after, .. } = b.boundary;
    let (left, right) = (core(issue, before), core(issue, after));
    let (drop_before, _, drop_after) = joint(&b.decision);
    let tail = right.start + drop_after..(right.start + drop_after + tail_length).min(right.end);
    if tail.end == right.end && breaks.get(i + 1).is_some_and(|next| next.boundary.before == after && next.word_tail.is_some()) {
        // The middle of a word over three lines: moving it would leave its end behind.
        return None;
    }
    let gone = if tail.end == right.end {
        // Nothing is left of the line: it goes with its line end.
        let line = &issue.lines[after].span;
        line.start..(line.end + usize::from(issue.text[line.end..].starts_with('\n')))
    } else {
        right.start..tail.end + leading_space(&issue.text[tail.end..right.end])
    };
    let up = Replacement { span: left.end - drop_before..left.end, text: issue.text[tail].into() };
    edit(rule, &b.decision, smallvec![up, Replacement { span: gone, text: CompactString::default() }])
}

fn leading_space(text: &str) -> usize {
    text.len() - text.trim_start_matches(is_layout_space).len()
}

/// Breaks over page ends that follow each other: a paragraph over three pages is one edit, since its middle part moves too.
fn chains(breaks: &[Break]) -> impl Iterator<Item = &[Break]> {
    let joins =
        |b: &Break| b.boundary.kind == BoundaryKind::Page && b.decision.applicability.is_some() && b.decision.joint != Joint::Paragraph;
    breaks.chunk_by(move |a, b| joins(a) && joins(b) && a.boundary.after == b.boundary.before).filter(move |chain| joins(&chain[0]))
}

/// A paragraph over a page end is completed on the page where it began; furniture stays on its own page.
fn move_paragraphs(issue: &Issue, chain: &[Break], rule: &'static str) -> Edit {
    let first = core(issue, chain[0].boundary.before);
    let mut moved = CompactString::default();
    let mut replacements: SmallVec<[Replacement; 1]> = smallvec![];
    for (i, b) in chain.iter().enumerate() {
        let (_, between, drop_after) = joint(&b.decision);
        let part = core(issue, b.boundary.after);
        // The sign at the end of a middle part goes with the next joint.
        let end = part.end - chain.get(i + 1).map_or(0, |next| joint(&next.decision).0);
        moved.push_str(between);
        moved.push_str(&issue.text[part.start + drop_after..end]);
        replacements.push(Replacement { span: whole_block(issue, b.boundary.after), text: CompactString::default() });
    }
    replacements.insert(0, Replacement { span: first.end - joint(&chain[0].decision).0..first.end, text: moved });
    let weakest = chain.iter().min_by(|a, b| a.decision.confidence.total_cmp(&b.decision.confidence)).unwrap_or(&chain[0]);
    let evidence: EvidenceList = chain.iter().flat_map(|b| b.decision.evidence.iter().cloned()).collect();
    let applicability = chain.iter().filter_map(|b| b.decision.applicability).min().unwrap_or(crate::edit::Applicability::Review);
    Edit { rule, replacements, applicability, confidence: weakest.decision.confidence, evidence }
}

/// A line with the empty space that sets it apart from its neighbour on the same page.
fn whole_block(issue: &Issue, line: usize) -> Span {
    let span = issue.lines[line].span.clone();
    let page = issue.lines[line].page;
    let on_page = |l: &&crate::model::Line| l.page == page;
    if let Some(next) = issue.lines.get(line + 1).filter(on_page) {
        return span.start..next.span.start;
    }
    match line.checked_sub(1).map(|l| &issue.lines[l]).filter(on_page) {
        Some(previous) => previous.span.end..span.end,
        None => span,
    }
}
