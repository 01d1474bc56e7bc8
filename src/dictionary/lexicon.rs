//! A word list with frequencies: exact look-up, prefixes, and the words that begin at a place of a text.

use std::sync::{LazyLock, OnceLock};

use fst::raw::Fst;

use super::layout::{self, HAN_FIRST, HAN_LAST, han_index};

/// A word list with frequencies, read in place from the binary.
///
/// Look-up is exact; callers fold first: [`fold_latin`](super::fold_latin) for Latin languages (the lists are lower-case and
/// write `ss` for `ß`; German nouns too), [`fold_han_text`](super::fold_han_text) for traditional Chinese.
/// Latin lists have no words with hyphens.
///
/// Lists compare 64-bit hashes, of which they keep 30 bits beside the place: of a hundred million strings that are not in the
/// list, about one is taken for a word.
pub struct Lexicon {
    table: &'static [u8],
    /// The prefixes of a Latin list; those of the Chinese list are in its table.
    fst: Option<Fst<&'static [u8]>>,
    /// Pieces and looks of the words of a Latin list; empty for the Chinese list.
    parts: &'static [u8],
    /// What the table holds for each Han character, once one is asked for: a division asks for all of them.
    characters: OnceLock<Vec<Option<f32>>>,
}

impl Lexicon {
    fn new(table: &'static [u8], fst: Option<&'static [u8]>, parts: &'static [u8]) -> Self {
        let fst = fst.map(|bytes| Fst::new(bytes).expect("build.rs writes what this version of fst reads"));
        Lexicon { table, fst, parts, characters: OnceLock::new() }
    }

    /// How common the word is: the Zipf value (log10 of occurrences per billion words, 1 rare to 7 very common), or `None` if
    /// the list does not have it.
    pub fn zipf(&self, word: &str) -> Option<f32> {
        self.find(word).and_then(zipf)
    }

    /// [`Lexicon::zipf`] of a character as a word by itself, faster.
    pub fn zipf_of_character(&self, c: char) -> Option<f32> {
        let of = |c: char| self.zipf(c.encode_utf8(&mut [0; 4]));
        let Some(index) = han_index(c) else { return of(c) };
        self.characters.get_or_init(|| (HAN_FIRST..=HAN_LAST).map(of).collect())[index]
    }

    /// Whether the list has the word.
    pub fn contains(&self, word: &str) -> bool {
        self.zipf(word).is_some()
    }

    /// Whether some word starts so, the word itself included; any does with the empty string. Slower than [`Lexicon::zipf`] in
    /// Latin lists.
    pub fn is_prefix(&self, prefix: &str) -> bool {
        let Some(fst) = &self.fst else { return prefix.is_empty() || self.find(prefix).is_some() };
        let mut node = fst.root();
        for &byte in prefix.as_bytes() {
            let Some(i) = node.find_input(byte) else { return false };
            node = fst.node(node.transition_addr(i));
        }
        true
    }

    /// How much of the text, in bytes, some word of a Latin list begins with; 0 for the Chinese list.
    pub fn prefix_length(&self, text: &str) -> usize {
        let Some(fst) = &self.fst else { return 0 };
        let mut node = fst.root();
        for (at, &byte) in text.as_bytes().iter().enumerate() {
            let Some(i) = node.find_input(byte) else { return at };
            node = fst.node(node.transition_addr(i));
        }
        text.len()
    }

    /// How common all words together are that this piece opens and that have two letters more at least, as a Zipf value; `None` for
    /// pieces of rare words, of fewer than two letters, and of more than eight.
    pub fn opens(&self, piece: &str) -> Option<f32> {
        self.part(&layout::opening(piece))
    }

    /// The same of words that this piece closes.
    pub fn closes(&self, piece: &str) -> Option<f32> {
        self.part(&layout::closing(piece))
    }

    /// The Zipf value of the commonest word of four letters or more that this may be when letters were taken for others of their shape
    /// (`Ersahrung` for `Erfahrung`).
    pub fn looks_like(&self, word: &str) -> Option<f32> {
        self.part(&layout::look(word))
    }

    fn part(&self, key: &str) -> Option<f32> {
        find(self.parts, key).and_then(zipf)
    }

    /// The words that `text` begins with, the shortest first: their length in bytes and Zipf value.
    ///
    /// For text without word spaces (Chinese). Of a Latin list, words that go on with a letter are among them as well.
    pub fn words_at<'l, 't>(&'l self, text: &'t str) -> WordsAt<'l, 't> {
        WordsAt { lexicon: self, text, at: 0 }
    }

