//! The letters of the seam tables; shared with build.rs, which makes them.

/// Symbols: no letter (the start and end of a word), a–z, ä, ö, ü, é, any other.
pub const SYMBOLS: usize = 32;

/// One step of a table: a quarter of a bit.
pub const STEPS: f32 = 16.0;

/// The symbol of a folded letter.
pub fn symbol(c: char) -> usize {
    match c {
        'a'..='z' => c as usize - 'a' as usize + 1,
        'ä' => 27,
        'ö' => 28,
        'ü' => 29,
        'é' => 30,
        _ => 31,
    }
}

/// Where the table has the cost of `c` after `a` and `b`.
pub fn place(a: usize, b: usize, c: usize) -> usize {
    (a * SYMBOLS + b) * SYMBOLS + c
}
