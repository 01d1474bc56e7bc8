//! Comma-separated values (RFC 4180, UTF-8), one row a change or finding, nothing left out. Streamed.

use std::io::{self, Write};

use super::human::severity_name;
use super::report::{About, IssueItems, Report};

const COLUMNS: &str = "issue,path,line,column,end_line,end_column,rule,severity,outcome,confidence,before,after,message,evidence,fp,known";

#[derive(Debug, Default)]
pub struct Csv;

impl Report for Csv {
    fn begin(&mut self, out: &mut dyn Write, _: &About) -> io::Result<()> {
        write!(out, "{COLUMNS}\r\n")
    }

    fn issue(&mut self, out: &mut dyn Write, issue: &IssueItems) -> io::Result<()> {
        for i in &issue.items {
            let (start, end) = (i.place.start, i.place.end);
            let outcome = i
                .outcome
                .map_or(String::new(), |o| serde_json::to_value(o).ok().and_then(|v| Some(v.as_str()?.to_string())).unwrap_or_default());
            let row = [
                issue.issue.clone(),
                i.place.path.clone(),
                start.line.to_string(),
                start.column.to_string(),
                end.line.to_string(),
                end.column.to_string(),
                i.rule.to_string(),
                severity_name(i.severity).to_string(),
                outcome,
                i.confidence.map_or(String::new(), |c| c.to_string()),
                i.before.clone(),
                i.after.clone(),
                i.message.clone(),
                i.evidence.join("; "),
                i.fp.clone(),
                i.known.to_string(),
            ];
            write!(out, "{}\r\n", row.iter().map(|f| field(f)).collect::<Vec<_>>().join(","))?;
        }
        Ok(())
    }

    fn finish(&mut self, _: &mut dyn Write, _: &About) -> io::Result<()> {
        Ok(())
    }
}

/// A field, in quotes where it needs them.
pub(crate) fn field(text: &str) -> String {
    match text.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_string(),
    }
}
