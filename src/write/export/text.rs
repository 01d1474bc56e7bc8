//! Reading text as plain text: paragraphs on a line each with an empty line between them, a form feed before the next article or page.

use std::io::{self, Write};

use crate::write::articles::ArticleRecord;

/// Writes one article or page, its titles and byline before its text.
///
/// # Errors
/// Those of `out`.
pub fn write(out: &mut impl Write, record: &ArticleRecord) -> io::Result<()> {
    let mut first = true;
    let mut paragraph = |text: &str| -> io::Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        if !std::mem::take(&mut first) {
            out.write_all(b"\n")?;
        }
        writeln!(out, "{text}")
    };
    for title in [&record.banner, &record.kicker, &record.title, &record.deck] {
        paragraph(title)?;
    }
    // A byline that opens the text stands there already.
    if !record.text.starts_with(&record.byline) {
        paragraph(&record.byline)?;
    }
    record.text.split('\n').try_for_each(&mut paragraph)?;
    record.captions.iter().try_for_each(|c| paragraph(c))
}
