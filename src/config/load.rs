//! From files to settings: the nearest file, what it extends, what overrides it, and errors that name the line.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use rustc_hash::FxHashMap;
use toml::{Table, Value};

use super::Config;
use crate::error::{Error, Result};
use crate::messages::say;
use crate::rules::{self, nearest_of};

/// The name that is looked for.
pub const FILE_NAME: &str = "galley.toml";

/// Values that are paths, relative to the file they stand in.
const PATHS: &[(&str, &str)] = &[
    ("collection", "vocabulary"),
    ("collection", "weights"),
    ("collection", "user-dictionary"),
    ("collection", "allow"),
    ("collection", "words"),
    ("archive", "index"),
    ("forms", "opencc-dir"),
    ("review", "decisions"),
    ("gate", "baseline"),
];

/// A configuration file with all it extends.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The files it was made of, the nearest first; none where the defaults stand alone.
    pub files: Vec<PathBuf>,
    /// The settings that hold for every file.
    pub config: Config,
    table: Table,
    overrides: Vec<(GlobSet, PathBuf, Table)>,
}

impl Loaded {
    /// Reads a file and what it extends.
    ///
    /// # Errors
    /// [`Error::Config`] with file and line for what is no TOML, no known key or not of the right type; [`Error::Read`] for files that
    /// cannot be read.
    pub fn read(path: &Path) -> Result<Loaded> {
        let text = std::fs::read_to_string(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
        Loaded::of_text(path, &text)
    }

    /// The same for the text of a file that need not be there; what it names is relative to the folder of `path`.
    ///
    /// # Errors
    /// As [`Loaded::read`].
    pub fn of_text(path: &Path, text: &str) -> Result<Loaded> {
        let mut loaded = Loaded::default();
        loaded.add(path, text, &mut Vec::new())?;
        let config = Config::deserialize_from(loaded.table.clone());
        loaded.config = config.map_err(|e| Error::Config { path: path.to_owned(), line: 1, message: e.message().to_string() })?;
        Ok(loaded)
    }

    /// Lays a file over what is there, after the files it extends.
    fn add(&mut self, path: &Path, text: &str, chain: &mut Vec<PathBuf>) -> Result<()> {
        let fail = |line, message| Error::Config { path: path.to_owned(), line, message };
        let config: Config = toml::from_str(text).map_err(|e| describe(path, text, &e))?;
        let line_of = |key: &str| line_with(text, key);
        check_version(&config).map_err(|m| fail(line_of("required-version"), m))?;
        check_values(&config).map_err(|(key, m)| fail(line_of(key), m))?;
        let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        if chain.contains(&real) {
            return Err(fail(line_of("extends"), say("config.extends-itself", &[])));
        }
        chain.push(real);
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        for base in &config.extends {
            let base = folder.join(base);
            if !base.is_file() {
                return Err(fail(line_of("extends"), say("config.extends-missing", &[("path", &crate::error::Shown(&base))])));
            }
            let text = std::fs::read_to_string(&base).map_err(|source| Error::Read { path: base.clone(), source })?;
            self.add(&base, &text, chain)?;
        }
        chain.pop();
        let mut table: Table = toml::from_str(text).map_err(|e| describe(path, text, &e))?;
        table.remove("extends");
        table.remove("required-version");
        long_rules(&mut table);
        root_paths(&mut table, &folder);
        if let Some(Value::Array(overrides)) = table.remove("overrides") {
            for (value, parsed) in overrides.into_iter().zip(&config.overrides) {
                let Value::Table(mut value) = value else { continue };
                value.remove("files");
                long_rules(&mut value);
                root_paths(&mut value, &folder);
                let globs = globs(&parsed.files).map_err(|m| fail(line_of("files"), m))?;
                self.overrides.push((globs, folder.clone(), value));
            }
        }
        merge(&mut self.table, table);
        self.files.insert(0, path.to_owned());
        Ok(())
    }

    /// Which overrides hold for a file: what tells its settings from those of other files.
    pub fn matching(&self, file: &Path) -> Vec<usize> {
        let matches = |(globs, folder, _): &(GlobSet, PathBuf, Table)| globs.is_match(file.strip_prefix(folder).unwrap_or(file));
        self.overrides.iter().enumerate().filter(|(_, o)| matches(o)).map(|(i, _)| i).collect()
    }

    /// The settings with these overrides.
    pub fn with(&self, overrides: &[usize]) -> Config {
        let mut table = self.table.clone();
        for i in overrides {
            merge(&mut table, self.overrides[*i].2.clone());
        }
        // Each part was read strictly before it was merged.
        Config::deserialize_from(table).unwrap_or_else(|_| self.config.clone())
    }

    /// The folder that names in this file are relative to, and that issues are named from.
    pub fn folder(&self) -> Option<&Path> {
        self.files.first()?.parent()
    }
}

impl Config {
    fn deserialize_from(table: Table) -> std::result::Result<Config, toml::de::Error> {
        serde::Deserialize::deserialize(table)
    }
}

/// Finds the file for each input; every file is read once.
#[derive(Debug, Default)]
pub struct Configs {
    /// Stands for all inputs: `--config FILE`, or nothing but defaults.
    fixed: Option<Arc<Loaded>>,
    folders: Mutex<FxHashMap<PathBuf, Arc<Loaded>>>,
}

impl Configs {
    /// One file for everything; [`Loaded::default`] where there shall be none.
    pub fn fixed(loaded: Loaded) -> Self {
        Configs { fixed: Some(Arc::new(loaded)), folders: Mutex::default() }
    }

