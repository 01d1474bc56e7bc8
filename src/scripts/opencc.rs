//! OpenCC's own library (through `opencc-rust`) as a second engine, with the same dictionaries.

use std::path::Path;

use opencc_rust::OpenCC;
use similar::{Algorithm, DiffTag, capture_diff_slices};

use super::{Conversion, ConversionError, Converter};

/// The library with one config open. It gives text and no places; these are found by comparing.
pub struct OpenccEngine {
    library: OpenCC,
    /// Which characters are ambiguous is in the dictionaries; the library does not tell.
    lists: Converter,
    /// The library reads its dictionaries from here; removed with the engine.
    _folder: Option<tempfile::TempDir>,
}

impl std::fmt::Debug for OpenccEngine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OpenccEngine")
    }
}

impl OpenccEngine {
    /// Opens a config by name, from our dictionaries or from a folder.
    ///
    /// # Errors
    /// If there is none of that name, or the library refuses it.
    pub fn new(name: &str, folder: Option<&Path>) -> Result<Self, ConversionError> {
        let (lists, own) = match folder {
            Some(folder) => (Converter::from_folder(folder, name)?, None),
            None => {
                let lists = Converter::script(name)?;
                let own = tempfile::tempdir().map_err(|source| ConversionError::Read { path: std::env::temp_dir(), source })?;
                super::config::unpack(own.path())?;
                (lists, Some(own))
            }
        };
        let folder = folder.or(own.as_ref().map(tempfile::TempDir::path)).unwrap_or(Path::new("."));
        // The library looks relative names up in the working directory first.
        let path = folder.canonicalize().map_err(|source| ConversionError::Read { path: folder.to_owned(), source })?;
        let library = OpenCC::new(path.join(format!("{name}.json"))).map_err(|e| ConversionError::Opencc(e.to_string()))?;
        Ok(OpenccEngine { library, lists, _folder: own })
    }

    /// The converted text.
    ///
    /// # Errors
    /// If the text holds a NUL byte, which the library cannot take.
    pub fn convert(&self, text: &str) -> Result<String, ConversionError> {
        self.library.convert(text).map_err(|e| ConversionError::Opencc(e.to_string()))
    }

    /// All places of a text that change; none if the library cannot take the text.
    pub fn conversions(&self, text: &str) -> Vec<Conversion> {
        let Ok(converted) = self.convert(text) else { return Vec::new() };
        let (old, new): (Vec<char>, Vec<char>) = (text.chars().collect(), converted.chars().collect());
        let mut offsets: Vec<usize> = text.char_indices().map(|(i, _)| i).collect();
        offsets.push(text.len());
        capture_diff_slices(Algorithm::Myers, &old, &new)
            .iter()
            .filter(|op| op.tag() != DiffTag::Equal)
            .map(|op| {
                let chars = &old[op.old_range()];
                Conversion {
                    span: offsets[op.old_range().start]..offsets[op.old_range().end],
                    text: new[op.new_range()].iter().collect(),
                    phrase: chars.len() > 1,
                    ambiguous: matches!(chars, [c] if self.is_ambiguous(*c)),
                }
            })
            .collect()
    }

    /// Whether a character alone has several candidates.
    pub fn is_ambiguous(&self, c: char) -> bool {
        self.lists.is_ambiguous(c)
    }
}
