//! `interleaved-columns`: two columns read across, so that their lines alternate.

use smallvec::smallvec;

use super::{Meta, Proposals, Rule, Stage, View};
use crate::dictionary::{Dictionaries, fold_han, fold_latin};
use crate::edit::{Evidence, Finding, Related, Severity};
use crate::messages::say;
use crate::model::Issue;
use crate::places::Places;

pub struct InterleavedColumns;

/// Words over the line between that a stretch needs. Split words of Latin text are hardly ever made by chance, words of two Han characters
/// sometimes.
const LATIN: u32 = 2;
const HAN: u32 = 4;
/// What a word over the next line takes away, and a line that tells nothing.
const AGAINST: f32 = 1.0;
const SILENT: f32 = 0.08;
/// ln(1 + count) of two Han characters side by side in words: a common word, not a chance pair.
const PAIR: f32 = 4.0;

impl Rule for InterleavedColumns {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "interleaved-columns",
            stage: Stage::Findings,
            severity: Severity::Warning,
            summary: "Reports lines of which each goes on in the next but one: two columns cut into each other line by line.",
            why: "OCR that misses the gap between two columns reads across them; every sentence is torn and every count of words is wrong.",
            caution: "Only lines that alternate one by one are found, not two columns on one line. Words cut by line ends are the evidence: short stretches and text without them stay unseen. Nothing is moved.",
            source: "Words of the lexicon over line ends, of the next line and of the next but one.",
            examples: &[],
        }
    }

    fn check_issue(&self, view: &View, out: &mut Proposals) {
        let issue = view.read;
        for page in &issue.pages {
            let lines: Vec<usize> = issue.regions[page.regions.clone()]
                .iter()
                .flat_map(|r| r.lines.clone())
                .filter(|l| !issue.lines[*l].role.is_furniture())
                .collect();
            if lines.len() >= 4 {
                self.page(view, &lines, out);
            }
        }
    }
}

impl InterleavedColumns {
    fn page(&self, view: &View, lines: &[usize], out: &mut Proposals) {
        let issue = view.read;
        // For each line: its word goes on in the next line, in the next but one, or nobody can tell.
        let words: Vec<(bool, bool)> = (0..lines.len())
            .map(|i| {
                let over = |to: usize| lines.get(to).is_some_and(|l| goes_on(issue, lines[i], *l, view.dictionaries));
                let next = over(i + 1);
                (next, !next && over(i + 2))
            })
            .collect();
        let mut from = 0;
        while let Some((start, end)) = stretch(&words, from) {
            from = end;
            let over = words[start..end].iter().filter(|w| w.1).count() as u32;
            let against = words[start..end].iter().filter(|w| w.0).count() as u32;
            let least = if issue.line_language(lines[start]).is_chinese() { HAN } else { LATIN };
            if over < least || against * 3 > over {
                continue;
            }
            let last = (end + 1).min(lines.len() - 1);
            let places = Places::new(issue);
            let numbers = |first: usize| {
                let all: Vec<String> = (first..=last).step_by(2).map(|i| places.of(&issue.lines[lines[i]].span).line.to_string()).collect();
                all.join(", ")
            };
            let evidence = [Evidence::count("words-over-the-next-line", over), Evidence::count("words-into-the-next-line", against)];
            out.findings.push(Finding {
                rule: self.meta().name,
                severity: self.meta().severity,
                places: smallvec![view_span(view, lines[start], lines[last])],
                message: say("interleaved-columns.found", &[("first", &numbers(start)), ("second", &numbers(start + 1))]),
                evidence: evidence.into_iter().collect(),
                related: vec![related_read(view, "second-column", lines[start + 1])],
            });
        }
    }
}

/// The stretch from `from` on that speaks most for lines that alternate.
fn stretch(words: &[(bool, bool)], from: usize) -> Option<(usize, usize)> {
    let (mut sum, mut start) = (0.0f32, from);
    let mut best: Option<(f32, usize, usize)> = None;
    for (i, (next, over)) in words.iter().enumerate().skip(from) {
        let step = match (next, over) {
            (_, true) => 1.0,
            (true, _) => -AGAINST,
            _ => -SILENT,
        };
        if sum <= 0.0 {
            (sum, start) = (0.0, i);
        }
        sum += step;
        if *over && best.is_none_or(|b| sum > b.0) {
            best = Some((sum, start, i + 1));
        }
        // A stretch that has ended is not joined with a later one.
        if sum <= 0.0 && best.is_some_and(|b| b.0 > 1.5) {
            break;
        }
    }
    best.filter(|b| b.0 > 1.0).map(|b| (b.1, b.2))
}

/// A word stands over the end of one line and the start of another.
fn goes_on(issue: &Issue, line: usize, to: usize, dictionaries: &Dictionaries) -> bool {
    let (a, b) = (issue.line_text(line).trim(), issue.line_text(to).trim());
    let language = issue.line_language(line);
    if language.is_chinese() {
        let (Some(last), Some(first)) = (a.chars().next_back(), b.chars().next()) else { return false };
        return dictionaries.han().inside(fold_han(last), fold_han(first)) >= PAIR;
    }
    let Some(lexicon) = dictionaries.lexicon(language) else { return false };
    let Some(part) = a.strip_suffix(['-', '¬', '⸗', '\u{ad}']) else { return false };
    let letters = |c: char| c.is_alphabetic() || c == 'ſ';
    let head = part.rsplit(|c| !letters(c)).next().unwrap_or_default();
    let tail = b.split(|c| !letters(c)).next().unwrap_or_default();
    if head.chars().count() < 2 || tail.chars().count() < 2 || !tail.starts_with(char::is_lowercase) {
        return false;
    }
    lexicon.contains(&fold_latin(&format!("{head}{tail}")))
}

/// From the first line to the last, in the text the rule is asked about.
fn view_span(view: &View, first: usize, last: usize) -> std::ops::Range<usize> {
    let (first, last) = (&view.read.lines[first].span, &view.read.lines[last].span);
    view.back.to_new(first.clone()).start..view.back.to_new(last.clone()).end
}

fn related_read(view: &View, role: &'static str, line: usize) -> Related {
    let places = Places::new(view.read);
    let place = places.of(&view.read.lines[line].span);
    let text: String = view.read.line_text(line).chars().take(24).collect();
    Related { role, path: place.path.to_string_lossy().into(), line: place.line, text: text.into() }
}
