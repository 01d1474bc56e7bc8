//! What the dictionary says of a break between two Han characters: does a word go over it?

use super::characters::Class;
use super::features::Row;
use super::names::Feature as F;
use super::window::Window;
use crate::dictionary::{Dictionaries, Lexicon};
use crate::model::Language;

/// The natural logarithm of the running words jieba's counts sum to.
const TOTAL: f32 = 17.9;

/// Adds the dictionary's features. `bare`: the text before may be a title.
pub fn associate(window: &Window, dictionaries: &Dictionaries, bare: bool, row: &mut Row) {
    let han = dictionaries.han();
    let (a, b) = (window.tail.chars()[0], window.head.chars()[0]);
    let inside = han.inside(a, b);
    let (a_closes, b_opens) = (ln_sum(han.end(a), han.single(a)), ln_sum(han.begin(b), han.single(b)));
    let apart = a_closes + b_opens - TOTAL;
    let pair = if inside > 0.0 { (inside - apart.max(0.0)).clamp(-4.0, 6.0) } else { 0.0 };
    let end = (a_closes - ln_sum(han.begin(a), han.middle(a))).clamp(-4.0, 4.0);
    let begin = (b_opens - ln_sum(han.end(b), han.middle(b))).clamp(-4.0, 4.0);
    row.value(F::InsidePair, pair);
    row.set_if(F::PairStrong, pair > 2.0);
    row.set_if(F::PairNone, inside == 0.0);
    row.value(F::WordEnd, end);
    row.value(F::WordBegin, begin);
    if bare {
        row.value(F::BarePair, pair);
        row.set_if(F::BarePairNone, inside == 0.0);
        row.value(F::BareEnd, end);
        row.value(F::BareBegin, begin);
    }
    if inside > 0.0
        && let Some(lexicon) = dictionaries.lexicon(Language::Zh)
    {
        across(window, lexicon, bare, row);
    }
}

/// ln(eᵃ + eᵇ) of two figures that are ln(1 + n).
fn ln_sum(a: f32, b: f32) -> f32 {
    let (high, low) = if a > b { (a, b) } else { (b, a) };
    high + (low - high).exp().ln_1p()
}

/// Words of the dictionary that stand over the break.
fn across(window: &Window, lexicon: &Lexicon, bare: bool, row: &mut Row) {
    const REACH: usize = 4;
    let han = |classes: &[Class]| classes.iter().take(REACH).take_while(|c| **c == Class::Han).count();
    let (before, after) = (han(window.tail.classes()), han(window.head.classes()));
    let mut bytes = [0u8; REACH * 8];
    // starts[i]: where the text begins that has i characters before the break.
    let (mut at, mut starts) = (0, [0; REACH + 1]);
    for i in (0..before).rev() {
        starts[i + 1] = at;
        at += window.tail.chars()[i].encode_utf8(&mut bytes[at..]).len();
    }
    let cut = at;
    for c in &window.head.chars()[..after] {
        at += c.encode_utf8(&mut bytes[at..]).len();
    }
    let Ok(text) = std::str::from_utf8(&bytes[..at]) else { return };
    let mut best: Option<(f32, f32, usize, usize)> = None;
    for (i, &start) in starts.iter().enumerate().take(before + 1).skip(1) {
        for (length, zipf) in lexicon.words_at(&text[start..]) {
            let end = start + length;
            if end <= cut {
                continue;
            }
            // What the two parts are worth as words of their own.
            let parts = part(lexicon, &text[start..cut]) + part(lexicon, &text[cut..end]);
            let gain = zipf + 9.0 - parts;
            if best.is_none_or(|(g, ..)| gain > g) {
                best = Some((gain, zipf, i, text[cut..end].chars().count()));
            }
        }
    }
    let Some((gain, zipf, i, j)) = best else { return };
    row.across = Some((i, j));
    row.set(F::WordAcross);
    row.value(F::WordAcrossGain, gain.clamp(-2.0, 8.0) / 2.0);
    row.set_if(F::WordAcrossRare, zipf < 3.0);
    row.set_if(F::WordAcrossLong, i + j > 2);
    row.set_if(F::BareAcross, bare);
}

/// The Zipf value of a part, or what an unknown one gets.
fn part(lexicon: &Lexicon, text: &str) -> f32 {
    lexicon.zipf(text).unwrap_or(1.0)
}
