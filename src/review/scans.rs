//! The scan beside a change: the printed lines it stands in, cut out of the page's image.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use image::{DynamicImage, GenericImageView as _, ImageFormat, ImageReader};

use crate::error::{Error, Result};
use crate::model::{Issue, Span};
use crate::ocr::{OcrPage, Rect};

/// Pixels of a snippet's longer side.
const LARGEST: u32 = 1400;
/// What is cut out around a line, as a share of its height.
const MARGIN: f32 = 0.35;
/// Names of image files that are looked for.
const ENDINGS: [&str; 5] = ["png", "jpg", "jpeg", "tif", "tiff"];

/// A printed line on a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Snippet {
    /// Stems the page's image may have, and which of the images in it the page is, from 0: that of the image the format names, that of the
    /// OCR file, that of the issue whose pages are files.
    pub stems: Vec<(String, usize)>,
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
        let before =
            |of: &dyn Fn(&OcrPage) -> bool| read.ocr.pages.iter().take_while(|p| p.span.start < page.span.start).filter(|p| of(p)).count();
        let file = &read.sources[page.source as usize].path;
        let of_image = page.image.as_deref().and_then(|i| Some((stem(i)?, before(&|p| p.image == page.image))));
        let of_file = stem(&file.to_string_lossy()).map(|s| (s, before(&|p| p.source == page.source)));
        let of_issue = || Some((file.parent()?.file_name()?.to_string_lossy().to_lowercase(), before(&|_| true)));
        let stems = of_image.into_iter().chain(of_file).chain((read.sources.len() > 1).then(of_issue).flatten()).collect();
        Some(Snippet { stems, line: line + 1, rect, size: page.size, scale: page.unit.pixels(page.dpi.unwrap_or(300.0)) })
    };
    lines.into_iter().filter_map(snippet).collect()
}

fn stem(path: &str) -> Option<String> {
    Path::new(&path.replace('\\', "/")).file_stem().map(|s| s.to_string_lossy().to_lowercase())
}

