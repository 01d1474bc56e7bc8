//! `space-before-mark`: a space between a word and the mark behind it.

use smallvec::smallvec;

use super::{Example, Meta, Proposals, Rule, Stage, View};
use crate::characters::{after, before, find_pairs, is_edge};
use crate::edit::{Applicability, Edit, Evidence, Replacement, Severity};
use crate::model::Language;

pub struct SpaceBeforeMark;

impl Rule for SpaceBeforeMark {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "space-before-mark",
            stage: Stage::Marks,
            severity: Severity::Note,
            summary: "Proposes to remove the space before a comma, full stop or semicolon in German, English and French text.",
            why: "Type set wide makes OCR see a word end before the mark; sentence splitters then miss the sentence, and lines break before it.",
            caution: "Always waits for a person: many papers did set a thin space there, and a transcription may keep it. French has a space before \
                      ; : ! ? by its own rules: it stays, no-break or not. Leaders (. . .) and marks in tables of numbers stay.",
            source: "Duden, Richtlinien für den Schriftsatz; Chicago Manual of Style, 6.7; Imprimerie nationale, Lexique des règles typographiques.",
            examples: &[
                Example {
                    before: "Der Rath hat gestern , wie gemeldet , berathen ; er wird morgen wieder zusammentreten .",
                    after: "Der Rath hat gestern, wie gemeldet, berathen; er wird morgen wieder zusammentreten.",
                },
                Example {
                    before: "Le ministre est arrivé hier à Paris ; il est reparti ce matin avec sa suite.",
                    after: "Le ministre est arrivé hier à Paris ; il est reparti ce matin avec sa suite.",
                },
            ],
        }
    }

    fn check_issue(&self, view: &View, out: &mut Proposals) {
        let (issue, text) = (view.issue, view.issue.text.as_str());
        let mut line = 0;
        let rare = |a: u8, b: u8| (a == b' ') & ((b == b',') | (b == b'.') | (b == b';'));
        for at in find_pairs(text.as_bytes(), rare) {
            let mark = char::from(text.as_bytes()[at + 1]);
            let (Some(previous), next) = (before(text, at), after(text, at + 2)) else { continue };
            let word = previous.is_alphabetic() || previous.is_ascii_digit() || matches!(previous, ')' | '“' | '”' | '«' | '»');
            let closes = is_edge(next) || next.is_some_and(|c| c == ' ' || matches!(c, '“' | '”' | '«' | '»' | ')'));
            // A row of marks is a leader; between numbers a mark may stand for a digit that is gone.
            let row = text[at + 2..].trim_start_matches(' ').starts_with(['.', ',', '„']);
            let digits = previous.is_ascii_digit() && text[at + 2..].trim_start_matches(' ').starts_with(|c: char| c.is_ascii_digit());
            if !word || !closes || row || digits {
                continue;
            }
            line += issue.lines[line..].partition_point(|l| l.span.end <= at);
            let language = if line < issue.lines.len() { issue.line_language(line) } else { Language::Unknown };
            if !matches!(language, Language::De | Language::En | Language::Fr) || language == Language::Fr && mark == ';' {
                continue;
            }
            out.edits.push(Edit {
                rule: self.meta().name,
                replacements: smallvec![Replacement { span: at..at + 1, text: "".into() }],
                applicability: Applicability::Review,
                confidence: 0.9,
                evidence: smallvec![Evidence::text("word-before-mark", mark.to_string())],
            });
        }
    }
}
