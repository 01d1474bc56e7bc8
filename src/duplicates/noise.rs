//! Whether OCR read a text so badly that few of its k-grams are left whole.
//!
//! Misread Latin words are full of letter triples that no language has. Their share follows the character error rate closely: on text with
//! 0, 5, 10 and 20 % of wrong characters it is 0.01, 0.07, 0.12 and 0.21, hardly ever 0.02 away from that. A misread Han character makes no
//! word with its neighbours: with 0, 5, 10, 15 and 20 % of wrong characters the share of such characters is 0.12, 0.17, 0.22, 0.27 and 0.32,
//! and 0.21, 0.26, 0.30, 0.35 and 0.41 in one text of a hundred.

use std::sync::LazyLock;

use smallvec::SmallVec;

use super::fold::{Folded, is_han};
use crate::dictionary::{HanStatistics, WEAK};

/// Share of odd triples from which a text is noisy: about 8 % of wrong characters.
const NOISY: f64 = 0.1;
/// Triples that are needed to say anything.
const LEAST: u32 = 60;
/// Units for each triple, at most, in a text that its triples stand for: in Latin prose there are two.
const UNITS: u32 = 4;
/// Letters, and one class for all digits.
const CLASSES: usize = 27;
const DIGIT: usize = 26;

/// Share of Han characters without a word around them up to which a text is well read: hardly one in twenty with 15 % of wrong characters has
/// less, and hardly one in a hundred without any has more.
const WELL_READ: f64 = 0.2;
/// Han characters that are needed to say so, and that are looked at.
const LEAST_HAN: u32 = 100;
const MOST_HAN: u32 = 400;

/// The triples that stand in words, one bit each.
static KNOWN: LazyLock<Vec<bool>> = LazyLock::new(|| {
    let mut known = vec![false; CLASSES * CLASSES * CLASSES];
    let class = |letter: u8| (letter - b'a') as usize;
    for row in include_str!("../../dictionaries/latin/triples.tsv").lines() {
        let (pair, letters) = row.split_once('\t').expect("two columns; tests/dictionaries.rs checks them");
        let pair = pair.as_bytes();
        letters.bytes().for_each(|third| known[(class(pair[0]) * CLASSES + class(pair[1])) * CLASSES + class(third)] = true);
    }
    known[(DIGIT * CLASSES + DIGIT) * CLASSES + DIGIT] = true;
    known
});

/// Whether a text is badly read; `None` where it does not show: a short text, or a Han one that is not certainly read well.
pub fn noisy(folded: &Folded) -> Option<bool> {
    latin_noisy(folded).or_else(|| han_is_well_read(&folded.units).then_some(false))
}

/// Whether so many triples of letters within words are of no language that the text must be badly read; `None` where there are too few to say.
fn latin_noisy(folded: &Folded) -> Option<bool> {
    let known = &*KNOWN;
    let (mut all, mut odd) = (0u32, 0u32);
    let (mut triple, mut run) = (0usize, 0u32);
    let mut last = u32::MAX;
    for (unit, start) in folded.places() {
        let class = match unit {
            0x61..=0x7a => (unit - 0x61) as usize,
            0x30..=0x39 => DIGIT,
            _ => {
                run = 0;
                continue;
            }
        };
        // Neighbours in the text itself: no mark and no space between them, and no letter of two bytes.
        run = if start == last.wrapping_add(1) { run + 1 } else { 1 };
        last = start;
        triple = (triple * CLASSES + class) % (CLASSES * CLASSES * CLASSES);
        if run >= 3 {
            all += 1;
            odd += u32::from(!known[triple]);
        }
    }
    let noisy = all >= LEAST && f64::from(odd) >= NOISY * f64::from(all);
    (noisy || all >= LEAST && all * UNITS >= folded.units.len() as u32).then_some(noisy)
}

/// Whether hardly any character of the beginning of a Han text stands there without a word.
fn han_is_well_read(units: &[u32]) -> bool {
    let (mut han, mut looked_at) = (0u32, units.len());
    for (i, &unit) in units.iter().enumerate() {
        han += u32::from(is_han(unit));
        if han == MOST_HAN {
            looked_at = i + 1;
            break;
        }
    }
    if han < LEAST_HAN {
        return false;
    }
    // All pairs are looked up before one is judged, so that no branch waits for memory.
    let inside =
        |pair: &[u32]| char::from_u32(pair[0]).zip(char::from_u32(pair[1])).map_or(0.0, |(a, b)| HanStatistics::BUILTIN.inside(a, b));
    let pairs: SmallVec<[f32; 512]> = units[..units.len().min(looked_at + 1)].windows(2).map(inside).collect();
    let (mut weak, mut before) = (0u32, 0.0);
    for (i, &unit) in units[..looked_at].iter().enumerate() {
        let after = pairs.get(i).copied().unwrap_or(0.0);
        weak += u32::from(is_han(unit)) & u32::from(before < WEAK) & u32::from(after < WEAK);
        before = after;
    }
    let looked_at = looked_at as u32;
    han * 2 >= looked_at && f64::from(weak) < WELL_READ * f64::from(han)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misread_text_is_noisy_and_printed_text_is_not() {
        let noisy = |text: &str| noisy(&Folded::of(&text.repeat(3)));
        let (clean, read_badly) = (Some(false), Some(true));
        assert_eq!(noisy("The members of the committee met on Tuesday evening at the town hall, in 1938, the mayor in the chair. "), clean);
        assert_eq!(noisy("Der Ausſchuß trat am Dienstag abend im Rathauſe zuſammen; den Vorſitz führte der Bürgermeiſter. "), clean);
        assert_eq!(
            noisy("Tlic mcmbcrs oi' tbe cornmittce mct on Tucsdny evcniug nt tbe tovvn hnll, iu l9g8, tlie rnnyor iu tlic cbnir. "),
            read_badly
        );
        assert_eq!(noisy("区政府昨日召开会议"), None, "too short to say");
        assert_eq!(noisy("At noon."), None, "too short to say");
        let printed = "区政府昨日召开会议部署防汛工作要求各乡镇认真检查水库和堤坝发现问题及时处理";
        let misread = "区攻府咋曰召歼会汉部暑防讯上作耍求各多镇认冥捡查永库扣堤垻友现闩题及时处埋";
        assert_eq!((noisy(printed), noisy(misread)), (clean, None));
    }
}
