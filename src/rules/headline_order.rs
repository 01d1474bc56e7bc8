//! `headline-order`: title lines that cannot stand in the order they stand in.

use smallvec::smallvec;

use super::unmatched_jump_line::related;
use super::{Meta, Proposals, Rule, Stage, View};
use crate::articles::Article;
use crate::characters::is_alphanumeric;
use crate::edit::{Evidence, Finding, Severity};
use crate::messages::say;
use crate::model::{Issue, Role};
use crate::structure::opens_with_byline;

pub struct HeadlineOrder;

/// Letters of each half that the text has to tell again around 暨.
const RETOLD: usize = 4;

impl Rule for HeadlineOrder {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "headline-order",
            stage: Stage::Findings,
            severity: Severity::Warning,
            summary: "Reports a title line that opens with 暨 or —— and stands before its first half, and text between two title lines of one article, with the order proposed.",
            why: "暨 (“and at the same time”) and a dash in front go on from a line before; reading order by columns puts title lines of different sizes out of order.",
            caution: "Nothing is moved. Where the text does not tell the whole title again, the headline is taken for the first half.",
            source: "GB/T 15834 for the dash before a deck (副题).",
            examples: &[],
        }
    }

    fn check_issue(&self, view: &View, out: &mut Proposals) {
        let issue = view.issue;
        for (number, article) in view.articles.list.iter().enumerate() {
            let titles: Vec<usize> = article
                .lines()
                .take_while(|l| matches!(issue.lines[*l].role, Role::Headline | Role::Kicker | Role::Deck | Role::Banner))
                .collect();
            let titles: Vec<usize> = titles.into_iter().filter(|l| issue.lines[*l].role != Role::Banner).collect();
            let Some(at) = titles.iter().position(|l| goes_on(issue, *l)) else {
                self.text_between(view, number, out);
                continue;
            };
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

impl HeadlineOrder {
    /// Text between two title lines of one article: the first title has text that is not its own, and the article below, which opens with
    /// a byline, tells the words of that title.
    fn text_between(&self, view: &View, number: usize, out: &mut Proposals) {
        let issue = view.issue;
        let list = &view.articles.list;
        let Some(next) = list.get(number + 1) else { return };
        let (Some(first), Some(second)) = (Head::of(issue, &list[number]), Head::of(issue, next)) else { return };
        let on = |line: usize| issue.lines[line].page;
        // Between two title lines stands a paragraph or two, not an article.
        if on(first.title) != on(second.title) || first.body.len() > 3 || first.byline || !second.byline || list[number].parts.len() > 1 {
            return;
        }
        let (own, below) = (told(issue, first.title, &first.body), told(issue, first.title, &second.body));
        if below < 0.5 || own * 2.0 > below {
            return;
        }
        let line = |l: usize| issue.line_text(l).trim();
        let order = format!("{} / {}", line(first.title), line(second.title));
        out.findings.push(Finding {
            rule: self.meta().name,
            severity: self.meta().severity,
            places: smallvec![issue.lines[first.body[0]].span.clone()],
            message: say("headline-order.between", &[("order", &order)]),
            evidence: [
                Evidence::count("percent-told-below", (below * 100.0) as u32),
                Evidence::count("percent-told-here", (own * 100.0) as u32),
            ]
            .into_iter()
            .collect(),
            related: vec![related(view, "next-title-line", second.title)],
        });
    }
}

/// The beginning of an article.
struct Head {
    /// Its first title line.
    title: usize,
    body: Vec<usize>,
    /// The text opens with a byline, or one stands above it.
    byline: bool,
}

impl Head {
    fn of(issue: &Issue, article: &Article) -> Option<Head> {
        let title = article.lines().next().filter(|l| matches!(issue.lines[*l].role, Role::Headline | Role::Kicker))?;
        let body: Vec<usize> = article.with_role(issue, Role::Body).collect();
        let first = *body.first()?;
        let byline = opens_with_byline(issue.line_text(first)) || article.with_role(issue, Role::Byline).next().is_some();
        issue.line_language(title).is_chinese().then_some(Head { title, body, byline })
    }
}

/// Share of the title's character pairs that the text has, 0 to 1.
fn told(issue: &Issue, title: usize, body: &[usize]) -> f32 {
    let text: String = body.iter().flat_map(|l| issue.line_text(*l).chars()).filter(|c| is_alphanumeric(*c)).take(1200).collect();
    let title: Vec<char> = issue.line_text(title).chars().filter(|c| is_alphanumeric(*c)).collect();
    let pairs = title.windows(2).filter(|w| text.contains(&w.iter().collect::<String>())).count();
    pairs as f32 / title.len().saturating_sub(1).max(1) as f32
}

/// Opens as a second half does: with 暨, or with a dash that no dash at its end makes a frame.
fn goes_on(issue: &Issue, line: usize) -> bool {
    let text = issue.line_text(line).trim();
    issue.line_language(line).is_chinese() && (text.starts_with('暨') || text.starts_with("——") && !text.ends_with('—'))
}

/// The title line that the text tells right before 暨 and the beginning of the second half.
fn first_half(issue: &Issue, article: &Article, titles: &[usize], at: usize) -> Option<usize> {
    let letters = |line: usize| issue.line_text(line).chars().filter(|c| is_alphanumeric(*c)).collect::<String>();
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
