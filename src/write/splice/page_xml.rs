//! PAGE XML: corrected text as TextEquiv of index 0 with the OCR as index 1, on line, word and region alike; split words in `custom`; a note
//! in the metadata.

use std::ops::Range;

use super::{Change, Job, WriteMode};
use crate::read::xml::{Dialect, Node, Tag, Xml, escaped, plain};

/// The first version whose TextEquiv has an index, and the first with user-defined metadata.
const INDEXED: u32 = 2016;
const USER_DEFINED: u32 = 2017;

pub fn write(job: &mut Job, end: usize) {
    let root = job.markup.document.find("PcGts").map_or(0, |at| at);
    let year: u32 = job.markup.document[root..]
        .find("pagecontent/")
        .and_then(|at| job.markup.document.get(root + at + 12..root + at + 16))
        .and_then(|y| y.parse().ok())
        .unwrap_or(0);
    let mut done = Vec::new();
    if split_words(job, end) {
        done.push("split words");
    }
    let before = job.splices.0.len();
    characters(job, end, year);
    if job.splices.0.len() > before {
        done.push("characters");
    }
    if !done.is_empty() {
        provenance(job, &done.join(", "), year);
    }
}

/// A part of a split word on one line.
struct Part {
    line: usize,
    span: Range<usize>,
}

/// Puts `splitWord {offset; length; continued; expansion}` on both lines, as Transkribus marks what goes on in the next line.
fn split_words(job: &mut Job, end: usize) -> bool {
    // Properties by line, since a line may end in one word and begin with another.
    let mut wanted: Vec<(usize, String, String)> = Vec::new();
    for joint in job.joints {
        let Some(left) = job.ocr.line_at(joint.before) else { continue };
        let right = job.ocr.lines.partition_point(|l| l.span.end <= joint.after);
        let Some(second) = job.ocr.lines.get(right) else { continue };
        let (first, han) = (&job.ocr.lines[left].span, crate::characters::is_han);
        if left >= right || job.text[..joint.before].ends_with(han) || job.text[joint.after..].starts_with(han) {
            continue;
        }
        let start = job.text[first.start..joint.before].rfind(char::is_whitespace).map_or(first.start, |n| first.start + n + 1);
        let stop = job.text[joint.after..second.span.end].find(char::is_whitespace).map_or(second.span.end, |n| joint.after + n);
        let whole = format!("{}{}", &job.text[start..joint.before], &job.text[joint.after..stop]);
        let whole = whole.trim_matches(|c: char| !c.is_alphanumeric()).replace([';', '{', '}'], "");
        for part in [Part { line: left, span: start..first.end }, Part { line: right, span: joint.after..stop }] {
            let line = &job.ocr.lines[part.line];
            if !job.holds(&line.span, end) || part.span.is_empty() {
                continue;
            }
            let chars = |span: Range<usize>| job.text[span].chars().count();
            let head = format!("splitWord {{offset:{};", chars(line.span.start..part.span.start));
            let property = format!("{head} length:{}; continued:true; expansion:{whole};}}", chars(part.span.clone()));
            wanted.push((part.line, head, property));
        }
    }
    wanted.sort_by_key(|(line, ..)| *line);
    let before = job.splices.0.len();
    for group in wanted.chunk_by(|a, b| a.0 == b.0) {
        let tag = Tag::at(&job.markup.document, job.ocr.lines[group[0].0].tag.clone());
        if tag.name != "TextLine" {
            continue;
        }
        let have = tag.get("custom");
        let mut custom = have.as_ref().map(|a| a.text().into_owned()).unwrap_or_default();
        for (_, head, property) in group {
            if let Some(at) = custom.find(head.as_str()) {
                let stop = custom[at..].find('}').map_or(custom.len(), |n| at + n + 1);
                custom.replace_range(at..stop, property);
            } else {
                custom.push_str(if custom.is_empty() || custom.ends_with(' ') { "" } else { " " });
                custom.push_str(property);
            }
        }
        match have {
            Some(a) if a.text() == custom => {}
            Some(a) => {
                // What stood there keeps its bytes.
                let kept = a.text();
                match custom.strip_prefix(kept.as_ref()) {
                    Some(added) => job.splices.put(a.range.end..a.range.end, escaped(added)),
                    None => job.splices.put(a.range, escaped(&custom)),
                }
            }
            None => {
                let at = tag.after_attributes();
                job.splices.put(at..at, format!(" custom=\"{}\"", escaped(&custom)));
            }
        }
    }
    job.splices.0.len() > before
}

