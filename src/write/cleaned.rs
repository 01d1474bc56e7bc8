//! One file of an issue as `clean` writes it, whatever its format.

use std::ops::Range;

use crate::error::Result;
use crate::pipeline::{Processed, source_hunks};
use crate::write::encode::RenderOptions;
use crate::write::splice::splice;

/// A file with the repairs made in it.
#[derive(Debug)]
pub struct Cleaned {
    pub bytes: Vec<u8>,
    /// Something was repaired in it: a file without an edit is unchanged, even if its encoding is not the one we write.
    pub changed: bool,
    /// Changes that its format has no place for.
    pub unwritten: usize,
    /// Bytes of the file as read and as written that each repair of a text changed; empty for other formats.
    pub places: Vec<(Range<usize>, Range<usize>)>,
}

/// The bytes of a source of an issue after its repairs.
///
/// # Errors
/// Those of [`crate::read::ByteMap::render`] and [`splice`].
pub fn cleaned(processed: &Processed, source: usize, options: RenderOptions) -> Result<Cleaned> {
    let file = &processed.read.sources[source];
    let (old, new, hunks) = source_hunks(processed, source);
    let (old, new) = (&processed.read.text[old], &processed.clean.text[new]);
    if file.bytes.markup().is_none() {
        let (bytes, written) = file.bytes.render_places(&file.path, old, new, &hunks, options)?;
        let places = hunks.iter().map(|(before, _)| file.bytes.span_to_file(before.clone())).zip(written).collect();
        return Ok(Cleaned { bytes, changed: !hunks.is_empty(), unwritten: 0, places });
    }
    let spliced = splice(processed, source, options.write_mode)?;
    let changed = *file.bytes.original(old) != *spliced.bytes;
    Ok(Cleaned { bytes: spliced.bytes, changed, unwritten: spliced.unwritten, places: Vec::new() })
}
