//! Articles over pages: blocks are grouped by their roles, halves that jump lines part are paired.
//!
//! Nothing here edits. The text is the repaired one: a paragraph that a column end cut in two is one line by then, so what still
//! stops inside a sentence was not put together by anyone.

mod copies;
mod named;
mod pair;
mod text;

use compact_str::CompactString;

use crate::characters::is_alphanumeric;
use crate::edit::SourceMap;
use crate::model::{Issue, Role, Span};
use crate::structure::{Jump, JumpDirection, PageFacts, final_mark, jump_line, opens_with_byline, page_facts, title_like};

pub use copies::{Copy, copies};
pub use named::name_roles;
pub use text::{Break, BreakKind, Hyphen, Piece, ReadingText, SPLIT_SIGNS};

/// What an article is known to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Nothing says that text is missing.
    Complete,
    /// Its text stops inside a sentence.
    Truncated,
    /// It goes on on another page, and that half is among the parts.
    JumpPaired,
    /// A jump line leads on or back, and nothing answers it.
    JumpUnmatched,
    /// It stands on a page that was scanned twice; the first copy is an article of its own.
    Duplicate,
}

impl Status {
    /// As exports write it.
    pub fn name(self) -> &'static str {
        match self {
            Status::Complete => "complete",
            Status::Truncated => "truncated",
            Status::JumpPaired => "jump-paired",
            Status::JumpUnmatched => "jump-unmatched",
            Status::Duplicate => "duplicate",
        }
    }
}

/// The lines of an article on one page.
#[derive(Clone, Debug)]
pub struct Part {
    /// Index into [`Issue::pages`].
    pub page: usize,
    /// Indices into [`Issue::lines`], ascending; page furniture is left out.
    pub lines: Vec<usize>,
    /// The jump line that leads on, if any.
    pub to: Option<JumpAt>,
    /// The jump line that leads back, if any.
    pub from: Option<JumpAt>,
}

/// A jump line where it stands.
#[derive(Clone, Debug)]
pub struct JumpAt {
    /// The page it names; `None` leads to another issue.
    pub names: Option<u32>,
    /// In [`Issue::text`].
    pub span: Span,
}

/// One article.
#[derive(Clone, Debug)]
pub struct Article {
    /// In reading order: the half a jump line leads to comes after the half with that line.
    pub parts: Vec<Part>,
    pub status: Status,
    /// What METS calls it; empty where nothing does.
    pub label: CompactString,
}

/// A jump line that nothing answers.
#[derive(Clone, Debug)]
pub struct Unmatched {
    pub direction: JumpDirection,
    /// The page it stands on, as pages are numbered.
    pub on: u32,
    /// The page it names.
    pub names: u32,
    pub span: Span,
    /// The first line of the half that comes nearest, an index into [`Issue::lines`].
    pub nearest: Option<usize>,
}

/// The articles of an issue and what was seen on the way.
#[derive(Clone, Debug, Default)]
pub struct Articles {
    /// In the order of their first lines.
    pub list: Vec<Article>,
    /// One for each page.
    pub pages: Vec<PageFacts>,
    /// Pages that were scanned twice.
    pub copies: Vec<Copy>,
    /// In text order.
    pub unmatched: Vec<Unmatched>,
}

impl Articles {
    /// Groups the lines of an issue: those of articles that METS names as it says, the rest by their roles. `map` leads back to the text as
    /// it was read.
    pub fn of(issue: &Issue, map: &SourceMap) -> Articles {
        let pages = page_facts(issue);
        let copies = copies(issue);
        let named = &issue.ocr.articles;
        let assigned = named::assigned(issue, named, map);
        let pieces = pieces(issue, &copies, &assigned);
        let mut articles = pair::pair(issue, pages, copies, pieces);
        if !named.is_empty() {
            articles.list.extend(named::articles(issue, named, &assigned));
            articles.list.sort_by_key(|a| a.lines().next());
        }
        articles
    }

    /// Whether a page repeats one before it.
    pub fn is_copy(&self, page: usize) -> bool {
        self.copies.iter().any(|c| c.page == page)
    }
}

impl Article {
    /// All lines of the article.
    pub fn lines(&self) -> impl DoubleEndedIterator<Item = usize> + '_ {
        self.parts.iter().flat_map(|p| p.lines.iter().copied())
    }

    /// The lines with a role, in order.
    pub fn with_role<'a>(&'a self, issue: &'a Issue, role: Role) -> impl Iterator<Item = usize> + 'a {
        self.lines().filter(move |l| issue.lines[*l].role == role)
    }

    /// The last line of running text.
    pub fn last_body(&self, issue: &Issue) -> Option<usize> {
        self.lines().rev().find(|l| !matches!(issue.lines[*l].role, Role::JumpLine | Role::Caption))
    }
}

/// A title line, or a line of what stands over and under it.
fn is_title(role: Role) -> bool {
    matches!(role, Role::Headline | Role::Kicker | Role::Deck)
}

