//! Measuring break decisions against labelled boundaries.
//!
//! Gold is a TSV beside each text: `NAME.gold.tsv` with the columns `line_a`, `line_b` (1-based physical lines of `NAME.txt`) and `kind`
//! (join, keep, hanging, space, para; `apart` is space or para); further columns are ignored. A boundary without a row is not judged.
//! Where there is no `NAME.txt`, `NAME.xml` is read, ALTO or PAGE with the boxes of the lines; lines are then those of its reading text.

use std::fmt;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use crate::breaks::{self, Break, Joint};
use crate::dictionary::Dictionaries;
use crate::edit::Applicability;
use crate::error::Error;
use crate::inputs::{InputFile, IssueInput};
use crate::model::{Issue, Language};
use crate::read::{ReadOptions, read_issue};
use crate::structure;

/// What a row of gold says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    Join,
    Keep,
    Hanging,
    Space,
    Para,
    /// Space or para; gold only.
    Apart,
}

impl Kind {
    /// All kinds, in the order reports list them.
    pub const ALL: [Kind; 6] = [Kind::Join, Kind::Keep, Kind::Hanging, Kind::Space, Kind::Para, Kind::Apart];

    /// As the column `kind` has it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Join => "join",
            Kind::Keep => "keep",
            Kind::Hanging => "hanging",
            Kind::Space => "space",
            Kind::Para => "para",
            Kind::Apart => "apart",
        }
    }

    /// Whether text that reads `said` is right where gold has `self`.
    pub fn accepts(self, said: Kind) -> bool {
        self == said || (self == Kind::Apart && matches!(said, Kind::Space | Kind::Para))
    }

    /// What a decision makes of the text under a policy: without an edit the line end stays.
    pub fn of(b: &Break, policy: Applicability) -> Kind {
        if b.decision.applicability.is_none_or(|a| a < policy) {
            return Kind::Para;
        }
        match b.decision.joint {
            Joint::Join => Kind::Join,
            Joint::Keep => Kind::Keep,
            Joint::Hanging => Kind::Hanging,
            Joint::Space => Kind::Space,
            Joint::Paragraph => Kind::Para,
        }
    }
}

/// A text with its labelled boundaries.
#[derive(Debug)]
pub struct Labelled {
    /// With its structure.
    pub issue: Issue,
    /// Gold by (line before, line after), 1-based physical lines.
    pub gold: FxHashMap<(usize, usize), Kind>,
    /// The physical line, 1-based, of each line of the issue.
    pub physical: Vec<usize>,
}

impl Labelled {
    /// Reads `NAME.gold.tsv` and the `NAME.txt` beside it.
    ///
    /// # Errors
    /// [`Error`] for files that cannot be read; [`Error::Gold`] names the line of a row that is not one.
    pub fn read(gold: &Path, language: Option<Language>) -> Result<Labelled, Error> {
        let table = std::fs::read_to_string(gold).map_err(|source| Error::Read { path: gold.into(), source })?;
        let name = gold.to_string_lossy();
        let text = |ending: &str| PathBuf::from(format!("{}.{ending}", name.strip_suffix(".gold.tsv").unwrap_or(&name)));
        let path = Some(text("xml")).filter(|xml| xml.exists() && !text("txt").exists()).unwrap_or_else(|| text("txt"));
        let rows = rows(gold, &table)?;
        let input = IssueInput { id: path.display().to_string(), files: vec![InputFile { relative: path.clone(), path }], mets: None };
        let mut read = read_issue(&input, &ReadOptions::default());
        if let Some(error) = read.errors.pop() {
            return Err(error);
        }
        structure::structure(&mut read.issue, language);
        let (mut physical, mut number, mut at) = (Vec::with_capacity(read.issue.lines.len()), 1, 0);
        for line in &read.issue.lines {
            number += memchr::memchr_iter(b'\n', &read.issue.text.as_bytes()[at..line.span.start]).count();
            at = line.span.start;
            physical.push(number);
        }
        Ok(Labelled { issue: read.issue, gold: rows, physical })
    }

