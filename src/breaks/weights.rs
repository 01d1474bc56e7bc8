//! The weights of all break models: those in the binary, or a folder a team trained on its own material.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::LazyLock;

use super::loglinear::{LogLinear, WeightsError};
use super::{han, latin};
use crate::error::Error;
use crate::model::Language;

/// The models of Chinese breaks.
#[derive(Clone, Debug)]
pub struct HanModels {
    /// Between two blocks.
    pub blocks: LogLinear,
    /// Between printed lines, where the columns speak as well.
    pub lines: LogLinear,
}

/// All models that decide breaks.
#[derive(Clone, Debug)]
pub struct Weights {
    pub han: HanModels,
    words: [latin::model::Words; LATIN.len()],
    /// Where Latin paragraphs end.
    pub paragraphs: latin::model::Paragraphs,
    /// Of the files that took the place of built-in ones, in the order of [`FILES`]; `None` where none did.
    hash: Option<String>,
}

/// The languages with models of words of their own; the last one stands for all others.
pub const LATIN: [Language; 4] = [Language::De, Language::En, Language::Fr, Language::Unknown];

/// The weights files and what the binary holds of them. Their names say where they stand below `dictionaries/`.
pub const FILES: [(&str, &str); 7] = [
    ("han/breaks.tsv", include_str!("../../dictionaries/han/breaks.tsv")),
    ("han/lines.tsv", include_str!("../../dictionaries/han/lines.tsv")),
    ("latin/words-de.tsv", include_str!("../../dictionaries/latin/words-de.tsv")),
    ("latin/words-en.tsv", include_str!("../../dictionaries/latin/words-en.tsv")),
    ("latin/words-fr.tsv", include_str!("../../dictionaries/latin/words-fr.tsv")),
    ("latin/words-und.tsv", include_str!("../../dictionaries/latin/words-und.tsv")),
    ("latin/paragraphs.tsv", include_str!("../../dictionaries/latin/paragraphs.tsv")),
];

static BUILTIN: LazyLock<Weights> =
    LazyLock::new(|| Weights::parse(FILES.map(|(_, tsv)| tsv)).expect("a test reads the weights in the binary"));

impl Weights {
    /// The weights in the binary; `dictionaries/README.md` says on what they were fitted.
    pub fn builtin() -> &'static Weights {
        &BUILTIN
    }

    /// The weights of a folder that `galley train` wrote, and the names of the [`FILES`] it does not have: for those the built-in ones stand.
    ///
    /// # Errors
    /// [`Error::Weights`] names the file and the line that is wrong; a folder without any weights file is an error too.
    pub fn load(folder: &Path) -> Result<(Weights, Vec<&'static str>), Error> {
        let mut own = Vec::new();
        for (name, _) in FILES {
            let path = folder.join(name);
            match fs::read_to_string(&path) {
                Ok(text) => own.push((name.to_owned(), text)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(source) => return Err(Error::Read { path, source }),
            }
        }
        let missing: Vec<&str> = FILES.iter().map(|(name, _)| *name).filter(|name| own.iter().all(|(o, _)| o != name)).collect();
        if own.is_empty() {
            let message = "no weights here: `galley train GOLD --out DIR` writes them".to_owned();
            return Err(Error::Weights { path: folder.to_owned(), line: None, message });
        }
        let weights = Weights::from_files(&own).map_err(|(name, WeightsError { line, message })| Error::Weights {
            path: folder.join(name),
            line: Some(line).filter(|line| *line > 0),
            message,
        })?;
        Ok((weights, missing))
    }

    /// The weights of some of the [`FILES`], name and text; the built-in ones stand for the others.
    ///
    /// # Errors
    /// The name of the file that is wrong, and where.
    pub fn from_files(files: &[(String, String)]) -> Result<Weights, (&'static str, WeightsError)> {
        let text = |(name, builtin): (&str, &'static str)| files.iter().find(|(n, _)| n == name).map_or(builtin, |(_, text)| text.as_str());
        let mut weights = Weights::parse(FILES.map(text)).map_err(|(file, error)| (FILES[file].0, error))?;
        let mut hasher = blake3::Hasher::new();
        for (name, text) in files {
            // The name is hashed too: the same rows in another file are other weights.
            hasher.update(name.as_bytes()).update(&[0]).update(text.as_bytes()).update(&[0]);
        }
        weights.hash = Some(hasher.finalize().to_hex().to_string());
        Ok(weights)
    }

    /// Reads the texts of all [`FILES`]; an error comes with the index of its file.
    fn parse(texts: [&str; FILES.len()]) -> Result<Weights, (usize, WeightsError)> {
        let han = |file: usize| LogLinear::parse(texts[file], han::names::NAMES).map_err(|e| (file, e));
        let words = |file: usize| latin::model::Words::parse(texts[file]).map_err(|e| (file, e));
        Ok(Weights {
            han: HanModels { blocks: han(0)?, lines: han(1)? },
            words: [words(2)?, words(3)?, words(4)?, words(5)?],
            paragraphs: latin::model::Paragraphs::parse(texts[6]).map_err(|e| (6, e))?,
            hash: None,
        })
    }

    /// The word models of a language; languages without data share one.
    pub fn words(&self, language: Language) -> &latin::model::Words {
        &self.words[LATIN.iter().position(|l| *l == language).unwrap_or(LATIN.len() - 1)]
    }

    /// A hash of the files that took the place of built-in ones; `None` for the weights in the binary.
    pub fn hash(&self) -> Option<&str> {
        self.hash.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_in_the_binary_can_be_read() {
        assert_eq!(Weights::builtin().hash(), None);
    }
}
