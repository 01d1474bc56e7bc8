//! JSON: canonical pages of impresso, and records of an issue, an article or a page (one a line, or a whole file).

use std::ops::Range;

use compact_str::CompactString;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::blocks::{Blocks, Line, Region, Word};
use super::languages;
use super::markup::{Escape, InputFormat, Places, Writer};
use super::xml::{Checked, Fault};
use crate::ocr::{Ocr, OcrPage, OcrRegion, Rect};

/// Keys whose string is the text of a record, the first that is there.
const TEXT_KEYS: [&str; 4] = ["text", "ft", "fulltext", "content"];

#[derive(Deserialize)]
struct ImpressoPage<'a> {
    #[serde(default)]
    id: CompactString,
    fw: Option<f32>,
    fh: Option<f32>,
    #[serde(borrow)]
    r: Vec<ImpressoRegion<'a>>,
}

#[derive(Deserialize)]
struct ImpressoRegion<'a> {
    #[serde(borrow, default)]
    p: Vec<ImpressoParagraph<'a>>,
}

#[derive(Deserialize)]
struct ImpressoParagraph<'a> {
    #[serde(default)]
    c: Vec<f32>,
    #[serde(borrow, default)]
    l: Vec<ImpressoLine<'a>>,
}

#[derive(Deserialize)]
struct ImpressoLine<'a> {
    #[serde(default)]
    c: Vec<f32>,
    #[serde(borrow, default)]
    t: Vec<ImpressoToken<'a>>,
}

#[derive(Deserialize)]
struct ImpressoToken<'a> {
    #[serde(default)]
    c: Vec<f32>,
    #[serde(borrow)]
    tx: Option<&'a RawValue>,
    /// No space after it.
    #[serde(default)]
    gn: Option<bool>,
    /// The whole word, where the token is a part of it.
    nf: Option<CompactString>,
}

#[derive(Deserialize)]
struct Record<'a> {
    #[serde(borrow)]
    text: Option<&'a RawValue>,
    #[serde(borrow)]
    ft: Option<&'a RawValue>,
    #[serde(borrow)]
    fulltext: Option<&'a RawValue>,
    #[serde(borrow)]
    content: Option<&'a RawValue>,
    #[serde(default)]
    id: Option<serde_json::Value>,
    #[serde(default)]
    issue: Option<serde_json::Value>,
    #[serde(default)]
    page: Option<serde_json::Value>,
    #[serde(alias = "lg", alias = "language")]
    lang: Option<CompactString>,
}

impl<'a> Record<'a> {
    fn text(&self) -> Option<&'a RawValue> {
        [self.text, self.ft, self.fulltext, self.content].into_iter().flatten().find(|raw| raw.get().starts_with('"'))
    }
}

/// Whether the start of a JSON document is one that is read, and as what.
pub fn detect(head: &str) -> Option<InputFormat> {
    let start = head.trim_start();
    if !start.starts_with(['{', '[']) {
        return None;
    }
    let key = |name: &str| {
        let quoted = format!("\"{name}\"");
        head.match_indices(&quoted).any(|(at, _)| head[at + quoted.len()..].trim_start().starts_with(':'))
    };
    if key("r") && (key("cc") || key("c") || key("st")) {
        return Some(InputFormat::Impresso);
    }
    TEXT_KEYS.iter().any(|name| key(name)).then_some(InputFormat::Jsonl)
}

