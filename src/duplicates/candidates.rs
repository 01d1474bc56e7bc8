//! Which texts may be copies of each other: they share enough k-grams that are rare enough.
//!
//! Postings are sorted by hash and built slice by slice of the hash range, so that the peak is little more than the result. A hash
//! that one text alone has is dropped. A hash that very many texts have keeps its first [`KEPT`] texts: where an article was
//! reprinted thousands of times, the first copies stand for all of them, and each later copy finds these.
//!
//! A text is compared with its [`NEAREST`] candidates alone. Groups of up to twenty copies are so compared all with all; of five hundred
//! copies of one notice each is compared with the longest of those that share most with it, and the work grows with the copies,
//! not with their square. They are one group all the same.
//!
//! An engine that joins on the hash comes to the same pairs: [`links`] over the texts of each hash, [`Shared::add`] over the links of
//! each pair, the pairs that are [`Shared::enough`], and of these for each text the [`NEAREST`] by [`Shared::rank`].

use std::cmp::Reverse;
use std::ops::Range;

use rayon::prelude::*;

use super::sketch::{COMMON, Size, Sketch};

/// A hash in more texts than this is frequent: by itself it says little.
pub const FREQUENT: usize = 64;
/// Texts kept of a frequent hash.
pub const KEPT: usize = 24;
/// What the hashes two texts share must weigh: two that hardly any other text has, or six that many have.
pub const EVIDENCE: u16 = 6;
/// And the share of the smaller text's hashes that these must be, where the texts do not show how well they are read: with 20 % of wrong
/// characters on both sides 0.17 of the hashes of a Chinese text are whole in both, on average, and asking for 0.08 loses one copy in twenty
/// (0.96 of 400 are found with 0.04, 0.92 with 0.08).
const CONTAINMENT: f64 = 0.04;
/// The same where both are well read: with 10 % of wrong characters in each, 0.23 of the hashes of a Latin text are whole in both and 0.43 of a
/// Chinese one, and half of that where half of one text is in the other. Of 3,488 pairs of German newspaper
/// pages and 2,406 of Chinese news with a share below 0.08 none were copies.
const CONTAINMENT_CLEAN: f64 = 0.1;
/// The same where one of the texts is noisy, and where both are: with 20 % of wrong characters in each, 0.044 are whole in both on average,
/// and some of these are frequent.
const CONTAINMENT_NOISY: [f64; 2] = [0.025, 0.012];
/// Counting frequent hashes too, a pair must share this many and this share of them.
pub const SHARED_FREQUENT: u32 = 12;
const CONTAINMENT_FREQUENT: f64 = 0.25;
/// Texts before it that a text is compared with, at most.
pub const NEAREST: usize = 19;
/// Shares of hashes that differ by less than one in this many are the same for [`Shared::rank`].
const STEPS: u32 = 8;
/// Slices of the hash range.
const SLICES: u64 = 64;

/// What one shared hash weighs that so many texts have. A hash of two texts says more than one of fifty: measured on copies with
/// 10 % of wrong characters on both sides, as many are found as by counting, with half the comparisons.
pub fn weight(texts: usize) -> u16 {
    WEIGHTS.iter().find(|(most, _)| texts <= *most).map_or(0, |(_, weight)| *weight)
}

/// Up to how many texts a shared hash weighs how much.
pub const WEIGHTS: [(usize, u16); 3] = [(4, 4), (16, 2), (FREQUENT, 1)];

/// What sharing a hash weighs that these texts have (ascending), and the texts of it that later ones are compared with. A frequent one
/// weighs nothing; `None` for a hash that one text alone has.
pub fn kept(texts: &[u32]) -> Option<(u16, &[u32])> {
    match texts.len() {
        0 | 1 => None,
        n if n <= FREQUENT => Some((weight(n), texts)),
        _ => Some((0, &texts[..KEPT])),
    }
}

