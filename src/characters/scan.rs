//! Finding rare bytes fast.

use multiversion::multiversion;

use crate::model::Span;

/// Bytes looked at in one go; the compiler turns the loop over them into vector instructions, those of AVX2 where there are any.
const BLOCK: usize = 64;

/// The places where `rare` holds of a byte and the one after it (0 at the end), in order.
///
/// The text is looked at a block at a time, so `rare` must be a few comparisons without branches (`&`, `|`).
pub fn find_pairs<F: Fn(u8, u8) -> bool>(bytes: &[u8], rare: F) -> Pairs<'_, F> {
    Pairs { bytes, block: 0..0, found: 0, rare }
}

/// Made by [`find_pairs`].
pub struct Pairs<'a, F> {
    bytes: &'a [u8],
    /// The block looked at last.
    block: Span,
    /// Its places that are still to be told, a bit each.
    found: u64,
    rare: F,
}

impl<F: Fn(u8, u8) -> bool> Iterator for Pairs<'_, F> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.found == 0 {
            if self.block.end == self.bytes.len() {
                return None;
            }
            (self.found, self.block) = look(self.bytes, self.block.end, &self.rare);
        }
        let at = self.found.trailing_zeros() as usize;
        self.found &= self.found - 1;
        Some(self.block.start + at)
    }
}

/// The places of the next block from `next` on in which there are any, or of the last one, with where that block starts and ends.
#[multiversion(targets("x86_64+avx2"))]
fn look<F: Fn(u8, u8) -> bool>(bytes: &[u8], mut next: usize, rare: &F) -> (u64, Span) {
    while let Some(block) = bytes[next..].first_chunk::<{ BLOCK + 1 }>() {
        let found = places(block, rare);
        next += BLOCK;
        if found != 0 {
            return (found, next - BLOCK..next);
        }
    }
    let rest = &bytes[next..];
    let mut block = [0; BLOCK + 1];
    block[..rest.len()].copy_from_slice(rest);
    // What stands behind the end holds nothing.
    (places(&block, rare) & !u64::MAX.checked_shl(rest.len() as u32).unwrap_or(0), next..bytes.len())
}

/// The places in one block, a bit each.
#[inline(always)]
fn places(block: &[u8; BLOCK + 1], rare: impl Fn(u8, u8) -> bool) -> u64 {
    let mut holds = [0u8; BLOCK];
    let mut any = 0;
    for i in 0..BLOCK {
        holds[i] = u8::from(rare(block[i], block[i + 1]));
        any |= holds[i];
    }
    if any == 0 { 0 } else { bits(&holds) }
}

/// A bit for each byte, which is 0 or 1: of eight bytes the product moves each into its place of the highest byte.
fn bits(holds: &[u8; BLOCK]) -> u64 {
    holds.chunks_exact(8).enumerate().fold(0, |bits, (i, eight)| {
        let eight = u64::from_le_bytes(eight.try_into().expect("eight bytes"));
        bits | (eight.wrapping_mul(0x0102_0408_1020_4080) >> 56) << (i * 8)
    })
}

#[cfg(test)]
mod tests {
    use super::find_pairs;

    #[test]
    fn finds_what_a_plain_loop_finds() {
        for length in [0, 1, 63, 64, 65, 66, 128, 129, 130, 200] {
            let bytes: Vec<u8> = (0..length).map(|i: usize| (i * i % 7) as u8).collect();
            let plain: Vec<usize> = (0..length).filter(|&i| bytes[i] == 2 && bytes.get(i + 1).copied().unwrap_or(0) < 3).collect();
            let found: Vec<usize> = find_pairs(&bytes, |a, b| (a == 2) & (b < 3)).collect();
            assert_eq!(found, plain, "{length}");
        }
    }
}
