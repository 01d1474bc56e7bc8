//! Copies within a batch of issues, as findings of `check` and `clean`.

use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use super::archive::{Archive, Scratch};
use super::fold::Folded;
use super::issues::articles;
use super::load::{Full, read_at};
use super::record::{PairRecord, pair_key};
use super::sketch::Sketch;
use super::{Kind, Pair, pairs};
use crate::batch::Digest;
use crate::dictionary::Dictionaries;
use crate::edit::{Related, Severity};
use crate::messages::say;
use crate::model::Issue;
use crate::places::Places;
use crate::record::{FindingPlace, FindingRecord, hash};
use crate::review::decisions::Decisions;

/// Weight of an article that is looked at: 80 letters, 46 Han characters. Shorter ones are captions, standing notices, signatures.
const LEAST: usize = 320;
/// Copies named with a finding.
const NAMED: usize = 3;

/// What is kept of an article until all issues are done.
#[derive(Clone, Debug)]
pub struct ArticleDigest {
    pub title: String,
    pub path: PathBuf,
    /// 1-based, of its first line.
    pub line: usize,
    pub column: usize,
    /// Bytes of the file as it is on disk.
    pub span: [usize; 2],
    pub sketch: Sketch,
    text: Text,
}

/// A text in memory, or in the temporary file of a run.
#[derive(Clone, Debug)]
enum Text {
    Here(String),
    Spooled { file: Arc<File>, offset: u64, length: usize },
}

/// A temporary file that takes the texts of a run, so that a batch of any size needs no more memory than its sketches.
#[derive(Debug)]
pub struct Spool {
    file: Arc<File>,
    written: u64,
}

impl Spool {
    /// A new temporary file.
    ///
    /// # Errors
    /// Of the file.
    pub fn new() -> io::Result<Spool> {
        Ok(Spool { file: Arc::new(tempfile::tempfile()?), written: 0 })
    }

    /// Moves the texts of an issue's articles out of memory.
    ///
    /// # Errors
    /// Of the file.
    pub fn take(&mut self, articles: &mut [ArticleDigest]) -> io::Result<()> {
        for article in articles {
            if let Text::Here(text) = &article.text {
                let (offset, length) = (self.written, text.len());
                (&*self.file).write_all(text.as_bytes())?;
                self.written += length as u64;
                article.text = Text::Spooled { file: self.file.clone(), offset, length };
            }
        }
        Ok(())
    }
}

impl ArticleDigest {
    /// The articles of an issue as it was read that are long enough to be told from others.
    pub fn of(issue: &Issue) -> Vec<ArticleDigest> {
        let places = Places::new(issue);
        let mut digests = Vec::new();
        for article in articles(issue) {
            let text = article.text(issue);
            let folded = Folded::of(&text);
            if folded.weight() < LEAST {
                continue;
            }
            let place = places.of(&article.span(issue));
            digests.push(ArticleDigest {
                title: article.title,
                path: place.path.to_owned(),
                line: place.line,
                column: place.column,
                span: [place.span.start, place.span.end],
                sketch: Sketch::of(&folded),
                text: Text::Here(text),
            });
        }
        digests
    }

    /// Its text; `None` if the temporary file cannot be read.
    pub fn text(&self) -> Option<String> {
        match &self.text {
            Text::Here(text) => Some(text.clone()),
            Text::Spooled { file, offset, length } => {
                let mut bytes = vec![0; *length];
                read_at(file, &mut bytes, *offset).ok()?;
                String::from_utf8(bytes).ok()
            }
        }
    }

    fn related(&self, role: &'static str) -> Related {
        Related { role, path: self.path.to_string_lossy().into(), line: self.line, text: self.title.as_str().into() }
    }
}

/// Which copies a rule reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Copies of the whole, of a part, or of a stretch: `duplicate-article`.
    Copies,
    /// Copies that stop where a longer one goes on: `truncated-article`.
    Cut,
}

/// All issues of a run as rules see them. Copies are looked for once, when a rule first asks.
pub struct Batch<'a> {
    /// In input order.
    pub digests: &'a [Digest],
    decisions: Option<&'a Decisions>,
    pairs: OnceLock<Vec<Pair>>,
}

