//! What the text is before anyone edits it: pages, regions and lines; language and script; the role of each line.
//!
//! [`structure`] runs the three steps in order. Nothing here changes text. Roles prefer [`Role::Body`](crate::model::Role):
//! a headline called body costs little, a body line called furniture makes strangers neighbours.

use crate::model::{Issue, Language};

mod language;
mod layout;

pub use language::{detect, language};
pub use layout::layout;

/// Fills in pages, regions, lines, languages and roles of a freshly read issue.
///
/// `language_override` is the `--lang` of the command line: every region gets it, and nothing is guessed.
pub fn structure(issue: &mut Issue, language_override: Option<Language>) {
    layout(issue);
    language(issue, language_override);
}
