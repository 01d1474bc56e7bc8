//! TEI P5: a `TEI` element for each issue, a `div` for each article or page, and each break of the print where it stood.
//!
//! A split sign that was taken away is `<pc force="weak">-</pc><lb break="no"/>`, so that both the printed lines and the words can be had
//! from it; `<pb n="2"/>` is where a page begins, `<cb/>` where a column does.

use std::io::{self, Write};

use crate::articles::{BreakKind, Hyphen};
use crate::pipeline::Processed;
use crate::write::articles::{ArticleRecord, Exported};
use crate::write::report::escaped;

/// What stands before the issues where one document holds them all.
pub const CORPUS_START: &str = "<teiCorpus xmlns=\"http://www.tei-c.org/ns/1.0\">\n<teiHeader><fileDesc><titleStmt><title>Reading text</title></titleStmt><publicationStmt><p>Made by galleyproof</p></publicationStmt><sourceDesc><p>The issues below</p></sourceDesc></fileDesc></teiHeader>\n";
/// What stands after them.
pub const CORPUS_END: &str = "</teiCorpus>\n";
/// The first line of a document.
pub const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// Writes the `TEI` element of an issue.
///
/// # Errors
/// Those of `out`.
pub fn write(out: &mut impl Write, processed: &Processed, records: &[Exported]) -> io::Result<()> {
    let issue = escaped(&processed.read.id);
    writeln!(out, "<TEI xmlns=\"http://www.tei-c.org/ns/1.0\">\n<teiHeader>\n<fileDesc>\n<titleStmt><title>{issue}</title></titleStmt>")?;
    writeln!(out, "<publicationStmt><p>Reading text made by galleyproof {}</p></publicationStmt>", env!("CARGO_PKG_VERSION"))?;
    write!(out, "<sourceDesc><bibl><title>{issue}</title>")?;
    if let Some(date) = records.first().map(|r| &r.record.date).filter(|d| !d.is_empty()) {
        write!(out, "<date when=\"{date}\"/>")?;
    }
    writeln!(out, "</bibl></sourceDesc>\n</fileDesc>")?;
    writeln!(
        out,
        "<encodingDesc><editorialDecl><hyphenation eol=\"soft\"><p>Words that a line, column or page end had split are joined; the sign is kept as a weak pc.</p></hyphenation></editorialDecl></encodingDesc>"
    )?;
    writeln!(out, "</teiHeader>\n<text>\n<body>")?;
    let mut page = None;
    for exported in records {
        division(out, processed, exported, &mut page)?;
    }
    // A body may not be empty.
    if records.is_empty() {
        writeln!(out, "<p/>")?;
    }
    writeln!(out, "</body>\n</text>\n</TEI>")
}

fn division(out: &mut impl Write, processed: &Processed, exported: &Exported, page: &mut Option<usize>) -> io::Result<()> {
    let ArticleRecord { kind, id, lang, banner, kicker, title, deck, byline, text, captions, .. } = &exported.record;
    write!(out, "<div type=\"{kind}\" n=\"{}\"", escaped(id))?;
    if lang != "und" {
        write!(out, " xml:lang=\"{lang}\"")?;
    }
    writeln!(out, ">")?;
    if exported.reading.pieces.is_empty()
        && let Some(first) = exported.record.parts.first()
    {
        writeln!(out, "<pb n=\"{}\"/>", first.page)?;
    }
    let pages = &processed.articles.pages;
    let number = |page: usize| pages.get(page).map_or(page as u32 + 1, |p| p.number);
    if let Some(piece) = exported.reading.pieces.first().filter(|p| *page != Some(p.page)) {
        writeln!(out, "<pb n=\"{}\"/>", number(piece.page))?;
        *page = Some(piece.page);
    }
    for (kind, head) in [("banner", banner), ("kicker", kicker), ("main", title), ("deck", deck)] {
        if !head.is_empty() {
            writeln!(out, "<head type=\"{kind}\">{}</head>", plain(head))?;
        }
    }
    if !byline.is_empty() && !text.starts_with(byline.as_str()) {
        writeln!(out, "<byline>{}</byline>", plain(byline))?;
    }
    let mut start = 0;
    for paragraph in text.split('\n') {
        write!(out, "<p>")?;
        // A page that begins with a paragraph.
        if let Some(piece) = exported.reading.pieces.iter().find(|p| p.at == start && start > 0 && *page != Some(p.page)) {
            write!(out, "<pb n=\"{}\"/>", number(piece.page))?;
            *page = Some(piece.page);
        }
        inside(out, processed, exported, start, paragraph, page)?;
        writeln!(out, "</p>")?;
        start += paragraph.len() + 1;
    }
    for caption in captions {
        writeln!(out, "<figure><head>{}</head></figure>", plain(caption))?;
    }
    writeln!(out, "</div>")
}

/// The text of a paragraph with its breaks.
fn inside(
    out: &mut impl Write,
    processed: &Processed,
    exported: &Exported,
    start: usize,
    paragraph: &str,
    page: &mut Option<usize>,
) -> io::Result<()> {
    let breaks = &exported.reading.breaks;
    let from = breaks.partition_point(|b| b.at < start);
    let mut at = 0;
    for found in breaks[from..].iter().take_while(|b| b.at <= start + paragraph.len()) {
        let here = found.at - start;
        write!(out, "{}", plain(&paragraph[at..here]))?;
        at = here;
        if found.hyphen == Hyphen::Soft {
            write!(out, "<pc force=\"weak\">{}</pc>", plain(&found.removed))?;
        }
        let whole = paragraph[here..].starts_with(' ') || paragraph[..here].ends_with(' ');
        let within = if whole { "" } else { " break=\"no\"" };
        match found.kind {
            BreakKind::Line => {}
            BreakKind::Column => write!(out, "<cb{within}/>")?,
            BreakKind::Page => {
                let read = &processed.read.pages;
                let new = read.partition_point(|p| p.span.start <= found.after).saturating_sub(1);
                let number = processed.articles.pages.get(new).map_or(new as u32 + 1, |p| p.number);
                write!(out, "<pb n=\"{number}\"{within}/>")?;
                *page = Some(new);
            }
        }
        write!(out, "<lb{within}/>")?;
    }
    write!(out, "{}", plain(&paragraph[at..]))
}

/// Character data: quotes stay as they are.
fn plain(text: &str) -> String {
    escaped(text).replace("&quot;", "\"").replace("&#39;", "'")
}
