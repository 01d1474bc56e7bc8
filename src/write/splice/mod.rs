//! Repairs written into an OCR document: the changed bytes are spliced in, everything else is copied as it is.
//!
//! Nothing is moved or merged. By default what was found is added beside the text (`annotate`): ALTO's SUBS_CONTENT, PAGE's TextEquiv and
//! `custom`, hOCR's and TSV's soft hyphen, impresso's `nf`. `correct` also changes characters where they stand. The text of JSON Lines is
//! text and is repaired like text. What a format has no place for stays in the reading text, and is counted.

mod alto;
mod joints;
mod lines;
mod page_xml;

use std::ops::Range;
use std::path::Path;

use super::encode::{Hunk, RenderOptions};
use crate::error::Result;
use crate::ocr::Ocr;
use crate::pipeline::{Processed, source_hunks};
use crate::read::{ByteMap, InputFormat, Markup};

pub use joints::{Change, Joint, changes, joints};

/// How repairs stand in an OCR document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum WriteMode {
    /// Beside the text as it was recognized.
    #[default]
    Annotate,
    /// Also in its place: characters are changed.
    Correct,
}

/// A file with its repairs.
#[derive(Debug)]
pub struct Spliced {
    /// The file.
    pub bytes: Vec<u8>,
    /// Changes of characters that have no place in it: they are in the reading text only.
    pub unwritten: usize,
}

/// What becomes of a document: replacements of its bytes, apart from each other.
#[derive(Default)]
struct Splices(Vec<(Range<usize>, String)>);

impl Splices {
    fn put(&mut self, range: Range<usize>, text: impl Into<String>) {
        self.0.push((range, text.into()));
    }

    /// Document and changed spans. Of two that overlap the first holds.
    fn apply(mut self, document: &str) -> (String, Vec<Hunk>) {
        self.0.sort_by_key(|(range, _)| (range.start, range.end));
        let mut new = String::with_capacity(document.len() + self.0.iter().map(|(_, text)| text.len()).sum::<usize>());
        let mut hunks = Vec::with_capacity(self.0.len());
        let mut at = 0;
        for (range, text) in self.0 {
            if range.start < at || document[range.clone()] == text {
                continue;
            }
            new.push_str(&document[at..range.start]);
            let start = new.len();
            new.push_str(&text);
            at = range.end;
            hunks.push((range, start..new.len()));
        }
        new.push_str(&document[at..]);
        (new, hunks)
    }
}

/// What the writers of the formats look at.
struct Job<'a> {
    markup: &'a Markup,
    ocr: &'a Ocr,
    /// The text of the issue as read.
    text: &'a str,
    /// Where the text of this file begins in it.
    start: usize,
    mode: WriteMode,
    joints: &'a [Joint],
    /// Of this file's text, in text order.
    changes: &'a [Change],
    splices: Splices,
    unwritten: usize,
}

impl Job<'_> {
    /// The bytes of the document that are exactly this span of the text.
    fn exact(&self, span: &Range<usize>) -> Option<Range<usize>> {
        self.markup.exact(span.start - self.start..span.end - self.start)
    }

    /// Where a word or line of this index stands in this file at all.
    fn holds(&self, span: &Range<usize>, end: usize) -> bool {
        self.start <= span.start && span.end <= end
    }

    /// Changes a character where it stands.
    fn correct_in_place(&mut self, change: &Change) {
        match self.exact(&change.span) {
            Some(range) => self.splices.put(range, self.markup.escaped(&change.text)),
            None => self.unwritten += 1,
        }
    }
}

/// The bytes of an OCR file of an issue with what was repaired in it.
///
/// # Errors
/// Those of [`crate::read::ByteMap::render`].
///
/// # Panics
/// If the source is plain text.
pub fn splice(processed: &Processed, source: usize, mode: WriteMode) -> Result<Spliced> {
    let file = &processed.read.sources[source];
    let markup = file.bytes.markup().expect("an OCR document");
    let (joints, changes) = (joints(processed), changes(processed));
    let first = changes.partition_point(|c| c.span.start < file.span.start);
    let after = changes.partition_point(|c| c.span.start <= file.span.end);
    let mut job = Job {
        markup,
        ocr: &processed.read.ocr,
        text: &processed.read.text,
        start: file.span.start,
        mode,
        joints: &joints,
        changes: &changes[first..after.max(first)],
        splices: Splices::default(),
        unwritten: 0,
    };
    let end = file.span.end;
    match markup.format {
        InputFormat::Alto => alto::write(&mut job, end),
        InputFormat::Page => page_xml::write(&mut job, end),
        InputFormat::Hocr | InputFormat::Tsv => lines::soft_hyphens(&mut job, end),
        InputFormat::Impresso => lines::impresso(&mut job, end),
        InputFormat::Jsonl | InputFormat::Text => {
            let (old, new, hunks) = source_hunks(processed, source);
            let (old, new) = (&processed.read.text[old], &processed.clean.text[new]);
            lines::records(&mut job, old, new, &hunks);
        }
    }
    Ok(Spliced { bytes: replace(&file.path, &file.bytes, job.splices.0)?, unwritten: job.unwritten })
}

/// The bytes of an OCR file with replacements made in its document; all else keeps its bytes. Of two that overlap the first holds.
///
/// # Errors
/// Those of [`ByteMap::render`].
///
/// # Panics
/// If the file is plain text, or a replacement leaves the document's character boundaries.
pub fn replace(path: &Path, map: &ByteMap, replacements: Vec<(Range<usize>, String)>) -> Result<Vec<u8>> {
    let markup = map.markup().expect("an OCR document");
    let (document, hunks) = Splices(replacements).apply(&markup.document);
    match hunks.is_empty() {
        true => Ok(map.original("").into_owned()),
        false => map.render(path, &markup.document, &document, &hunks, RenderOptions { keep_encoding: true, ..RenderOptions::default() }),
    }
}
