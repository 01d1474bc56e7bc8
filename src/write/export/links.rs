//! From words of a reading text to boxes on the scan, and to regions of its image by IIIF.

use crate::articles::{Article, ReadingText};
use crate::pipeline::Processed;
use crate::write::articles::ArticleRecord;

/// How records are linked to images.
#[derive(Clone, Debug, Default)]
pub struct Links {
    /// The image server's address of one image, with `{image}`, `{page}` and `{issue}` in it: see `[export] iiif-base`.
    pub iiif_base: Option<String>,
}

impl Links {
    /// Adds tokens and boxes to a record.
    pub fn add(&self, _record: &mut ArticleRecord, _reading: &ReadingText, _article: &Article, _processed: &Processed) {}
}
