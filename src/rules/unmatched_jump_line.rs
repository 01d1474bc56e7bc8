//! `unmatched-jump-line`: an article says that it goes on (or comes from) elsewhere, and the other half is not there.

use smallvec::smallvec;

use super::{Example, Meta, Proposals, Rule, Stage, View};
use crate::edit::{Evidence, Finding, Severity};
use crate::model::Span;
use crate::structure::{JumpDirection, jump_line};

pub struct UnmatchedJumpLine;

impl Rule for UnmatchedJumpLine {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "unmatched-jump-line",
            stage: Stage::Findings,
            severity: Severity::Warning,
            summary: "Reports a jump line（下转2版）, `Continued on page 3` without its other half.",
            why: "The article is cut: its rest stands on a page that is missing, or lost the line that says where it comes from.",
            caution: "Pages are counted as they come; where a batch holds loose pages, the other half may be in another file.",
            source: "Newspaper practice in Chinese, German, English and French; the forms are listed in src/structure/jump.rs.",
            examples: &[Example { before: "会议指出，（下转2版）", after: "会议指出，（下转2版）" }],
        }
    }

    fn check_issue(&self, view: &View, out: &mut Proposals) {
        let jumps: Vec<Jump> = (0..view.issue.lines.len()).filter_map(|line| jump(view, line)).collect();
        let pages = view.issue.pages.len() as u32;
        let mut matched = vec![false; jumps.len()];
        for i in 0..jumps.len() {
            // One half each: two articles may jump between the same two pages.
            let other = (0..jumps.len()).find(|&j| !matched[j] && !matched[i] && jumps[i].continues_in(&jumps[j]));
            if let Some(j) = other {
                (matched[i], matched[j]) = (true, true);
            }
        }
        for (jump, _) in jumps.iter().zip(&matched).filter(|(_, matched)| !**matched) {
            let message = match (jump.direction, jump.names) {
                (JumpDirection::To, Some(page)) if page > pages => {
                    format!("the article goes on on page {page}, which is not there: its rest is missing")
                }
                (JumpDirection::To, Some(page)) => {
                    format!("the article goes on on page {page}, but no line there takes it up: its rest is missing or unmarked")
                }
                (JumpDirection::To, None) => "the article goes on elsewhere, and nothing takes it up: its rest is missing".to_string(),
                (JumpDirection::From, Some(page)) if page > pages => {
                    format!("the article begins on page {page}, which is not there: its beginning is missing")
                }
                (JumpDirection::From, Some(page)) => {
                    format!("the article begins on page {page}, but no line there leads here: its beginning is missing or unmarked")
                }
                (JumpDirection::From, None) => "the article begins elsewhere, and nothing leads here: its beginning is missing".to_string(),
            };
            let evidence = [Evidence::text("jump-line", &view.issue.text[jump.span.clone()]), Evidence::count("pages-in-issue", pages)];
            out.findings.push(Finding {
                rule: self.meta().name,
                severity: self.meta().severity,
                places: smallvec![jump.span.clone()],
                message,
                evidence: evidence.into_iter().collect(),
            });
        }
    }
}

struct Jump {
    direction: JumpDirection,
    /// The page it stands on, 1-based.
    on: u32,
    /// The page it names.
    names: Option<u32>,
    span: Span,
}

impl Jump {
    /// Whether `other` is where this article is taken up again.
    fn continues_in(&self, other: &Jump) -> bool {
        let meets = |names: Option<u32>, page: u32| names.is_none_or(|n| n == page);
        self.direction == JumpDirection::To
            && other.direction == JumpDirection::From
            && meets(self.names, other.on)
            && meets(other.names, self.on)
    }
}

fn jump(view: &View, line: usize) -> Option<Jump> {
    let found = jump_line(view.issue.line_text(line))?;
    let start = view.issue.lines[line].span.start;
    Some(Jump {
        direction: found.direction,
        on: view.issue.lines[line].page + 1,
        names: found.page,
        span: start + found.span.start..start + found.span.end,
    })
}
