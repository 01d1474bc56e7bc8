//! Checkstyle XML: a `file` element each time the file changes, columns in characters. Streamed.

use std::io::{self, Write};

use super::report::{About, IssueItems, Report, escaped, open, sentence};
use crate::edit::Severity;

#[derive(Debug, Default)]
pub struct Checkstyle;

impl Report for Checkstyle {
    fn begin(&mut self, out: &mut dyn Write, _: &About) -> io::Result<()> {
        writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">")
    }

    fn issue(&mut self, out: &mut dyn Write, issue: &IssueItems) -> io::Result<()> {
        let mut items: Vec<_> = issue.items.iter().filter(|i| open(i) && !i.known).collect();
        // Pages in their order, and within a file by line.
        items.sort_by(|a, b| (a.page, &a.place.path, a.place.start.line).cmp(&(b.page, &b.place.path, b.place.start.line)));
        for file in items.chunk_by(|a, b| a.place.path == b.place.path) {
            writeln!(out, "<file name=\"{}\">", escaped(&file[0].place.path))?;
            for item in file {
                let severity = match item.severity {
                    Severity::Note => "info",
                    Severity::Warning => "warning",
                    Severity::Error => "error",
                };
                let (line, column) = (item.place.start.line, item.place.start.column);
                write!(out, "<error line=\"{line}\" column=\"{column}\" severity=\"{severity}\" ")?;
                writeln!(out, "message=\"{}\" source=\"galley.{}\"/>", escaped(&sentence(item)), item.rule)?;
            }
            writeln!(out, "</file>")?;
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Write, _: &About) -> io::Result<()> {
        writeln!(out, "</checkstyle>")
    }
}
