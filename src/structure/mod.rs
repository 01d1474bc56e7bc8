//! What the text is before anyone edits it: pages, regions and lines; language and script; the role of each line.
//!
//! [`structure`] runs the three steps in order. Nothing here changes text. Roles prefer [`Role::Body`](crate::model::Role):
//! a headline called body costs little, a body line called furniture makes strangers neighbours.

use crate::model::{Issue, Language};

mod blocks;
mod dates;
mod furniture;
mod jump;
mod language;
mod layout;
mod marks;
mod openings;
mod pages;
mod parts;
mod printed;
mod roles;
mod titles;

pub use jump::{Jump, JumpDirection, jump_line};
pub use language::{detect, language, main_language, only_script};
pub use layout::layout;
pub use marks::final_mark;
pub use openings::{opening_byline, opens_with_byline};
pub use pages::{Date, PageFacts, page_facts};
pub use roles::roles;
pub use titles::title_like;

/// Fills in pages, regions, lines, languages and roles of a freshly read issue.
///
/// `language_override` is the `--lang` of the command line: every region gets it, and nothing is guessed.
pub fn structure(issue: &mut Issue, language_override: Option<Language>) {
    layout(issue);
    layout::printed(issue);
    language(issue, language_override);
    if language_override.is_none() {
        layout::named_languages(issue);
    }
    roles(issue);
    layout::named_roles(issue);
}
