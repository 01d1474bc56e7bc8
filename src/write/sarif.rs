//! SARIF 2.1.0 (OASIS, 2020): columns in Unicode code points, end exclusive; fingerprints are the records' `fp`.
//!
//! GitHub takes at most 5,000 results of a run: the worst are kept, the rest is one result a rule that counts them.

use std::io::{self, Write};

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::report::{About, IssueItems, Item, Report, Stretch, Worst, open, sentence, uri};
use crate::edit::{Outcome, Severity};
use crate::messages::{self, say};
use crate::rules::{Meta, RULES};

/// What code scanning shows of one run.
pub const MAX_RESULTS: usize = 5000;

/// Collects the worst results and writes them at the end.
pub struct Sarif {
    worst: Worst,
}

impl Default for Sarif {
    fn default() -> Self {
        // Room is left for one result a rule that counts the rest.
        Sarif { worst: Worst::new(MAX_RESULTS - RULES.len()) }
    }
}

impl Report for Sarif {
    fn issue(&mut self, _: &mut dyn Write, issue: &IssueItems) -> io::Result<()> {
        issue.items.iter().filter(|i| i.outcome != Some(Outcome::Displaced)).for_each(|i| self.worst.add(i));
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Write, about: &About) -> io::Result<()> {
        let rest = self.worst.rest();
        let rules: Vec<Value> = RULES
            .iter()
            .map(|r| {
                let meta = r.meta();
                json!({
                    "id": meta.name,
                    "shortDescription": {"text": messages::summary(meta)},
                    "fullDescription": {"text": messages::why(meta)},
                    "help": {"text": help(meta)},
                    "defaultConfiguration": {"level": level(meta.severity)},
                })
            })
            .collect();
        let mut invocation = json!({"executionSuccessful": true});
        let left: usize = rest.iter().map(|(_, n, ..)| n).sum();
        let counted = (left > 0).then(|| say("report.counted", &[("n", &left), ("most", &MAX_RESULTS)]));
        let notes: Vec<Value> =
            counted.iter().chain(&about.notes).map(|text| json!({"level": "note", "message": {"text": text}})).collect();
        if !notes.is_empty() {
            invocation["toolExecutionNotifications"] = notes.into();
        }
        let run = Run {
            automation_details: about.id.as_ref().map(|id| json!({"id": format!("galley/{id}/")})),
            column_kind: "unicodeCodePoints",
            invocations: [invocation],
            language: messages::spoken().code(),
            results: Results { worst: &self.worst, baseline: about.baseline },
            tool: json!({"driver": {"name": "galley", "version": env!("CARGO_PKG_VERSION"), "rules": rules}}),
        };
        let document = Document { schema: "https://json.schemastore.org/sarif-2.1.0.json", runs: [run], version: "2.1.0" };
        serde_json::to_writer(&mut *out, &document)?;
        out.write_all(b"\n")
    }
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    runs: [Run<'a>; 1],
    version: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    automation_details: Option<Value>,
    column_kind: &'static str,
    invocations: [Value; 1],
    language: &'static str,
    results: Results<'a>,
    tool: Value,
}

/// Made one by one as they are written: as values, thousands of results take thirty kilobytes each.
struct Results<'a> {
    worst: &'a Worst,
    baseline: bool,
}

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let rest = self.worst.rest();
        let listed = self.worst.items().map(|item| result(item, self.baseline));
        serializer.collect_seq(listed.chain(rest.iter().map(|(rule, n, severity, place)| {
            json!({
                "ruleId": rule,
                "ruleIndex": index(rule),
                "level": level(*severity),
                "message": {"text": say("report.more-of-rule", &[("n", n), ("rule", rule)])},
                "locations": [location(place)],
                "partialFingerprints": {"galley/v1": format!("rest-of-{rule}")},
            })
        })))
    }
}

fn index(rule: &str) -> Option<usize> {
    RULES.iter().position(|r| r.meta().name == rule)
}

fn level(severity: Severity) -> &'static str {
    super::human::severity_name(severity)
}

fn region(place: &Stretch) -> Value {
    json!({"startLine": place.start.line, "startColumn": place.start.column, "endLine": place.end.line, "endColumn": place.end.column})
}

fn location(place: &Stretch) -> Value {
    json!({"physicalLocation": {"artifactLocation": {"uri": uri(&place.path)}, "region": region(place)}})
}

fn result(item: &Item, baseline: bool) -> Value {
    let mut result = json!({
        "ruleId": item.rule,
        "ruleIndex": index(item.rule),
        "level": level(item.severity),
        "message": {"text": sentence(item)},
        "locations": [location(&item.place)],
        "partialFingerprints": {"galley/v1": item.fp},
    });
    if !item.related.is_empty() {
        let related = |(i, (role, path, line, text)): (usize, &(String, String, usize, String))| {
            json!({
                "id": i + 1,
                "message": {"text": format!("{role}: {text}")},
                "physicalLocation": {"artifactLocation": {"uri": uri(path)}, "region": {"startLine": (*line).max(1)}},
            })
        };
        result["relatedLocations"] = item.related.iter().enumerate().map(related).collect();
    }
    if open(item) && !item.fixes.is_empty() {
        // The replacements of one file stand together.
        let mut files: Vec<(&str, Vec<Value>)> = Vec::new();
        for fix in &item.fixes {
            let replacement = json!({"deletedRegion": region(&fix.place), "insertedContent": {"text": fix.text}});
            match files.iter_mut().find(|(path, _)| *path == fix.place.path) {
                Some((_, list)) => list.push(replacement),
                None => files.push((&fix.place.path, vec![replacement])),
            }
        }
        let changes: Vec<Value> =
            files.iter().map(|(path, list)| json!({"artifactLocation": {"uri": uri(path)}, "replacements": list})).collect();
        result["fixes"] = json!([{"description": {"text": item.message}, "artifactChanges": changes}]);
    }
    if item.outcome == Some(Outcome::Rejected) {
        result["suppressions"] =
            json!([{"kind": "external", "status": "accepted", "justification": say("report.rejected-by-person", &[])}]);
    }
    if baseline {
        result["baselineState"] = json!(if item.known { "unchanged" } else { "new" });
    }
    result
}

fn help(meta: &Meta) -> String {
    let caution = say("report.caution", &[("caution", &messages::caution(meta))]);
    format!("{}\n\n{caution}\n\n{}", messages::why(meta), say("report.source", &[("source", &meta.source)]))
}
