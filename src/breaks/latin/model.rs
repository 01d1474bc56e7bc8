//! The weights: one file a language, `model:feature<TAB>weight`.

use std::sync::LazyLock;

use super::feature::{Paragraph, Word};
use crate::breaks::loglinear::LogLinear;
use crate::model::Language;

/// The models of one language.
#[derive(Clone, Debug)]
pub struct Models {
    /// Does the word go on after a split sign?
    pub sign: LogLinear,
    /// Does the word go on after a mark that may be a misread split sign?
    pub mark: LogLinear,
    /// Does the word go on where nothing is printed?
    pub bare: LogLinear,
    /// Does the hyphen belong to the word that goes on?
    pub hyphen: LogLinear,
    /// Does the paragraph end? From the two lines and their neighbours.
    pub paragraph: LogLinear,
    /// The same, with what the first look says of the boundaries around.
    pub context: LogLinear,
}

/// The names of the models in the weights files.
pub const NAMES: [&str; 6] = ["sign", "mark", "bare", "hyphen", "paragraph", "context"];

impl Models {
    /// Reads a weights file.
    ///
    /// # Errors
    /// Says which row of which model is wrong.
    pub fn parse(tsv: &str) -> Result<Models, String> {
        let model = |name: &str, features: &[&str]| {
            let rows: String =
                tsv.lines().filter_map(|row| row.strip_prefix(name)?.strip_prefix(':')).flat_map(|row| [row, "\n"]).collect();
            LogLinear::parse(&rows, features).map_err(|error| format!("{name}: {error}"))
        };
        Ok(Models {
            sign: model(NAMES[0], Word::NAMES)?,
            mark: model(NAMES[1], Word::NAMES)?,
            bare: model(NAMES[2], Word::NAMES)?,
            hyphen: model(NAMES[3], Word::NAMES)?,
            paragraph: model(NAMES[4], Paragraph::NAMES)?,
            context: model(NAMES[5], Paragraph::NAMES)?,
        })
    }

    /// The models of a language; languages without data share one.
    pub fn of(language: Language) -> &'static Models {
        match language {
            Language::De => &DE,
            Language::En => &EN,
            Language::Fr => &FR,
            _ => &UND,
        }
    }
}

macro_rules! builtin {
    ($name:ident, $file:literal) => {
        static $name: LazyLock<Models> = LazyLock::new(|| {
            Models::parse(include_str!(concat!("../../../dictionaries/latin/", $file))).expect(concat!("a test reads ", $file))
        });
    };
}

builtin!(DE, "breaks-de.tsv");
builtin!(EN, "breaks-en.tsv");
builtin!(FR, "breaks-fr.tsv");
builtin!(UND, "breaks-und.tsv");
