//! Which texts may be copies of each other: they share enough k-grams that are rare enough.
//!
//! Postings are sorted by hash and built slice by slice of the hash range, so that the peak is little more than the result. A hash
//! that one text alone has is dropped. A hash that very many texts have keeps its first [`KEPT`] texts: where an article was
//! reprinted thousands of times, the first copies stand for all of them, and each later copy finds these.

use rayon::prelude::*;

use super::sketch::{COMMON, Sketch};

/// A hash in more texts than this is frequent: by itself it says little.
pub const FREQUENT: usize = 64;
/// Texts kept of a frequent hash.
pub const KEPT: usize = 24;
/// What the hashes two texts share must weigh: two that hardly any other text has, or six that many have.
const EVIDENCE: u32 = 6;
/// And the share of the smaller text's hashes that these must be.
const CONTAINMENT: f64 = 0.04;
/// Counting frequent hashes too, a pair must share this many and this share of them.
const SHARED_FREQUENT: u32 = 12;
const CONTAINMENT_FREQUENT: f64 = 0.25;
/// Slices of the hash range.
const SLICES: u64 = 64;

/// The postings of many sketches.
pub struct Postings {
    slices: Vec<Slice>,
}

/// The postings of the hashes from `from` on.
struct Slice {
    from: u32,
    /// Hashes of at least two texts, ascending.
    keys: Vec<u32>,
    /// For each key, where its texts start; one more at the end. The highest bit marks a frequent hash.
    starts: Vec<u32>,
    /// Numbers of texts, ascending for each key.
    texts: Vec<u32>,
    /// `keys` of a hash stand at or after `directory[(hash - from) >> shift]`.
    directory: Vec<u32>,
    shift: u32,
}

const FREQUENT_BIT: u32 = 1 << 31;

impl Postings {
    /// The postings of the sketches whose number is in `indexed` (ascending).
    pub fn of(sketches: &[Sketch], indexed: &[u32]) -> Postings {
        Postings { slices: (0..SLICES).into_par_iter().map(|slice| Slice::of(sketches, indexed, slice)).collect() }
    }

    /// The texts before `number` that share enough with its sketch, ascending, with the hashes shared.
    pub fn candidates(&self, sketches: &[Sketch], number: u32, counts: &mut Counts) -> Vec<(u32, u32)> {
        let sketch = &sketches[number as usize];
        for &hash in &sketch.hashes {
            let slice = &self.slices[slice_of(hash) as usize];
            let Some((frequent, texts)) = slice.get(hash) else { continue };
            let weight = if frequent { 0 } else { weight(texts.len()) };
            for &text in texts.iter().take_while(|t| **t < number) {
                counts.add(text, weight);
            }
        }
        let mut found: Vec<(u32, u32)> = Vec::new();
        for text in counts.touched.drain(..) {
            let shared = std::mem::take(&mut counts.of[text as usize]);
            if shared.enough(comparable(sketch, &sketches[text as usize])) {
                found.push((text, u32::from(shared.rare) + u32::from(shared.frequent)));
            }
        }
        found.sort_unstable();
        found
    }
}

/// What one shared hash weighs that so many texts have. A hash of two texts says more than one of fifty: measured on copies with
/// 10 % of wrong characters on both sides, as many are found as by counting, with half the comparisons.
pub fn weight(texts: usize) -> u16 {
    match texts {
        0..=4 => 4,
        5..=16 => 2,
        _ => 1,
    }
}

/// The hashes that two texts share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shared {
    /// That at most [`FREQUENT`] texts have.
    pub rare: u16,
    /// What these weigh together.
    pub evidence: u16,
    /// That more texts have.
    pub frequent: u16,
}

impl Shared {
    /// Counts one more, weighing nothing if it is frequent.
    pub fn add(&mut self, weight: u16) {
        let count = if weight > 0 { &mut self.rare } else { &mut self.frequent };
        *count = count.saturating_add(1);
        self.evidence = self.evidence.saturating_add(weight);
    }

    /// Whether this is worth a closer look, of so many hashes that could be shared.
    pub fn enough(self, comparable: u32) -> bool {
        let (rare, all, of) = (u32::from(self.rare), u32::from(self.rare) + u32::from(self.frequent), f64::from(comparable.max(1)));
        u32::from(self.evidence) >= EVIDENCE && f64::from(rare) >= CONTAINMENT * of
            || all >= SHARED_FREQUENT && f64::from(all) >= CONTAINMENT_FREQUENT * of
    }
}

/// Hashes of the smaller of two sketches that the other could have too.
pub fn comparable(a: &Sketch, b: &Sketch) -> u32 {
    let dense = |s: &Sketch| s.hashes.len() as u32 > s.common;
    if dense(a) && dense(b) { (a.hashes.len().min(b.hashes.len())) as u32 } else { a.common.min(b.common) }
}

/// Shared hashes for each text, kept from query to query so that nothing large is cleared.
pub struct Counts {
    of: Vec<Shared>,
    touched: Vec<u32>,
}

impl Counts {
    /// For so many texts.
    pub fn new(texts: usize) -> Counts {
        Counts { of: vec![Shared::default(); texts], touched: Vec::new() }
    }

    fn add(&mut self, text: u32, weight: u16) {
        let shared = &mut self.of[text as usize];
        if *shared == Shared::default() {
            self.touched.push(text);
        }
        shared.add(weight);
    }
}

