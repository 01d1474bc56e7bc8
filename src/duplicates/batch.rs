//! Copies within a batch of issues, as findings of `check` and `clean`.

use std::io;
use std::path::PathBuf;
use std::sync::OnceLock;

use rayon::prelude::*;

use super::archive::{Archive, Scratch};
use super::fold::Folded;
use super::issues::articles;
use super::join::Sketches;
use super::load::Full;
use super::marks::Marks;
use super::record::{PairRecord, pair_key};
use super::sketch::Sketch;
use super::{Copies, Kind, Pair, compare};
use crate::batch::{Digest, Digests};
use crate::dictionary::Dictionaries;
use crate::edit::{Related, Severity};
use crate::messages::say;
use crate::model::Issue;
use crate::pack::{self, Unpack, bytes_of};
use crate::places::Places;
use crate::record::{FindingPlace, FindingRecord, hash};
use crate::review::decisions::Decisions;
use crate::spool::Spool;

/// Weight of an article that is looked at: 80 letters, 46 Han characters. Shorter ones are captions, standing notices, signatures.
const LEAST: usize = 320;
/// Copies named with a finding.
const NAMED: usize = 3;
/// Articles that are looked for in an archive at a time.
const AT_A_TIME: u32 = 1 << 14;

/// What is told of an article that has copies.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ArticleDigest {
    /// The name of its issue.
    pub issue: String,
    pub title: String,
    pub path: PathBuf,
    /// 1-based, of its first line.
    pub line: usize,
    pub column: usize,
    /// Bytes of the file as it is on disk.
    pub span: [usize; 2],
    pub text: String,
}

impl ArticleDigest {
    /// The articles of an issue as it was read that are long enough to be told from others, with their sketches and marks.
    pub fn of(issue: &Issue) -> Vec<(ArticleDigest, Sketch, Marks)> {
        let places = Places::new(issue);
        let mut digests = Vec::new();
        for article in articles(issue) {
            let text = article.text(issue);
            let folded = Folded::of(&text);
            if folded.weight() < LEAST {
                continue;
            }
            let place = places.of(&article.span(issue));
            let digest = ArticleDigest {
                issue: issue.id.clone(),
                title: article.title,
                path: place.path.to_owned(),
                line: place.line,
                column: place.column,
                span: [place.span.start, place.span.end],
                text,
            };
            let marks = Marks::of(&folded);
            digests.push((digest, Sketch::with(&folded, &marks), marks));
        }
        digests
    }

    fn packed(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        pack::text(&mut bytes, self.text.as_bytes());
        pack::text(&mut bytes, self.issue.as_bytes());
        pack::text(&mut bytes, self.title.as_bytes());
        pack::text(&mut bytes, bytes_of(&self.path));
        [self.line, self.column, self.span[0], self.span[1]].iter().for_each(|n| pack::number(&mut bytes, *n));
        bytes
    }

    fn unpacked(bytes: &[u8]) -> ArticleDigest {
        let mut bytes = Unpack(bytes);
        ArticleDigest {
            text: bytes.string(),
            issue: bytes.string(),
            title: bytes.string(),
            path: bytes.path(),
            line: bytes.number(),
            column: bytes.number(),
            span: [bytes.number(), bytes.number()],
        }
    }

    fn related(&self, role: &'static str) -> Related {
        Related { role, path: self.path.to_string_lossy().into(), line: self.line, text: self.title.as_str().into() }
    }
}

/// The articles of a run: their texts and places wait in a temporary file.
pub struct Articles {
    spool: Spool,
    /// Where each begins in the file.
    at: Vec<u64>,
    /// The marks of each in another one, and where they begin: they are asked for much more often.
    marks: Spool,
    marks_at: Vec<u64>,
    sketches: Sketches,
}

impl Articles {
    fn new() -> io::Result<Articles> {
        Ok(Articles { spool: Spool::new()?, at: Vec::new(), marks: Spool::new()?, marks_at: Vec::new(), sketches: Sketches::new()? })
    }

