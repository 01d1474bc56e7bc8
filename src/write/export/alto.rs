//! ALTO 4.4 of a page: its printed lines and words as they were read, with the repaired characters.
//!
//! Nothing is moved: a split word stays on its two lines, as ALTO has it, with `SUBS_TYPE` and `SUBS_CONTENT` for the whole word and its sign
//! as `HYP`. Boxes are those of the input, in its unit; from plain text an ALTO without boxes is made, which says what stands in which block,
//! line and word, and nothing of where.

use std::io::{self, Write};

use crate::articles::SPLIT_SIGNS;
use crate::model::{Issue, Span};
use crate::ocr::{OcrPage, Rect, Unit};
use crate::pipeline::Processed;
use crate::write::report::escaped;

/// Writes the document of some pages of an issue.
///
/// # Errors
/// Those of `out`.
pub fn write(out: &mut impl Write, processed: &Processed, pages: std::ops::Range<usize>) -> io::Result<()> {
    let version = env!("CARGO_PKG_VERSION");
    let file = processed.read.pages.get(pages.start).map(|p| processed.read.sources[p.source as usize].path.to_string_lossy());
    writeln!(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<alto xmlns=\"http://www.loc.gov/standards/alto/ns-v4#\" SCHEMAVERSION=\"4.4\">"
    )?;
    let first = ocr_page(processed, pages.start);
    let unit = match first.map(|p| p.unit).unwrap_or_default() {
        Unit::Pixel => "pixel",
        Unit::Inch1200 => "inch1200",
        Unit::Mm10 => "mm10",
    };
    let image = first.and_then(|p| p.image.as_deref()).map(str::to_owned).or(file.map(|f| f.into_owned())).unwrap_or_default();
    writeln!(out, "<Description>\n<MeasurementUnit>{unit}</MeasurementUnit>")?;
    writeln!(out, "<sourceImageInformation><fileName>{}</fileName></sourceImageInformation>", escaped(&image))?;
    writeln!(
        out,
        "<Processing ID=\"galley\"><processingCategory>contentModification</processingCategory><processingSoftware><softwareName>galleyproof</softwareName><softwareVersion>{version}</softwareVersion></processingSoftware></Processing>"
    )?;
    writeln!(out, "</Description>\n<Layout>")?;
    for page in pages {
        write_page(out, processed, page)?;
    }
    writeln!(out, "</Layout>\n</alto>")
}

fn write_page(out: &mut impl Write, processed: &Processed, page: usize) -> io::Result<()> {
    let read = &*processed.read;
    let number = page + 1;
    let printed = processed.articles.pages.get(page).map_or(number as u32, |p| p.number);
    let size = ocr_page(processed, page).and_then(|p| p.size).map(|(w, h)| format!(" WIDTH=\"{w}\" HEIGHT=\"{h}\"")).unwrap_or_default();
    writeln!(out, "<Page ID=\"page{number}\" PHYSICAL_IMG_NR=\"{number}\" PRINTED_IMG_NR=\"{printed}\"{size}>\n<PrintSpace>")?;
    for region in read.pages[page].regions.clone() {
        let lines = read.regions[region].lines.clone();
        if lines.is_empty() {
            continue;
        }
        let language = read.regions[region].language.code();
        let language = if language == "und" { String::new() } else { format!(" LANG=\"{language}\"") };
        let printed = |line: usize| read.printed_line(line);
        let boxes = lines.clone().filter_map(|l| printed(l)?.rect).reduce(|a, b| a.union(&b));
        writeln!(out, "<TextBlock ID=\"b{}\"{}{language}>", region + 1, sides(boxes))?;
        for line in lines {
            writeln!(out, "<TextLine ID=\"l{}\"{}>", line + 1, sides(printed(line).and_then(|l| l.rect)))?;
            write_line(out, processed, line)?;
            writeln!(out, "</TextLine>")?;
        }
        writeln!(out, "</TextBlock>")?;
    }
    writeln!(out, "</PrintSpace>\n</Page>")
}

fn write_line(out: &mut impl Write, processed: &Processed, line: usize) -> io::Result<()> {
    let read = &*processed.read;
    let words = words(read, line);
    let mut begun = false;
    for (i, word) in words.iter().enumerate() {
        let (first, last) = (i == 0, i + 1 == words.len());
        let after = if last { split_after(processed, word) } else { None };
        let before = if first { split_before(processed, line) } else { None };
        let (sign, text) = match &after {
            Some(split) => (&read.text[split.sign.clone()], word.start..split.sign.start),
            None => ("", word.clone()),
        };
        let content = cleaned(processed, &text);
        if content.is_empty() && sign.is_empty() {
            continue;
        }
        if std::mem::replace(&mut begun, true) {
            writeln!(out, "<SP/>")?;
        }
        write!(out, "<String ID=\"s{}\" CONTENT=\"{}\"", word.start + 1, escaped(&content))?;
        if let Some((whole, part)) = after.as_ref().map(|s| (&s.whole, 1)).or(before.as_ref().map(|s| (&s.whole, 2))) {
            write!(out, " SUBS_TYPE=\"HypPart{part}\" SUBS_CONTENT=\"{}\"", escaped(whole))?;
        }
        writeln!(out, "{}/>", sides(rect_of(read, word)))?;
        if !sign.is_empty() {
            writeln!(out, "<HYP CONTENT=\"{}\"/>", escaped(sign))?;
        }
    }
    // A line may not be empty.
    if !begun {
        writeln!(out, "<String CONTENT=\"\"/>")?;
    }
    Ok(())
}

