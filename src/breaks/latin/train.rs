//! Fits the weights of all Latin models to labelled issues.

use std::fmt::Write as _;

use super::boxes;
use super::context;
use super::feature::{Boxes, Word, paragraph_names};
use super::line::Opening;
use super::model::{BOXES, PARAGRAPH_MODELS, WORD_MODELS};
use super::run::Run;
use super::word::{Features, Kind};
use crate::breaks::loglinear::{Case, LogLinear};
use crate::breaks::weights::LATIN;
use crate::breaks::{Boundary, BoundaryKind, Context, Joint, Weights};
use crate::model::Language;

/// Parts into which issues fall for the first look.
const PARTS: usize = 5;

/// How far a language may leave what all share: the features of its own copy are worth this much.
const OWN: f32 = 0.7;

/// What is known to be right at a boundary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gold {
    Is(Joint),
    /// A space or a paragraph.
    Apart,
}

/// How much the cases of a source count.
#[derive(Clone, Copy, Debug)]
pub struct SourceWeights {
    pub words: f32,
    pub paragraphs: f32,
}

/// Labelled cases of all models.
#[derive(Clone, Debug, Default)]
pub struct Cases {
    word: [Vec<(Language, Case)>; 4],
    paragraph: Vec<(Features, bool, f32)>,
    /// For each of them what the boxes say, where there are any.
    boxes: Vec<Option<Features>>,
    /// For each boundary of each run: the case in `paragraph`, if it is one. Neighbours stand beside each other.
    runs: Vec<Vec<Option<usize>>>,
}

impl Cases {
    /// Adds the boundaries of a labelled run. The weights balance sources against each other; `paragraphs` is 0 for snippets that
    /// were cut out as one paragraph and so tell nothing of where paragraphs end.
    pub fn add(
        &mut self,
        ctx: &Context,
        boundaries: &[Boundary],
        gold: impl Fn(&Boundary) -> Option<Gold>,
        SourceWeights { words: weight, paragraphs }: SourceWeights,
    ) {
        let run = Run::new(ctx, boundaries);
        let measures = run.measures();
        let mut places = vec![None; boundaries.len()];
        for (place, b) in places.iter_mut().zip(boundaries) {
            if b.kind != BoundaryKind::Line {
                continue;
            }
            let gold = gold(b);
            if paragraphs > 0.0 && run.paragraphs_are_open(b) {
                // Without a label the first look at it is still a neighbour's feature.
                let weight = if matches!(gold, Some(Gold::Is(_))) { paragraphs } else { 0.0 };
                *place = Some(self.paragraph.len());
                let cut = run.view(b.before).sign.is_hyphen() && run.view(b.after).opening == Opening::Lower;
                self.boxes.push(boxes::features(ctx.issue, b, 0.0).filter(|_| !cut));
                self.paragraph.push((run.paragraph(b, &measures), gold == Some(Gold::Is(Joint::Paragraph)), weight));
            }
            let Some(gold) = gold else { continue };
            if gold == Gold::Is(Joint::Paragraph) || run.plain(b) {
                continue;
            }
            let language = run.language(b.before);
            let (_, features) = run.word(b);
            let sign = run.view(b.before).sign;
            let goes_on = matches!(gold, Gold::Is(Joint::Join | Joint::Keep | Joint::Hanging));
            self.word[Kind::of(sign) as usize].push((language, case(&features, goes_on, weight)));
            if goes_on && sign.has_hyphen() {
                // Hyphens that stay are rare in every source: each counts.
                self.word[3].push((language, case(&features, gold != Gold::Is(Joint::Join), 1.0)));
            }
        }
        self.runs.push(places);
    }

    /// Takes in the cases of other issues.
    pub fn merge(&mut self, other: &Cases) {
        for (mine, theirs) in self.word.iter_mut().zip(&other.word) {
            mine.extend_from_slice(theirs);
        }
        let offset = self.paragraph.len();
        self.paragraph.extend_from_slice(&other.paragraph);
        self.boxes.extend_from_slice(&other.boxes);
        self.runs.extend(other.runs.iter().map(|r| r.iter().map(|p| p.map(|i| i + offset)).collect()));
    }

