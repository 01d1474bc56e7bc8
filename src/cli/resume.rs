//! `clean --out --resume`: whether an issue is done already, by the hashes of its files and of everything that decides their output.

use std::path::Path;

use serde_json::json;

use super::counts::Counts;
use super::reported::Reported;
use super::run::Runner;
use crate::inputs::{IssueInput, is_stdin};
use crate::rules::RULES;
use crate::write::encode::RenderOptions;
use crate::write::files::OutputTree;
use crate::write::journal::Done;
use crate::write::run_record::MadeWith;

/// What an earlier run did, if it still holds.
pub fn earlier(done: &Done, issue: &IssueInput, tree: &OutputTree, runner: &Runner, written: RenderOptions) -> Option<Reported> {
    if done.files.len() != issue.files.len() || done.settings != settings(issue, runner, written) {
        return None;
    }
    let profile = runner.profile(issue);
    let mut counts = Counts::one();
    for (file, [read, written]) in issue.files.iter().zip(&done.files) {
        if is_stdin(&file.path) {
            return None;
        }
        let now = blake3::hash(&profile.read.archives.read(&file.path).ok()?);
        let out = hash_of(tree.target(&file.path)?)?;
        if now.to_hex().as_str() != read || out.to_hex().as_str() != written {
            return None;
        }
        counts.hashes.push(Some([now, out]));
    }
    for (name, n) in &done.rules {
        counts.by_rule[RULES.iter().position(|r| r.meta().name == name)?] = *n;
    }
    counts.changed_files = done.changed_files;
    Some(Reported::earlier(counts))
}

/// The line of an issue that is done; none where something of it could not be read or written, or a person has to look again.
pub fn row(issue: &IssueInput, counts: &Counts, runner: &Runner, written: RenderOptions) -> Option<Done> {
    if counts.broken || counts.troubled {
        return None;
    }
    let files: Option<Vec<[String; 2]>> = counts.hashes.iter().map(|h| h.map(|pair| pair.map(|h| h.to_hex().to_string()))).collect();
    let rules = RULES.iter().zip(&counts.by_rule).filter(|(_, n)| **n != [0; 5]).map(|(r, n)| (r.meta().name.to_string(), *n)).collect();
    let settings = settings(issue, runner, written);
    Some(Done { id: issue.id.clone(), settings, files: files?, rules, changed_files: counts.changed_files })
}

fn settings(issue: &IssueInput, runner: &Runner, written: RenderOptions) -> String {
    let profile = runner.profile(issue);
    let all = json!([
        env!("CARGO_PKG_VERSION"),
        profile.settings,
        MadeWith::of(&profile.dictionaries),
        profile.config.collection.encoding,
        written.keep_encoding,
        written.write_mode,
        profile.read.format,
    ]);
    blake3::hash(all.to_string().as_bytes()).to_hex().to_string()
}

fn hash_of(path: &Path) -> Option<blake3::Hash> {
    Some(blake3::hash(&std::fs::read(path).ok()?))
}
