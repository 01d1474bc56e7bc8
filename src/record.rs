//! The records of changes and findings (schema version 1): what every machine format and every decision is made from.

use std::path::{Path, PathBuf};

use compact_str::CompactString;
use rustc_hash::FxHashMap;
use serde::{Serialize, Serializer};
use unicode_segmentation::UnicodeSegmentation;

use crate::edit::{Applicability, Edit, Finding, Outcome, Related, Severity};
use crate::pipeline::{Processed, Step};
use crate::places::{Place, Places};
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
    /// Identifies the change by content: issue, rule, before, after, context, occurrence among equals.
    pub fp: String,
    /// Identifies the pattern: rule, before, after.
    pub pat: String,
    pub rule: &'static str,
    pub applicability: Applicability,
    pub confidence: f32,
    pub outcome: Outcome,
    pub path: CompactString,
    pub line: usize,
    pub column: usize,
    pub span: [usize; 2],
    pub before: &'a str,
    pub after: &'a str,
    pub context: [&'a str; 2],
    pub evidence: Vec<String>,
    pub issue: &'a str,
    pub page: usize,
    pub lang: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<Part<'a>>,
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
            .changes()
            .enumerate()
            .map(|(number, (step, edit, outcome))| change(processed, &places, step, edit, outcome, number, &mut seen))
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
        fp: numbered(hash(&[processed.read.name(), first_name(finding.rule), &quoted.join("\u{1f}")]), seen),
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

fn change<'a>(
    processed: &'a Processed,
    places: &Places,
    step: &'a Step,
    edit: &'a Edit,
    outcome: Outcome,
    number: usize,
    seen: &mut FxHashMap<String, u32>,
) -> ChangeRecord<'a> {
    let text = &step.issue.text;
    let first = &edit.replacements[0];
    let place = places.of(&step.back.to_old(first.span.clone()));
    let (before, after) = (&text[first.span.clone()], first.text.as_str());
    let context = [left_context(&text[..first.span.start], CONTEXT), right_context(&text[first.span.end..], CONTEXT)];
    let fp = hash(&[processed.read.name(), first_name(edit.rule), before, after, context[0], context[1]]);
    let parts = if edit.replacements.len() > 1 { &edit.replacements[..] } else { &[] };
    let line = step.issue.lines.partition_point(|l| l.span.end < first.span.start);
    ChangeRecord {
        kind: "change",
        v: 1,
        id: format!("{}#{}", processed.read.id, number + 1),
        fp: numbered(fp, seen),
        pat: hash(&[first_name(edit.rule), before, after]),
        rule: edit.rule,
        applicability: edit.applicability,
        confidence: (edit.confidence * 1e4).round() / 1e4,
        outcome,
        path: shown(place.path),
        line: place.line,
        column: place.column,
        span: [place.span.start, place.span.end],
        before,
        after,
        context,
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
    // A grapheme seldom has more than a few bytes: a short tail is enough to find `n` of them.
    let tail = &text[floor_boundary(text, text.len().saturating_sub(n * 24))..];
    tail.grapheme_indices(true).rev().take(n).last().map_or("", |(i, _)| &tail[i..])
}

/// The first `n` graphemes of a text.
pub fn right_context(text: &str, n: usize) -> &str {
    let head = &text[..floor_boundary(text, (n * 24).min(text.len()))];
    head.grapheme_indices(true).nth(n).map_or(head, |(i, _)| &head[..i])
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

/// The fingerprint with its occurrence among equals: the first is the bare hash.
fn numbered(base: String, seen: &mut FxHashMap<String, u32>) -> String {
    let n = seen.entry(base.clone()).or_insert(0);
    *n += 1;
    if *n == 1 { base } else { format!("{base}.{n}") }
}
