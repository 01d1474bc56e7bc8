//! What the OCR format itself says of a split word (ALTO's SUBS_CONTENT, impresso's `nf`): a hint, since one in twenty is wrong. Where it
//! names the word that is found here anyway, both are right.

use super::run::Run;
use crate::breaks::{Boundary, Decision, Joint};
use crate::edit::Evidence;

/// The hint at a boundary, if it names the word that the decision makes.
pub fn agrees(run: &Run, b: &Boundary, decision: &Decision) -> Option<Evidence> {
    if !matches!(decision.joint, Joint::Join | Joint::Keep) {
        return None;
    }
    let issue = run.ctx.issue;
    let words = issue.printed_line(b.before)?.words.clone();
    let whole = issue.ocr.words.get(words.end.checked_sub(1).filter(|last| *last >= words.start)? as usize)?.whole.as_deref()?;
    let (before, after) = (run.view(b.before), run.view(b.after));
    let left = &run.text[before.start as usize..before.end as usize - decision.drop_before];
    let right = &run.text[after.start as usize + decision.drop_after..after.end as usize];
    let ours = [left.split_whitespace().next_back()?, right.split_whitespace().next()?].concat();
    let bare = |text: &str| text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    (bare(&ours) == bare(whole)).then(|| Evidence::text("word-in-ocr-file", whole))
}
