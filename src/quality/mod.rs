//! How well a text was read, without anything to compare it with.
//!
//! The score is an estimate of the share of characters that are right, 0 to 1. It is made of parts that OCR errors leave behind: words no
//! list knows, odd mixes of letters, digits and capitals, letter soup, marks that stand where none stands; in Chinese, characters that
//! form no word with either neighbour. Weights were fitted to real OCR against its ground truth (German, English and French newspapers
//! 1780–1950) and, for Chinese, to text with a known share of look-alikes put in; `galley evaluate --measure quality` holds
//! the estimate against true error rates. Chinese is never judged by words between spaces: it has none.

mod calibrate;
mod han;
mod issue;
mod latin;

pub use calibrate::{Calibration, error_rate, rank_correlation};
pub use issue::IssueQuality;

use serde::{Deserialize, Serialize};

use crate::dictionary::Dictionaries;
use crate::model::Language;

/// What was counted in a stretch of text; counts of stretches add up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Letters of Latin words, digits included.
    pub letters: u32,
    /// Han characters.
    pub han: u32,
    /// Letters in words that are neither known nor numbers.
    pub unknown: u32,
    /// Of these, in words that open with a small letter: no names, and in German no compounds.
    pub unknown_small: u32,
    /// In unknown words of two to four letters: letter soup.
    pub unknown_short: u32,
    /// In short words that are known but too rare to be meant.
    pub rare: u32,
    /// In words with a capital after a small letter, or with digits among the letters.
    pub mixed: u32,
    /// Letters alone.
    pub single: u32,
    /// Characters that print does not have: `|`, `~`, `\`, U+FFFD.
    pub odd: u32,
    /// Marks where no mark stands: after a space, or before a letter.
    pub stray: u32,
    /// Han characters that form no word with either neighbour and are seldom words by themselves.
    pub alone: u32,
    /// Han characters whose pairs with both neighbours are rare in words.
    pub weak: u32,
    /// Letters of lines that stand in the issue already.
    pub repeated: u32,
    /// Lines that end in a split word nobody joined.
    pub split: u32,
    /// Lines.
    pub lines: u32,
    /// Sum over bytes of words of the confidence the OCR gave, in hundredths.
    pub confidence: u32,
    /// Bytes of words that have one.
    pub confident: u32,
}

/// The parts of a score, each a share of the letters, 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Parts {
    /// Letters in known words; Han characters in words with a neighbour.
    pub known: f32,
    /// Odd mixes, marks where none stands, characters that print does not have.
    pub odd: f32,
    /// Letter soup: unknown short words, letters alone.
    pub soup: f32,
    /// Letters of lines that stand in the issue already.
    pub repeated: f32,
    /// Share of lines that end in a split word.
    pub broken: f32,
    /// Mean confidence of the OCR, where it gave any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f32>,
}

/// Powers of shares are summed, and the sum taken back: one error in a hundred letters shows in more than one word of a hundred.
const POWER: f32 = 0.7;
const BASE: f32 = 0.021;
const OFFSET: f32 = 0.005;
/// Letters under which nothing is said.
const LEAST: u32 = 20;

impl Tally {
    /// Counts a text. `after_split`: it begins with the rest of a word whose first part stands elsewhere.
    pub fn of(text: &str, language: Language, dictionaries: &Dictionaries, after_split: bool) -> Tally {
        let mut tally = Tally { lines: 1, ..Tally::default() };
        if language.is_chinese() {
            han::count(text, dictionaries, &mut tally);
        } else {
            latin::count(text, language, dictionaries, after_split, &mut tally);
        }
        tally
    }

    /// Adds the counts of another stretch.
    pub fn add(&mut self, other: &Tally) {
        self.letters += other.letters;
        self.han += other.han;
        self.unknown += other.unknown;
        self.unknown_small += other.unknown_small;
        self.unknown_short += other.unknown_short;
        self.rare += other.rare;
        self.mixed += other.mixed;
        self.single += other.single;
        self.odd += other.odd;
        self.stray += other.stray;
        self.alone += other.alone;
        self.weak += other.weak;
        self.repeated += other.repeated;
        self.split += other.split;
        self.lines += other.lines;
        self.confidence += other.confidence;
        self.confident += other.confident;
    }

