//! Formats that have little beside their text: hOCR and Tesseract's table, pages of impresso, records with a text.

use super::alto::parts;
use super::{Job, WriteMode};
use crate::read::InputFormat;
use crate::read::xml::escaped;
use crate::write::encode::Hunk;

/// hOCR and TSV: the sign at the end of a split word becomes a soft hyphen, which stands for "the word goes on"; its box stays.
pub fn soft_hyphens(job: &mut Job, end: usize) {
    let mut done = false;
    for joint in job.joints {
        // The sign and all that stands after it on its line.
        let sign = joint.before..joint.before + job.text[joint.before..joint.line_end].trim_end().len();
        let written = &job.text[sign.clone()];
        let han = job.text[..joint.before].ends_with(crate::characters::is_han);
        // A hard hyphen is part of the word, and a mark beside the sign is printed: both stay.
        if written.chars().count() == 1
            && written != "\u{ad}"
            && !han
            && job.holds(&sign, end)
            && let Some(range) = job.exact(&sign)
        {
            job.splices.put(range, "\u{ad}");
            done = true;
        }
    }
    in_place(job);
    if job.markup.format == InputFormat::Hocr && (done || !job.splices.0.is_empty()) {
        provenance(job);
    }
}

/// impresso: the whole word as the normalized form of its parts.
pub fn impresso(job: &mut Job, end: usize) {
    for i in 0..job.joints.len() {
        let Some((left, right, whole)) = parts(job, i) else { continue };
        for (word, first) in [(left, true), (right, false)] {
            let word = &job.ocr.words[word];
            if word.whole.is_some() || !job.holds(&word.span, end) {
                continue;
            }
            let at = word.raw.end + 1;
            let hyphenated = if first { ", \"hy\": true" } else { "" };
            job.splices.put(at..at, format!("{hyphenated}, \"nf\": {}", serde_json::to_string(&whole).unwrap_or_default()));
        }
    }
    in_place(job);
}

fn in_place(job: &mut Job) {
    if job.mode == WriteMode::Annotate {
        job.unwritten += job.changes.len();
        return;
    }
    for change in job.changes {
        job.correct_in_place(change);
    }
}

/// Records: their text is text. A change over two records has no place.
pub fn records(job: &mut Job, old: &str, new: &str, hunks: &[Hunk]) {
    for (before, after) in hunks {
        match job.markup.exact(before.clone()) {
            Some(range) => job.splices.put(range, job.markup.escaped(&new[after.clone()])),
            None => job.unwritten += 1,
        }
    }
    debug_assert!(hunks.last().is_none_or(|(before, _)| before.end <= old.len()));
}

/// A meta element after the one that names the OCR system.
fn provenance(job: &mut Job) {
    let document = &job.markup.document;
    let content = format!("galleyproof {}", env!("CARGO_PKG_VERSION"));
    if document.contains(&content) {
        return;
    }
    let Some(system) = document.find("ocr-system") else { return };
    let (Some(start), Some(end)) = (document[..system].rfind('<'), document[system..].find('>').map(|n| system + n + 1)) else { return };
    let line = &document[..start];
    let indent = &line[line.rfind('\n').map_or(0, |n| n + 1)..];
    let (indent, close) = (if indent.trim().is_empty() { indent } else { "" }, if document[..end].ends_with("/>") { " /" } else { "" });
    // `<meta></meta>` stays whole.
    let end = if document[end..].starts_with("</meta>") { end + "</meta>".len() } else { end };
    job.splices.put(end..end, format!("\n{indent}<meta name='ocr-postprocessing' content='{}'{close}>", escaped(&content)));
}
