//! How well the score orders texts: its rank correlation with the true error rate of OCR whose ground truth is known.

use std::fmt;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::IssueQuality;
use crate::dictionary::Dictionaries;
use crate::error::Error;
use crate::inputs::{InputFile, IssueInput};
use crate::model::{Issue, Language};
use crate::read::{ReadOptions, read_issue};
use crate::structure;

/// The texts of a folder of OCR against the files of the same names in a folder of ground truth.
#[derive(Clone, Debug, Default)]
pub struct Calibration {
    /// For each text: true error rate, score of the OCR, score of the ground truth.
    pub rows: Vec<(f64, f64, f64)>,
    /// Files of OCR without ground truth.
    pub alone: usize,
}

impl Calibration {
    /// Reads and measures all pairs, in the order of their names.
    ///
    /// # Errors
    /// [`Error::Read`] for a folder that cannot be listed, or a text that cannot be read.
    pub fn of(ocr: &Path, gold: &Path, language: Option<Language>, dictionaries: &Dictionaries) -> Result<Calibration, Error> {
        let read = |source| Error::Read { path: ocr.to_owned(), source };
        let entries = std::fs::read_dir(ocr).map_err(read)?.collect::<Result<Vec<_>, _>>().map_err(read)?;
        let mut names: Vec<PathBuf> = entries.into_iter().map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "txt")).collect();
        names.sort();
        let pairs: Vec<(PathBuf, PathBuf)> =
            names.into_iter().filter_map(|p| p.file_name().map(|n| gold.join(n)).map(|g| (p, g))).collect();
        let (known, alone): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|(_, g)| g.is_file());
        let rows: Vec<Option<(f64, f64, f64)>> = known
            .par_iter()
            .map(|(ocr, gold)| {
                let (ocr, gold) = (text(ocr, language)?, text(gold, language)?);
                let score = |issue: &Issue| IssueQuality::of(issue, dictionaries).issue.score();
                Ok(score(&ocr).zip(score(&gold)).map(|(a, b)| (error_rate(&ocr.text, &gold.text), f64::from(a), f64::from(b))))
            })
            .collect::<Result<_, Error>>()?;
        Ok(Calibration { rows: rows.into_iter().flatten().collect(), alone: alone.len() })
    }

    /// Spearman's rank correlation between score and share of right characters; `None` for fewer than three texts.
    pub fn correlation(&self) -> Option<f64> {
        let scores: Vec<f64> = self.rows.iter().map(|r| r.1).collect();
        let right: Vec<f64> = self.rows.iter().map(|r| -r.0).collect();
        rank_correlation(&scores, &right)
    }
}

impl fmt::Display for Calibration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = self.rows.len().max(1) as f64;
        let mean = |of: fn(&(f64, f64, f64)) -> f64| self.rows.iter().map(of).sum::<f64>() / n;
        let shown = self.correlation().map_or("-".into(), |c| format!("{c:.3}"));
        writeln!(f, "  texts {}, rank correlation of the score with the true error rate {shown}", self.rows.len())?;
        writeln!(
            f,
            "  errors: true {:.4}, estimated {:.4}; estimated of the ground truth {:.4}",
            mean(|r| r.0),
            1.0 - mean(|r| r.1),
            1.0 - mean(|r| r.2)
        )?;
        writeln!(f, "  score      texts  true error rate")?;
        for (low, high) in [(0.0, 0.7), (0.7, 0.8), (0.8, 0.85), (0.85, 0.9), (0.9, 0.95), (0.95, 0.98), (0.98, 1.01)] {
            let rates: Vec<f64> = self.rows.iter().filter(|r| (low..high).contains(&r.1)).map(|r| r.0).collect();
            if !rates.is_empty() {
                writeln!(
                    f,
                    "  {low:.2}–{:.2} {:6}  {:.4}",
                    f64::min(high, 1.0),
                    rates.len(),
                    rates.iter().sum::<f64>() / rates.len() as f64
                )?;
            }
        }
        if self.alone > 0 {
            writeln!(f, "  {} texts have no ground truth of the same name", self.alone)?;
        }
        Ok(())
    }
}

fn text(path: &Path, language: Option<Language>) -> Result<Issue, Error> {
    let input =
        IssueInput { id: path.display().to_string(), files: vec![InputFile { relative: path.into(), path: path.into() }], mets: None };
    let mut read = read_issue(&input, &ReadOptions::default());
    if let Some(error) = read.errors.pop() {
        return Err(error);
    }
    structure::structure(&mut read.issue, language);
    Ok(read.issue)
}

/// Edit distance by the length of the truth, 0 to 1. Words split at line ends are whole on both sides, white space counts as one space.
pub fn error_rate(read: &str, truth: &str) -> f64 {
    let (read, truth) = (flat(read), flat(truth));
    let distance = rapidfuzz::distance::levenshtein::distance(read.chars(), truth.chars());
    (distance as f64 / truth.chars().count().max(1) as f64).min(1.0)
}

fn flat(text: &str) -> String {
    let joined: String = text.replace("-\n", "").replace("¬\n", "").replace("⸗\n", "");
    joined.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Spearman's rank correlation, equal values at their mean rank; `None` for fewer than three or for values that are all the same.
pub fn rank_correlation(a: &[f64], b: &[f64]) -> Option<f64> {
    if a.len() != b.len() || a.len() < 3 {
        return None;
    }
    let (a, b) = (ranks(a), ranks(b));
    let mean = (a.len() as f64 - 1.0) / 2.0;
    let product = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| (x - mean) * (y - mean)).sum::<f64>();
    let spread = (product(&a, &a) * product(&b, &b)).sqrt();
    (spread > 0.0).then(|| product(&a, &b) / spread)
}

fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|x, y| values[*x].total_cmp(&values[*y]));
    let mut ranks = vec![0.0; values.len()];
    let mut from = 0;
    for group in order.chunk_by(|x, y| values[*x] == values[*y]) {
        let rank = from as f64 + (group.len() as f64 - 1.0) / 2.0;
        group.iter().for_each(|i| ranks[*i] = rank);
        from += group.len();
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn correlations_of_ranks() {
        assert_eq!(rank_correlation(&[1.0, 2.0, 3.0, 9.0], &[2.0, 3.0, 4.0, 5.0]), Some(1.0));
        assert_eq!(rank_correlation(&[1.0, 2.0, 3.0], &[3.0, 2.0, 1.0]), Some(-1.0));
        assert_eq!(rank_correlation(&[1.0, 1.0, 1.0], &[3.0, 2.0, 1.0]), None);
        assert!((rank_correlation(&[1.0, 1.0, 2.0], &[1.0, 2.0, 3.0]).unwrap() - 0.866).abs() < 1e-3);
    }

    #[test]
    fn split_words_and_line_ends_are_no_errors() {
        assert_eq!(error_rate("The com-\nmittee met", "The committee\nmet"), 0.0);
        assert!((error_rate("Tho committee", "The committee") - 1.0 / 13.0).abs() < 1e-9);
    }
}
