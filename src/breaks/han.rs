//! Breaks in Chinese text.

use super::{Boundary, Context, Decision, Joint};
use crate::edit::{Applicability, Evidence};

/// Decides a run of boundaries of Han text, in reading order.
pub fn decide(ctx: &Context, boundaries: &[Boundary], out: &mut Vec<Decision>) {
    for b in boundaries {
        let before = ctx.issue.line_text(b.before).trim_end();
        let final_mark = before.ends_with(['。', '！', '？', '”', '…', '：', '）', '」', '』', '—']);
        let join = !final_mark && before.chars().count() >= 22;
        out.push(Decision {
            joint: if join { Joint::Join } else { Joint::Paragraph },
            confidence: 0.9,
            applicability: join.then_some(Applicability::Safe),
            evidence: [Evidence::named("no-final-mark")].into_iter().collect(),
            drop_before: 0,
            drop_after: 0,
        });
    }
}
