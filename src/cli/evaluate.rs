//! `galley evaluate`

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{anyhow, bail};
use clap::{Args, ValueEnum};
use rayon::prelude::*;

use super::train::{labelled, source};
use super::{Apply, DictionaryArgs, language};
use crate::breaks::Weights;
use crate::dictionary::Dictionaries;
use crate::edit::Applicability;
use crate::error::Shown;
use crate::evaluate::{Labelled, Scores, decide, tables};
use crate::measure::{Grouped, Grouping, false_alarms};
use crate::messages::say;
use crate::model::Language;
use crate::pipeline::Settings;
use crate::quality::Calibration;
use crate::train::Cases;

/// A bin of confidence with fewer proposals tells little.
const TELLING: usize = 100;

#[derive(Debug, Args)]
#[command(after_help = "GOLD is NAME.gold.tsv beside NAME.txt, with the columns line_a, line_b (1-based lines of the text) and kind\n\
    (join, keep, hanging, space, para, apart), or a folder of such files.\n\n\
    --measure complete takes the same files: articles that are whole, on which truncated-article must say nothing.\n\
    --measure articles takes folders of NAME.articles.tsv (line_no, article) beside NAME.txt, and NAME.geo.tsv (line_no, x0, y0, x1, y1) for boxes.\n\
    --measure quality takes pairs of folders, OCR and its ground truth, with files of the same names.\n\n\
    --cross shows whether the models fit the task or only their sources: a set that does much worse than without it is unlike the others.\n\n\
    Example:\n  galley evaluate labelled/")]
pub struct EvaluateArgs {
    /// Gold files, or folders of them; one table each.
    #[arg(required = true, value_name = "GOLD")]
    gold: Vec<PathBuf>,
    /// What is measured.
    #[arg(long, value_enum, default_value_t = Measure::Breaks)]
    measure: Measure,
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Measure {
    /// Decisions at line, column and page ends.
    Breaks,
    /// False alarms of truncated-article on whole articles.
    Complete,
    /// Lines that belong to one article.
    Articles,
    /// The quality score against true error rates.
    Quality,
}

/// Prints precision, recall and calibration.
pub fn run(args: &EvaluateArgs) -> anyhow::Result<ExitCode> {
    let dictionaries = args.dictionaries.load(false, &args.dictionaries)?;
    match args.measure {
        Measure::Breaks => {}
        _ if args.cross => bail!(say("evaluate.cross", &[])),
        Measure::Complete => return complete(args, &dictionaries),
        Measure::Articles => return articles(args),
        Measure::Quality => return quality(args, &dictionaries),
    }
    if args.cross && args.gold.len() < 2 {
        bail!(say("train.cross", &[]));
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

/// False alarms on whole articles, each named.
fn complete(args: &EvaluateArgs, dictionaries: &Dictionaries) -> anyhow::Result<ExitCode> {
    let settings = Settings { language: args.language, ..Settings::default() };
    let mut out = std::io::stdout().lock();
    for path in &args.gold {
        let texts = labelled(path, args.language)?;
        let found: Vec<_> = texts.par_iter().map(|text| false_alarms(text, dictionaries, &settings)).collect();
        let wrong: Vec<_> = found.iter().filter(|(_, found)| !found.is_empty()).collect();
        writeln!(
            out,
            "{}\n  texts {}, with a false truncated-article {} ({:.2} %)",
            Shown(path),
            texts.len(),
            wrong.len(),
            100.0 * wrong.len() as f64 / texts.len().max(1) as f64
        )?;
        for (processed, findings) in wrong {
            writeln!(out, "  {}: {}", processed.read.id, findings[0].message)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Lines grouped into articles, by the text alone and with the boxes.
fn articles(args: &EvaluateArgs) -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    for path in &args.gold {
        let pages: Vec<Grouped> = tables(path, ".articles.tsv")?.iter().map(|t| Grouped::read(t)).collect::<Result<_, _>>()?;
        if pages.is_empty() {
            bail!(say("evaluate.no-articles", &[("path", &Shown(path))]));
        }
        writeln!(out, "{}: {} pages", Shown(path), pages.len())?;
        for (boxes, what) in [(false, "text alone"), (true, "with boxes")] {
            let measured: Vec<Grouping> = pages.par_iter().map(|p| p.measure(boxes, args.language)).collect();
            let mut sum = Grouping::default();
            measured.iter().for_each(|m| sum.add(m));
            let mean = measured.iter().map(|m| m.scores().2).sum::<f64>() / measured.len() as f64;
            writeln!(out, "  {what}: {sum}; mean F1 of a page {mean:.4}")?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The score of OCR against its true error rate.
fn quality(args: &EvaluateArgs, dictionaries: &Dictionaries) -> anyhow::Result<ExitCode> {
    if !args.gold.len().is_multiple_of(2) {
        bail!(say("evaluate.pairs", &[]));
    }
    let mut out = std::io::stdout().lock();
    let mut all = Calibration::default();
    for pair in args.gold.chunks(2) {
        let found = Calibration::of(&pair[0], &pair[1], args.language, dictionaries)?;
        if found.rows.is_empty() {
            bail!(say("evaluate.no-truth", &[("path", &Shown(&pair[0])), ("truth", &Shown(&pair[1]))]));
        }
        writeln!(out, "{}\n{found}", Shown(&pair[0]))?;
        all.rows.extend(found.rows);
    }
    if args.gold.len() > 2 {
        writeln!(out, "all\n{all}")?;
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
