//! The reading text of an article or a page: its paragraphs, with what was joined and where.

use serde::{Deserialize, Serialize};

use super::{Article, without_jump};
use crate::edit::SourceMap;
use crate::model::{Issue, Role, Span};

/// Signs a printed line may end with where a word goes on.
pub const SPLIT_SIGNS: [char; 5] = ['-', '¬', '⸗', '\u{2010}', '\u{ad}'];

/// What stood where text was joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BreakKind {
    Line,
    Column,
    Page,
}

/// What became of a hyphen before a break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Hyphen {
    /// A split sign stood there and is gone.
    Soft,
    /// The hyphen belongs to the word and stays.
    Hard,
    /// No sign.
    None,
}

/// One break of the printed text inside the reading text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Break {
    /// Byte offset into the reading text.
    pub at: usize,
    #[serde(rename = "type")]
    pub kind: BreakKind,
    pub hyphen: Hyphen,
    /// What was taken away, line ends aside.
    pub removed: String,
    /// Where the text goes on, in the text as read.
    #[serde(skip)]
    pub after: usize,
}

/// A stretch of the reading text that stands in the repaired text as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Byte offset into the reading text.
    pub at: usize,
    /// Bytes of the repaired text.
    pub clean: Span,
    /// Index into [`Issue::pages`] of the repaired issue.
    pub page: usize,
}

/// An article or a page as one reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadingText {
    /// Paragraphs, `\n` between them. Of an article titles, bylines of their own, captions and jump lines are left out.
    pub text: String,
    pub breaks: Vec<Break>,
    /// Where the text comes from, in its order.
    pub pieces: Vec<Piece>,
}

impl ReadingText {
    /// Joins the text of an article. `map` leads from the issue's text back to `read`, the text as it was read.
    pub fn of(article: &Article, issue: &Issue, read: &Issue, map: &SourceMap) -> ReadingText {
        let mut out = ReadingText::default();
        for part in &article.parts {
            out.add(&part.lines, issue, read, map, false);
        }
        out
    }

    /// All of a page, furniture aside.
    pub fn of_page(page: usize, issue: &Issue, read: &Issue, map: &SourceMap) -> ReadingText {
        let mut out = ReadingText::default();
        let lines: Vec<usize> =
            (0..issue.lines.len()).filter(|l| issue.lines[*l].page as usize == page && !issue.lines[*l].role.is_furniture()).collect();
        out.add(&lines, issue, read, map, true);
        out
    }

    /// Adds lines of one page. `whole`: whatever their role, with jump lines.
    fn add(&mut self, lines: &[usize], issue: &Issue, read: &Issue, map: &SourceMap, whole: bool) {
        let hunks = map.hunks();
        let over_page = !self.text.is_empty();
        let mut before: Option<usize> = None;
        for &line in lines {
            let role = issue.lines[line].role;
            if !whole && !matches!(role, Role::Body | Role::List | Role::Verse) {
                continue;
            }
            let (skipped, text) = if whole { (0, issue.line_text(line)) } else { without_jump(issue.line_text(line)) };
            let (lead, text) = (text.len() - text.trim_start().len(), text.trim());
            if text.is_empty() {
                continue;
            }
            let start = issue.lines[line].span.start + skipped + lead;
            if !self.text.is_empty() {
                let block = before.is_some_and(|b| issue.lines[b].region == issue.lines[line].region && issue.lines[b].role == role);
                let from = map.to_old(start..start + text.len()).start;
                self.separate(issue, over_page && before.is_none(), block, text, line, from);
            }
            before = Some(line);
            let base = self.text.len();
            self.text.push_str(text);
            self.pieces.push(Piece { at: base, clean: start..start + text.len(), page: issue.lines[line].page as usize });
            let from = hunks.partition_point(|h| h.new.start < start);
            for hunk in hunks[from..].iter().take_while(|h| h.new.end <= start + text.len()) {
                let old = &read.text[hunk.old.clone()];
                if !old.contains(['\n', '\u{c}']) {
                    continue;
                }
                let kind = match old {
                    _ if old.contains('\u{c}') => BreakKind::Page,
                    _ if old.matches('\n').count() > 1 => BreakKind::Column,
                    _ => BreakKind::Line,
                };
                let removed: String = old.chars().filter(|c| !c.is_whitespace()).collect();
                let at = base + (hunk.new.start - start);
                let hyphen = match removed.is_empty() {
                    false => Hyphen::Soft,
                    true if self.text[..at].ends_with(SPLIT_SIGNS) => Hyphen::Hard,
                    true => Hyphen::None,
                };
                self.breaks.push(Break { at, kind, hyphen, removed, after: hunk.old.end });
            }
        }
    }

    /// What stands between two lines: nothing or a space where a sentence goes on over a page, a new paragraph otherwise.
    fn separate(&mut self, issue: &Issue, over_page: bool, same_block: bool, text: &str, line: usize, after: usize) {
        let open = !crate::structure::final_mark(&self.text);
        let han = issue.line_language(line).is_chinese();
        let goes_on = over_page && open || same_block && !han;
        if !goes_on {
            self.text.push('\n');
            return;
        }
        let split = self.text.ends_with(SPLIT_SIGNS) && text.starts_with(char::is_lowercase) && over_page;
        let removed = if split { self.text.pop().map(String::from).unwrap_or_default() } else { String::new() };
        let kind = if over_page { BreakKind::Page } else { BreakKind::Line };
        let hyphen = if split { Hyphen::Soft } else { Hyphen::None };
        self.breaks.push(Break { at: self.text.len(), kind, hyphen, removed, after });
        if !split && !han {
            self.text.push(' ');
        }
    }

    /// Where a stretch of the reading text stands in the repaired text: a span for each piece it touches.
    pub fn clean_spans(&self, span: Span) -> impl Iterator<Item = Span> + '_ {
        let first = self.pieces.partition_point(|p| p.at + p.clean.len() <= span.start);
        self.pieces[first..].iter().take_while(move |p| p.at < span.end).map(move |p| {
            let (from, to) = (span.start.max(p.at) - p.at, (span.end - p.at).min(p.clean.len()));
            p.clean.start + from..p.clean.start + to
        })
    }
}
