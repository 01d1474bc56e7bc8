//! hOCR, of Tesseract and others: HTML whose classes say what is a page, an area, a paragraph, a line, a word.
//!
//! Paragraphs are the blocks; where there are none, areas are. A line without words has its own text.

use std::ops::Range;

use compact_str::CompactString;

use super::blocks::{Blocks, Line, Region, Word};
use super::languages;
use super::xml::{Checked, Dialect, Node, Tag, Xml};
use crate::model::Language;
use crate::ocr::{OcrPage, Rect};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Page,
    Block,
    Line,
    Word,
}

/// Reads a document.
///
/// # Errors
/// Those of [`Xml`]; hOCR may be HTML that is no XML.
pub fn read(document: &str) -> Checked<Blocks> {
    let mut xml = Xml::new(document, Dialect::Html)?;
    let mut blocks = Blocks::default();
    // Open elements that mean something, with the depth they stand at.
    let mut open: Vec<(Kind, usize)> = Vec::new();
    let mut page: Option<OcrPage> = None;
    let mut region: Option<Region> = None;
    let mut line: Option<(Line, Range<usize>)> = None;
    let mut word: Option<Word> = None;
    let mut languages: Vec<(usize, Option<Language>)> = Vec::new();
    let mut last_end = document.len();
    loop {
        let node = xml.next()?;
        let depth = xml.depth();
        let at = match &node {
            Some(Node::Start(tag)) => tag.start,
            Some(Node::End { range, .. } | Node::Text(range)) => range.start,
            None => last_end,
        };
        // Whatever ends here, by its own tag or with what holds it.
        let ended_below = match &node {
            Some(Node::End { .. }) => depth + 1,
            Some(_) => usize::MAX,
            None => 0,
        };
        while let Some((kind, _)) = open.pop_if(|(_, d)| *d >= ended_below) {
            match kind {
                Kind::Word => {
                    if let Some(mut w) = word.take() {
                        w.raw.end = at.max(w.raw.start);
                        blocks.words.push(w);
                    }
                }
                Kind::Line => {
                    if let Some((mut l, raw)) = line.take() {
                        l.words.end = blocks.words.len();
                        l.raw = l.words.is_empty().then_some(raw.start..at.max(raw.start));
                        blocks.lines.push(l);
                    }
                }
                Kind::Block => {
                    if let Some(mut r) = region.take() {
                        r.lines.end = blocks.lines.len();
                        blocks.regions.push(r);
                    }
                }
                Kind::Page => {
                    if let Some(page) = page.take() {
                        close_region(&mut blocks, &mut region);
                        blocks.end_page(page);
                    }
                }
            }
        }
        languages.retain(|(d, _)| *d < ended_below);
        let tag = match node {
            None => {
                // Lines without an ocr_page around them are a page.
                if blocks.pages.is_empty() && !blocks.lines.is_empty() {
                    close_region(&mut blocks, &mut region);
                    blocks.end_page(OcrPage::default());
                }
                return Ok(blocks);
            }
            Some(Node::Start(tag)) => tag,
            Some(Node::End { range, .. }) => {
                last_end = range.end;
                continue;
            }
            Some(Node::Text(_)) => continue,
        };
        if let Some(lang) = tag.get("lang").or_else(|| tag.get("xml:lang")) {
            languages.push((depth, languages::language_of(lang.raw)));
        }
        let Some(class) = tag.get("class") else { continue };
        let class = class.raw.split_ascii_whitespace().find(|c| c.starts_with("ocr")).unwrap_or("");
        let title = Title::of(&tag);
        let language = languages.last().and_then(|(_, l)| *l);
        let end = tag.range().end;
        match class {
            "ocr_page" => {
                close_region(&mut blocks, &mut region);
                page = Some(title.page(&tag));
                open.push((Kind::Page, depth));
            }
            "ocr_par" | "ocr_carea" | "ocr_header" | "ocr_footer" | "ocr_caption" | "ocr_title" | "ocr_chapter" | "ocr_section"
            | "ocrx_block" | "ocr_separator" | "ocr_textfloat" | "ocr_float" => {
                let par = class == "ocr_par";
                // A paragraph inside an area takes its place; an area with lines of its own is a block.
                if let Some(outer) = region.take_if(|_| par || line.is_none()) {
                    let lines = outer.lines.start..blocks.lines.len();
                    if !lines.is_empty() {
                        blocks.regions.push(Region { lines, ..outer });
                    }
                }
                region = Some(Region {
                    tag: tag.range(),
                    lines: blocks.lines.len()..blocks.lines.len(),
                    rect: title.rect(),
                    kind: if matches!(class, "ocr_par" | "ocr_carea" | "ocrx_block") {
                        "".into()
                    } else {
                        class.trim_start_matches("ocr_").into()
                    },
                    id: tag.get("id").map(|a| a.text().into()).unwrap_or_default(),
                    language,
                });
                open.push((Kind::Block, depth));
            }
            "ocr_line" | "ocrx_line" | "ocr_textline" | "ocr_header_line" if line.is_none() => {
                region.get_or_insert_with(|| Region {
                    tag: tag.range(),
                    lines: blocks.lines.len()..blocks.lines.len(),
                    language,
                    ..Region::default()
                });
                let rect = title.rect();
                let l = Line {
                    tag: tag.range(),
                    words: blocks.words.len()..blocks.words.len(),
                    baseline: title.numbers("baseline").nth(1).zip(rect).map(|(b, r)| r.y1 + b),
                    font_size: title.numbers("x_fsize").next(),
                    rect,
                    ..Line::default()
                };
                line = Some((l, end..end));
                open.push((Kind::Line, depth));
            }
            "ocrx_word" | "ocr_word" if line.is_some() && word.is_none() => {
                word = Some(Word {
                    tag: tag.range(),
                    raw: end..end,
                    rect: title.rect(),
                    confidence: title.numbers("x_wconf").next().map(|c| c / 100.0),
                    ..Word::default()
                });
                open.push((Kind::Word, depth));
            }
            _ => {}
        }
    }
}

fn close_region(blocks: &mut Blocks, region: &mut Option<Region>) {
    if let Some(mut r) = region.take() {
        r.lines.end = blocks.lines.len();
        blocks.regions.push(r);
    }
}

/// The properties in a `title`: `bbox 0 0 10 20; x_wconf 90; image "a.png"`.
struct Title(String);

impl Title {
    fn of(tag: &Tag) -> Title {
        Title(tag.get("title").map(|a| a.text().into_owned()).unwrap_or_default())
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.split(';').find_map(|p| p.trim().strip_prefix(name).and_then(|rest| rest.strip_prefix(char::is_whitespace))).map(str::trim)
    }

    fn numbers(&self, name: &str) -> impl Iterator<Item = f32> {
        self.get(name).unwrap_or("").split_ascii_whitespace().map_while(super::first_number)
    }

    fn rect(&self) -> Option<Rect> {
        let mut n = self.numbers("bbox");
        Rect::new(n.next()?, n.next()?, n.next()?, n.next()?)
    }

    fn page(&self, tag: &Tag) -> OcrPage {
        OcrPage {
            size: self.rect().map(|r| (r.x1, r.y1)),
            dpi: self.numbers("scan_res").next(),
            image: self.get("image").map(|t| CompactString::from(t.trim_matches(['"', '\'']))),
            number: self.numbers("ppageno").next().map(|n| n as u32),
            folio: self.get("lpageno").map(Into::into),
            id: tag.get("id").map(|a| a.text().into()).unwrap_or_default(),
            tag: tag.range(),
            ..OcrPage::default()
        }
    }
}
