//! Counts in Chinese text: how characters stand with their neighbours. Spaces and line ends say nothing here.

use smallvec::SmallVec;

use super::{Tally, is_odd};
use crate::dictionary::{Dictionaries, WEAK, fold_han};

/// A character as a word by itself: 的, 在, 说 lie far above.
const SINGLE: f32 = 7.6;

pub(super) fn count(text: &str, dictionaries: &Dictionaries, tally: &mut Tally) {
    let han = dictionaries.han();
    let is_han = |c: char| matches!(c, '\u{3400}'..='\u{9fff}');
    let chars: SmallVec<[char; 256]> = text.chars().filter(|c| !c.is_whitespace()).map(fold_han).collect();
    // All pairs are looked up before one is judged, so that no branch waits for memory.
    let pairs: SmallVec<[f32; 256]> = chars.windows(2).map(|pair| han.inside(pair[0], pair[1])).collect();
    let mut before = 0.0f32;
    for (i, &c) in chars.iter().enumerate() {
        let after = pairs.get(i).copied().unwrap_or(0.0);
        if is_han(c) {
            tally.han += 1;
            tally.weak += u32::from((before < WEAK) & (after < WEAK));
            tally.alone += u32::from(before.max(after) == 0.0 && han.single(c) < SINGLE);
        } else {
            tally.odd += u32::from(is_odd(c) && !matches!(c, '■' | '•' | '[' | ']' | '+'));
        }
        before = after;
    }
}
