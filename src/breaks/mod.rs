//! What becomes of each line, column and page end: join, keep, space or paragraph, with a probability from named evidence.
//!
//! The rules `split-word` and `broken-paragraph` turn these decisions into edits; `galley explain --at` prints them.

use crate::dictionary::Dictionaries;
use crate::edit::{Applicability, EvidenceList};
use crate::model::Issue;

pub mod han;
pub mod latin;
pub mod loglinear;

/// What stands between the two lines of a boundary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BoundaryKind {
    /// Only a line end: both lines are of one region.
    Line,
    /// An empty line: two regions of one page (a new paragraph, a column end, a headline).
    Region,
    /// A form feed; folios and running heads that stood between are skipped.
    Page,
}

/// Two lines that follow each other in reading order once page furniture is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Boundary {
    /// Index into [`Issue::lines`].
    pub before: usize,
    /// Index into [`Issue::lines`]; greater than `before`.
    pub after: usize,
    pub kind: BoundaryKind,
}

/// What should stand between the two lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Joint {
    /// Nothing: the word, or a sentence without word spaces, goes on. A split sign goes.
    Join,
    /// Nothing, and the hyphen stays: `Vize-/Admiral`.
    Keep,
    /// The hyphen and a space: `Hoch- und Tiefbauten`.
    Hanging,
    /// A space: the sentence goes on with the next word.
    Space,
    /// A new paragraph, or a new block of any kind.
    Paragraph,
}

/// The decision at one boundary.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// The likeliest joint.
    pub joint: Joint,
    /// Its probability, 0 to 1, calibrated.
    pub confidence: f32,
    /// `None`: nothing is proposed (too doubtful even for review, or nothing to change).
    pub applicability: Option<Applicability>,
    /// Why, the weightiest first.
    pub evidence: EvidenceList,
    /// Bytes to remove at the end of the line before (a split sign, a misread one); spaces around the break not counted.
    pub drop_before: usize,
    /// Bytes to remove at the start of the line after (a repeated quotation mark, a doubled hyphen); indentation not counted.
    pub drop_after: usize,
}

/// What the models may look at besides the lines.
pub struct Context<'a> {
    pub issue: &'a Issue,
    pub dictionaries: &'a Dictionaries,
}
