//! Breaks in text with word spaces: German, English, French, and any other language in Latin letters.

pub mod boxes;
pub mod context;
pub mod document;
pub mod evidence;
pub mod feature;
pub mod hint;
pub mod letters;
pub mod line;
pub mod model;
mod pairs;
pub mod paragraph;
pub mod run;
pub mod seam;
pub mod sign;
pub mod train;
pub mod word;

use smallvec::smallvec;

use super::loglinear::probability;
use super::{Boundary, BoundaryKind, Context, Decision, Joint};
use crate::edit::{Applicability, Evidence};
use line::{Lead, Opening};
use model::{Paragraphs, Words};
use run::Run;
use sign::Sign;
use word::Kind;

/// A hyphen before an empty line or a page end, and a small letter after it: measured, whatever else the issue does.
const HYPHEN_OVER_GAP: f32 = 0.99;
/// The same over a page end, where the joined form is a word.
const PROVEN_OVER_PAGE: f32 = 0.998;
/// No final mark before a page end.
const SENTENCE_OVER_PAGE: f32 = 0.98;

/// A hyphen at the line end, a conjunction after it.
const HYPHEN_AND_CONJUNCTION: f32 = 0.7;
/// A point and a hyphen at the line end, a capital after it.
const POINT_AND_HYPHEN: f32 = 0.9;

/// Decides a run of boundaries of Latin text, in reading order; one decision for each is pushed to `out`.
pub fn decide(ctx: &Context, boundaries: &[Boundary], out: &mut Vec<Decision>) {
    let weights = ctx.dictionaries.weights();
    let paragraphs = &weights.paragraphs;
    let run = Run::new(ctx, boundaries);
    let ends = context::ends(&run, paragraphs);
    let first = out.len();
    for (b, end) in boundaries.iter().zip(ends) {
        let words = weights.words(run.language(b.before));
        let mut decision = match b.kind {
            BoundaryKind::Line => at_line(&run, b, end, words, paragraphs),
            BoundaryKind::Region | BoundaryKind::Page => at_gap(&run, b, words),
        };
        if decision.applicability == Some(Applicability::Safe) && b.kind == BoundaryKind::Line && run.was_repaired(b, decision.joint) {
            decision.applicability = Some(Applicability::Review);
        }
        if decision.applicability.is_some()
            && let Some(hint) = hint::agrees(&run, b, &decision)
        {
            decision.applicability = Some(Applicability::Safe);
            decision.evidence.push(hint);
        }
        out.push(decision);
    }
    hold_stragglers(&run, &mut out[first..]);
}

/// Of so many line ends one at least cuts a word for certain, in text nobody has repaired.
const LINES_A_SPLIT: usize = 30;
/// Where fewer do, the evidence has to be this strong.
const STRAGGLER: f32 = 0.995;

/// Where hardly a word is cut, somebody has joined the others: what was too doubtful then is left to a person now, though with the
/// joined words in the issue it looks a little surer. So cleaning twice is cleaning once.
fn hold_stragglers(run: &Run, decisions: &mut [Decision]) {
    let boundaries = run.boundaries;
    let is_word = |b: &Boundary, d: &Decision| {
        b.kind == BoundaryKind::Line
            && d.applicability == Some(Applicability::Safe)
            && matches!(d.joint, Joint::Join | Joint::Keep | Joint::Hanging)
    };
    let lines = boundaries.iter().filter(|b| b.kind == BoundaryKind::Line).count();
    let safe = boundaries.iter().zip(&*decisions).filter(|(b, d)| is_word(b, d)).count();
    if safe * LINES_A_SPLIT >= lines && !run.repaired {
        return;
    }
    for (b, decision) in boundaries.iter().zip(decisions) {
        if is_word(b, decision) && decision.confidence < STRAGGLER {
            decision.applicability = Some(Applicability::Review);
        }
    }
}

