//! The reasons a person sees: the weightiest features of a decision, with the words they rest on.

use super::feature::Word;
use super::line::{Lead, Opening};
use super::run::Run;
use super::sign::Sign;
use super::word::{Features, Parts};
use crate::breaks::loglinear::{Feature, LogLinear};
use crate::breaks::{Boundary, Joint};
use crate::edit::{Evidence, EvidenceList};

/// How many reasons are given.
const MOST: usize = 4;

/// Why the word goes on.
pub fn of_word(run: &Run, b: &Boundary, parts: &Parts, features: &Features, model: &LogLinear) -> EvidenceList {
    weightiest(features, model, |f| named(run, b, parts, f))
}

/// Why the hyphen stays or goes.
pub fn of_hyphen(run: &Run, b: &Boundary, parts: &Parts, features: &Features, model: &LogLinear) -> EvidenceList {
    weightiest(features, model, |f| named(run, b, parts, f))
}

/// Why no word is cut: the paragraph goes on, or ends.
pub fn of_space(run: &Run, b: &Boundary, joint: Joint) -> EvidenceList {
    let (before, after) = (run.view(b.before), run.view(b.after));
    let ends = joint == Joint::Paragraph;
    let mut list = EvidenceList::new();
    if before.sign.is_final() || before.sign == Sign::Mixed {
        if ends {
            list.push(Evidence::named("final-mark"));
        }
    } else if !ends {
        list.push(Evidence::named("no-final-mark"));
    }
    match (after.opening, after.lead) {
        (_, Lead::Dash) if ends => list.push(Evidence::named("next-opens-with-dash")),
        (_, Lead::Quote) if ends => list.push(Evidence::named("next-opens-with-quote")),
        (Opening::Lower, _) if !ends => list.push(Evidence::named("next-lower-case")),
        (Opening::Upper, _) if ends => list.push(Evidence::named("next-capital")),
        (Opening::Digit, _) if ends => list.push(Evidence::named("next-opens-with-number")),
        _ => {}
    }
    if run.is_short(b.before) == ends {
        list.push(Evidence::named(if ends { "line-shorter-than-column" } else { "line-full" }));
    }
    if list.is_empty() {
        list.push(Evidence::named(if ends { "lines-around" } else { "same-block" }));
    }
    list
}

fn weightiest(features: &Features, model: &LogLinear, name: impl Fn(Feature) -> Option<Evidence>) -> EvidenceList {
    let mut weighed: Vec<(f32, Feature)> = features.iter().map(|f| (model.contribution(*f), *f)).filter(|(w, _)| w.abs() >= 0.1).collect();
    weighed.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
    let mut list = EvidenceList::new();
    for (weight, feature) in weighed {
        if list.len() == MOST {
            break;
        }
        let Some(evidence) = name(feature) else { continue };
        match list.iter_mut().find(|e| e.name == evidence.name) {
            Some(same) => same.weight += weight,
            None => list.push(evidence.weighing(weight)),
        }
    }
    if list.is_empty() {
        list.push(Evidence::named("line-end"));
    }
    list
}

fn named(run: &Run, b: &Boundary, parts: &Parts, (index, _): Feature) -> Option<Evidence> {
    let is = |feature: Word| feature as u16 == index;
    let any = |features: &[Word]| features.iter().any(|f| is(*f));
    let before = run.view(b.before);
    Some(if any(&[Word::JoinedKnown, Word::JoinedZipf, Word::JoinedOverParts, Word::JoinedOverChance, Word::JoinedRare]) {
        Evidence::text("lexicon", parts.joined.as_str())
    } else if is(Word::JoinedIssue) {
        Evidence::count("elsewhere-in-issue", parts.joined_issue)
    } else if is(Word::HyphenatedIssue) {
        Evidence::count("hyphenated-elsewhere", parts.hyphenated_issue)
    } else if any(&[Word::BothKnown, Word::LeastZipf, Word::BeforeZipf, Word::AfterZipf]) {
        Evidence::text("parts-are-words", format!("{}|{}", parts.before_folded, parts.after_folded))
    } else if any(&[Word::BeforeUnknown, Word::AfterUnknown]) {
        Evidence::text("part-is-no-word", if is(Word::BeforeUnknown) { parts.before } else { parts.after })
    } else if any(&[Word::BeforeIssue, Word::AfterIssue]) {
        let (part, count) =
            if is(Word::BeforeIssue) { (&parts.before_folded, parts.before_issue) } else { (&parts.after_folded, parts.after_issue) };
        Evidence::text("part-elsewhere-in-issue", format!("{part}={count}"))
    } else if any(&[Word::Ascii, Word::NotSign, Word::DoubleHyphen, Word::Soft, Word::Equals]) {
        Evidence::named("line-end-hyphen")
    } else if (Word::HyphenAnd as u16..=Word::Mixed as u16).contains(&index) {
        Evidence::text("line-end-mark", run.text[before.tail.1 as usize..before.end as usize].trim())
    } else {
        Evidence::named(Word::NAMES[index as usize])
    })
}
