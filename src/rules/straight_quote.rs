//! `straight-quote`: ASCII quotation marks in Chinese text.

use memchr::memchr;
use smallvec::smallvec;

use super::{Example, Meta, Proposals, Rule, Stage, View};
use crate::characters::{after, before, chinese_regions, is_cjk_mark, is_edge, is_han};
use crate::edit::{Applicability, Edit, Evidence, Replacement, Severity};
use crate::model::Language;

pub struct StraightQuote;

impl Rule for StraightQuote {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "straight-quote",
            stage: Stage::Marks,
            severity: Severity::Note,
            summary: "Puts “ or ” where an ASCII quotation mark stands in Chinese text.",
            why: "Print tells the opening mark from the closing one; an OCR model that hands out \" for both loses who says what, and a \
                  later pair may close the wrong quotation.",
            caution: "Opening and closing take turns in a paragraph, curly marks already there included. Where that does not come out even, or \
                      speaks against the marks beside it, the whole paragraph waits for a person. So does traditional text; with 「」 in it \
                      it is left alone.",
            source: "GB/T 15834-2011, 4.8. A paragraph that opens “ again within a quotation is right.",
            examples: &[
                Example {
                    before: "他说:\"我们一起走。\"大家都说\"好\"。", after: "他说：“我们一起走。”大家都说“好”。"
                },
                Example { before: "Er rief \"Halt\" und blieb stehen.", after: "Er rief \"Halt\" und blieb stehen." },
            ],
        }
    }

    fn check_issue(&self, view: &View, out: &mut Proposals) {
        if memchr(b'"', view.issue.text.as_bytes()).is_none() {
            return;
        }
        for region in chinese_regions(view.issue) {
            let text = &view.issue.text[region.clone()];
            if memchr(b'"', text.as_bytes()).is_none() || text.contains(['「', '﹁']) {
                continue;
            }
            let line = view.issue.lines.partition_point(|l| l.span.end <= region.start);
            let traditional = view.issue.line_language(line) == Language::ZhHant;
            let quotes = quotes(text);
            let roles = assign(&quotes);
            let sure = !traditional && quotes.iter().zip(&roles).all(|(q, role)| q.kind != Kind::Straight || role.margin >= SURE);
            for (quote, role) in quotes.iter().zip(&roles).filter(|(q, _)| q.kind == Kind::Straight) {
                let (to, name) = if role.opens { ("“", "opens-quotation") } else { ("”", "closes-quotation") };
                let at = region.start + quote.at;
                let mut evidence = smallvec![Evidence::named(name)];
                if !sure {
                    evidence.push(Evidence::named(if traditional { "traditional-text" } else { "paragraph-does-not-come-out-even" }));
                }
                out.edits.push(Edit {
                    rule: self.meta().name,
                    replacements: smallvec![Replacement { span: at..at + 1, text: to.into() }],
                    applicability: if sure { Applicability::Safe } else { Applicability::Review },
                    confidence: if sure { 0.998 } else { 0.75 },
                    evidence,
                });
            }
        }
    }
}

/// How much worse the other reading of every mark must be.
const SURE: f32 = 2.5;
/// The price of a mark that opens within a quotation, or closes outside of one.
const OUT_OF_TURN: f32 = 3.0;
/// The price of a paragraph that begins or ends within a quotation: legal, but seldom.
const OPEN_END: f32 = 2.0;
/// The price of a role that the neighbours speak against.
const WRONG_SIDE: f32 = 4.0;
/// The price where the neighbours say nothing.
const UNCLEAR: f32 = 0.25;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Open,
    Close,
    Straight,
}

#[derive(Debug)]
struct Quote {
    at: usize,
    kind: Kind,
    line_start: bool,
    open_price: f32,
    close_price: f32,
}

