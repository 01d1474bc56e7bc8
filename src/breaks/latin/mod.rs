//! Breaks in text with word spaces: German, English, French, and any other language in Latin letters.

pub mod document;
pub mod feature;
pub mod letters;
pub mod line;
pub mod seam;
pub mod sign;
pub mod word;

use smallvec::smallvec;

use super::{Boundary, BoundaryKind, Context, Decision, Joint};
use crate::dictionary::IssueWords;
use crate::edit::{Applicability, Evidence, EvidenceList};
use document::Document;
use line::{LineView, Opening};
use word::{Features, Kind, Parts, Words};


/// The lines of a run of boundaries, read once.
struct Run<'a> {
    ctx: &'a Context<'a>,
    text: &'a str,
    first: usize,
    views: Vec<LineView>,
    columns: Vec<f32>,
    document: Document,
}

impl<'a> Run<'a> {
    fn new(ctx: &'a Context<'a>, boundaries: &[Boundary]) -> Run<'a> {
        let text = ctx.issue.text.as_str();
        let first = boundaries.first().map_or(0, |b| b.before);
        let last = boundaries.last().map_or(0, |b| b.after + 1);
        let views: Vec<LineView> = ctx.issue.lines[first..last].iter().map(|l| LineView::new(text, l.span.clone())).collect();
        let document = Document::new(text, &views, boundaries, |line| line - first);
        let columns = document::columns(&views);
        Run { ctx, text, first, views, columns, document }
    }

    fn words(&self, line: usize, issue: &'a IssueWords) -> Words<'a> {
        let language = self.ctx.issue.line_language(line);
        Words { language, lexicon: self.ctx.dictionaries.lexicon(language), issue }
    }

    /// Lets the words at line ends say how this issue uses its marks.
    fn ask_words(&mut self, boundaries: &[Boundary], issue: &'a IssueWords) {
        for b in boundaries {
            let (before, after) = (*self.view(b.before), *self.view(b.after));
            if b.kind == BoundaryKind::Line && after.opening == Opening::Lower {
                let witness = Parts::new(self.text, &before, &after, &self.words(b.before, issue)).witness();
                self.document.witness(before.sign, witness);
            }
        }
    }

    fn view(&self, line: usize) -> &LineView {
        &self.views[line - self.first]
    }
}

/// The features of the word model at each boundary, for training.
pub fn word_features<'a>(ctx: &'a Context<'a>, issue: &'a IssueWords, boundaries: &[Boundary]) -> Vec<(Kind, Features)> {
    let mut run = Run::new(ctx, boundaries);
    run.ask_words(boundaries, issue);
    boundaries
        .iter()
        .map(|b| {
            let (before, after) = (run.view(b.before), run.view(b.after));
            let words = run.words(b.before, issue);
            let parts = Parts::new(run.text, before, after, &words);
            (Kind::of(before.sign), word::features(run.text, before, after, &parts, &words, &run.document, run.columns[b.before - run.first]))
        })
        .collect()
}

/// Decides a run of boundaries of Latin text, in reading order; one decision for each is pushed to `out`.
pub fn decide(ctx: &Context, boundaries: &[Boundary], out: &mut Vec<Decision>) {
    let run = Run::new(ctx, boundaries);
    for boundary in boundaries {
        out.push(simple(boundary, run.view(boundary.before), run.view(boundary.after)));
    }
}

/// The rule everybody knows: a hyphen at the line end and a small letter at the next line's start make one word.
fn simple(boundary: &Boundary, before: &LineView, after: &LineView) -> Decision {
    if before.sign.is_hyphen() && after.opening == Opening::Lower {
        return Decision {
            joint: Joint::Join,
            confidence: 0.98,
            applicability: Some(if boundary.kind == BoundaryKind::Line { Applicability::Safe } else { Applicability::Review }),
            evidence: smallvec![Evidence::named("line-end-hyphen"), Evidence::named("next-lower-case")],
            drop_before: (before.end - before.tail.1) as usize,
            drop_after: (after.head.0 - after.start) as usize,
        };
    }
    let joint = if boundary.kind == BoundaryKind::Line { Joint::Space } else { Joint::Paragraph };
    let applicability = (joint == Joint::Space).then_some(Applicability::Safe);
    Decision { joint, confidence: 0.9, applicability, evidence: EvidenceList::new(), drop_before: 0, drop_after: 0 }
}
