//! ALTO 1 to 4.4, in any of its five namespaces: the names of the elements decide.
//!
//! Page, margins and print space, blocks inside composed blocks, TextLine, String, SP and HYP; the reading order of version 4. A hyphen that
//! stands both at the end of CONTENT and in a HYP is one hyphen. SUBS_CONTENT is kept as a hint.

use std::ops::Range;

use compact_str::CompactString;
use rustc_hash::FxHashMap;

use super::blocks::{Before, Blocks, Line, Region, Word};
use super::languages;
use super::xml::{Checked, Dialect, Node, Tag, Xml};
use crate::model::Language;
use crate::ocr::{OcrPage, Rect, Unit};

/// What ALTO's TextStyle says of type.
#[derive(Clone, Copy, Default)]
struct Style {
    size: Option<f32>,
    bold: bool,
}

#[derive(Default)]
struct Reader {
    blocks: Blocks,
    unit: Unit,
    image: Option<CompactString>,
    dpi: Option<f32>,
    styles: FxHashMap<CompactString, Style>,
    /// Labels of ALTO's Tags.
    labels: FxHashMap<CompactString, CompactString>,
    /// IDs in the order of reading.
    order: Vec<CompactString>,
    composed: FxHashMap<CompactString, Vec<CompactString>>,
    open_composed: Vec<CompactString>,
    page: Option<OcrPage>,
    margin: &'static str,
    region: Option<Region>,
    line: Option<Line>,
    /// Since the last String of the line there was an SP.
    space: bool,
    /// The document has SP elements at all.
    spaces: bool,
    block_style: Style,
    line_style: Style,
    page_language: Option<Language>,
}

/// Reads a document.
///
/// # Errors
/// Those of [`Xml`].
pub fn read(document: &str) -> Checked<Blocks> {
    let mut xml = Xml::new(document, Dialect::Xml)?;
    let mut r =
        Reader { spaces: memchr::memmem::find(document.as_bytes(), b"SP ").is_some() || document.contains("<SP/>"), ..Reader::default() };
    let mut field: Option<(&str, Range<usize>)> = None;
    while let Some(node) = xml.next()? {
        match node {
            Node::Start(tag) => {
                if matches!(tag.name, "MeasurementUnit" | "fileName" | "processingStepSettings") && !tag.is_empty() {
                    field = Some((tag.name, tag.range().end..tag.range().end));
                }
                r.start(&tag);
            }
            Node::Text(range) => {
                if let Some((_, text)) = &mut field {
                    text.end = range.end;
                }
            }
            Node::End { name, .. } => {
                if let Some((name, text)) = field.take() {
                    r.field(name, document[text].trim());
                }
                r.end(name);
            }
        }
    }
    Ok(r.blocks)
}

