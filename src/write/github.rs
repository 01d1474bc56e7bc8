//! Workflow commands of GitHub Actions: a step shows about ten annotations, so the worst ten are printed; the table of all goes to the
//! step summary, the file that `GITHUB_STEP_SUMMARY` names, if it is set.

use std::fs::OpenOptions;
use std::io::{self, Write};

use super::report::{About, IssueItems, Report, Worst, open, sentence};
use crate::edit::Severity;
use crate::messages::say;

const SHOWN: usize = 10;

pub struct Github {
    worst: Worst,
}

impl Default for Github {
    fn default() -> Self {
        Github { worst: Worst::new(SHOWN) }
    }
}

impl Report for Github {
    fn issue(&mut self, _: &mut dyn Write, issue: &IssueItems) -> io::Result<()> {
        issue.items.iter().filter(|i| open(i) && !i.known).for_each(|i| self.worst.add(i));
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Write, about: &About) -> io::Result<()> {
        for item in self.worst.items() {
            let kind = match item.severity {
                Severity::Note => "notice",
                Severity::Warning => "warning",
                Severity::Error => "error",
            };
            let (start, end) = (item.place.start, item.place.end);
            // Columns count only within one line; the end column is that of the last character.
            let columns = match start.line == end.line {
                true => format!(",col={},endColumn={}", start.column, end.column.saturating_sub(1).max(start.column)),
                false => String::new(),
            };
            let path = item.place.path.strip_prefix("./").unwrap_or(&item.place.path);
            write!(
                out,
                "::{kind} file={},line={},endLine={}{columns},title={}",
                property(path),
                start.line,
                end.line,
                property(item.rule)
            )?;
            writeln!(out, "::{}", data(&sentence(item)))?;
        }
        let listed: usize = self.worst.counts().map(|(_, n, _)| n).sum();
        if listed > SHOWN {
            writeln!(out, "::notice title=galley::{}", say("report.more-in-summary", &[("n", &(listed - SHOWN))]))?;
        }
        match std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) {
            Some(path) => self.summary(&mut OpenOptions::new().append(true).create(true).open(path)?, about),
            None => Ok(()),
        }
    }
}

impl Github {
    fn summary(&self, out: &mut dyn Write, about: &About) -> io::Result<()> {
        let title = about.title.as_deref().or(about.id.as_deref()).map_or(String::new(), |t| format!(": {}", t.replace('\n', " ")));
        writeln!(out, "## galley{title}\n")?;
        match &about.red {
            None => writeln!(out, "{}\n", say("report.issues", &[("n", &about.issues)]))?,
            Some(red) if red.is_empty() => writeln!(out, "{}\n", say("report.green", &[("n", &about.issues)]))?,
            Some(red) => writeln!(out, "{}\n\n{}\n", say("report.red", &[]), red.iter().map(|l| format!("- {l}\n")).collect::<String>())?,
        }
        if self.worst.counts().next().is_some() {
            let columns = ["report.columns-rule", "report.columns-worst", "report.columns-found"].map(|key| say(key, &[]));
            writeln!(out, "| {} |\n|---|---|---:|", columns.join(" | "))?;
            for (rule, n, severity) in self.worst.counts() {
                writeln!(out, "| {rule} | {} | {n} |", super::human::severity_said(severity))?;
            }
            writeln!(out)?;
        }
        Ok(())
    }
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