    /// The same without those of one character.
    pub fn compounds_at<'l, 't>(&'l self, text: &'t str) -> WordsAt<'l, 't> {
        WordsAt { lexicon: self, text, at: text.chars().next().map_or(0, char::len_utf8) }
    }

    /// The longest word that `text` begins with: its length in bytes and Zipf value.
    pub fn longest_prefix(&self, text: &str) -> Option<(usize, f32)> {
        self.words_at(text).last()
    }

    /// What the table holds for a word or prefix.
    fn find(&self, word: &str) -> Option<u64> {
        find(self.table, word)
    }
}

/// What a table holds for a key.
pub(super) fn find(table: &[u8], key: &str) -> Option<u64> {
    let hash = layout::hash(key.as_bytes());
    let slots = table.len() / layout::SLOT_BYTES;
    let fingerprint = layout::fingerprint(hash);
    let mut at = layout::home(hash, slots);
    loop {
        let bytes = table.get(at * layout::SLOT_BYTES..)?.first_chunk::<8>()?;
        let slot = u64::from_le_bytes(*bytes) & ((1 << (layout::SLOT_BYTES * 8)) - 1);
        if slot == 0 {
            return None;
        }
        if slot >> layout::ZIPF_BITS == fingerprint {
            return Some(slot & ((1 << layout::ZIPF_BITS) - 1));
        }
        at = if at + 1 == slots { 0 } else { at + 1 };
    }
}

fn zipf(found: u64) -> Option<f32> {
    (found != layout::PREFIX_ONLY).then_some(found as f32 / 100.0)
}

/// Words that a text begins with; made by [`Lexicon::words_at`].
#[derive(Clone)]
pub struct WordsAt<'l, 't> {
    lexicon: &'l Lexicon,
    text: &'t str,
    at: usize,
}

impl Iterator for WordsAt<'_, '_> {
    type Item = (usize, f32);

    fn next(&mut self) -> Option<(usize, f32)> {
        while let Some(c) = self.text[self.at..].chars().next() {
            self.at += c.len_utf8();
            let prefix = &self.text[..self.at];
            match self.lexicon.find(prefix) {
                Some(found) => {
                    if let Some(zipf) = zipf(found) {
                        return Some((self.at, zipf));
                    }
                }
                None if self.lexicon.fst.is_some() && self.lexicon.is_prefix(prefix) => {}
                None => self.at = self.text.len(),
            }
        }
        None
    }
}

macro_rules! builtin {
    ($name:ident, $table:literal, $fst:expr, $parts:expr) => {
        pub(super) static $name: LazyLock<Lexicon> =
            LazyLock::new(|| Lexicon::new(include_bytes!(concat!(env!("OUT_DIR"), "/", $table)), $fst, $parts));
    };
}

builtin!(ZH, "zh.table", None, &[]);
builtin!(DE, "de.table", Some(include_bytes!(concat!(env!("OUT_DIR"), "/de.fst"))), include_bytes!(concat!(env!("OUT_DIR"), "/de.parts")));
builtin!(EN, "en.table", Some(include_bytes!(concat!(env!("OUT_DIR"), "/en.fst"))), include_bytes!(concat!(env!("OUT_DIR"), "/en.parts")));
builtin!(FR, "fr.table", Some(include_bytes!(concat!(env!("OUT_DIR"), "/fr.fst"))), include_bytes!(concat!(env!("OUT_DIR"), "/fr.parts")));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walks_give_what_look_ups_give() {
        let words: Vec<_> = ZH.words_at("中华人民共和国成立").collect();
        assert_eq!(words.last().map(|w| w.0), Some("中华人民共和国".len()));
        for (length, zipf) in words {
            assert_eq!(ZH.zipf(&"中华人民共和国成立"[..length]), Some(zipf));
        }
        assert!(ZH.compounds_at("中华人民共和国成立").eq(ZH.words_at("中华人民共和国成立").skip(1)));
        for c in ['中', '犇', 'a', '，'] {
            assert_eq!(ZH.zipf_of_character(c), ZH.zipf(&c.to_string()));
        }
        assert_eq!(ZH.longest_prefix("，中华"), None);
        assert_eq!(DE.longest_prefix("zeitungen."), DE.zipf("zeitungen").map(|z| ("zeitungen".len(), z)));
    }

    #[test]
    fn prefixes() {
        assert!(DE.is_prefix("zeitun") && !DE.contains("zeitun"));
        assert!(ZH.is_prefix("中华人民共") && !ZH.contains("中华人民共"));
        assert!(!EN.is_prefix("qxz"));
    }
}