    fn add(&mut self, article: &ArticleDigest, sketch: &Sketch, marks: &Marks) -> io::Result<()> {
        self.at.push(self.spool.add(&article.packed())?);
        self.marks_at.push(self.marks.add(&marks.packed())?);
        self.sketches.add(sketch)
    }

    /// How many there are.
    pub fn len(&self) -> u32 {
        self.at.len() as u32
    }

    /// There is none.
    pub fn is_empty(&self) -> bool {
        self.at.is_empty()
    }

    /// An article by its number in input order; `None` if the temporary file cannot be read.
    pub fn get(&self, number: u32) -> Option<ArticleDigest> {
        Some(ArticleDigest::unpacked(&packed(&self.spool, &self.at, number)?))
    }

    /// Its text alone, as candidates are read again and again.
    fn text(&self, number: u32) -> Option<String> {
        Some(Unpack(&packed(&self.spool, &self.at, number)?).string())
    }

    /// Its marks.
    fn marks(&self, number: u32) -> Option<Marks> {
        Some(Marks::unpacked(&packed(&self.marks, &self.marks_at, number)?))
    }

    /// The hash of an article's folded text, by which pairs are decided.
    pub fn exact(&self, number: u32) -> u128 {
        self.sketches.briefs[number as usize].exact
    }

    fn units(&self, number: u32) -> u32 {
        self.sketches.briefs[number as usize].units
    }
}

/// What a file has of an article; `at` is where that of each begins.
fn packed(spool: &Spool, at: &[u64], number: u32) -> Option<Vec<u8>> {
    let number = number as usize;
    let (from, end) = (at[number], at.get(number + 1).copied().unwrap_or(spool.len()));
    spool.read(from, (end - from) as usize).ok()
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
    /// Those that rules about issues have something to say of, in input order.
    pub digests: Vec<Digest>,
    pub articles: Articles,
    taken: Digests,
    decisions: Option<&'a Decisions>,
    copies: OnceLock<io::Result<Copies>>,
}

