//! Change and finding records, one JSON object a line (schema version 1).

use std::io::{self, Write};

use compact_str::CompactString;
use rustc_hash::FxHashMap;
use serde::Serialize;
use unicode_segmentation::UnicodeSegmentation;

use super::places::{Place, Places};
use crate::edit::{Applicability, Edit, Outcome, Severity};
use crate::pipeline::{Processed, Step};

/// Graphemes of context on each side that identify a change.
const CONTEXT: usize = 8;

/// One proposed edit and what became of it.
#[derive(Debug, Serialize)]
struct ChangeRecord<'a> {
    kind: &'static str,
    v: u8,
    id: String,
    /// Identifies the change by content: issue, rule, before, after, context, occurrence among equals.
    fp: String,
    /// Identifies the pattern: rule, before, after.
    pat: String,
    rule: &'static str,
    applicability: Applicability,
    confidence: f32,
    outcome: Outcome,
    path: CompactString,
    line: usize,
    column: usize,
    span: [usize; 2],
    before: &'a str,
    after: &'a str,
    context: [&'a str; 2],
    evidence: Vec<String>,
    issue: &'a str,
    page: usize,
    lang: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    edits: Vec<Part<'a>>,
}

/// One of several replacements of a change.
#[derive(Debug, Serialize)]
struct Part<'a> {
    path: CompactString,
    line: usize,
    span: [usize; 2],
    before: &'a str,
    after: &'a str,
}

#[derive(Debug, Serialize)]
struct FindingRecord<'a> {
    kind: &'static str,
    v: u8,
    fp: String,
    rule: &'static str,
    severity: Severity,
    path: CompactString,
    line: usize,
    places: Vec<FindingPlace>,
    message: &'a str,
    evidence: Vec<String>,
    related: [(); 0],
}

#[derive(Debug, Serialize)]
struct FindingPlace {
    path: CompactString,
    line: usize,
    span: [usize; 2],
}

/// Writes all changes of an issue in text order of their stages, then its findings.
pub fn write(out: &mut impl Write, processed: &Processed) -> io::Result<()> {
    let places = Places::new(&processed.read);
    let mut seen: FxHashMap<String, u32> = FxHashMap::default();
    for (number, (step, edit, outcome)) in processed.changes().enumerate() {
        let record = change(processed, &places, step, edit, outcome, number, &mut seen);
        serde_json::to_writer(&mut *out, &record)?;
        out.write_all(b"\n")?;
    }
    for finding in &processed.findings {
        let found: Vec<Place> = finding.places.iter().map(|p| places.of(p)).collect();
        let first = found.first().cloned().unwrap_or_else(|| places.of(&(0..0)));
        let quoted: Vec<&str> = finding.places.iter().map(|p| &processed.read.text[p.clone()]).collect();
        let base = hash(&[&processed.read.id, finding.rule, &quoted.join("\u{1f}")]);
        let record = FindingRecord {
            kind: "finding",
            v: 1,
            fp: numbered(base, &mut seen),
            rule: finding.rule,
            severity: finding.severity,
            path: shown(first.path),
            line: first.line,
            places: found.iter().map(|p| FindingPlace { path: shown(p.path), line: p.line, span: [p.span.start, p.span.end] }).collect(),
            message: &finding.message,
            evidence: finding.evidence.iter().map(ToString::to_string).collect(),
            related: [],
        };
        serde_json::to_writer(&mut *out, &record)?;
        out.write_all(b"\n")?;
    }
    Ok(())
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
    let fp = hash(&[&processed.read.id, edit.rule, before, after, context[0], context[1]]);
    let parts = if edit.replacements.len() > 1 { &edit.replacements[..] } else { &[] };
    let line = step.issue.lines.partition_point(|l| l.span.end < first.span.start);
    ChangeRecord {
        kind: "change",
        v: 1,
        id: format!("{}#{}", processed.read.id, number + 1),
        fp: numbered(fp, seen),
        pat: hash(&[edit.rule, before, after]),
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
fn hash(parts: &[&str]) -> String {
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
