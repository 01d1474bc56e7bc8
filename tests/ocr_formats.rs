//! OCR formats: what is read from them, where it stands, and what is written back.

use std::path::{Path, PathBuf};

use galleyproof::model::Issue;
use galleyproof::read::{ReadOptions, read_bytes_as};

fn read(path: &Path, bytes: &[u8]) -> Issue {
    let (text, map, ocr) = read_bytes_as(path, bytes.to_vec(), &ReadOptions::default()).unwrap_or_else(|e| panic!("{}", e.chain()));
    let source = galleyproof::model::Source { path: path.to_owned(), span: 0..text.len(), bytes: map };
    Issue { id: path.display().to_string(), sources: vec![source], text, ocr: ocr.into(), ..Issue::default() }
}

/// Files of the samples: those in the repo, and those of GALLEY_FORMATS.
fn samples() -> Vec<PathBuf> {
    let mut files = Vec::new();
    let own = PathBuf::from("testdata/formats");
    let more = std::env::var_os("GALLEY_FORMATS").map(PathBuf::from);
    if more.is_none() {
        eprintln!("skipped: the samples that may not enter the repository (GALLEY_FORMATS names no folder)");
    }
    for root in [Some(own), more].into_iter().flatten() {
        for entry in ignore::WalkBuilder::new(&root).standard_filters(false).sort_by_file_name(|a, b| a.cmp(b)).build().flatten() {
            let path = entry.path();
            let folder = path.parent().and_then(Path::file_name).and_then(|n| n.to_str()).unwrap_or("");
            let wanted = matches!(folder, "alto" | "page" | "hocr" | "impresso" | "tesseract" | "jsonl");
            let ending = path.extension().and_then(|e| e.to_str()).unwrap_or("");
            if wanted && matches!(ending, "xml" | "hocr" | "html" | "tsv" | "json" | "jsonl") {
                files.push(path.to_owned());
            }
        }
    }
    files
}

#[test]
fn every_sample_reads_and_each_word_stands_where_the_map_says() {
    for path in samples() {
        let bytes = std::fs::read(&path).unwrap();
        let issue = read(&path, &bytes);
        if std::env::var_os("GALLEY_SHOW").is_some() {
            println!("== {}\n{}", path.display(), issue.text);
        }
        assert!(!issue.text.trim().is_empty(), "{}", path.display());
        let source = &issue.sources[0];
        assert_eq!(source.bytes.original(&issue.text), bytes, "{}", path.display());
        for word in &issue.ocr.words {
            let text = &issue.text[word.span.clone()];
            let own = &issue.text[word.span.start
                ..word.span.end - if word.hyphen.is_some() { text.chars().next_back().map_or(0, char::len_utf8) } else { 0 }];
            let file = source.bytes.span_to_file(word.span.start..word.span.start + own.len());
            let file = String::from_utf8_lossy(&bytes[file]);
            let plain = galleyproof::read::xml::plain(&file).into_owned();
            assert!(plain == own || plain.starts_with(own), "{}: {own:?} stands where {plain:?} is", path.display());
        }
    }
}
