//! `unwanted-script`: Chinese text in another script or regional standard than the one asked for.

use compact_str::{CompactString, format_compact};
use smallvec::smallvec;

use super::{Example, Meta, Proposals, Rule, Stage, View};
use crate::characters::is_han;
use crate::edit::{Applicability, Edit, Evidence, EvidenceList, Finding, Replacement, Severity};
use crate::messages::say;
use crate::model::{Issue, Language, Role, Span};
use crate::scripts::{Conversion, Target};
use crate::structure::final_mark;

pub struct UnwantedScript;

impl Rule for UnwantedScript {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "unwanted-script",
            stage: Stage::Marks,
            severity: Severity::Note,
            summary: "Converts Chinese text to the script or the variants asked for (--script s2t, --variants tw); without that, nothing.",
            why: "A collection that is to be searched or read in one script holds issues in another. 9.7 % of the Han characters of simplified \
                  news have several traditional forms, so the phrase decides: 头发 is 頭髮, 出发 is 出發.",
            caution: "A character with several forms outside of any phrase waits for a person. Where a word may be cut by a break that nobody \
                      repaired, nothing is converted. Text that is in the wanted script already is left alone. Conversions with regional words \
                      (s2twp) cannot be undone by the one back.",
            source: "The dictionaries and conversion chains of OpenCC 1.4.2; dictionaries/variants for variants within one script.",
            examples: &[Example { before: "他的头发白了。", after: "他的头发白了。" }],
        }
    }

    fn check_issue(&self, view: &View, out: &mut Proposals) {
        let Some(target) = &view.dictionaries.profile().target else { return };
        let issue = view.issue;
        let mut withheld: Vec<Span> = Vec::new();
        for line in 0..issue.lines.len() {
            if !wanted(issue.line_language(line), &target.name) {
                continue;
            }
            let span = &issue.lines[line].span;
            let (starts_open, ends_open) = (line > 0 && open(issue, line - 1), open(issue, line));
            for conversion in target.conversions(&issue.text[span.clone()]) {
                let Conversion { span: at, text, phrase, ambiguous } = conversion;
                let cut = (starts_open && at.start == 0) || (ends_open && at.end == span.len());
                let at = span.start + at.start..span.start + at.end;
                let old = &issue.text[at.clone()];
                if cut && (phrase || ambiguous) && old.chars().any(|c| target.is_ambiguous(c)) {
                    withheld.push(at);
                    continue;
                }
                let sure = phrase || !ambiguous;
                out.edits.push(Edit {
                    rule: self.meta().name,
                    evidence: evidence(target, old, &text, phrase, sure),
                    replacements: smallvec![Replacement { span: at, text: text.into() }],
                    applicability: if sure { Applicability::Safe } else { Applicability::Review },
                    confidence: if sure { 0.998 } else { 0.9 },
                });
            }
        }
        if !withheld.is_empty() {
            out.findings.push(Finding {
                rule: self.meta().name,
                severity: self.meta().severity,
                message: say("unwanted-script.withheld", &[("n", &withheld.len())]),
                places: withheld.into(),
                evidence: EvidenceList::from_iter([Evidence::text("script", &target.name)]),
                related: Vec::new(),
            });
        }
    }
}

fn evidence(target: &Target, old: &str, new: &str, phrase: bool, sure: bool) -> EvidenceList {
    let change: CompactString = format_compact!("{old}→{new}");
    let name = match (phrase, sure) {
        (true, _) => "phrase",
        (false, true) => "only-form",
        (false, false) => "several-forms",
    };
    smallvec![Evidence::text(name, change), Evidence::text("script", &target.name)]
}

/// Whether text of a language is to be converted: Chinese, or too short to tell, and not in the wanted script already.
fn wanted(language: Language, name: &str) -> bool {
    match language {
        Language::ZhHant => !name.starts_with("s2"),
        Language::ZhHans => name.starts_with("s2"),
        Language::Zh | Language::Unknown => true,
        Language::De | Language::En | Language::Fr => false,
    }
}

/// Whether a word may go on from a line to the next: running text on both sides, no final mark, Han characters at the break.
fn open(issue: &Issue, line: usize) -> bool {
    let Some(next) = issue.lines.get(line + 1) else { return false };
    if issue.lines[line].role != Role::Body || next.role != Role::Body {
        return false;
    }
    let (before, after) = (issue.line_text(line).trim_end(), issue.line_text(line + 1));
    !final_mark(before) && before.chars().next_back().is_some_and(is_han) && after.chars().next().is_some_and(is_han)
}