/// Reads a canonical page of impresso.
///
/// # Errors
/// What serde says of it.
pub fn read_impresso(document: &str) -> Checked<Blocks> {
    let page: ImpressoPage = serde_json::from_str(document).map_err(|e| fault(document, 0, &e))?;
    let mut blocks = Blocks::default();
    let rect = |c: &[f32]| match c {
        [x, y, width, height] => Rect::new(*x, *y, x + width, y + height),
        _ => None,
    };
    for paragraph in page.r.iter().flat_map(|r| &r.p) {
        let first = blocks.lines.len();
        for line in &paragraph.l {
            let first = blocks.words.len();
            let mut glued = false;
            for token in &line.t {
                let Some(raw) = token.tx.filter(|raw| raw.get().starts_with('"')) else { continue };
                let raw = inside(document, raw);
                blocks.words.push(Word {
                    tag: raw.clone(),
                    raw,
                    before: if std::mem::replace(&mut glued, token.gn == Some(true)) {
                        super::blocks::Before::Nothing
                    } else {
                        super::blocks::Before::Space
                    },
                    rect: rect(&token.c),
                    whole: token.nf.clone(),
                    ..Word::default()
                });
            }
            let words = first..blocks.words.len();
            blocks.lines.push(Line { words, rect: rect(&line.c), ..Line::default() });
        }
        let lines = first..blocks.lines.len();
        blocks.regions.push(Region { lines, rect: rect(&paragraph.c), ..Region::default() });
    }
    blocks.end_page(OcrPage { id: page.id, size: page.fw.zip(page.fh), ..OcrPage::default() });
    Ok(blocks)
}

/// Reads records: one a line, or one or a list of them in the whole document. Each is a page; what is not the next page of the same issue
/// stands apart from the record before it.
///
/// # Errors
/// A line that is no JSON object, and a document in which no record has a text.
pub fn read_records(document: &str) -> Checked<(String, Ocr, Places)> {
    let mut records: Vec<Record> = Vec::new();
    if document.trim_start().starts_with('[') {
        records = serde_json::from_str(document).map_err(|e| fault(document, 0, &e))?;
    } else if let Ok(one) = serde_json::from_str::<Record>(document) {
        records.push(one);
    } else {
        let mut at = 0;
        for line in document.split('\n') {
            if !line.trim().is_empty() {
                records.push(serde_json::from_str(line).map_err(|e| fault(document, at, &e))?);
            }
            at += line.len() + 1;
        }
    }
    if records.iter().all(|r| r.text().is_none()) {
        return Err(Fault::new(0, format!("no record has a text under {}", TEXT_KEYS.map(|k| format!("`{k}`")).join(", "))));
    }
    let mut out = Writer::new(document, Escape::Json);
    let mut ocr = Ocr::default();
    let mut before: Option<&Record> = None;
    for (i, record) in records.iter().enumerate() {
        if i > 0 {
            out.synthetic("\u{c}");
        }
        let raw = record.text().map_or(0..0, |raw| inside(document, raw));
        let span = out.json_text(raw.clone());
        let named = |value: &Option<serde_json::Value>| value.as_ref().map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned));
        let next_page = |b: &Record| record.issue.is_some() && record.issue == b.issue && record.page.is_some() && record.page != b.page;
        let regions = ocr.regions.len() as u32..ocr.regions.len() as u32 + u32::from(!span.is_empty());
        if !span.is_empty() {
            ocr.regions.push(OcrRegion {
                span: span.clone(),
                page: i as u32,
                language: record.lang.as_deref().and_then(languages::language_of),
                ..OcrRegion::default()
            });
        }
        ocr.pages.push(OcrPage {
            span,
            regions,
            id: named(&record.id).unwrap_or_default().into(),
            folio: named(&record.page).map(Into::into),
            apart: before.is_some_and(|b| !next_page(b)),
            tag: raw,
            ..OcrPage::default()
        });
        before = Some(record);
    }
    Ok(out.finish(InputFormat::Jsonl, ocr))
}

/// Where a string of the document stands in it, without its quotes.
fn inside(document: &str, raw: &RawValue) -> Range<usize> {
    // `raw` borrows from the document: the distance of the two is its offset.
    let start = raw.get().as_ptr() as usize - document.as_ptr() as usize + 1;
    start..start + raw.get().len().max(2) - 2
}

/// What serde says, at its place in the document; `at` is where the text it read begins.
fn fault(document: &str, at: usize, error: &serde_json::Error) -> Fault {
    let before: usize = document[at..].split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    Fault::new(at + before, format!("not the JSON it looks like: {error}"))
}
