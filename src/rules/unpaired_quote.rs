//! `unpaired-quote`: quotation and title marks that do not come out even.

use smallvec::SmallVec;

use super::{Example, Meta, Proposals, Rule, Stage, View};
use crate::characters::{after, before, find_pairs, is_digit, is_latin};
use crate::edit::{Evidence, Finding, Severity};
use crate::messages::say;
use crate::model::{Role, Span};
use crate::structure::final_mark;

pub struct UnpairedQuote;

impl Rule for UnpairedQuote {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "unpaired-quote",
            stage: Stage::Findings,
            severity: Severity::Note,
            summary: "Reports quotation and title marks (“” ‘’ 「」 『』 《》 〈〉) that close nothing, are never closed, cross, or stand within their own kind.",
            why: "OCR loses one of a pair or reads an opening mark as a closing one; who says what, and which words are a title, then cannot be told.",
            caution: "Nothing is changed: which mark is the wrong one only the scan tells. A quotation over several paragraphs opens each of them \
                      and closes the last: that is right. The print itself may have left a mark out, and a cut article its end.",
            source: "GB/T 15834-2011, 4.8 (quotation marks) and 4.15 (title marks); Taiwan's revised handbook of punctuation (2008) for 「」『』.",
            examples: &[Example {
                before: "他说：“我们一起走。大家都说好，第二天就动身了。",
                after: "他说：“我们一起走。大家都说好，第二天就动身了。",
            }],
        }
    }

    fn check_issue(&self, view: &View, out: &mut Proposals) {
        let issue = view.issue;
        for article in &view.articles.list {
            let (mut body, mut troubles) = (Stack::default(), Vec::new());
            for &line in article.parts.iter().flat_map(|p| &p.lines).filter(|line| issue.line_language(**line).is_chinese()) {
                let (text, start) = (issue.line_text(line), issue.lines[line].span.start);
                if issue.lines[line].role == Role::Body {
                    body.line(text, start, &mut troubles);
                } else {
                    // A title or a byline has its pairs to itself.
                    let mut own = Stack::default();
                    own.line(text, start, &mut troubles);
                    own.end(&mut troubles);
                }
            }
            body.end(&mut troubles);
            troubles.sort_by_key(|t| t.span.start);
            // One finding a paragraph.
            let line = |t: &Trouble| issue.lines.partition_point(|l| l.span.end < t.span.end);
            for troubles in troubles.chunk_by(|a, b| line(a) == line(b)) {
                out.findings.push(Finding {
                    rule: self.meta().name,
                    severity: self.meta().severity,
                    places: troubles.iter().map(|t| t.span.clone()).collect(),
                    message: say("unpaired-quote.found", &[("n", &troubles.len())]),
                    evidence: troubles.iter().map(|t| Evidence::text(t.what, issue.text[t.span.clone()].to_owned())).collect(),
                    related: Vec::new(),
                });
            }
        }
    }
}

const PAIRS: [(char, char); 6] = [('“', '”'), ('‘', '’'), ('「', '」'), ('『', '』'), ('《', '》'), ('〈', '〉')];

struct Trouble {
    what: &'static str,
    span: Span,
}

/// A mark that waits for its partner.
struct Open {
    pair: (char, char),
    span: Span,
    reported: bool,
}

/// The marks that are open, the innermost last.
#[derive(Default)]
struct Stack(SmallVec<[Open; 4]>);

impl Stack {
    /// Takes the marks of one line that begins at `start` of the issue.
    fn line(&mut self, text: &str, start: usize, troubles: &mut Vec<Trouble>) {
        let indent = text.len() - text.trim_start().len();
        // The last two bytes of “” ‘’ (E2 80 98–9D) and of 〈〉《》「」『』 (E3 80 88–8F).
        let rare = |a: u8, b: u8| (a == 0x80) & ((b.wrapping_sub(0x98) < 6) | (b.wrapping_sub(0x88) < 8));
        for at in find_pairs(text.as_bytes(), rare).map(|last| last.saturating_sub(1)).filter(|at| text.is_char_boundary(*at)) {
            let Some(c) = after(text, at) else { continue };
            let span = start + at..start + at + c.len_utf8();
            if let Some(pair) = PAIRS.into_iter().find(|p| p.0 == c) {
                self.open(pair, span, at == indent, troubles);
            } else if let Some(pair) = PAIRS.into_iter().find(|p| p.1 == c) {
                // Xi’an, ’98
                let beside = before(text, at).is_some_and(is_latin) || after(text, at + c.len_utf8()).is_some_and(is_digit);
                let apostrophe = c == '’' && beside && self.0.iter().all(|o| o.pair != pair);
                if !apostrophe {
                    self.close(pair, span, troubles);
                }
            }
        }
        // A title does not go on in the next paragraph.
        if final_mark(text.trim_end()) {
            let (titles, rest) = std::mem::take(&mut self.0).into_iter().partition(|o| matches!(o.pair.0, '《' | '〈'));
            self.0 = rest;
            Stack(titles).end(troubles);
        }
    }

    fn open(&mut self, pair: (char, char), span: Span, first: bool, troubles: &mut Vec<Trouble>) {
        if let Some(open) = self.0.last_mut().filter(|o| o.pair == pair) {
            // A new paragraph of a quotation opens it again.
            if !first {
                troubles.push(Trouble { what: "opens-within-itself", span: span.clone() });
                open.reported = true;
            }
            open.span = span;
        } else {
            self.0.push(Open { pair, span, reported: false });
        }
    }

    fn close(&mut self, pair: (char, char), span: Span, troubles: &mut Vec<Trouble>) {
        match self.0.iter().rposition(|o| o.pair == pair) {
            Some(at) => {
                Stack(self.0.drain(at + 1..).collect()).end(troubles);
                self.0.pop();
            }
            None => troubles.push(Trouble { what: "closes-nothing", span }),
        }
    }

    /// What is open now is never closed.
    fn end(self, troubles: &mut Vec<Trouble>) {
        troubles.extend(self.0.into_iter().filter(|o| !o.reported).map(|o| Trouble { what: "never-closed", span: o.span }));
    }
}
