//! Tesseract's table: twelve columns, a row a page, block, paragraph, line and word.

use super::blocks::{Blocks, Line, Region, Word};
use super::xml::{Checked, Fault};
use crate::ocr::{OcrPage, Rect};

/// How the table begins.
pub const HEADER: &str = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext";

/// Reads a document. Paragraphs are the blocks.
///
/// # Errors
/// A row that has not twelve columns, or whose numbers are none.
pub fn read(document: &str) -> Checked<Blocks> {
    let mut blocks = Blocks::default();
    let mut page: Option<OcrPage> = None;
    let mut at = 0;
    for (i, row) in document.split_inclusive('\n').enumerate() {
        let start = at;
        at += row.len();
        let row = row.trim_end_matches('\n');
        if i == 0 || row.is_empty() {
            continue;
        }
        let columns: Vec<&str> = row.splitn(12, '\t').collect();
        if columns.len() < 11 {
            return Err(Fault::new(start, format!("{} columns where Tesseract's table has 12", columns.len())));
        }
        let mut numbers = [0f32; 11];
        for (n, column) in numbers.iter_mut().zip(&columns) {
            *n = super::first_number(column).ok_or_else(|| Fault::new(start, format!("`{column}` is no number")))?;
        }
        let [level, page_number, block, par, _, _, x, y, width, height, confidence] = numbers;
        let rect = Rect::new(x, y, x + width, y + height);
        let tag = start..start + row.len();
        match level as u32 {
            1 => {
                if let Some(page) = page.take() {
                    blocks.end_page(page);
                }
                page = Some(OcrPage {
                    size: Some((width, height)),
                    number: Some(page_number as u32),
                    id: format!("page_{page_number}").into(),
                    tag,
                    ..OcrPage::default()
                });
            }
            3 => {
                let lines = blocks.lines.len()..blocks.lines.len();
                let id = format!("par_{page_number}_{block}_{par}").into();
                blocks.regions.push(Region { tag, lines, rect, id, ..Region::default() });
            }
            4 => {
                let words = blocks.words.len()..blocks.words.len();
                blocks.lines.push(Line { tag, words, rect, ..Line::default() });
                match blocks.regions.last_mut() {
                    Some(region) => region.lines.end = blocks.lines.len(),
                    None => return Err(Fault::new(start, "a line outside of a paragraph")),
                }
            }
            5 => {
                let text = columns.get(11).copied().unwrap_or("");
                let raw = start + row.len() - text.len()..start + row.len();
                let confidence = (confidence >= 0.0).then_some(confidence / 100.0);
                blocks.words.push(Word { tag, raw, rect, confidence, ..Word::default() });
                match blocks.lines.last_mut() {
                    Some(line) => line.words.end = blocks.words.len(),
                    None => return Err(Fault::new(start, "a word outside of a line")),
                }
            }
            _ => {}
        }
    }
    blocks.end_page(page.unwrap_or_default());
    Ok(blocks)
}