/// A text with the changes that lie in it, moved to its start.
fn changed(text: &str, span: &Range<usize>, changes: &[&Change]) -> String {
    let mut new = String::new();
    let mut at = span.start;
    for change in changes.iter().filter(|c| span.start <= c.span.start && c.span.end <= span.end) {
        if change.span.start < at {
            continue;
        }
        new.push_str(&text[at..change.span.start]);
        new.push_str(&change.text);
        at = change.span.end;
    }
    new.push_str(&text[at..span.end]);
    new
}

fn characters(job: &mut Job, end: usize, year: u32) {
    let (ocr, text) = (job.ocr, job.text);
    let mut rest = job.changes;
    let first = ocr.regions.partition_point(|r| r.span.end < job.start);
    for region in ocr.regions[first..].iter().take_while(|r| r.span.end <= end) {
        let mut any = false;
        for line in &ocr.lines[region.lines.start as usize..region.lines.end as usize] {
            let skip = rest.partition_point(|c| c.span.start < line.span.start);
            let take = rest.partition_point(|c| c.span.start <= line.span.end && c.span.end <= line.span.end);
            job.unwritten += skip.min(take);
            let here: Vec<&Change> = rest[skip.min(take)..take].iter().collect();
            rest = &rest[take.max(skip)..];
            if here.is_empty() {
                continue;
            }
            if job.mode == WriteMode::Annotate && year < INDEXED {
                job.unwritten += here.len();
                continue;
            }
            any = true;
            match (&line.raw, job.mode) {
                (Some(_), WriteMode::Correct) => here.iter().for_each(|c| job.correct_in_place(c)),
                (Some(raw), WriteMode::Annotate) => equivalent(job, &line.tag, raw, &changed(text, &line.span, &here)),
                (None, _) => {}
            }
            for word in &ocr.words[line.words.start as usize..line.words.end as usize] {
                let inside: Vec<&Change> =
                    here.iter().copied().filter(|c| word.span.start <= c.span.start && c.span.end <= word.span.end).collect();
                if inside.is_empty() {
                    continue;
                }
                let new = changed(text, &word.span, &inside);
                match job.mode {
                    WriteMode::Correct => job.splices.put(word.raw.clone(), escaped(&new)),
                    WriteMode::Annotate => equivalent(job, &word.tag, &word.raw, &new),
                }
            }
        }
        if any {
            region_text(job, region);
        }
    }
    job.unwritten += rest.len();
}

/// The text of a region repeats its lines; where it does, it goes on doing so.
fn region_text(job: &mut Job, region: &crate::ocr::OcrRegion) {
    let document = &job.markup.document;
    let children = children(document, region.tag.start);
    let index = |tag: &Tag| tag.get("index").and_then(|a| a.raw.parse::<i64>().ok()).unwrap_or(0);
    let Some((tag, whole)) = children.iter().filter(|(tag, _)| tag.name == "TextEquiv").min_by_key(|(tag, _)| index(tag)) else { return };
    let Some(raw) = unicode(document, tag, whole) else { return };
    let lines = &job.ocr.lines[region.lines.start as usize..region.lines.end as usize];
    if lines.iter().any(|l| l.raw.as_ref().is_some_and(|r| raw.start <= r.start && r.end <= raw.end)) {
        return;
    }
    let old = plain(&document[raw.clone()]).into_owned();
    let printed: Vec<&str> = old.split('\n').filter(|l| !l.trim().is_empty()).collect();
    if printed.len() != lines.len() || printed.iter().zip(lines).any(|(p, l)| p.trim() != &job.text[l.span.clone()]) {
        return;
    }
    let changes: Vec<&Change> = job.changes.iter().collect();
    let mut news = lines.iter().map(|l| changed(job.text, &l.span, &changes));
    let new: Vec<String> = old
        .split('\n')
        .map(|line| match line.trim() {
            "" => line.to_owned(),
            core => line.replacen(core, &news.next().unwrap_or_default(), 1),
        })
        .collect();
    let (tag, new) = (region.tag.clone(), new.join("\n"));
    match job.mode {
        WriteMode::Correct => job.splices.put(raw, escaped(&new)),
        WriteMode::Annotate => equivalent(job, &tag, &raw, &new),
    }
}

