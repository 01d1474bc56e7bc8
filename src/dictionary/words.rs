//! One pass over a text that gives every whole Latin word, folded as [`fold_latin`](super::fold_latin) folds.

use std::str;

use super::fold::{after_elision, fold_latin};
use super::layout::{Hasher, hash};

/// A whole word of a text.
pub(super) struct Word<'s> {
    /// [`hash`] of the folded word.
    pub hash: u64,
    /// Folded; with a hyphen inside where the text has one.
    pub folded: &'s [u8],
    /// Nothing but spaces stands between it and the start or end of its line, so it may be a part of a word.
    pub at_line_edge: bool,
    /// It opens with a capital.
    pub capital: bool,
}

/// Bytes by what they are to a word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Other,
    Letter,
    Digit,
    /// Part of a word when letters stand on both sides: `'` and `-`.
    Joiner,
    Space,
    LineEnd,
    NonAscii,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Other; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' => Class::Letter,
            b'0'..=b'9' => Class::Digit,
            b'\'' | b'-' => Class::Joiner,
            b' ' | b'\t' | b'\r' => Class::Space,
            b'\n' | 0x0C => Class::LineEnd,
            0x80.. => Class::NonAscii,
            _ => Class::Other,
        };
        byte += 1;
    }
    classes
};

/// The high bit of each byte that is one of `a` to `z`.
#[inline]
fn ascii_letters(bytes: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let low = bytes & (0x7F * ONES);
    let from_a = low + (0x80 - b'a' as u64) * ONES;
    let behind_z = low + (0x7F - b'z' as u64) * ONES;
    from_a & !behind_z & !bytes & (0x80 * ONES)
}

/// What a character beyond ASCII is to a word.
enum NonAscii {
    Letter,
    Apostrophe,
    Hyphen,
    SoftHyphen,
    Space,
    Other,
}

fn classify(c: char) -> NonAscii {
    match c {
        'ſ' => NonAscii::Letter,
        '\u{C0}'..='\u{FF}' if !matches!(c, '×' | '÷') => NonAscii::Letter,
        '\u{AD}' => NonAscii::SoftHyphen,
        '\u{A0}' | '\u{2000}'..='\u{200B}' | '\u{202F}' | '\u{3000}' | '\u{FEFF}' => NonAscii::Space,
        '’' | 'ʼ' => NonAscii::Apostrophe,
        '‐' | '\u{2011}' | '⸗' => NonAscii::Hyphen,
        '\u{300}'..='\u{36F}' => NonAscii::Letter,
        // Scripts without word spaces (Han, kana, Hangul, Thai …) give no words.
        '\u{100}'..='\u{DFF}' | '\u{1E00}'..='\u{1FFF}' | '\u{2C60}'..='\u{2C7F}' | '\u{A720}'..='\u{A7FF}' | '\u{FB00}'..='\u{FB06}'
            if c.is_alphabetic() =>
        {
            NonAscii::Letter
        }
        _ => NonAscii::Other,
    }
}

/// Calls `found` with every whole word: a run of letters, with apostrophes and hyphens between letters.
///
/// A word with a French elision (`l'amour`) is followed by what it elides (`amour`).
/// Left out are words with digits in them, and both parts of a word that a hyphen at a line end cuts.
pub(super) fn each_word(text: &str, mut found: impl FnMut(Word<'_>)) {
    let mut scanner = Scanner { text, bytes: text.as_bytes(), at: 0, line_start: true, cut: false, folded: Vec::with_capacity(64) };
    while scanner.skip_to_word() {
        let (line_start, continues) = (scanner.line_start, std::mem::take(&mut scanner.cut));
        scanner.line_start = false;
        let capital = scanner.opens_with_capital();
        let mut short = [0; SHORT];
        let read = scanner.read_short_word(&mut short);
        let whole = read.is_some() || scanner.read_word();
        let end = scanner.line_end();
        scanner.cut = end == Some(true);
        if !whole || continues || scanner.cut {
            continue;
        }
        let at_line_edge = line_start || end.is_some();
        if let Some((length, hash)) = read {
            found(Word { hash, folded: &short[..length], at_line_edge, capital });
            continue;
        }
        found(Word { hash: hash(&scanner.folded), folded: &scanner.folded, at_line_edge, capital });
        if let Some(rest) = str::from_utf8(&scanner.folded).ok().and_then(after_elision) {
            found(Word { hash: hash(rest.as_bytes()), folded: rest.as_bytes(), at_line_edge, capital });
        }
    }
}

/// Bytes of the longest word that is read eight bytes at a time.
const SHORT: usize = 32;

struct Scanner<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    /// Only spaces since the line began.
    line_start: bool,
    /// The word before was cut by a hyphen at a line end.
    cut: bool,
    folded: Vec<u8>,
}