/// Calls `each(a, b, weight)` for all pairs that share a hash, by the texts that have it (ascending).
pub fn links(texts: &[u32], mut each: impl FnMut(u32, u32, u16)) {
    let Some((weight, kept)) = kept(texts) else { return };
    for &b in texts {
        kept.iter().take_while(|a| **a < b).for_each(|a| each(*a, b, weight));
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

    /// All of them.
    pub fn all(self) -> u32 {
        u32::from(self.rare) + u32::from(self.frequent)
    }

    /// Whether this is worth a closer look, between texts that have so many.
    pub fn enough(self, a: Size, b: Size) -> bool {
        let least = match (a.noisy, b.noisy) {
            (Some(true), Some(true)) => CONTAINMENT_NOISY[1],
            (Some(true), _) | (_, Some(true)) => CONTAINMENT_NOISY[0],
            (Some(false), Some(false)) => CONTAINMENT_CLEAN,
            _ => CONTAINMENT,
        };
        self.at_least(least, comparable(a, b))
    }

    /// The same for the hashes that texts of any kind keep, where nothing else is known of one of the texts.
    pub fn enough_of_common(self, a: u32, b: u32) -> bool {
        self.at_least(CONTAINMENT, a.min(b))
    }

    fn at_least(self, least: f64, of: u32) -> bool {
        let of = f64::from(of.max(1));
        self.evidence >= EVIDENCE && f64::from(self.rare) >= least * of
            || self.all() >= SHARED_FREQUENT && f64::from(self.all()) >= CONTAINMENT_FREQUENT * of
    }

    /// How near the first text is to the second, the larger the nearer: by the share of hashes they could have in common, in steps, as noise
    /// makes small differences; then by its length, as a longer copy says what is missing in the others.
    pub fn rank(self, a: Size, b: Size) -> u64 {
        u64::from(self.all() * STEPS / comparable(a, b).max(1)) << 32 | u64::from(a.common)
    }

    /// Whether it could be enough between texts of some size.
    fn may_do(self) -> bool {
        self.evidence >= EVIDENCE || self.all() >= SHARED_FREQUENT
    }
}

/// Hashes of the smaller of two sketches that the other could have too.
pub fn comparable(a: Size, b: Size) -> u32 {
    if a.dense() && b.dense() { a.hashes.min(b.hashes) } else { a.common.min(b.common) }
}

/// A text that another one is compared with, and how near it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub text: u32,
    pub rank: u64,
}

/// Leaves the nearest, ascending as they were; of equally near ones the first. The number of those left out.
pub fn nearest(candidates: &mut Vec<Candidate>) -> usize {
    let left_out = candidates.len().saturating_sub(NEAREST);
    if left_out > 0 {
        candidates.sort_unstable_by_key(|c| (Reverse(c.rank), c.text));
        candidates.truncate(NEAREST);
        candidates.sort_unstable_by_key(|c| c.text);
    }
    left_out
}

/// The postings of many sketches.
pub struct Postings {
    slices: Vec<Slice>,
}

/// The postings of the hashes from `from` on.
struct Slice {
    from: u32,
    /// Hashes of at least two texts, ascending, and where their texts start; one more at the end. The highest bit of the start marks a
    /// frequent hash.
    keys: Vec<(u32, u32)>,
    /// Numbers of texts, ascending for each key.
    texts: Vec<u32>,
    /// The key of a hash stands at or after `directory[(hash - from) >> shift]`.
    directory: Vec<u32>,
    shift: u32,
}

const FREQUENT_BIT: u32 = 1 << 31;

impl Postings {
    /// The postings of the sketches whose number is in `indexed` (ascending).
    pub fn of(sketches: &[Sketch], indexed: &[u32]) -> Postings {
        Postings { slices: (0..SLICES).into_par_iter().map(|slice| Slice::of(sketches, indexed, slice)).collect() }
    }

