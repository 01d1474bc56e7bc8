//! `user-replacement`: what the collection's own dictionary replaces.

use smallvec::smallvec;

use super::{Example, Meta, Proposals, Rule, Stage, View};
use crate::edit::{Edit, Evidence, Replacement, Severity};

pub struct UserReplacement;

impl Rule for UserReplacement {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "user-replacement",
            stage: Stage::Marks,
            severity: Severity::Note,
            summary: "Replaces what a dictionary of the collection says (--user-dictionary FILE); without one, nothing.",
            why: "Names of people and places that the OCR always reads wrong are known to the team and to nobody else.",
            caution: "A row holds wherever its text stands, also inside longer words: `review` lets a person see each place.",
            source: "The file named: from, to, safe or review, note.",
            examples: &[Example { before: "柯成区委", after: "柯成区委" }],
        }
    }

    fn check_issue(&self, view: &View, out: &mut Proposals) {
        let Some(user) = view.dictionaries.user() else { return };
        for (span, row) in user.find(&view.issue.text) {
            let mut evidence = smallvec![Evidence::text("user-dictionary", row.from.clone())];
            if !row.note.is_empty() {
                evidence.push(Evidence::text("note", row.note.clone()));
            }
            out.edits.push(Edit {
                rule: self.meta().name,
                replacements: smallvec![Replacement { span, text: row.to.clone() }],
                applicability: row.applicability,
                confidence: 1.0,
                evidence,
            });
        }
    }
}