    /// Letters and Han characters.
    pub fn size(&self) -> u32 {
        self.letters + self.han
    }

    /// The estimated share of right characters, 0 to 1; `None` for too little text.
    pub fn score(&self) -> Option<f32> {
        if self.size() < LEAST {
            return None;
        }
        let latin = self.letters as f32 * self.latin_errors();
        let han = self.han as f32 * self.han_errors();
        Some((1.0 - (latin + han) / self.size() as f32).clamp(0.0, 1.0))
    }

    fn latin_errors(&self) -> f32 {
        let share = |n: u32| (n as f32 / self.letters.max(1) as f32).powf(POWER);
        let sum = 0.652 * share(self.mixed)
            + 0.71 * share(self.single)
            + 0.03 * share(self.unknown)
            + 0.199 * share(self.unknown_small)
            + 0.384 * share(self.unknown_short)
            + 0.248 * share(self.rare)
            + 0.677 * share(self.odd)
            + 0.505 * share(self.stray)
            + BASE;
        (sum.powf(1.0 / POWER) - OFFSET).max(0.0)
    }

    fn han_errors(&self) -> f32 {
        let share = |n: u32| n as f32 / self.han.max(1) as f32;
        // Latin letters are judged by themselves; characters print does not have count where they stand.
        let odd = if self.letters < self.han { share(self.odd) } else { 0.0 };
        (1.6 * share(self.alone) + 0.31 * share(self.weak) + odd - 0.045).max(0.0)
    }

    /// What the score is made of.
    pub fn parts(&self) -> Parts {
        let share = |n: u32, of: u32| if of == 0 { 0.0 } else { (n as f32 / of as f32).min(1.0) };
        let size = self.size();
        Parts {
            known: 1.0 - share(self.unknown + self.weak, size),
            odd: share(self.mixed + self.odd + self.stray, size),
            soup: share(self.unknown_short + self.single + self.alone, size),
            repeated: share(self.repeated, size),
            broken: share(self.split, self.lines),
            confidence: (self.confident > 0).then(|| share(self.confidence, self.confident * 100)),
        }
    }
}

/// Characters that stand in no printed newspaper text and in much of what OCR makes of dirt.
pub(super) fn is_odd(c: char) -> bool {
    matches!(
        c,
        '|' | '\\'
            | '<'
            | '>'
            | '{'
            | '}'
            | '^'
            | '~'
            | '#'
            | '@'
            | '_'
            | '='
            | '+'
            | '■'
            | '•'
            | '['
            | ']'
            | '\u{fffd}'
            | '¦'
            | '°'
            | '¤'
            | '©'
            | '®'
            | '¥'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(text: &str, language: Language) -> f32 {
        Tally::of(text, language, &Dictionaries::builtin(), false).score().unwrap()
    }

    #[test]
    fn errors_lower_it() {
        let clean = score("The members of the committee met on Tuesday evening in the hall.", Language::En);
        let read = score("Tho mcmbers of tbe cornmittee met ou Tucsday cvening iu thc ha1l.", Language::En);
        assert!(clean > 0.97 && read < 0.85, "{clean} {read}");
        let clean = score("Der Gemeinderat hat am Dienstag die neue Ordnung der Schulen beraten.", Language::De);
        let read = score("Dcr Gcmcinbcrat l)at ain Diensrag bic nene Orbnung bcr @chnlcn bcratcn.", Language::De);
        assert!(clean > 0.97 && read < 0.85, "{clean} {read}");
    }

    #[test]
    fn chinese_is_not_judged_by_spaces() {
        let text = "区委书记在会上指出，各级干部要带头示范，把工作做到群众心里去。";
        let spaced: String = text.chars().flat_map(|c| [c, ' ']).collect();
        assert!(score(text, Language::ZhHans) > 0.95);
        assert!((score(text, Language::ZhHans) - score(&spaced, Language::ZhHans)).abs() < 0.02);
        assert!(score("区萎书己在会土指岀，各圾千部耍帯头示笵，杷工作仿到群从心里厺。", Language::ZhHans) < 0.85);
    }

    #[test]
    fn little_text_has_no_score() {
        assert_eq!(Tally::of("No. 12", Language::En, &Dictionaries::builtin(), false).score(), None);
    }
}
