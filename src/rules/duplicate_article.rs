//! `duplicate-article`: an article that stands in the batch more than once.

use super::{Meta, Rule, Stage};
use crate::duplicates::batch::{Batch, Wanted, findings};
use crate::edit::Severity;
use crate::record::FindingRecord;

pub struct DuplicateArticle;

impl Rule for DuplicateArticle {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "duplicate-article",
            stage: Stage::Findings,
            severity: Severity::Warning,
            summary: "Reports an article that stands in the batch more than once, however badly its copies were read.",
            why: "A page was scanned twice, an issue delivered twice, or the text was reprinted: copies distort every count and search.",
            caution: "Reprints are copies by right: the finding says what is the same, not that one of them is wrong. Notices of one form with other names and numbers are not reported.",
            source: "FracMinHash (Irber et al. 2022) for candidates, chained k-grams (Li 2018) for the proof.",
            examples: &[],
        }
    }

    fn check_batch(&self, batch: &Batch, out: &mut Vec<FindingRecord>) {
        findings(batch, Wanted::Copies, self.meta().name, self.meta().severity, out);
    }
}
