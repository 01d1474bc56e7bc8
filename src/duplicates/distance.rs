//! Levenshtein distances of short stretches, which most of the time of an alignment goes to.

/// Units from which edits are counted with bits: below, clearing the table takes longer than counting.
const BITS_FROM: usize = 12;

/// Edits from all of the first text to each beginning of the second.
pub fn last_row(a: &[u32], b: &[u32]) -> Vec<u32> {
    if (BITS_FROM..=64).contains(&a.len()) {
        return last_row_bits(a, b);
    }
    let mut row: Vec<u32> = (0..=b.len() as u32).collect();
    for (i, x) in a.iter().enumerate() {
        let mut corner = row[0];
        row[0] = i as u32 + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = corner + u32::from(x != y);
            corner = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(corner + 1);
        }
    }
    row
}

/// The same for a first text of at most 64 units, a column at a time: bit i of `more` and `less` says that a column grows or falls by one
/// from i to i + 1 (Hyyrö, "A bit-vector algorithm for computing Levenshtein and Damerau edit distances", 2003).
fn last_row_bits(a: &[u32], b: &[u32]) -> Vec<u32> {
    let mut letters = Letters::default();
    a.iter().enumerate().for_each(|(i, x)| *letters.places(*x) |= 1 << i);
    let last = 1u64 << (a.len() - 1);
    let (mut more, mut less, mut edits) = (u64::MAX, 0u64, a.len() as u32);
    let mut row = Vec::with_capacity(b.len() + 1);
    row.push(edits);
    for y in b {
        let same = letters.of(*y);
        let diagonal = (((same & more).wrapping_add(more)) ^ more) | same | less;
        let (grows, falls) = (less | !(diagonal | more), more & diagonal);
        edits = edits + u32::from(grows & last != 0) - u32::from(falls & last != 0);
        // The first row grows with every unit of the second text.
        let (grows, falls) = (grows << 1 | 1, falls << 1);
        (more, less) = (falls | !(diagonal | grows), grows & diagonal);
        row.push(edits);
    }
    row
}

/// Where each letter of a text of at most 64 units stands: a hash table that is never more than half full.
struct Letters {
    units: [u32; 128],
    places: [u64; 128],
}

/// No unit.
const NONE: u32 = u32::MAX;

impl Default for Letters {
    fn default() -> Letters {
        Letters { units: [NONE; 128], places: [0; 128] }
    }
}

impl Letters {
    /// Where the unit is, or would be.
    #[inline]
    fn slot(&self, unit: u32) -> usize {
        let mut slot = (unit.wrapping_mul(0x9e37_79b1) >> 25) as usize;
        while self.units[slot] != unit && self.units[slot] != NONE {
            slot = (slot + 1) % 128;
        }
        slot
    }

    /// The places of a unit, a bit each.
    #[inline]
    fn of(&self, unit: u32) -> u64 {
        self.places[self.slot(unit)]
    }

    fn places(&mut self, unit: u32) -> &mut u64 {
        let slot = self.slot(unit);
        self.units[slot] = unit;
        &mut self.places[slot]
    }
}

/// Levenshtein distance.
pub fn distance(a: &[u32], b: &[u32]) -> u32 {
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[same..], &b[same..]);
    let same = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..a.len() - same], &b[..b.len() - same]);
    let (a, b) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if a.is_empty() {
        return b.len() as u32;
    }
    match a.len() {
        0..=64 => last_row(a, b)[b.len()],
        _ => rapidfuzz::distance::levenshtein::distance(a.iter().copied(), b.iter().copied()) as u32,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fold::Folded;
    use super::*;

    #[test]
    fn distances() {
        let of = |a: &str, b: &str| distance(&Folded::of(a).units, &Folded::of(b).units);
        assert_eq!(of("kitten", "sitting"), 3);
        assert_eq!(of("abc", "abc"), 0);
        assert_eq!(of("", "abc"), 3);
        assert_eq!(of("区委书记", "区书记"), 1);
    }

    #[test]
    fn bits_count_as_rows_do() {
        let text: Vec<u32> = (0..200u32).map(|i| [97, 98, 99, 0x4e00, 0x4e01][(i * i * 7 + i / 3) as usize % 5]).collect();
        let slow = |a: &[u32], b: &[u32]| {
            let beginnings = (0..=b.len()).map(|end| {
                let mut row: Vec<usize> = (0..=end).collect();
                for (i, x) in a.iter().enumerate() {
                    let above = std::mem::replace(&mut row, vec![i + 1]);
                    (0..end).for_each(|j| row.push((above[j] + usize::from(*x != b[j])).min(row[j] + 1).min(above[j + 1] + 1)));
                }
                row[end] as u32
            });
            beginnings.collect::<Vec<u32>>()
        };
        for long in [1, 2, 12, 31, 63, 64] {
            for from in [0, 3, 50] {
                let (a, b) = (&text[from..from + long], &text[70 - from..100]);
                assert_eq!((last_row_bits(a, b), last_row(a, b)), (slow(a, b), slow(a, b)));
            }
        }
    }
}
