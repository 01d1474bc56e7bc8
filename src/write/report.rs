//! Reports for machines: one stream of items, one file a format, nothing held in memory but what a format's cap allows.

use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

use crate::edit::{Outcome, Severity};
use crate::messages::say;
use crate::pipeline::Processed;
use crate::places::{Places, Point};
use crate::record::{FindingRecord, Records};

use super::{checkstyle, csv, github, gitlab, html_report, json, junit, rdjson, sarif};

/// How results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, clap::ValueEnum)]
pub enum Format {
    /// Grouped by rule, each change in its context, with the evidence.
    Human,
    /// One line a change or finding.
    Concise,
    /// All records in one JSON array.
    Json,
    /// One JSON record a line.
    Jsonl,
    /// SARIF 2.1.0, at most 5,000 results, the rest counted.
    Sarif,
    /// JUnit XML: a suite an issue, a case a rule and page.
    Junit,
    /// Annotations for GitHub Actions: the 10 worst, a table in the step summary.
    Github,
    /// GitLab code quality, at most 5,000 entries, the rest counted.
    Gitlab,
    /// One JSON document for reviewdog.
    Rdjson,
    /// One JSON diagnostic a line for reviewdog.
    Rdjsonl,
    /// Checkstyle XML.
    Checkstyle,
    /// One page for a browser, grouped by rule.
    Html,
    /// Comma-separated values, one row a change or finding.
    Csv,
}

impl Format {
    /// For people; `--quiet` silences these.
    pub fn for_people(self) -> bool {
        matches!(self, Format::Human | Format::Concise)
    }

    /// Made of [`Item`]s; the others are made of records or of the issue itself, by the workers.
    pub fn of_items(self) -> bool {
        !matches!(self, Format::Human | Format::Concise | Format::Json | Format::Jsonl)
    }
}

/// A stretch of a file, end exclusive.
#[derive(Clone, Debug, Default)]
pub struct Stretch {
    pub path: String,
    pub start: Point,
    pub end: Point,
}

/// What an edit puts where.
#[derive(Clone, Debug)]
pub struct Fix {
    pub place: Stretch,
    pub text: String,
}

/// A change or finding as CI formats see it: a message of a severity at a place.
#[derive(Clone, Debug)]
pub struct Item {
    pub rule: &'static str,
    /// Proposed edits are notes.
    pub severity: Severity,
    /// What became of an edit; none for a finding.
    pub outcome: Option<Outcome>,
    pub place: Stretch,
    /// 1-based page in the issue; 0 for findings about a batch.
    pub page: usize,
    pub message: String,
    pub fp: String,
    pub evidence: Vec<String>,
    pub confidence: Option<f32>,
    /// What the first replacement takes away and puts there; empty for findings.
    pub before: String,
    pub after: String,
    /// All replacements of an edit, in text order.
    pub fixes: Vec<Fix>,
    /// Other places: role, path, line, text.
    pub related: Vec<(String, String, usize, String)>,
    /// A baseline knows it.
    pub known: bool,
}

/// The items of an issue, and its name.
#[derive(Clone, Debug, Default)]
pub struct IssueItems {
    pub issue: String,
    pub items: Vec<Item>,
}

/// What a report says of the run as a whole.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// `[collection] id`.
    pub id: Option<String>,
    /// `[collection] title`.
    pub title: Option<String>,
    /// There is a baseline, so that items are known or new.
    pub baseline: bool,
    /// Why the gate is red, a line each; empty where it is green, `None` where nothing was judged.
    pub red: Option<Vec<String>>,
    pub issues: usize,
    /// What else a person should know of the run, a line each: copies that were not looked for.
    pub notes: Vec<String>,
}

/// A format that is written item by item.
pub trait Report: Send {
    /// What stands before the first issue.
    fn begin(&mut self, _out: &mut dyn Write, _about: &About) -> io::Result<()> {
        Ok(())
    }

