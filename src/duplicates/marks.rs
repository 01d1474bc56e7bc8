//! Where the k-grams that a sketch keeps of a text stand in it.
//!
//! Pages of one newspaper share many k-grams that stand anywhere: names, titles, the turns of a trade. In copies they stand in the same order
//! and as far from each other. That is told from the marks alone: most candidates are refused before their texts are read.

use super::candidates::comparable;
use super::fold::Folded;
use super::noise::noisy;
use super::row::WIDEST;
use super::sketch::{COMMON, Size, kept};

/// Units from one mark to another that speaks for it, at least: longer than a turn of speech.
const APART: u32 = 16;
/// And at most: the widest gap between anchors.
const REACH: u32 = WIDEST;
/// How much longer the way from one to the other may be in one text than in the other: so many units,
const SLACK: u32 = 8;
/// and one in so many of the way.
const DRIFT: u32 = 8;
/// The share of the marks both could have that must stand so: where both texts are well read, where it does not show how one of them is, and
/// where that one is noisy. With 10 % of wrong characters on both sides, of 561 copies and halves of copies in well read texts none has less than
/// 0.133; where it does not show how one is read, of 220 none less than 0.167; where one is noisy, of 687 none less than 0.092, and of 109 German
/// pages with 30 % in one none less than 0.052. Of 1,651 pairs of German newspaper articles that share many k-grams and are no copies, 951
/// have less than 0.08.
const IN_LINE: [f64; 3] = [0.08, 0.05, 0.02];
/// How much of the shorter text must lie between marks in line, in well read texts: a copy shares half of it. Places so far from each other are
/// of one stretch, and it may go on so far beyond its ends: with 10 % of wrong characters on both sides there is a mark every 35 letters. Pairs
/// that have 0.55 of each in common are found as without it: with none, 5 and 10 % 440, 453 and 423 of 441, 455 and 440.
const COVERED: f64 = 0.4;
const NEAR: u32 = 200;
const BESIDE: u32 = 40;
/// The share of the shared marks that must stand so for the rest to be chance, and how many marks both could have for it, in texts of about 800
/// letters: a short piece that was moved may have a mark or two, and is much of a short text.
const ALONG: f64 = 0.7;
const MANY: u32 = 100;
/// Texts that could have fewer marks in common are not judged by them.
const FEW: u32 = 16;

/// The kept k-grams of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// For each the hash, in the upper half, and the unit it starts at; ascending, of equal hashes the first.
    marks: Vec<u64>,
    /// Units of the text.
    units: u32,
    /// Whether OCR read the text badly; `None` where it does not show it.
    pub noisy: Option<bool>,
}

impl Marks {
    /// The marks of a text.
    pub fn of(folded: &Folded) -> Marks {
        Marks::with(folded, noisy(folded))
    }

    /// The same where it is known how it is read.
    pub fn with(folded: &Folded, noisy: Option<bool>) -> Marks {
        let mut marks = Vec::with_capacity(folded.units.len() / 7 + 8);
        kept(folded, noisy, |start, hash| marks.push(u64::from(hash) << 32 | start as u64));
        marks.sort_unstable();
        marks.dedup_by_key(|mark| *mark >> 32);
        marks.shrink_to_fit();
        Marks { marks, units: folded.units.len() as u32, noisy }
    }

    /// Their hashes, ascending.
    pub fn hashes(&self) -> impl ExactSizeIterator<Item = u32> + '_ {
        self.marks.iter().map(|mark| (mark >> 32) as u32)
    }

    fn size(&self) -> Size {
        let common = self.marks.partition_point(|mark| mark >> 32 < u64::from(COMMON)) as u32;
        Size { hashes: self.marks.len() as u32, common, noisy: self.noisy }
    }

    /// Where another text may be a copy of this one; `None` where it is none. Only where one of them is well read that can be told: noise on
    /// both sides leaves few marks, far from each other.
    pub fn lines(&self, other: &Marks) -> Option<Lines> {
        let Some(share) = share(self.noisy, other.noisy) else { return Some(Lines::Anywhere) };
        let of = comparable(self.size(), other.size());
        if of < FEW {
            return Some(Lines::Anywhere);
        }
        let shared = self.shared(other);
        let places = in_line(&shared);
        if (places.len() as f64) < share * f64::from(of) {
            return None;
        }
        if self.noisy != other.noisy {
            return Some(Lines::Anywhere);
        }
        // In the shorter text.
        let (stretch, units): (Vec<u32>, u32) = match self.units <= other.units {
            true => (places.iter().map(|place| place.0).collect(), self.units),
            false => (places.iter().map(|place| place.1).collect(), other.units),
        };
        if f64::from(covered(stretch)) < COVERED * f64::from(units) {
            return None;
        }
        let along = of >= MANY && places.len() as f64 >= ALONG * shared.len() as f64;
        Some(if along { Lines::Along(places.iter().map(|(a, b)| *a as i32 - *b as i32).collect()) } else { Lines::Anywhere })
    }

    /// The places in both texts of the marks they share, in the order of this one.
    fn shared(&self, other: &Marks) -> Vec<(u32, u32)> {
        let (mut a, mut b) = (&self.marks[..], &other.marks[..]);
        let mut places = Vec::new();
        while let (Some(x), Some(y)) = (a.first(), b.first()) {
            let (of_a, of_b) = (x >> 32, y >> 32);
            if of_a == of_b {
                places.push((*x as u32, *y as u32));
            }
            (a, b) = (&a[usize::from(of_a <= of_b)..], &b[usize::from(of_b <= of_a)..]);
        }
        places.sort_unstable();
        places
    }

    /// As bytes, to be kept in a file.
    pub fn packed(&self) -> Vec<u8> {
        let noisy = match self.noisy {
            None => 0,
            Some(false) => 1,
            Some(true) => 2,
        };
        std::iter::once(noisy << 32 | u64::from(self.units)).chain(self.marks.iter().copied()).flat_map(u64::to_le_bytes).collect()
    }

    /// Made of such bytes.
    pub fn unpacked(bytes: &[u8]) -> Marks {
        let mut numbers = bytes.as_chunks::<8>().0.iter().map(|mark| u64::from_le_bytes(*mark));
        let first = numbers.next().unwrap_or(0);
        let noisy = match first >> 32 {
            1 => Some(false),
            2 => Some(true),
            _ => None,
        };
        Marks { units: first as u32, marks: numbers.collect(), noisy }
    }
}

