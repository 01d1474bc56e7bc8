//! `region-text-differs`: the text of a PAGE region is not that of its lines.
//!
//! OCR-D asks for it (`TextEquiv` consistency): a region's text is its lines' text, joined by line ends. Programs that read regions and
//! programs that read lines would work on different texts.

use std::ops::Range;

use super::{Document, Group, Problem, Problems};
use crate::messages::say;
use crate::read::xml::{Node, plain};

/// The best text of an element so far.
#[derive(Default)]
struct Text {
    /// The lowest index seen; texts without one count as 0.
    index: Option<i64>,
    text: String,
    at: Range<usize>,
}

#[derive(Default)]
struct Region {
    own: Text,
    lines: Vec<Text>,
    /// Elements open inside it: its own texts are at 0, those of its lines at 1.
    in_line: bool,
}

#[derive(Default)]
pub struct RegionText {
    regions: Vec<Region>,
    /// Depth of elements below a line, whose texts are of words and glyphs.
    below_line: usize,
    /// The `TextEquiv` that is open.
    index: Option<i64>,
    unicode: Option<usize>,
}

impl<'d> Group<'d> for RegionText {
    fn node(&mut self, document: &Document<'d>, node: &Node<'d>, out: &mut Problems) {
        match node {
            Node::Start(tag) => match tag.name {
                "TextRegion" => self.regions.push(Region::default()),
                "TextLine" => {
                    if let Some(region) = self.regions.last_mut() {
                        region.in_line = true;
                        region.lines.push(Text::default());
                    }
                    self.below_line = 0;
                }
                "Word" | "Glyph" => self.below_line += 1,
                "TextEquiv" => self.index = Some(tag.get("index").and_then(|a| a.raw.trim().parse().ok()).unwrap_or(0)),
                "Unicode" => self.unicode = Some(tag.range().end),
                _ => {}
            },
            Node::End { name, range } => match *name {
                "TextRegion" => {
                    if let Some(region) = self.regions.pop() {
                        region.check(out);
                    }
                }
                "TextLine" => {
                    if let Some(region) = self.regions.last_mut() {
                        region.in_line = false;
                    }
                }
                "Word" | "Glyph" => self.below_line = self.below_line.saturating_sub(1),
                "Unicode" => {
                    let (Some(start), Some(index)) = (self.unicode.take(), self.index) else { return };
                    let Some(region) = self.regions.last_mut().filter(|_| self.below_line == 0) else { return };
                    let target = if region.in_line { region.lines.last_mut() } else { Some(&mut region.own) };
                    if let Some(target) = target.filter(|t| t.index.is_none_or(|i| index < i)) {
                        let text = plain(document.text.get(start..range.start).unwrap_or_default()).into_owned();
                        *target = Text { index: Some(index), text, at: start..range.start.max(start) };
                    }
                }
                "TextEquiv" => self.index = None,
                _ => {}
            },
            Node::Text(_) => {}
        }
    }

    fn finish(&mut self, _: &Document<'d>, _: &mut Problems) {}
}

impl Region {
    fn check(&self, out: &mut Problems) {
        let mut own: Vec<&str> = self.own.text.trim().split('\n').map(str::trim).collect();
        let mut lines: Vec<&str> = self.lines.iter().map(|l| l.text.trim()).collect();
        // Lines without text have no line in the region's text, in some programs.
        own.retain(|l| !l.is_empty());
        lines.retain(|l| !l.is_empty());
        // Texts on one level only are no contradiction.
        if own == lines || own.is_empty() || lines.is_empty() {
            return;
        }
        let at = own.iter().zip(&lines).position(|(a, b)| a != b).unwrap_or(own.len().min(lines.len()));
        let quoted = |of: &[&str]| {
            of.get(at).map_or_else(|| say("region-text-differs.nothing", &[]), |l| format!("`{}`", l.chars().take(40).collect::<String>()))
        };
        let message = say("region-text-differs.found", &[("line", &(at + 1)), ("region", &quoted(&own)), ("own", &quoted(&lines))]);
        out.push(
            Problem::new("region-text-differs", self.own.at.clone(), message)
                .because(format!("lines-of-region:{}", own.len()))
                .because(format!("lines:{}", lines.len())),
        );
    }
}
