//! Words over a place where the text is cut.

use std::ops::Range;

use super::is_han;
use crate::dictionary::{HanStatistics, Lexicon, fold_han};

/// Characters on each side that are looked at.
const REACH: usize = 6;

/// The Zipf value from which on a compound stands for itself rather than for its parts.
const COMMON: f32 = 4.5;

/// What the likeliest division into words says about a cut.
#[derive(Clone, Debug, PartialEq)]
pub struct Across {
    /// How much likelier the text is with a word over the cut than with none, in natural logarithms.
    pub margin: f32,
    /// The word.
    pub word: String,
    /// The cut parts it in two words of two characters or more, and it is not a very common one (社会主义).
    pub halves_are_words: bool,
}

/// The word over the cut between `left` and `right`, if the likeliest division into words has one.
///
/// Only the Han characters next to the cut count; narrow spaces among them are passed over, so that the answer does not depend on
/// other spaces nearby. Traditional characters are folded.
pub fn word_across(lexicon: &Lexicon, left: &str, right: &str) -> Option<Across> {
    let near = |c: &char| is_han(*c) || *c == ' ';
    let mut text: Vec<char> = left.chars().rev().take_while(near).filter(|&c| c != ' ').take(REACH).collect();
    text.reverse();
    let cut = text.len();
    text.extend(right.chars().take_while(near).filter(|&c| c != ' ').take(REACH));
    if cut == 0 || cut == text.len() {
        return None;
    }
    let text: Vec<char> = text.into_iter().map(fold_han).collect();
    let whole = divide(lexicon, &text);
    let word = whole.words.iter().find(|w| w.start < cut && cut < w.end)?;
    let apart = divide(lexicon, &text[..cut]).score + divide(lexicon, &text[cut..]).score;
    let is_word = |range: Range<usize>| range.len() > 1 && lexicon.contains(&text[range].iter().collect::<String>());
    let common = |word: &str| lexicon.zipf(word).is_some_and(|zipf| zipf >= COMMON);
    let halves = is_word(word.start..cut) && is_word(cut..word.end);
    let word: String = text[word.clone()].iter().collect();
    Some(Across { margin: whole.score - apart, halves_are_words: halves && !common(&word), word })
}

/// The word that one character stands in by the likeliest division of a text of simplified characters, and how likely that division is,
/// in natural logarithms.
pub fn word_at(lexicon: &Lexicon, text: &[char], at: usize) -> (f32, Range<usize>) {
    let division = divide(lexicon, text);
    let word = division.words.into_iter().find(|w| w.contains(&at));
    (division.score, word.unwrap_or(at..at + 1))
}

/// The most by which a word of two characters or more over the place can make a text of simplified characters likelier than it is
/// with `own` in that place, in natural logarithms: a bound on what two calls of [`word_at`] say, and less work.
///
/// The division with the word, but with the word's characters one by one, is one of those of the text with `own`.
pub fn most_gained(lexicon: &Lexicon, text: &[char], at: usize, own: char) -> f32 {
    let han = HanStatistics::BUILTIN;
    // What the statistics do not know may stand in words all the same.
    let in_word = |a: char, b: char| han.inside(a, b) > 0.0 || [a, b].iter().any(|c| !HanStatistics::knows(*c));
    let string: String = text.iter().collect();
    let byte = |place: usize| text[..place].iter().map(|c| c.len_utf8()).sum::<usize>();
    let single = |place: usize| log_of(zipf_alone(lexicon, if place == at { own } else { text[place] }));
    let mut most = f32::NEG_INFINITY;
    for start in (0..=at).rev() {
        if start < at && !in_word(text[start], text[start + 1]) {
            break;
        }
        let rest = &string[byte(start)..];
        for (length, zipf) in lexicon.compounds_at(rest) {
            let end = start + rest[..length].chars().count();
            if end > at {
                most = most.max(log_of(zipf) - (start..end).map(single).sum::<f32>());
            }
        }
    }
    most
}

/// How likely a word of this Zipf value is, in natural logarithms.
fn log_of(zipf: f32) -> f32 {
    (zipf - 9.0) * std::f32::consts::LN_10
}

/// The Zipf value of a character as a word by itself; one that is none is a rare word.
fn zipf_alone(lexicon: &Lexicon, c: char) -> f32 {
    const UNKNOWN: f32 = 1.0;
    lexicon.zipf_of_character(c).map_or(UNKNOWN, |zipf| zipf.max(UNKNOWN))
}

struct Division {
    score: f32,
    words: Vec<Range<usize>>,
}

/// The likeliest division into words: a unigram model over the lexicon.
fn divide(lexicon: &Lexicon, text: &[char]) -> Division {
    let string: String = text.iter().collect();
    let mut best: Vec<(f32, usize)> = vec![(f32::NEG_INFINITY, 0); text.len() + 1];
    best[0].0 = 0.0;
    let mut byte = 0;
    for (start, c) in text.iter().enumerate() {
        let from = best[start].0;
        let mut offer = |end: usize, zipf: f32| {
            let score = from + log_of(zipf);
            if score > best[end].0 {
                best[end] = (score, start);
            }
        };
        for (length, zipf) in lexicon.compounds_at(&string[byte..]) {
            offer(start + string[byte..byte + length].chars().count(), zipf);
        }
        offer(start + 1, zipf_alone(lexicon, *c));
        byte += c.len_utf8();
    }
    let mut words = Vec::new();
    let mut end = text.len();
    while end > 0 {
        let start = best[end].1;
        words.push(start..end);
        end = start;
    }
    words.reverse();
    Division { score: best[text.len()].0, words }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dictionary::Dictionaries;

    #[test]
    fn no_word_gains_more_than_the_bound_says() {
        let dictionaries = Dictionaries::builtin();
        let lexicon = dictionaries.lexicon(crate::model::Language::Zh).unwrap();
        for (text, at, own) in [("会议已经结束", 2, '己'), ("第一次试点", 1, '—'), ("习近乎总", 2, '平'), ("人口普查", 0, '入')]
        {
            let mut text: Vec<char> = text.chars().collect();
            let bound = most_gained(lexicon, &text, at, own);
            let (score, word) = word_at(lexicon, &text, at);
            assert!(word.len() > 1, "{text:?}");
            text[at] = own;
            assert!(score - word_at(lexicon, &text, at).0 <= bound + 0.01, "{text:?}: {bound}");
        }
    }
}
