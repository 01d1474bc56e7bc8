//! What holds for each input: the config nearest to it, its overrides, and the flags over both.

use std::path::{Path, PathBuf, absolute};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, bail};
use regex::Regex;
use rustc_hash::FxHashMap;

use super::{ConfigArgs, DictionaryArgs, InputArgs, RunArgs};
use crate::config::{Config, Configs, FILE_NAME, Forms, LetterForms, Loaded, LongS, TypedQuotes, VariantEngine, page_pattern};
use crate::dictionary::Dictionaries;
use crate::inputs::{IssueInput, default_page_pattern, is_stdin};
use crate::messages::say;
use crate::pipeline::Settings;
use crate::read::{InputFormat, ReadOptions, encoding_for_label};
use crate::review::decisions::Decisions;
use crate::scripts::{self, Target};

/// Everything that may differ from input to input.
#[derive(Debug)]
pub struct Profile {
    pub config: Config,
    pub settings: Settings,
    pub dictionaries: Dictionaries,
    pub read: ReadOptions,
    /// Issues are named from here; none without a `galley.toml`.
    folder: Option<PathBuf>,
}

impl Profile {
    /// The name of an issue that is the same from wherever the command is given; empty where no `galley.toml` says where names begin.
    pub fn logical(&self, issue: &str) -> String {
        let path = self.folder.as_ref().and_then(|folder| Some(absolute(issue).ok()?.strip_prefix(folder).ok()?.to_owned()));
        path.map_or_else(String::new, |p| p.to_string_lossy().replace('\\', "/"))
    }

    /// The name of an issue in fingerprints and decisions, as [`crate::model::Issue::name`] has it.
    pub fn name(&self, issue: &str) -> String {
        let logical = self.logical(issue);
        if logical.is_empty() { issue.strip_prefix("./").unwrap_or(issue).to_owned() } else { logical }
    }
}

/// The files of a config, and which of its overrides match.
type Key = (Vec<PathBuf>, Vec<usize>);

/// Profiles by config file and matching overrides; each is made once, as is each vocabulary.
#[derive(Debug)]
pub struct Profiles {
    configs: Configs,
    run: Option<RunArgs>,
    decisions: Mutex<FxHashMap<(PathBuf, usize), Arc<Decisions>>>,
    encoding: Option<String>,
    format: Option<InputFormat>,
    made: Mutex<FxHashMap<Key, Arc<Profile>>>,
    dictionaries: Mutex<FxHashMap<(DictionaryArgs, Forms), Dictionaries>>,
}

impl Profiles {
    /// Reads `--config`, if there is one.
    pub fn new(config: &ConfigArgs, run: Option<&RunArgs>, input: &InputArgs) -> anyhow::Result<Self> {
        let configs = match &config.config {
            _ if config.no_config => Configs::fixed(Loaded::default()),
            Some(path) => Configs::fixed(Loaded::read(&absolute(path)?).context("--config")?),
            None => Configs::default(),
        };
        Ok(Profiles::with(configs, run, input.encoding.clone(), input.input_format))
    }

    /// The text of a `galley.toml` as if it stood in `root`, for all inputs; none where there is no text.
    pub fn of_text(text: &str, root: &Path) -> anyhow::Result<Self> {
        let loaded = if text.is_empty() { Loaded::default() } else { Loaded::of_text(&absolute(root)?.join(FILE_NAME), text)? };
        Ok(Profiles::with(Configs::fixed(loaded), None, None, None))
    }

    fn with(configs: Configs, run: Option<&RunArgs>, encoding: Option<String>, format: Option<InputFormat>) -> Self {
        Profiles {
            configs,
            run: run.cloned(),
            decisions: Mutex::default(),
            encoding,
            format,
            made: Mutex::default(),
            dictionaries: Mutex::default(),
        }
    }

