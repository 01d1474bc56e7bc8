//! Pages, regions and lines of the flat text.

use std::ops::Range;

use memchr::memchr2_iter;

use crate::model::{Issue, Language, Line, Page, Region, Role};

/// Fills `pages`, `regions` and `lines` of an issue from its text and sources; what they held before is dropped.
///
/// `\n` ends a line, an empty line (white space only, U+3000 and a byte order mark included) separates regions, `\f`
/// and the start of a source separate pages. A form feed may stand alone on a line, before a line's text or after it.
/// Pages without text between two form feeds are kept: a blank page is a page. A form feed at the start or the end of
/// a source makes none. Regions and lines are `Role::Body` and `Language::Unknown` afterwards.
///
/// A text without sources is one source.
pub fn layout(issue: &mut Issue) {
    let mut out = Layout { pages: Vec::new(), regions: Vec::new(), lines: Vec::with_capacity(issue.text.len() / 64) };
    let starts: Vec<usize> = match issue.sources.len() {
        0 => vec![0],
        _ => issue.sources.iter().map(|s| s.span.start).collect(),
    };
    for (source, &start) in starts.iter().enumerate() {
        let end = starts.get(source + 1).copied().unwrap_or(issue.text.len());
        out.source(&issue.text, source as u32, start..end);
    }
    issue.pages = out.pages;
    issue.regions = out.regions;
    issue.lines = out.lines;
}

/// Gives each line of a freshly read issue the printed line of its OCR format. Both are in text order.
pub(super) fn printed(issue: &mut Issue) {
    let ocr = issue.ocr.clone();
    for line in &mut issue.lines {
        let at = ocr.lines.partition_point(|l| l.span.end <= line.span.start);
        line.printed = ocr.lines.get(at).filter(|l| l.span.start < line.span.end).map(|_| at as u32);
    }
    for page in &mut issue.pages {
        page.apart = ocr.pages.iter().any(|p| p.apart && p.span.start == page.span.start);
    }
}

/// Lines that their text does not show to be more than running text have the role that the OCR format names.
pub(super) fn named_roles(issue: &mut Issue) {
    let ocr = issue.ocr.clone();
    for line in issue.lines.iter_mut().filter(|l| l.role == Role::Body) {
        let Some(printed) = line.printed else { continue };
        let region = &ocr.regions[ocr.lines[printed as usize].region as usize];
        line.role = match region.kind.as_str() {
            "page-number" => Role::Folio,
            "header" | "footer" => Role::RunningHead,
            "heading" => Role::Headline,
            "caption" => Role::Caption,
            _ => Role::Body,
        };
    }
}

/// Regions whose language their text does not tell have the one the OCR format names.
pub(super) fn named_languages(issue: &mut Issue) {
    let ocr = issue.ocr.clone();
    for region in issue.regions.iter_mut().filter(|r| r.language == Language::Unknown) {
        let start = issue.lines[region.lines.start].span.start;
        let at = ocr.regions.partition_point(|r| r.span.end <= start);
        region.language = ocr.regions.get(at).and_then(|r| r.language).unwrap_or_default();
    }
}

struct Layout {
    pages: Vec<Page>,
    regions: Vec<Region>,
    lines: Vec<Line>,
}

impl Layout {
    fn source(&mut self, text: &str, source: u32, span: Range<usize>) {
        let first_page = self.pages.len();
        let (mut page_start, mut line_start, mut first_region) = (span.start, span.start, self.regions.len());
        let mut region_open = false;
        for at in memchr2_iter(b'\n', b'\x0c', &text.as_bytes()[span.clone()]) {
            let at = span.start + at;
            self.line(text, line_start..at, &mut region_open);
            line_start = at + 1;
            if text.as_bytes()[at] == b'\x0c' {
                region_open = false;
                // Nothing but white space before the first form feed of a source: the feed opens the page.
                if self.pages.len() > first_page || self.regions.len() > first_region {
                    self.page(source, page_start..at, first_region);
                }
                (page_start, first_region) = (line_start, self.regions.len());
            }
        }
        self.line(text, line_start..span.end, &mut region_open);
        if self.regions.len() > first_region || self.pages.len() == first_page {
            self.page(source, page_start..span.end, first_region);
        }
    }

    fn page(&mut self, source: u32, span: Range<usize>, first_region: usize) {
        self.pages.push(Page { span, source, regions: first_region..self.regions.len(), apart: false });
    }

    fn line(&mut self, text: &str, span: Range<usize>, region_open: &mut bool) {
        let line = &text[span.clone()];
        if is_blank(line) {
            *region_open = false;
            return;
        }
        let end = span.end - usize::from(line.ends_with('\r'));
        let page = self.pages.len() as u32;
        let at = self.lines.len();
        if *region_open && let Some(region) = self.regions.last_mut() {
            region.lines.end = at + 1;
        } else {
            self.regions.push(Region { lines: at..at + 1, page, role: Role::Body, language: Language::Unknown });
            *region_open = true;
        }
        self.lines.push(Line { span: span.start..end, region: (self.regions.len() - 1) as u32, page, role: Role::Body, printed: None });
    }
}

/// White space only: Unicode's, the byte order mark and the zero-width space.
fn is_blank(line: &str) -> bool {
    match line.as_bytes().first() {
        None => true,
        Some(b'!'..=b'~' | 0xe4..=0xe9) => false,
        _ => line.chars().all(|c| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}')),
    }
}
