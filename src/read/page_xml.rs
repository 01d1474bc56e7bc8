//! PAGE XML of 2013 to 2024, of Transkribus, OCR-D and PRImA.
//!
//! Regions inside regions and tables, the reading order, lines with or without words, regions with a text but without lines. Of several
//! TextEquiv the one with the lowest index holds. The text of a line goes before that of its words.

use std::ops::Range;

use compact_str::CompactString;

use super::blocks::{Blocks, Line, Region, Word};
use super::languages;
use super::xml::{Checked, Dialect, Node, Tag, Xml};
use crate::ocr::{OcrPage, Rect, Unit};

/// What may have a TextEquiv, with the best seen so far: its index and its characters.
#[derive(Clone, Debug, Default)]
struct Equiv {
    best: Option<(i64, Range<usize>)>,
    confidence: Option<f32>,
}

impl Equiv {
    fn take(&mut self, index: i64, raw: Range<usize>, confidence: Option<f32>) {
        if self.best.as_ref().is_none_or(|(best, _)| index < *best) {
            self.best = Some((index, raw));
            self.confidence = confidence;
        }
    }
}

/// An open region, line or word.
struct Open {
    equiv: Equiv,
    rect: Option<Rect>,
}

#[derive(Default)]
struct Reader {
    blocks: Blocks,
    page: Option<OcrPage>,
    /// Regions that are open, the innermost last, with the lines that are theirs: lines of a region inside come after its own.
    regions: Vec<(Region, Open, Vec<Line>)>,
    line: Option<(Line, Open)>,
    word: Option<(Word, Open)>,
    order: Vec<(CompactString, i64)>,
    groups: usize,
}

/// Reads a document.
///
/// # Errors
/// Those of [`Xml`].
pub fn read(document: &str) -> Checked<Blocks> {
    let mut xml = Xml::new(document, Dialect::Xml)?;
    let mut r = Reader::default();
    // Index and confidence of the open TextEquiv; where the open Unicode begins.
    let mut equiv: Option<(i64, Option<f32>)> = None;
    let mut unicode: Option<Range<usize>> = None;
    while let Some(node) = xml.next()? {
        match node {
            Node::Start(tag) => match tag.name {
                "TextEquiv" => {
                    let index = tag.get("index").and_then(|a| a.raw.trim().parse().ok()).unwrap_or(0);
                    equiv = Some((index, tag.get("conf").and_then(|a| super::first_number(a.raw))));
                }
                "Unicode" if equiv.is_some() => unicode = Some(tag.range().end..tag.range().end),
                _ => r.start(&tag),
            },
            Node::Text(_) => {}
            Node::End { name: "TextEquiv", .. } => equiv = None,
            Node::End { name: "Unicode", range } => {
                if let (Some(raw), Some((index, confidence))) = (unicode.take(), equiv) {
                    let raw = if range.is_empty() { raw } else { raw.start..range.start };
                    r.text(index, raw, confidence);
                }
            }
            Node::End { name, .. } => r.end(name, document),
        }
    }
    Ok(r.blocks)
}

impl Reader {
    fn start(&mut self, tag: &Tag) {
        let custom = || tag.get("custom").map(|a| a.text().into_owned()).unwrap_or_default();
        match tag.name {
            "Page" => {
                let number = |name: &str| tag.get(name).and_then(|a| super::first_number(a.raw));
                let image: Option<CompactString> = tag.get("imageFilename").map(|a| a.text().into());
                self.page = Some(OcrPage {
                    size: number("imageWidth").zip(number("imageHeight")),
                    unit: Unit::Pixel,
                    dpi: number("imageXResolution").filter(|_| tag.get("imageResolutionUnit").is_none_or(|u| u.raw != "PPCM")),
                    id: image.clone().unwrap_or_default(),
                    image,
                    tag: tag.range(),
                    ..OcrPage::default()
                });
            }
            "RegionRefIndexed" | "RegionRef" => {
                let index = tag.get("index").and_then(|a| a.raw.trim().parse().ok()).unwrap_or(0);
                if self.groups <= 1 {
                    self.order.extend(tag.get("regionRef").map(|a| (a.text().into(), index)));
                } else {
                    // Inside a group the order of the file is that of the group.
                    self.order.extend(tag.get("regionRef").map(|a| (a.text().into(), i64::MIN)));
                }
            }
            "OrderedGroup" | "UnorderedGroup" | "OrderedGroupIndexed" | "UnorderedGroupIndexed" => self.groups += 1,
            "TextRegion" | "TableCell" => {
                let custom = custom();
                let kind = tag.get("type").map(|a| CompactString::from(a.text())).or_else(|| property(&custom, "structure", "type"));
                let language = tag.get("primaryLanguage").and_then(|a| languages::language_of(a.raw));
                let language = language.or_else(|| self.regions.last().and_then(|(r, ..)| r.language));
                let region = Region {
                    tag: tag.range(),
                    kind: kind.unwrap_or_default(),
                    id: tag.get("id").map(|a| a.text().into()).unwrap_or_default(),
                    language,
                    ..Region::default()
                };
                self.regions.push((region, Open { equiv: Equiv::default(), rect: None }, Vec::new()));
            }
            "TextLine" => {
                let custom = custom();
                let size = property(&custom, "textStyle", "fontSize").and_then(|s| super::first_number(&s));
                let line = Line {
                    tag: tag.range(),
                    words: self.blocks.words.len()..self.blocks.words.len(),
                    font_size: size.filter(|s| *s > 0.0),
                    bold: property(&custom, "textStyle", "bold").as_deref() == Some("true"),
                    ..Line::default()
                };
                self.line = Some((line, Open { equiv: Equiv::default(), rect: None }));
            }
            "Word" => self.word = Some((Word { tag: tag.range(), ..Word::default() }, Open { equiv: Equiv::default(), rect: None })),
            "Glyph" => {}
            "Coords" => {
                let rect = tag.get("points").and_then(|a| around(a.raw));
                if let Some(open) = self.innermost() {
                    open.rect = open.rect.or(rect);
                }
            }
            "Baseline" => {
                if let Some((line, _)) = &mut self.line {
                    let first = tag.get("points").and_then(|a| super::first_number(a.raw.split_whitespace().next()?.rsplit(',').next()?));
                    line.baseline = first;
                }
            }
            "TextStyle" => {
                if let Some((line, _)) = &mut self.line {
                    line.font_size = tag.get("fontSize").and_then(|a| super::first_number(a.raw)).or(line.font_size);
                    line.bold |= tag.get("bold").is_some_and(|a| a.raw == "true");
                }
            }
            _ => {}
        }
    }

