//! Where in which file: from spans of an issue's text to path, line, column and bytes on disk.

use std::path::Path;

use crate::model::{Issue, Span};

/// Lines of an issue's files, for look-ups of many spans.
pub struct Places<'a> {
    issue: &'a Issue,
    /// Offset of each line's start in the issue's text, ascending.
    starts: Vec<usize>,
}

/// A span as a person and an editor name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    pub path: &'a Path,
    /// 1-based line in the file.
    pub line: usize,
    /// 1-based column in characters (Unicode code points).
    pub column: usize,
    /// Bytes of the file as it is on disk.
    pub span: Span,
    /// Index of the page in the issue.
    pub page: usize,
}

/// A point between two characters of a file, in the units that formats ask for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Point {
    /// 1-based line in the file.
    pub line: usize,
    /// 1-based column in characters (Unicode code points).
    pub column: usize,
    /// 1-based column in bytes of UTF-8, whatever the encoding of the file.
    pub byte_column: usize,
}

impl<'a> Places<'a> {
    /// Finds the line starts once.
    pub fn new(issue: &'a Issue) -> Self {
        let mut starts: Vec<usize> = issue.sources.iter().map(|s| s.span.start).collect();
        starts.extend(memchr::memchr_iter(b'\n', issue.text.as_bytes()).map(|i| i + 1));
        starts.sort_unstable();
        starts.dedup();
        Places { issue, starts }
    }

    /// Where an offset of the issue's text stands in its file.
    pub fn point(&self, at: usize) -> Point {
        let after = self.issue.sources.partition_point(|s| s.span.start <= at);
        let source = &self.issue.sources[after.saturating_sub(1)];
        let first = self.starts.partition_point(|s| *s < source.span.start);
        let at = at.min(source.span.end);
        let line = self.starts.partition_point(|s| *s <= at);
        let text = &self.issue.text[self.starts[line - 1]..at];
        Point { line: line - first, column: text.chars().count() + 1, byte_column: text.len() + 1 }
    }

    /// The place of a span of the issue's text.
    ///
    /// # Panics
    /// If the issue has no source.
    pub fn of(&self, span: &Span) -> Place<'a> {
        let after = self.issue.sources.partition_point(|s| s.span.start <= span.start);
        let source = &self.issue.sources[after.saturating_sub(1)];
        let first = self.starts.partition_point(|s| *s < source.span.start);
        let line = self.starts.partition_point(|s| *s <= span.start);
        let start = self.starts[line - 1];
        let relative = |at: usize| at.min(source.span.end) - source.span.start;
        Place {
            path: &source.path,
            line: line - first,
            column: self.issue.text[start..span.start].chars().count() + 1,
            span: source.bytes.span_to_file(relative(span.start)..relative(span.end)),
            page: self.issue.pages.partition_point(|p| p.span.start <= span.start).saturating_sub(1),
        }
    }
}