    /// What holds in a folder: the `galley.toml` in it or in the nearest folder above.
    ///
    /// # Errors
    /// As [`Loaded::read`].
    pub fn folder(&self, folder: &Path) -> Result<Arc<Loaded>> {
        if let Some(fixed) = &self.fixed {
            return Ok(fixed.clone());
        }
        let known = |folder: &Path| self.folders.lock().unwrap_or_else(PoisonError::into_inner).get(folder).cloned();
        if let Some(loaded) = known(folder) {
            return Ok(loaded);
        }
        let file = folder.join(FILE_NAME);
        let loaded = match (file.is_file(), folder.parent()) {
            (true, _) => Arc::new(Loaded::read(&file)?),
            (false, Some(above)) => self.folder(above)?,
            (false, None) => Arc::default(),
        };
        self.folders.lock().unwrap_or_else(PoisonError::into_inner).insert(folder.to_owned(), loaded.clone());
        Ok(loaded)
    }

    /// What holds for an absolute path, a folder or a file.
    ///
    /// # Errors
    /// As [`Loaded::read`].
    pub fn of(&self, path: &Path) -> Result<Arc<Loaded>> {
        self.folder(if path.is_dir() { path } else { path.parent().unwrap_or(path) })
    }
}

/// Globs as `.gitignore` has them: without a slash they match in any folder.
fn globs(patterns: &[String]) -> std::result::Result<GlobSet, String> {
    if patterns.is_empty() {
        return Err(say("config.no-files", &[]));
    }
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let anywhere = if pattern.contains('/') { pattern.clone() } else { format!("**/{pattern}") };
        let glob = GlobBuilder::new(&anywhere).literal_separator(true).build();
        set.add(glob.map_err(|e| say("config.glob", &[("pattern", pattern), ("reason", &e.kind())]))?);
    }
    set.build().map_err(|e| e.to_string())
}

/// What types cannot say.
fn check_values(config: &Config) -> std::result::Result<(), (&'static str, String)> {
    if let Some(pattern) = &config.collection.page_pattern {
        page_pattern(pattern).map_err(|m| ("page-pattern", m))?;
    }
    if let Some(label) = &config.collection.encoding {
        crate::read::encoding_for_label(label).map_err(|e| ("encoding", e.to_string()))?;
    }
    if config.gate.min_quality.is_some_and(|s| !(0.0..=1.0).contains(&s)) {
        return Err(("min-quality", say("config.share", &[("key", &"min-quality")])));
    }
    if config.gate.max_truncated_share.is_some_and(|s| !(0.0..=1.0).contains(&s)) {
        return Err(("max-truncated-share", say("config.share", &[("key", &"max-truncated-share")])));
    }
    for o in &config.overrides {
        if let Some(label) = o.collection.as_ref().and_then(|c| c.encoding.as_ref()) {
            crate::read::encoding_for_label(label).map_err(|e| ("encoding", e.to_string()))?;
        }
        if o.collection.as_ref().is_some_and(|c| c.page_pattern.is_some()) {
            return Err(("page-pattern", say("config.page-pattern-override", &[])));
        }
    }
    Ok(())
}