    /// An issue; issues come in input order.
    fn issue(&mut self, out: &mut dyn Write, issue: &IssueItems) -> io::Result<()>;

    /// What stands after the last.
    fn finish(&mut self, out: &mut dyn Write, about: &About) -> io::Result<()>;
}

/// The writer of a format made of items; `None` for the others.
pub fn report(format: Format) -> Option<Box<dyn Report>> {
    Some(match format {
        Format::Human | Format::Concise | Format::Json | Format::Jsonl => return None,
        Format::Sarif => Box::<sarif::Sarif>::default(),
        Format::Junit => Box::<junit::Junit>::default(),
        Format::Github => Box::<github::Github>::default(),
        Format::Gitlab => Box::<gitlab::Gitlab>::default(),
        Format::Rdjson => Box::new(rdjson::Rdjson::document()),
        Format::Rdjsonl => Box::new(rdjson::Rdjson::lines()),
        Format::Checkstyle => Box::<checkstyle::Checkstyle>::default(),
        Format::Html => Box::<html_report::HtmlReport>::default(),
        Format::Csv => Box::<csv::Csv>::default(),
    })
}

/// Where a report goes: standard output or a file, streamed.
pub struct Output {
    pub format: Format,
    out: Box<dyn Write + Send>,
    report: Option<Box<dyn Report>>,
    array: json::Array,
}

impl Output {
    /// Begins the report.
    pub fn new(format: Format, mut out: Box<dyn Write + Send>, about: &About) -> io::Result<Self> {
        let mut report = report(format);
        if let Some(report) = &mut report {
            report.begin(&mut out, about)?;
        }
        Ok(Output { format, out, report, array: json::Array::default() })
    }

    /// Adds what workers made of an issue: text for the formats that are made by them, items for the rest.
    pub fn add(&mut self, text: &[u8], items: &IssueItems) -> io::Result<()> {
        match &mut self.report {
            Some(report) => report.issue(&mut self.out, items),
            None if self.format == Format::Json => self.array.add(&mut self.out, text),
            None => self.out.write_all(text),
        }
    }

    /// Ends the report.
    pub fn finish(&mut self, about: &About) -> io::Result<()> {
        if let Some(report) = &mut self.report {
            report.finish(&mut self.out, about)?;
        }
        if self.format == Format::Json {
            self.array.finish(&mut self.out)?;
        }
        self.out.flush()
    }

    /// For text that belongs to no issue: the summary of the human format.
    pub fn writer(&mut self) -> &mut dyn Write {
        &mut self.out
    }
}

/// The items of an issue, from its records, which stand in the order of its changes and findings.
pub fn items(processed: &Processed, records: &Records, known: &dyn Fn(&str) -> bool) -> Vec<Item> {
    let places = Places::new(&processed.read);
    let stretch = |span: &crate::model::Span| Stretch {
        path: places.of(span).path.to_string_lossy().into_owned(),
        start: places.point(span.start),
        end: places.point(span.end.max(span.start)),
    };
    let changes = processed.changes().zip(&records.changes).map(|((step, edit, outcome), record)| {
        let fixes: Vec<Fix> =
            edit.replacements.iter().map(|r| Fix { place: stretch(&step.back.to_old(r.span.clone())), text: r.text.to_string() }).collect();
        Item {
            rule: edit.rule,
            severity: Severity::Note,
            outcome: Some(outcome),
            place: fixes[0].place.clone(),
            page: record.page,
            message: format!("`{}` → `{}`", super::human::visible(record.before), super::human::visible(record.after)),
            fp: record.fp.to_owned(),
            evidence: record.evidence.clone(),
            confidence: Some(record.confidence),
            before: record.before.to_string(),
            after: record.after.to_string(),
            fixes,
            related: Vec::new(),
            known: known(record.fp),
        }
    });
    let findings = processed.findings.iter().zip(&records.findings).map(|(finding, record)| {
        let first = finding.places.first().cloned().unwrap_or(0..0);
        let page = places.of(&first).page + 1;
        Item { page, place: stretch(&first), ..of_finding(record, known) }
    });
    changes.chain(findings).collect()
}

