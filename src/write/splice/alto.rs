//! ALTO: SUBS_TYPE and SUBS_CONTENT on the Strings of a split word; corrected CONTENT; a step in the processing history.

use std::ops::Range;

use super::{Job, WriteMode};
use crate::ocr::OcrWord;
use crate::read::xml::{Dialect, Node, Tag, Xml, escaped};

pub fn write(job: &mut Job, end: usize) {
    let mut done: Vec<&str> = Vec::new();
    // Of a word over three lines the middle is the second part of one joint and the first of the next: it is annotated once.
    let mut last: Option<(usize, String)> = None;
    for i in 0..job.joints.len() {
        let Some((left, right, mut whole)) = parts(job, i) else { continue };
        let middle = last.take().filter(|(word, _)| *word == left);
        let goes_on = middle.is_some();
        if let Some((_, of_all)) = middle {
            whole = of_all;
        }
        let words = [(left, "HypPart1"), (right, "HypPart2")];
        for (word, kind) in words.into_iter().skip(usize::from(goes_on)) {
            let word = &job.ocr.words[word];
            if job.holds(&word.span, end) && annotate(job, word, kind, &whole) {
                done.push("split words");
            }
        }
        last = Some((right, whole));
    }
    if job.mode == WriteMode::Correct {
        for change in job.changes {
            let before = job.splices.0.len();
            job.correct_in_place(change);
            if job.splices.0.len() > before {
                done.push("characters");
            }
        }
        outdated(job, end);
    } else {
        job.unwritten += job.changes.len();
    }
    done.sort_unstable();
    done.dedup();
    if !done.is_empty() {
        provenance(job, &done.join(", "));
    }
}

/// The words of a joint and the whole word, without marks at its ends. Han text has no such words.
pub(super) fn parts(job: &Job, i: usize) -> Option<(usize, usize, String)> {
    let joint = &job.joints[i];
    let left = job.ocr.word_at(joint.before)?;
    let right = job.ocr.words.partition_point(|w| w.span.end <= joint.after);
    let (first, second) = (&job.ocr.words[left], job.ocr.words.get(right).filter(|w| w.span.start <= joint.after)?);
    let han = |c: char| crate::characters::is_han(c);
    if left >= right || job.text[..joint.before].ends_with(han) || job.text[joint.after..].starts_with(han) {
        return None;
    }
    let mut whole = format!("{}{}", &job.text[first.span.start..joint.before], &job.text[joint.after..second.span.end]);
    // A word over three lines: its end is in the next joint.
    let mut last = second;
    for next in &job.joints[i + 1..] {
        if !(last.span.start <= next.before && next.before <= last.span.end) {
            break;
        }
        let Some(more) = job.ocr.words.get(job.ocr.words.partition_point(|w| w.span.end <= next.after)) else { break };
        whole.truncate(whole.len() - (last.span.end - next.before));
        whole.push_str(&job.text[next.after.min(more.span.end)..more.span.end]);
        last = more;
    }
    let bare = whole.trim_matches(|c: char| !c.is_alphanumeric());
    Some((left, right, if bare.is_empty() { whole.clone() } else { bare.to_owned() }))
}

/// Puts the attributes; those that say the same, marks aside, stay. Tells whether anything changed.
fn annotate(job: &mut Job, word: &OcrWord, kind: &str, whole: &str) -> bool {
    let tag = Tag::at(&job.markup.document, word.tag.clone());
    let bare = |text: &str| text.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let (have_kind, have) = (tag.get("SUBS_TYPE"), tag.get("SUBS_CONTENT"));
    let before = job.splices.0.len();
    let mut insert = String::new();
    match have_kind {
        None => insert.push_str(&format!(" SUBS_TYPE=\"{kind}\"")),
        // The middle of a word over three lines has been told already; a changed type of a part would be a guess.
        Some(a) if a.raw == "Abbreviation" => return false,
        Some(_) => {}
    }
    match have {
        None => insert.push_str(&format!(" SUBS_CONTENT=\"{}\"", escaped(whole))),
        Some(a) if bare(&a.text()) == bare(whole) => {}
        Some(a) => job.splices.put(a.range, escaped(whole)),
    }
    if !insert.is_empty() {
        let at = tag.after_attributes();
        job.splices.put(at..at, insert);
    }
    job.splices.0.len() > before
}

/// What no longer fits a String whose CONTENT changed: confidences of characters that are not there any more, and glyphs.
fn outdated(job: &mut Job, end: usize) {
    let document = &job.markup.document;
    let mut last = None;
    for change in job.changes {
        let Some(i) = job.ocr.word_at(change.span.start + usize::from(!change.span.is_empty())) else { continue };
        let word = &job.ocr.words[i];
        if last == Some(i) || !job.holds(&word.span, end) || job.exact(&change.span).is_none() {
            continue;
        }
        last = Some(i);
        let tag = Tag::at(document, word.tag.clone());
        let of_word = job.changes.iter().filter(|c| word.span.start <= c.span.start && c.span.end <= word.span.end);
        let longer = of_word.clone().any(|c| c.text.chars().count() != job.text[c.span.clone()].chars().count());
        if let Some(cc) = tag.get("CC").filter(|_| longer) {
            let from = document[..cc.range.start].rfind("CC").unwrap_or(cc.range.start);
            let from = from - (document[..from].len() - document[..from].trim_end().len());
            job.splices.put(from..cc.range.end + 1, "");
        }
        if !tag.is_empty() {
            let after = word.tag.end;
            for glyph in glyphs(document, after) {
                job.splices.put(glyph, "");
            }
        }
    }
}

