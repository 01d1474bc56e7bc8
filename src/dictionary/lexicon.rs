//! A word list with frequencies: exact look-up, prefixes, and the words that begin at a place of a text.

use std::sync::LazyLock;

use fst::raw::{CompiledAddr, Fst, Output};

use super::layout;

/// A word list with frequencies, read in place from the binary.
///
/// Look-up is exact; callers fold first: [`fold_latin`](super::fold_latin) for Latin languages (the lists are lower-case and
/// write `ss` for `ß`; German nouns too), [`fold_han_text`](super::fold_han_text) for traditional Chinese.
/// Latin lists have no words with hyphens.
pub struct Lexicon {
    fst: Fst<&'static [u8]>,
    /// Frequencies of a Latin list; a Chinese list has them in the FST, whose walks need them.
    table: Option<&'static [u8]>,
}

impl Lexicon {
    fn new(fst: &'static [u8], table: Option<&'static [u8]>) -> Self {
        Lexicon { fst: Fst::new(fst).expect("build.rs writes what this version of fst reads"), table }
    }

    /// How common the word is: the Zipf value (log10 of occurrences per billion words, 1 rare to 7 very common), or `None` if
    /// the list does not have it.
    ///
    /// Latin lists compare 64-bit hashes, of which they keep 30 bits beside the place: about one word in a hundred million
    /// that are not in the list is taken for one that is.
    pub fn zipf(&self, word: &str) -> Option<f32> {
        match self.table {
            Some(table) => find(table, layout::hash(word.as_bytes())),
            None => self.fst.get(word).map(zipf),
        }
    }

    /// Whether the list has the word.
    pub fn contains(&self, word: &str) -> bool {
        self.zipf(word).is_some()
    }

    /// Whether some word starts so, the word itself included; any does with the empty string.
    pub fn is_prefix(&self, prefix: &str) -> bool {
        let mut node = self.fst.root();
        for &byte in prefix.as_bytes() {
            let Some(i) = node.find_input(byte) else { return false };
            node = self.fst.node(node.transition_addr(i));
        }
        true
    }

    /// The words that `text` begins with, the shortest first: their length in bytes and Zipf value.
    ///
    /// For text without word spaces (Chinese). Of a Latin list, words that go on with a letter are among them as well.
    pub fn words_at<'l, 't>(&'l self, text: &'t str) -> WordsAt<'l, 't> {
        WordsAt { lexicon: self, text, at: 0, node: Some(self.fst.root().addr()), output: Output::zero() }
    }

    /// The longest word that `text` begins with: its length in bytes and Zipf value.
    pub fn longest_prefix(&self, text: &str) -> Option<(usize, f32)> {
        self.words_at(text).last()
    }
}

/// Words that a text begins with; made by [`Lexicon::words_at`].
pub struct WordsAt<'l, 't> {
    lexicon: &'l Lexicon,
    text: &'t str,
    at: usize,
    node: Option<CompiledAddr>,
    output: Output,
}

impl Iterator for WordsAt<'_, '_> {
    type Item = (usize, f32);

    fn next(&mut self) -> Option<(usize, f32)> {
        let fst = &self.lexicon.fst;
        let mut node = fst.node(self.node?);
        for &byte in &self.text.as_bytes()[self.at..] {
            let Some(i) = node.find_input(byte) else { break };
            let transition = node.transition(i);
            node = fst.node(transition.addr);
            self.output = self.output.cat(transition.out);
            self.at += 1;
            if node.is_final() {
                self.node = Some(node.addr());
                let value = match self.lexicon.table {
                    Some(table) => find(table, layout::hash(&self.text.as_bytes()[..self.at]))?,
                    None => zipf(self.output.cat(node.final_output())),
                };
                return Some((self.at, value));
            }
        }
        self.node = None;
        None
    }
}

fn zipf(output: Output) -> f32 {
    output.value() as f32 / 100.0
}

fn find(table: &[u8], hash: u64) -> Option<f32> {
    let slots = (table.len() - (8 - layout::SLOT_BYTES)) / layout::SLOT_BYTES;
    let fingerprint = layout::fingerprint(hash);
    let mut at = layout::home(hash, slots);
    loop {
        let bytes = table[at * layout::SLOT_BYTES..].first_chunk::<8>()?;
        let slot = u64::from_le_bytes(*bytes) & ((1 << (layout::SLOT_BYTES * 8)) - 1);
        if slot == 0 {
            return None;
        }
        if slot >> layout::ZIPF_BITS == fingerprint {
            return Some((slot & ((1 << layout::ZIPF_BITS) - 1)) as f32 / 100.0);
        }
        at = if at + 1 == slots { 0 } else { at + 1 };
    }
}

macro_rules! builtin {
    ($name:ident, $fst:literal, $table:expr) => {
        pub(super) static $name: LazyLock<Lexicon> =
            LazyLock::new(|| Lexicon::new(include_bytes!(concat!(env!("OUT_DIR"), "/", $fst)), $table));
    };
}

builtin!(ZH, "zh.fst", None);
builtin!(DE, "de.fst", Some(include_bytes!(concat!(env!("OUT_DIR"), "/de.table"))));
builtin!(EN, "en.fst", Some(include_bytes!(concat!(env!("OUT_DIR"), "/en.table"))));
builtin!(FR, "fr.fst", Some(include_bytes!(concat!(env!("OUT_DIR"), "/fr.table"))));

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
        assert_eq!(ZH.longest_prefix("，中华"), None);
        assert_eq!(DE.longest_prefix("zeitungen."), DE.zipf("zeitungen").map(|z| ("zeitungen".len(), z)));
    }

    #[test]
    fn prefixes() {
        assert!(DE.is_prefix("zeitun") && !DE.contains("zeitun"));
        assert!(ZH.is_prefix("中华人民共"));
        assert!(!EN.is_prefix("qxz"));
    }
}
