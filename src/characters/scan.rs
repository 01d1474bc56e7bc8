//! Finding rare bytes fast.

/// Bytes looked at in one go; the compiler turns the loop over them into vector instructions.
const BLOCK: usize = 64;

/// The places where `rare` holds of a byte and the one after it (0 at the end), in order.
///
/// Most of the text is passed over a block at a time, so `rare` must be a few comparisons without branches (`&`, `|`), and true seldom.
pub fn find_pairs<F: Fn(u8, u8) -> bool>(bytes: &[u8], rare: F) -> Pairs<'_, F> {
    Pairs { bytes, at: 0, stop: 0, rare }
}

/// Made by [`find_pairs`].
pub struct Pairs<'a, F> {
    bytes: &'a [u8],
    at: usize,
    /// From `at` to here every byte is tried by itself.
    stop: usize,
    rare: F,
}

impl<F: Fn(u8, u8) -> bool> Iterator for Pairs<'_, F> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        loop {
            while self.at < self.stop {
                let at = self.at;
                self.at += 1;
                if (self.rare)(self.bytes[at], self.bytes.get(at + 1).copied().unwrap_or(0)) {
                    return Some(at);
                }
            }
            if self.at == self.bytes.len() {
                return None;
            }
            self.stop = self.bytes.len();
            while let Some(block) = self.bytes[self.at..].first_chunk::<{ BLOCK + 1 }>() {
                let mut any = 0u8;
                for i in 0..BLOCK {
                    any |= u8::from((self.rare)(block[i], block[i + 1]));
                }
                if any != 0 {
                    self.stop = self.at + BLOCK;
                    break;
                }
                self.at += BLOCK;
            }
        }
    }
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
