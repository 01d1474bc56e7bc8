//! `mixed-script`: characters of the other script in simplified or traditional text.

use std::collections::BTreeMap;

use smallvec::SmallVec;

use super::{Example, Meta, Proposals, Rule, Stage, View};
use crate::edit::{Evidence, EvidenceList, Finding, Severity};
use crate::messages::say;
use crate::model::{Language, Span};
use crate::structure::only_script;

pub struct MixedScript;

impl Rule for MixedScript {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "mixed-script",
            stage: Stage::Findings,
            severity: Severity::Note,
            summary: "Reports traditional characters in simplified text and simplified ones in traditional text, with their places.",
            why: "An OCR model trained on both scripts reads one for the other, and a search for either form misses the word.",
            caution: "Names, quotations and titles keep their script by right, and a variant that the print used is no error. Nothing is changed; \
                      --script converts.",
            source: "Characters that only one script has: dictionaries/structure/script.tsv, after OpenCC's tables.",
            examples: &[Example {
                before: "他在门口説了一句话，大家都听见了。", after: "他在门口説了一句话，大家都听见了。"
            }],
        }
    }

    fn check_issue(&self, view: &View, out: &mut Proposals) {
        let issue = view.issue;
        for (home, other) in [(Language::ZhHans, Language::ZhHant), (Language::ZhHant, Language::ZhHans)] {
            let mut places: SmallVec<[Span; 1]> = SmallVec::new();
            let mut counts: BTreeMap<char, u32> = BTreeMap::new();
            for region in issue.regions.iter().filter(|r| r.language == home && !r.lines.is_empty()) {
                let span = issue.lines[region.lines.start].span.start..issue.lines[region.lines.end - 1].span.end;
                for (at, c) in issue.text[span.clone()].char_indices().filter(|(_, c)| only_script(*c) == Some(other)) {
                    places.push(span.start + at..span.start + at + c.len_utf8());
                    *counts.entry(c).or_default() += 1;
                }
            }
            if places.is_empty() {
                continue;
            }
            let key = if other == Language::ZhHant { "mixed-script.traditional" } else { "mixed-script.simplified" };
            let evidence: EvidenceList = counts.iter().map(|(c, n)| Evidence::text("character", format!("{c} ×{n}"))).collect();
            out.findings.push(Finding {
                rule: self.meta().name,
                severity: self.meta().severity,
                message: say(key, &[("n", &places.len())]),
                places,
                evidence,
                related: Vec::new(),
            });
        }
    }
}