    /// The texts before `number` that share enough with its sketch, ascending.
    pub fn candidates(&self, sketches: &[Sketch], number: u32, scratch: &mut Scratch) -> Vec<Candidate> {
        let sketch = &sketches[number as usize];
        // The lists lie far apart, and waiting for memory is most of the work: each pass asks for one thing of all lists, so that
        // many requests are under way at once.
        let lists = &mut scratch.lists;
        lists.clear();
        lists.extend(sketch.hashes.iter().map(|&hash| {
            let slice = slice_of(hash) as u32;
            List { slice, hash, start: self.slices[slice as usize].place(hash), end: 0 }
        }));
        lists.retain_mut(|list| self.slices[list.slice as usize].find(list));
        // Nor does a branch wait for what is read: everything is written down, and kept or written over.
        let (mut kept, mut texts) = (0, 0);
        for i in 0..lists.len() {
            let list = lists[i];
            lists[kept] = list;
            let before = usize::from(self.slices[list.slice as usize].texts[list.texts().start] < number);
            (kept, texts) = (kept + before, texts + list.texts().len() * before);
        }
        lists.truncate(kept);
        scratch.touched.resize(texts.max(scratch.touched.len()), 0);
        let mut touched = 0;
        for list in &scratch.lists {
            let texts = &self.slices[list.slice as usize].texts[list.texts()];
            let weight = if list.start & FREQUENT_BIT != 0 { 0 } else { weight(texts.len()) };
            for &text in texts.iter().take_while(|t| **t < number) {
                let shared = &mut scratch.of[text as usize];
                scratch.touched[touched] = text;
                touched += usize::from(shared.rare | shared.frequent == 0);
                shared.add(weight);
            }
        }
        let mut found = Vec::new();
        for &text in &scratch.touched[..touched] {
            let shared = std::mem::take(&mut scratch.of[text as usize]);
            if !shared.may_do() {
                continue;
            }
            let (a, b) = (sketches[text as usize].size(), sketch.size());
            if shared.enough(a, b) {
                found.push(Candidate { text, rank: shared.rank(a, b) });
            }
        }
        found.sort_unstable_by_key(|c| c.text);
        found
    }
}

/// Memory that is kept from query to query, so that nothing large is cleared.
pub struct Scratch {
    /// For each text.
    of: Vec<Shared>,
    /// Texts that share something, in the first places.
    touched: Vec<u32>,
    lists: Vec<List>,
}

/// Where the texts of a hash stand.
#[derive(Clone, Copy)]
struct List {
    slice: u32,
    hash: u32,
    start: u32,
    end: u32,
}

impl List {
    fn texts(&self) -> Range<usize> {
        (self.start & !FREQUENT_BIT) as usize..self.end as usize
    }
}

impl Scratch {
    /// For so many texts.
    pub fn new(texts: usize) -> Scratch {
        Scratch { of: vec![Shared::default(); texts], touched: Vec::new(), lists: Vec::new() }
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
        let mut made = Slice { from: from as u32, keys: Vec::new(), texts: Vec::new(), directory: Vec::new(), shift: 0 };
        let mut of_hash: Vec<u32> = Vec::new();
        for equal in all.chunk_by(|a, b| a >> 32 == b >> 32) {
            of_hash.clear();
            of_hash.extend(equal.iter().map(|e| *e as u32));
            let Some((weight, kept)) = kept(&of_hash) else { continue };
            made.keys.push(((equal[0] >> 32) as u32, made.texts.len() as u32 | if weight == 0 { FREQUENT_BIT } else { 0 }));
            made.texts.extend(kept);
        }
        made.keys.push((u32::MAX, made.texts.len() as u32));
        made.keys.shrink_to_fit();
        made.texts.shrink_to_fit();
        let hashes = &made.keys[..made.keys.len() - 1];
        // About four keys to a place of the directory.
        let width = to - from;
        while (width >> made.shift) > (hashes.len() as u64 / 4).max(1) {
            made.shift += 1;
        }
        let mut key = 0;
        for place in 0..=(width >> made.shift) {
            while key < hashes.len() && u64::from(hashes[key].0 - made.from) >> made.shift < place {
                key += 1;
            }
            made.directory.push(key as u32);
        }
        made
    }

    /// Where the key of a hash is looked for.
    fn place(&self, hash: u32) -> u32 {
        self.directory[((hash - self.from) >> self.shift) as usize]
    }

