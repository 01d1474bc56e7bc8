//! Finding rare bytes fast.

/// Bytes looked at in one go; the compiler turns the loop over them into vector instructions.
const BLOCK: usize = 64;

/// The places where `rare` holds of a byte and the one after it (0 at the end), in order.
///
/// The text is looked at a block at a time, so `rare` must be a few comparisons without branches (`&`, `|`).
pub fn find_pairs<F: Fn(u8, u8) -> bool>(bytes: &[u8], rare: F) -> Pairs<'_, F> {
    Pairs { bytes, next: 0, block: 0, found: 0, rare }
}

/// Made by [`find_pairs`].
pub struct Pairs<'a, F> {
    bytes: &'a [u8],
    /// Where the next block starts.
    next: usize,
    /// Where the block of `found` starts, and its places that are still to be told, a bit each.
    block: usize,
    found: u64,
    rare: F,
}

impl<F: Fn(u8, u8) -> bool> Iterator for Pairs<'_, F> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.found == 0 {
            if self.next == self.bytes.len() {
                return None;
            }
            self.found = self.look();
        }
        let at = self.found.trailing_zeros() as usize;
        self.found &= self.found - 1;
        Some(self.block + at)
    }
}

impl<F: Fn(u8, u8) -> bool> Pairs<'_, F> {
    /// The places of the next block in which there are any, or of the last one.
    fn look(&mut self) -> u64 {
        let mut holds = [0u8; BLOCK];
        while let Some(block) = self.bytes[self.next..].first_chunk::<{ BLOCK + 1 }>() {
            let mut any = 0u8;
            for i in 0..BLOCK {
                holds[i] = u8::from((self.rare)(block[i], block[i + 1]));
                any |= holds[i];
            }
            self.block = self.next;
            self.next += BLOCK;
            if any != 0 {
                return bits(&holds);
            }
        }
        self.block = self.next;
        let rest = &self.bytes[self.next..];
        holds = [0; BLOCK];
        for (i, held) in holds.iter_mut().enumerate().take(rest.len()) {
            *held = u8::from((self.rare)(rest[i], rest.get(i + 1).copied().unwrap_or(0)));
        }
        self.next = self.bytes.len();
        bits(&holds)
    }
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
