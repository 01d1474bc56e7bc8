//! `page-order`: the printed page numbers of an issue do not ascend.

use smallvec::smallvec;

use super::{Meta, Proposals, Rule, Stage, View};
use crate::edit::{Evidence, Finding, Severity};
use crate::messages::say;

pub struct PageOrder;

impl Rule for PageOrder {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "page-order",
            stage: Stage::Findings,
            severity: Severity::Warning,
            summary: "Reports a page whose printed number is lower than that of a page before it.",
            why: "Pages that were scanned or named out of order tear articles apart and join strangers over the page end.",
            caution: "Supplements start to count anew; a misread folio looks the same.",
            source: "The folios and running heads of the issue.",
            examples: &[],
        }
    }

    fn check_issue(&self, view: &View, out: &mut Proposals) {
        let mut highest: Option<u32> = None;
        for (index, page) in view.articles.pages.iter().enumerate().filter(|(i, _)| !view.articles.is_copy(*i)) {
            let (Some(number), Some(head)) = (page.printed, page.head) else { continue };
            // 1 opens a supplement.
            if let Some(before) = highest.filter(|h| number < *h && number > 1) {
                let span = view.issue.lines[head].span.clone();
                out.findings.push(Finding {
                    rule: self.meta().name,
                    severity: self.meta().severity,
                    places: smallvec![span],
                    message: say("page-order.found", &[("page", &number), ("before", &before)]),
                    evidence: [Evidence::count("printed", number), Evidence::count("position", index as u32 + 1)].into_iter().collect(),
                    related: Vec::new(),
                });
            }
            highest = if number == 1 { Some(1) } else { highest.max(Some(number)) };
        }
    }
}
