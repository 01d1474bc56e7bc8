//! `wrong-language`: text in another language than the collection is in.

use std::collections::BTreeMap;

use smallvec::smallvec;

use super::{Meta, Proposals, Rule, Stage, View};
use crate::duplicates::batch::Batch;
use crate::edit::{Evidence, Finding, Related, Severity};
use crate::messages::say;
use crate::model::Language;
use crate::record::{FindingPlace, FindingRecord, hash};
use crate::structure::detect;

pub struct WrongLanguage;

/// Letters of a page that is judged.
const LETTERS: usize = 400;
/// Characters of a page that are looked at.
const SAMPLE: usize = 4000;
/// Issues a batch needs, and the share of them that makes its language.
const ISSUES: usize = 8;
const MOST: f64 = 0.9;

impl Rule for WrongLanguage {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "wrong-language",
            stage: Stage::Findings,
            severity: Severity::Warning,
            summary: "Reports a page in another language than the collection is said to be in, and an issue in another than nine in ten of the batch.",
            why: "A page of another title was filed here, or OCR ran with the wrong language: it reads nothing right then.",
            caution: "Only languages galleyproof has data for are told apart; advertisements and quotations in other languages are no errors. Simplified and traditional text count as one language here.",
            source: "The language of the config, or of most issues of the batch.",
            examples: &[],
        }
    }

    fn check_issue(&self, view: &View, out: &mut Proposals) {
        let Some(expected) = view.expected.filter(|l| *l != Language::Unknown) else { return };
        for (number, page) in view.issue.pages.iter().enumerate() {
            let text = &view.issue.text[page.span.clone()];
            let end = text.char_indices().nth(SAMPLE).map_or(text.len(), |(at, _)| at);
            let letters = text[..end].chars().filter(|c| c.is_alphabetic()).count();
            if letters < if expected.is_chinese() { LETTERS / 4 } else { LETTERS } || page.regions.is_empty() {
                continue;
            }
            let found = detect(&text[..end]);
            if found == Language::Unknown || same(found, expected) {
                continue;
            }
            let first = view.issue.regions[page.regions.start].lines.start;
            out.findings.push(Finding {
                rule: self.meta().name,
                severity: self.meta().severity,
                places: smallvec![view.issue.lines[first].span.clone()],
                message: say(
                    "wrong-language.page",
                    &[("page", &view.articles.pages[number].number), ("found", &found.code()), ("expected", &expected.code())],
                ),
                evidence: [Evidence::text("language", found.code()), Evidence::count("letters", letters as u32)].into_iter().collect(),
                related: Vec::new(),
            });
        }
    }

    fn check_batch(&self, batch: &Batch, out: &mut Vec<FindingRecord>) {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let told = || batch.digests.iter().filter(|d| d.language != Language::Unknown && !d.paths.is_empty());
        told().for_each(|d| *counts.entry(name(d.language)).or_default() += 1);
        let all: usize = counts.values().sum();
        let Some((most, n)) = counts.iter().max_by_key(|(_, n)| **n).map(|(l, n)| (*l, *n)) else { return };
        if all < ISSUES || (n as f64) < MOST * all as f64 {
            return;
        }
        let Some(example) = told().find(|d| name(d.language) == most) else { return };
        for digest in told().filter(|d| name(d.language) != most) {
            let path = digest.paths[0].clone();
            let found = digest.language.code();
            out.push(FindingRecord {
                kind: "finding",
                v: 1,
                fp: hash(&[&digest.issue, self.meta().name, found]),
                rule: self.meta().name,
                severity: self.meta().severity,
                path: path.clone(),
                line: 1,
                column: 1,
                places: vec![FindingPlace { path, line: 1, span: [0, 0] }],
                message: say("wrong-language.issue", &[("found", &found), ("expected", &most), ("n", &n), ("all", &all)]),
                evidence: vec![format!("language:{found}"), format!("issues-in-{most}:{n}")],
                related: vec![Related {
                    role: "issue-in-the-language",
                    path: example.paths[0].to_string_lossy().into(),
                    line: 1,
                    text: example.issue.as_str().into(),
                }],
            });
        }
    }
}

/// Simplified and traditional are one language.
fn name(language: Language) -> &'static str {
    if language.is_chinese() { "zh" } else { language.code() }
}

fn same(a: Language, b: Language) -> bool {
    name(a) == name(b)
}
