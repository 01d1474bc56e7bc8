//! Articles, one JSON object a line (schema version 1).

use std::io::{self, Write};

use serde::Serialize;

use crate::articles::{Article, Break, ReadingText, Status};
use crate::dictionary::Dictionaries;
use crate::model::{Issue, Language, Role, Span};
use crate::pipeline::Processed;
use crate::places::Places;
use crate::quality::{IssueQuality, Parts};

/// One article as it is exported. Lines are 1-based lines of the files as they are on disk, pages are numbered as they are printed.
#[derive(Clone, Debug, Serialize)]
pub struct ArticleRecord<'a> {
    pub kind: &'static str,
    pub v: u8,
    /// The issue and the number of the article in it.
    pub id: String,
    pub issue: &'a str,
    /// ISO 8601, of the issue's running heads; empty where none has one.
    pub date: String,
    /// The page it starts on.
    pub page: u32,
    /// Headline lines, a space between them; empty for an article without one.
    pub title: String,
    pub kicker: String,
    pub deck: String,
    /// The series or campaign it stands under (栏题).
    pub banner: String,
    pub byline: String,
    pub captions: Vec<&'a str>,
    pub lang: &'static str,
    /// The reading text: paragraphs, `\n` between them.
    pub text: String,
    pub parts: Vec<PartRecord>,
    /// Where the printed text was broken, in bytes of `text`.
    pub breaks: Vec<Break>,
    pub status: Status,
    /// The estimated share of right characters, 0 to 1; `null` for too little text.
    pub quality: Option<f64>,
    /// What the quality is made of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quality_parts: Option<Parts>,
}

/// The stretch of an article on one page.
#[derive(Clone, Debug, Serialize)]
pub struct PartRecord {
    pub path: String,
    pub page: u32,
    pub first_line: usize,
    pub last_line: usize,
}

/// Writes the articles of an issue in the order of their first lines.
///
/// # Errors
/// Those of `out`.
pub fn write(out: &mut impl Write, processed: &Processed) -> io::Result<()> {
    for record in records(processed) {
        serde_json::to_writer(&mut *out, &record)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// The records of an issue.
pub fn records(processed: &Processed) -> Vec<ArticleRecord<'_>> {
    let (issue, articles) = (&*processed.clean, &*processed.articles);
    let places = Places::new(&processed.read);
    let of = |span: Span| places.of(&processed.map.to_old(span));
    let date = articles.pages.iter().find_map(|p| p.date).map(|(y, m, d)| format!("{y:04}-{m:02}-{d:02}")).unwrap_or_default();
    let dictionaries = Dictionaries::builtin();
    let record = |(number, article): (usize, &Article)| {
        let reading = ReadingText::of(article, issue, &processed.read, &processed.map);
        let role = |role: Role| {
            let lines: Vec<&str> = article.with_role(issue, role).map(|l| issue.line_text(l).trim()).collect();
            lines.join(" ")
        };
        let parts = article.parts.iter().filter_map(|part| {
            let (first, last) = (&issue.lines[*part.lines.first()?].span, &issue.lines[*part.lines.last()?].span);
            let place = of(first.clone());
            // The last character: a line that was put together ends on another line of the file than it starts.
            let tail = issue.text[last.clone()].char_indices().next_back().map_or(0, |(at, _)| at);
            let end = of(last.start + tail..last.end).line;
            let page = articles.pages[part.page].number;
            Some(PartRecord { path: place.path.to_string_lossy().into_owned(), page, first_line: place.line, last_line: end })
        });
        let parts: Vec<PartRecord> = parts.collect();
        let status = articles.status(issue, number);
        let measured = IssueQuality::of_article(issue, article, &dictionaries);
        ArticleRecord {
            kind: "article",
            v: 1,
            id: format!("{}#a{}", processed.read.id, number + 1),
            issue: &processed.read.id,
            date: date.clone(),
            page: parts.first().map_or(0, |p| p.page),
            title: role(Role::Headline),
            kicker: role(Role::Kicker),
            deck: role(Role::Deck),
            banner: role(Role::Banner),
            byline: byline(issue, article),
            captions: article.with_role(issue, Role::Caption).map(|l| issue.line_text(l).trim()).collect(),
            lang: language(issue, article).code(),
            text: reading.text,
            parts,
            breaks: reading.breaks,
            status,
            quality: measured.score().map(|s| (f64::from(s) * 1e3).round() / 1e3),
            quality_parts: measured.score().map(|_| measured.parts()),
        }
    };
    articles.list.iter().enumerate().map(record).collect()
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
