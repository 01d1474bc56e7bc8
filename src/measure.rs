//! Measuring articles against ground truth: lines that belong together, and false alarms on articles that are whole.
//!
//! `NAME.articles.tsv` has the columns `line_no` (1-based line of `NAME.txt`) and `article`; `NAME.geo.tsv` beside it, where there is one,
//! has `line_no x0 y0 x1 y1` in pixels.

use std::fmt;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use crate::articles::Articles;
use crate::dictionary::Dictionaries;
use crate::edit::Finding;
use crate::edit::SourceMap;
use crate::error::Error;
use crate::evaluate::{Kind, Labelled};
use crate::model::{Issue, Language};
use crate::ocr::{Ocr, OcrLine, OcrPage, OcrRegion, Rect};
use crate::pipeline::{Processed, Settings, process};
use crate::structure::structure;

/// Pairs of lines of one article, and jumps within articles from one column to another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Grouping {
    /// Pairs that are together in truth, as said, and both.
    pub truth: u64,
    pub said: u64,
    pub both: u64,
    /// Neighbouring lines of an article that stand in two columns, and those of them that are said to be together.
    pub jumps: u64,
    pub jumps_found: u64,
}

impl Grouping {
    /// Adds the counts of another page.
    pub fn add(&mut self, other: &Grouping) {
        self.truth += other.truth;
        self.said += other.said;
        self.both += other.both;
        self.jumps += other.jumps;
        self.jumps_found += other.jumps_found;
    }

    /// Precision, recall and F1 of pairs.
    pub fn scores(&self) -> (f64, f64, f64) {
        let share = |of: u64| self.both as f64 / of.max(1) as f64;
        let (precision, recall) = (share(self.said), share(self.truth));
        (precision, recall, 2.0 * precision * recall / (precision + recall).max(f64::MIN_POSITIVE))
    }
}

impl fmt::Display for Grouping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (precision, recall, f1) = self.scores();
        write!(
            f,
            "pairs of lines: precision {precision:.4}, recall {recall:.4}, F1 {f1:.4}; column jumps found {} of {}",
            self.jumps_found, self.jumps
        )
    }
}

/// A page with the article of each line.
#[derive(Debug)]
pub struct Grouped {
    text: String,
    name: String,
    /// By 1-based line.
    articles: FxHashMap<usize, String>,
    boxes: FxHashMap<usize, Rect>,
}

impl Grouped {
    /// Reads `NAME.articles.tsv`, the text and the boxes beside it.
    ///
    /// # Errors
    /// [`Error::Read`]; [`Error::Gold`] names the line of a row that is not one.
    pub fn read(table: &Path) -> Result<Grouped, Error> {
        let read = |path: &Path| std::fs::read_to_string(path).map_err(|source| Error::Read { path: path.into(), source });
        let name = table.to_string_lossy();
        let stem = name.strip_suffix(".articles.tsv").unwrap_or(&name).to_string();
        let (geo, txt) = (PathBuf::from(format!("{stem}.geo.tsv")), PathBuf::from(format!("{stem}.txt")));
        let mut articles = FxHashMap::default();
        for (line, cells) in rows(table, &read(table)?, 2)? {
            articles.insert(line, cells[1].clone());
        }
        let mut boxes = FxHashMap::default();
        if geo.is_file() {
            for (line, cells) in rows(&geo, &read(&geo)?, 5)? {
                let number = |i: usize| cells[i].parse::<f32>().unwrap_or(f32::NAN);
                boxes.extend(Rect::new(number(1), number(2), number(3), number(4)).map(|r| (line, r)));
            }
        }
        Ok(Grouped { text: read(&txt)?, name: stem, articles, boxes })
    }