/// The item of a finding about the batch.
pub fn of_finding(record: &FindingRecord, known: &dyn Fn(&str) -> bool) -> Item {
    let start = Point { line: record.line, column: record.column, byte_column: record.column };
    Item {
        rule: record.rule,
        severity: record.severity,
        outcome: None,
        place: Stretch { path: record.path.to_string_lossy().into_owned(), start, end: start },
        page: 0,
        message: record.message.clone(),
        fp: record.fp.clone(),
        evidence: record.evidence.clone(),
        confidence: None,
        before: String::new(),
        after: String::new(),
        fixes: Vec::new(),
        related: record.related.iter().map(|r| (r.role.to_string(), r.path.to_string(), r.line, r.text.to_string())).collect(),
        known: known(&record.fp),
    }
}

/// The worst of a stream: errors before warnings before notes, within a severity those that came first.
#[derive(Debug)]
pub struct Worst {
    cap: usize,
    kept: [Vec<Item>; 3],
    /// For each rule: items, and where the first was.
    all: std::collections::BTreeMap<&'static str, (usize, Severity, Stretch)>,
}

impl Worst {
    /// Keeps at most `cap` items, besides the counts.
    pub fn new(cap: usize) -> Self {
        Worst { cap, kept: Default::default(), all: Default::default() }
    }

    /// Takes an item.
    pub fn add(&mut self, item: &Item) {
        let row = self.all.entry(item.rule).or_insert_with(|| (0, item.severity, item.place.clone()));
        row.0 += 1;
        row.1 = row.1.max(item.severity);
        let kept = &mut self.kept[Severity::Error as usize - item.severity as usize];
        if kept.len() < self.cap {
            kept.push(item.clone());
        }
    }

    /// The items kept, worst first.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.kept.iter().flatten().take(self.cap)
    }

    /// For each rule with items that were not kept: how many, the worst severity, where the first of all was.
    pub fn rest(&self) -> Vec<(&'static str, usize, Severity, &Stretch)> {
        let mut shown: std::collections::BTreeMap<&str, usize> = Default::default();
        self.items().for_each(|i| *shown.entry(i.rule).or_default() += 1);
        let rest = self.all.iter().map(|(rule, (n, severity, place))| (*rule, n - shown.get(rule).unwrap_or(&0), *severity, place));
        rest.filter(|(_, n, ..)| *n > 0).collect()
    }

    /// For each rule, how many items there were.
    pub fn counts(&self) -> impl Iterator<Item = (&'static str, usize, Severity)> {
        self.all.iter().map(|(rule, (n, severity, _))| (*rule, *n, *severity))
    }
}

/// Whether a CI format shows the item: a person has not said no, and no surer edit takes its place.
pub fn open(item: &Item) -> bool {
    !matches!(item.outcome, Some(Outcome::Displaced | Outcome::Rejected))
}

/// Message and evidence in one line.
pub fn sentence(item: &Item) -> String {
    let because = if item.evidence.is_empty() {
        String::new()
    } else {
        format!(" ({})", say("report.because", &[("evidence", &item.evidence.join(", "))]))
    };
    format!("{}{because}", item.message)
}

/// A path as a relative URI reference: `/` between folders, everything but unreserved characters in percent escapes.
pub fn uri(path: &str) -> String {
    let path = path.strip_prefix("./").unwrap_or(path);
    let prefix = if Path::new(path).is_absolute() { "file://" } else { "" };
    let mut out = String::from(prefix);
    for b in path.bytes() {
        match b {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(b)),
            b'\\' if cfg!(windows) => out.push('/'),
            _ => out.push_str(&format!("%{b:02X}")),
        }
    }
    out
}

/// Text for XML and HTML, in attributes and between tags; characters that XML does not allow become U+FFFD.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            '\r' => out.push_str("&#13;"),
            c if c < ' ' || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
