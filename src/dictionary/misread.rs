//! Common words with one character taken for its look-alike, and what was printed: 己经 is 已经.

use std::sync::LazyLock;

use super::layout::{self, LONGEST_MISREAD, MISREAD_FILTER, filter_bits};
use super::lexicon::find;

static TABLE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/misread.table"));
static FILTER: &[u8; MISREAD_FILTER] = include_bytes!(concat!(env!("OUT_DIR"), "/misread.filter"));

/// Characters that have look-alikes, with these in the order of the table.
#[derive(Debug)]
pub struct Misread {
    /// One bit for each character of the first plane.
    known: Box<[u64; 1024]>,
    /// What is read and what may have been printed, sorted.
    pairs: Vec<(char, char)>,
}

impl Misread {
    pub(super) fn builtin() -> &'static Misread {
        static MISREAD: LazyLock<Misread> = LazyLock::new(|| {
            let rows = include_str!("../../dictionaries/han/look-alikes.tsv").lines();
            let characters = |row: &str| row.split_once('\t').and_then(|(a, b)| Some((a.chars().next()?, b.chars().next()?)));
            let pairs: Vec<(char, char)> = rows.filter_map(characters).collect();
            let mut known = Box::new([0; 1024]);
            for (read, _) in &pairs {
                known[*read as usize / 64] |= 1 << (*read as usize % 64);
            }
            Misread { known, pairs }
        });
        &MISREAD
    }

    /// Whether a character has look-alikes.
    #[inline]
    pub fn has(&self, c: char) -> bool {
        self.known.get(c as usize / 64).is_some_and(|word| word >> (c as usize % 64) & 1 == 1)
    }

    /// Whether a misread word may hold `c` beside these characters; true for a few pairs that no such word has.
    #[inline]
    pub fn may_be(&self, before: Option<char>, c: char, after: Option<char>) -> bool {
        before.is_some_and(|b| has_pair(b, c, false)) || after.is_some_and(|a| has_pair(c, a, true))
    }

    /// What was printed where the character at `at` of `text` stands, if the characters about it make a common word with one of its
    /// look-alikes; each once, that of the shortest word first.
    pub fn printed(&self, text: &[char], at: usize) -> Vec<char> {
        let first = self.pairs.partition_point(|(read, _)| *read < text[at]);
        let (mut all, mut key): (Vec<char>, String) = Default::default();
        // A word that reaches over a side holds the pair on that side; mostly there is one on one side alone.
        let before = at.checked_sub(1).is_some_and(|i| has_pair(text[i], text[at], false));
        let after = text.get(at + 1).is_some_and(|next| has_pair(text[at], *next, true));
        for length in 2..=LONGEST_MISREAD {
            for offset in 0..length {
                if offset > 0 && !before || offset + 1 < length && !after {
                    continue;
                }
                let Some(word) = at.checked_sub(offset).and_then(|start| text.get(start..start + length)) else { continue };
                layout::misread(offset, word, &mut key);
                let Some(number) = find(TABLE, &key) else { continue };
                let found = self.pairs.get(first + number as usize - 1).map(|(_, printed)| *printed);
                all.extend(found.filter(|c| !all.contains(c)));
            }
        }
        all
    }
}

/// Whether the wrong character of a misread word may stand in this pair; `opens` where it is the first of it.
#[inline]
fn has_pair(a: char, b: char, opens: bool) -> bool {
    filter_bits(a, b, opens).iter().all(|bit| FILTER[bit / 8] >> (bit % 8) & 1 == 1)
}