/// The Glyph elements from a place to the end of the element that is open there, each with the white space before it.
fn glyphs(document: &str, from: usize) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let Some(length) = document[from..].find("String>") else { return found };
    let inside = &document[from..from + length];
    let inside = &inside[..inside.rfind("</").unwrap_or(inside.len())];
    let wrapped = format!("<x>{inside}</x>");
    let Ok(mut xml) = Xml::new(&wrapped, Dialect::Xml) else { return found };
    let (mut depth, mut start) = (0, 0);
    while let Ok(Some(node)) = xml.next() {
        match node {
            Node::Start(tag) => {
                depth += 1;
                if depth == 2 && tag.name == "Glyph" {
                    start = tag.start - (wrapped[..tag.start].len() - wrapped[..tag.start].trim_end().len());
                }
            }
            Node::End { name, range } => {
                if depth == 2 && name == "Glyph" {
                    let shift = from - "<x>".len();
                    found.push(start + shift..range.end + shift);
                }
                depth -= 1;
            }
            Node::Text(_) => {}
        }
    }
    found
}

/// Adds what was done to the processing history, once.
fn provenance(job: &mut Job, done: &str) {
    let document = &job.markup.document;
    let Ok(mut xml) = Xml::new(document, Dialect::Xml) else { return };
    let (mut description, mut ocr_end, mut last_end, mut newest) = (None, None, None, false);
    let mut depth = 0;
    while let Ok(Some(node)) = xml.next() {
        match node {
            Node::Start(tag) => {
                depth += 1;
                if depth == 1 {
                    newest = tag.get("xmlns").is_some_and(|a| a.raw.ends_with("ns-v4#")) || tag.text.contains("ns-v4#");
                }
                if depth == 2 && tag.name == "Description" && !tag.is_empty() {
                    description = Some(tag);
                }
            }
            Node::End { name, range } => {
                depth -= 1;
                match (depth, name) {
                    (2, "OCRProcessing") if !range.is_empty() => (ocr_end, last_end) = (Some(range.start), Some(range.end)),
                    (2, "MeasurementUnit" | "sourceImageInformation" | "Processing") => last_end = Some(range.end),
                    (1, "Description") => break,
                    _ => {}
                }
            }
            Node::Text(_) => {}
        }
        if depth == 2 && description.is_none() {
            // No Description: it would stand first.
            break;
        }
    }
    let Some((description, last_end)) = description.zip(last_end) else { return };
    let prefix = description.text[1..].split_once(':').filter(|(p, _)| p.chars().all(char::is_alphanumeric)).map_or("", |(p, _)| p);
    let colon = if prefix.is_empty() { "" } else { ":" };
    let version = env!("CARGO_PKG_VERSION");
    let p = format!("{prefix}{colon}");
    let step = format!(
        "<{p}processingStepDescription>{done}</{p}processingStepDescription><{p}processingSoftware><{p}softwareName>galleyproof</{p}softwareName><{p}softwareVersion>{version}</{p}softwareVersion></{p}processingSoftware>"
    );
    if document.contains(&step) {
        return;
    }
    let indent = |at: usize| {
        let line = &document[..at];
        let line = &line[line.rfind('\n').map_or(0, |n| n + 1)..];
        if line.chars().all(char::is_whitespace) { line.to_owned() } else { String::new() }
    };
    let number = (1..).find(|n| !document.contains(&format!("\"galleyproof_{n}\""))).unwrap_or(1);
    match ocr_end.filter(|_| !newest) {
        Some(at) => {
            let own = indent(at);
            let unit = if own.contains('\t') { "\t" } else { "  " };
            let at = at - own.len();
            job.splices.put(at..at, format!("{own}{unit}<{p}postProcessingStep>{step}</{p}postProcessingStep>\n"));
        }
        None if newest => {
            let own = indent(description.start);
            let unit = if own.contains('\t') { "\t" } else { "  " };
            job.splices.put(last_end..last_end, format!("\n{own}{unit}<{p}Processing ID=\"galleyproof_{number}\">{step}</{p}Processing>"));
        }
        None => {
            let own = indent(description.start);
            let unit = if own.contains('\t') { "\t" } else { "  " };
            job.splices.put(
                last_end..last_end,
                format!("\n{own}{unit}<{p}OCRProcessing ID=\"galleyproof_{number}\"><{p}ocrProcessingStep/><{p}postProcessingStep>{step}</{p}postProcessingStep></{p}OCRProcessing>"),
            );
        }
    }
}
