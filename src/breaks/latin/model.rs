//! The weights: of words one file a language, of paragraphs one for all; rows are `model:feature<TAB>weight`.

use std::sync::LazyLock;

use super::feature::{Word, paragraph_names};
use crate::breaks::loglinear::LogLinear;
use crate::model::Language;

/// The word models of one language.
#[derive(Clone, Debug)]
pub struct Words {
    /// Does the word go on after a split sign?
    pub sign: LogLinear,
    /// Does the word go on after a mark that may be a misread split sign?
    pub mark: LogLinear,
    /// Does the word go on where nothing is printed?
    pub bare: LogLinear,
    /// Does the hyphen belong to the word that goes on?
    pub hyphen: LogLinear,
}

/// The names of the word models in the weights files.
pub const WORD_MODELS: [&str; 4] = ["sign", "mark", "bare", "hyphen"];

/// The models of paragraph ends.
#[derive(Clone, Debug)]
pub struct Paragraphs {
    /// From the lines around the boundary.
    pub first: LogLinear,
    /// The same, with what the first look says of the boundaries around.
    pub context: LogLinear,
}

/// The names of the paragraph models in the weights file.
pub const PARAGRAPH_MODELS: [&str; 2] = ["first", "context"];

fn part(tsv: &str, name: &str, features: &[&str]) -> Result<LogLinear, String> {
    let rows = tsv.lines().filter_map(|row| row.strip_prefix(name)?.strip_prefix(':'));
    let rows: String = rows.flat_map(|row| [row, "\n"]).collect();
    LogLinear::parse(&rows, features).map_err(|error| format!("{name}: {error}"))
}

impl Words {
    /// Reads a weights file.
    ///
    /// # Errors
    /// Says which row of which model is wrong.
    pub fn parse(tsv: &str) -> Result<Words, String> {
        let part = |name| part(tsv, name, Word::NAMES);
        let [sign, mark, bare, hyphen] = WORD_MODELS;
        Ok(Words { sign: part(sign)?, mark: part(mark)?, bare: part(bare)?, hyphen: part(hyphen)? })
    }

    /// The models of a language; languages without data share one.
    pub fn of(language: Language) -> &'static Words {
        match language {
            Language::De => &DE,
            Language::En => &EN,
            Language::Fr => &FR,
            _ => &UND,
        }
    }
}

impl Paragraphs {
    /// Reads a weights file.
    ///
    /// # Errors
    /// Says which row of which model is wrong.
    pub fn parse(tsv: &str) -> Result<Paragraphs, String> {
        let names = paragraph_names();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let [first, context] = PARAGRAPH_MODELS;
        Ok(Paragraphs { first: part(tsv, first, &names)?, context: part(tsv, context, &names)? })
    }

    /// The models in the binary.
    pub fn builtin() -> &'static Paragraphs {
        &PARAGRAPHS
    }
}

macro_rules! builtin {
    ($name:ident, $models:ty, $file:literal) => {
        static $name: LazyLock<$models> = LazyLock::new(|| {
            <$models>::parse(include_str!(concat!("../../../dictionaries/latin/", $file))).expect(concat!("a test reads ", $file))
        });
    };
}

builtin!(DE, Words, "words-de.tsv");
builtin!(EN, Words, "words-en.tsv");
builtin!(FR, Words, "words-fr.tsv");
builtin!(UND, Words, "words-und.tsv");
builtin!(PARAGRAPHS, Paragraphs, "paragraphs.tsv");
