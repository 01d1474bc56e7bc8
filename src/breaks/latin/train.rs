//! Fits the weights of all Latin models to labelled issues.

use std::fmt::Write as _;

use super::context;
use super::feature::{Paragraph, Word};
use super::model::{Models, NAMES};
use super::run::Run;
use super::word::{Features, Kind};
use crate::breaks::loglinear::{Case, LogLinear};
use crate::breaks::{Boundary, BoundaryKind, Context, Joint};
use crate::model::Language;

/// The languages that have weights of their own; the last stands for all others.
const LANGUAGES: [Language; 4] = [Language::De, Language::En, Language::Fr, Language::Unknown];

/// How far a language may leave what all share: the features of its own copy are worth this much.
const OWN: f32 = 0.7;

/// What is known to be right at a boundary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gold {
    Is(Joint),
    /// A space or a paragraph.
    Apart,
}

/// Labelled cases of all models.
#[derive(Clone, Debug, Default)]
pub struct Cases {
    word: [Vec<(Language, Case)>; 4],
    paragraph: Vec<(Language, Case)>,
    /// For each boundary of each run: the case in `paragraph`, if it is one. Neighbours stand beside each other.
    runs: Vec<Vec<Option<usize>>>,
}

impl Cases {
    /// Adds the boundaries of a labelled run. `weight` balances sources against each other.
    pub fn add(&mut self, ctx: &Context, boundaries: &[Boundary], gold: impl Fn(&Boundary) -> Option<Gold>, weight: f32) {
        let run = Run::new(ctx, boundaries);
        let measures = run.measures();
        let mut places = vec![None; boundaries.len()];
        for (place, b) in places.iter_mut().zip(boundaries) {
            let Some(gold) = gold(b) else { continue };
            if b.kind != BoundaryKind::Line {
                continue;
            }
            let language = run.language(b.before);
            if gold != Gold::Is(Joint::Paragraph) && !run.plain(b) {
                let (_, features) = run.word(b);
                let kind = Kind::of(run.view(b.before).sign);
                let goes_on = matches!(gold, Gold::Is(Joint::Join | Joint::Keep | Joint::Hanging));
                self.word[kind as usize].push((language, case(&features, goes_on, weight)));
                if goes_on && run.view(b.before).sign.has_hyphen() {
                    self.word[3].push((language, case(&features, gold != Gold::Is(Joint::Join), weight)));
                }
            }
            if let (Gold::Is(joint), true) = (gold, run.paragraphs_are_open(b)) {
                *place = Some(self.paragraph.len());
                self.paragraph.push((language, case(&run.paragraph(b, &measures), joint == Joint::Paragraph, weight)));
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
        self.runs.extend(other.runs.iter().map(|r| r.iter().map(|p| p.map(|i| i + offset)).collect()));
    }

    /// The weights file of each language with data of its own, and of all others (`und`).
    pub fn fit(&self, penalty: f64) -> Vec<(Language, String)> {
        let mut files: Vec<String> = vec![String::new(); LANGUAGES.len()];
        let mut add = |name: &str, models: &[LogLinear], names: &[&str]| {
            for (file, model) in files.iter_mut().zip(models) {
                for row in model.to_tsv(names).lines() {
                    let _ = writeln!(file, "{name}:{row}");
                }
            }
        };
        for (cases, name) in self.word.iter().zip(NAMES) {
            add(name, &fit_languages(cases, Word::NAMES.len(), penalty), Word::NAMES);
        }
        let first = fit_languages(&self.paragraph, Paragraph::NAMES.len(), penalty);
        add(NAMES[4], &first, Paragraph::NAMES);
        let second = fit_languages(&self.with_context(&first), Paragraph::NAMES.len(), penalty);
        add(NAMES[5], &second, Paragraph::NAMES);
        for file in &mut files {
            let mut rows: Vec<&str> = file.lines().collect();
            rows.sort_unstable();
            *file = rows.join("\n") + "\n";
        }
        LANGUAGES.into_iter().zip(files).collect()
    }

    /// The paragraph cases with what the first look says of their neighbours.
    fn with_context(&self, first: &[LogLinear]) -> Vec<(Language, Case)> {
        let odds: Vec<f32> = self.paragraph.iter().map(|(language, case)| first[index(*language)].log_odds(&case.features)).collect();
        let mut cases = self.paragraph.clone();
        for run in &self.runs {
            let row: Vec<Option<f32>> = run.iter().map(|place| place.map(|i| odds[i])).collect();
            for (at, place) in run.iter().enumerate() {
                if let Some(i) = place {
                    cases[*i].1.features.extend(context::neighbours(&row, at));
                }
            }
        }
        cases
    }
}

/// Reads the fitted weights back, for measuring.
///
/// # Errors
/// As [`Models::parse`].
pub fn models(files: &[(Language, String)]) -> Result<Vec<Models>, String> {
    files.iter().map(|(_, tsv)| Models::parse(tsv)).collect()
}

/// Where the models of a language stand among those that are fitted.
pub fn index(language: Language) -> usize {
    LANGUAGES.iter().position(|l| *l == language).unwrap_or(LANGUAGES.len() - 1)
}

fn case(features: &Features, outcome: bool, weight: f32) -> Case {
    Case { features: features.to_vec(), outcome, weight }
}

/// One fit for all languages: each has a copy of every feature for itself beside the shared one.
fn fit_languages(cases: &[(Language, Case)], features: usize, penalty: f64) -> Vec<LogLinear> {
    let copies = LANGUAGES.len() - 1;
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
    let all = LogLinear::fit(&spread, width * (copies + 1), penalty);
    (0..LANGUAGES.len())
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
