//! `galley evaluate`

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{anyhow, bail};
use clap::Args;
use rayon::prelude::*;

use super::train::{labelled, source};
use super::{Apply, DictionaryArgs, language};
use crate::breaks::Weights;
use crate::dictionary::Dictionaries;
use crate::edit::Applicability;
use crate::error::Shown;
use crate::evaluate::{Labelled, Scores, decide};
use crate::model::Language;
use crate::train::Cases;

/// A bin of confidence with fewer proposals tells little.
const TELLING: usize = 100;

#[derive(Debug, Args)]
#[command(after_help = "GOLD is NAME.gold.tsv beside NAME.txt, with the columns line_a, line_b (1-based lines of the text) and kind\n\
    (join, keep, hanging, space, para, apart), or a folder of such files.\n\n\
    --cross shows whether the models fit the task or only their sources: a set that does much worse than without it is unlike the others.\n\n\
    Example:\n  galley evaluate labelled/")]
pub struct EvaluateArgs {
    /// Gold files, or folders of them; one table each.
    #[arg(required = true, value_name = "GOLD")]
    gold: Vec<PathBuf>,
    /// Judge what is applied by default, or also what waits for review.
    #[arg(long, value_enum, default_value_t = Apply::All)]
    apply: Apply,
    /// Measure each GOLD with weights trained, from nothing, on all the others.
    #[arg(long, conflicts_with = "weights")]
    cross: bool,
    /// Language of all text instead of detecting it.
    #[arg(long, value_name = "CODE", value_parser = language)]
    language: Option<Language>,
    #[command(flatten)]
    dictionaries: DictionaryArgs,
}

/// Prints precision, recall and calibration.
pub fn run(args: &EvaluateArgs) -> anyhow::Result<ExitCode> {
    let dictionaries = args.dictionaries.load(false, &args.dictionaries)?;
    if args.cross && args.gold.len() < 2 {
        bail!("--cross needs two GOLD arguments or more: each is measured with weights trained on the others");
    }
    let policy = if args.apply == Apply::All { Applicability::Review } else { Applicability::Safe };
    let mut out = std::io::stdout().lock();
    let mut all = Scores::default();
    for (i, path) in args.gold.iter().enumerate() {
        let dictionaries = if args.cross { trained_on_others(args, i, &dictionaries)? } else { dictionaries.clone() };
        let score = |text: &Labelled| {
            let mut scores = Scores::default();
            scores.add(text, &decide(text, &dictionaries), policy);
            scores
        };
        let scores: Vec<Scores> = labelled(path, args.language)?.par_iter().map(score).collect();
        let mut sum = Scores::default();
        scores.iter().for_each(|s| sum.merge(s));
        writeln!(out, "{}\n{sum}{}\n", Shown(path), gap(&sum))?;
        all.merge(&sum);
    }
    if args.gold.len() > 1 {
        writeln!(out, "all\n{all}{}", gap(&all))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The line on calibration below a table.
fn gap(scores: &Scores) -> String {
    match scores.calibration_gap(TELLING) {
        Some(gap) => format!("  largest gap between expected and measured of a bin with {TELLING} proposals or more: {gap:.4}"),
        None => format!("  no bin of confidence has {TELLING} proposals: calibration cannot be told"),
    }
}

/// The dictionaries with weights trained on all arguments but one.
fn trained_on_others(args: &EvaluateArgs, measured: usize, dictionaries: &Dictionaries) -> anyhow::Result<Dictionaries> {
    let mut cases = Cases::default();
    for (_, path) in args.gold.iter().enumerate().filter(|(i, _)| *i != measured) {
        cases.merge(source(path, args.language, dictionaries)?);
    }
    let weights = Weights::from_files(&cases.fit(None)).map_err(|(name, error)| anyhow!("{name}: {error}"))?;
    Ok(dictionaries.clone().with_weights(weights))
}
