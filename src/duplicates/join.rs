//! Candidates among the articles of a run, however many there are: the hashes wait in a temporary file, and the texts of each are joined
//! part by part, so that memory holds a part alone. [`pairs`](super::pairs) of the same sketches comes to the same.
//!
//! Hashes go to one of 64 parts by their lowest bits. At the end each part is sorted by hash, and the texts of every hash that several
//! have go back to the file: its list. Then the texts are gone through in ranges that share few enough hashes with others to be
//! [linked](super::candidates::links), added up and compared in memory.

use std::io;
use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use rayon::prelude::*;

use super::Pair;
use super::candidates::{Candidate, Shared, kept, nearest};
use super::exact::{ExactGroups, Whole};
use super::sketch::{Size, Sketch};
use crate::spool::Spool;

/// Parts of the hashes.
const PARTS: usize = 64;
/// Hashes of a part that are gathered before they are written.
const GATHERED: usize = 4096;
/// Links that are held in memory at a time, 12 bytes each, but for those of a single text.
const LINKS: u64 = 2 << 20;

/// What stays in memory of the sketch of a text.
#[derive(Clone, Copy, Debug)]
pub struct Brief {
    pub exact: u128,
    pub units: u32,
    pub size: Size,
}

impl Whole for Brief {
    fn exact(&self) -> u128 {
        self.exact
    }

    fn units(&self) -> u32 {
        self.units
    }
}

/// The sketches of a run.
pub struct Sketches {
    /// In input order.
    pub briefs: Vec<Brief>,
    spool: Spool,
    parts: Vec<Part>,
}

/// Hashes with their texts: a hash in the upper half of a number, the text in the lower.
#[derive(Default)]
struct Part {
    gathered: Vec<u64>,
    /// Where earlier ones stand, [`GATHERED`] at a time.
    written: Vec<u64>,
}

/// The lists of a part: for each hash the number of its texts, and these, ascending.
struct Lists(Vec<u32>);

impl Lists {
    fn iter(&self) -> impl Iterator<Item = &[u32]> {
        let mut rest = &self.0[..];
        std::iter::from_fn(move || {
            let (n, after) = rest.split_first()?;
            let (texts, after) = after.split_at(*n as usize);
            rest = after;
            Some(texts)
        })
    }
}

/// A shared hash of a text: an earlier one that has it, what it weighs.
type Link = (u32, u16);

impl Sketches {
    /// None yet.
    ///
    /// # Errors
    /// Of the temporary file.
    pub fn new() -> io::Result<Sketches> {
        Ok(Sketches { briefs: Vec::new(), spool: Spool::new()?, parts: (0..PARTS).map(|_| Part::default()).collect() })
    }

    /// Takes the sketch of the next text.
    ///
    /// # Errors
    /// Of the temporary file.
    pub fn add(&mut self, sketch: &Sketch) -> io::Result<()> {
        let text = self.briefs.len() as u64;
        self.briefs.push(Brief { exact: sketch.exact, units: sketch.units, size: sketch.size() });
        for hash in &sketch.hashes {
            let part = &mut self.parts[*hash as usize % PARTS];
            part.gathered.push(u64::from(*hash) << 32 | text);
            if part.gathered.len() == GATHERED {
                let bytes: Vec<u8> = part.gathered.drain(..).flat_map(u64::to_le_bytes).collect();
                part.written.push(self.spool.add(&bytes)?);
            }
        }
        Ok(())
    }

    /// All pairs of copies, as [`pairs`](super::pairs) finds them, and how many likely ones were not compared. `compare` tells which of
    /// the candidates of a text are its copies.
    ///
    /// # Errors
    /// Of the temporary file.
    pub fn pairs(&self, compare: impl Fn(u32, &[Candidate]) -> Vec<Pair> + Sync) -> io::Result<super::Copies> {
        let exact = ExactGroups::of(&self.briefs);
        let links: Vec<AtomicU32> = self.briefs.iter().map(|_| AtomicU32::new(0)).collect();
        let mut lists = Spool::new()?;
        let mut places = Vec::new();
        // A few parts at a time: a part of a million texts takes 20 MB while it is sorted.
        for some in self.parts.chunks(rayon::current_num_threads()) {
            let made: Vec<io::Result<Lists>> = some.par_iter().map(|part| self.lists(part, &exact, &links)).collect();
            for list in made {
                let bytes: Vec<u8> = list?.0.iter().flat_map(|n| n.to_le_bytes()).collect();
                places.push((lists.add(&bytes)?, bytes.len()));
            }
        }
        let (mut near, mut left_out) = (Vec::new(), 0);
        for range in ranges(&links) {
            let of_parts: Vec<io::Result<Vec<(u32, Link)>>> = places
                .par_iter()
                .map(|(at, length)| {
                    let bytes = lists.read(*at, *length)?;
                    let numbers = bytes.chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
                    Ok(linked(&Lists(numbers), &range))
                })
                .collect();
            // How many links each text has is known: they go straight to their place, and are sorted text by text.
            let counts: Vec<usize> = links[range.start as usize..range.end as usize].iter().map(|n| n.load(Relaxed) as usize).collect();
            let mut all: Vec<Link> = vec![(0, 0); counts.iter().sum()];
            let mut next: Vec<usize> = counts.iter().scan(0, |sum, n| Some(std::mem::replace(sum, *sum + n))).collect();
            for of_part in of_parts {
                for (text, link) in of_part? {
                    let next = &mut next[(text - range.start) as usize];
                    all[*next] = link;
                    *next += 1;
                }
            }
            let mut rest = &mut all[..];
            let of_texts: Vec<(u32, &mut [Link])> = (range.start..)
                .zip(counts)
                .map(|(text, n)| (text, rest.split_off_mut(..n).expect("the sum of all")))
                .filter(|(_, links)| !links.is_empty())
                .collect();
            let found: Vec<(Vec<Pair>, usize)> = of_texts
                .into_par_iter()
                .map(|(text, links)| {
                    links.sort_unstable();
                    let mut candidates = self.candidates(text, links);
                    let left_out = nearest(&mut candidates);
                    (if candidates.is_empty() { Vec::new() } else { compare(text, &candidates) }, left_out)
                })
                .collect();
            for (pairs, left) in found {
                near.extend(pairs);
                left_out += left;
            }
        }
        Ok(super::Copies { pairs: exact.with_copies(near, &self.briefs), left_out })
    }

