//! Counts in Chinese text: how characters stand with their neighbours. Spaces and line ends say nothing here.

use super::{Tally, is_odd};
use crate::dictionary::{Dictionaries, WEAK, fold_han};

/// A character as a word by itself: 的, 在, 说 lie far above.
const SINGLE: f32 = 7.6;

pub(super) fn count(text: &str, dictionaries: &Dictionaries, tally: &mut Tally) {
    let han = dictionaries.han();
    let is_han = |c: char| matches!(c, '\u{3400}'..='\u{9fff}');
    let mut pair_before = 0.0f32;
    let mut chars = text.chars().filter(|c| !c.is_whitespace()).peekable();
    while let Some(c) = chars.next() {
        if !is_han(c) {
            tally.odd += u32::from(is_odd(c) && !matches!(c, '■' | '•' | '[' | ']' | '+'));
            pair_before = 0.0;
            continue;
        }
        let c = fold_han(c);
        let next = chars.peek().copied().filter(|n| is_han(*n)).map(fold_han);
        let pair_after = next.map_or(0.0, |n| han.inside(c, n));
        tally.han += 1;
        if pair_before < WEAK && pair_after < WEAK {
            tally.weak += 1;
            if pair_before == 0.0 && pair_after == 0.0 && han.single(c) < SINGLE {
                tally.alone += 1;
            }
        }
        pair_before = pair_after;
    }
}