    /// From its place to where the texts of its hash start and end; `false` if no two texts have it.
    fn find(&self, list: &mut List) -> bool {
        let (keys, end) = (&self.keys[list.start as usize..], self.keys.len() - 1 - list.start as usize);
        let at = keys[..end].iter().take_while(|k| k.0 < list.hash).count();
        (list.start, list.end) = if at < end { (keys[at].1, keys[at + 1].1 & !FREQUENT_BIT) } else { return false };
        keys[at].0 == list.hash
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn sketch(hashes: impl IntoIterator<Item = u32>) -> Sketch {
        let mut hashes: Vec<u32> = hashes.into_iter().collect();
        hashes.sort_unstable();
        hashes.dedup();
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
        let mut scratch = Scratch::new(4);
        let mut found =
            |text| postings.candidates(&sketches, text, &mut scratch).iter().map(|c| (c.text, c.rank >> 32)).collect::<Vec<_>>();
        assert_eq!(found(2), [(0, 5 * 8 / 20)]);
        assert_eq!(found(3), [(2, 16 * 8 / 20)], "one shared hash is too few");
    }

    #[test]
    fn the_first_copies_stand_for_thousands() {
        let sketches: Vec<Sketch> = (0..500).map(|_| sketch((0..40).map(|i: u32| i * 10_000_019))).collect();
        let indexed: Vec<u32> = (0..500).collect();
        let postings = Postings::of(&sketches, &indexed);
        let found = postings.candidates(&sketches, 499, &mut Scratch::new(500));
        assert_eq!(found.iter().map(|f| f.text).collect::<Vec<_>>(), (0..KEPT as u32).collect::<Vec<_>>());
    }

    #[test]
    fn the_nearest_are_the_longest_of_those_that_share_most() {
        let size = |common| Size { hashes: common, common, noisy: None };
        let rank = |rare, common| Shared { rare, ..Shared::default() }.rank(size(common), size(100));
        assert!(rank(90, 100) > rank(60, 200) && rank(90, 200) > rank(95, 100));
        let mut few: Vec<Candidate> = (0..NEAREST as u32).map(|text| Candidate { text, rank: 1 }).collect();
        assert_eq!((nearest(&mut few), few.len()), (0, NEAREST));
        few.insert(3, Candidate { text: 99, rank: 2 });
        assert_eq!((nearest(&mut few), few.len(), few.last().map(|c| c.text)), (1, NEAREST, Some(99)));
        assert!(few.iter().all(|c| c.text != NEAREST as u32 - 1), "of equally near ones the first stay");
    }

    #[test]
    fn a_join_on_the_hash_comes_to_the_same_pairs() {
        let draw = |text: u32, i: u32| (text * 97 + i * i * 31 + text * i) % [7, 211, 211, 211][i as usize % 4] * 20_345_677;
        let sketches: Vec<Sketch> = (0..300).map(|t| sketch((0..10 + t % 30).map(|i| draw(t % 250, i)))).collect();
        let indexed: Vec<u32> = (0..300).collect();
        let mut of_hash: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (t, sketch) in indexed.iter().zip(&sketches) {
            sketch.hashes.iter().for_each(|h| of_hash.entry(*h).or_default().push(*t));
        }
        let mut shared: BTreeMap<(u32, u32), Shared> = BTreeMap::new();
        of_hash.values().for_each(|texts| links(texts, |a, b, weight| shared.entry((b, a)).or_default().add(weight)));
        shared.retain(|(b, a), s| s.enough(sketches[*a as usize].size(), sketches[*b as usize].size()));
        let rank = |a: u32, b: u32, s: Shared| s.rank(sketches[a as usize].size(), sketches[b as usize].size());
        let joined: Vec<(u32, u32, u64)> = shared.into_iter().map(|((b, a), s)| (b, a, rank(a, b, s))).collect();
        let (postings, mut scratch) = (Postings::of(&sketches, &indexed), Scratch::new(300));
        let found: Vec<(u32, u32, u64)> = indexed
            .iter()
            .flat_map(|b| postings.candidates(&sketches, *b, &mut scratch).into_iter().map(|c| (*b, c.text, c.rank)).collect::<Vec<_>>())
            .collect();
        assert!(joined.len() > 50 && of_hash.values().any(|t| t.len() > FREQUENT) && of_hash.values().any(|t| t.len() < FREQUENT));
        assert_eq!(found, joined);
    }
}
