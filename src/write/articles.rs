//! Articles and pages as they are exported (schema version 1): JSON Lines, and what the other targets are made of.

use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use crate::articles::{Article, Break, Part, ReadingText, Status};
use crate::dictionary::Dictionaries;
use crate::model::{Issue, Language, Role, Span};
use crate::pipeline::Processed;
use crate::places::Places;
use crate::quality::{IssueQuality, Parts};
use crate::write::export::Links;

/// What one record is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Unit {
    /// An article, over all its pages.
    #[default]
    Article,
    /// A page: all that stands on it, running heads and folios aside.
    Page,
}

/// One article or page as it is exported. Lines are 1-based lines of the files as they are on disk, pages are numbered as they are printed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ArticleRecord {
    /// `article` or `page`.
    pub kind: String,
    pub v: u8,
    /// The issue and the number of the article (`#a1`) or page (`#p1`) in it.
    pub id: String,
    pub issue: String,
    /// ISO 8601, of the issue's running heads; empty where none has one.
    pub date: String,
    /// The page it starts on.
    pub page: u32,
    /// Headline lines, a space between them; empty for an article without one, and for a page.
    pub title: String,
    pub kicker: String,
    pub deck: String,
    /// The series or campaign it stands under (栏题).
    pub banner: String,
    pub byline: String,
    pub captions: Vec<String>,
    pub lang: String,
    /// The reading text: paragraphs, `\n` between them.
    pub text: String,
    pub parts: Vec<PartRecord>,
    /// Where the printed text was broken, in bytes of `text`.
    pub breaks: Vec<Break>,
    /// Words with a box: from, to (bytes of `text`), `page#node`. Left out where the input has no boxes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tokens: Vec<(usize, usize, String)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub boxes: Vec<BoxRecord>,
    /// `complete`, `truncated`, `jump-paired`, `jump-unmatched`, `duplicate`.
    pub status: String,
    /// The estimated share of right characters, 0 to 1; `null` for too little text.
    pub quality: Option<f64>,
    /// What the quality is made of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quality_parts: Option<Parts>,
}

/// The stretch of an article on one page.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PartRecord {
    pub path: String,
    pub page: u32,
    pub first_line: usize,
    pub last_line: usize,
    /// The region of the image it stands in, where `[export] iiif-base` is set and the input has boxes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iiif: Option<String>,
}

/// A box of the scan that a word of the text stands in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BoxRecord {
    /// As tokens name it: the number of the page and the id of the element of the file, or the count of the word on the page where it has none.
    pub node: String,
    /// x, y, width, height in pixels, or in the unit of the page where its resolution is not known.
    pub rect: [f32; 4],
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iiif: Option<String>,
}

/// A record and what it was made from.
#[derive(Debug)]
pub struct Exported {
    pub record: ArticleRecord,
    pub reading: ReadingText,
}

