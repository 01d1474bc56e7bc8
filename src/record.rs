//! The records of changes and findings (schema version 1): what every machine format and every decision is made from.

use std::path::{Path, PathBuf};

use compact_str::CompactString;
use rustc_hash::FxHashMap;
use serde::{Serialize, Serializer};
use unicode_segmentation::UnicodeSegmentation;

use crate::edit::{Applicability, Finding, Outcome, Related, Severity};
use crate::pipeline::{Processed, Step};
use crate::places::{Place, Places};
use crate::review::decisions::Ruling;
use crate::review::key::{Key, numbered};
use crate::rules::first_name;

/// Graphemes of context on each side that identify a change.
const CONTEXT: usize = 8;

/// One proposed edit and what became of it.
#[derive(Clone, Debug, Serialize)]
pub struct ChangeRecord<'a> {
    pub kind: &'static str,
    pub v: u8,
    /// The issue and the number of the change in it.
    pub id: String,
    /// Identifies the change by content: issue, rule, before, after, context in its lines as read, occurrence among equals.
    pub fp: &'a str,
    /// Identifies its neighbourhood, which tells equals apart.
    pub near: &'a str,
    /// How many changes of the issue have this fingerprint, apart from the occurrence.
    pub equals: u32,
    /// Identifies the pattern: rule, before, after.
    pub pat: &'a str,
    pub rule: &'static str,
    pub applicability: Applicability,
    pub confidence: f32,
    pub outcome: Outcome,
    /// What people said, if they did: accept, reject, edit, defer, conflict, pending, stale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<&'static str>,
    pub path: CompactString,
    pub line: usize,
    pub column: usize,
    pub span: [usize; 2],
    pub before: &'a str,
    pub after: &'a str,
    pub context: [&'a str; 2],
    pub key: KeyRecord<'a>,
    pub evidence: Vec<String>,
    pub issue: &'a str,
    pub page: usize,
    pub lang: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<Part<'a>>,
}

/// What a change is known by, beside what is replaced with what: decisions are held against these.
#[derive(Clone, Debug, Serialize)]
pub struct KeyRecord<'a> {
    /// The name of the issue in fingerprints ([`crate::model::Issue::name`]).
    pub issue: &'a str,
    /// At most 8 graphemes on each side within the printed line, of the text as read.
    pub context: [&'a str; 2],
}

/// One of several replacements of a change.
#[derive(Clone, Debug, Serialize)]
pub struct Part<'a> {
    pub path: CompactString,
    pub line: usize,
    pub span: [usize; 2],
    pub before: &'a str,
    pub after: &'a str,
}

/// A fact for a person, with its places in the files. Findings about a batch are made as records: their places are in many issues.
#[derive(Clone, Debug, Serialize)]
pub struct FindingRecord {
    pub kind: &'static str,
    pub v: u8,
    /// Identifies the finding by content: issue, rule, the text at its places, occurrence among equals.
    pub fp: String,
    pub rule: &'static str,
    pub severity: Severity,
    /// The file of the first place.
    #[serde(serialize_with = "lossy")]
    pub path: PathBuf,
    /// 1-based line of the first place.
    pub line: usize,
    /// 1-based column of the first place, in characters.
    pub column: usize,
    pub places: Vec<FindingPlace>,
    pub message: String,
    pub evidence: Vec<String>,
    /// Other places it is about: the counterpart of a jump line, the longer copy.
    pub related: Vec<Related>,
}

/// One place of a finding.
#[derive(Clone, Debug, Serialize)]
pub struct FindingPlace {
    #[serde(serialize_with = "lossy")]
    pub path: PathBuf,
    pub line: usize,
    /// Bytes of the file as it is on disk.
    pub span: [usize; 2],
}

/// Everything there is to say about one issue, or about a batch.
#[derive(Clone, Debug, Default)]
pub struct Records<'a> {
    /// In text order of their stages.
    pub changes: Vec<ChangeRecord<'a>>,
    pub findings: Vec<FindingRecord>,
}

impl<'a> Records<'a> {
    /// The records of an issue.
    pub fn of(processed: &'a Processed) -> Self {
        let places = Places::new(&processed.read);
        let mut seen: FxHashMap<String, u32> = FxHashMap::default();
        let changes = processed
            .steps
            .iter()
            .zip(processed.keys())
            .flat_map(|(step, keys)| keys.iter().enumerate().map(move |(i, key)| (step, i, key)))
            .enumerate()
            .map(|(number, (step, i, key))| change(processed, &places, step, i, key, number))
            .collect();
        let findings = processed.findings.iter().map(|f| finding(processed, &places, f, &mut seen)).collect();
        Records { changes, findings }
    }
}

/// The findings of an issue alone.
pub fn findings(processed: &Processed) -> Vec<FindingRecord> {
    let places = Places::new(&processed.read);
    let mut seen: FxHashMap<String, u32> = FxHashMap::default();
    processed.findings.iter().map(|f| finding(processed, &places, f, &mut seen)).collect()
}

