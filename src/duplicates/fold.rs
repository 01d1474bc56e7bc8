//! Texts as they are compared: letters and digits alone, in one case and one script.
//!
//! Everything that printing, reprinting and OCR change without changing the text is gone: case, accents, ligatures, ſ, full-width
//! forms, traditional characters, punctuation, spaces. As hyphens and line ends are no letters, words and paragraphs cut by a
//! line come out whole.

use std::ops::Range;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::dictionary::fold_han;

/// A folded text: one unit for each letter, with the way back to the text it came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folded {
    /// Code points.
    pub units: Vec<u32>,
    /// For each unit the byte of the text where its character starts.
    starts: Vec<u32>,
    /// Length of the text in bytes.
    bytes: u32,
    /// How many units are Han characters.
    han: u32,
}

/// Bytes from which letters and digits of ASCII are folded in one go.
const RUN: usize = 8;

impl Folded {
    /// Folds a text.
    pub fn of(text: &str) -> Folded {
        let mut folded = Folded::default();
        folded.fill(text);
        folded
    }

    /// Folds a text into the memory of another one.
    pub fn fill(&mut self, text: &str) {
        self.units.clear();
        self.starts.clear();
        self.units.reserve(text.len() / 2);
        self.starts.reserve(text.len() / 2);
        (self.bytes, self.han) = (text.len() as u32, 0);
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            if bytes[at] < 0x80 {
                let run = bytes[at..].iter().position(|b| *b >= 0x80).unwrap_or(bytes.len() - at);
                self.fill_run(&bytes[at..at + run], at);
                at += run;
                continue;
            }
            let Some(c) = text[at..].chars().next() else { break };
            if is_han(c as u32) {
                self.push(fold_han(c) as u32, at);
                self.han += 1;
            } else {
                match spelt_before(c) {
                    Some(units) => units.iter().take_while(|u| **u != 0).for_each(|u| self.push_any(*u, at)),
                    None => spelt(c).for_each(|u| self.push_any(u, at)),
                }
            }
            at += c.len_utf8();
        }
    }

    /// ASCII characters, of which most are letters: each is written down, and written over by the next one if it is none.
    fn fill_run(&mut self, run: &[u8], at: usize) {
        if run.len() < RUN {
            run.iter().zip(at..).filter(|(b, _)| ASCII[**b as usize] != 0).for_each(|(b, at)| self.push(u32::from(ASCII[*b as usize]), at));
            return;
        }
        let mut next = self.units.len();
        self.units.resize(next + run.len(), 0);
        self.starts.resize(next + run.len(), 0);
        for (byte, at) in run.iter().zip(at..) {
            let unit = ASCII[(*byte & 0x7f) as usize];
            (self.units[next], self.starts[next]) = (u32::from(unit), at as u32);
            next += usize::from(unit != 0);
        }
        self.units.truncate(next);
        self.starts.truncate(next);
    }

    fn push_any(&mut self, unit: u32, at: usize) {
        self.push(unit, at);
        self.han += u32::from(is_han(unit));
    }

    fn push(&mut self, unit: u32, at: usize) {
        self.units.push(unit);
        self.starts.push(at as u32);
    }

    /// The bytes of the text that units stand for, on character boundaries; marks between the last unit and the next are left out.
    pub fn span(&self, text: &str, units: Range<usize>) -> Range<usize> {
        if units.is_empty() {
            let at = self.starts.get(units.start).copied().unwrap_or(self.bytes) as usize;
            return at..at;
        }
        let last = self.starts[units.end - 1] as usize;
        self.starts[units.start] as usize..last + text[last..].chars().next().map_or(0, char::len_utf8)
    }

    /// Each unit with the byte of the text where its character starts.
    pub fn places(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.units.iter().copied().zip(self.starts.iter().copied())
    }

    /// Length by [`WEIGHT`] and [`WEIGHT_HAN`].
    pub fn weight(&self) -> usize {
        self.units.len() * WEIGHT + self.han as usize * (WEIGHT_HAN - WEIGHT)
    }

    /// How many of these units are Han characters.
    pub fn han(&self, units: Range<usize>) -> usize {
        match self.han as usize {
            0 => 0,
            all if all == self.units.len() => units.len(),
            all if units.len() == self.units.len() => all,
            _ => self.units[units].iter().filter(|u| is_han(**u)).count(),
        }
    }

    /// 128 bits of BLAKE3 over the units: equal for texts that fold to the same.
    pub fn exact(&self) -> u128 {
        let mut hasher = blake3::Hasher::new();
        let mut buffer = [0u8; 1024];
        for units in self.units.chunks(256) {
            units.iter().zip(buffer.chunks_exact_mut(4)).for_each(|(unit, bytes)| bytes.copy_from_slice(&unit.to_le_bytes()));
            hasher.update(&buffer[..units.len() * 4]);
        }
        let hash = hasher.finalize();
        u128::from_le_bytes(hash.as_bytes()[..16].try_into().expect("sixteen bytes"))
    }
}