impl<'a> Batch<'a> {
    /// The issues in input order, and what people decided about copies.
    pub fn new(digests: &'a [Digest], decisions: Option<&'a Decisions>) -> Batch<'a> {
        Batch { digests, decisions, pairs: OnceLock::new() }
    }

    fn articles(&self) -> Vec<(&'a Digest, &'a ArticleDigest)> {
        self.digests.iter().flat_map(|d| d.articles.iter().map(move |a| (d, a))).collect()
    }

    /// The copies nobody has decided about, in numbers of [`Batch::articles`].
    fn pairs(&self, articles: &[(&Digest, &ArticleDigest)]) -> &[Pair] {
        self.pairs.get_or_init(|| {
            let sketches: Vec<Sketch> = articles.iter().map(|(_, a)| a.sketch.clone()).collect();
            let mut pairs = pairs(&sketches, |number| articles[number as usize].1.text()).pairs;
            pairs.retain(|p| !decided(self.decisions, &pair_key(sketches[p.a as usize].exact, sketches[p.b as usize].exact)));
            pairs
        })
    }
}

/// Nobody is asked again about a pair that somebody has decided.
fn decided(decisions: Option<&Decisions>, key: &str) -> bool {
    decisions.is_some_and(|d| d.pair(key).is_some())
}

/// The findings about copies in a batch: one for each article that has some before it, or is the shorter of two.
pub fn findings(batch: &Batch, wanted: Wanted, rule: &'static str, severity: Severity, out: &mut Vec<FindingRecord>) {
    let articles = batch.articles();
    let pairs = batch.pairs(&articles);
    // Each pair at the article it is reported for: the shorter of a cut pair, the later of any other.
    let mut of: Vec<(u32, u32, &Pair)> = Vec::new();
    for pair in pairs.iter().filter(|p| (p.found.kind == Kind::Truncated) == (wanted == Wanted::Cut)) {
        let units = |t: u32| articles[t as usize].1.sketch.units;
        let first_is_shorter = wanted == Wanted::Cut && units(pair.a) < units(pair.b);
        of.push(if first_is_shorter { (pair.a, pair.b, pair) } else { (pair.b, pair.a, pair) });
    }
    of.sort_by_key(|(at, other, _)| (*at, *other));
    for group in of.chunk_by(|x, y| x.0 == y.0) {
        let (issue, article) = articles[group[0].0 as usize];
        let best = group.iter().min_by(|x, y| x.2.found.kind.cmp(&y.2.found.kind).then(y.2.found.score.total_cmp(&x.2.found.score)));
        let Some(&(_, other, pair)) = best else { continue };
        let other = articles[other as usize].1;
        let mut related = vec![other.related(role(wanted))];
        related.extend(
            group
                .iter()
                .map(|g| articles[g.1 as usize].1)
                .filter(|a| !std::ptr::eq(*a, other))
                .take(NAMED - 1)
                .map(|a| a.related(role(wanted))),
        );
        out.push(FindingRecord {
            kind: "finding",
            v: 1,
            fp: hash(&[&issue.issue, rule, &format!("{:032x}", article.sketch.exact), &format!("{:032x}", other.sketch.exact)]),
            rule,
            severity,
            path: article.path.clone(),
            line: article.line,
            column: article.column,
            places: vec![FindingPlace { path: article.path.clone(), line: article.line, span: article.span }],
            message: message(pair.found.kind, pair.found.error_rate, article, other, group.len()),
            evidence: evidence(pair.found.kind, pair.found.score, pair.found.error_rate),
            related,
        });
    }
}

fn role(wanted: Wanted) -> &'static str {
    if wanted == Wanted::Cut { "longer-copy" } else { "copy" }
}

/// What was found, as evidence.
pub fn evidence(kind: Kind, score: f64, error_rate: f64) -> Vec<String> {
    vec![format!("copy:{}", kind.name()), format!("shared:{score:.3}"), format!("error-rate:{error_rate:.3}")]
}

