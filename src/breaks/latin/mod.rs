//! Breaks in text with word spaces: German, English, French, and any other language in Latin letters.

pub mod line;
pub mod sign;

use smallvec::smallvec;

use super::{Boundary, BoundaryKind, Context, Decision, Joint};
use crate::edit::{Applicability, Evidence, EvidenceList};
use line::{LineView, Opening};

/// Decides a run of boundaries of Latin text, in reading order; one decision for each is pushed to `out`.
pub fn decide(ctx: &Context, boundaries: &[Boundary], out: &mut Vec<Decision>) {
    let text = ctx.issue.text.as_str();
    for boundary in boundaries {
        let before = LineView::new(text, ctx.issue.lines[boundary.before].span.clone());
        let after = LineView::new(text, ctx.issue.lines[boundary.after].span.clone());
        out.push(simple(boundary, &before, &after));
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
