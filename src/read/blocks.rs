//! What every reader of an OCR format finds in its document, and how text is made of it: blocks, lines and words in reading order.

use std::ops::Range;

use compact_str::CompactString;

use super::markup::{Escape, InputFormat, Places, Writer};
use crate::model::Language;
use crate::ocr::{Ocr, OcrLine, OcrPage, OcrRegion, OcrWord, Rect};

/// What stands before a word of its line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Before {
    /// The format does not say: a space, but none between Han characters that stand close.
    #[default]
    Unknown,
    /// White space; between Han characters only if it is wide.
    Space,
    /// Nothing.
    Nothing,
}

/// A word as a reader finds it.
#[derive(Clone, Debug, Default)]
pub struct Word {
    pub tag: Range<usize>,
    pub raw: Range<usize>,
    pub before: Before,
    pub rect: Option<Rect>,
    pub confidence: Option<f32>,
    /// The hyphen's start tag and its characters.
    pub hyphen: Option<(Range<usize>, Range<usize>)>,
    pub whole: Option<CompactString>,
}

/// A line as a reader finds it.
#[derive(Clone, Debug, Default)]
pub struct Line {
    pub tag: Range<usize>,
    /// Indices into [`Blocks::words`].
    pub words: Range<usize>,
    /// The line's own text, which goes before that of its words.
    pub raw: Option<Range<usize>>,
    pub rect: Option<Rect>,
    pub baseline: Option<f32>,
    pub font_size: Option<f32>,
    pub bold: bool,
}

/// A block as a reader finds it.
#[derive(Clone, Debug, Default)]
pub struct Region {
    pub tag: Range<usize>,
    /// Indices into [`Blocks::lines`].
    pub lines: Range<usize>,
    pub rect: Option<Rect>,
    pub kind: CompactString,
    pub id: CompactString,
    pub language: Option<Language>,
}

/// A document as a reader finds it. Pages, regions, lines and words stand in document order; [`Blocks::order`] has the order of reading.
#[derive(Default)]
pub struct Blocks {
    /// Each with the indices of its regions in [`Blocks::order`].
    pub pages: Vec<(OcrPage, Range<usize>)>,
    pub regions: Vec<Region>,
    pub lines: Vec<Line>,
    pub words: Vec<Word>,
    /// Indices into [`Blocks::regions`].
    pub order: Vec<usize>,
}

impl Blocks {
    /// Puts the regions of the last page into the order in which `ids` names them; those that are not named follow the named one that
    /// stands before them in the document.
    pub fn reorder(&mut self, ids: &[CompactString]) {
        let Some((_, range)) = self.pages.last() else { return };
        let regions = self.order[range.clone()].to_vec();
        let rank = |id: &CompactString| ids.iter().position(|named| named == id);
        let ranks: rustc_hash::FxHashMap<&CompactString, usize> = ids.iter().enumerate().rev().map(|(i, id)| (id, i)).collect();
        debug_assert!(ids.iter().all(|id| ranks.get(id) == rank(id).as_ref()));
        let mut last = None;
        let mut keyed: Vec<(Option<usize>, usize, usize)> = Vec::with_capacity(regions.len());
        for (i, region) in regions.iter().enumerate() {
            last = ranks.get(&self.regions[*region].id).copied().or(last);
            keyed.push((last, i, *region));
        }
        keyed.sort();
        let range = range.clone();
        self.order.splice(range, keyed.into_iter().map(|(_, _, region)| region));
    }

    /// Takes in the regions that were found since the last page, in document order.
    pub fn end_page(&mut self, page: OcrPage) {
        let done = self.order.len();
        self.order.extend(done..self.regions.len());
        self.pages.push((page, done..self.regions.len()));
    }