/// A line end inside a region.
fn at_line(run: &Run, b: &Boundary, end: f32, models: &Words, paragraphs: &Paragraphs) -> Decision {
    if run.plain(b) {
        return apart(run, b, 0.0, end, paragraphs);
    }
    let (before, after) = (run.view(b.before), run.view(b.after));
    let (parts, features) = run.word(b);
    let model = match Kind::of(before.sign) {
        Kind::Sign => &models.sign,
        Kind::Mark => &models.mark,
        Kind::Bare => &models.bare,
    };
    let mut goes_on = probability(model.log_odds(&features)) * (1.0 - end);
    if before.sign.is_hyphen() && pairs::is_conjunction(&parts.after_folded) && parts.joined_zipf.is_none() {
        // Both words are whole words here, as at any space: only the hyphen tells.
        goes_on = goes_on.max(HYPHEN_AND_CONJUNCTION * (1.0 - end));
    }
    if goes_on < model.review && !point_and_hyphen(run, b) {
        return apart(run, b, goes_on, end, paragraphs);
    }
    let mut evidence = evidence::of_word(run, b, &parts, &features, model);
    let stays = if point_and_hyphen(run, b) {
        POINT_AND_HYPHEN
    } else if before.sign.has_hyphen() {
        probability(models.hyphen.log_odds(&features))
    } else {
        0.0
    };
    let keep = stays >= models.hyphen.review;
    let joint = match keep {
        true if pairs::is_conjunction(&parts.after_folded) => Joint::Hanging,
        true => Joint::Keep,
        false => Joint::Join,
    };
    if keep {
        evidence = evidence::of_hyphen(run, b, &parts, &features, &models.hyphen);
    }
    let goes_on = if point_and_hyphen(run, b) { 1.0 - end } else { goes_on };
    let confidence = goes_on * if keep { stays } else { 1.0 - stays };
    let safe = if keep { models.hyphen.safe } else { model.safe };
    let applicability = if confidence >= safe { Applicability::Safe } else { Applicability::Review };
    let marks = (before.end - before.tail.1) as usize;
    let drop_after = (after.head.0 - after.start) as usize;
    Decision { joint, confidence, applicability: Some(applicability), evidence, drop_before: if keep { 0 } else { marks }, drop_after }
}

/// An abbreviation with a hyphen (`St.-/Georgskanal`, `fg.-/Korr.`): the hyphen belongs to the word.
fn point_and_hyphen(run: &Run, b: &Boundary) -> bool {
    let before = run.view(b.before);
    matches!(run.text[before.tail.1 as usize..before.end as usize].trim(), ".-" | ".⸗" | ".¬")
        && run.view(b.after).opening == Opening::Upper
}

/// No word is cut: the paragraph goes on, or ends.
fn apart(run: &Run, b: &Boundary, goes_on: f32, end: f32, models: &Paragraphs) -> Decision {
    let (joint, confidence) = if end >= models.context.review { (Joint::Paragraph, end) } else { (Joint::Space, 1.0 - end - goes_on) };
    let applicability = if confidence >= models.context.safe { Applicability::Safe } else { Applicability::Review };
    let mut evidence = evidence::of_space(run, b, joint);
    evidence.extend(boxes::evidence(run.ctx.issue, b, joint == Joint::Paragraph));
    Decision { joint, confidence, applicability: Some(applicability), evidence, drop_before: 0, drop_after: 0 }
}

/// An empty line or a page end: the text goes on only where its last and first words say so.
///
/// What other lines of the issue look like must not matter here: they look different when the text has been cleaned once.
fn at_gap(run: &Run, b: &Boundary, models: &Words) -> Decision {
    let (before, after) = (run.view(b.before), run.view(b.after));
    let lower = after.opening == Opening::Lower && matches!(after.lead, Lead::None | Lead::Quote);
    if before.sign.is_hyphen() && lower {
        let (parts, features) = run.word(b);
        let stays = probability(models.hyphen.log_odds(&features));
        let keep = stays >= models.hyphen.review;
        let joint = match keep {
            true if pairs::is_conjunction(&parts.after_folded) => Joint::Hanging,
            true => Joint::Keep,
            false => Joint::Join,
        };
        // Only words count as proof here: they read the same when the rest of the issue has been repaired.
        // Blocks of an OCR engine end anywhere, where an empty line of a text was set by somebody.
        let gap_is_none = b.kind == BoundaryKind::Page || !run.ctx.issue.ocr.lines.is_empty();
        let proven = gap_is_none && joint == Joint::Join && parts.joined_is_the_better_reading();
        return Decision {
            joint,
            confidence: if proven { PROVEN_OVER_PAGE } else { HYPHEN_OVER_GAP * if keep { stays } else { 1.0 - stays } },
            applicability: Some(if proven { Applicability::Safe } else { Applicability::Review }),
            evidence: evidence::of_hyphen(run, b, &parts, &features, &models.hyphen),
            drop_before: if keep { 0 } else { (before.end - before.tail.1) as usize },
            drop_after: (after.head.0 - after.start) as usize,
        };
    }
    let open = matches!(before.sign, Sign::Bare | Sign::Comma | Sign::Semicolon) && before.tail.0 < before.tail.1;
    if b.kind == BoundaryKind::Page && open && run.is_wrapped(b.before) {
        return Decision {
            joint: Joint::Space,
            confidence: SENTENCE_OVER_PAGE,
            applicability: Some(Applicability::Review),
            evidence: evidence::of_space(run, b, Joint::Space),
            drop_before: 0,
            drop_after: 0,
        };
    }
    Decision {
        joint: Joint::Paragraph,
        confidence: 0.98,
        applicability: None,
        evidence: smallvec![Evidence::named("no-split-sign")],
        drop_before: 0,
        drop_after: 0,
    }
}
