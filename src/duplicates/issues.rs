//! The articles of an issue, as far as copies are looked for in them.

use std::ops::Range;

use crate::model::{Issue, Role, Span};

/// Text between two headlines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    /// The headline's first line, or the first line of the text; at most 60 characters.
    pub title: String,
    /// Indices into [`Issue::lines`]: from the first line of running text to the last, furniture included.
    pub lines: Range<usize>,
}

/// Characters of a title that are kept.
const TITLE: usize = 60;

impl Article {
    /// From the first byte of the first line to the last byte of the last one.
    pub fn span(&self, issue: &Issue) -> Span {
        issue.lines[self.lines.start].span.start..issue.lines[self.lines.end - 1].span.end
    }

    /// The running text: no furniture, a line end after each line.
    pub fn text(&self, issue: &Issue) -> String {
        let mut text = String::with_capacity(self.span(issue).len());
        for line in self.lines.clone().filter(|l| belongs(issue.lines[*l].role)) {
            text.push_str(issue.line_text(line));
            text.push('\n');
        }
        text
    }
}

/// The articles of an issue with its structure, in reading order: headlines, kickers, decks and banners part them.
pub fn articles(issue: &Issue) -> Vec<Article> {
    let parts = |line: usize| matches!(issue.lines[line].role, Role::Headline | Role::Kicker | Role::Deck | Role::Banner);
    let mut articles: Vec<Article> = Vec::new();
    let mut headline: Option<usize> = None;
    let mut body: Option<Range<usize>> = None;
    for line in 0..=issue.lines.len() {
        let ends = line == issue.lines.len() || parts(line);
        if ends && let Some(lines) = body.take() {
            let title = issue.line_text(headline.take().unwrap_or(lines.start)).trim();
            articles.push(Article { title: title.chars().take(TITLE).collect(), lines });
        }
        if line == issue.lines.len() {
            break;
        }
        let role = issue.lines[line].role;
        if role == Role::Headline && headline.is_none() {
            headline = Some(line);
        } else if !ends && belongs(role) {
            body = Some(body.map_or(line, |b| b.start)..line + 1);
        }
    }
    articles
}

/// Text of the article itself.
fn belongs(role: Role) -> bool {
    !role.is_furniture() && !matches!(role, Role::JumpLine | Role::Headline | Role::Kicker | Role::Deck | Role::Banner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::structure::structure;

    #[test]
    fn headlines_part_articles() {
        let text = include_str!("../../testdata/issues/kecheng-2022-07.txt");
        let mut issue = Issue::from_text("page", text);
        structure(&mut issue, None);
        let articles = articles(&issue);
        assert!(articles.len() > 1, "{articles:?}");
        assert!(articles.windows(2).all(|w| w[0].lines.end <= w[1].lines.start));
        assert!(articles.iter().all(|a| !a.text(&issue).is_empty() && !a.title.is_empty()));
    }
}