    fn innermost(&mut self) -> Option<&mut Open> {
        if let Some((_, open)) = &mut self.word {
            return Some(open);
        }
        if let Some((_, open)) = &mut self.line {
            return Some(open);
        }
        self.regions.last_mut().map(|(_, open, _)| open)
    }

    fn text(&mut self, index: i64, raw: Range<usize>, confidence: Option<f32>) {
        if let Some(open) = self.innermost() {
            open.equiv.take(index, raw, confidence);
        }
    }

    fn end(&mut self, name: &str, document: &str) {
        match name {
            "Word" => {
                if let Some((mut word, open)) = self.word.take()
                    && let Some((_, raw)) = open.equiv.best
                {
                    (word.raw, word.rect, word.confidence) = (raw, open.rect, open.equiv.confidence);
                    self.blocks.words.push(word);
                }
            }
            "TextLine" => {
                if let Some((mut line, open)) = self.line.take() {
                    line.words.end = self.blocks.words.len();
                    line.rect = open.rect;
                    line.raw = open.equiv.best.map(|(_, raw)| raw);
                    match self.regions.last_mut() {
                        Some((_, _, lines)) => lines.push(line),
                        None => self.blocks.lines.push(line),
                    }
                }
            }
            "TextRegion" | "TableCell" => {
                let Some((mut region, open, mut lines)) = self.regions.pop() else { return };
                let has_text =
                    |line: &Line| !line.words.is_empty() || line.raw.as_ref().is_some_and(|raw| !document[raw.clone()].trim().is_empty());
                if !lines.iter().any(has_text)
                    && let Some((_, raw)) = open.equiv.best
                {
                    // A region whose text stands in no line.
                    let mut at = raw.start;
                    lines = document[raw.clone()]
                        .split('\n')
                        .map(|line| {
                            let range = at..at + line.len();
                            at = range.end + 1;
                            Line { raw: Some(range), tag: region.tag.clone(), words: 0..0, ..Line::default() }
                        })
                        .collect();
                }
                region.rect = open.rect;
                region.lines = self.blocks.lines.len()..self.blocks.lines.len() + lines.len();
                self.blocks.lines.append(&mut lines);
                self.blocks.regions.push(region);
            }
            "OrderedGroup" | "UnorderedGroup" | "OrderedGroupIndexed" | "UnorderedGroupIndexed" => {
                self.groups = self.groups.saturating_sub(1)
            }
            "Page" => {
                if let Some(page) = self.page.take() {
                    self.blocks.end_page(page);
                    let mut order = std::mem::take(&mut self.order);
                    if order.iter().all(|(_, index)| *index != i64::MIN) {
                        order.sort_by_key(|(_, index)| *index);
                    }
                    let ids: Vec<CompactString> = order.into_iter().map(|(id, _)| id).collect();
                    self.blocks.reorder(&ids);
                }
            }
            _ => {}
        }
    }
}

/// A property of a group of Transkribus' `custom`: `structure {type:heading;}`.
pub fn property(custom: &str, group: &str, name: &str) -> Option<CompactString> {
    let at = custom.find(&format!("{group} {{"))?;
    let body = custom[at..].split_once('{')?.1.split_once('}')?.0;
    body.split(';').find_map(|p| p.trim().split_once(':').filter(|(n, _)| n.trim() == name)).map(|(_, v)| v.trim().into())
}

/// The box around a polygon: `x,y x,y …`.
fn around(points: &str) -> Option<Rect> {
    let mut rect: Option<Rect> = None;
    for point in points.split_ascii_whitespace() {
        let (x, y) = point.split_once(',')?;
        let (x, y) = (super::first_number(x)?, super::first_number(y)?);
        let one = Rect::new(x, y, x, y)?;
        rect = Some(rect.map_or(one, |r| r.union(&one)));
    }
    rect
}