    /// The weights files, by name below the folder of weights: of words for languages that have cases and for all others together,
    /// of paragraphs where they are labelled. `known`: weights to begin with.
    pub fn fit(&self, penalty: f64, known: Option<&Weights>) -> Vec<(String, String)> {
        let mut words: Vec<String> = vec![String::new(); LATIN.len()];
        for ((i, cases), name) in self.word.iter().enumerate().zip(WORD_MODELS) {
            let penalty = if name == "hyphen" { penalty * 0.3 } else { penalty };
            let known = known.map(|k| LATIN.map(|l| k.words(l).models()[i]));
            let models = fit_languages(cases, Word::NAMES.len(), penalty, known);
            for ((file, model), language) in words.iter_mut().zip(models).zip(LATIN) {
                push_rows(file, name, &model, Word::NAMES, Some(language));
            }
        }
        let names = paragraph_names();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let labelled = |cases: Vec<Case>| cases.into_iter().filter(|c| c.weight > 0.0).collect::<Vec<_>>();
        let penalty = penalty * PARAGRAPH_PENALTY;
        let known = known.map(|k| &k.paragraphs);
        let fit = |cases: &[Case], known: Option<&LogLinear>| match known {
            Some(known) => known.refit(cases, penalty),
            None => LogLinear::fit(cases, names.len(), penalty),
        };
        let first = fit(&labelled(self.paragraph_cases(None)), known.map(|k| &k.first));
        let look = self.first_look(|cases| fit(cases, known.map(|k| &k.first)));
        let context = fit(&labelled(self.paragraph_cases(Some(&look))), known.map(|k| &k.context));
        let mut paragraphs = String::new();
        if let Some(boxes) = self.fit_boxes(&context, &look, known.and_then(|k| k.boxes.as_ref())) {
            push_rows(&mut paragraphs, BOXES, &boxes, Boxes::NAMES, None);
        }
        for (name, model) in PARAGRAPH_MODELS.iter().zip([first, context]) {
            push_rows(&mut paragraphs, name, &model, &names, None);
        }
        let seen = |own: usize| self.word.iter().flatten().any(|(l, _)| index(*l) == own || own == LATIN.len() - 1);
        let rows = LATIN.iter().zip(words).enumerate().filter(|(own, _)| seen(*own));
        let mut files: Vec<(String, String)> =
            rows.map(|(_, (language, file))| (format!("latin/words-{}.tsv", language.code()), sorted(&file))).collect();
        if self.paragraph.iter().any(|(_, _, weight)| *weight > 0.0) {
            files.push(("latin/paragraphs.tsv".to_owned(), sorted(&paragraphs)));
        }
        files
    }

    /// What boxes say beside what the text says; of texts without boxes the known weights, if any.
    fn fit_boxes(&self, context: &LogLinear, look: &[f32], known: Option<&LogLinear>) -> Option<LogLinear> {
        let texts = self.paragraph_cases(Some(look));
        let cases: Vec<Case> = texts
            .iter()
            .zip(&self.boxes)
            .filter(|(text, _)| text.weight > 0.0)
            .filter_map(|(text, boxes)| {
                let mut features = boxes.clone()?;
                features[0] = boxes::text_says(context.log_odds(&text.features));
                Some(case(&features, text.outcome, text.weight))
            })
            .collect();
        match known {
            _ if cases.is_empty() => known.cloned(),
            Some(known) => Some(known.refit(&cases, BOXES_PENALTY)),
            None => Some(LogLinear::fit(&cases, Boxes::NAMES.len(), BOXES_PENALTY)),
        }
    }

    /// What a first look says of each paragraph case when it has not seen the case's issue: a model is too sure of what it was fitted to.
    fn first_look(&self, fit: impl Fn(&[Case]) -> LogLinear) -> Vec<f32> {
        let cases = self.paragraph_cases(None);
        let mut part = vec![0; cases.len()];
        for (number, run) in self.runs.iter().enumerate() {
            run.iter().flatten().for_each(|i| part[*i] = number % PARTS);
        }
        let mut odds = vec![0.0; cases.len()];
        for held in 0..PARTS {
            let seen: Vec<Case> = cases.iter().zip(&part).filter(|(c, p)| c.weight > 0.0 && **p != held).map(|(c, _)| c.clone()).collect();
            let model = fit(&seen);
            for i in (0..cases.len()).filter(|i| part[*i] == held) {
                odds[i] = model.log_odds(&cases[i].features);
            }
        }
        odds
    }

    /// The paragraph cases; given the first look at each, with what it says of their neighbours.
    fn paragraph_cases(&self, odds: Option<&[f32]>) -> Vec<Case> {
        let mut features: Vec<Features> = self.paragraph.iter().map(|(f, ..)| f.clone()).collect();
        if let Some(odds) = odds {
            for run in &self.runs {
                let row: Vec<Option<f32>> = run.iter().map(|place| place.map(|i| odds[i])).collect();
                for (at, place) in run.iter().enumerate() {
                    if let Some(i) = place {
                        features[*i].extend(context::neighbours(&row, at));
                    }
                }
            }
        }
        let case = |(f, (_, outcome, weight)): (Features, &(Features, bool, f32))| case(&context::in_settings(&f), *outcome, *weight);
        features.into_iter().zip(&self.paragraph).map(case).collect()
    }
}