impl<'a> Batch<'a> {
    /// A batch without issues, and what people decided about copies.
    ///
    /// # Errors
    /// Of a temporary file.
    pub fn new(decisions: Option<&'a Decisions>) -> io::Result<Batch<'a>> {
        let (articles, taken) = (Articles::new()?, Digests::new()?);
        Ok(Batch { digests: Vec::new(), articles, taken, decisions, copies: OnceLock::new() })
    }

    /// Takes the next issue.
    ///
    /// # Errors
    /// Of a temporary file.
    pub fn take(&mut self, digest: &Digest) -> io::Result<()> {
        digest.articles.iter().try_for_each(|(article, sketch, marks)| self.articles.add(article, sketch, marks))?;
        self.taken.add(digest)
    }

    /// After the last issue, before rules look.
    ///
    /// # Errors
    /// Of a temporary file.
    pub fn complete(&mut self) -> io::Result<()> {
        self.digests = self.taken.told()?;
        Ok(())
    }

    /// The copies nobody has decided about.
    fn pairs(&self) -> &[Pair] {
        let copies = self.copies.get_or_init(|| {
            let (text, marks) = (|number| self.articles.text(number), |number| self.articles.marks(number));
            let mut copies = self.articles.sketches.pairs(|b, candidates| compare(b, candidates, text, marks))?;
            copies.pairs.retain(|p| !decided(self.decisions, &pair_key(self.articles.exact(p.a), self.articles.exact(p.b))));
            Ok(copies)
        });
        copies.as_ref().map_or(&[], |copies| &copies.pairs)
    }

    /// Likely pairs of copies that were not compared, as far as anybody asked for copies.
    ///
    /// # Errors
    /// Of the temporary file the copies were looked for in.
    pub fn left_out(self) -> io::Result<usize> {
        self.copies.into_inner().map_or(Ok(0), |copies| Ok(copies?.left_out))
    }
}

/// Nobody is asked again about a pair that somebody has decided.
fn decided(decisions: Option<&Decisions>, key: &str) -> bool {
    decisions.is_some_and(|d| d.pair(key).is_some())
}

/// The findings about copies in a batch: one for each article that has some before it, or is the shorter of two.
pub fn findings(batch: &Batch, wanted: Wanted, rule: &'static str, severity: Severity, out: &mut Vec<FindingRecord>) {
    let articles = &batch.articles;
    // Each pair at the article it is reported for: the shorter of a cut pair, the later of any other.
    let mut of: Vec<(u32, u32, &Pair)> = Vec::new();
    for pair in batch.pairs().iter().filter(|p| (p.found.kind == Kind::Truncated) == (wanted == Wanted::Cut)) {
        let first_is_shorter = wanted == Wanted::Cut && articles.units(pair.a) < articles.units(pair.b);
        of.push(if first_is_shorter { (pair.a, pair.b, pair) } else { (pair.b, pair.a, pair) });
    }
    of.sort_by_key(|(at, other, _)| (*at, *other));
    for group in of.chunk_by(|x, y| x.0 == y.0) {
        let best = group.iter().min_by(|x, y| x.2.found.kind.cmp(&y.2.found.kind).then(y.2.found.score.total_cmp(&x.2.found.score)));
        let Some(&(at, of_best, pair)) = best else { continue };
        let (Some(article), Some(other)) = (articles.get(at), articles.get(of_best)) else { continue };
        let others = group.iter().map(|g| g.1).filter(|g| *g != of_best).take(NAMED - 1).filter_map(|g| articles.get(g));
        let related = std::iter::once(other.related(role(wanted))).chain(others.map(|a| a.related(role(wanted)))).collect();
        let longer = articles.units(at) > articles.units(of_best);
        let message = message(pair.found.kind, pair.found.error_rate, longer, &other, group.len());
        let [exact, of_other] = [at, of_best].map(|n| format!("{:032x}", articles.exact(n)));
        out.push(FindingRecord {
            kind: "finding",
            v: 1,
            fp: hash(&[&article.issue, rule, &exact, &of_other]),
            rule,
            severity,
            path: article.path.clone(),
            line: article.line,
            column: article.column,
            places: vec![FindingPlace { path: article.path.clone(), line: article.line, span: article.span }],
            message,
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

/// `longer`: the article itself is longer than the other.
fn message(kind: Kind, errors: f64, longer: bool, other: &ArticleDigest, copies: usize) -> String {
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
        Kind::Contained if longer => "duplicate-article.this-longer",
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
    runs: impl Fn(&str) -> bool + Sync,
    out: &mut Vec<FindingRecord>,
) {
    // A stretch of articles at a time: what is found is kept, not the texts.
    for from in (0..batch.articles.len()).step_by(AT_A_TIME as usize) {
        let some = from..batch.articles.len().min(from + AT_A_TIME);
        let copies: Vec<Option<(ArticleDigest, Vec<PairRecord>)>> = some
            .into_par_iter()
            .map_init(Scratch::default, |scratch, number| {
                let mut article = batch.articles.get(number)?;
                let path = std::path::absolute(&article.path).unwrap_or_else(|_| article.path.clone());
                let text = std::mem::take(&mut article.text);
                let sketch = Sketch::of(&Folded::of(&text));
                let full = Full { text, path: path.to_string_lossy().into_owned(), line: article.line as u64, ..Full::default() };
                let mut copies = archive.copies("", &sketch, &full, scratch, dictionaries);
                // The batch itself may have been added already.
                copies.retain(|c| (c.place_b.path != full.path || c.place_b.line != full.line) && !decided(batch.decisions, &c.fp));
                (!copies.is_empty()).then_some((article, copies))
            })
            .collect();
        copies.iter().flatten().for_each(|(article, copies)| found_in_archive(article, copies, &runs, out));
    }
}

/// The findings about one article.
fn found_in_archive(article: &ArticleDigest, copies: &[PairRecord], runs: &impl Fn(&str) -> bool, out: &mut Vec<FindingRecord>) {
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
            fp: hash(&[&article.issue, rule, &best.fp]),
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
