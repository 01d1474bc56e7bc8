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
}

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
        self.bytes = text.len() as u32;
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let byte = bytes[at];
            if byte < 0x80 {
                let unit = ASCII[byte as usize];
                if unit != 0 {
                    self.push(u32::from(unit), at);
                }
                at += 1;
                continue;
            }
            let Some(c) = text[at..].chars().next() else { break };
            if is_han(c as u32) {
                self.push(fold_han(c) as u32, at);
            } else {
                match u32::from(c).checked_sub(0x80).and_then(|i| LATIN.get(i as usize)) {
                    Some(units) => units.iter().take_while(|u| **u != 0).for_each(|u| self.push(*u, at)),
                    None => spelt(c).for_each(|u| self.push(u, at)),
                }
            }
            at += c.len_utf8();
        }
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

    /// Length by [`weight`]: four for a letter, seven for a Han character.
    pub fn weight(&self) -> usize {
        self.units.iter().map(|u| weight(*u)).sum()
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
pub fn weight(unit: u32) -> usize {
    if is_han(unit) { 7 } else { 4 }
}

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

/// The units of U+0080–U+024F, up to three each, 0 for none.
static LATIN: LazyLock<Vec<[u32; 3]>> = LazyLock::new(|| {
    let units = |c: char| {
        let mut units = [0; 3];
        spelt(c).zip(&mut units).for_each(|(from, to)| *to = from);
        units
    };
    ('\u{80}'..='\u{24f}').map(units).collect()
});

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
