//! The forms a text is to be given; by default, those it was printed in.

use std::path::Path;

use super::{Conversion, ConversionError, Converter};

/// What is converted beyond repair. The default converts nothing.
#[derive(Debug, Default)]
pub struct Profile {
    /// The script or regional standard Chinese text is given.
    pub target: Option<Target>,
    /// ſ becomes s.
    pub fold_long_s: bool,
    /// Ligatures and other old letters of the Latin script become plain ones.
    pub fold_letter_forms: bool,
    /// Quotation marks typed as two signs become those of the language.
    pub print_typed_quotes: bool,
}

/// A conversion by its name.
#[derive(Debug)]
pub struct Target {
    /// `s2t`, `tw2sp`; `variants-hk` for variants within traditional text.
    pub name: String,
    engine: Engine,
}

#[derive(Debug)]
enum Engine {
    Builtin(Converter),
    #[cfg(feature = "opencc")]
    Opencc(super::opencc::OpenccEngine),
}

impl Target {
    /// A conversion between scripts, from the dictionaries in the binary or from a folder of configs and text dictionaries.
    ///
    /// # Errors
    /// If there is none of that name, or a file cannot be read.
    pub fn script(name: &str, folder: Option<&Path>) -> Result<Target, ConversionError> {
        let converter = match folder {
            Some(folder) => Converter::from_folder(folder, name)?,
            None => Converter::script(name)?,
        };
        Ok(Target { name: name.to_string(), engine: Engine::Builtin(converter) })
    }

    /// The variants of one standard within traditional text.
    ///
    /// # Errors
    /// If there is none of that name.
    pub fn variants(name: &str) -> Result<Target, ConversionError> {
        Ok(Target { name: format!("variants-{name}"), engine: Engine::Builtin(Converter::variants(name)?) })
    }

    /// The same conversion by OpenCC's own library.
    ///
    /// # Errors
    /// If the library cannot open the dictionaries.
    #[cfg(feature = "opencc")]
    pub fn by_opencc(name: &str, folder: Option<&Path>) -> Result<Target, ConversionError> {
        Ok(Target { name: name.to_string(), engine: Engine::Opencc(super::opencc::OpenccEngine::new(name, folder)?) })
    }

    /// All places of a text that change.
    pub fn conversions(&self, text: &str) -> Vec<Conversion> {
        match &self.engine {
            Engine::Builtin(converter) => converter.conversions(text),
            #[cfg(feature = "opencc")]
            Engine::Opencc(engine) => engine.conversions(text),
        }
    }

    /// Whether a character alone has several candidates, of which one may be itself.
    pub fn is_ambiguous(&self, c: char) -> bool {
        match &self.engine {
            Engine::Builtin(converter) => converter.is_ambiguous(c),
            #[cfg(feature = "opencc")]
            Engine::Opencc(engine) => engine.is_ambiguous(c),
        }
    }
}
