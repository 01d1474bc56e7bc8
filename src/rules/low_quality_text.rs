//! `low-quality-text`: a page, or a block of one, that hardly reads like text.

use smallvec::smallvec;

use super::{Meta, Proposals, Rule, Stage, View};
use crate::edit::{Evidence, EvidenceList, Finding, Severity};
use crate::messages::say;
use crate::model::Span;
use crate::quality::Tally;

pub struct LowQualityText;

/// Scores below this are reported: one character in five misread. Under it neither search nor reading is served, and every repair
/// stands on guesses.
const PAGE: f32 = 0.8;
/// The same for a block on a page that is good enough.
const REGION: f32 = 0.65;
/// Letters a page or a block needs to be judged.
const LETTERS: u32 = 200;
/// Share of repeated lines, or of split words at line ends, that is reported whatever the score.
const REPEATED: f32 = 0.3;

impl Rule for LowQualityText {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "low-quality-text",
            stage: Stage::Findings,
            severity: Severity::Warning,
            summary: "Reports a page, or a block of one, of which the words say that a fifth of the characters or more are misread, or whose lines repeat.",
            why: "A bad scan, a wrong language or script in the OCR, or a wrong turn of the page: OCR again costs less than repair.",
            caution: "Dialect, old spelling, lists of names and languages without a word list look worse than they are. The score estimates the share of right characters; on real OCR it orders pages well, and a single page may be off by a few hundredths.",
            source: "Known words and odd mixes as signs of OCR errors (Taghva et al. 2001; Alex and Burns 2014); weights fitted as src/quality says.",
            examples: &[],
        }
    }

    fn check_issue(&self, view: &View, out: &mut Proposals) {
        let issue = view.issue;
        for (number, page) in issue.pages.iter().enumerate() {
            let Some(tally) = view.quality.pages.get(number).filter(|t| enough(t)) else { continue };
            let first = |region: usize| issue.lines[issue.regions[region].lines.start].span.clone();
            let repeats = tally.parts().repeated >= REPEATED;
            if let Some(score) = tally.score().filter(|s| *s < PAGE || repeats) {
                let key = if score < PAGE { "low-quality-text.page" } else { "low-quality-text.repeated" };
                out.findings.push(self.found(key, view.articles.pages[number].number, score, tally, first(page.regions.start)));
                continue;
            }
            // Blocks that stand one after the other are one finding.
            let mut region = page.regions.start;
            while region < page.regions.end {
                let (start, mut sum) = (region, Tally::default());
                while region < page.regions.end && view.quality.regions[region].score().is_some_and(|s| s < REGION) {
                    sum.add(&view.quality.regions[region]);
                    region += 1;
                }
                if let Some(score) = sum.score().filter(|_| enough(&sum)) {
                    out.findings.push(self.found("low-quality-text.region", view.articles.pages[number].number, score, &sum, first(start)));
                }
                region = region.max(start + 1);
            }
        }
    }
}

impl LowQualityText {
    fn found(&self, key: &str, page: u32, score: f32, tally: &Tally, place: Span) -> Finding {
        let shown = format!("{score:.2}");
        Finding {
            rule: self.meta().name,
            severity: self.meta().severity,
            places: smallvec![place],
            message: say(key, &[("page", &page), ("score", &shown)]),
            evidence: evidence(tally),
            related: Vec::new(),
        }
    }
}

/// A Han character says as much as two letters.
fn enough(tally: &Tally) -> bool {
    tally.letters + 2 * tally.han >= LETTERS
}

/// The parts of the score, in hundredths.
fn evidence(tally: &Tally) -> EvidenceList {
    let parts = tally.parts();
    let percent = |share: f32| (share * 100.0).round() as u32;
    let mut evidence: EvidenceList = [
        Evidence::count("percent-known", percent(parts.known)),
        Evidence::count("percent-odd", percent(parts.odd)),
        Evidence::count("percent-soup", percent(parts.soup)),
        Evidence::count("percent-repeated", percent(parts.repeated)),
        Evidence::count("percent-broken", percent(parts.broken)),
    ]
    .into_iter()
    .collect();
    evidence.extend(parts.confidence.map(|c| Evidence::count("percent-confidence", percent(c))));
    evidence
}
