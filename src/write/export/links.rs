//! From words of a reading text to boxes on the scan, and to regions of its image by IIIF.

use crate::articles::{Article, ReadingText};
use crate::ocr::{Ocr, OcrPage, Rect, Unit};
use crate::pipeline::Processed;
use crate::read::xml::Tag;
use crate::write::articles::{ArticleRecord, BoxRecord};

/// How records are linked to images.
#[derive(Clone, Debug, Default)]
pub struct Links {
    /// The image server's address of one image, with `{image}`, `{page}` and `{issue}` in it: see `[export] iiif-base`.
    pub iiif_base: Option<String>,
}

impl Links {
    /// Adds tokens and boxes to a record; nothing where the input has none.
    pub fn add(&self, record: &mut ArticleRecord, reading: &ReadingText, article: &Article, processed: &Processed) {
        let (read, map) = (&*processed.read, &processed.map);
        let ocr = &*read.ocr;
        if ocr.words.is_empty() {
            return;
        }
        // The box around all words of each page.
        let mut around: Vec<Option<Rect>> = vec![None; ocr.pages.len()];
        for piece in &reading.pieces {
            let old = map.to_old(piece.clean.clone());
            let first = ocr.words.partition_point(|w| w.span.end <= old.start);
            for (i, word) in ocr.words[first..].iter().enumerate().take_while(|(_, w)| w.span.start < old.end) {
                let new = map.to_new(word.span.clone());
                let (from, to) = (new.start.max(piece.clean.start), new.end.min(piece.clean.end));
                let Some(rect) = word.rect.filter(|_| from < to) else { continue };
                let page = ocr.regions[ocr.lines[word.line as usize].region as usize].page;
                let (start, end) = (piece.at + (from - piece.clean.start), piece.at + (to - piece.clean.start));
                let node = format!("{}#{}", number(processed, ocr, page), id(processed, ocr, first + i, page));
                let on = &ocr.pages[page as usize];
                around[page as usize] = Some(around[page as usize].map_or(rect, |r| r.union(&rect)));
                record.tokens.push((start, end, node.clone()));
                record.boxes.push(BoxRecord { node, rect: pixels(on, &rect), iiif: self.iiif(processed, on, &rect) });
            }
        }
        let parts = article.parts.iter().filter(|p| !p.lines.is_empty());
        for (part, lines) in record.parts.iter_mut().zip(parts) {
            let read_page = processed.clean.pages.get(lines.page).map(|p| map.to_old(p.span.clone()));
            let Some(on) = read_page.and_then(|span| ocr.pages.iter().position(|p| p.span.start <= span.start && span.start <= p.span.end))
            else {
                continue;
            };
            part.iiif = around[on].and_then(|rect| self.iiif(processed, &ocr.pages[on], &rect));
        }
    }

    /// The address of a region of a page's image. Where the resolution is not known, the region is given in percent.
    fn iiif(&self, processed: &Processed, page: &OcrPage, rect: &Rect) -> Option<String> {
        let base = self.iiif_base.as_ref()?;
        let image = page.image.as_deref().unwrap_or_default();
        let image = image.rsplit(['/', '\\']).next().unwrap_or("");
        let image = image.rsplit_once('.').map_or(image, |(stem, _)| stem);
        let issue = std::path::Path::new(&processed.read.id).file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        let number = page.folio.as_ref().map(ToString::to_string).or(page.number.map(|n| n.to_string())).unwrap_or_default();
        let of = base.trim_end_matches('/').replace("{image}", image).replace("{issue}", &issue).replace("{page}", &number);
        let region = match (page.unit == Unit::Pixel || page.dpi.is_some(), page.size) {
            (true, _) => {
                let [x, y, width, height] = pixels(page, rect);
                let (x0, y0) = (x.floor().max(0.0), y.floor().max(0.0));
                format!("{x0},{y0},{},{}", ((x + width).ceil() - x0).max(1.0), ((y + height).ceil() - y0).max(1.0))
            }
            (false, Some((width, height))) if width > 0.0 && height > 0.0 => {
                let percent = |n: f32, of: f32| format!("{:.3}", (n / of * 100.0).clamp(0.0, 100.0));
                let (x, y) = (percent(rect.x0, width), percent(rect.y0, height));
                format!("pct:{x},{y},{},{}", percent(rect.width(), width), percent(rect.height(), height))
            }
            _ => return None,
        };
        Some(format!("{of}/{region}/max/0/default.jpg"))
    }
}

/// The number of a page of the OCR as pages of the issue are numbered.
fn number(processed: &Processed, ocr: &Ocr, page: u32) -> u32 {
    let at = ocr.pages[page as usize].span.start;
    let index = processed.read.pages.partition_point(|p| p.span.start <= at).saturating_sub(1);
    processed.articles.pages.get(index).map_or(index as u32 + 1, |p| p.number)
}

/// The id of a word's element; its count on the page where it has none.
fn id(processed: &Processed, ocr: &Ocr, word: usize, page: u32) -> String {
    let markup = processed.read.sources[ocr.pages[page as usize].source as usize].bytes.markup();
    let tag = ocr.words[word].tag.clone();
    let tag = markup.filter(|m| m.document.get(tag.clone()).is_some_and(|t| t.starts_with('<'))).map(|m| Tag::at(&m.document, tag));
    let own = tag.and_then(|t| t.get("ID").or_else(|| t.get("id")).map(|a| a.text().into_owned()));
    own.filter(|id| !id.is_empty()).unwrap_or_else(|| {
        let region = ocr.pages[page as usize].regions.start as usize;
        let first = ocr.regions.get(region).and_then(|r| ocr.lines.get(r.lines.start as usize)).map_or(0, |l| l.words.start as usize);
        format!("w{}", word - first.min(word) + 1)
    })
}

/// x, y, width and height in pixels, if the page says how large they are.
fn pixels(page: &OcrPage, rect: &Rect) -> [f32; 4] {
    let by = page.dpi.map_or(1.0, |dpi| page.unit.pixels(dpi));
    [rect.x0 * by, rect.y0 * by, rect.width() * by, rect.height() * by]
}