    /// The text: `\n` after a line, an empty line between regions, `\f` between pages; lines and regions without text are left out.
    pub fn write(self, document: &str, format: InputFormat, escape: Escape) -> (String, Ocr, Places) {
        let mut out = Writer::new(document, escape);
        let mut ocr = Ocr { words: Vec::with_capacity(self.words.len()), lines: Vec::with_capacity(self.lines.len()), ..Ocr::default() };
        let mut words = self.words;
        for (number, (page, range)) in self.pages.into_iter().enumerate() {
            if number > 0 {
                out.synthetic("\u{c}");
            }
            let page_start = out.text.len();
            let first_region = ocr.regions.len() as u32;
            let mut separator = "";
            for region in &self.order[range] {
                let region = &self.regions[*region];
                let (first_line, mut region_start) = (ocr.lines.len() as u32, None);
                for line in &self.lines[region.lines.clone()] {
                    let before = out.text.len();
                    out.synthetic(separator);
                    let start = out.text.len();
                    let first_word = ocr.words.len() as u32;
                    let line_number = ocr.lines.len() as u32;
                    write_line(&mut out, line, &mut words, line_number, &mut ocr.words);
                    if out.text.len() == start {
                        out.text.truncate(before);
                        ocr.words.truncate(first_word as usize);
                        continue;
                    }
                    region_start.get_or_insert(start);
                    separator = "\n";
                    let own = ocr.words[first_word as usize..].iter().filter_map(|w| w.rect).reduce(|a, b| a.union(&b));
                    ocr.lines.push(OcrLine {
                        span: start..out.text.len(),
                        region: ocr.regions.len() as u32,
                        words: first_word..ocr.words.len() as u32,
                        rect: line.rect.or(own),
                        baseline: line.baseline,
                        font_size: line.font_size,
                        bold: line.bold,
                        tag: line.tag.clone(),
                        raw: line.raw.clone(),
                    });
                }
                let Some(start) = region_start else { continue };
                separator = "\n\n";
                ocr.regions.push(OcrRegion {
                    span: start..out.text.len(),
                    page: number as u32,
                    lines: first_line..ocr.lines.len() as u32,
                    rect: region.rect,
                    kind: region.kind.clone(),
                    id: region.id.clone(),
                    language: region.language,
                    tag: region.tag.clone(),
                });
            }
            if out.text.len() > page_start {
                out.synthetic("\n");
            }
            ocr.pages.push(OcrPage { span: page_start..out.text.len(), regions: first_region..ocr.regions.len() as u32, ..page });
        }
        out.finish(format, ocr)
    }
}

fn write_line(out: &mut Writer, line: &Line, words: &mut [Word], number: u32, found: &mut Vec<OcrWord>) {
    let own = line.raw.clone().map(|raw| out.raw(raw)).filter(|span| !span.is_empty());
    let mut previous: Option<(Range<usize>, Option<Rect>)> = None;
    for i in line.words.clone() {
        let word = std::mem::take(&mut words[i]);
        let span = match &own {
            // The text of the line goes first: the word is looked for in it.
            Some(own) => {
                let from = previous.as_ref().map_or(own.start, |(span, _)| span.end);
                let text = super::xml::plain(&out.document()[word.raw.clone()]).trim().to_owned();
                match out.text[from..own.end].find(&text).filter(|_| !text.is_empty()) {
                    Some(at) => from + at..from + at + text.len(),
                    None => continue,
                }
            }
            None => {
                let before = out.text.len();
                if previous.is_some() && word.before != Before::Nothing {
                    out.synthetic(" ");
                }
                let start = out.text.len();
                let mut span = out.raw(word.raw.clone());
                if let Some((_, raw)) = &word.hyphen
                    && !out.text[start..].ends_with(is_hyphen)
                {
                    span.end = out.raw(raw.clone()).end;
                }
                if span.is_empty() {
                    out.text.truncate(before);
                    continue;
                }
                if let Some((last, rect)) = &previous
                    && start > before
                    && closes_up(&out.text[last.clone()], &out.text[span.clone()], *rect, word.rect)
                {
                    out.close_up(start);
                    span = start - 1..span.end - 1;
                }
                span
            }
        };
        previous = Some((span.clone(), word.rect));
        found.push(OcrWord {
            span,
            line: number,
            rect: word.rect,
            confidence: word.confidence,
            tag: word.tag,
            raw: word.raw,
            hyphen: word.hyphen.map(|(tag, _)| tag),
            whole: word.whole,
        });
    }
}

/// A sign that a word goes on in the next line.
pub fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{ad}' | '\u{2010}' | '\u{2011}' | '⸗' | '\u{2e40}' | '¬' | '=')
}

/// Whether the space that an engine put between two Han characters is none: they stand as close as characters do.
fn closes_up(before: &str, after: &str, left: Option<Rect>, right: Option<Rect>) -> bool {
    let han = |c: char| matches!(c, '\u{2e80}'..='\u{2fdf}' | '\u{3000}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}');
    if !(before.ends_with(han) && after.starts_with(han)) {
        return false;
    }
    let Some((left, right)) = left.zip(right) else { return true };
    // A column of characters, or a row.
    let (gap, size) = if right.y0 >= left.y1 - left.height() * 0.3 && right.x0 < left.x1 {
        (right.y0 - left.y1, left.width().min(right.width()))
    } else {
        (right.x0 - left.x1, left.height().max(right.height()))
    };
    gap < size * WIDE_GAP
}

/// A gap between Han characters of this share of their size is a space that was printed; Tesseract's boxes are often half a character off.
const WIDE_GAP: f32 = 1.2;
