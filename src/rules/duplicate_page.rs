//! `duplicate-page`: one page of an issue stands in it twice.

use smallvec::smallvec;

use super::{Meta, Proposals, Rule, Stage, View};
use crate::edit::{Evidence, Finding, Related, Severity};
use crate::messages::say;
use crate::places::Places;

pub struct DuplicatePage;

impl Rule for DuplicatePage {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "duplicate-page",
            stage: Stage::Findings,
            severity: Severity::Warning,
            summary: "Reports a page that repeats an earlier page of its issue, OCR noise tolerated.",
            why: "The same page was scanned twice: its articles are counted twice, and the page whose place it takes may be missing.",
            caution: "Pages of recurring notices (programmes, prices) can have a third of their words in common.",
            source: "Shared character 5-grams (Broder 1997, containment); with 10 % of the characters misread 59 % of them still agree.",
            examples: &[],
        }
    }

    fn check_issue(&self, view: &View, out: &mut Proposals) {
        for copy in &view.articles.copies {
            let span = |page: usize| {
                let region = &view.issue.regions[view.issue.pages[page].regions.start];
                view.issue.lines[region.lines.start].span.clone()
            };
            let first = span(copy.of);
            let text: String = view.issue.text[first.clone()].chars().take(24).collect();
            let places = Places::new(view.read);
            let place = places.of(&view.back.to_old(first));
            out.findings.push(Finding {
                rule: self.meta().name,
                severity: self.meta().severity,
                places: smallvec![span(copy.page)],
                message: say("duplicate-page.found", &[("page", &view.articles.pages[copy.of].number)]),
                evidence: [Evidence::count("percent-of-5-grams", (copy.share * 100.0).round() as u32)].into_iter().collect(),
                related: vec![Related {
                    role: "first-copy",
                    path: place.path.to_string_lossy().into(),
                    line: place.line,
                    text: text.into(),
                }],
            });
        }
    }
}