impl Reader {
    fn field(&mut self, name: &str, text: &str) {
        match name {
            "MeasurementUnit" => {
                self.unit = match text {
                    "inch1200" => Unit::Inch1200,
                    "mm10" => Unit::Mm10,
                    _ => Unit::Pixel,
                }
            }
            "fileName" if !text.is_empty() => self.image = Some(super::xml::plain(text).into()),
            "processingStepSettings" => {
                let dpi = text.lines().find_map(|l| l.trim().strip_prefix("xdpi:").or_else(|| l.trim().strip_prefix("dpi:")));
                self.dpi = dpi.and_then(|t| t.trim().parse().ok()).or(self.dpi);
            }
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag) {
        match tag.name {
            "String" => self.string(tag),
            "SP" => self.space = true,
            "HYP" => self.hyphen(tag),
            "TextLine" => {
                let style = self.style(tag, self.block_style);
                self.line_style = style;
                self.space = false;
                let baseline = tag.get("BASELINE").and_then(|a| super::first_number(a.raw.rsplit([',', ' ']).next().unwrap_or("")));
                self.line = Some(Line {
                    tag: tag.range(),
                    words: self.blocks.words.len()..self.blocks.words.len(),
                    rect: rect(tag),
                    baseline,
                    font_size: style.size,
                    bold: style.bold,
                    raw: None,
                });
            }
            "TextBlock" => {
                self.block_style = self.style(tag, Style::default());
                let kind = tag.get("TAGREFS").and_then(|refs| refs.raw.split_whitespace().find_map(|id| self.labels.get(id).cloned()));
                let id: CompactString = tag.get("ID").map(|a| a.text().into()).unwrap_or_default();
                for composed in &self.open_composed {
                    self.composed.entry(composed.clone()).or_default().push(id.clone());
                }
                let language = tag.get("LANG").or_else(|| tag.get("language")).and_then(|a| languages::language_of(a.raw));
                self.region = Some(Region {
                    tag: tag.range(),
                    lines: self.blocks.lines.len()..self.blocks.lines.len(),
                    rect: rect(tag),
                    kind: kind.unwrap_or_else(|| self.margin.into()),
                    id,
                    language: language.or(self.page_language),
                });
            }
            "ComposedBlock" => self.open_composed.push(tag.get("ID").map(|a| a.text().into()).unwrap_or_default()),
            "TopMargin" => self.margin = "top-margin",
            "BottomMargin" => self.margin = "bottom-margin",
            "LeftMargin" | "RightMargin" => self.margin = "margin",
            "Page" => {
                let number = |name: &str| tag.get(name).and_then(|a| super::first_number(a.raw));
                self.page_language = tag.get("LANG").and_then(|a| languages::language_of(a.raw));
                self.page = Some(OcrPage {
                    size: number("WIDTH").zip(number("HEIGHT")),
                    unit: self.unit,
                    dpi: self.dpi,
                    image: self.image.clone(),
                    number: tag.get("PHYSICAL_IMG_NR").and_then(|a| a.raw.trim().parse().ok()),
                    folio: tag.get("PRINTED_IMG_NR").map(|a| a.text().into()).filter(|t: &CompactString| !t.is_empty()),
                    id: tag.get("ID").map(|a| a.text().into()).unwrap_or_default(),
                    tag: tag.range(),
                    ..OcrPage::default()
                });
            }
            "TextStyle" => {
                if let Some(id) = tag.get("ID") {
                    let size = tag.get("FONTSIZE").and_then(|a| super::first_number(a.raw)).filter(|s| *s > 0.0);
                    let bold = tag.get("FONTSTYLE").is_some_and(|a| a.raw.contains("bold"));
                    self.styles.insert(id.text().into(), Style { size, bold });
                }
            }
            "LayoutTag" | "StructureTag" | "RoleTag" | "OtherTag" => {
                if let (Some(id), Some(label)) = (tag.get("ID"), tag.get("LABEL").or_else(|| tag.get("TYPE"))) {
                    self.labels.insert(id.text().into(), label.text().into());
                }
            }
            "ElementRef" => self.order.extend(tag.get("REF").map(|a| CompactString::from(a.text()))),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "TextLine" => {
                if let Some(mut line) = self.line.take() {
                    line.words.end = self.blocks.words.len();
                    self.blocks.lines.push(line);
                }
            }
            "TextBlock" => {
                if let Some(mut region) = self.region.take() {
                    region.lines.end = self.blocks.lines.len();
                    self.blocks.regions.push(region);
                }
            }
            "ComposedBlock" => {
                self.open_composed.pop();
            }
            "TopMargin" | "BottomMargin" | "LeftMargin" | "RightMargin" => self.margin = "",
            "Page" => {
                if let Some(page) = self.page.take() {
                    self.blocks.end_page(page);
                    if !self.order.is_empty() {
                        let order: Vec<CompactString> =
                            self.order.iter().flat_map(|id| self.composed.get(id).cloned().unwrap_or_else(|| vec![id.clone()])).collect();
                        self.blocks.reorder(&order);
                    }
                }
            }
            _ => {}
        }
    }

    fn style(&self, tag: &Tag, inherited: Style) -> Style {
        let Some(refs) = tag.get("STYLEREFS") else { return inherited };
        refs.raw.split_ascii_whitespace().find_map(|id| self.styles.get(id)).copied().unwrap_or(inherited)
    }

    fn string(&mut self, tag: &Tag) {
        let Some(line) = &mut self.line else { return };
        let mut word = Word { tag: tag.range(), ..Word::default() };
        let mut numbers = [None; 4];
        let mut style = None;
        let mut has_content = false;
        for attribute in tag.attributes() {
            match attribute.name {
                "CONTENT" => (word.raw, has_content) = (attribute.range, true),
                "HPOS" => numbers[0] = super::first_number(attribute.raw),
                "VPOS" => numbers[1] = super::first_number(attribute.raw),
                "WIDTH" => numbers[2] = super::first_number(attribute.raw),
                "HEIGHT" => numbers[3] = super::first_number(attribute.raw),
                "WC" => word.confidence = super::first_number(attribute.raw),
                "SUBS_CONTENT" => word.whole = Some(attribute.text().into()),
                "STYLEREFS" => style = attribute.raw.split_ascii_whitespace().find_map(|id| self.styles.get(id)),
                _ => {}
            }
        }
        if !has_content {
            return;
        }
        if let Some(style) = style
            && line.words.start == self.blocks.words.len()
        {
            (line.font_size, line.bold) = (style.size.or(line.font_size), style.bold);
        }
        word.rect = rect_of(numbers);
        word.before = match (self.space, self.spaces) {
            (true, _) => Before::Space,
            (false, true) => Before::Nothing,
            (false, false) => Before::Unknown,
        };
        self.space = false;
        self.blocks.words.push(word);
    }

    fn hyphen(&mut self, tag: &Tag) {
        let Some(line) = &self.line else { return };
        let raw = tag.get("CONTENT").map_or(tag.range().end..tag.range().end, |a| a.range);
        if self.blocks.words.len() > line.words.start
            && let Some(word) = self.blocks.words.last_mut()
            && word.hyphen.is_none()
        {
            word.hyphen = Some((tag.range(), raw));
        }
    }
}

fn rect(tag: &Tag) -> Option<Rect> {
    rect_of(["HPOS", "VPOS", "WIDTH", "HEIGHT"].map(|name| tag.get(name).and_then(|a| super::first_number(a.raw))))
}

/// From left, top, width and height; a missing height is no height.
fn rect_of([x, y, width, height]: [Option<f32>; 4]) -> Option<Rect> {
    let (x, y) = (x?, y?);
    Rect::new(x, y, x + width.unwrap_or(0.0), y + height.unwrap_or(0.0))
}