/// Puts a TextEquiv with the new text before those that are there, whose index grows by one.
fn equivalent(job: &mut Job, element: &Range<usize>, raw: &Range<usize>, new: &str) {
    let document = &job.markup.document;
    let children = children(document, element.start);
    let equivs: Vec<&(Tag, Range<usize>)> = children.iter().filter(|(tag, _)| tag.name == "TextEquiv").collect();
    let Some((_, whole)) = equivs.iter().find(|(_, whole)| whole.start <= raw.start && raw.end <= whole.end) else {
        job.unwritten += 1;
        return;
    };
    let name = document[whole.start + 1..].split(|c: char| c.is_whitespace() || c == '>').next().unwrap_or("TextEquiv");
    let unicode = name.replace("TextEquiv", "Unicode");
    let before = &document[..equivs[0].1.start];
    let indent = &before[before.trim_end().len()..];
    let at = equivs[0].1.start;
    let inner = document[whole.start..raw.start].rfind('<').map_or("", |n| {
        let lead = &document[whole.start..whole.start + n];
        &lead[lead.trim_end().len()..]
    });
    let closing = document[..whole.end].rfind("</").map_or("", |n| {
        let lead = &document[..n];
        &lead[lead.trim_end().len()..]
    });
    job.splices.put(at..at, format!("<{name} index=\"0\">{inner}<{unicode}>{}</{unicode}>{closing}</{name}>{indent}", escaped(new)));
    for (i, (tag, _)) in equivs.iter().enumerate() {
        match tag.get("index") {
            Some(a) => {
                let index = a.raw.trim().parse::<i64>().unwrap_or(i as i64);
                job.splices.put(a.range, (index + 1).to_string());
            }
            None => {
                let at = tag.after_attributes();
                job.splices.put(at..at, format!(" index=\"{}\"", i + 1));
            }
        }
    }
}

/// The elements right inside the one that begins at `start`, each with its whole range.
fn children(document: &str, start: usize) -> Vec<(Tag<'_>, Range<usize>)> {
    let mut found = Vec::new();
    let Ok(mut xml) = Xml::new(&document[start..], Dialect::Xml) else { return found };
    let (mut depth, mut open) = (0, None);
    while let Ok(Some(node)) = xml.next() {
        match node {
            Node::Start(tag) => {
                depth += 1;
                if depth == 2 {
                    open = Some(Tag { start: tag.start + start, ..tag });
                }
            }
            Node::End { range, .. } => {
                if depth == 2
                    && let Some(tag) = open.take()
                {
                    found.push((tag, tag.start..range.end + start));
                }
                depth -= 1;
                if depth == 0 {
                    break;
                }
            }
            Node::Text(_) => {}
        }
    }
    found
}

/// What stands in the Unicode of a TextEquiv.
fn unicode(document: &str, tag: &Tag, whole: &Range<usize>) -> Option<Range<usize>> {
    let inside = children(document, tag.start);
    let (unicode, range) = inside.iter().find(|(t, _)| t.name == "Unicode")?;
    let end = document[..range.end.min(whole.end)].rfind("</")?;
    (!unicode.is_empty()).then(|| unicode.range().end..end.max(unicode.range().end))
}

/// Notes what was done, once: as a user-defined attribute, in older versions among the comments.
fn provenance(job: &mut Job, done: &str, year: u32) {
    let document = &job.markup.document;
    let note = format!("galleyproof {}: {done}", env!("CARGO_PKG_VERSION"));
    let Some(at) = document.find("Metadata").and_then(|n| document[..n].rfind('<')) else { return };
    let head = &document[at..document[at..].find("Page ").map_or(document.len(), |n| at + n)];
    if head.contains(&note) {
        return;
    }
    let children = children(document, at);
    let named = |name: &str| children.iter().find(|(tag, _)| tag.name == name);
    let prefix = document[at + 1..].split("Metadata").next().unwrap_or("");
    let indent = |at: usize| {
        let line = &document[..at];
        let line = &line[line.rfind('\n').map_or(0, |n| n + 1)..];
        if line.chars().all(char::is_whitespace) { format!("\n{line}") } else { String::new() }
    };
    let attribute = format!("<{prefix}UserAttribute name=\"galleyproof\" value=\"{}\"/>", escaped(&note));
    if let Some((tag, whole)) = named("UserDefined").filter(|(tag, _)| !tag.is_empty()) {
        let end = document[..whole.end].rfind("</").unwrap_or(whole.end);
        let trimmed = document[..end].trim_end().len();
        let lead = indent(tag.start);
        job.splices.put(trimmed..trimmed, format!("{lead}  {attribute}"));
        return;
    }
    let comments = named("Comments").filter(|(tag, _)| !tag.is_empty());
    if year < USER_DEFINED
        && let Some((_, whole)) = comments
    {
        let end = document[..whole.end].rfind("</").unwrap_or(whole.end);
        let trimmed = document[..end].trim_end().len();
        job.splices.put(trimmed..trimmed, format!("\n{note}"));
        return;
    }
    let Some((tag, whole)) = comments.or_else(|| named("Comments")).or_else(|| named("LastChange")) else { return };
    let lead = indent(tag.start);
    let element = match year < USER_DEFINED {
        true => format!("<{prefix}Comments>{}</{prefix}Comments>", escaped(&note)),
        false => format!("<{prefix}UserDefined>{attribute}</{prefix}UserDefined>"),
    };
    if year < USER_DEFINED && tag.name == "Comments" {
        return;
    }
    job.splices.put(whole.end..whole.end, format!("{lead}{element}"));
}
