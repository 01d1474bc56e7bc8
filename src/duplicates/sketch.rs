//! What is kept of a text to find its copies: an exact hash and one in eight of its k-grams (FracMinHash).
//!
//! A k-gram is seven letters or four Han characters. Those whose hash is below an eighth of the range are kept, so the
//! same k-gram is kept in every text, and the share two texts have of them estimates the share of text they have (Irber et al.,
//! "Lightweight compositional analysis of metagenomes with FracMinHash", 2022). Short texts keep one in two, and so do Latin texts that
//! OCR read badly: of two copies with 20 % of wrong characters each, one seven-letter k-gram in twenty-five is whole in both.

use serde::{Deserialize, Serialize};

use super::fold::{Folded, WEIGHT, WEIGHT_HAN, is_han};
use super::marks::Marks;

/// How long a k-gram is: its units weigh at least `total`.
#[derive(Clone, Copy, Debug)]
pub struct Gram {
    /// What a Han character weighs.
    pub han: usize,
    /// What any other letter or digit weighs.
    pub letter: usize,
    /// What the k-gram weighs.
    pub total: usize,
}

/// Seven letters, or four Han characters, or a mixture.
const GRAM: Gram = Gram { han: WEIGHT_HAN, letter: WEIGHT, total: 28 };
/// One hash in this many is kept.
pub const KEPT_OF: u64 = 8;
/// The same for texts that would otherwise keep too few: short ones and noisy ones.
pub const KEPT_OF_DENSE: u64 = 2;
/// Weight of a text that is short: 400 letters, 230 Han characters.
const SHORT: usize = 1600;

/// Hashes below this are kept in every text. Of the 32 bits of a kept hash, dense sketches use a range four times as wide.
pub const COMMON: u32 = 1 << 30;

/// What is kept of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sketch {
    /// Of the folded text.
    pub exact: u128,
    /// Units (letters) of the folded text.
    pub units: u32,
    /// Ascending, unique; the first `common` are below [`COMMON`].
    pub hashes: Vec<u32>,
    /// How many hashes would be kept in a text of any kind.
    pub common: u32,
    /// Whether OCR read it badly; `None` where the text does not show it.
    pub noisy: Option<bool>,
}

/// How many hashes two sketches could share, and how alike they must be, is known from these.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    /// All that are kept.
    pub hashes: u32,
    /// Those that would be kept in a text of any kind.
    pub common: u32,
    pub noisy: Option<bool>,
}

impl Size {
    /// More is kept than of other texts.
    pub fn dense(self) -> bool {
        self.hashes > self.common
    }
}

impl Sketch {
    /// The sketch of a folded text.
    pub fn of(folded: &Folded) -> Sketch {
        Sketch::with(folded, &Marks::of(folded))
    }

    /// The same where its marks are known.
    pub fn with(folded: &Folded, marks: &Marks) -> Sketch {
        let hashes: Vec<u32> = marks.hashes().collect();
        let common = hashes.partition_point(|h| *h < COMMON) as u32;
        Sketch { exact: folded.exact(), units: folded.units.len() as u32, hashes, common, noisy: marks.noisy }
    }

    /// What comparing its hashes with others asks for.
    pub fn size(&self) -> Size {
        Size { hashes: self.hashes.len() as u32, common: self.common, noisy: self.noisy }
    }
}

/// Calls `each(start, hash)` for the k-grams that are kept of a text, in order.
pub fn kept(folded: &Folded, noisy: Option<bool>, mut each: impl FnMut(usize, u32)) {
    let dense = noisy == Some(true) || folded.weight() < SHORT;
    let limit = u64::MAX / if dense { KEPT_OF_DENSE } else { KEPT_OF };
    grams(folded, GRAM, |start, _, hash| {
        if hash < limit {
            // The upper 32 of the 63 bits that hashes of dense sketches have.
            each(start, (hash >> 31) as u32);
        }
    });
}

