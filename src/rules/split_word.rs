//! `split-word`: a word cut by a line, column or page end.

use super::{Example, Meta, Proposals, Rule, Stage, View};
use crate::breaks::render;
use crate::edit::Severity;

pub struct SplitWord;

impl Rule for SplitWord {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "split-word",
            stage: Stage::Breaks,
            severity: Severity::Note,
            summary: "Joins a word that a line, column or page end cuts in two.",
            why: "Printers split words to fill the line; full-text search, word counts and every later step see two words that nobody wrote. \
                  In Chinese nothing marks the split, and a converter turns 头/发 into 頭發 where 头发 is 頭髮.",
            caution: "A hyphen at a line end may belong to the word (Vize-Admiral, well-known) or hang (Hoch- und Tiefbau); those keep it. \
                      Without evidence for either the break stays as it is.",
            source: "Probabilities fitted on public newspaper text of four languages; lexicons: see dictionaries/README.md.",
            examples: &[
                Example { before: "The com-\nmittee met on Monday.", after: "The committee met on Monday." },
                Example {
                    before: "区四套班子领导要带头示\n\n范，当好支持者、参与者。",
                    after: "区四套班子领导要带头示范，当好支持者、参与者。",
                },
            ],
        }
    }

    fn check_issue(&self, view: &View, out: &mut Proposals) {
        render::propose(view, self.meta().name, render::Defect::Word, out);
    }
}
