//! `galley-run.json`: what a run that wrote output was made with, so that it can be repeated and questioned.

use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::json;

use crate::dictionary::Dictionaries;
use crate::edit::Outcome;
use crate::error::Error;
use crate::inputs::{IssueInput, is_stdin};
use crate::pipeline::Settings;
use crate::rules::RULES;

/// The name of the record.
pub const FILE_NAME: &str = "galley-run.json";

/// Written as the run goes on, put in place when it ends.
pub struct RunRecord {
    path: PathBuf,
    temporary: PathBuf,
    out: BufWriter<File>,
    inputs: usize,
}

/// What evidence was read from, by the made_with of the bytes; `None` for what is in the binary.
#[derive(Clone, Debug, Default, Serialize)]
pub struct MadeWith {
    pub vocabulary: Option<String>,
    pub weights: Option<String>,
    pub user_dictionary: Option<String>,
    pub allow: Option<String>,
    /// The conversion of Chinese text, by name.
    pub script: Option<String>,
    pub fold_long_s: bool,
    pub fold_letter_forms: bool,
    pub print_typed_quotes: bool,
}

impl MadeWith {
    /// Of the files that were loaded.
    pub fn of(dictionaries: &Dictionaries) -> Self {
        MadeWith {
            vocabulary: dictionaries.vocabulary().map(|v| v.hash().to_string()),
            weights: dictionaries.weights().hash().map(ToString::to_string),
            user_dictionary: dictionaries.user().map(|d| d.hash().to_string()),
            allow: dictionaries.allowed().map(|a| a.hash().to_string()),
            script: dictionaries.profile().target.as_ref().map(|t| t.name.clone()),
            fold_long_s: dictionaries.profile().fold_long_s,
            fold_letter_forms: dictionaries.profile().fold_letter_forms,
            print_typed_quotes: dictionaries.profile().print_typed_quotes,
        }
    }
}

impl RunRecord {
    /// Opens the record in `folder`, which is made if need be; `name` is [`FILE_NAME`], or one of its own for a part of a run. `settings`: of the first path, then others that hold for some of the
    /// issues, each with what else it was made with. `copies`: the folder holds cleaned copies of files elsewhere.
    ///
    /// # Errors
    /// If the folder or the file cannot be made.
    pub fn begin(folder: &Path, name: &str, copies: bool, settings: &[(Settings, MadeWith)]) -> Result<RunRecord, Error> {
        let path = folder.join(name);
        let temporary = folder.join(format!(".{name}.{}.tmp", std::process::id()));
        let open = || {
            std::fs::create_dir_all(folder)?;
            File::create(&temporary)
        };
        let file = open().map_err(|source| Error::Write { path: path.clone(), source })?;
        let mut record = RunRecord { path, temporary, out: BufWriter::new(file), inputs: 0 };
        let (first, made_with) = settings.first().cloned().unwrap_or_default();
        let mut head = json!({
            "v": 1,
            "copies": copies,
            "galleyproof": env!("CARGO_PKG_VERSION"),
            "settings": first,
            "settings_hash": blake3::hash(json!(settings).to_string().as_bytes()).to_hex().as_str(),
            "vocabulary_hash": made_with.vocabulary,
            "weights_hash": made_with.weights,
            "user_dictionary_hash": made_with.user_dictionary,
            "allow_hash": made_with.allow,
            "script": made_with.script,
            "fold_long_s": made_with.fold_long_s,
            "fold_letter_forms": made_with.fold_letter_forms,
            "print_typed_quotes": made_with.print_typed_quotes,
        });
        if settings.len() > 1 {
            head["overrides"] = json!(settings[1..]);
        }
        // The inputs are a list too long to keep: the object is left open and they follow.
        let head = head.to_string();
        record.line(head.trim_end_matches('}'))?;
        record.line(",\"inputs\":[")?;
        Ok(record)
    }

    /// Whether a file is the record of a run that wrote cleaned copies of files elsewhere.
    pub fn tells_of_copies(path: &Path) -> bool {
        let mut head = String::new();
        let named = path.file_name().is_some_and(|name| name == FILE_NAME);
        named && File::open(path).is_ok_and(|file| BufReader::new(file).read_line(&mut head).is_ok()) && head.contains("\"copies\":true")
    }

    /// Adds the files of an issue with the made_with of their bytes; null for a file that could not be read.
    ///
    /// # Errors
    /// If writing fails.
    pub fn add(&mut self, input: &IssueInput, made_with: &[Option<[blake3::Hash; 2]>]) -> Result<(), Error> {
        for (file, hash) in input.files.iter().zip(made_with).filter(|(f, _)| !is_stdin(&f.path)) {
            let row = json!({ "path": file.path.to_string_lossy(), "blake3": hash.map(|[read, _]| read.to_hex().to_string()) });
            let comma = if self.inputs > 0 { "," } else { "" };
            self.inputs += 1;
            self.line(&format!("{comma}{row}"))?;
        }
        Ok(())
    }

    /// Adds the counts by rule and outcome and puts the record in place.
    ///
    /// # Errors
    /// If writing fails.
    pub fn finish(mut self, counts: &[[usize; 5]], changed_files: usize, interrupted: bool) -> Result<(), Error> {
        let names = [Outcome::Applied, Outcome::Held, Outcome::Rejected, Outcome::Displaced];
        let rule = |n: &[usize; 5]| {
            let mut row: serde_json::Map<_, _> =
                names.iter().map(|o| (json!(o).as_str().unwrap_or("").to_string(), json!(n[*o as usize]))).collect();
            row.insert("findings".into(), json!(n[4]));
            row
        };
        let rules: serde_json::Map<_, _> =
            RULES.iter().zip(counts).filter(|(_, n)| **n != [0; 5]).map(|(r, n)| (r.meta().name.to_string(), json!(rule(n)))).collect();
        let interrupted = if interrupted { "\"interrupted\":true," } else { "" };
        self.line(&format!("],{interrupted}\"changed_files\":{changed_files},\"rules\":{}}}", json!(rules)))?;
        let done = self.out.flush().and_then(|()| std::fs::rename(&self.temporary, &self.path));
        done.map_err(|source| Error::Write { path: self.path.clone(), source })
    }

    fn line(&mut self, text: &str) -> Result<(), Error> {
        writeln!(self.out, "{text}").map_err(|source| Error::Write { path: self.path.clone(), source })
    }
}

impl Drop for RunRecord {
    /// A run that failed leaves no half record.
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.temporary);
    }
}