/// The share of marks in line that is asked for by how two texts are read; `None` where marks say nothing.
pub fn share(a: Option<bool>, b: Option<bool>) -> Option<f64> {
    match (a, b) {
        (Some(false), Some(false)) => Some(IN_LINE[0]),
        (Some(false), None) | (None, Some(false)) => Some(IN_LINE[1]),
        (Some(false), Some(true)) | (Some(true), Some(false)) => Some(IN_LINE[2]),
        _ => None,
    }
}

/// Where in two texts a copy may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lines {
    Anywhere,
    /// Near diagonals: places in the first text less those in the second, one for each mark in line.
    Along(Vec<i32>),
}

/// The places that have another one which stands as far away in the one text as in the other.
fn in_line(places: &[(u32, u32)]) -> Vec<(u32, u32)> {
    let follows = |(a, b): (u32, u32), (next_a, next_b): (u32, u32)| {
        let (of_a, of_b) = (next_a - a, next_b.wrapping_sub(b));
        of_a >= APART && of_b <= 2 * REACH && of_a.abs_diff(of_b) <= SLACK + of_a / DRIFT
    };
    let stands = |(i, place): (usize, &(u32, u32))| {
        let mut after = places[i + 1..].iter().take_while(|next| next.0 - place.0 <= REACH);
        let mut before = places[..i].iter().rev().take_while(|last| place.0 - last.0 <= REACH);
        after.any(|next| follows(*place, *next)) || before.any(|last| follows(*last, *place))
    };
    places.iter().enumerate().filter(|place| stands(*place)).map(|(_, place)| *place).collect()
}

/// How much of a text lies between places that are near each other, or [`BESIDE`] one.
fn covered(mut places: Vec<u32>) -> u32 {
    places.sort_unstable();
    let gaps = places.windows(2).map(|pair| pair[1] - pair[0]);
    gaps.map(|gap| if gap <= NEAR { gap } else { 2 * BESIDE }).sum::<u32>() + 2 * BESIDE
}

#[cfg(test)]
mod tests {
    use super::*;

    /// News of so many letters, each time another one.
    fn news(seed: u64, letters: usize) -> String {
        let words: Vec<&str> = include_str!("../../testdata/issues/reichsanzeiger/1912_1_0031.txt").split_whitespace().collect();
        let mut state = seed;
        let mut text = String::new();
        while text.len() < letters {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push_str(words[(state >> 33) as usize % words.len()]);
            text.push(' ');
        }
        text
    }

    fn marks(text: &str) -> Marks {
        Marks::of(&Folded::of(text))
    }

    #[test]
    fn copies_stand_along_a_diagonal() {
        let (text, before) = (news(1, 6000), news(2, 500));
        let (a, b) = (marks(&text), marks(&format!("{before}{text}")));
        let Some(Lines::Along(diagonals)) = a.lines(&b) else { panic!("{:?}", a.lines(&b)) };
        let moved = Folded::of(&before).units.len() as i32;
        assert!(diagonals.len() > 300 && diagonals.iter().filter(|d| **d == -moved).count() * 10 > diagonals.len() * 9);
    }

    #[test]
    fn texts_of_the_same_words_are_no_copies() {
        let (a, b) = (marks(&news(1, 6000)), marks(&news(2, 6000)));
        assert!(a.shared(&b).len() > 50, "{}", a.shared(&b).len());
        assert_eq!((a.lines(&b), b.lines(&a)), (None, None));
        // Half of one in the other is something in common, a quarter is too little.
        let of_one = |letters| marks(&format!("{}{}", news(2, 6000 - letters), news(1, letters)));
        let (quarter, half) = (of_one(1500), of_one(3000));
        assert_eq!((a.lines(&quarter), quarter.lines(&a)), (None, None));
        assert!(a.lines(&half).is_some() && half.lines(&a).is_some());
    }

    #[test]
    fn short_texts_and_noisy_ones_are_compared_anyhow() {
        let short = marks("The mayor was in the chair.");
        assert_eq!((short.lines(&short), short.lines(&marks(&news(1, 6000)))), (Some(Lines::Anywhere), Some(Lines::Anywhere)));
        let noisy = Marks { noisy: Some(true), ..marks(&news(1, 6000)) };
        assert_eq!(noisy.lines(&Marks { noisy: Some(true), ..marks(&news(2, 6000)) }), Some(Lines::Anywhere));
    }

    #[test]
    fn they_come_back_from_a_file_as_they_were() {
        for noisy in [None, Some(false), Some(true)] {
            let marks = Marks { noisy, ..marks(&news(1, 600)) };
            assert_eq!(Marks::unpacked(&marks.packed()), marks);
        }
        assert_eq!(Marks::unpacked(&[]), Marks::default());
    }
}
