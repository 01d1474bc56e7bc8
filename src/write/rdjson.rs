//! Reviewdog's diagnostic format: 1-based lines, 1-based columns in bytes of UTF-8, ends exclusive; edits are suggestions. Streamed.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::report::{About, IssueItems, Item, Report, Stretch, open, sentence};
use crate::edit::Severity;

pub struct Rdjson {
    /// One object a line instead of one document.
    lines: bool,
    begun: bool,
}

impl Rdjson {
    /// `rdjson`: one document.
    pub fn document() -> Self {
        Rdjson { lines: false, begun: false }
    }

    /// `rdjsonl`: a diagnostic a line.
    pub fn lines() -> Self {
        Rdjson { lines: true, begun: false }
    }
}

impl Report for Rdjson {
    fn begin(&mut self, out: &mut dyn Write, _: &About) -> io::Result<()> {
        if self.lines { Ok(()) } else { write!(out, "{{\"source\":{},\"diagnostics\":[", source()) }
    }

    fn issue(&mut self, out: &mut dyn Write, issue: &IssueItems) -> io::Result<()> {
        for item in issue.items.iter().filter(|i| open(i) && !i.known) {
            if self.begun && !self.lines {
                out.write_all(b",\n")?;
            }
            self.begun = true;
            serde_json::to_writer(&mut *out, &diagnostic(item, self.lines))?;
            if self.lines {
                out.write_all(b"\n")?;
            }
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Write, _: &About) -> io::Result<()> {
        if self.lines { Ok(()) } else { out.write_all(b"]}\n") }
    }
}

fn source() -> Value {
    json!({"name": "galley"})
}

fn range(place: &Stretch) -> Value {
    json!({
        "start": {"line": place.start.line, "column": place.start.byte_column},
        "end": {"line": place.end.line, "column": place.end.byte_column},
    })
}

fn diagnostic(item: &Item, alone: bool) -> Value {
    let severity = match item.severity {
        Severity::Note => "INFO",
        Severity::Warning => "WARNING",
        Severity::Error => "ERROR",
    };
    let path = |path: &str| path.strip_prefix("./").unwrap_or(path).to_string();
    let mut value = json!({
        "message": sentence(item),
        "location": {"path": path(&item.place.path), "range": range(&item.place)},
        "severity": severity,
        "code": {"value": item.rule},
    });
    // A suggestion has no path of its own: an edit over two files cannot be one.
    if !item.fixes.is_empty() && item.fixes.iter().all(|f| f.place.path == item.place.path) {
        value["suggestions"] = item.fixes.iter().map(|f| json!({"range": range(&f.place), "text": f.text})).collect();
    }
    if !item.related.is_empty() {
        let related = |(role, file, line, text): &(String, String, usize, String)| json!({"message": format!("{role}: {text}"), "location": {"path": path(file), "range": {"start": {"line": line}}}});
        value["related_locations"] = item.related.iter().map(related).collect();
    }
    if alone {
        value["source"] = source();
    }
    value
}
