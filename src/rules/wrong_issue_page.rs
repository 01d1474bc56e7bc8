//! `wrong-issue-page`: a page whose running head has another date than the rest of its issue.

use smallvec::smallvec;

use super::{Meta, Proposals, Rule, Stage, View};
use crate::edit::{Evidence, Finding, Severity};
use crate::messages::say;
use crate::structure::Date;

pub struct WrongIssuePage;

impl Rule for WrongIssuePage {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "wrong-issue-page",
            stage: Stage::Findings,
            severity: Severity::Warning,
            summary: "Reports a page whose running head has another date than most pages of its issue.",
            why: "A page of another issue was filed here; it is missing there.",
            caution: "Weekend and joint issues carry two dates; a misread figure of a date looks the same.",
            source: "The running heads of the issue.",
            examples: &[],
        }
    }

    fn check_issue(&self, view: &View, out: &mut Proposals) {
        let pages = &view.articles.pages;
        let dates: Vec<Date> = pages.iter().filter_map(|p| p.date).collect();
        let count = |date: &Date| dates.iter().filter(|d| *d == date).count();
        let Some(most) = dates.iter().max_by_key(|d| (count(d), std::cmp::Reverse(**d))) else { return };
        if count(most) < 2 || count(most) * 2 <= dates.len() {
            return;
        }
        for page in pages {
            let (Some(date), Some(head)) = (page.date.filter(|d| d != most), page.head) else { continue };
            out.findings.push(Finding {
                rule: self.meta().name,
                severity: self.meta().severity,
                places: smallvec![view.issue.lines[head].span.clone()],
                message: say("wrong-issue-page.found", &[("date", &shown(date)), ("most", &shown(*most))]),
                evidence: [Evidence::count("pages-with-the-issue's-date", count(most) as u32)].into_iter().collect(),
                related: Vec::new(),
            });
        }
    }
}

/// ISO 8601.
pub(super) fn shown((year, month, day): Date) -> String {
    format!("{year:04}-{month:02}-{day:02}")
}
