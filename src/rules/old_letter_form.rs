//! `old-letter-form`: ligatures, r rotunda, the double oblique hyphen and vowels with an e above, where plain letters are wanted.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use smallvec::smallvec;

use super::{Example, Meta, Proposals, Rule, Stage, View};
use crate::edit::{Applicability, Edit, Evidence, Replacement, Severity};

pub struct OldLetterForm;

impl Rule for OldLetterForm {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "old-letter-form",
            stage: Stage::Marks,
            severity: Severity::Note,
            summary: "Puts plain letters where ligatures (ﬀ ﬁ), ꝛ, ⸗ or vowels with an e above (uͤ) stand, if asked to (--letter-forms fold); without that, nothing.",
            why: "Readers and search engines of today look for Waffe under Waﬀe and für under fuͤr; fonts of the web lack half of these forms.",
            caution: "As printed, the forms are evidence of the type and of the reading: fold only text meant for reading. ſ has a switch of its own \
                      (--long-s).",
            source: "Unicode: compatibility decompositions of U+FB00–FB06; MUFI for ꝛ and ⸗; the table dictionaries/latin/letter-forms.tsv.",
            examples: &[Example { before: "Die Waﬀe fuͤr den Kampf.", after: "Die Waﬀe fuͤr den Kampf." }],
        }
    }

    fn check_issue(&self, view: &View, out: &mut Proposals) {
        let profile = view.dictionaries.profile();
        if !profile.fold_letter_forms {
            return;
        }
        let (finder, forms) = &*FORMS;
        for found in finder.find_iter(&view.issue.text) {
            let plain = forms[found.pattern().as_usize()];
            let text = if profile.fold_long_s { plain.replace('ſ', "s").into() } else { plain.into() };
            out.edits.push(Edit {
                rule: self.meta().name,
                replacements: smallvec![Replacement { span: found.range(), text }],
                applicability: Applicability::Safe,
                confidence: 1.0,
                evidence: smallvec![Evidence::text("old-form-of", plain)],
            });
        }
    }
}

static FORMS: LazyLock<(AhoCorasick, Vec<&str>)> = LazyLock::new(|| {
    let rows = include_str!("../../dictionaries/latin/letter-forms.tsv").lines();
    let (forms, plain): (Vec<&str>, Vec<&str>) = rows.filter_map(|row| row.split_once('\t')).unzip();
    (AhoCorasick::new(forms).expect("a short table of letters"), plain)
});