    /// The gold of a boundary; `None` if it has none.
    pub fn kind(&self, boundary: &breaks::Boundary) -> Option<Kind> {
        self.gold.get(&(self.physical[boundary.before], self.physical[boundary.after])).copied()
    }
}

fn rows(path: &Path, table: &str) -> Result<FxHashMap<(usize, usize), Kind>, Error> {
    let mut lines = table.lines().enumerate();
    let header: Vec<&str> = lines.next().map(|(_, l)| l.split('\t').collect()).unwrap_or_default();
    let error = |line: usize, message: String| Error::Gold { path: path.into(), line: line + 1, message };
    let column = |name: &str| header.iter().position(|h| *h == name).ok_or_else(|| error(0, format!("no column `{name}`")));
    let (a, b, kind) = (column("line_a")?, column("line_b")?, column("kind")?);
    let mut gold = FxHashMap::default();
    for (number, row) in lines.filter(|(_, l)| !l.is_empty()) {
        let cells: Vec<&str> = row.split('\t').collect();
        let cell = |i: usize| cells.get(i).copied().unwrap_or("");
        let line = |i: usize| cell(i).parse::<usize>().map_err(|_| error(number, format!("`{}` is not a line number", cell(i))));
        let kind = Kind::ALL
            .into_iter()
            .find(|k| k.name() == cell(kind))
            .ok_or_else(|| error(number, format!("unknown kind `{}`", cell(kind))))?;
        gold.insert((line(a)?, line(b)?), kind);
    }
    Ok(gold)
}

/// The gold files of the arguments: files as they are, folders searched for `*.gold.tsv` (not below).
///
/// # Errors
/// [`Error::Read`] for a folder that cannot be listed.
pub fn gold_files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    let mut files = Vec::new();
    for path in paths {
        files.append(&mut tables(path, ".gold.tsv")?);
    }
    Ok(files)
}

/// A file as it is, or the files of a folder whose names end so (not below), in the order of their names.
///
/// # Errors
/// [`Error::Read`] for a folder that cannot be listed.
pub fn tables(path: &Path, end: &str) -> Result<Vec<PathBuf>, Error> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let read = |source| Error::Read { path: path.to_owned(), source };
    let entries = std::fs::read_dir(path).map_err(read)?.collect::<Result<Vec<_>, _>>().map_err(read)?;
    let mut found: Vec<PathBuf> = entries.into_iter().map(|e| e.path()).filter(|p| p.to_string_lossy().ends_with(end)).collect();
    found.sort();
    Ok(found)
}

/// Bins of confidence.
const BINS: usize = 10;

/// Counts over labelled boundaries.
#[derive(Clone, Debug, Default)]
pub struct Scores {
    /// By gold and said.
    pairs: FxHashMap<(Kind, Kind), usize>,
    /// For each tenth of confidence: proposals, sum of confidence, right ones.
    bins: [(usize, f64, usize); BINS],
    /// Gold rows whose lines are no neighbours here: they cannot be decided.
    pub unseen: usize,
}

impl Scores {
    /// Judges every labelled boundary of a text.
    pub fn add(&mut self, labelled: &Labelled, breaks: &[Break], policy: Applicability) {
        let mut seen = 0;
        // Where gold does not tell spaces from paragraphs, it cannot judge how sure of either one is.
        let apart = labelled.gold.values().any(|kind| *kind == Kind::Apart);
        let judges = |b: &Break| !apart || !matches!(b.decision.joint, Joint::Space | Joint::Paragraph);
        for b in breaks {
            let Some(gold) = labelled.kind(&b.boundary) else { continue };
            seen += 1;
            *self.pairs.entry((gold, Kind::of(b, policy))).or_default() += 1;
            if b.decision.applicability.is_some() && judges(b) {
                let p = f64::from(b.decision.confidence.clamp(0.0, 1.0));
                let bin = &mut self.bins[((p * BINS as f64) as usize).min(BINS - 1)];
                *bin = (bin.0 + 1, bin.1 + p, bin.2 + usize::from(gold.accepts(Kind::of(b, Applicability::Review))));
            }
        }
        self.unseen += labelled.gold.len() - seen;
    }

