//! Texts for `galley duplicates` and `galley index`: JSON Lines as they are, of anything else the articles.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, BufRead, Read};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use ignore::WalkBuilder;

use super::InputArgs;
use super::profile::Profiles;
use super::run::progress;
use crate::batch;
use crate::duplicates::load::Texts;
use crate::error::Error;
use crate::inputs::{self, IGNORE_FILE, InputOptions, is_stdin, natural_order};
use crate::model::Issue;
use crate::read::read_issue;
use crate::structure;

/// Reads all inputs: JSON Lines in the order given, then the articles of all else. What cannot be read is told on standard error;
/// `true` if there was any.
pub fn read(args: &InputArgs, texts: &mut Texts) -> anyhow::Result<bool> {
    let mut broken = false;
    let mut tell = |error: Error| {
        eprintln!("galley: {}", error.chain());
        broken = true;
    };
    let mut paths = args.paths.clone();
    if let Some(list) = &args.file_list {
        paths.extend(inputs::file_list(list).context("--file-list")?);
    }
    let mut others: Vec<PathBuf> = Vec::new();
    for path in paths {
        let (lines, rest) = json_lines(&path);
        for file in lines {
            let read = if is_stdin(&file) {
                texts.add_stream(&file, &mut io::stdin().lock(), &mut tell)
            } else {
                texts.add_json_lines(&file, &mut tell)
            };
            if let Err(error) = read {
                tell(error);
            }
        }
        others.extend(rest.then_some(path));
    }
    if others.is_empty() {
        return Ok(broken);
    }
    let profiles = Profiles::new(&args.config, None, args)?;
    let (mut inputs, errors) = inputs::collect_with(&others, &InputOptions::default(), &|folder| profiles.page_pattern(folder));
    inputs.retain(|input| !input.files.iter().any(|f| is_json_lines(&f.path)));
    errors.into_iter().filter(|e| texts.entries.is_empty() || !matches!(e, Error::NoInput { .. })).for_each(&mut tell);
    for input in &inputs {
        profiles.of_issue(input)?;
    }
    let progress = progress(args, inputs.len());
    let work = |input: &inputs::IssueInput| {
        let profile = profiles.of_issue(input).ok();
        let mut read = read_issue(input, &profile.as_ref().map(|p| p.read.clone()).unwrap_or_default());
        structure::structure(&mut read.issue, profile.and_then(|p| p.settings.language));
        (read.issue, read.errors.iter().map(Error::chain).collect::<Vec<_>>())
    };
    let mut complaints: Vec<String> = Vec::new();
    texts.add_issues(|each| {
        batch::run(
            &inputs,
            work,
            |input, message| (Issue::default(), vec![format!("{}: {message}", input.id)]),
            |(issue, errors)| {
                complaints.extend(errors);
                progress.inc(1);
                if issue.sources.is_empty() { Ok(()) } else { each(&issue) }
            },
        )
    })?;
    progress.finish_and_clear();
    complaints.iter().for_each(|c| eprintln!("galley: {c}"));
    Ok(broken || !complaints.is_empty())
}

/// The JSON Lines files of an argument, and whether it may hold anything else.
fn json_lines(path: &Path) -> (Vec<PathBuf>, bool) {
    if is_stdin(path) {
        let opens = io::stdin().lock().fill_buf().is_ok_and(opens_object);
        return (if opens { vec![path.to_owned()] } else { Vec::new() }, !opens);
    }
    if path.is_dir() {
        let walk = WalkBuilder::new(path)
            .standard_filters(false)
            .hidden(true)
            .parents(true)
            .add_custom_ignore_filename(IGNORE_FILE)
            .sort_by_file_name(natural_order)
            .build();
        let files = walk.flatten().filter(|e| e.file_type().is_some_and(|t| t.is_file()) && is_json_lines(e.path()));
        return (files.map(|e| e.path().to_owned()).collect(), true);
    }
    let mut head = [0; 512];
    let json = is_json_lines(path) || File::open(path).and_then(|mut f| f.read(&mut head)).is_ok_and(|n| opens_object(&head[..n]));
    (if json { vec![path.to_owned()] } else { Vec::new() }, !json)
}

fn is_json_lines(path: &Path) -> bool {
    path.extension().and_then(OsStr::to_str).is_some_and(|e| e.eq_ignore_ascii_case("jsonl") || e.eq_ignore_ascii_case("ndjson"))
}

fn opens_object(bytes: &[u8]) -> bool {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start().starts_with(b"{\"")
}