    /// Groups the page as `export` would, with its boxes or without, and holds it against the truth.
    pub fn measure(&self, with_boxes: bool, language: Option<Language>) -> Grouping {
        let mut issue = Issue::from_text(&self.name, self.text.clone());
        if with_boxes {
            issue.ocr = std::sync::Arc::new(self.ocr());
        }
        structure(&mut issue, language);
        let groups = Articles::of(&issue, &SourceMap::default());
        let mut number = vec![usize::MAX; issue.lines.len()];
        for (n, article) in groups.list.iter().enumerate() {
            article.lines().for_each(|l| number[l] = n);
        }
        let mut lines: Vec<(usize, &str, usize)> = Vec::new();
        let (mut at, mut physical) = (0, 1);
        for (index, line) in issue.lines.iter().enumerate() {
            physical += memchr::memchr_iter(b'\n', &issue.text.as_bytes()[at..line.span.start]).count();
            at = line.span.start;
            // `-` is a line of no article.
            if let Some(article) = self.articles.get(&physical).filter(|a| *a != "-") {
                lines.push((physical, article, number[index]));
            }
        }
        let mut out = Grouping::default();
        for (i, a) in lines.iter().enumerate() {
            for b in &lines[..i] {
                let (truth, said) = (a.1 == b.1, a.2 == b.2 && a.2 != usize::MAX);
                out.truth += u64::from(truth);
                out.said += u64::from(said);
                out.both += u64::from(truth && said);
            }
        }
        for pair in lines.windows(2).filter(|p| p[0].1 == p[1].1) {
            let (Some(a), Some(b)) = (self.boxes.get(&pair[0].0), self.boxes.get(&pair[1].0)) else { continue };
            // The next line stands beside this one and not below it.
            if b.x0 > a.x1 && b.y0 < a.y0 {
                out.jumps += 1;
                out.jumps_found += u64::from(pair[0].2 == pair[1].2 && pair[0].2 != usize::MAX);
            }
        }
        out
    }

    fn ocr(&self) -> Ocr {
        let mut ocr = Ocr::default();
        ocr.pages.push(OcrPage { span: 0..self.text.len(), regions: 0..1, ..OcrPage::default() });
        let mut at = 0;
        for (index, line) in self.text.split('\n').enumerate() {
            if !line.trim().is_empty() {
                let rect = self.boxes.get(&(index + 1)).copied();
                ocr.lines.push(OcrLine { span: at..at + line.len(), rect, ..OcrLine::default() });
            }
            at += line.len() + 1;
        }
        ocr.regions.push(OcrRegion { span: 0..self.text.len(), lines: 0..ocr.lines.len() as u32, ..OcrRegion::default() });
        ocr
    }
}

/// The rows of a table whose first column is a line number.
fn rows(path: &Path, table: &str, columns: usize) -> Result<Vec<(usize, Vec<String>)>, Error> {
    let mut all = Vec::new();
    for (number, row) in table.lines().enumerate().skip(1).filter(|(_, l)| !l.is_empty()) {
        let cells: Vec<String> = row.split('\t').map(String::from).collect();
        let line = cells[0].parse().map_err(|_| format!("`{}` is not a line number", cells[0]));
        let line =
            line.and_then(|l| if cells.len() >= columns { Ok(l) } else { Err(format!("{} columns, {columns} wanted", cells.len())) });
        all.push((line.map_err(|message| Error::Gold { path: path.into(), line: number + 1, message })?, cells));
    }
    Ok(all)
}

/// The whole articles of a labelled text: what gold joins stands joined, everything else as it is. Gives what `check` finds to be
/// truncated in it.
pub fn false_alarms(labelled: &Labelled, dictionaries: &Dictionaries, settings: &Settings) -> (Processed, Vec<Finding>) {
    let mut ends: FxHashMap<usize, usize> = FxHashMap::default();
    for ((a, b), kind) in &labelled.gold {
        if *kind == Kind::Join {
            ends.insert(*a, *b);
        }
    }
    let lines: Vec<&str> = labelled.issue.text.split('\n').collect();
    let (mut text, mut at) = (String::with_capacity(labelled.issue.text.len()), 1);
    while at <= lines.len() {
        text.push_str(lines[at - 1]);
        match ends.get(&at) {
            Some(next) if *next > at => at = *next,
            _ => {
                text.push('\n');
                at += 1;
            }
        }
    }
    let processed = process(Issue::from_text(&labelled.issue.id, text), dictionaries, settings);
    let found = processed.findings.iter().filter(|f| f.rule == "truncated-article").cloned().collect();
    (processed, found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_and_column_jumps() {
        let line = |n: usize, article: &str| (n, article.to_string());
        let rect = |x: f32, y: f32| Rect::new(x, y, x + 10.0, y + 2.0).unwrap();
        let page = Grouped {
            text: "THE FIRST HEADLINE HERE.\n\nThe text of the first one is short.\n\nTHE SECOND HEADLINE HERE.\n\nThe text of the second one.\n".into(),
            name: "page".into(),
            articles: [line(1, "a1"), line(3, "a1"), line(5, "a2"), line(7, "a2")].into_iter().collect(),
            boxes: [(1, rect(0.0, 0.0)), (3, rect(0.0, 5.0)), (5, rect(0.0, 10.0)), (7, rect(20.0, 0.0))].into_iter().collect(),
        };
        let measured = page.measure(false, None);
        assert_eq!((measured.truth, measured.jumps), (2, 1));
        assert_eq!(measured, Grouping { truth: 2, said: 2, both: 2, jumps: 1, jumps_found: 1 });
    }
}
