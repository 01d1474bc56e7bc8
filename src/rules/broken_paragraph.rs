//! `broken-paragraph`: a paragraph cut between two words by a line, column or page end, or run into the next.

use super::{Example, Meta, Proposals, Rule, Stage, View};
use crate::breaks::render;
use crate::edit::Severity;

pub struct BrokenParagraph;

impl Rule for BrokenParagraph {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "broken-paragraph",
            stage: Stage::Breaks,
            severity: Severity::Note,
            summary: "Joins the parts of a paragraph that line, column and page ends tore apart, and parts paragraphs that run into each other.",
            why: "Layout is not text: a sentence that stops at the foot of a column is lost to search, quotation and translation.",
            caution: "A paragraph may end without a mark (titles, lists, verse) and a page may end exactly at a full stop; nothing in the text \
                      tells the latter, so such breaks stay.",
            source: "Probabilities fitted on public newspaper text of four languages; see dictionaries/README.md.",
            examples: &[
                Example { before: "The members met on\nMonday and dined.", after: "The members met on Monday and dined." },
                Example {
                    before: "首场宣讲在麻蓬取得了热烈反响。当天\n\n下午，宣讲团还走进余东未来乡村。",
                    after: "首场宣讲在麻蓬取得了热烈反响。当天下午，宣讲团还走进余东未来乡村。",
                },
            ],
        }
    }

    fn check_issue(&self, view: &View, out: &mut Proposals) {
        render::propose(view, self.meta().name, render::Defect::Paragraph, out);
    }
}
