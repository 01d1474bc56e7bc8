//! Common words with one character taken for its look-alike, and what was printed: 己经 is 已经.

use std::sync::LazyLock;

use super::fold_han;
use super::layout::{self, LONGEST_MISREAD, MISREAD_FILTER, filter_bits};
use super::lexicon::find;
use crate::characters::is_han;

static TABLE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/misread.table"));
static FILTER: &[u8; MISREAD_FILTER] = include_bytes!(concat!(env!("OUT_DIR"), "/misread.filter"));

/// Characters that have look-alikes, with these in the order of the table.
#[derive(Debug)]
pub struct Misread {
    /// One bit for each character of the first plane; those that have look-alikes take three bytes in UTF-8.
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

    /// The places, in bytes, of the characters that have look-alikes, with these characters.
    pub fn places<'t>(&'t self, text: &'t str) -> impl Iterator<Item = (usize, char)> + 't {
        let bytes = text.as_bytes();
        let mut next = 0;
        std::iter::from_fn(move || {
            loop {
                let at = next;
                match *bytes.get(at)? {
                    0..=0x7f => next += 1,
                    first @ 0xe0..=0xef => {
                        next += 3;
                        let (second, third) = (bytes.get(at + 1)?, bytes.get(at + 2)?);
                        // The bits of the character above the last six, which are those of its last byte.
                        if self.known[usize::from(first & 0x0f) << 6 | usize::from(second & 0x3f)] >> (third & 0x3f) & 1 == 1 {
                            return text[at..].chars().next().map(|c| (at, c));
                        }
                    }
                    0xf0.. => next += 4,
                    _ => next += 2,
                }
            }
        })
    }

    /// Whether a misread word may hold the character `c` that stands at `at`, by its neighbours; true for a few places where none does.
    #[inline]
    pub fn may_be(&self, text: &str, at: usize, c: char) -> bool {
        let bytes = text.as_bytes();
        let before = at.checked_sub(3).and_then(|start| bytes[start..].first_chunk()).and_then(han_of);
        let after = bytes[at + c.len_utf8()..].first_chunk().and_then(han_of);
        before.is_some_and(|b| has_pair(fold_han(b), c, false)) || after.is_some_and(|a| has_pair(c, fold_han(a), true))
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

/// The character of three bytes that these are, if words are made of such.
#[inline]
fn han_of(bytes: &[u8; 3]) -> Option<char> {
    let code = u32::from(bytes[0] & 0x0f) << 12 | u32::from(bytes[1] & 0x3f) << 6 | u32::from(bytes[2] & 0x3f);
    if (0xe3..=0xe9).contains(&bytes[0]) { char::from_u32(code).filter(|c| is_han(*c)) } else { None }
}

/// Whether the wrong character of a misread word may stand in this pair; `opens` where it is the first of it.
#[inline]
fn has_pair(a: char, b: char, opens: bool) -> bool {
    filter_bits(a, b, opens).iter().all(|bit| FILTER[bit / 8] >> (bit % 8) & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_a_plain_loop() {
        let misread = Misread::builtin();
        let text = "A己é经—𠀀日 曰\n末";
        let known = |c: char| misread.pairs.iter().any(|(read, _)| *read == c);
        let plain: Vec<(usize, char)> = text.char_indices().filter(|(_, c)| known(*c)).collect();
        assert!(plain.len() >= 4, "{plain:?}");
        assert_eq!(misread.places(text).collect::<Vec<_>>(), plain);
        assert!(misread.pairs.iter().all(|(read, _)| read.len_utf8() == 3));
    }
}
