//! `headline-order`: title lines that cannot stand in the order they stand in.

use smallvec::smallvec;

use super::unmatched_jump_line::related;
use super::{Meta, Proposals, Rule, Stage, View};
use crate::articles::Article;
use crate::edit::{Evidence, Finding, Severity};
use crate::messages::say;
use crate::model::{Issue, Role};

pub struct HeadlineOrder;

/// Letters of each half that the text has to tell again around 暨.
const RETOLD: usize = 4;

impl Rule for HeadlineOrder {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "headline-order",
            stage: Stage::Findings,
            severity: Severity::Warning,
            summary: "Reports a title line that opens with 暨 or —— and stands before its first half, with the order proposed.",
            why: "暨 (“and at the same time”) and a dash in front go on from a line before; reading order by columns puts title lines of different sizes out of order.",
            caution: "Nothing is moved. Where the text does not tell the whole title again, the headline is taken for the first half.",
            source: "GB/T 15834 for the dash before a deck (副题).",
            examples: &[],
        }
    }

    fn check_issue(&self, view: &View, out: &mut Proposals) {
        let issue = view.issue;
        for article in &view.articles.list {
            let titles: Vec<usize> = article
                .lines()
                .take_while(|l| matches!(issue.lines[*l].role, Role::Headline | Role::Kicker | Role::Deck | Role::Banner))
                .collect();
            let titles: Vec<usize> = titles.into_iter().filter(|l| issue.lines[*l].role != Role::Banner).collect();
            let Some(at) = titles.iter().position(|l| goes_on(issue, *l)) else { continue };
            let told = first_half(issue, article, &titles, at);
            // At the top nothing else could be its first half than a line below; elsewhere only the text can tell.
            let below = || titles[1..].iter().copied().find(|l| issue.lines[*l].role == Role::Headline).or(titles.get(1).copied());
            let first = told.or_else(|| if at == 0 { below() } else { None });
            let Some(first) = first.filter(|l| *l > titles[at]) else { continue };
            let line = |l: usize| issue.line_text(l).trim();
            let mut order: Vec<usize> = titles.iter().copied().filter(|l| *l != titles[at]).collect();
            let place = order.iter().position(|l| *l == first).map_or(order.len(), |i| i + 1);
            order.insert(place, titles[at]);
            let proposed: Vec<&str> = order.iter().map(|l| line(*l)).collect();
            let mut evidence = vec![Evidence::text("opens-with", if line(titles[at]).starts_with('暨') { "暨" } else { "——" })];
            evidence.extend(told.map(|_| Evidence::named("told-in-this-order")));
            out.findings.push(Finding {
                rule: self.meta().name,
                severity: self.meta().severity,
                places: smallvec![issue.lines[titles[at]].span.clone()],
                message: say("headline-order.found", &[("order", &proposed.join(" / "))]),
                evidence: evidence.into_iter().collect(),
                related: vec![related(view, "first-half", first)],
            });
        }
    }
}

/// Opens as a second half does: with 暨, or with a dash that no dash at its end makes a frame.
fn goes_on(issue: &Issue, line: usize) -> bool {
    let text = issue.line_text(line).trim();
    issue.line_language(line).is_chinese() && (text.starts_with('暨') || text.starts_with("——") && !text.ends_with('—'))
}

/// The title line that the text tells right before 暨 and the beginning of the second half.
fn first_half(issue: &Issue, article: &Article, titles: &[usize], at: usize) -> Option<usize> {
    let letters = |line: usize| issue.line_text(line).chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let second = letters(titles[at]);
    let head: String = second.chars().take(1 + RETOLD).collect();
    if !head.starts_with('暨') {
        return None;
    }
    let body: Vec<String> = article.with_role(issue, Role::Body).map(letters).collect();
    titles.iter().copied().filter(|l| *l != titles[at]).find(|l| {
        let first = letters(*l);
        let skipped = first.chars().count().saturating_sub(RETOLD);
        let told: String = first.chars().skip(skipped).chain(head.chars()).collect();
        body.iter().any(|b| b.contains(&told))
    })
}
