//! `galley evaluate`

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Args;
use rayon::prelude::*;

use super::{Apply, language};
use crate::dictionary::{Dictionaries, Vocabulary};
use crate::edit::Applicability;
use crate::evaluate::{Labelled, Scores, decide, gold_files};
use crate::model::Language;

#[derive(Debug, Args)]
#[command(after_help = "GOLD is NAME.gold.tsv beside NAME.txt, with the columns line_a, line_b (1-based lines of the text) and kind\n\
    (join, keep, hanging, space, para, apart), or a folder of such files.")]
pub struct EvaluateArgs {
    /// Gold files, or folders of them; one table each.
    #[arg(required = true, value_name = "GOLD")]
    gold: Vec<PathBuf>,
    /// Judge what is applied by default, or also what waits for review.
    #[arg(long, value_enum, default_value_t = Apply::All)]
    apply: Apply,
    /// Language of all text instead of detecting it.
    #[arg(long, value_name = "CODE", value_parser = language)]
    lang: Option<Language>,
    /// A vocabulary file made by `galley vocabulary`.
    #[arg(long, value_name = "FILE")]
    vocabulary: Option<PathBuf>,
}

/// Prints precision, recall and calibration.
pub fn run(args: &EvaluateArgs) -> anyhow::Result<ExitCode> {
    let mut dictionaries = Dictionaries::builtin();
    if let Some(path) = &args.vocabulary {
        dictionaries = dictionaries.with_vocabulary(Vocabulary::load(path).context("--vocabulary")?);
    }
    let policy = if args.apply == Apply::All { Applicability::Review } else { Applicability::Safe };
    let mut out = std::io::stdout().lock();
    let mut all = Scores::default();
    for path in &args.gold {
        let files = gold_files(std::slice::from_ref(path))?;
        if files.is_empty() {
            bail!("{}: no *.gold.tsv in this folder", path.display());
        }
        let scores: Vec<Scores> = files
            .par_iter()
            .map(|file| {
                let labelled = Labelled::read(file, args.lang)?;
                let mut scores = Scores::default();
                scores.add(&labelled, &decide(&labelled, &dictionaries), policy);
                Ok(scores)
            })
            .collect::<Result<_, crate::error::Error>>()?;
        let mut sum = Scores::default();
        scores.iter().for_each(|s| sum.merge(s));
        writeln!(out, "{}\n{sum}", path.display())?;
        all.merge(&sum);
    }
    if args.gold.len() > 1 {
        writeln!(out, "all\n{all}")?;
    }
    writeln!(out, "largest calibration gap of a bin with 100 proposals or more: {:.4}", all.calibration_gap(100))?;
    Ok(ExitCode::SUCCESS)
}
