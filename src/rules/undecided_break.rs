//! `undecided-break`: a break that looks like one inside a paragraph, too doubtful even to propose its repair.

use smallvec::smallvec;

use super::{Example, Meta, Proposals, Rule, Stage, View};
use crate::breaks::{Break, Joint, WORTH_A_LOOK};
use crate::edit::{Finding, Severity};
use crate::messages::say;

pub struct UndecidedBreak;

impl Rule for UndecidedBreak {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "undecided-break",
            stage: Stage::Breaks,
            severity: Severity::Note,
            summary: "Reports a break that may cut a paragraph, where the evidence is too thin for an edit.",
            why: "A break nobody repaired and nobody reported is found by a reader, years later.",
            caution: "Most of these breaks are right as they are; that is why nothing is proposed.",
            source: "The same probabilities as split-word and broken-paragraph.",
            examples: &[Example { before: "One paragraph ends.\n\nAnother begins.", after: "One paragraph ends.\n\nAnother begins." }],
        }
    }

    fn check_issue(&self, view: &View, out: &mut Proposals) {
        if view.stage != Stage::Breaks {
            return;
        }
        for b in view.breaks.iter().filter(|b| b.decision.applicability.is_none() && chance(b) >= WORTH_A_LOOK) {
            let (before, after) = (&view.issue.lines[b.boundary.before].span, &view.issue.lines[b.boundary.after].span);
            out.findings.push(Finding {
                rule: self.meta().name,
                severity: self.meta().severity,
                places: smallvec![before.end..before.end, after.start..after.start],
                message: say("undecided-break.found", &[("chance", &format_args!("{:.2}", chance(b)))]),
                evidence: b.decision.evidence.clone(),
                related: Vec::new(),
            });
        }
    }
}

/// The probability that the paragraph goes on.
fn chance(b: &Break) -> f32 {
    if b.decision.joint == Joint::Paragraph { 1.0 - b.decision.confidence } else { b.decision.confidence }
}
