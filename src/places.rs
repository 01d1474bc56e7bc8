//! Where in which file: from spans of an issue's text to path, line, column and bytes on disk.

use std::cell::OnceCell;
use std::path::Path;

use crate::model::{Issue, Span};
use crate::read::Markup;

/// Lines of an issue's files, for look-ups of many spans.
pub struct Places<'a> {
    issue: &'a Issue,
    /// Offset of each line's start in the issue's text, ascending.
    starts: Vec<usize>,
    /// One for each source that is an OCR document: offset of each line's start in it.
    documents: Vec<OnceCell<Vec<usize>>>,
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
        Places { issue, starts, documents: vec![OnceCell::new(); issue.sources.len()] }
    }

    /// Where an offset of the issue's text stands in its file.
    pub fn point(&self, at: usize) -> Point {
        let after = self.issue.sources.partition_point(|s| s.span.start <= at);
        let source = &self.issue.sources[after.saturating_sub(1)];
        let at = at.min(source.span.end);
        if let Some(markup) = source.bytes.markup() {
            let (line, before) = self.in_document(after.saturating_sub(1), markup, markup.start(at - source.span.start));
            return Point { line, column: before.chars().count() + 1, byte_column: before.len() + 1 };
        }
        let first = self.starts.partition_point(|s| *s < source.span.start);
        let line = self.starts.partition_point(|s| *s <= at);
        let text = &self.issue.text[self.starts[line - 1]..at];
        Point { line: line - first, column: text.chars().count() + 1, byte_column: text.len() + 1 }
    }

    /// The line of an OCR document that holds a byte, and what stands before the byte in it.
    fn in_document<'m>(&self, source: usize, markup: &'m Markup, at: usize) -> (usize, &'m str) {
        let starts = self.documents[source].get_or_init(|| {
            let ends = memchr::memchr_iter(b'\n', markup.document.as_bytes());
            std::iter::once(0).chain(ends.map(|i| i + 1)).collect()
        });
        let line = starts.partition_point(|s| *s <= at);
        (line, &markup.document[starts[line - 1]..at])
    }

    /// The place of a span of the issue's text.
    ///
    /// # Panics
    /// If the issue has no source.
    pub fn of(&self, span: &Span) -> Place<'a> {
        let after = self.issue.sources.partition_point(|s| s.span.start <= span.start);
        let source = &self.issue.sources[after.saturating_sub(1)];
        let relative = |at: usize| at.min(source.span.end) - source.span.start;
        let (line, column) = match source.bytes.markup() {
            Some(markup) => {
                let at = markup.span(relative(span.start)..relative(span.end)).start;
                let (line, before) = self.in_document(after.saturating_sub(1), markup, at);
                (line, before.chars().count() + 1)
            }
            None => {
                let first = self.starts.partition_point(|s| *s < source.span.start);
                let line = self.starts.partition_point(|s| *s <= span.start);
                (line - first, self.issue.text[self.starts[line - 1]..span.start].chars().count() + 1)
            }
        };
        Place {
            path: &source.path,
            line,
            column,
            span: source.bytes.span_to_file(relative(span.start)..relative(span.end)),
            page: self.issue.pages.partition_point(|p| p.span.start <= span.start).saturating_sub(1),
        }
    }
}
