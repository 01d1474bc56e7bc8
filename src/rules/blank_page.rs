//! `blank-page`: a page without text.

use smallvec::smallvec;

use super::{Meta, Proposals, Rule, Stage, View};
use crate::characters::is_alphanumeric;
use crate::edit::{Evidence, Finding, Severity};
use crate::messages::say;

pub struct BlankPage;

/// Letters under which a page holds no text: stray marks of the scanner.
const LETTERS: usize = 8;

impl Rule for BlankPage {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "blank-page",
            stage: Stage::Findings,
            severity: Severity::Warning,
            summary: "Reports a page that holds no text but its running head.",
            why: "The scan is blank, or OCR failed on the whole page.",
            caution: "Pages of pictures and truly blank pages have no text by right.",
            source: "The text of the page.",
            examples: &[],
        }
    }

    fn check_issue(&self, view: &View, out: &mut Proposals) {
        let issue = view.issue;
        // A file without any text is reported once, whatever it is.
        for (index, page) in issue.pages.iter().enumerate() {
            let lines = issue.regions[page.regions.clone()].iter().flat_map(|r| r.lines.clone());
            let text = lines.filter(|l| !issue.lines[*l].role.is_furniture()).flat_map(|l| issue.line_text(l).chars());
            let letters = text.filter(|c| is_alphanumeric(*c)).take(LETTERS).count();
            if letters < LETTERS && (issue.pages.len() > 1 || letters == 0) {
                out.findings.push(Finding {
                    rule: self.meta().name,
                    severity: self.meta().severity,
                    places: smallvec![page.span.clone()],
                    message: say("blank-page.found", &[("page", &view.articles.pages[index].number)]),
                    evidence: [Evidence::count("letters", letters as u32)].into_iter().collect(),
                    related: Vec::new(),
                });
            }
        }
    }
}