fn quotes(text: &str) -> Vec<Quote> {
    let mut quotes = Vec::new();
    for (at, c) in text.char_indices() {
        let kind = match c {
            '“' => Kind::Open,
            '”' => Kind::Close,
            '"' => Kind::Straight,
            _ => continue,
        };
        let (previous, next) = (before(text, at), after(text, at + c.len_utf8()));
        let chinese = |c: Option<char>| c.is_some_and(|c| is_han(c) || is_cjk_mark(c) || ('０'..='ｚ').contains(&c));
        if kind == Kind::Straight && !chinese(previous) && !chinese(next) {
            // Around Latin words (the "Times"), or inches.
            let alone = |c: Option<char>| is_edge(c) || c.is_some_and(|c| matches!(c, ',' | '.' | ':' | ';' | '!' | '?' | '"' | '(' | ')'));
            if !(alone(previous) || alone(next)) {
                continue;
            }
        }
        let (open_price, close_price) = if kind == Kind::Straight { prices(previous, next) } else { (0.0, 0.0) };
        let line_start = is_edge(text[..at].trim_end_matches(['\u{3000}', ' ']).chars().next_back());
        quotes.push(Quote { at, kind, line_start, open_price, close_price });
    }
    quotes
}

/// What it costs to read the mark as opening and as closing, by the characters beside it.
///
/// ASCII marks count like their full-width twins, so that the answer is the same once those are repaired.
fn prices(previous: Option<char>, next: Option<char>) -> (f32, f32) {
    let ends = |c: char| {
        matches!(c, '，' | '。' | '、' | '；' | '：' | '！' | '？' | '）' | '》' | '】' | ',' | '.' | ';' | ':' | '!' | '?' | ')')
    };
    let open = match next {
        c if is_edge(c) => WRONG_SIDE,
        Some(c) if ends(c) => WRONG_SIDE,
        Some(c) if c.is_whitespace() => 1.0,
        _ => UNCLEAR,
    };
    let close = match previous {
        c if is_edge(c) => WRONG_SIDE,
        Some('：' | ':' | '（' | '(' | '《' | '【') => WRONG_SIDE,
        Some('，' | ',' | '、' | '\u{3000}') => OUT_OF_TURN,
        Some(' ') => 1.0,
        _ => UNCLEAR,
    };
    (open, close)
}

/// The role of a mark, and by how much the cheapest reading of the region with the other role is dearer.
#[derive(Clone, Copy, Debug)]
struct Reading {
    opens: bool,
    margin: f32,
}

/// The cheapest reading of all marks: two states, outside and inside a quotation, walked in both directions.
fn assign(quotes: &[Quote]) -> Vec<Reading> {
    let step = |q: &Quote, opens: bool, inside: bool| {
        let own = match (q.kind, opens) {
            (Kind::Open, true) | (Kind::Close, false) => 0.0,
            (Kind::Straight, true) => q.open_price,
            (Kind::Straight, false) => q.close_price,
            _ => f32::INFINITY,
        };
        let out_of_turn = if opens { inside && !q.line_start } else { !inside };
        own + if out_of_turn { OUT_OF_TURN } else { 0.0 }
    };
    // Cheapest way to be outside or inside before each mark, and from behind each mark to the end.
    let mut forward = vec![[0.0, OPEN_END]];
    for q in quotes {
        let last = forward[forward.len() - 1];
        let to = |opens| (last[0] + step(q, opens, false)).min(last[1] + step(q, opens, true));
        forward.push([to(false), to(true)]);
    }
    let mut backward = [0.0, OPEN_END];
    let mut readings: Vec<Reading> = quotes
        .iter()
        .enumerate()
        .rev()
        .map(|(i, q)| {
            let into = forward[i];
            let whole = |opens: bool| (into[0] + step(q, opens, false)).min(into[1] + step(q, opens, true)) + backward[usize::from(opens)];
            let (close, open) = (whole(false), whole(true));
            let from = |inside| (step(q, false, inside) + backward[0]).min(step(q, true, inside) + backward[1]);
            backward = [from(false), from(true)];
            Reading { opens: open < close, margin: (open - close).abs() }
        })
        .collect();
    readings.reverse();
    readings
}
