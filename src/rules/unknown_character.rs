//! `unknown-character`: code points that mean nothing outside of the system that wrote them.

use std::collections::BTreeMap;

use smallvec::SmallVec;

use super::{Example, Meta, Proposals, Rule, Stage, View};
use crate::characters::{after, before, find_pairs};
use crate::edit::{Evidence, EvidenceList, Finding, Severity};
use crate::messages::say;
use crate::model::Span;

pub struct UnknownCharacter;

impl Rule for UnknownCharacter {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "unknown-character",
            stage: Stage::Findings,
            severity: Severity::Warning,
            summary: "Reports private-use characters and U+FFFD, and counts ideographic variation sequences, with their places.",
            why: "A typesetting system's own characters and the replacement character stand where a character was lost; what it was only the scan \
                  tells. A variation sequence says which shape was printed, and is lost on the first system that does not know it.",
            caution: "A collection may have an agreed private-use table. Nothing is mapped: two vendors use one code point for two characters. \
                      Variation sequences are right and stay; that they are there is for the record.",
            source: "The Unicode Standard, 23.5 (private use) and 23.8 (U+FFFD); UTS #37 (Ideographic Variation Database).",
            examples: &[Example { before: "他是\u{e123}人。", after: "他是\u{e123}人。" }],
        }
    }

    fn check_issue(&self, view: &View, out: &mut Proposals) {
        let text = view.issue.text.as_str();
        let mut places: [SmallVec<[Span; 1]>; 3] = Default::default();
        let mut counts: [BTreeMap<String, u32>; 3] = Default::default();
        for at in find_pairs(text.as_bytes(), may_be_unknown) {
            let Some(c) = after_boundary(text, at) else { continue };
            let Some(kind) = kind(c) else { continue };
            // A selector says something of the character before it.
            let base = before(text, at).filter(|_| kind == VARIATION);
            places[kind].push(at - base.map_or(0, char::len_utf8)..at + c.len_utf8());
            let code = format!("{}U+{:04X}", base.map(String::from).unwrap_or_default(), c as u32);
            *counts[kind].entry(code).or_default() += 1;
        }
        for (kind, (places, counts)) in places.into_iter().zip(counts).enumerate() {
            if places.is_empty() {
                continue;
            }
            let n = places.len();
            let key = ["unknown-character.private", "unknown-character.replacement", "unknown-character.variation"][kind];
            let severity = if kind == VARIATION { Severity::Note } else { self.meta().severity };
            let evidence: EvidenceList = counts.iter().map(|(code, n)| Evidence::text("code-point", format!("{code} ×{n}"))).collect();
            out.findings.push(Finding {
                rule: self.meta().name,
                severity,
                places,
                message: say(key, &[("n", &n)]),
                evidence,
                related: Vec::new(),
            });
        }
    }
}

/// Lead bytes of U+E000–U+F8FF and of the planes 14 to 16, and U+FFFD: few of them in any common text.
fn may_be_unknown(a: u8, b: u8) -> bool {
    (a == 0xee) | ((a == 0xef) & ((b <= 0xa3) | (b == 0xbf))) | (a == 0xf3) | (a == 0xf4)
}

/// The character that starts at `at`; `None` inside of one.
fn after_boundary(text: &str, at: usize) -> Option<char> {
    if text.is_char_boundary(at) { after(text, at) } else { None }
}

const PRIVATE: usize = 0;
const REPLACEMENT: usize = 1;
const VARIATION: usize = 2;

fn kind(c: char) -> Option<usize> {
    match c {
        '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{ffffd}' | '\u{100000}'..='\u{10fffd}' => Some(PRIVATE),
        '\u{fffd}' => Some(REPLACEMENT),
        '\u{e0100}'..='\u{e01ef}' => Some(VARIATION),
        _ => None,
    }
}