fn message(kind: Kind, errors: f64, article: &ArticleDigest, other: &ArticleDigest, copies: usize) -> String {
    let place = format!("{}:{}", other.path.display(), other.line);
    let mut more = String::new();
    if errors > 0.0 {
        more += &say("duplicate-article.differ", &[("percent", &format_args!("{:.1}", errors * 100.0))]);
    }
    if copies > 1 {
        more += &say("duplicate-article.copies", &[("n", &(copies + 1))]);
    }
    let key = match kind {
        Kind::Exact => "duplicate-article.exact",
        Kind::Near => "duplicate-article.near",
        Kind::Truncated => "truncated-article.longer-copy",
        Kind::Contained if article.sketch.units > other.sketch.units => "duplicate-article.this-longer",
        Kind::Contained => "duplicate-article.that-longer",
        Kind::Overlap => "duplicate-article.overlap",
    };
    say(key, &[("place", &place), ("more", &more)])
}

/// The findings about copies in the archive: one for each article and rule that `runs`.
pub fn archive_findings(
    batch: &Batch,
    archive: &Archive,
    dictionaries: &Dictionaries,
    runs: impl Fn(&str) -> bool,
    out: &mut Vec<FindingRecord>,
) {
    let articles = batch.articles();
    let copies: Vec<Vec<PairRecord>> = articles
        .par_iter()
        .map_init(Scratch::default, |scratch, (_, article)| {
            let Some(text) = article.text() else { return Vec::new() };
            let path = std::path::absolute(&article.path).unwrap_or_else(|_| article.path.clone());
            let full = Full { text, path: path.to_string_lossy().into_owned(), line: article.line as u64, ..Full::default() };
            let mut copies = archive.copies("", &article.sketch, &full, scratch, dictionaries);
            // The batch itself may have been added already.
            copies.retain(|c| (c.place_b.path != full.path || c.place_b.line != full.line) && !decided(batch.decisions, &c.fp));
            copies
        })
        .collect();
    for ((issue, article), copies) in articles.iter().zip(&copies) {
        for (rule, cut) in [("truncated-article", true), ("duplicate-article", false)].into_iter().filter(|(rule, _)| runs(rule)) {
            let is_cut = |c: &PairRecord| c.kind == Kind::Truncated && c.longer == Some("b");
            let of_rule: Vec<&PairRecord> = copies.iter().filter(|c| is_cut(c) == cut).collect();
            let Some(best) = of_rule.iter().min_by(|x, y| x.kind.cmp(&y.kind).then(y.score.total_cmp(&x.score))) else { continue };
            let related = |c: &PairRecord| Related {
                role: if cut { "longer-copy" } else { "copy" },
                path: c.place_b.path.as_str().into(),
                line: c.place_b.line as usize,
                text: c.place_b.title.as_deref().unwrap_or(&c.b).into(),
            };
            let mut found = evidence(best.kind, best.score, best.error_rate);
            found.push(format!("archive:{}", best.b));
            found.extend(best.estimated.then(|| "estimated".to_string()));
            out.push(FindingRecord {
                kind: "finding",
                v: 1,
                fp: hash(&[&issue.issue, rule, &best.fp]),
                rule,
                severity: Severity::Warning,
                path: article.path.clone(),
                line: article.line,
                column: article.column,
                places: vec![FindingPlace { path: article.path.clone(), line: article.line, span: article.span }],
                message: in_archive(best, cut),
                evidence: found,
                related: of_rule.iter().take(NAMED).map(|c| related(c)).collect(),
            });
        }
    }
}

fn in_archive(copy: &PairRecord, cut: bool) -> String {
    let key = match copy.kind {
        _ if cut => "truncated-article.archive",
        Kind::Exact => "duplicate-article.archive-exact",
        Kind::Near => "duplicate-article.archive-near",
        Kind::Truncated => "duplicate-article.archive-truncated",
        Kind::Contained => "duplicate-article.archive-contained",
        Kind::Overlap => "duplicate-article.archive-overlap",
    };
    let estimated = if copy.estimated && !cut { say("duplicate-article.estimated", &[]) } else { String::new() };
    say(key, &[("copy", &copy.b)]) + &estimated
}
