//! Issues: cleaned, checked, exported.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};

use super::{Failed, Task, put};
use crate::cli::counts::{Counts, count};
use crate::cli::profile::{Profile, Profiles};
use crate::cli::run::process;
use crate::duplicates::load::article_records;
use crate::inputs::{InputFile, IssueInput, of_names};
use crate::pipeline::Processed;
use crate::read::{Archives, ReadOptions, read_issue};
use crate::record::Records;
use crate::structure;
use crate::write::articles::{self, Unit};
use crate::write::cleaned::cleaned;
use crate::write::encode::RenderOptions;
use crate::write::export::Links;
use crate::write::jsonl;

/// An issue as a line of JSON has it; other keys are ignored.
#[derive(Deserialize)]
struct IssueRecord<'a> {
    /// As on a command line: the path of the file, or of the folder of its pages.
    #[serde(borrow)]
    id: Cow<'a, str>,
    /// In page order.
    #[serde(borrow, default)]
    files: Vec<FileRecord<'a>>,
    /// The text of an issue of one file, whose path is the id.
    #[serde(borrow, default)]
    text: Option<Cow<'a, str>>,
}

/// A file of an issue, as it comes in and as it goes out: `text`, or `bytes` in base64 where they are not UTF-8.
#[derive(Deserialize, Serialize)]
struct FileRecord<'a> {
    #[serde(borrow)]
    path: Cow<'a, str>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    text: Option<Cow<'a, str>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    bytes: Option<Cow<'a, str>>,
    /// Whether an edit was made in it.
    #[serde(skip_deserializing)]
    changed: bool,
}

/// Ends the answer to an issue.
#[derive(Serialize)]
struct Answer<'a> {
    kind: &'static str,
    v: u8,
    id: &'a str,
    /// What was proposed and found: applied, held, rejected, displaced edits, findings.
    applied: usize,
    held: usize,
    rejected: usize,
    displaced: usize,
    findings: usize,
    /// The worst severity among the findings.
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<crate::edit::Severity>,
    /// As `clean` writes them; those that could not be read or written are left out, and findings say so.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    files: Vec<FileRecord<'a>>,
}

/// The issue of a record, what holds for it, and how its files are read.
fn input(profiles: &Profiles, line: &[u8]) -> Result<(IssueInput, Arc<Profile>, ReadOptions), Failed> {
    let record: IssueRecord =
        serde_json::from_slice(line).map_err(|e| Failed::new(format!("no issue with `id` and `text` or `files`: {e}")))?;
    let named = |message: String| Failed { id: Some(record.id.to_string()), message };
    let mut given: Vec<(PathBuf, Vec<u8>)> = Vec::new();
    match (&record.text, record.files.is_empty()) {
        (Some(text), true) => given.push((record.id.as_ref().into(), text.as_bytes().to_vec())),
        (None, false) => {
            for file in &record.files {
                given.push((file.path.as_ref().into(), bytes_of(file).map_err(&named)?));
            }
        }
        _ => return Err(named("an issue has either `text` or `files`".into())),
    }
    let files = given.iter().map(|(path, _)| InputFile { path: path.clone(), relative: path.clone() }).collect();
    let input = IssueInput { id: record.id.to_string(), files, mets: None };
    let profile = profiles.of_issue(&input).map_err(|e| named(format!("{e:#}")))?;
    let options = ReadOptions { archives: Archives::given(given), ..profile.read.clone() };
    Ok((input, profile, options))
}

/// What `task` makes of an issue.
pub fn answer(task: Task, profiles: &Profiles, line: &[u8]) -> Result<Vec<u8>, Failed> {
    let (input, profile, options) = input(profiles, line)?;
    let processed = process(&profile, &input, &options);
    let mut lines = Vec::new();
    let written = match task {
        Task::Export => {
            let links = Links { iiif_base: profile.config.export.iiif_base.clone() };
            articles::write(&mut lines, &articles::records(&processed, Unit::Article, &links))
        }
        _ => jsonl::write(&mut lines, &Records::of(&processed)),
    };
    debug_assert!(written.is_ok(), "writing to memory cannot fail");
    let render = profile.config.clean.rendering();
    let files = if task == Task::Clean { rendered(&processed, render, &mut lines, &input.id) } else { Vec::new() };
    put(&mut lines, &closing(&processed, &input.id, files));
    Ok(lines)
}

