//! Fitting the weights of the break models to labelled boundaries.
//!
//! Gold is what [`crate::evaluate`] reads. Fitting begins with known weights, which a few hundred labelled boundaries move a little and
//! many thousands replace; a folder of weights takes the place of those in the binary ([`crate::breaks::Weights::load`]).

use std::collections::BTreeMap;

use crate::breaks::latin::train::{Gold, SourceWeights};
use crate::breaks::{self, Boundary, Context, Joint, Weights, han, latin};
use crate::dictionary::Dictionaries;
use crate::evaluate::{Kind, Labelled};

/// The penalty on what differs from the known weights (or from 0): a standard deviation of 1 in log-odds.
pub const PENALTY: f64 = 1.0;

/// Labelled boundaries of any number of texts, as cases of all models.
#[derive(Clone, Debug, Default)]
pub struct Cases {
    han: han::train::Cases,
    latin: latin::train::Cases,
    /// How many boundaries of each kind there are.
    pub kinds: BTreeMap<Kind, usize>,
    /// How many texts there are.
    pub texts: usize,
}

impl Cases {
    /// The cases of the texts of one source.
    ///
    /// A source that has no `para` was cut out paragraph by paragraph: it tells nothing of where paragraphs end.
    pub fn of(texts: &[Labelled], dictionaries: &Dictionaries) -> Cases {
        let paragraphs = texts.iter().any(|t| t.gold.values().any(|k| *k == Kind::Para));
        let mut cases = Cases::default();
        for text in texts {
            cases.add(text, dictionaries, SourceWeights { words: 1.0, paragraphs: f32::from(u8::from(paragraphs)) });
        }
        cases
    }

    fn add(&mut self, text: &Labelled, dictionaries: &Dictionaries, weights: SourceWeights) {
        let context = Context::new(&text.issue, dictionaries);
        let boundaries = breaks::boundaries(&text.issue);
        for run in breaks::runs(&text.issue, &boundaries) {
            if text.issue.line_language(run[0].before).is_chinese() {
                let join = |b: &Boundary| text.kind(b).map(|k| k == Kind::Join);
                self.han.add(&context, run, join, weights.words);
            } else {
                self.latin.add(&context, run, |b| text.kind(b).map(gold), weights);
            }
        }
        for kind in boundaries.iter().filter_map(|b| text.kind(b)) {
            *self.kinds.entry(kind).or_default() += 1;
        }
        self.texts += 1;
    }

    /// Takes in the cases of other texts.
    pub fn merge(&mut self, other: Cases) {
        self.han.merge(other.han);
        self.latin.merge(&other.latin);
        for (kind, n) in other.kinds {
            *self.kinds.entry(kind).or_default() += n;
        }
        self.texts += other.texts;
    }

    /// The weights files, by name below the folder of weights, those of models without cases left out. `known`: weights to begin
    /// with; `None` begins with nothing.
    pub fn fit(&self, known: Option<&Weights>) -> Vec<(String, String)> {
        let mut files = self.han.fit(PENALTY, known.map(|k| &k.han));
        files.extend(self.latin.fit(PENALTY, known));
        files
    }

    /// `1,533 join, 7,614 para` for a head line.
    pub fn counts(&self) -> String {
        let counts: Vec<String> = self.kinds.iter().map(|(kind, n)| format!("{n} {}", kind.name())).collect();
        counts.join(", ")
    }
}

fn gold(kind: Kind) -> Gold {
    match kind {
        Kind::Join => Gold::Is(Joint::Join),
        Kind::Keep => Gold::Is(Joint::Keep),
        Kind::Hanging => Gold::Is(Joint::Hanging),
        Kind::Space => Gold::Is(Joint::Space),
        Kind::Para => Gold::Is(Joint::Paragraph),
        Kind::Apart => Gold::Apart,
    }
}
