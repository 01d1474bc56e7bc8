//! `long-s`: ſ where the text is to have s.

use memchr::memmem;
use smallvec::smallvec;

use super::{Example, Meta, Proposals, Rule, Stage, View};
use crate::edit::{Applicability, Edit, Evidence, Replacement, Severity};

pub struct LongS;

impl Rule for LongS {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "long-s",
            stage: Stage::Marks,
            severity: Severity::Note,
            summary: "Puts s where ſ stands, if asked to (--long-s fold); without that, nothing.",
            why: "Readers and search engines of today look for Wiſſenſchaft under Wissenschaft.",
            caution: "As printed, ſ and s tell words apart (Wachſtube, Wachstube): fold only text meant for reading. Never ſ to f, \
                      whatever a table of look-alikes says.",
            source: "Unicode: U+017F LATIN SMALL LETTER LONG S, compatibility decomposition s.",
            examples: &[Example { before: "Die Wiſſenſchaft.", after: "Die Wiſſenſchaft." }],
        }
    }

    fn check_issue(&self, view: &View, out: &mut Proposals) {
        if !view.dictionaries.profile().fold_long_s {
            return;
        }
        for at in memmem::find_iter(view.issue.text.as_bytes(), "ſ") {
            out.edits.push(Edit {
                rule: self.meta().name,
                replacements: smallvec![Replacement { span: at..at + 'ſ'.len_utf8(), text: "s".into() }],
                applicability: Applicability::Safe,
                confidence: 1.0,
                evidence: smallvec![Evidence::named("long-s")],
            });
        }
    }
}