fn bytes_of(file: &FileRecord) -> Result<Vec<u8>, String> {
    match (&file.text, &file.bytes) {
        (Some(text), None) => Ok(text.as_bytes().to_vec()),
        // Some engines break base64 into lines, as MIME does.
        (None, Some(bytes)) => {
            BASE64.decode(bytes.replace(['\r', '\n'], "").as_bytes()).map_err(|e| format!("{}: `bytes` is no base64: {e}", file.path))
        }
        _ => Err(format!("{}: a file has either `text` or `bytes`", file.path)),
    }
}

/// The files of an issue as they are written.
fn rendered(processed: &Processed, options: RenderOptions, lines: &mut Vec<u8>, id: &str) -> Vec<FileRecord<'static>> {
    let mut files = Vec::new();
    for (i, source) in processed.read.sources.iter().enumerate().filter(|(_, s)| !s.bytes.is_unread()) {
        match cleaned(processed, i, options) {
            Ok(file) => files.push(file_of(&source.path, file.bytes, file.changed)),
            Err(error) => put(lines, &serde_json::json!({"kind": "error", "v": 1, "id": id, "message": error.chain()})),
        }
    }
    files
}

fn file_of(path: &Path, bytes: Vec<u8>, changed: bool) -> FileRecord<'static> {
    let (text, bytes) = match String::from_utf8(bytes) {
        Ok(text) => (Some(text.into()), None),
        Err(error) => (None, Some(BASE64.encode(error.as_bytes()).into())),
    };
    FileRecord { path: path.to_string_lossy().into_owned().into(), text, bytes, changed }
}

fn closing<'a>(processed: &Processed, id: &'a str, files: Vec<FileRecord<'a>>) -> Answer<'a> {
    let mut counts = Counts::one();
    count(processed, None, &|_| false, &mut counts);
    let sum = |of: usize| counts.by_rule.iter().map(|n| n[of]).sum();
    Answer {
        kind: "issue",
        v: 1,
        id,
        applied: sum(0),
        held: sum(1),
        rejected: sum(2),
        displaced: sum(3),
        findings: sum(4),
        severity: processed.findings.iter().map(|f| f.severity).max(),
        files,
    }
}

/// A folder as a line of JSON has it.
#[derive(Deserialize)]
struct FolderRecord<'a> {
    #[serde(borrow)]
    folder: Cow<'a, str>,
    #[serde(borrow)]
    names: Vec<Cow<'a, str>>,
}

/// An issue of a folder.
#[derive(Serialize)]
struct GroupRecord {
    kind: &'static str,
    v: u8,
    id: String,
    /// In page order.
    paths: Vec<String>,
}

/// Which files of a folder are the pages of one issue.
pub fn group(profiles: &Profiles, line: &[u8]) -> Result<Vec<u8>, Failed> {
    let record: FolderRecord =
        serde_json::from_slice(line).map_err(|e| Failed::new(format!("no folder with `folder` and `names`: {e}")))?;
    let folder = Path::new(record.folder.as_ref());
    let mut lines = Vec::new();
    for issue in of_names(folder, record.names.iter().map(Cow::as_ref), &profiles.page_pattern(folder)) {
        let paths = issue.files.iter().map(|f| f.path.to_string_lossy().into_owned()).collect();
        put(&mut lines, &GroupRecord { kind: "group", v: 1, id: issue.id, paths });
    }
    Ok(lines)
}

/// The articles of an issue as `galley duplicates` compares them: of its text as it was read.
pub fn articles_of(profiles: &Profiles, line: &[u8]) -> Result<Vec<u8>, Failed> {
    let (input, profile, options) = input(profiles, line)?;
    let mut read = read_issue(&input, &options);
    structure::structure(&mut read.issue, profile.settings.language);
    let mut lines = Vec::new();
    article_records(&read.issue).iter().for_each(|record| put(&mut lines, record));
    for error in &read.errors {
        put(&mut lines, &serde_json::json!({"kind": "error", "v": 1, "id": input.id, "message": error.chain()}));
    }
    Ok(lines)
}