/// The penalty of paragraph ends, of which there are many cases, against that of words.
const PARAGRAPH_PENALTY: f64 = 0.15;

/// The penalty of what boxes say.
const BOXES_PENALTY: f64 = 2.0;

/// From which probability on a decision is proposed, and applied by default: from measured precision, never fitted.
const THRESHOLDS: [(&str, f32, f32); 7] = [
    ("sign", 0.5, 0.96),
    ("mark", 0.6, 0.96),
    ("bare", 0.5, 0.96),
    ("hyphen", 0.5, 0.97),
    ("first", 0.4, 0.97),
    ("context", 0.42, 0.97),
    ("boxes", 0.5, 0.97),
];

/// The English models are more careful than they would have to be: what they call 0.95 was right in more of 100 cases.
const SAFE_ENGLISH: f32 = 0.95;

/// Without a lexicon only the mark speaks: where it is no split sign, it has to speak clearly.
const REVIEW_WITHOUT_LEXICON: f32 = 0.8;

/// The weights and thresholds of a model; `language` for models of words.
fn push_rows(file: &mut String, name: &str, model: &LogLinear, names: &[&str], language: Option<Language>) {
    let mut model = model.clone();
    if let Some((_, review, safe)) = THRESHOLDS.iter().find(|(n, ..)| *n == name) {
        (model.review, model.safe) = (*review, *safe);
    }
    match language {
        Some(Language::En) if name != "hyphen" => model.safe = SAFE_ENGLISH,
        Some(Language::Unknown) if matches!(name, "mark" | "bare") => model.review = REVIEW_WITHOUT_LEXICON,
        _ => {}
    }
    for row in model.to_tsv(names).lines() {
        let _ = writeln!(file, "{name}:{row}");
    }
}

fn sorted(file: &str) -> String {
    let mut rows: Vec<&str> = file.lines().collect();
    rows.sort_unstable();
    rows.join("\n") + "\n"
}

/// Where the models of a language stand among those that are fitted.
fn index(language: Language) -> usize {
    LATIN.iter().position(|l| *l == language).unwrap_or(LATIN.len() - 1)
}

fn case(features: &Features, outcome: bool, weight: f32) -> Case {
    Case { features: features.to_vec(), outcome, weight }
}

/// One fit for all languages: each has a copy of every feature for itself beside the shared one.
fn fit_languages(cases: &[(Language, Case)], features: usize, penalty: f64, known: Option<[&LogLinear; LATIN.len()]>) -> Vec<LogLinear> {
    let copies = LATIN.len() - 1;
    let width = features + 1;
    let spread: Vec<Case> = cases
        .iter()
        .map(|(language, case)| {
            let mut case = case.clone();
            let own = index(*language);
            if own < copies {
                let offset = (width * (own + 1)) as u16;
                let mut copy: Vec<(u16, f32)> = case.features.iter().map(|(i, v)| (i + offset, v * OWN)).collect();
                copy.push((offset + features as u16, OWN));
                case.features.extend(copy);
            }
            case
        })
        .collect();
    let all = match known {
        // The shared weights, then the copies with what each language has beside them; the shared bias comes last.
        Some(known) => {
            let weight = |model: &LogLinear, i: usize| if i < features { model.contribution((i as u16, 1.0)) } else { model.bias() };
            let shared = known[copies];
            let mut center: Vec<f32> = (0..features).map(|i| weight(shared, i)).collect();
            center.push(0.0);
            for own in &known[..copies] {
                center.extend((0..width).map(|i| (weight(own, i) - weight(shared, i)) / OWN));
            }
            LogLinear::new(center, shared.bias(), 1.0, 1.0).refit(&spread, penalty)
        }
        None => LogLinear::fit(&spread, width * (copies + 1), penalty),
    };
    (0..LATIN.len())
        .map(|own| {
            let weight = |i: usize| {
                let shared = if i < features { all.contribution((i as u16, 1.0)) } else { all.bias() };
                let mine = if own < copies { all.contribution(((width * (own + 1) + i) as u16, OWN)) } else { 0.0 };
                shared + mine
            };
            LogLinear::new((0..features).map(weight).collect(), weight(features), 0.5, 0.97)
        })
        .collect()
}