/// Texts of any length share the range below [`COMMON`]: three quarters of the slices are there.
fn slice_of(hash: u32) -> u64 {
    let low = SLICES * 3 / 4;
    if hash < COMMON {
        u64::from(hash) * low / u64::from(COMMON)
    } else {
        low + u64::from(hash - COMMON) * (SLICES - low) / (u64::from(u32::MAX - COMMON) + 1)
    }
}

/// The first hash of a slice; one past the range for the slice after the last.
fn first_of(slice: u64) -> u64 {
    let low = SLICES * 3 / 4;
    let (from, width, of, at) = if slice < low {
        (0, u64::from(COMMON), low, slice)
    } else {
        (u64::from(COMMON), u64::from(u32::MAX - COMMON) + 1, SLICES - low, slice - low)
    };
    from + (at * width).div_ceil(of)
}

impl Slice {
    fn of(sketches: &[Sketch], indexed: &[u32], slice: u64) -> Slice {
        let (from, to) = (first_of(slice), first_of(slice + 1));
        let mut all: Vec<u64> = Vec::new();
        for &number in indexed {
            let hashes = &sketches[number as usize].hashes;
            let first = hashes.partition_point(|h| u64::from(*h) < from);
            let of_slice = hashes[first..].iter().take_while(|h| u64::from(**h) < to);
            all.extend(of_slice.map(|h| u64::from(*h) << 32 | u64::from(number)));
        }
        all.sort_unstable();
        let mut made =
            Slice { from: from as u32, keys: Vec::new(), starts: Vec::new(), texts: Vec::new(), directory: Vec::new(), shift: 0 };
        for equal in all.chunk_by(|a, b| a >> 32 == b >> 32).filter(|e| e.len() > 1) {
            let frequent = equal.len() > FREQUENT;
            made.keys.push((equal[0] >> 32) as u32);
            made.starts.push(made.texts.len() as u32 | if frequent { FREQUENT_BIT } else { 0 });
            made.texts.extend(equal.iter().take(if frequent { KEPT } else { FREQUENT }).map(|e| *e as u32));
        }
        made.starts.push(made.texts.len() as u32);
        made.texts.shrink_to_fit();
        // About four keys to a place of the directory.
        let width = to - from;
        while (width >> made.shift) > (made.keys.len() as u64 / 4).max(1) {
            made.shift += 1;
        }
        let mut key = 0;
        for place in 0..=(width >> made.shift) {
            while key < made.keys.len() && u64::from(made.keys[key] - made.from) >> made.shift < place {
                key += 1;
            }
            made.directory.push(key as u32);
        }
        made
    }

    /// The texts of a hash, and whether it is frequent.
    fn get(&self, hash: u32) -> Option<(bool, &[u32])> {
        let first = self.directory[((hash - self.from) >> self.shift) as usize] as usize;
        let at = first + self.keys[first..].iter().take_while(|k| **k < hash).count();
        if self.keys.get(at) != Some(&hash) {
            return None;
        }
        let (start, end) = (self.starts[at], self.starts[at + 1] & !FREQUENT_BIT);
        Some((start & FREQUENT_BIT != 0, &self.texts[(start & !FREQUENT_BIT) as usize..end as usize]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sketch(hashes: impl IntoIterator<Item = u32>) -> Sketch {
        let mut hashes: Vec<u32> = hashes.into_iter().collect();
        hashes.sort_unstable();
        let common = hashes.partition_point(|h| *h < COMMON) as u32;
        Sketch { hashes, common, ..Sketch::default() }
    }

    #[test]
    fn slices_cover_the_range_once() {
        for hash in [0, 1, 77_777_777, COMMON - 1, COMMON, COMMON + 1, u32::MAX - 1, u32::MAX] {
            let slice = slice_of(hash);
            assert!(slice < SLICES && first_of(slice) <= u64::from(hash) && u64::from(hash) < first_of(slice + 1), "{hash}");
        }
        assert_eq!((first_of(0), first_of(SLICES)), (0, 1 << 32));
    }

    #[test]
    fn texts_that_share_enough_are_found() {
        let spread = |seed: u32| (0..20).map(move |i: u32| (seed + i).wrapping_mul(2_654_435_761) >> 3);
        let sketches = [sketch(spread(0)), sketch(spread(1000)), sketch(spread(15)), sketch(spread(19))];
        let postings = Postings::of(&sketches, &[0, 1, 2, 3]);
        let mut counts = Counts::new(4);
        assert_eq!(postings.candidates(&sketches, 2, &mut counts), [(0, 5)]);
        assert_eq!(postings.candidates(&sketches, 3, &mut counts), [(2, 16)], "one shared hash is too few");
    }

    #[test]
    fn the_first_copies_stand_for_thousands() {
        let sketches: Vec<Sketch> = (0..500).map(|_| sketch((0..40).map(|i: u32| i * 10_000_019))).collect();
        let indexed: Vec<u32> = (0..500).collect();
        let postings = Postings::of(&sketches, &indexed);
        let found = postings.candidates(&sketches, 499, &mut Counts::new(500));
        assert_eq!(found.iter().map(|f| f.0).collect::<Vec<_>>(), (0..KEPT as u32).collect::<Vec<_>>());
    }
}
