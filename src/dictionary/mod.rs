//! The word lists of `dictionaries/`, compiled into the binary, the words of the issue itself, and those of a collection.
//!
//! [`Dictionaries`] is handed to whoever needs words; nothing here is global but bytes. Every look-up is exact: fold first
//! ([`fold_latin`], [`fold_han_text`]), except in [`IssueWords`] and [`Vocabulary`], which fold what they are asked.

use std::sync::Arc;

use crate::breaks::Weights;
use crate::model::Language;
use crate::scripts::Profile;

mod fold;
mod han;
mod issue_words;
mod layout;
mod lexicon;
mod misread;
mod user;
mod vocabulary;
mod words;

pub use fold::{after_elision, fold_latin};
pub use han::{HanStatistics, WEAK, fold_han, fold_han_text};
pub use issue_words::IssueWords;
pub use lexicon::{Lexicon, WordsAt};
pub use misread::Misread;
pub use user::{AllowList, Replacing, UserDictionary, parse_words, word_list};
pub use vocabulary::{Vocabulary, VocabularyBuilder, VocabularyError};

/// All word lists: a handle that is cheap to make and to clone. Lists are opened, without reading them, when first asked for.
#[derive(Clone, Debug, Default)]
pub struct Dictionaries {
    vocabulary: Option<Arc<Vocabulary>>,
    weights: Option<Arc<Weights>>,
    profile: Arc<Profile>,
    user: Option<Arc<UserDictionary>>,
    allowed: Option<Arc<AllowList>>,
}

impl Dictionaries {
    /// The lists in the binary, without a vocabulary.
    pub fn builtin() -> Self {
        Dictionaries::default()
    }

    /// The same with the vocabulary of a collection.
    pub fn with_vocabulary(self, vocabulary: Vocabulary) -> Self {
        Dictionaries { vocabulary: Some(Arc::new(vocabulary)), ..self }
    }

    /// The same with break models a team has trained.
    pub fn with_weights(self, weights: Weights) -> Self {
        Dictionaries { weights: Some(Arc::new(weights)), ..self }
    }

    /// The same with the replacements of a collection.
    pub fn with_user(self, user: UserDictionary) -> Self {
        Dictionaries { user: Some(Arc::new(user)), ..self }
    }

    /// The replacements of the collection, if it has any.
    pub fn user(&self) -> Option<&UserDictionary> {
        self.user.as_deref()
    }

    /// The same with text that is right as it is.
    pub fn with_allowed(self, allowed: AllowList) -> Self {
        Dictionaries { allowed: Some(Arc::new(allowed)), ..self }
    }

    /// What is right as it is, if anything was written down.
    pub fn allowed(&self) -> Option<&AllowList> {
        self.allowed.as_deref()
    }

    /// The same with the forms the text is to be given.
    pub fn with_profile(self, profile: Profile) -> Self {
        Dictionaries { profile: Arc::new(profile), ..self }
    }

    /// The forms the text is to be given; as printed unless a profile says otherwise.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The lexicon of a language; `None` where there is none. Chinese has one, in simplified characters: fold traditional
    /// text with [`fold_han_text`] first (folding simplified text changes next to nothing).
    pub fn lexicon(&self, language: Language) -> Option<&Lexicon> {
        match language {
            Language::Unknown => None,
            Language::Zh | Language::ZhHans | Language::ZhHant => Some(&lexicon::ZH),
            Language::De => Some(&lexicon::DE),
            Language::En => Some(&lexicon::EN),
            Language::Fr => Some(&lexicon::FR),
        }
    }

    /// How Han characters stand in words.
    pub fn han(&self) -> &HanStatistics {
        &HanStatistics::BUILTIN
    }

    /// Common words with a character taken for its look-alike.
    pub fn misread(&self) -> &'static Misread {
        Misread::builtin()
    }

    /// The vocabulary the config names, if it names one.
    pub fn vocabulary(&self) -> Option<&Vocabulary> {
        self.vocabulary.as_deref()
    }

    /// The weights of the break models.
    pub fn weights(&self) -> &Weights {
        self.weights.as_deref().unwrap_or(Weights::builtin())
    }
}