    /// The lists of the texts that stand for all that are the same; their links are counted for the later text.
    fn lists(&self, part: &Part, exact: &ExactGroups, links: &[AtomicU32]) -> io::Result<Lists> {
        let mut all = part.gathered.clone();
        for at in &part.written {
            let bytes = self.spool.read(*at, GATHERED * 8)?;
            all.extend(bytes.chunks_exact(8).map(|b| u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]])));
        }
        all.retain(|one| exact.is_first(*one as u32));
        all.sort_unstable();
        let mut lists = Vec::new();
        for equal in all.chunk_by(|x, y| x >> 32 == y >> 32).filter(|equal| equal.len() > 1) {
            lists.push(equal.len() as u32);
            let from = lists.len();
            lists.extend(equal.iter().map(|one| *one as u32));
            let of_hash = &lists[from..];
            let linked = kept(of_hash).map_or(0, |(_, kept)| kept.len());
            for (before, text) in of_hash.iter().enumerate() {
                links[*text as usize].fetch_add(before.min(linked) as u32, Relaxed);
            }
        }
        Ok(Lists(lists))
    }

    /// The texts that share enough with one, by all its links, ascending.
    fn candidates(&self, b: u32, links: &[Link]) -> Vec<Candidate> {
        let size = |text: u32| self.briefs[text as usize].size;
        let candidate = |of_two: &[Link]| {
            let text = of_two[0].0;
            let mut shared = Shared::default();
            of_two.iter().for_each(|(_, weight)| shared.add(*weight));
            shared.enough(size(text), size(b)).then(|| Candidate { text, rank: shared.rank(size(text), size(b)) })
        };
        links.chunk_by(|x, y| x.0 == y.0).filter_map(candidate).collect()
    }
}

/// Ranges of texts with at most [`LINKS`] links, or of one text.
fn ranges(links: &[AtomicU32]) -> Vec<Range<u32>> {
    let (mut ranges, mut from, mut sum) = (Vec::new(), 0, 0);
    for (text, of_text) in links.iter().map(|n| u64::from(n.load(Relaxed))).enumerate() {
        if sum + of_text > LINKS && text as u32 > from {
            ranges.push(from..text as u32);
            (from, sum) = (text as u32, 0);
        }
        sum += of_text;
    }
    ranges.push(from..links.len() as u32);
    ranges
}

/// The links of the later texts of a range, with these.
fn linked(lists: &Lists, range: &Range<u32>) -> Vec<(u32, Link)> {
    let mut links = Vec::new();
    for texts in lists.iter() {
        let from = texts.partition_point(|text| *text < range.start);
        let later = texts[from..].iter().take_while(|text| **text < range.end);
        let Some((weight, kept)) = kept(texts) else { continue };
        for b in later {
            links.extend(kept.iter().take_while(|a| *a < b).map(|a| (*b, (*a, weight))));
        }
    }
    links
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::duplicates::fold::Folded;
    use crate::duplicates::{compare, pairs};

    /// Letters by a simple generator, some of them changed.
    fn text(seed: u64, changed: u64) -> String {
        let mut state = seed;
        let mut draw = |of: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % of
        };
        let letters: Vec<u8> = (0..400).map(|_| b'a' + draw(20) as u8).collect();
        letters.iter().enumerate().map(|(i, c)| char::from(if changed > 0 && i as u64 % 31 == changed { b'z' } else { *c })).collect()
    }

    #[test]
    fn joined_in_parts_or_held_in_memory_the_pairs_are_the_same() {
        // Notices by the hundred, pairs, texts that are the same letter by letter, and texts alone.
        let texts: Vec<String> = (0..600)
            .map(|i: u64| match i % 4 {
                0 => text(1, i % 29 + 1),
                1 => text(i / 8, i % 3),
                2 => text(i % 40 + 1000, 0),
                _ => text(i + 5000, 0),
            })
            .collect();
        let all: Vec<Sketch> = texts.iter().map(|t| Sketch::of(&Folded::of(t))).collect();
        let again = |number: u32| Some(texts[number as usize].clone());
        let in_memory = pairs(&all, again);
        let mut sketches = Sketches::new().unwrap();
        all.iter().for_each(|sketch| sketches.add(sketch).unwrap());
        let in_parts = sketches.pairs(|b, candidates| compare(b, candidates, again, |_| None)).unwrap();
        assert!(in_memory.pairs.len() > 1000 && in_memory.left_out > 20, "{} {}", in_memory.pairs.len(), in_memory.left_out);
        assert_eq!(in_parts, in_memory);
    }

    #[test]
    fn ranges_hold_all_texts_once() {
        let links: Vec<AtomicU32> = [5, LINKS as u32, 1, 0, LINKS as u32, 2 * LINKS as u32, 7].map(AtomicU32::new).into();
        assert_eq!(ranges(&links), [0..1, 1..2, 2..4, 4..5, 5..6, 6..7]);
        assert_eq!(ranges(&[]).len(), 1);
    }
}
