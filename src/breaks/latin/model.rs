//! The weights: of words one file a language, of paragraphs one for all; rows are `model:feature<TAB>weight`.

use super::feature::{Boxes, Word, paragraph_names};
use crate::breaks::loglinear::{LogLinear, WeightsError};

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
    /// From that and the boxes of the lines, where there are any; `None` in weights without such rows, which go by the text alone.
    pub boxes: Option<LogLinear>,
}

/// The names of the paragraph models in the weights file.
pub const PARAGRAPH_MODELS: [&str; 2] = ["first", "context"];

/// The name of the model of boxes in the weights file of paragraphs.
pub const BOXES: &str = "boxes";

/// The rows of one of the models of a file; errors count the lines of the file.
fn part(tsv: &str, name: &str, features: &[&str]) -> Result<LogLinear, WeightsError> {
    let rows = tsv.lines().map(|row| row.strip_prefix(name).and_then(|row| row.strip_prefix(':')).unwrap_or(""));
    let rows: String = rows.flat_map(|row| [row, "\n"]).collect();
    LogLinear::parse(&rows, features).map_err(|error| WeightsError { message: format!("{name}: {}", error.message), ..error })
}

/// Every row has to belong to one of the models.
fn belong(tsv: &str, models: &[&str]) -> Result<(), WeightsError> {
    let belongs =
        |row: &str| row.is_empty() || row.starts_with('#') || row.split_once(':').is_some_and(|(model, _)| models.contains(&model));
    match tsv.lines().position(|row| !belongs(row)) {
        None => Ok(()),
        Some(at) => Err(WeightsError { line: at + 1, message: format!("a row begins with one of {}, and a colon", models.join(", ")) }),
    }
}

impl Words {
    /// The models in the order of [`WORD_MODELS`].
    pub fn models(&self) -> [&LogLinear; 4] {
        [&self.sign, &self.mark, &self.bare, &self.hyphen]
    }

    /// Reads a weights file.
    ///
    /// # Errors
    /// Says which row of which model is wrong.
    pub fn parse(tsv: &str) -> Result<Words, WeightsError> {
        belong(tsv, &WORD_MODELS)?;
        let part = |name| part(tsv, name, Word::NAMES);
        let [sign, mark, bare, hyphen] = WORD_MODELS;
        Ok(Words { sign: part(sign)?, mark: part(mark)?, bare: part(bare)?, hyphen: part(hyphen)? })
    }
}

impl Paragraphs {
    /// Reads a weights file.
    ///
    /// # Errors
    /// Says which row of which model is wrong.
    pub fn parse(tsv: &str) -> Result<Paragraphs, WeightsError> {
        let [first, context] = PARAGRAPH_MODELS;
        belong(tsv, &[first, context, BOXES])?;
        let names = paragraph_names();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let boxed = tsv.lines().any(|row| row.strip_prefix(BOXES).is_some_and(|rest| rest.starts_with(':')));
        let boxes = boxed.then(|| part(tsv, BOXES, Boxes::NAMES)).transpose()?;
        Ok(Paragraphs { first: part(tsv, first, &names)?, context: part(tsv, context, &names)?, boxes })
    }
}
