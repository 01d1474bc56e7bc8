//! GitLab code quality: an array of issues with a path, lines and a fingerprint that is unique in the report.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::report::{About, IssueItems, Item, Report, Worst, open, sentence};
use crate::edit::Severity;
use crate::messages::say;

/// Merge requests grow slow with more.
const MAX_ENTRIES: usize = 5000;

pub struct Gitlab {
    worst: Worst,
}

impl Default for Gitlab {
    fn default() -> Self {
        Gitlab { worst: Worst::new(MAX_ENTRIES) }
    }
}

impl Report for Gitlab {
    fn issue(&mut self, _: &mut dyn Write, issue: &IssueItems) -> io::Result<()> {
        issue.items.iter().filter(|i| open(i) && !i.known).for_each(|i| self.worst.add(i));
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Write, _: &About) -> io::Result<()> {
        let mut entries: Vec<Value> = self.worst.items().map(entry).collect();
        entries.extend(self.worst.rest().iter().map(|(rule, n, severity, place)| {
            json!({
                "description": say("report.more-of-rule", &[("n", n), ("rule", rule)]),
                "check_name": rule,
                "fingerprint": format!("rest-of-{rule}"),
                "severity": name(*severity),
                "location": {"path": relative(&place.path), "lines": {"begin": place.start.line}},
            })
        }));
        serde_json::to_writer(&mut *out, &entries)?;
        out.write_all(b"\n")
    }
}

fn entry(item: &Item) -> Value {
    json!({
        "description": sentence(item),
        "check_name": item.rule,
        "fingerprint": item.fp,
        "severity": name(item.severity),
        "location": {"path": relative(&item.place.path), "lines": {"begin": item.place.start.line, "end": item.place.end.line}},
    })
}

fn relative(path: &str) -> &str {
    path.strip_prefix("./").unwrap_or(path)
}

fn name(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "info",
        Severity::Warning => "minor",
        Severity::Error => "major",
    }
}
