//! The word lists of `dictionaries/`, compiled into the binary, and the words of the issue itself.

use crate::model::Language;

/// A word list with frequencies.
pub struct Lexicon;

impl Lexicon {
    /// How common the word is: the Zipf value (log10 of occurrences per billion words), or `None` if the list does not have it.
    /// Look-up is exact; callers fold first.
    pub fn zipf(&self, _word: &str) -> Option<f32> {
        None
    }
}

/// All word lists; cheap to clone, loaded when first asked.
pub struct Dictionaries;

impl Dictionaries {
    /// The lexicon of a language; `None` where there is none.
    pub fn lexicon(&self, _language: Language) -> Option<&Lexicon> {
        None
    }
}
