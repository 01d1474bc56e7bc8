//! `galley train`

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Args;
use rayon::prelude::*;

use super::{DictionaryArgs, language};
use crate::dictionary::Dictionaries;
use crate::error::{Error, Shown};
use crate::evaluate::{Labelled, gold_files};
use crate::messages::say;
use crate::model::Language;
use crate::train::Cases;
use crate::write::files::write_atomic;

#[derive(Debug, Args)]
#[command(
    after_help = "GOLD is NAME.gold.tsv beside NAME.txt, as `galley evaluate` reads it. Models without labelled boundaries get no file: the weights\n\
    in the binary go on to stand for them. Measure on texts that were not trained on.\n\n\
    Example:\n  galley train labelled/ --out weights/ && galley evaluate held-back/ --weights weights/ && galley check batch/ --weights weights/"
)]
pub struct TrainArgs {
    /// Gold files, or folders of them.
    #[arg(required = true, value_name = "GOLD")]
    gold: Vec<PathBuf>,
    /// The folder the weights files are written to.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Begin with nothing instead of the weights in use: for tens of thousands of labelled boundaries.
    #[arg(long)]
    from_scratch: bool,
    /// Language of all text instead of detecting it.
    #[arg(long, value_name = "CODE", value_parser = language)]
    language: Option<Language>,
    #[command(flatten)]
    dictionaries: DictionaryArgs,
}

/// Fits weights and writes them.
pub fn run(args: &TrainArgs) -> anyhow::Result<ExitCode> {
    let dictionaries = args.dictionaries.load(false, &args.dictionaries)?;
    let (mut cases, mut head) = (Cases::default(), String::new());
    for path in &args.gold {
        let source = source(path, args.language, &dictionaries)?;
        let name = path.file_name().unwrap_or(path.as_os_str());
        let _ = writeln!(head, "# {}: {} texts, {}", Shown(Path::new(name)), source.texts, source.counts());
        cases.merge(source);
    }
    let known = (!args.from_scratch).then(|| dictionaries.weights());
    let from = match known.map(|k| k.hash()) {
        None => "from nothing".to_owned(),
        Some(None) => "from the weights in the binary".to_owned(),
        Some(Some(hash)) => format!("from weights with the hash {hash}"),
    };
    let head = format!("# Trained by galley {} {from}\n{head}", env!("CARGO_PKG_VERSION"));
    let files = cases.fit(known);
    if files.is_empty() {
        bail!(say("train.nothing", &[]));
    }
    let mut out = std::io::stdout().lock();
    for (name, tsv) in files {
        let path = args.out.join(name);
        let folder = path.parent().unwrap_or(&args.out);
        std::fs::create_dir_all(folder).with_context(|| say("train.folder", &[("path", &Shown(folder))]))?;
        write_atomic(&path, format!("{head}{tsv}").as_bytes())?;
        writeln!(out, "{}", Shown(&path))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads the texts of one argument.
pub fn labelled(path: &Path, lang: Option<Language>) -> anyhow::Result<Vec<Labelled>> {
    let files = gold_files(&[path.to_owned()])?;
    if files.is_empty() {
        bail!(say("train.no-gold", &[("path", &Shown(path))]));
    }
    Ok(files.par_iter().map(|file| Labelled::read(file, lang)).collect::<Result<_, Error>>()?)
}

/// The cases of one argument.
pub fn source(path: &Path, lang: Option<Language>, dictionaries: &Dictionaries) -> anyhow::Result<Cases> {
    Ok(Cases::of(&labelled(path, lang)?, dictionaries))
}
