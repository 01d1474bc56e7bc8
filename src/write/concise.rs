//! One line a change or finding: `path:line:column: rule [outcome] what (evidence)`.

use std::io::{self, Write};

use super::human::{outcome_said, severity_said, visible};
use crate::error::Shown;
use crate::pipeline::Processed;
use crate::places::Places;
use crate::record::{self, FindingRecord};

/// Writes all changes and findings of an issue; `written` tells whether the run makes the selected edits.
pub fn write(out: &mut impl Write, processed: &Processed, written: bool) -> io::Result<()> {
    let places = Places::new(&processed.read);
    for (step, edit, outcome) in processed.changes() {
        let first = &edit.replacements[0];
        let place = places.of(&step.back.to_old(first.span.clone()));
        write!(out, "{}:{}:{}: {} [{}] ", Shown(place.path), place.line, place.column, edit.rule, outcome_said(outcome, written))?;
        write!(out, "`{}` → `{}` (", visible(&step.issue.text[first.span.clone()]), visible(&first.text))?;
        for (i, evidence) in edit.evidence.iter().enumerate() {
            write!(out, "{}{evidence}", if i > 0 { ", " } else { "" })?;
        }
        writeln!(out, ")")?;
    }
    findings(out, &record::findings(processed))
}

/// Writes findings, of an issue or of a batch.
pub fn findings(out: &mut impl Write, findings: &[FindingRecord]) -> io::Result<()> {
    for finding in findings {
        let severity = severity_said(finding.severity);
        writeln!(out, "{}:{}:{}: {} [{severity}] {}", Shown(&finding.path), finding.line, finding.column, finding.rule, finding.message)?;
    }
    Ok(())
}
