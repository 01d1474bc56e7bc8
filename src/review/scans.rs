//! The scan beside a change: the printed lines it stands in, cut out of the page's image.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use image::{DynamicImage, GenericImageView as _, ImageFormat, ImageReader};

use crate::error::{Error, Result};
use crate::model::{Issue, Span};
use crate::ocr::Rect;

/// Pixels of a snippet's longer side.
const LARGEST: u32 = 1400;
/// What is cut out around a line, as a share of its height.
const MARGIN: f32 = 0.35;
/// Names of image files that are looked for.
const ENDINGS: [&str; 5] = ["png", "jpg", "jpeg", "tif", "tiff"];

/// A printed line on a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Snippet {
    /// Stems the page's image may have: that of the image the format names, that of the OCR file.
    pub stems: Vec<String>,
    /// The number of the line on the pages of its issue, from 1.
    pub line: usize,
    /// In units of the page.
    pub rect: Rect,
    /// Width and height of the page in its units; without them `scale` tells.
    pub size: Option<(f32, f32)>,
    /// Pixels in a unit, if the image has the resolution the format says.
    pub scale: f32,
}

/// The first and the last printed line of a place in the text as read; none for plain text.
pub fn snippets(read: &Issue, place: Span) -> Vec<Snippet> {
    let line = |at: usize| read.ocr.line_at(at);
    let (first, last) = (line(place.start), line(place.end));
    let mut lines: Vec<usize> = [first, last].into_iter().flatten().collect();
    lines.dedup();
    let snippet = |line: usize| {
        let page = read.ocr.page_of(line as u32);
        let rect = read.ocr.lines[line].rect?;
        let stem = |path: &str| Path::new(&path.replace('\\', "/")).file_stem().map(|s| s.to_string_lossy().to_lowercase());
        let file = read.sources[page.source as usize].path.to_string_lossy().into_owned();
        let stems = page.image.as_deref().into_iter().chain([file.as_str()]).filter_map(stem).collect();
        Some(Snippet { stems, line: line + 1, rect, size: page.size, scale: page.unit.pixels(page.dpi.unwrap_or(300.0)) })
    };
    lines.into_iter().filter_map(snippet).collect()
}

/// The page images of a folder.
#[derive(Debug, Default)]
pub struct Scans {
    /// By lower-case stem.
    files: BTreeMap<String, PathBuf>,
    /// The page that was opened last: cards come page by page.
    open: Option<(PathBuf, Option<DynamicImage>)>,
}

impl Scans {
    /// Looks for PNG, JPEG and TIFF files below a folder.
    ///
    /// # Errors
    /// [`Error::Read`] if it is no folder.
    pub fn find(folder: &Path) -> Result<Scans> {
        std::fs::read_dir(folder).map_err(|source| Error::Read { path: folder.to_owned(), source })?;
        let mut files = BTreeMap::new();
        for entry in ignore::WalkBuilder::new(folder).standard_filters(false).sort_by_file_path(Ord::cmp).build().flatten() {
            let path = entry.path();
            let is_image = path.extension().is_some_and(|e| ENDINGS.iter().any(|known| e.eq_ignore_ascii_case(known)));
            if let (true, Some(stem)) = (is_image, path.file_stem()) {
                files.entry(stem.to_string_lossy().to_lowercase()).or_insert_with(|| path.to_owned());
            }
        }
        Ok(Scans { files, open: None })
    }

    /// How many images there are.
    pub fn count(&self) -> usize {
        self.files.len()
    }

    /// The image of a line's page, if it is there.
    pub fn file(&self, snippet: &Snippet) -> Option<&Path> {
        snippet.stems.iter().find_map(|stem| self.files.get(stem)).map(PathBuf::as_path)
    }

    /// The line as a `data:` address.
    pub fn address(&mut self, snippet: &Snippet) -> Option<String> {
        Some(format!("data:image/jpeg;base64,{}", BASE64.encode(self.cut(snippet)?)))
    }

    /// The line as a JPEG; `None` if the image is not there, cannot be read, or does not reach there.
    pub fn cut(&mut self, snippet: &Snippet) -> Option<Vec<u8>> {
        let path = self.file(snippet)?.to_owned();
        if self.open.as_ref().is_none_or(|(open, _)| *open != path) {
            let image = ImageReader::open(&path).ok().and_then(|r| r.with_guessed_format().ok()).and_then(|r| r.decode().ok());
            self.open = Some((path, image));
        }
        let image = self.open.as_ref()?.1.as_ref()?;
        let (width, height) = image.dimensions();
        let scale = match snippet.size {
            Some((w, h)) if w > 0.0 && h > 0.0 => (width as f32 / w, height as f32 / h),
            _ => (snippet.scale, snippet.scale),
        };
        let rect = &snippet.rect;
        let margin = rect.height().min(rect.width()) * MARGIN;
        let pixel = |at: f32, scale: f32, end: u32| (at * scale).clamp(0.0, end as f32) as u32;
        let (x0, x1) = (pixel(rect.x0 - margin, scale.0, width), pixel(rect.x1 + margin, scale.0, width));
        let (y0, y1) = (pixel(rect.y0 - margin, scale.1, height), pixel(rect.y1 + margin, scale.1, height));
        if x1 <= x0 || y1 <= y0 {
            return None;
        }
        let mut cut = image.crop_imm(x0, y0, x1 - x0, y1 - y0).to_luma8();
        if cut.width().max(cut.height()) > LARGEST {
            cut = DynamicImage::ImageLuma8(cut).thumbnail(LARGEST, LARGEST).to_luma8();
        }
        let mut bytes = Cursor::new(Vec::new());
        cut.write_to(&mut bytes, ImageFormat::Jpeg).ok()?;
        Some(bytes.into_inner())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_out_at_the_scale_of_the_image() {
        let folder = tempfile::tempdir().unwrap();
        let mut page = image::GrayImage::from_pixel(200, 100, image::Luma([255]));
        for x in 40..80 {
            (20..30).for_each(|y| page.put_pixel(x, y, image::Luma([0])));
        }
        page.save(folder.path().join("P1.png")).unwrap();
        let mut scans = Scans::find(folder.path()).unwrap();
        let rect = Rect::new(20.0, 10.0, 40.0, 15.0).unwrap();
        let snippet = Snippet { stems: vec!["p1".into()], line: 1, rect, size: Some((100.0, 50.0)), scale: 1.0 };
        assert!(scans.address(&snippet).unwrap().starts_with("data:image/jpeg;base64,/9j/"));
        let bytes = scans.cut(&snippet).unwrap();
        let cut = image::load_from_memory(&bytes).unwrap().to_luma8();
        assert!(cut.width() >= 40 && cut.width() <= 48 && cut.height() >= 10 && cut.height() <= 18, "{:?}", cut.dimensions());
        assert!(cut.get_pixel(cut.width() / 2, cut.height() / 2).0[0] < 40);
        assert_eq!(scans.cut(&Snippet { stems: vec!["p2".into()], ..snippet }), None);
    }
}
