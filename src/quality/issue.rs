//! The quality of an issue and of its pages, regions and articles.

use std::hash::Hasher as _;

use rustc_hash::{FxHashSet, FxHasher};

use super::Tally;
use crate::articles::Article;
use crate::dictionary::Dictionaries;
use crate::model::{Issue, Role};

/// Bytes of a page that are looked at: every line of most pages, and of a longer one lines at even steps. The score of 4,000 letters is sure
/// to a hundredth.
const SAMPLE: usize = 4096;
/// Characters from which a line that stands again is a repetition.
const LONG: usize = 16;

/// What was counted, region by region.
#[derive(Clone, Debug, Default)]
pub struct IssueQuality {
    /// One for each of [`Issue::pages`].
    pub pages: Vec<Tally>,
    /// One for each of [`Issue::regions`]; of long pages a sample.
    pub regions: Vec<Tally>,
    pub issue: Tally,
}

impl IssueQuality {
    /// Measures a repaired issue.
    pub fn of(issue: &Issue, dictionaries: &Dictionaries) -> IssueQuality {
        let mut quality = IssueQuality {
            pages: vec![Tally::default(); issue.pages.len()],
            regions: vec![Tally::default(); issue.regions.len()],
            issue: Tally::default(),
        };
        let mut seen = FxHashSet::default();
        for (number, page) in issue.pages.iter().enumerate() {
            let step = page.span.len().div_ceil(SAMPLE).max(1);
            for region in page.regions.clone() {
                let lines = issue.regions[region].lines.clone();
                for line in lines.filter(|l| l % step == 0) {
                    let tally = measure(issue, line, dictionaries, &mut seen);
                    quality.regions[region].add(&tally);
                }
                quality.pages[number].add(&quality.regions[region]);
            }
            quality.issue.add(&quality.pages[number]);
        }
        quality
    }

    /// Of the lines of an article, all of them.
    pub fn of_article(issue: &Issue, article: &Article, dictionaries: &Dictionaries) -> Tally {
        let mut seen = FxHashSet::default();
        article.lines().fold(Tally::default(), |mut sum, line| {
            sum.add(&measure(issue, line, dictionaries, &mut seen));
            sum
        })
    }
}

fn measure(issue: &Issue, line: usize, dictionaries: &Dictionaries, seen: &mut FxHashSet<u64>) -> Tally {
    let text = issue.line_text(line);
    let language = issue.line_language(line);
    let before = line.checked_sub(1).filter(|b| issue.lines[*b].page == issue.lines[line].page).map(|b| issue.line_text(b).trim_end());
    let after_split = !language.is_chinese() && before.is_some_and(|b| b.ends_with(['-', '¬', '⸗', '\u{ad}', '=']));
    let mut tally = Tally::of(text, language, dictionaries, after_split);
    let role = issue.lines[line].role;
    if text.len() >= LONG && !role.is_furniture() && role != Role::List {
        let mut hasher = FxHasher::default();
        hasher.write(text.trim().as_bytes());
        if !seen.insert(hasher.finish()) {
            tally.repeated = tally.size();
        }
    }
    if let Some(printed) = issue.printed_line(line) {
        for word in issue.ocr.words.get(printed.words.start as usize..printed.words.end as usize).unwrap_or_default() {
            if let Some(confidence) = word.confidence {
                let letters = word.span.len() as u32;
                tally.confidence += (confidence.clamp(0.0, 1.0) * 100.0) as u32 * letters;
                tally.confident += letters;
            }
        }
    }
    tally
}