/// The page images of a folder.
#[derive(Debug, Default)]
pub struct Scans {
    /// By lower-case stem.
    files: BTreeMap<String, PathBuf>,
    /// The page that was opened last, by file and number in it: cards come page by page.
    open: Option<((PathBuf, usize), Option<DynamicImage>)>,
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
        self.page(snippet).map(|(path, _)| path)
    }

    /// The file, and which of its images.
    fn page(&self, snippet: &Snippet) -> Option<(&Path, usize)> {
        snippet.stems.iter().find_map(|(stem, nth)| self.files.get(stem).map(|path| (path.as_path(), *nth)))
    }

    /// The line as a `data:` address.
    pub fn address(&mut self, snippet: &Snippet) -> Option<String> {
        Some(format!("data:image/jpeg;base64,{}", BASE64.encode(self.cut(snippet)?)))
    }

    /// The line as a JPEG; `None` if the image is not there, cannot be read, or does not reach there.
    pub fn cut(&mut self, snippet: &Snippet) -> Option<Vec<u8>> {
        let page = self.page(snippet).map(|(path, nth)| (path.to_owned(), nth))?;
        if self.open.as_ref().is_none_or(|(open, _)| *open != page) {
            let image = decode(&page.0, page.1);
            self.open = Some((page, image));
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

/// An image of a file, from 0; those after the first are in TIFF files only.
fn decode(path: &Path, nth: usize) -> Option<DynamicImage> {
    if nth == 0 {
        return ImageReader::open(path).ok()?.with_guessed_format().ok()?.decode().ok();
    }
    let mut bytes = std::fs::read(path).ok()?;
    tiff_page(&mut bytes, nth)?;
    image::load_from_memory_with_format(&bytes, ImageFormat::Tiff).ok()
}

/// Makes an image of a TIFF file its first. `image` decodes the first alone; the directories of a file are a list, and the header says
/// where it begins, so nothing more is needed than to follow it and to let it begin there.
fn tiff_page(bytes: &mut [u8], nth: usize) -> Option<()> {
    let little = match bytes.get(..2)? {
        b"II" => true,
        b"MM" => false,
        _ => return None,
    };
    let number = |bytes: &[u8], at: usize, size: usize| -> Option<usize> {
        let digits = bytes.get(at..at.checked_add(size)?)?.iter();
        let add = |n: usize, b: &u8| n << 8 | usize::from(*b);
        Some(if little { digits.rev().fold(0, add) } else { digits.fold(0, add) })
    };
    // Where the header points to the first directory; bytes of an offset, of a count, of an entry.
    let (head, offset, count, entry) = match number(bytes, 2, 2)? {
        42 => (4, 4, 2, 12),
        43 => (8, 8, 8, 20),
        _ => return None,
    };
    let mut at = head;
    for _ in 0..nth {
        let directory = number(bytes, at, offset)?;
        at = number(bytes, directory, count)?.checked_mul(entry)?.checked_add(directory)?.checked_add(count)?;
    }
    if number(bytes, at, offset)? == 0 {
        return None;
    }
    bytes.copy_within(at..at + offset, head);
    Some(())
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
        let snippet = Snippet { stems: vec![("p1".into(), 0)], line: 1, rect, size: Some((100.0, 50.0)), scale: 1.0 };
        assert!(scans.address(&snippet).unwrap().starts_with("data:image/jpeg;base64,/9j/"));
        let bytes = scans.cut(&snippet).unwrap();
        let cut = image::load_from_memory(&bytes).unwrap().to_luma8();
        assert!(cut.width() >= 40 && cut.width() <= 48 && cut.height() >= 10 && cut.height() <= 18, "{:?}", cut.dimensions());
        assert!(cut.get_pixel(cut.width() / 2, cut.height() / 2).0[0] < 40);
        assert_eq!(scans.cut(&Snippet { stems: vec![("p2".into(), 0)], ..snippet }), None);
    }
    /// A TIFF with a page of 40 × 20 for each shade: the pixels, then the directory that names them.
    fn tiff_of(shades: [u8; 3]) -> Vec<u8> {
        let mut bytes = b"II\x2a\0\0\0\0\0".to_vec();
        let mut link = 4;
        for shade in shades {
            let pixels = bytes.len() as u32;
            bytes.extend([shade; 800]);
            let directory = bytes.len() as u32;
            bytes[link..link + 4].copy_from_slice(&directory.to_le_bytes());
            let entries = [(256, 40), (257, 20), (258, 8), (259, 1), (262, 1), (273, pixels), (277, 1), (278, 20), (279, 800)];
            bytes.extend((entries.len() as u16).to_le_bytes());
            for (tag, value) in entries {
                bytes.extend([&u16::to_le_bytes(tag)[..], &[4, 0, 1, 0, 0, 0], &value.to_le_bytes()].concat());
            }
            link = bytes.len();
            bytes.extend([0; 4]);
        }
        bytes
    }

    #[test]
    fn each_page_of_a_tiff_is_found() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("issue.tif"), tiff_of([10, 120, 240])).unwrap();
        let mut scans = Scans::find(folder.path()).unwrap();
        let mut shade = |nth| {
            let rect = Rect::new(10.0, 5.0, 20.0, 10.0).unwrap();
            let snippet = Snippet { stems: vec![("issue".into(), nth)], line: 1, rect, size: Some((40.0, 20.0)), scale: 1.0 };
            Some(image::load_from_memory(&scans.cut(&snippet)?).unwrap().to_luma8().get_pixel(3, 3).0[0])
        };
        let near = |shade: Option<u8>, wanted: u8| shade.is_some_and(|s| s.abs_diff(wanted) < 4);
        assert!(near(shade(0), 10) && near(shade(1), 120) && near(shade(2), 240));
        assert_eq!(shade(3), None);
    }
}