/// What a unit weighs against others: 7 a Han character, 4 any other letter or digit. Seven letters and four Han characters are
/// about equally rare, so k-grams are cut by weight and no text needs a language.
pub const WEIGHT_HAN: usize = 7;
/// The same of a letter or digit.
pub const WEIGHT: usize = 4;

/// A Han character.
pub fn is_han(unit: u32) -> bool {
    unit >= 0x3400 && matches!(unit, 0x3400..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x3ffff)
}

/// Lower-case letters and digits; 0 for everything else.
static ASCII: [u8; 128] = {
    let mut table = [0; 128];
    let mut byte = 0u8;
    while byte < 128 {
        if byte.is_ascii_alphanumeric() {
            table[byte as usize] = byte.to_ascii_lowercase();
        }
        byte += 1;
    }
    table
};

/// Blocks of characters that texts are full of: accented letters, punctuation, Chinese marks, full-width forms.
const BLOCKS: [Range<u32>; 4] = [0x80..0x250, 0x2000..0x2070, 0x3000..0x3040, 0xff00..0xfff0];

/// The units of the characters of each block, up to three each, 0 for none.
static SPELT: LazyLock<[Vec<[u32; 3]>; 4]> = LazyLock::new(|| {
    let units = |c: char| {
        let mut units = [0; 3];
        spelt(c).zip(&mut units).for_each(|(from, to)| *to = from);
        units
    };
    BLOCKS.map(|block| block.map(|c| char::from_u32(c).map_or([0; 3], units)).collect())
});

/// The units of a character of the blocks, looked up.
fn spelt_before(c: char) -> Option<[u32; 3]> {
    let block = BLOCKS.iter().position(|block| block.contains(&(c as u32)))?;
    Some(SPELT[block][(c as u32 - BLOCKS[block].start) as usize])
}

/// The units of any character: compatibility forms resolved, marks dropped, lower case.
fn spelt(c: char) -> impl Iterator<Item = u32> {
    let known = match c {
        'ſ' => "s",
        'ꝛ' => "r",
        'ß' | 'ẞ' => "ss",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        'ø' | 'Ø' => "o",
        'ł' | 'Ł' => "l",
        'đ' | 'Đ' => "d",
        _ => "",
    };
    let other = known.is_empty().then_some(c);
    let other = other.into_iter().nfkd().filter(|c| c.is_alphanumeric() && !is_combining_mark(*c)).flat_map(char::to_lowercase);
    known.chars().chain(other.map(fold_han)).map(u32::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        Folded::of(text).units.iter().filter_map(|u| char::from_u32(*u)).collect()
    }

    #[test]
    fn what_printing_changes_is_gone() {
        assert_eq!(folded("Der Aus⸗\nſchuß trat zu-\nſammen."), "derausschusstratzusammen");
        assert_eq!(folded("L’État, c'est MOI!"), folded("l'etat c’est moi"));
        assert_eq!(folded("區委書記　１２月５日"), folded("区委书记12月\n5日"));
        assert_eq!(folded("Œuvre ﬁnale, ½"), "oeuvrefinale12");
        assert_eq!(folded("—… 。，"), "");
    }

    #[test]
    fn what_is_looked_up_is_what_is_spelt() {
        for c in BLOCKS.into_iter().flatten().filter_map(char::from_u32) {
            let looked_up: Vec<u32> = spelt_before(c).into_iter().flatten().take_while(|u| *u != 0).collect();
            assert_eq!(looked_up, spelt(c).collect::<Vec<_>>(), "{c}");
        }
    }

    #[test]
    fn spans_lead_back_to_whole_characters() {
        let text = "„Straße“ 頭髮。";
        let folded = Folded::of(text);
        assert_eq!(&text[folded.span(text, 0..7)], "Straße");
        assert_eq!(&text[folded.span(text, 4..5)], "ß");
        assert_eq!(&text[folded.span(text, 7..9)], "頭髮");
        assert_eq!(folded.span(text, 9..9), text.len()..text.len());
    }

    #[test]
    fn equal_folds_are_exact_copies() {
        assert_eq!(Folded::of("頭髮").exact(), Folded::of("头发！").exact());
        assert_ne!(Folded::of("头发").exact(), Folded::of("头").exact());
    }
}