    /// What holds for a path, a file or a folder.
    pub fn of(&self, path: &Path) -> anyhow::Result<Arc<Profile>> {
        let path = if is_stdin(path) { std::env::current_dir()?.join("-") } else { absolute(path)? };
        let loaded = self.configs.of(&path)?;
        let key = (loaded.files.clone(), loaded.matching(&path));
        if let Some(profile) = self.made.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(profile.clone());
        }
        let profile = Arc::new(self.make(&loaded, &key.1)?);
        self.made.lock().unwrap_or_else(PoisonError::into_inner).insert(key, profile.clone());
        Ok(profile)
    }

    /// What holds for an issue: what holds for its first file.
    pub fn of_issue(&self, input: &IssueInput) -> anyhow::Result<Arc<Profile>> {
        self.of(input.files.first().map_or(Path::new("."), |f| &f.path))
    }

    /// Which stems are page numbers in a folder.
    pub fn page_pattern(&self, folder: &Path) -> Regex {
        let loaded = absolute(folder).or_else(|_| std::env::current_dir()).ok().and_then(|f| self.configs.folder(&f).ok());
        let pattern = loaded.and_then(|l| l.config.collection.page_pattern.as_deref().and_then(|p| page_pattern(p).ok()));
        pattern.unwrap_or_else(|| default_page_pattern().clone())
    }

    fn make(&self, loaded: &Loaded, overrides: &[usize]) -> anyhow::Result<Profile> {
        let mut config = loaded.with(overrides);
        if let Some(run) = &self.run {
            run.overlay(&mut config);
        }
        config.collection.encoding = self.encoding.clone().or(config.collection.encoding);
        let settings = Settings {
            apply: config.clean.apply.policy(),
            layout: config.clean.layout,
            language: config.collection.language,
            decisions: config.review.decisions.as_deref().map(|path| self.decisions(path, &config)).transpose()?,
            rules: config.rules.iter().map(|(name, rule)| (name.0, rule.policy)).collect(),
            select: self.run.as_ref().map(|r| r.select.clone()).unwrap_or_default(),
            ignore: self.run.as_ref().map(|r| r.ignore.clone()).unwrap_or_default(),
        };
        let encoding = config.collection.encoding.as_deref().map(encoding_for_label).transpose()?;
        let read = ReadOptions { encoding, format: self.format, ..ReadOptions::default() };
        let names = DictionaryArgs {
            vocabulary: config.collection.vocabulary.clone(),
            weights: config.collection.weights.clone(),
            user_dictionary: config.collection.user_dictionary.clone(),
            allow: config.collection.allow.clone(),
            words: config.collection.words.clone(),
        };
        let dictionaries = self.dictionaries((names, config.forms.clone()))?;
        Ok(Profile { config, settings, dictionaries, read, folder: loaded.folder().map(Path::to_owned) })
    }

    /// The decisions of a file or folder; each is read once.
    fn decisions(&self, path: &Path, config: &Config) -> anyhow::Result<Arc<Decisions>> {
        let least = config.review.min_approvals.unwrap_or(1);
        let mut read = self.decisions.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(decisions) = read.get(&(path.to_owned(), least)) {
            return Ok(decisions.clone());
        }
        let flag = self.run.as_ref().is_some_and(|run| run.decisions.is_some());
        let origin = if flag { "--decisions" } else { "review.decisions in galley.toml" };
        let decisions = Arc::new(Decisions::load(path, least).context(origin)?);
        read.insert((path.to_owned(), least), decisions.clone());
        Ok(decisions)
    }

    fn dictionaries(&self, key: (DictionaryArgs, Forms)) -> anyhow::Result<Dictionaries> {
        let mut made = self.dictionaries.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(dictionaries) = made.get(&key) {
            return Ok(dictionaries.clone());
        }
        let (flags, quiet) = self.run.as_ref().map_or((None, false), |r| (Some(&r.dictionaries), r.input.quiet));
        let dictionaries = key.0.load(quiet, flags.unwrap_or(&DictionaryArgs::default()))?.with_profile(forms(&key.1)?);
        made.insert(key, dictionaries.clone());
        Ok(dictionaries)
    }
}

/// The conversions a config or the flags ask for.
fn forms(forms: &Forms) -> anyhow::Result<scripts::Profile> {
    let folder = forms.opencc_dir.as_deref();
    let target = match (&forms.script, &forms.variants, forms.variant_engine) {
        (Some(script), Some(variants), _) => {
            bail!(say("usage.script-and-variants", &[("script", script), ("variants", variants)]))
        }
        (None, Some(_), VariantEngine::Opencc) => bail!(say("usage.variants-engine", &[])),
        (Some(script), None, VariantEngine::Builtin) => Some(Target::script(script, folder).context("--script")?),
        (Some(script), None, VariantEngine::Opencc) => Some(by_opencc(script, folder)?),
        (None, Some(variants), VariantEngine::Builtin) => Some(Target::variants(variants).context("--variants")?),
        (None, None, _) => None,
    };
    Ok(scripts::Profile {
        target,
        fold_long_s: forms.long_s == LongS::Fold,
        fold_letter_forms: forms.letter_forms == LetterForms::Fold,
        print_typed_quotes: forms.typed_quotes == TypedQuotes::Print,
    })
}

#[cfg(feature = "opencc")]
fn by_opencc(script: &str, folder: Option<&Path>) -> anyhow::Result<Target> {
    Target::by_opencc(script, folder).context("--script")
}

#[cfg(not(feature = "opencc"))]
fn by_opencc(_: &str, _: Option<&Path>) -> anyhow::Result<Target> {
    bail!(say("usage.no-opencc", &[]))
}