    /// Adds the counts of another part.
    pub fn merge(&mut self, other: &Scores) {
        for (pair, n) in &other.pairs {
            *self.pairs.entry(*pair).or_default() += n;
        }
        for (a, b) in self.bins.iter_mut().zip(&other.bins) {
            *a = (a.0 + b.0, a.1 + b.1, a.2 + b.2);
        }
        self.unseen += other.unseen;
    }

    /// Precision and recall of a kind; `None` where nothing was said or labelled.
    pub fn precision_recall(&self, kind: Kind) -> (Option<f64>, Option<f64>) {
        let count = |test: &dyn Fn(Kind, Kind) -> bool| self.pairs.iter().filter(|((g, s), _)| test(*g, *s)).map(|(_, n)| n).sum::<usize>();
        let hits = count(&|g, s| g == kind && s == kind);
        let ratio = |of: usize| (of > 0).then(|| hits as f64 / of as f64);
        (ratio(count(&|_, s| s == kind)), ratio(count(&|g, _| g == kind)))
    }

    /// The largest gap between expected and measured precision of a bin with at least `least` proposals.
    /// `None` where no bin has so many.
    pub fn calibration_gap(&self, least: usize) -> Option<f64> {
        let gap = |(n, sum, right): &(usize, f64, usize)| (sum - *right as f64).abs() / *n as f64;
        self.bins.iter().filter(|b| b.0 >= least.max(1)).map(gap).max_by(f64::total_cmp)
    }
}

impl fmt::Display for Scores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |v: Option<f64>| v.map_or("     -".into(), |v| format!("{v:.4}"));
        writeln!(f, "  kind     precision  recall  F1      labelled")?;
        for kind in Kind::ALL.into_iter().filter(|k| *k != Kind::Apart) {
            let labelled: usize = self.pairs.iter().filter(|((g, _), _)| *g == kind).map(|(_, n)| n).sum();
            let (p, r) = self.precision_recall(kind);
            if p.is_none() && r.is_none() {
                continue;
            }
            let f1 = p.zip(r).filter(|(p, r)| p + r > 0.0).map(|(p, r)| 2.0 * p * r / (p + r));
            writeln!(f, "  {:8} {}     {}  {}  {labelled}", kind.name(), shown(p), shown(r), shown(f1))?;
        }
        writeln!(f, "  confidence  proposals  expected  measured")?;
        for (i, (n, sum, right)) in self.bins.iter().enumerate().filter(|(_, b)| b.0 > 0) {
            let (low, high) = (i as f64 / BINS as f64, (i + 1) as f64 / BINS as f64);
            writeln!(f, "  {low:.1} – {high:.1}   {n:9}  {:.4}    {:.4}", sum / *n as f64, *right as f64 / *n as f64)?;
        }
        if self.unseen > 0 {
            writeln!(f, "  {} labelled boundaries are none here: other text stands between their lines", self.unseen)?;
        }
        Ok(())
    }
}

/// Decides all boundaries of a labelled text as `check` and `clean` would.
pub fn decide(labelled: &Labelled, dictionaries: &Dictionaries) -> Vec<Break> {
    breaks::decide(&labelled.issue, dictionaries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_row_names_its_line() {
        let error = rows(Path::new("x.gold.tsv"), "line_a\tline_b\tkind\n1\t2\tjoin\n2\t3\tjoyn\n").unwrap_err();
        assert_eq!(error.to_string(), "x.gold.tsv:3: unknown kind `joyn`");
    }

    #[test]
    fn apart_accepts_both() {
        assert!(Kind::Apart.accepts(Kind::Space) && Kind::Apart.accepts(Kind::Para) && !Kind::Apart.accepts(Kind::Join));
    }
}
