//! Whether the text before a break is told again after it.

use super::characters::Class;
use super::window::Window;

/// How much of the text before is told again after it. A title is.
pub struct Told {
    /// Share of its pairs of characters.
    pub pairs: f32,
    /// Share of its characters.
    pub characters: f32,
    /// Share of the next text's first pairs that are its own.
    pub begins: f32,
}

/// A set of numbers as bits of their hash: a false hit costs little.
#[derive(Default)]
struct Bits([u64; 16]);

impl Bits {
    fn pair(a: char, b: char) -> u32 {
        (a as u32).wrapping_mul(0x9E37_79B1).wrapping_add((b as u32).wrapping_mul(0x85EB_CA77)) >> 22
    }

    fn insert(&mut self, at: u32) {
        self.0[(at >> 6) as usize] |= 1 << (at & 63);
    }

    fn has(&self, at: u32) -> bool {
        self.0[(at >> 6) as usize] >> (at & 63) & 1 == 1
    }
}

/// Counts on both sides of a window.
pub fn told_again(window: &Window) -> Told {
    /// Characters of the next text that count as its beginning.
    const BEGINNING: usize = 12;
    let (tail, head) = (window.tail.chars(), window.head.chars());
    let (tail_classes, head_classes) = (window.tail.classes(), window.head.classes());
    let (mut pairs_after, mut characters_after, mut pairs_before) = (Bits::default(), Bits::default(), Bits::default());
    for i in 0..head.len() {
        if head_classes[i] == Class::Han {
            characters_after.insert(Bits::pair(head[i], '\0'));
            if i > 0 && head_classes[i - 1] == Class::Han {
                pairs_after.insert(Bits::pair(head[i - 1], head[i]));
            }
        }
    }
    let (mut pairs, mut pair_hits, mut characters, mut character_hits) = (0u32, 0u32, 0u32, 0u32);
    for i in 0..tail.len() {
        if tail_classes[i] == Class::Han {
            characters += 1;
            character_hits += u32::from(characters_after.has(Bits::pair(tail[i], '\0')));
            if i > 0 && tail_classes[i - 1] == Class::Han {
                pairs += 1;
                pair_hits += u32::from(pairs_after.has(Bits::pair(tail[i], tail[i - 1])));
                pairs_before.insert(Bits::pair(tail[i], tail[i - 1]));
            }
        }
    }
    let (mut first, mut first_hits) = (0u32, 0u32);
    for i in 1..head.len().min(BEGINNING) {
        if head_classes[i - 1] == Class::Han && head_classes[i] == Class::Han {
            first += 1;
            first_hits += u32::from(pairs_before.has(Bits::pair(head[i - 1], head[i])));
        }
    }
    let share = |hits: u32, all: u32| if all == 0 { 0.0 } else { hits as f32 / all as f32 };
    Told { pairs: share(pair_hits, pairs), characters: share(character_hits, characters), begins: share(first_hits, first) }
}
