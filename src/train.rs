//! Fitting the weights of the break models to labelled boundaries.
//!
//! Gold is what [`crate::evaluate`] reads. Fitting begins with known weights, which a few hundred labelled boundaries move a little and
//! many thousands replace; a folder of weights takes the place of those in the binary ([`crate::breaks::Weights::load`]).

use std::collections::BTreeMap;

use crate::breaks::latin::train::{Gold, SourceWeights};
use crate::breaks::{self, Boundary, BoundaryKind, Context, Joint, Weights, han, latin};
use crate::dictionary::Dictionaries;
use crate::evaluate::{Kind, Labelled};
use crate::model::Issue;
use crate::structure;

/// The penalty on what differs from the known weights (or from 0): a standard deviation of 1 in log-odds.
pub const PENALTY: f64 = 1.0;

/// What a break counts of a text cut down to the characters around it: joins are rarer than one in two.
const CUT_JOIN: f32 = 0.3;
const CUT_OTHER: f32 = 0.7;

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
        let mut cases = Cases { texts: texts.len(), ..Cases::default() };
        for text in texts {
            for kind in breaks::boundaries(&text.issue).iter().filter_map(|b| text.kind(b)) {
                *cases.kinds.entry(kind).or_default() += 1;
            }
        }
        for text in texts {
            cases.add(text, dictionaries, SourceWeights { words: 1.0, paragraphs: f32::from(u8::from(paragraphs)) });
            for cut in cuts(text) {
                let join = cut.gold.values().any(|k| *k == Kind::Join);
                cases.add(&cut, dictionaries, SourceWeights { words: if join { CUT_JOIN } else { CUT_OTHER }, paragraphs: 0.0 });
            }
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

/// Two breaks of a Chinese text, a join and another if there are both, with only some characters left on either side: models
/// fitted to whole articles alone take the rest of a column for a title.
fn cuts(text: &Labelled) -> Vec<Labelled> {
    let boundaries = breaks::boundaries(&text.issue);
    let labelled: Vec<(usize, &Boundary, Kind)> = (0..)
        .zip(&boundaries)
        .filter(|(_, b)| b.kind == BoundaryKind::Region && text.issue.line_language(b.before).is_chinese())
        .filter_map(|(i, b)| Some((i, b, text.kind(b)?)))
        .collect();
    let cut = |join: bool| {
        let of_kind: Vec<_> = labelled.iter().filter(|(.., kind)| (*kind == Kind::Join) == join).collect();
        let (i, b, kind) = *of_kind.get(of_kind.len() / 2)?;
        let (before, after) = (text.issue.line_text(b.before).trim(), text.issue.line_text(b.after).trim());
        // A short line to a few lines, spread over the texts without chance.
        let [left, right] = [0, 17].map(|shift| 8 + (37 * i + before.len() + after.len() + shift) % 53);
        let tail = before.char_indices().rev().nth(left).map_or(before, |(at, c)| &before[at + c.len_utf8()..]);
        let head = after.char_indices().nth(right).map_or(after, |(at, _)| &after[..at]);
        let mut issue = Issue { text: format!("{tail}\n\n{head}\n"), ..Issue::default() };
        structure::structure(&mut issue, Some(text.issue.line_language(b.before)));
        let gold = [((1, 3), *kind)].into_iter().collect();
        (issue.lines.len() == 2).then(|| Labelled { issue, gold, physical: vec![1, 3] })
    };
    [true, false].into_iter().filter_map(cut).collect()
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
