//! `unmatched-jump-line`: an article says that it goes on (or comes from) elsewhere, and the other half is not there.

use smallvec::smallvec;

use super::{Example, Meta, Proposals, Rule, Stage, View};
use crate::edit::{Evidence, Finding, Related, Severity};
use crate::messages::say;
use crate::places::Places;
use crate::structure::JumpDirection;

pub struct UnmatchedJumpLine;

impl Rule for UnmatchedJumpLine {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "unmatched-jump-line",
            stage: Stage::Findings,
            severity: Severity::Warning,
            summary: "Reports a jump line（下转2版）, `Continued on page 3` without its other half.",
            why: "The article is cut: its rest stands on a page that is missing, or lost the line that says where it comes from.",
            caution: "Two halves must name each other's pages and say the like. Pages count as they are numbered, or as they come; where a batch holds loose pages, the other half may be in another file.",
            source: "Newspaper practice in Chinese, German, English and French; the forms are listed in src/structure/jump.rs.",
            examples: &[Example { before: "会议指出，（下转2版）", after: "会议指出，（下转2版）" }],
        }
    }

    fn check_issue(&self, view: &View, out: &mut Proposals) {
        let articles = view.articles;
        let there = |page: u32| articles.pages.iter().any(|p| p.number == page);
        for jump in &articles.unmatched {
            let page = jump.names;
            let key = match (jump.direction, there(page)) {
                (JumpDirection::To, false) => "unmatched-jump-line.to-missing-page",
                (JumpDirection::To, true) => "unmatched-jump-line.to-page",
                (JumpDirection::From, false) => "unmatched-jump-line.from-missing-page",
                (JumpDirection::From, true) => "unmatched-jump-line.from-page",
            };
            let pages = articles.pages.len() as u32;
            let evidence = [Evidence::text("jump-line", &view.issue.text[jump.span.clone()]), Evidence::count("pages-in-issue", pages)];
            out.findings.push(Finding {
                rule: self.meta().name,
                severity: self.meta().severity,
                places: smallvec![jump.span.clone()],
                message: say(key, &[("page", &page)]),
                evidence: evidence.into_iter().collect(),
                related: jump.nearest.map(|line| related(view, "counterpart", line)).into_iter().collect(),
            });
        }
    }
}

/// A line a finding is about besides its place, as files have it.
pub(super) fn related(view: &View, role: &'static str, line: usize) -> Related {
    let places = Places::new(view.read);
    let place = places.of(&view.back.to_old(view.issue.lines[line].span.clone()));
    let text: String = view.issue.line_text(line).chars().take(24).collect();
    Related { role, path: place.path.to_string_lossy().into(), line: place.line, text: text.into() }
}
