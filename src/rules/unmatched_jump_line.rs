//! `unmatched-jump-line`: an article says that it goes on (or comes from) elsewhere, and the other half is not there.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;
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
        // Halves that wait for the other one, by the two pages; each is taken once, since two articles may jump between the same pages.
        let mut waiting: FxHashMap<(u32, u32), VecDeque<usize>> = FxHashMap::default();
        let mut matched = vec![false; jumps.len()];
        for (i, jump) in jumps.iter().enumerate().filter(|(_, j)| j.direction == JumpDirection::From) {
            waiting.entry((jump.names, jump.on)).or_default().push_back(i);
        }
        for (i, jump) in jumps.iter().enumerate().filter(|(_, j)| j.direction == JumpDirection::To) {
            if let Some(other) = waiting.get_mut(&(jump.on, jump.names)).and_then(VecDeque::pop_front) {
                (matched[i], matched[other]) = (true, true);
            }
        }
        for (jump, _) in jumps.iter().zip(&matched).filter(|(_, matched)| !**matched) {
            let page = jump.names;
            let message = match jump.direction {
                JumpDirection::To if page > pages => format!("the article goes on on page {page}, which is not there: its rest is missing"),
                JumpDirection::To => {
                    format!("the article goes on on page {page}, but no line there takes it up: its rest is missing or unmarked")
                }
                JumpDirection::From if page > pages => {
                    format!("the article begins on page {page}, which is not there: its beginning is missing")
                }
                JumpDirection::From => {
                    format!("the article begins on page {page}, but no line there leads here: its beginning is missing or unmarked")
                }
            };
            let evidence = [Evidence::text("jump-line", &view.issue.text[jump.span.clone()]), Evidence::count("pages-in-issue", pages)];
            out.findings.push(Finding {
                rule: self.meta().name,
                severity: self.meta().severity,
                places: smallvec![jump.span.clone()],
                message,
                evidence: evidence.into_iter().collect(),
                related: Vec::new(),
            });
        }
    }
}

struct Jump {
    direction: JumpDirection,
    /// The page it stands on, 1-based.
    on: u32,
    /// The page it names.
    names: u32,
    span: Span,
}

/// The jump of a line. A note that names no page (`Schluß folgt`, 未完待续) leads to another issue: nothing here can answer it.
fn jump(view: &View, line: usize) -> Option<Jump> {
    let found = jump_line(view.issue.line_text(line))?;
    let start = view.issue.lines[line].span.start;
    Some(Jump {
        direction: found.direction,
        on: view.issue.lines[line].page + 1,
        names: found.page?,
        span: start + found.span.start..start + found.span.end,
    })
}
