//! The reading text of an article: its paragraphs, with what was joined and where.

use serde::Serialize;

use super::{Article, without_jump};
use crate::edit::SourceMap;
use crate::model::{Issue, Role};

/// What stood where text was joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum BreakKind {
    Line,
    Column,
    Page,
}

/// One break of the printed text inside the reading text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Break {
    /// Byte offset into the reading text.
    pub at: usize,
    #[serde(rename = "type")]
    pub kind: BreakKind,
    /// `soft`: a split sign stood there and is gone; `none`: no sign.
    pub hyphen: &'static str,
    /// What was taken away, line ends aside.
    pub removed: String,
}

/// An article as one reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadingText {
    /// Paragraphs, `\n` between them; titles, bylines of their own, captions and jump lines are left out.
    pub text: String,
    pub breaks: Vec<Break>,
}

impl ReadingText {
    /// Joins the text of an article. `map` leads from the issue's text back to `read`, the text as it was read.
    pub fn of(article: &Article, issue: &Issue, read: &Issue, map: &SourceMap) -> ReadingText {
        let mut out = ReadingText::default();
        let hunks = map.hunks();
        let mut region = None;
        for (number, part) in article.parts.iter().enumerate() {
            let mut first = true;
            for &line in &part.lines {
                if !matches!(issue.lines[line].role, Role::Body | Role::List | Role::Verse) {
                    continue;
                }
                let (skipped, text) = without_jump(issue.line_text(line));
                let (lead, text) = (text.len() - text.trim_start().len(), text.trim());
                if text.is_empty() {
                    continue;
                }
                let here = issue.lines[line].region;
                if !out.text.is_empty() {
                    out.separate(issue, number > 0 && first, region == Some(here), text, line);
                }
                (first, region) = (false, Some(here));
                let base = out.text.len();
                let start = issue.lines[line].span.start + skipped + lead;
                out.text.push_str(text);
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
                    let hyphen = if removed.is_empty() { "none" } else { "soft" };
                    out.breaks.push(Break { at: base + (hunk.new.start - start), kind, hyphen, removed });
                }
            }
        }
        out
    }

    /// What stands between two lines: nothing or a space where a sentence goes on over a page, a new paragraph otherwise.
    fn separate(&mut self, issue: &Issue, over_page: bool, same_region: bool, text: &str, line: usize) {
        let open = !crate::structure::final_mark(&self.text);
        let han = issue.line_language(line).is_chinese();
        let goes_on = over_page && open || same_region && !han;
        if !goes_on {
            self.text.push('\n');
            return;
        }
        let split = self.text.ends_with(['-', '¬', '⸗', '\u{ad}']) && text.starts_with(char::is_lowercase) && over_page;
        let removed = if split { self.text.pop().map(String::from).unwrap_or_default() } else { String::new() };
        let kind = if over_page { BreakKind::Page } else { BreakKind::Line };
        self.breaks.push(Break { at: self.text.len(), kind, hyphen: if split { "soft" } else { "none" }, removed });
        if !split && !han {
            self.text.push(' ');
        }
    }
}