impl Scanner<'_> {
    /// Reads a word of ASCII letters at `self.at`, without apostrophe or hyphen, eight bytes a step: nearly every word of
    /// most texts. Gives its length and hash; `None`, staying where it is, if the word is of another kind.
    #[inline]
    fn read_short_word(&mut self, folded: &mut [u8; SHORT]) -> Option<(usize, u64)> {
        let mut hasher = Hasher::default();
        let mut length = 0;
        while length < SHORT {
            let bytes = u64::from_le_bytes(*self.bytes.get(self.at + length..)?.first_chunk()?);
            let lower = bytes | 0x2020_2020_2020_2020;
            let others = !ascii_letters(lower) & 0x8080_8080_8080_8080;
            if others == 0 {
                folded[length..length + 8].copy_from_slice(&lower.to_le_bytes());
                hasher.step(lower);
                length += 8;
                continue;
            }
            let rest = others.trailing_zeros() as usize / 8;
            let last = lower & ((1 << (rest * 8)) - 1);
            folded[length..length + 8].copy_from_slice(&last.to_le_bytes());
            length += rest;
            if matches!(self.class(self.at + length), Class::Joiner | Class::NonAscii | Class::Digit) {
                return None;
            }
            self.at += length;
            return Some((length, hasher.finish(last, length)));
        }
        None
    }

    #[inline]
    fn class(&self, at: usize) -> Class {
        self.bytes.get(at).map_or(Class::LineEnd, |&b| CLASSES[usize::from(b)])
    }

    fn char(&self, at: usize) -> char {
        self.text[at..].chars().next().unwrap_or('\n')
    }

    #[inline]
    fn opens_with_capital(&self) -> bool {
        let byte = self.bytes[self.at];
        byte.is_ascii_uppercase() || byte >= 0x80 && self.char(self.at).is_uppercase()
    }

    fn is_letter(&self, at: usize) -> bool {
        match self.class(at) {
            Class::Letter => true,
            Class::NonAscii => matches!(classify(self.char(at)), NonAscii::Letter),
            _ => false,
        }
    }

    /// Goes to the next letter or digit; false at the end of the text.
    fn skip_to_word(&mut self) -> bool {
        while self.at < self.bytes.len() {
            match self.class(self.at) {
                Class::Letter | Class::Digit => return true,
                Class::Space => self.at += 1,
                Class::LineEnd => {
                    self.line_start = true;
                    self.at += 1;
                }
                Class::Other | Class::Joiner => {
                    self.line_start = false;
                    self.at += 1;
                }
                Class::NonAscii => {
                    let c = self.char(self.at);
                    match classify(c) {
                        NonAscii::Letter => return true,
                        NonAscii::Space => {}
                        _ => self.line_start = false,
                    }
                    self.at += c.len_utf8();
                }
            }
        }
        false
    }

    /// Reads the word at `self.at` into `self.folded` and goes behind it; false if a digit makes it no word.
    fn read_word(&mut self) -> bool {
        self.folded.clear();
        let (mut whole, mut rare) = (true, false);
        loop {
            match self.class(self.at) {
                // This bit makes ASCII letters lower-case, and the joiners have it.
                Class::Letter => {
                    self.folded.push(self.bytes[self.at] | 0x20);
                    self.at += 1;
                }
                Class::Digit => {
                    whole = false;
                    self.at += 1;
                }
                Class::Joiner if self.is_letter(self.at + 1) => {
                    self.folded.push(self.bytes[self.at]);
                    self.at += 1;
                }
                Class::NonAscii => {
                    let c = self.char(self.at);
                    let next = self.at + c.len_utf8();
                    match classify(c) {
                        NonAscii::Letter => rare |= self.push(c),
                        NonAscii::Apostrophe if self.is_letter(next) => self.folded.push(b'\''),
                        NonAscii::Hyphen if self.is_letter(next) => self.folded.push(b'-'),
                        NonAscii::SoftHyphen if self.is_letter(next) => {}
                        _ => break,
                    }
                    self.at = next;
                }
                _ => break,
            }
        }
        if rare {
            let folded = fold_latin(str::from_utf8(&self.folded).unwrap_or_default()).into_owned();
            self.folded.clear();
            self.folded.extend_from_slice(folded.as_bytes());
        }
        whole
    }

    /// Pushes a letter beyond ASCII; true if it needs [`fold_latin`].
    fn push(&mut self, c: char) -> bool {
        let mut buffer = [0; 4];
        match c {
            'ſ' => self.folded.push(b's'),
            'ß' => self.folded.extend_from_slice(b"ss"),
            // Latin-1: the capitals stand 32 before the small letters.
            'À'..='Þ' => self.folded.extend_from_slice(char::from(c as u8 | 0x20).encode_utf8(&mut buffer).as_bytes()),
            'à'..='ÿ' | 'œ' => self.folded.extend_from_slice(c.encode_utf8(&mut buffer).as_bytes()),
            _ => {
                self.folded.extend_from_slice(c.encode_utf8(&mut buffer).as_bytes());
                return true;
            }
        }
        false
    }

    /// Whether the line ends behind the word, and then whether with a hyphen; stays where it is.
    #[inline]
    fn line_end(&self) -> Option<bool> {
        // Nearly always the next word follows.
        if let Some([b' ', b'A'..=b'z']) = self.bytes.get(self.at..self.at + 2) {
            return None;
        }
        let (mut at, mut hyphen) = (self.at, false);
        loop {
            match self.class(at) {
                Class::LineEnd => return Some(hyphen),
                Class::Space => at += 1,
                Class::Joiner if self.bytes[at] == b'-' => (hyphen, at) = (true, at + 1),
                Class::Other if self.bytes[at] == b'=' => (hyphen, at) = (true, at + 1),
                Class::NonAscii => {
                    let c = self.char(at);
                    match classify(c) {
                        NonAscii::Space => {}
                        NonAscii::Hyphen | NonAscii::SoftHyphen => hyphen = true,
                        _ if c == '¬' => hyphen = true,
                        _ => return None,
                    }
                    at += c.len_utf8();
                }
                _ => return None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let mut words = Vec::new();
        each_word(text, |word| {
            let edge = if word.at_line_edge { "|" } else { "" };
            words.push(format!("{}{edge}", String::from_utf8_lossy(word.folded)));
        });
        words
    }

    #[test]
    fn words_and_their_edges() {
        assert_eq!(words("The Com-\nmittee met,\n well-known  \nDON’T stop"), ["the|", "met", "well-known|", "don't|", "stop|"]);
        assert_eq!(words("x Straße ÉTAT naïve fuͤr l’an x"), ["x|", "strasse", "état", "naïve", "für", "l'an", "an", "x|"]);
    }

    #[test]
    fn what_is_no_word() {
        assert_eq!(words("(c0mmittee) B2 ’tis – said--he 人民日报, ok."), ["tis", "said", "he", "ok"]);
        assert_eq!(words("a Ver¬\nwaltung\n\n“b” c=\nd e."), ["a|", "b", "e"]);
    }

    #[test]
    fn folds_as_fold_latin() {
        for word in ["Wiſſenſchafft", "ÀÝÞŒß", "Vize⸗Admiral", "E\u{301}tat", "İÇ", "Ångström", "ﬁnden"] {
            assert_eq!(words(&format!(". {word} .")), [fold_latin(word)]);
        }
    }
}