fn finding(processed: &Processed, places: &Places, finding: &Finding, seen: &mut FxHashMap<String, u32>) -> FindingRecord {
    let found: Vec<Place> = finding.places.iter().map(|p| places.of(p)).collect();
    let first = found.first().cloned().unwrap_or_else(|| places.of(&(0..0)));
    let quoted: Vec<&str> = finding.places.iter().map(|p| &processed.read.text[p.clone()]).collect();
    FindingRecord {
        kind: "finding",
        v: 1,
        fp: numbered(&hash(&[processed.read.name(), first_name(finding.rule), &quoted.join("\u{1f}")]), seen),
        rule: finding.rule,
        severity: finding.severity,
        path: first.path.to_owned(),
        line: first.line,
        column: first.column,
        places: found.iter().map(|p| FindingPlace { path: p.path.to_owned(), line: p.line, span: [p.span.start, p.span.end] }).collect(),
        message: finding.message.clone(),
        evidence: finding.evidence.iter().map(ToString::to_string).collect(),
        related: finding.related.clone(),
    }
}

fn lossy<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&path.to_string_lossy())
}

fn change<'a>(processed: &'a Processed, places: &Places, step: &'a Step, i: usize, key: &'a Key, number: usize) -> ChangeRecord<'a> {
    let edit = &step.edits[i];
    let text = &step.issue.text;
    let first = &edit.replacements[0];
    let place = places.of(&step.back.to_old(first.span.clone()));
    let (before, after) = (&text[first.span.clone()], first.text.as_str());
    let context = [left_context(&text[..first.span.start], CONTEXT), right_context(&text[first.span.end..], CONTEXT)];
    let parts = if edit.replacements.len() > 1 { &edit.replacements[..] } else { &[] };
    let line = step.issue.lines.partition_point(|l| l.span.end < first.span.start);
    ChangeRecord {
        kind: "change",
        v: 1,
        id: format!("{}#{}", processed.read.id, number + 1),
        fp: &key.fp,
        near: &key.near,
        equals: key.equals,
        pat: &key.pat,
        rule: edit.rule,
        applicability: edit.applicability,
        confidence: (edit.confidence * 1e4).round() / 1e4,
        outcome: step.outcomes[i],
        decision: step.rulings[i].as_ref().map(Ruling::name),
        path: shown(place.path),
        line: place.line,
        column: place.column,
        span: [place.span.start, place.span.end],
        before,
        after,
        context,
        key: KeyRecord { issue: processed.read.name(), context: [&key.context[0], &key.context[1]] },
        evidence: edit.evidence.iter().map(ToString::to_string).collect(),
        issue: &processed.read.id,
        page: place.page + 1,
        lang: if line < step.issue.lines.len() { step.issue.line_language(line).code() } else { "und" },
        edits: parts
            .iter()
            .map(|r| {
                let place = places.of(&step.back.to_old(r.span.clone()));
                Part {
                    path: shown(place.path),
                    line: place.line,
                    span: [place.span.start, place.span.end],
                    before: &text[r.span.clone()],
                    after: &r.text,
                }
            })
            .collect(),
    }
}

fn shown(path: &std::path::Path) -> CompactString {
    path.to_string_lossy().into()
}

/// The last `n` graphemes of a text.
pub fn left_context(text: &str, n: usize) -> &str {
    if let Some(start) = plain_graphemes(text.char_indices().rev(), n) {
        return start.map_or(text, |(at, c)| &text[at + c.len_utf8()..]);
    }
    // A grapheme seldom has more than a few bytes: a short tail is enough to find `n` of them.
    let tail = &text[floor_boundary(text, text.len().saturating_sub(n * 24))..];
    tail.grapheme_indices(true).rev().take(n).last().map_or("", |(i, _)| &tail[i..])
}

/// The first `n` graphemes of a text.
pub fn right_context(text: &str, n: usize) -> &str {
    if let Some(end) = plain_graphemes(text.char_indices(), n) {
        return end.map_or(text, |(at, _)| &text[..at]);
    }
    let head = &text[..floor_boundary(text, (n * 24).min(text.len()))];
    head.grapheme_indices(true).nth(n).map_or(head, |(i, _)| &head[..i])
}

/// The character behind the first `n` where these and it are graphemes by themselves whatever stands beside them, `Some(None)` at the end of
/// the text; `None` where the rules of UAX #29 must be asked. Contexts are taken of every change, and nearly all are such text.
fn plain_graphemes(chars: impl Iterator<Item = (usize, char)>, n: usize) -> Option<Option<(usize, char)>> {
    for (i, (at, c)) in chars.enumerate() {
        if !matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{2ff}' | '\u{2010}'..='\u{2027}' | '\u{3000}'..='\u{3029}' | '\u{3400}'..='\u{9fff}' | '\u{ff01}'..='\u{ff9d}')
        {
            return None;
        }
        if i == n {
            return Some(Some((at, c)));
        }
    }
    Some(None)
}

fn floor_boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// 128 bits of BLAKE3 over the parts, hexadecimal.
pub fn hash(parts: &[&str]) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(part.as_bytes());
        hasher.update(b"\0");
    }
    hasher.finalize().to_hex()[..32].to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contexts_are_whole_graphemes() {
        let text = "Zeſtung\r\n示范，中\u{fe00}e\u{301}x\u{600}a🇩🇪 Ende";
        for n in 0..24 {
            let all: Vec<&str> = text.graphemes(true).collect();
            for i in 0..=all.len() {
                let (left, right) = (all[..i].concat(), all[i..].concat());
                assert_eq!(right_context(&right, n), all[i..].iter().take(n).copied().collect::<String>());
                assert_eq!(left_context(&left, n), all[i.saturating_sub(n)..i].concat());
            }
        }
    }
}
