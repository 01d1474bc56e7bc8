//! What the compiler of the word lists (`build.rs` includes this file) and their reader must agree on.

/// The first Han character the tables know (CJK Extension A).
pub(crate) const HAN_FIRST: char = '\u{3400}';
/// The last one (the end of the CJK Unified Ideographs block). Rarer planes are in no word list.
pub(crate) const HAN_LAST: char = '\u{9FFF}';
/// Characters whose pairs stand in a square: in running text nearly all.
pub(crate) const HAN_COMMON: usize = 2048;
/// Steps a unit of the natural logarithm in the Han statistics.
pub(crate) const LOG_STEPS: u8 = 16;
/// Bytes of a slot of the word table: [`fingerprint`] and, below it, the Zipf value in hundredths; 0 is empty.
pub(crate) const SLOT_BYTES: usize = 5;
/// In place of a Zipf value: no word, but some word starts so. (Words have 100 or more.)
pub(crate) const PREFIX_ONLY: u64 = 1;
/// Bits of a slot that hold the Zipf value.
pub(crate) const ZIPF_BITS: u32 = 10;
const FINGERPRINT_BITS: u32 = SLOT_BYTES as u32 * 8 - ZIPF_BITS;

/// The key of a piece that opens longer words.
pub(crate) fn opening(piece: &str) -> String {
    ["<", piece].concat()
}

/// The key of a piece that closes longer words.
pub(crate) fn closing(piece: &str) -> String {
    [">", piece].concat()
}

/// The key of what a folded word looks like: letters that scanners take for each other, in Fraktur or roman type, are one.
pub(crate) fn look(word: &str) -> String {
    let shape = |c: char| match c {
        'e' | 'c' | 'o' | 'ö' | 'é' | 'è' | '0' => 'e',
        'a' | 'ä' | 'à' | 'â' => 'a',
        'n' | 'u' | 'ü' => 'n',
        'r' | 'x' => 'r',
        'i' | 'l' | 't' | 'j' | '1' => 'i',
        's' | 'f' | '5' => 's',
        'h' | 'b' | 'k' => 'h',
        'd' | 'v' => 'd',
        'm' | 'w' => 'm',
        'g' | 'p' | 'q' | 'y' => 'g',
        other => other,
    };
    std::iter::once('~').chain(word.chars().map(shape)).collect()
}

/// Characters of the longest word whose misread forms are kept.
pub(crate) const LONGEST_MISREAD: usize = 4;
/// Bytes of the filter of misread pairs; a power of two.
pub(crate) const MISREAD_FILTER: usize = 1 << 17;

/// Makes the key of a misread word whose wrong character is the one at `at` (0 to 3).
pub(crate) fn misread(at: usize, word: &[char], key: &mut String) {
    key.clear();
    key.push(char::from(b'0' + at as u8));
    key.extend(word);
}

/// The two bits of a pair in the filter; `opens` where its first character is the wrong one.
#[inline]
pub(crate) fn filter_bits(a: char, b: char, opens: bool) -> [usize; 2] {
    let hash = (u64::from(a) << 22 | u64::from(b) << 1 | u64::from(opens)).wrapping_mul(K0);
    [(hash >> 44) as usize, (hash >> 24 & 0xf_ffff) as usize]
}

/// Where a character stands in the Han tables.
#[inline]
pub(crate) fn han_index(c: char) -> Option<usize> {
    (HAN_FIRST..=HAN_LAST).contains(&c).then(|| c as usize - HAN_FIRST as usize)
}

/// The slot a word is looked for first.
#[inline]
pub(crate) fn home(hash: u64, slots: usize) -> usize {
    ((u128::from(hash) * slots as u128) >> 64) as usize
}

/// The bits of the hash that a slot keeps; [`home`] is made of the others.
#[inline]
pub(crate) fn fingerprint(hash: u64) -> u64 {
    hash & ((1 << FINGERPRINT_BITS) - 1)
}

/// The hash of a word: the same on every machine. Eight bytes a step, little-endian, the last ones padded with zeros.
#[inline]
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = Hasher::default();
    let mut rest = bytes;
    while let Some((head, tail)) = rest.split_first_chunk::<8>() {
        hasher.step(u64::from_le_bytes(*head));
        rest = tail;
    }
    // Reads that overlap give the padded bytes without a loop.
    let n = rest.len();
    let last = match n {
        0 => 0,
        1..=3 => u64::from(rest[0]) | u64::from(rest[n / 2]) << (n / 2 * 8) | u64::from(rest[n - 1]) << ((n - 1) * 8),
        _ => u64::from(quad(rest)) | u64::from(quad(&rest[n - 4..])) << ((n - 4) * 8),
    };
    hasher.finish(last, bytes.len())
}

/// [`hash`] by steps, for whoever has the bytes in registers. Multiplies and folds, as wyhash does.
pub(crate) struct Hasher(u64);

impl Default for Hasher {
    fn default() -> Self {
        Hasher(K0)
    }
}

impl Hasher {
    /// The next eight bytes.
    #[inline]
    pub(crate) fn step(&mut self, bytes: u64) {
        self.0 = fold(self.0 ^ bytes, K1);
    }

    /// The last zero to seven bytes, padded with zeros, and the length of the whole.
    #[inline]
    pub(crate) fn finish(self, last: u64, length: usize) -> u64 {
        fold(fold(self.0 ^ last, K1) ^ (length as u64).wrapping_mul(K0), K1)
    }
}

const K0: u64 = 0x9E37_79B9_7F4A_7C15;
const K1: u64 = 0xE703_7ED1_A0B4_28DB;

#[inline]
fn quad(bytes: &[u8]) -> u32 {
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

#[inline]
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    product as u64 ^ (product >> 64) as u64
}
