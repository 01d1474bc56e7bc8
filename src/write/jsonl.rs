//! Change and finding records, one JSON object a line (schema version 1).

use std::io::{self, Write};

use crate::record::{FindingRecord, Records};

/// Writes all changes of an issue in text order of their stages, then its findings.
pub fn write(out: &mut impl Write, records: &Records) -> io::Result<()> {
    for change in &records.changes {
        line(out, change)?;
    }
    findings(out, &records.findings)
}

/// Writes findings, of an issue or of a batch.
pub fn findings(out: &mut impl Write, findings: &[FindingRecord]) -> io::Result<()> {
    findings.iter().try_for_each(|finding| line(out, finding))
}

fn line(out: &mut impl Write, record: &impl serde::Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, record)?;
    out.write_all(b"\n")
}
