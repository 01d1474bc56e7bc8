//! Counts in text with spaces between words.

use super::{Tally, is_odd};
use crate::dictionary::{Dictionaries, Lexicon, after_elision, fold_latin};
use crate::model::Language;

/// Least Zipf value at which a word of so many letters is taken for itself and not for a misread one.
const MEANT: [f32; 5] = [9.0, 9.0, 5.2, 4.2, 3.2];
/// Zipf value from which a single letter is a word: a, à, y, I.
const LETTER: f32 = 6.0;

pub(super) fn count(text: &str, language: Language, dictionaries: &Dictionaries, after_split: bool, tally: &mut Tally) {
    let text = text.trim();
    let lexicon = dictionaries.lexicon(language);
    let split = text.ends_with(['-', '¬', '⸗', '\u{ad}', '=']);
    tally.split += u32::from(split);
    marks(text, language, tally);
    let mut words = Words { text, at: 0 };
    let mut first = true;
    while let Some(word) = words.next() {
        let part = first && after_split || split && text.len() - words.at <= 3 && text[words.at..].chars().count() == 1;
        first = false;
        let letters = word.chars().count() as u32;
        tally.letters += letters;
        if !part {
            judge(word, letters, lexicon, language, tally);
        }
    }
}

/// Runs of letters and digits, with apostrophes between letters.
struct Words<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Iterator for Words<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let rest = &self.text[self.at..];
        let start = self.at + rest.find(char::is_alphanumeric)?;
        let mut end = start;
        let mut chars = self.text[start..].char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let inside = matches!(c, '\'' | '’') && chars.peek().is_some_and(|(_, next)| next.is_alphabetic());
            if !c.is_alphanumeric() && !inside {
                break;
            }
            end = start + at + c.len_utf8();
        }
        self.at = end;
        Some(&self.text[start..end])
    }
}

fn judge(word: &str, letters: u32, lexicon: Option<&Lexicon>, language: Language, tally: &mut Tally) {
    let (mut digits, mut capital_after_small, mut before_small) = (0, false, false);
    for c in word.chars() {
        digits += u32::from(c.is_numeric());
        capital_after_small |= before_small && c.is_uppercase();
        before_small = c.is_lowercase();
    }
    if digits == letters {
        return;
    }
    if digits > 0 || capital_after_small {
        // 18ten, 1st
        let ordinal =
            digits > 0 && letters - digits <= 3 && word.ends_with(char::is_lowercase) && word.starts_with(|c: char| c.is_ascii_digit());
        tally.mixed += if ordinal { 0 } else { letters };
        return;
    }
    let capital = word.starts_with(char::is_uppercase);
    let Some(lexicon) = lexicon else { return };
    let folded = fold_latin(word);
    if letters == 1 {
        let word = lexicon.zipf(&folded).is_some_and(|z| z >= LETTER) && (!capital || language == Language::En && word == "I");
        tally.single += u32::from(!word);
        return;
    }
    match lexicon.zipf(&folded).or_else(|| after_elision(&folded).and_then(|rest| lexicon.zipf(rest))) {
        None => {
            tally.unknown += letters;
            tally.unknown_small += if capital { 0 } else { letters };
            tally.unknown_short += if letters <= 4 { letters } else { 0 };
        }
        Some(zipf) if letters <= 4 && zipf < MEANT[letters as usize] => tally.rare += letters,
        Some(_) => {}
    }
}

/// Marks that stand where none stands, and characters that print does not have.
fn marks(text: &str, language: Language, tally: &mut Tally) {
    let mut before = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if !c.is_alphanumeric() && !c.is_whitespace() {
            tally.odd += u32::from(is_odd(c));
            let next = chars.peek().copied().unwrap_or(' ');
            let spaced = language == Language::Fr && matches!(c, ';' | ':' | '!' | '?' | '»');
            let stray = if before.is_whitespace() {
                !opens(c) && !spaced
            } else if matches!(c, ',' | '.' | ';' | ':' | '!' | '?') && next.is_alphabetic() {
                true
            } else {
                matches!(c, ',' | '.' | ';' | ':' | '\'') && !before.is_alphanumeric() && !closes(before) && !next.is_whitespace()
            };
            tally.stray += u32::from(stray);
        }
        before = c;
    }
}

/// Marks that may follow a space.
fn opens(c: char) -> bool {
    "„“\"(—–«»‹›'‚‘’§&-[*†”=/+".contains(c)
}

/// Marks that another may follow.
fn closes(c: char) -> bool {
    ".)”“»«\"'’".contains(c)
}