/// What the input says of a page.
fn ocr_page(processed: &Processed, page: usize) -> Option<&OcrPage> {
    let span = &processed.read.pages.get(page)?.span;
    processed.read.ocr.pages.iter().find(|p| p.span.start == span.start)
}

/// The box of a word that is one of the input's words.
fn rect_of(read: &Issue, word: &Span) -> Option<Rect> {
    let words = &read.ocr.words;
    let at = words.partition_point(|w| w.span.end <= word.start);
    let inside = words[at..].iter().take_while(|w| w.span.start < word.end).map(|w| w.rect);
    inside.reduce(|a, b| Some(a?.union(&b?))).flatten()
}

fn sides(rect: Option<Rect>) -> String {
    let side = |r: Rect| format!(" HPOS=\"{}\" VPOS=\"{}\" WIDTH=\"{}\" HEIGHT=\"{}\"", r.x0, r.y0, r.width(), r.height());
    rect.map(side).unwrap_or_default()
}

/// A word of two lines.
struct Split {
    /// The sign at the end of the first line, in the text as read; may be empty.
    sign: Span,
    /// The whole word, repaired.
    whole: String,
}

/// The words of a printed line, in the text as read.
fn words(read: &Issue, line: usize) -> Vec<Span> {
    let (text, base) = (read.line_text(line), read.lines[line].span.start);
    text.split_whitespace()
        .map(|word| {
            let at = base + (word.as_ptr() as usize - text.as_ptr() as usize);
            at..at + word.len()
        })
        .collect()
}

/// The repaired characters of a stretch of a line.
fn cleaned(processed: &Processed, span: &Span) -> String {
    let text = &processed.clean.text[processed.map.to_new(span.clone())];
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether the last word of a line was joined with the line after it.
fn split_after(processed: &Processed, word: &Span) -> Option<Split> {
    let read = &processed.read.text;
    let hunks = processed.map.hunks();
    let hunk = &hunks[hunks.partition_point(|h| h.old.end <= word.end)..].first().filter(|h| h.old.start <= word.end)?;
    if !read[hunk.old.clone()].contains(['\n', '\u{c}']) {
        return None;
    }
    let (new, at) = (&processed.clean.text[hunk.new.clone()], hunk.new.start);
    if new.contains(char::is_whitespace) {
        return None;
    }
    let whole = whole(processed, at)?;
    // A hyphen that stays is a sign as well: it stands at the end of the line.
    let kept =
        read[word.clone()].char_indices().next_back().filter(|(_, c)| SPLIT_SIGNS.contains(c)).map_or(word.end, |(i, _)| word.start + i);
    Some(Split { sign: hunk.old.start.max(word.start).min(kept)..word.end, whole })
}

/// Whether the first word of a line is the rest of the last one before it.
fn split_before(processed: &Processed, line: usize) -> Option<Split> {
    let start = processed.read.lines[line].span.start;
    let hunks = processed.map.hunks();
    let hunk = hunks[..hunks.partition_point(|h| h.old.start < start)].last().filter(|h| h.old.end >= start)?;
    if processed.clean.text[hunk.new.clone()].contains(char::is_whitespace)
        || !processed.read.text[hunk.old.clone()].contains(['\n', '\u{c}'])
    {
        return None;
    }
    Some(Split { sign: 0..0, whole: whole(processed, hunk.new.start)? })
}

/// The word around a place of the repaired text; none in Chinese, which has no words that a line could split.
fn whole(processed: &Processed, at: usize) -> Option<String> {
    let text = &processed.clean.text;
    let han = |c: char| ('\u{2e80}'..'\u{ac00}').contains(&c) || c >= '\u{20000}' || ('\u{ff00}'..'\u{fff0}').contains(&c);
    let (before, after) = (text[..at].chars().next_back()?, text[at..].chars().next()?);
    if han(before) || han(after) || before.is_whitespace() || after.is_whitespace() {
        return None;
    }
    let from = text[..at].rfind(char::is_whitespace).map_or(0, |i| i + text[i..].chars().next().map_or(1, char::len_utf8));
    let to = text[at..].find(char::is_whitespace).map_or(text.len(), |i| at + i);
    Some(text[from..to].to_owned())
}
