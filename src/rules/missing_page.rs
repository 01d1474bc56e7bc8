//! `missing-page`: the page numbers of an issue leave a gap.

use smallvec::smallvec;

use super::{Meta, Proposals, Rule, Stage, View};
use crate::edit::{Evidence, Finding, Severity};
use crate::messages::say;
use crate::structure::JumpDirection;

pub struct MissingPage;

/// Issues of newspapers and magazines start again at 1; numbers over this go on through a volume.
const VOLUME: u32 = 40;

impl Rule for MissingPage {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "missing-page",
            stage: Stage::Findings,
            severity: Severity::Error,
            summary: "Reports gaps in the page numbers of an issue: of folios, of file names, of the pages that jump lines name.",
            why: "A page that was not scanned is missed by nobody until a reader looks for it.",
            caution: "Supplements and advertising pages are sometimes left out of the count. A page without a number counts as the one after the page before.",
            source: "Folios, running heads, file names and jump lines of the issue.",
            examples: &[],
        }
    }

    fn check_issue(&self, view: &View, out: &mut Proposals) {
        let articles = view.articles;
        let known = articles.pages.iter().filter(|p| p.printed.is_some() || p.named.is_some()).count();
        if articles.pages.len() < 2 || known * 2 < articles.pages.len() {
            return;
        }
        let mut numbers: Vec<(u32, usize)> =
            articles.pages.iter().enumerate().filter(|(i, _)| !articles.is_copy(*i)).map(|(i, p)| (p.number, i)).collect();
        numbers.sort_unstable();
        let Some(&(least, _)) = numbers.first() else { return };
        let mut before = if least <= VOLUME { 0 } else { least - 1 };
        let most = numbers.last().map_or(0, |n| n.0);
        // Numbers that leave more gaps than there are pages count something else.
        let steps = most - before;
        if steps as usize > numbers.len() * 2 {
            return;
        }
        let mut report = |from: u32, to: u32, page: usize, evidence: Evidence| {
            let facts = &articles.pages[page];
            let span = facts
                .head
                .map_or_else(|| view.issue.pages[page].span.start..view.issue.pages[page].span.start, |l| view.issue.lines[l].span.clone());
            let message = match from == to {
                true => say("missing-page.one", &[("page", &from)]),
                false => say("missing-page.more", &[("from", &from), ("to", &to)]),
            };
            out.findings.push(Finding {
                rule: self.meta().name,
                severity: self.meta().severity,
                places: smallvec![span],
                message,
                evidence: [evidence].into_iter().collect(),
                related: Vec::new(),
            });
        };
        for &(number, page) in &numbers {
            if number > before + 1 {
                report(before + 1, number - 1, page, Evidence::count("next-page", number));
            }
            before = number.max(before);
        }
        // Jump lines that lead beyond the last page.
        let beyond = articles.unmatched.iter().filter(|j| j.direction == JumpDirection::To && j.names > most && j.names <= most + 4);
        if let Some(names) = beyond.map(|j| j.names).max() {
            let last = numbers.last().map_or(0, |n| n.1);
            report(most + 1, names, last, Evidence::count("jump-line-names-page", names));
        }
    }
}