/// Gives the role of a headline to title-like blocks between a finished article and running text. Before the repair such a block might
/// have been the rest of a paragraph; now it is none.
pub fn late_titles(issue: &mut Issue) {
    let regions: Vec<usize> =
        (0..issue.regions.len()).filter(|&r| !issue.lines[issue.regions[r].lines.clone()].iter().all(|l| l.role.is_furniture())).collect();
    for (i, &region) in regions.iter().enumerate() {
        let lines = issue.regions[region].lines.clone();
        if lines.len() != 1 || issue.lines[lines.start].role != Role::Body || !title_like(issue, region) {
            continue;
        }
        let text = issue.line_text(lines.start).trim();
        if text.chars().count() < 5 || text.ends_with('）') && !text.contains('（') {
            continue;
        }
        let Some(&below) = regions.get(i + 1) else { continue };
        let below_line = issue.regions[below].lines.start;
        let same_page = issue.regions[below].page == issue.regions[region].page;
        if !same_page || issue.lines[below_line].role != Role::Body && issue.lines[below_line].role != Role::Byline {
            continue;
        }
        let below_text = issue.line_text(below_line).trim_start();
        // The text under a title is a paragraph, or says from where it goes on.
        let paragraph = below_text.chars().filter(|c| is_alphanumeric(*c)).nth(11).is_some()
            || jump_line(below_text).is_some()
            || opens_with_byline(below_text);
        let open = i > 0 && issue.regions[regions[i - 1]].page == issue.regions[region].page && {
            let before = issue.regions[regions[i - 1]].lines.end - 1;
            let text = issue.line_text(before);
            issue.lines[before].role == Role::Body && !final_mark(text) && jump_line(text).is_none()
        };
        let first_of_page = i == 0 || issue.regions[regions[i - 1]].page != issue.regions[region].page;
        let told_again = || retold(text, below_text) >= if open { 0.3 } else { 0.2 };
        if paragraph && (first_of_page || opens_with_byline(below_text) || told_again()) {
            issue.lines[lines.start].role = Role::Headline;
            issue.regions[region].role = Role::Headline;
        }
    }
}

/// Share of the title's character pairs that the text has again, 0 to 1.
fn retold(title: &str, text: &str) -> f32 {
    let head: String = text.chars().take(300).filter(|c| is_alphanumeric(*c)).collect();
    let letters: Vec<char> = title.chars().filter(|c| is_alphanumeric(*c)).collect();
    let told = letters.windows(2).filter(|w| head.contains(&w.iter().collect::<String>())).count();
    told as f32 / letters.len().saturating_sub(1).max(1) as f32
}

/// The lines of the issue in pieces: each an article, or the half of one that stands on a page.
fn pieces(issue: &Issue, copies: &[Copy], named: &[Option<(usize, usize)>]) -> Vec<Article> {
    let mut pieces: Vec<Article> = Vec::new();
    let mut before: Option<usize> = None;
    for (index, line) in issue.lines.iter().enumerate().filter(|(i, l)| !l.role.is_furniture() && named[*i].is_none()) {
        let page = line.page as usize;
        let text = issue.line_text(index);
        let jump = jump_line(text).filter(|_| matches!(line.role, Role::Body | Role::JumpLine));
        let starts = match (pieces.last(), before) {
            (Some(piece), Some(before)) => starts_article(issue, piece, before, index, jump.as_ref()),
            _ => true,
        };
        if starts {
            let status = if copies.iter().any(|c| c.page == page) { Status::Duplicate } else { Status::Complete };
            pieces.push(Article { parts: Vec::new(), status, label: CompactString::default() });
        }
        if let Some(piece) = pieces.last_mut() {
            if piece.parts.last().is_none_or(|p| p.page != page) {
                piece.parts.push(Part { page, lines: Vec::new(), to: None, from: None });
            }
            if let Some(part) = piece.parts.last_mut() {
                part.lines.push(index);
                if let Some(jump) = jump {
                    let span = line.span.start + jump.span.start..line.span.start + jump.span.end;
                    let at = Some(JumpAt { names: jump.page, span });
                    match jump.direction {
                        JumpDirection::To => part.to = at,
                        JumpDirection::From => part.from = part.from.take().or(at),
                    }
                }
            }
        }
        before = Some(index);
    }
    pieces
}

/// Whether a line opens an article; `before` is the line before it, the last of `piece`.
fn starts_article(issue: &Issue, piece: &Article, before: usize, index: usize, jump: Option<&Jump>) -> bool {
    let (role, role_before) = (issue.lines[index].role, issue.lines[before].role);
    let turned = issue.lines[index].page != issue.lines[before].page;
    let titled = |role| is_title(role) || role == Role::Banner;
    if titled(role) {
        // A banner after a headline belongs to the next article; titles follow each other within one.
        return turned || !titled(role_before) || role == Role::Banner && role_before != Role::Banner;
    }
    let has_text = piece.lines().any(|l| !titled(issue.lines[l].role) && issue.lines[l].role != Role::Byline);
    let leads_back = jump.is_some_and(|j| j.direction == JumpDirection::From && j.span.start < 4);
    if leads_back {
        return turned || has_text || role_before == Role::Byline;
    }
    let part = piece.parts.last();
    // After the line that leads on, nothing of the article follows on the page.
    if part.is_some_and(|p| p.to.as_ref().is_some_and(|to| to.names.is_some())) && !matches!(role, Role::Caption | Role::JumpLine) {
        return true;
    }
    let ended = final_mark(issue.line_text(before)) || matches!(role_before, Role::Caption | Role::JumpLine | Role::List | Role::Verse);
    if turned {
        return ended || part.is_some_and(|p| p.to.is_some());
    }
    has_text && ended && role == Role::Body && opens_with_byline(issue.line_text(index))
}

/// The part of a line that is text of the article: without its jump lines.
pub fn without_jump(line: &str) -> (usize, &str) {
    match jump_line(line) {
        Some(jump) if jump.span.end >= line.trim_end().len() => (0, &line[..jump.span.start]),
        Some(jump) if jump.span.start < 4 => (jump.span.end, &line[jump.span.end..]),
        _ => (0, line),
    }
}
