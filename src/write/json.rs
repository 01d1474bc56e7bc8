//! All records in one JSON array, streamed: the same objects as JSON Lines, with commas.

use std::io::{self, Write};

/// An array that is written record by record.
#[derive(Debug, Default)]
pub struct Array {
    begun: bool,
}

impl Array {
    /// Adds JSON Lines.
    pub fn add(&mut self, out: &mut dyn Write, lines: &[u8]) -> io::Result<()> {
        for line in lines.split(|b| *b == b'\n').filter(|l| !l.is_empty()) {
            out.write_all(if self.begun { b",\n" } else { b"[\n" })?;
            self.begun = true;
            out.write_all(line)?;
        }
        Ok(())
    }

    /// Closes the array; one without records is `[]`.
    pub fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(if self.begun { b"\n]\n" } else { b"[]\n" })
    }
}
