//! The issue's own words: its best lexicon, for names and for the spelling of its time.

use rustc_hash::FxHashMap;

use super::fold::fold_latin;
use super::layout::hash;
use super::words::each_word;

/// How often each Latin word stands whole in an issue.
///
/// Words are folded ([`fold_latin`]) both when counted and when asked for. A word with hyphens (`well-known`) counts as itself,
/// not as its parts; one with a French elision (`l'amour`) as itself and as what follows the apostrophe. Not counted are the parts of
/// words that a hyphen at a line end cuts. Words are kept as 64-bit hashes, 24 bytes each.
#[derive(Clone, Debug, Default)]
pub struct IssueWords {
    counts: FxHashMap<u64, Counts>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    all: u32,
    inner: u32,
    capital: u32,
}

impl IssueWords {
    /// Counts the words of a text in one pass.
    pub fn new(text: &str) -> Self {
        let mut counts: FxHashMap<u64, Counts> = FxHashMap::default();
        each_word(text, |word| {
            let entry = counts.entry(word.hash).or_default();
            entry.all = entry.all.saturating_add(1);
            entry.inner = entry.inner.saturating_add(u32::from(!word.at_line_edge));
            entry.capital = entry.capital.saturating_add(u32::from(!word.at_line_edge && word.capital));
        });
        IssueWords { counts }
    }

    /// How often the word stands whole in the issue.
    pub fn count(&self, word: &str) -> u32 {
        self.get(word).all
    }

    /// How often it does so inside a line: there it cannot be a part of a word whose hyphen got lost at the line end.
    pub fn inner_count(&self, word: &str) -> u32 {
        self.get(word).inner
    }

    /// How often it does so with a capital: German nouns do.
    pub fn capital_count(&self, word: &str) -> u32 {
        self.get(word).capital
    }

    /// How many different words there are.
    pub fn len(&self) -> usize {
        self.counts.len()
    }

    /// Whether there are none, as in a Chinese issue.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    fn get(&self, word: &str) -> Counts {
        self.counts.get(&hash(fold_latin(word).as_bytes())).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_whole_words() {
        let words = IssueWords::new("The Committee met.\nA commit-\ntee of the well-known\ncommittee; à l’amour");
        assert_eq!((words.count("committee"), words.inner_count("Committee")), (2, 1));
        assert_eq!((words.count("commit"), words.count("tee")), (0, 0));
        assert_eq!((words.count("well-known"), words.inner_count("well-known"), words.count("well")), (1, 0, 0));
        assert_eq!((words.count("l'amour"), words.count("amour")), (1, 1));
        assert_eq!(words.count("absent"), 0);
    }
}