/// Writes records, one a line.
///
/// # Errors
/// Those of `out`.
pub fn write(out: &mut impl Write, records: &[Exported]) -> io::Result<()> {
    for exported in records {
        serde_json::to_writer(&mut *out, &exported.record)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// The records of an issue.
pub fn records(processed: &Processed, unit: Unit, links: &Links) -> Vec<Exported> {
    let places = Places::new(&processed.read);
    let date = processed.articles.pages.iter().find_map(|p| p.date);
    let dictionaries = Dictionaries::builtin();
    let made =
        Made { processed, places, links, dictionaries, date: date.map(|(y, m, d)| format!("{y:04}-{m:02}-{d:02}")).unwrap_or_default() };
    match unit {
        Unit::Article => processed.articles.list.iter().enumerate().map(|(number, article)| made.article(number, article)).collect(),
        Unit::Page => (0..processed.clean.pages.len()).filter_map(|page| made.page(page)).collect(),
    }
}

/// What all records of an issue share.
struct Made<'a> {
    processed: &'a Processed,
    places: Places<'a>,
    links: &'a Links,
    dictionaries: Dictionaries,
    date: String,
}

impl Made<'_> {
    fn article(&self, number: usize, article: &Article) -> Exported {
        let (issue, articles) = (&*self.processed.clean, &*self.processed.articles);
        let reading = ReadingText::of(article, issue, &self.processed.read, &self.processed.map);
        let role = |role: Role| {
            let lines: Vec<&str> = article.with_role(issue, role).map(|l| issue.line_text(l).trim()).collect();
            lines.join(" ")
        };
        let status = articles.status(issue, number);
        let mut record = self.record(&format!("a{}", number + 1), article, reading.text.clone(), reading.breaks.clone(), status);
        record.kind = "article".into();
        record.title = role(Role::Headline);
        if record.title.is_empty() {
            record.title = article.label.to_string();
        }
        record.kicker = role(Role::Kicker);
        record.deck = role(Role::Deck);
        record.banner = role(Role::Banner);
        record.byline = byline(issue, article);
        record.captions = article.with_role(issue, Role::Caption).map(|l| issue.line_text(l).trim().to_owned()).collect();
        self.links.add(&mut record, &reading, article, self.processed);
        Exported { record, reading }
    }

    /// A page that holds nothing but furniture, or nothing, is a record all the same: pages are counted.
    fn page(&self, page: usize) -> Option<Exported> {
        let (issue, articles) = (&*self.processed.clean, &*self.processed.articles);
        let reading = ReadingText::of_page(page, issue, &self.processed.read, &self.processed.map);
        let on_page = |l: &usize| issue.lines[*l].page as usize == page && !issue.lines[*l].role.is_furniture();
        let lines = (0..issue.lines.len()).filter(on_page).collect();
        let status = if articles.is_copy(page) { Status::Duplicate } else { Status::Complete };
        let whole = Article { parts: vec![Part { page, lines, to: None, from: None }], status, label: Default::default() };
        let mut record = self.record(&format!("p{}", page + 1), &whole, reading.text.clone(), reading.breaks.clone(), status);
        record.kind = "page".into();
        record.page = articles.pages.get(page)?.number;
        self.links.add(&mut record, &reading, &whole, self.processed);
        Some(Exported { record, reading })
    }

    fn record(&self, number: &str, article: &Article, text: String, breaks: Vec<Break>, status: Status) -> ArticleRecord {
        let (issue, articles) = (&*self.processed.clean, &*self.processed.articles);
        let of = |span: Span| self.places.of(&self.processed.map.to_old(span));
        let parts = article.parts.iter().filter_map(|part| {
            let (first, last) = (&issue.lines[*part.lines.first()?].span, &issue.lines[*part.lines.last()?].span);
            let place = of(first.clone());
            // The last character: a line that was put together ends on another line of the file than it starts.
            let tail = issue.text[last.clone()].char_indices().next_back().map_or(0, |(at, _)| at);
            let end = of(last.start + tail..last.end).line;
            let page = articles.pages[part.page].number;
            let path = place.path.to_string_lossy().into_owned();
            Some(PartRecord { path, page, first_line: place.line, last_line: end, iiif: None })
        });
        let parts: Vec<PartRecord> = parts.collect();
        let measured = IssueQuality::of_article(issue, article, &self.dictionaries);
        ArticleRecord {
            kind: String::new(),
            v: 1,
            id: format!("{}#{number}", self.processed.read.id),
            issue: self.processed.read.id.clone(),
            date: self.date.clone(),
            page: parts.first().map_or(0, |p| p.page),
            title: String::new(),
            kicker: String::new(),
            deck: String::new(),
            banner: String::new(),
            byline: String::new(),
            captions: Vec::new(),
            lang: language(issue, article).code().into(),
            text,
            parts,
            breaks,
            tokens: Vec::new(),
            boxes: Vec::new(),
            status: status.name().into(),
            quality: measured.score().map(|s| (f64::from(s) * 1e3).round() / 1e3),
            quality_parts: measured.score().map(|_| measured.parts()),
        }
    }
}

/// A byline of its own, or the one that opens the text: 本报讯（记者 赖小兰）.
fn byline(issue: &Issue, article: &Article) -> String {
    if let Some(line) = article.with_role(issue, Role::Byline).next() {
        return issue.line_text(line).trim().to_string();
    }
    let first = article.with_role(issue, Role::Body).next().map(|l| issue.line_text(l).trim()).unwrap_or_default();
    crate::structure::opening_byline(first).to_string()
}

/// The language most of the article's text is in; the first of the commonest.
fn language(issue: &Issue, article: &Article) -> Language {
    let mut bytes = [0usize; Language::ALL.len()];
    for line in article.lines() {
        let language = issue.line_language(line);
        if let Some(at) = Language::ALL.iter().position(|l| *l == language) {
            bytes[at] += issue.lines[line].span.len();
        }
    }
    let most = bytes.iter().copied().max().unwrap_or(0);
    bytes.iter().position(|b| *b == most).map_or(Language::Unknown, |at| Language::ALL[at])
}
