//! What is fuzzed: every reader, METS, validation and splicing. Each takes any bytes and must come back, with these laws kept:
//!
//! - spans lie in the text, on character boundaries, and in the document;
//! - without repairs a file is written back byte for byte;
//! - what is written back can be read again.
//!
//! Used by `fuzz_targets/` (libFuzzer) and by `tests/fuzz.rs` (stable Rust).

use std::path::Path;
use std::sync::{Arc, LazyLock};

use galleyproof::dictionary::Dictionaries;
use galleyproof::model::{Issue, Source};
use galleyproof::pipeline::{Settings, process};
use galleyproof::read::mets::Mets;
use galleyproof::read::{InputFormat, ReadOptions, read_bytes_as};
use galleyproof::validate;
use galleyproof::write::splice::{WriteMode, splice};

/// What is given to a target is any bytes at all.
pub type Target = fn(&[u8]);

/// Every target by its name.
pub const TARGETS: &[(&str, Target)] = &[
    ("alto", |data| read(data, InputFormat::Alto)),
    ("page", |data| read(data, InputFormat::Page)),
    ("hocr", |data| read(data, InputFormat::Hocr)),
    ("tsv", |data| read(data, InputFormat::Tsv)),
    ("impresso", |data| read(data, InputFormat::Impresso)),
    ("jsonl", |data| read(data, InputFormat::Jsonl)),
    ("text", |data| read(data, InputFormat::Text)),
    ("mets", mets),
    ("validate", check),
    ("splice", write_back),
];

fn issue(data: &[u8], format: Option<InputFormat>) -> Option<Issue> {
    let options = ReadOptions { format, ..ReadOptions::default() };
    let (text, bytes, ocr) = read_bytes_as(Path::new("fuzz.xml"), data.to_vec(), &options).ok()?;
    let source = Source { path: "fuzz.xml".into(), span: 0..text.len(), bytes };
    Some(Issue { id: "fuzz".into(), sources: vec![source], text, ocr: Arc::new(ocr), ..Issue::default() })
}

/// Reads, and looks at every span.
fn read(data: &[u8], format: InputFormat) {
    let Some(issue) = issue(data, Some(format)) else { return };
    let (text, map, ocr) = (&issue.text, &issue.sources[0].bytes, &issue.ocr);
    let spans = ocr.pages.iter().map(|p| &p.span).chain(ocr.regions.iter().map(|r| &r.span));
    let spans = spans.chain(ocr.lines.iter().map(|l| &l.span)).chain(ocr.words.iter().map(|w| &w.span));
    for span in spans {
        assert!(text.get(span.clone()).is_some(), "a span that is not in the text: {span:?}");
        let file = map.span_to_file(span.clone());
        assert!(file.start <= file.end && file.end <= data.len(), "bytes that are not in the file: {file:?}");
    }
    if let Some(markup) = map.markup() {
        for word in &ocr.words {
            assert!(markup.document.get(word.tag.clone()).is_some() && markup.document.get(word.raw.clone()).is_some());
        }
    }
    assert_eq!(map.original(text).as_ref(), data, "the bytes of the file");
}

fn mets(data: &[u8]) {
    let Ok(document) = std::str::from_utf8(data) else { return };
    if let Ok(mets) = Mets::parse(document) {
        let pages = mets.pages();
        for page in &pages {
            assert!(page.files.iter().all(|f| *f < mets.files.len()));
            let _ = mets.text_of(page, &|f| f.path(Path::new("a")).is_some());
        }
        let _ = mets.articles();
    }
}

fn check(data: &[u8]) {
    for problem in validate::bytes(Path::new("nowhere/fuzz.xml"), data.to_vec()) {
        assert!(problem.line >= 1 && problem.places.iter().all(|p| p.span[0] <= p.span[1] && p.span[1] <= data.len().max(1)));
    }
}

/// Repairs, writes back, reads again.
fn write_back(data: &[u8]) {
    static DICTIONARIES: LazyLock<Dictionaries> = LazyLock::new(Dictionaries::builtin);
    let Some(issue) = issue(data, None) else { return };
    if issue.sources[0].bytes.markup().is_none() || data.len() > 1 << 17 {
        return;
    }
    let processed = process(issue, &DICTIONARIES, &Settings::default());
    for mode in [WriteMode::Annotate, WriteMode::Correct] {
        let Ok(written) = splice(&processed, 0, mode) else { continue };
        if processed.map.is_identity() {
            assert_eq!(written.bytes, data, "nothing was repaired");
        }
        let format = processed.read.sources[0].bytes.markup().map(|m| m.format);
        let options = ReadOptions { format, ..ReadOptions::default() };
        if let Err(error) = read_bytes_as(Path::new("fuzz.xml"), written.bytes, &options) {
            panic!("what was written cannot be read: {error}");
        }
    }
}

/// Runs the target of a name.
#[allow(dead_code, reason = "the stable driver goes through TARGETS")]
pub fn run(name: &str, data: &[u8]) {
    let (_, target) = TARGETS.iter().find(|(n, _)| *n == name).expect("a target of that name");
    target(data);
}
