//! `typed-quote`: two commas, apostrophes, graves or angle signs where a quotation mark was printed.

use smallvec::smallvec;

use super::{Example, Meta, Proposals, Rule, Stage, View};
use crate::characters::{after, before, find_pairs, is_edge};
use crate::edit::{Applicability, Edit, Evidence, Replacement, Severity};
use crate::model::Language;

pub struct TypedQuote;

impl Rule for TypedQuote {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "typed-quote",
            stage: Stage::Marks,
            severity: Severity::Note,
            summary: "Puts the printed quotation mark of the language where ,, '' `` << or >> stand for one, if asked to (--typed-quotes print); without that, nothing.",
            why: "OCR and typists make „Wort“ to ,,Wort'' and «mot» to <<mot>>; a search for the mark, or for who says what, finds nothing.",
            caution: "Straight \" stays: which of a pair it is, print shows and text does not. Marks beside digits may be seconds or inches and stay. \
                      A collection that is to keep the transcription as it came leaves the switch alone.",
            source: "Duden (German „…“, »…«), Chicago Manual of Style, 6.112 (English “…”), Imprimerie nationale (French « … »).",
            examples: &[Example { before: "Er rief ,,Halt'' und ging.", after: "Er rief ,,Halt'' und ging." }],
        }
    }

    fn check_issue(&self, view: &View, out: &mut Proposals) {
        if !view.dictionaries.profile().print_typed_quotes {
            return;
        }
        let (issue, text) = (view.issue, view.issue.text.as_str());
        let bytes = text.as_bytes();
        let rare = |a: u8, b: u8| (a == b) & ((a == b',') | (a == b'\'') | (a == b'`') | (a == b'<') | (a == b'>'));
        let mut line = 0;
        for at in find_pairs(bytes, rare) {
            let sign = char::from(bytes[at]);
            let (previous, next) = (before(text, at), after(text, at + 2));
            // Rows of three and more are something else.
            if previous == Some(sign) || next == Some(sign) {
                continue;
            }
            line += issue.lines[line..].partition_point(|l| l.span.end <= at);
            let language = if line < issue.lines.len() { issue.line_language(line) } else { Language::Unknown };
            let space = |c: Option<char>| is_edge(c) || c.is_some_and(char::is_whitespace);
            let opens = space(previous) || previous.is_some_and(|c| matches!(c, '(' | '[' | '—' | '–' | '-'));
            let opens = opens && next.is_some_and(char::is_alphanumeric);
            let closes = previous.is_some_and(|c| !c.is_whitespace() && !c.is_ascii_digit()) && !is_edge(previous);
            let closes = closes && (space(next) || next.is_some_and(|c| c.is_ascii_punctuation()));
            let to = match (language, sign) {
                (Language::De, ',') if opens => "„",
                (Language::De, '\'' | '`') if closes => "“",
                (Language::En, '`') if opens => "“",
                (Language::En, '\'') if closes => "”",
                (Language::De | Language::Fr, '<') => "«",
                (Language::De | Language::Fr, '>') => "»",
                _ => continue,
            };
            out.edits.push(Edit {
                rule: self.meta().name,
                replacements: smallvec![Replacement { span: at..at + 2, text: to.into() }],
                applicability: Applicability::Safe,
                confidence: 0.998,
                evidence: smallvec![Evidence::text("typed-in-two-signs", &text[at..at + 2]), Evidence::text("language", language.code())],
            });
        }
    }
}