/// The factor of the sum over a window, and its powers: they take a unit out again that stands n places before the end.
const BASE: u64 = 0x9e37_79b9_7f4a_7c15;
const POWERS: [u64; 12] = {
    let mut powers = [1u64; 12];
    let mut i = 1;
    while i < 12 {
        powers[i] = powers[i - 1].wrapping_mul(BASE);
        i += 1;
    }
    powers
};

/// Calls `each(start, length, hash)` for every k-gram of at least this weight, in order.
pub fn grams(folded: &Folded, gram: Gram, mut each: impl FnMut(usize, usize, u64)) {
    let units = &folded.units;
    // Most texts are of one kind of unit, and their k-grams of one length.
    if folded.han(0..units.len()) == 0 {
        return grams_of(units, gram.total.div_ceil(gram.letter), each);
    }
    let weight = |unit: u32| if is_han(unit) { gram.han } else { gram.letter };
    let (mut hash, mut sum, mut start, mut first) = (0u64, 0, 0, weight(units[0]));
    for (end, &unit) in units.iter().enumerate() {
        hash = hash.wrapping_mul(BASE).wrapping_add(u64::from(unit) + 1);
        sum += weight(unit);
        // The shortest window that ends here; a k-gram is reported once for each end.
        while sum - first >= gram.total {
            sum -= first;
            hash = hash.wrapping_sub((u64::from(units[start]) + 1).wrapping_mul(POWERS[end - start]));
            start += 1;
            first = weight(units[start]);
        }
        if sum >= gram.total {
            each(start, end + 1 - start, mix(hash));
        }
    }
}

/// The same for k-grams of so many units.
fn grams_of(units: &[u32], length: usize, mut each: impl FnMut(usize, usize, u64)) {
    let add = |hash: u64, unit: u32| hash.wrapping_mul(BASE).wrapping_add(u64::from(unit) + 1);
    let mut hash = units.iter().take(length - 1).fold(0, |hash, unit| add(hash, *unit));
    for (start, window) in units.windows(length).enumerate() {
        hash = add(hash, window[length - 1]);
        each(start, length, mix(hash));
        hash = hash.wrapping_sub((u64::from(window[0]) + 1).wrapping_mul(POWERS[length - 1]));
    }
}

/// The finalizer of MurmurHash3: every bit of the sum moves every bit of the hash.
fn mix(mut hash: u64) -> u64 {
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gram_is_the_same_wherever_it_stands() {
        let gather = |text: &str| {
            let mut found = Vec::new();
            grams(&Folded::of(text), GRAM, |start, length, hash| found.push((start, length, hash)));
            found
        };
        let (a, b) = (gather("xabcdefgh"), gather("abcdefgh"));
        assert_eq!(a.iter().map(|g| g.1).collect::<Vec<_>>(), [7, 7, 7]);
        assert_eq!(a[1..].iter().map(|g| g.2).collect::<Vec<_>>(), b.iter().map(|g| g.2).collect::<Vec<_>>());
        assert_eq!(gather("在会上指出").iter().map(|g| (g.0, g.1)).collect::<Vec<_>>(), [(0, 4), (1, 4)]);
        assert_eq!(gather("abcdef"), []);
    }

    #[test]
    fn long_texts_keep_one_in_eight_and_short_ones_one_in_two() {
        // Digits: random letters would be taken for a noisy text, which keeps more.
        let text: String = (0..6000u64).map(|i| char::from(b'0' + (mix(i) % 10) as u8)).collect();
        let long = Sketch::of(&Folded::of(&text));
        assert!((650..850).contains(&long.hashes.len()), "{}", long.hashes.len());
        assert_eq!(long.common as usize, long.hashes.len());
        let short = Sketch::of(&Folded::of(&text[..300]));
        assert!((110..190).contains(&short.hashes.len()), "{}", short.hashes.len());
        assert!(short.hashes[..short.common as usize].iter().filter(|h| !long.hashes.contains(h)).count() == 0);
    }
}
