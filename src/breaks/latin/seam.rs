//! Whether letters go together over a break: what the letters at the seam cost inside a word against at a word's end and start.

use super::letters::{STEPS, place, symbol};
use crate::model::Language;

static DE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/de.seam"));
static EN: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/en.seam"));
static FR: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/fr.seam"));

/// How many bits cheaper the folded parts are as one word than as two; 0 for a language without a lexicon.
pub fn gain(language: Language, before: &str, after: &str) -> f32 {
    let table = match language {
        Language::De => DE,
        Language::En => EN,
        Language::Fr => FR,
        _ => return 0.0,
    };
    let cost = |a, b, c| f32::from(table[place(a, b, c)]) / STEPS;
    let mut tail = before.chars().rev().map(symbol);
    let (z, y) = (tail.next().unwrap_or(0), tail.next().unwrap_or(0));
    let mut head = after.chars().map(symbol);
    let (a, b) = (head.next().unwrap_or(0), head.next().unwrap_or(0));
    let one = cost(y, z, a) + cost(z, a, b);
    let two = cost(y, z, 0) + cost(0, 0, a) + cost(0, a, b);
    two - one
}
