//! What jieba's dictionary says of Han characters and their pairs, and the fold from traditional to simplified.

use std::borrow::Cow;

use super::layout::{HAN_COMMON, HAN_FIRST, HAN_LAST, LOG_STEPS, han_index};

const SIZE: usize = HAN_LAST as usize - HAN_FIRST as usize + 1;
const STARTS: usize = SIZE * 4;
const SECONDS: usize = STARTS + (SIZE + 1) * 4;

static STATISTICS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/han.statistics"));
/// The rank of every character, two bytes each.
static RANKS: &[u8; SIZE * 2] = include_bytes!(concat!(env!("OUT_DIR"), "/han.ranks"));
/// The pairs of the commonest characters by their ranks: these are looked up for every character of a text, and halving rows is slow.
static SQUARE: &[u8; HAN_COMMON * HAN_COMMON] = include_bytes!(concat!(env!("OUT_DIR"), "/han.square"));
static FOLD: &[u8; SIZE * 2] = include_bytes!(concat!(env!("OUT_DIR"), "/han.fold"));

/// A pair in fewer words than this is as good as none.
pub const WEAK: f32 = 1.8;

/// How Han characters stand in words: raw material for the model of Chinese line breaks.
///
/// Every figure is `ln(1 + n)`, rounded to a sixteenth, where `n` sums jieba's counts (60 million running words) of the words
/// with that property; 0 for what never occurs. Characters are simplified: fold traditional ones first ([`fold_han`]).
/// Known are U+3400–U+9FFF, about 300,000 pairs. What stands between words a dictionary cannot tell.
#[derive(Clone, Copy, Debug)]
pub struct HanStatistics {
    _private: (),
}

impl HanStatistics {
    /// What is built in.
    pub(crate) const BUILTIN: HanStatistics = HanStatistics { _private: () };

    /// Whether the character is one of those it tells of.
    pub fn knows(c: char) -> bool {
        han_index(c).is_some()
    }

    /// The pair stands side by side inside words.
    pub fn inside(&self, a: char, b: char) -> f32 {
        let (Some(row), Some(column)) = (han_index(a), han_index(b)) else { return 0.0 };
        let (first, second) = (rank(row), rank(column));
        if first.max(second) < HAN_COMMON {
            return log(SQUARE[first * HAN_COMMON + second]);
        }
        let (from, to) = (start(row), start(row + 1));
        let (mut low, mut high) = (from, to);
        while low < high {
            let middle = (low + high) / 2;
            if u32::from(word(SECONDS + middle * 2)) < b as u32 { low = middle + 1 } else { high = middle }
        }
        if low < to && u32::from(word(SECONDS + low * 2)) == b as u32 { log(STATISTICS[SECONDS + start(SIZE) * 2 + low]) } else { 0.0 }
    }

    /// It opens words of two characters or more.
    pub fn begin(&self, c: char) -> f32 {
        place(c, 0)
    }

    /// It stands inside words of three characters or more.
    pub fn middle(&self, c: char) -> f32 {
        place(c, 1)
    }

    /// It closes words of two characters or more.
    pub fn end(&self, c: char) -> f32 {
        place(c, 2)
    }

    /// It is a word by itself.
    pub fn single(&self, c: char) -> f32 {
        place(c, 3)
    }
}

fn word(at: usize) -> u16 {
    u16::from_le_bytes([STATISTICS[at], STATISTICS[at + 1]])
}

fn rank(index: usize) -> usize {
    u16::from_le_bytes([RANKS[index * 2], RANKS[index * 2 + 1]]) as usize
}

fn start(row: usize) -> usize {
    let at = STARTS + row * 4;
    u32::from_le_bytes([STATISTICS[at], STATISTICS[at + 1], STATISTICS[at + 2], STATISTICS[at + 3]]) as usize
}

fn log(byte: u8) -> f32 {
    f32::from(byte) / f32::from(LOG_STEPS)
}

fn place(c: char, place: usize) -> f32 {
    han_index(c).map_or(0.0, |index| log(STATISTICS[index * 4 + place]))
}

/// The simplified form of a traditional character (the likeliest of several, by OpenCC); any other character as it is.
///
/// For look-ups only: whether `著` is 著 or 着 takes the word, which is what conversion rules look at.
/// A folded character has as many bytes in UTF-8 as before.
pub fn fold_han(c: char) -> char {
    let Some(index) = han_index(c) else { return c };
    char::from_u32(u32::from(u16::from_le_bytes([FOLD[index * 2], FOLD[index * 2 + 1]]))).unwrap_or(c)
}

/// [`fold_han`] of every character: offsets into the result are offsets into `text`. Borrowed when nothing changes.
pub fn fold_han_text(text: &str) -> Cow<'_, str> {
    match text.char_indices().find(|&(_, c)| fold_han(c) != c) {
        None => Cow::Borrowed(text),
        Some((at, _)) => {
            let mut folded = String::with_capacity(text.len());
            folded.push_str(&text[..at]);
            folded.extend(text[at..].chars().map(fold_han));
            Cow::Owned(folded)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_inside_words_outweigh_pairs_between_words() {
        let han = HanStatistics::BUILTIN;
        assert!(han.inside('示', '范') > 3.0, "{}", han.inside('示', '范'));
        assert_eq!(han.inside('的', '示'), 0.0);
        assert_eq!(han.inside('a', '示'), 0.0);
        // Of a rare character (羯鼓, 摩羯).
        assert!(han.inside('摩', '羯') > 0.0 && han.inside('羯', '鼓') > 0.0);
    }

    #[test]
    fn places_in_words() {
        let han = HanStatistics::BUILTIN;
        assert!(han.single('的') > han.begin('的'));
        assert!(han.end('们') > han.begin('们'));
        assert_eq!(han.begin('。'), 0.0);
    }

    #[test]
    fn folding_keeps_lengths() {
        assert_eq!(fold_han_text("頭髮與皇后，ABC"), "头发与皇后，ABC");
        assert!(matches!(fold_han_text("头发"), Cow::Borrowed(_)));
        assert!((HAN_FIRST..=HAN_LAST).all(|c| fold_han(c).len_utf8() == c.len_utf8()));
    }
}
