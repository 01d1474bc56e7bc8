//! The cards of an issue, made where it is processed.

use super::{Card, Matter, Moved};
use crate::pipeline::Processed;
use crate::places::Places;
use crate::record::{ChangeRecord, FindingRecord, Records, hash, left_context, right_context};
use crate::review::decisions::Ruling;
use crate::review::scans::snippets;
use crate::rules::first_name;

/// Graphemes of context on each side of a card.
const CONTEXT: usize = 40;
/// Bytes of a finding's place that are quoted.
const QUOTED: usize = 600;

/// The cards of an issue: its changes, then its findings.
pub fn cards(processed: &Processed) -> Vec<Card> {
    let Records { changes, findings } = Records::of(processed);
    let all = processed.steps.iter().flat_map(|step| (0..step.edits.len()).map(move |i| (step, i)));
    let mut cards: Vec<Card> = changes
        .iter()
        .zip(all)
        .map(|(record, (step, i))| {
            let (text, span) = (&step.issue.text, &step.edits[i].replacements[0].span);
            let (left, right) = (left_context(&text[..span.start], CONTEXT), right_context(&text[span.end..], CONTEXT));
            let ends = ['\n', '\u{c}'];
            let context = [left.rsplit(ends).next().unwrap_or(left), right.split(ends).next().unwrap_or(right)];
            let mut card = of_change(record, context, step.rulings[i].clone());
            card.scans = snippets(&processed.read, step.back.to_old(span.clone()));
            card
        })
        .collect();
    let places = Places::new(&processed.read);
    for (record, finding) in findings.iter().zip(&processed.findings) {
        let text = &processed.read.text;
        let (from, to) = finding.places.first().zip(finding.places.last()).map_or((0, 0), |(a, b)| (a.start, b.end.max(a.end)));
        // Two places beside a break are shown with the break between them; places far apart with the first alone.
        let to = if to - from > QUOTED { finding.places.first().map_or(from, |p| p.end) } else { to };
        let before = right_context(&text[from..to], QUOTED / 3);
        let context = [left_context(&text[..from], CONTEXT), right_context(&text[from + before.len()..], CONTEXT)];
        let line = processed.read.lines.partition_point(|l| l.span.end < from);
        let mut card = of_finding(record);
        card.id = format!("{}#{}", processed.read.id, cards.len() + 1);
        card.issue = processed.read.id.clone();
        card.key_issue = processed.read.name().to_owned();
        card.page = places.of(&(from..to)).page + 1;
        card.lang = if line < processed.read.lines.len() { processed.read.line_language(line).code() } else { "und" };
        card.before = before.to_owned();
        card.context = context.map(str::to_owned);
        card.scans = snippets(&processed.read, from..to);
        cards.push(card);
    }
    cards
}

fn of_change(record: &ChangeRecord, context: [&str; 2], ruling: Option<Ruling>) -> Card {
    let parts = record.edits.iter().skip(1);
    Card {
        id: record.id.clone(),
        fp: record.fp.to_owned(),
        near: record.near.to_owned(),
        equals: record.equals,
        pat: record.pat.to_owned(),
        rule: record.rule,
        path: record.path.to_string(),
        line: record.line,
        column: record.column,
        issue: record.issue.to_owned(),
        page: record.page,
        lang: record.lang,
        before: record.before.to_owned(),
        after: record.after.to_owned(),
        context: context.map(str::to_owned),
        key_issue: record.key.issue.to_owned(),
        key_context: record.key.context.map(str::to_owned),
        evidence: record.evidence.clone(),
        matter: Matter::Change {
            applicability: record.applicability,
            outcome: record.outcome,
            confidence: record.confidence,
            parts: parts
                .map(|p| Moved { path: p.path.to_string(), line: p.line, before: p.before.to_owned(), after: p.after.to_owned() })
                .collect(),
        },
        ruling: None,
        carried: ruling,
        scans: Vec::new(),
        pattern: 0,
        audit: false,
    }
}

/// The card of a finding, as far as its record tells: without the text around it.
pub(super) fn of_finding(record: &FindingRecord) -> Card {
    Card {
        id: String::new(),
        fp: record.fp.clone(),
        near: String::new(),
        equals: 1,
        pat: hash(&["finding", first_name(record.rule)]),
        rule: record.rule,
        path: record.path.to_string_lossy().into_owned(),
        line: record.line,
        column: record.column,
        issue: record.path.to_string_lossy().into_owned(),
        page: 0,
        lang: "und",
        before: String::new(),
        after: String::new(),
        context: Default::default(),
        key_issue: String::new(),
        key_context: Default::default(),
        evidence: record.evidence.clone(),
        matter: Matter::Finding {
            severity: record.severity,
            message: record.message.clone(),
            related: record.related.clone(),
            sides: None,
        },
        ruling: None,
        carried: None,
        scans: Vec::new(),
        pattern: 0,
        audit: false,
    }
}