/// The pattern, if it is one and has a group for the number.
pub fn page_pattern(pattern: &str) -> std::result::Result<regex::Regex, String> {
    let regex = regex::Regex::new(pattern).map_err(|e| e.to_string().replace('\n', " "))?;
    if regex.captures_len() < 2 {
        return Err(say("config.page-pattern-group", &[]));
    }
    Ok(regex)
}

fn check_version(config: &Config) -> std::result::Result<(), String> {
    let Some(wanted) = &config.required_version else { return Ok(()) };
    let this = env!("CARGO_PKG_VERSION");
    let wanted = semver::VersionReq::parse(wanted).map_err(|e| say("config.version-form", &[("wanted", wanted), ("reason", &e)]))?;
    if semver::Version::parse(this).is_ok_and(|this| !wanted.matches(&this)) {
        return Err(say("config.version", &[("wanted", &wanted), ("this", &this)]));
    }
    Ok(())
}

/// Rules in their short form become tables and old names present ones, so that merging goes by key.
fn long_rules(table: &mut Table) {
    let Some(Value::Table(rules)) = table.get_mut("rules") else { return };
    *rules = std::mem::take(rules)
        .into_iter()
        .map(|(name, value)| {
            let name = crate::rules::rule(&name).map_or(name, |r| r.meta().name.to_string());
            (name, if value.is_str() { Value::Table(Table::from_iter([("level".to_string(), value)])) } else { value })
        })
        .collect();
}

fn root_paths(table: &mut Table, folder: &Path) {
    for (section, key) in PATHS {
        if let Some(Value::String(path)) = table.get_mut(*section).and_then(Value::as_table_mut).and_then(|t| t.get_mut(*key)) {
            *path = folder.join(&*path).to_string_lossy().into_owned();
        }
    }
}

/// Lays `over` on `base`, table by table.
fn merge(base: &mut Table, over: Table) {
    for (key, value) in over {
        match (base.get_mut(&key), value) {
            (Some(Value::Table(base)), Value::Table(over)) => merge(base, over),
            (_, value) => drop(base.insert(key, value)),
        }
    }
}

/// The line on which a key stands first, from 1.
fn line_with(text: &str, key: &str) -> usize {
    text.lines().position(|l| l.trim_start().starts_with(key)).map_or(1, |i| i + 1)
}

/// Serde's message in our words: the line, the key, and the nearest right name.
fn describe(path: &Path, text: &str, error: &toml::de::Error) -> Error {
    let message = error.message().trim();
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let at = error.span().map_or(0, |s| s.start.min(text.len()));
    let mut line = 1 + text.as_bytes()[..at].iter().filter(|b| **b == b'\n').count();
    // An error in a key of `[rules]` comes with the place of the table, not of the key.
    if let (true, Some(name)) = (message == rules::unknown(quoted.first().unwrap_or(&"")), quoted.first()) {
        line = text.lines().position(|l| l.contains(name)).map_or(line, |i| i + 1);
    }
    let what = match (quoted.split_first(), message) {
        (Some((wrong, known)), m) if m.starts_with("unknown field") || m.starts_with("unknown variant") => {
            let field = m.starts_with("unknown field");
            match nearest_of(wrong, known.iter().copied()) {
                Some(near) => {
                    let key = if field { "config.unknown-key-near" } else { "config.unknown-value-near" };
                    say(key, &[("name", wrong), ("near", &near)])
                }
                None => {
                    let key = if field { "config.unknown-key" } else { "config.unknown-value" };
                    say(key, &[("name", wrong), ("known", &known.join(", "))])
                }
            }
        }
        _ => match key_of(text.lines().nth(line - 1).unwrap_or("")) {
            Some(key) if message.starts_with("invalid") => say("config.invalid", &[("key", &key), ("message", &message)]),
            _ => message.replace('\n', "; "),
        },
    };
    Error::Config { path: path.to_owned(), line, message: what }
}

/// The key a line sets.
fn key_of(line: &str) -> Option<&str> {
    line.split_once('=').map(|(key, _)| key.trim()).filter(|key| !key.is_empty() && !key.starts_with('#'))
}
