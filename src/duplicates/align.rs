//! What two texts have in common: chains of shared k-grams, and the edit distance of what lies between them.
//!
//! Runs of five letters or two Han characters that both texts have are anchors, longer ones where both are well read. A chain is the best
//! row of anchors in the order of both texts: longer anchors are better, gaps cost a little, gaps of unlike length more (as in minimap2:
//! Li, "Minimap2: pairwise alignment for nucleotide sequences", 2018). The gaps of a chain are short even at 20 % of wrong characters, so
//! their edit distance is exact and cheap, and a chain is a banded alignment. Where errors are many and anchors few, a chain goes on beyond
//! its last anchor as long as the texts agree more than chance would have it.

use std::cell::OnceCell;
use std::ops::Range;

use super::Prepared;
use super::distance::{distance, last_row};
use super::fold::{Folded, is_han};
use super::marks::Lines;
use super::row::{Anchor, score};
use super::sketch::{Gram, grams};

/// Five letters, or two Han characters.
const ANCHOR: Gram = Gram { han: 5, letter: 2, total: 10 };
/// Seven letters, or three Han characters, where both texts are well read: too many shorter runs are chance, and the row of those that are
/// none is long enough without them. With 30 % of wrong characters in one it is not.
const ANCHOR_LONG: Gram = Gram { total: 14, ..ANCHOR };
/// Units that a text needs for it, so that there is a row, and so that it shows how well it is read.
const LONG: usize = 200;
/// Units from which one k-gram in [`SAMPLED`] of such a text is enough to find its runs by.
const VERY_LONG: usize = 2000;
const SAMPLED: u64 = 4;
/// Bits of the filter for each slot of the hash table.
const FILTER: usize = 4;
/// A k-gram that stands more often in a text is no anchor.
const REPEATS: usize = 12;
/// Diagonals beside each other that are open or closed together.
const BAND: usize = 64;
/// A chain worth less than this is chance.
const LEAST: f32 = 12.0;
/// Chains looked at.
const CHAINS: usize = 12;
/// An anchor of this weight is no chance: ten letters, four Han characters.
const SURE: usize = 20;
/// Units at the ends of both texts that are compared though no anchor is there.
const END: u32 = 24;
/// Edits for each unit of a chain from which it is prolonged without anchors: with fewer there would be some.
const PROLONGED: f64 = 0.2;
/// Units it is prolonged by at a time, and how much further the other side may go.
const STEP: usize = 64;
const SLACK: usize = 20;
/// Edits for each unit of such a step, at most. Texts that have nothing in common need 0.7 and more.
const AGREED: f64 = 0.58;

/// A text prepared to be compared with others.
pub struct Anchors<'a> {
    pub text: &'a Prepared,
    units: &'a [u32],
    /// Its short k-grams and its long ones, once they are asked for.
    tables: [OnceCell<Table>; 2],
}

/// Where the k-grams of a text stand.
struct Table {
    /// How long they are at least.
    gram: Gram,
    /// Hashes up to this are looked at.
    most: u64,
    /// A bit for each k-gram, [`FILTER`] times as many as there are slots: most k-grams of another text are not here, and the table is asked
    /// for few of them.
    filter: Vec<u64>,
    /// For each slot of the hash table, the first k-gram, counted from 1.
    heads: Vec<u32>,
    /// For each k-gram its hash, start and the next one in its slot.
    entries: Vec<(u64, u32, u32)>,
}

/// A stretch that two texts share, more or less.
#[derive(Clone, Debug, PartialEq)]
pub struct Chain {
    /// Units of the first text.
    pub a: Range<u32>,
    /// Units of the second text.
    pub b: Range<u32>,
    /// Insertions, deletions and replacements from one to the other.
    pub edits: u32,
    /// Of these, those in places where one run of text was exchanged for another: names, numbers, another sentence.
    pub exchanged: u32,
    /// Number of such places.
    pub places: u32,
    /// The longest run without an edit.
    pub longest: u32,
}

impl Chain {
    /// The longer of the two sides, in units.
    pub fn length(&self) -> u32 {
        self.a.len().max(self.b.len()) as u32
    }
}

impl Table {
    fn of(folded: &Folded, long: bool) -> Table {
        let units = folded.units.len();
        let slots = (units * 2).next_power_of_two().max(16);
        let sampled = if long && units >= VERY_LONG { SAMPLED } else { 1 };
        let mut table = Table {
            gram: if long { ANCHOR_LONG } else { ANCHOR },
            most: u64::MAX / sampled,
            filter: vec![0; slots * FILTER / 64],
            heads: vec![0; slots],
            entries: Vec::with_capacity(units / sampled as usize),
        };
        grams(folded, table.gram, |start, _, hash| {
            if hash > table.most {
                return;
            }
            let (word, bit) = table.bit(hash);
            table.filter[word] |= bit;
            let slot = hash as usize & (slots - 1);
            table.entries.push((hash, start as u32, table.heads[slot]));
            table.heads[slot] = table.entries.len() as u32;
        });
        table
    }

    /// Where the bit of a k-gram is.
    fn bit(&self, hash: u64) -> (usize, u64) {
        ((hash >> 38) as usize & (self.filter.len() - 1), 1 << (hash >> 32 & 63))
    }

    /// Where a k-gram stands, from behind; nothing if it stands too often.
    fn places(&self, hash: u64, found: &mut Vec<u32>) {
        found.clear();
        let (word, bit) = self.bit(hash);
        if self.filter[word] & bit == 0 {
            return;
        }
        let mut at = self.heads[hash as usize & (self.heads.len() - 1)];
        while let Some(&(of, start, next)) = (at as usize).checked_sub(1).map(|i| &self.entries[i]) {
            if of == hash {
                if found.len() == REPEATS {
                    return found.clear();
                }
                found.push(start);
            }
            at = next;
        }
    }
}

impl<'a> Anchors<'a> {
    /// Prepares a text.
    pub fn of(text: &'a Prepared) -> Anchors<'a> {
        Anchors { text, units: &text.folded.units, tables: Default::default() }
    }

    /// The stretches that the text (`a`) shares with another one (`b`), apart from each other in both, the best first. They are looked for
    /// along the lines.
    pub fn chains(&self, other: &Prepared, lines: &Lines) -> Vec<Chain> {
        let anchors = self.shared(other, lines);
        let other = &other.folded.units[..];
        let (scores, before) = score(&anchors);
        let mut order: Vec<usize> = (0..anchors.len()).filter(|i| scores[*i] >= LEAST).collect();
        order.sort_by(|i, j| scores[*j].total_cmp(&scores[*i]).then(i.cmp(j)));
        let mut used = vec![false; anchors.len()];
        let mut chains: Vec<Chain> = Vec::new();
        for last in order {
            if chains.len() == CHAINS {
                break;
            }
            if used[last] {
                continue;
            }
            let (mut row, mut at) = (vec![last], last);
            used[last] = true;
            let mut rest = 0.0;
            while let Some(i) = before[at] {
                if used[i] {
                    rest = scores[i];
                    break;
                }
                used[i] = true;
                row.push(i);
                at = i;
            }
            row.reverse();
            if scores[last] - rest < LEAST {
                continue;
            }
            let row: Vec<Anchor> = row.into_iter().map(|i| anchors[i]).collect();
            let chain = self.measured(other, &row);
            let apart =
                |x: &Range<u32>, y: &Range<u32>| x.end.min(y.end).saturating_sub(x.start.max(y.start)) * 5 <= x.len().min(y.len()) as u32;
            if chains.iter().all(|c| apart(&c.a, &chain.a) && apart(&c.b, &chain.b)) {
                chains.push(chain);
            }
        }
        chains
    }

    /// The anchors in the order of the other text, each as long as both texts agree.
    fn shared(&self, text: &Prepared, lines: &Lines) -> Vec<Anchor> {
        let other = &text.folded.units;
        let well_read = |text: &Prepared| text.noisy == Some(false);
        let long = self.units.len() >= LONG && well_read(self.text) && (other.len() < LONG || well_read(text));
        let table = self.tables[usize::from(long)].get_or_init(|| Table::of(&self.text.folded, long));
        let mut anchors: Vec<Anchor> = Vec::with_capacity(other.len() / 2);
        // For each diagonal where its last anchor ends in the other text.
        let mut ends = vec![0u32; self.units.len() + other.len() + 1];
        let open = open(lines, other.len(), ends.len());
        let mut places = Vec::new();
        grams(&text.folded, table.gram, |start, length, hash| {
            if hash > table.most {
                return;
            }
            table.places(hash, &mut places);
            for &place in &places {
                let diagonal = place as usize + other.len() - start;
                let end = &mut ends[diagonal];
                if !open[diagonal / BAND] || *end as usize >= start + length {
                    continue;
                }
                let agree = |(x, y): &(&u32, &u32)| x == y;
                let more = self.units[place as usize + length..].iter().zip(&other[start + length..]).take_while(agree).count();
                *end = (start + length + more) as u32;
                // Where some are not looked at, the run may begin before.
                let before = match table.most {
                    u64::MAX => 0,
                    _ => self.units[..place as usize].iter().rev().zip(other[..start].iter().rev()).take_while(agree).count(),
                };
                let length = (before + length + more) as u32;
                anchors.push(Anchor { a: place - before as u32, b: (start - before) as u32, length });
            }
        });
        if table.most < u64::MAX {
            anchors.sort_unstable_by_key(|anchor| (anchor.b, anchor.a));
        }
        anchors
    }

    /// The chain of a row of anchors, with its edits, prolonged to the ends of the texts where these are near.
    fn measured(&self, other: &[u32], row: &[Anchor]) -> Chain {
        let (first, last) = (row[0], row[row.len() - 1]);
        let mut chain =
            Chain { a: first.a..last.a + last.length, b: first.b..last.b + last.length, edits: 0, exchanged: 0, places: 0, longest: 0 };
        let mut burst = Burst::default();
        for pair in row.windows(2) {
            let (p, n) = (pair[0], pair[1]);
            // Anchors may overlap where one text repeats a few letters: the later one is shortened.
            let over = (p.a + p.length).saturating_sub(n.a).max((p.b + p.length).saturating_sub(n.b));
            let (of_a, of_b) = (p.a + p.length..n.a + over, p.b + p.length..n.b + over);
            let edits = self.gap(other, of_a.clone(), of_b.clone());
            chain.edits += edits;
            burst.add(edits, of_a.len() as u32, of_b.len() as u32);
            // A short anchor between two gaps may be chance.
            let length = n.length.saturating_sub(over);
            let run = &self.units[n.a as usize..(n.a + n.length) as usize];
            if run.iter().map(|u| if is_han(*u) { ANCHOR.han } else { ANCHOR.letter }).sum::<usize>() < SURE {
                burst.add(0, length, length);
            } else {
                burst.end(&mut chain);
            }
        }
        burst.end(&mut chain);
        chain.longest = row.iter().map(|anchor| anchor.length).max().unwrap_or(0);
        if f64::from(chain.edits) >= PROLONGED * f64::from(chain.length()) {
            self.prolong(other, &mut chain);
        }
        let (before_a, before_b) = (chain.a.start, chain.b.start);
        if before_a <= END && before_b <= END && before_a + before_b > 0 {
            chain.edits += self.gap(other, 0..before_a, 0..before_b);
            (chain.a.start, chain.b.start) = (0, 0);
        }
        let (end_a, end_b) = (self.units.len() as u32, other.len() as u32);
        if end_a - chain.a.end <= END && end_b - chain.b.end <= END && end_a - chain.a.end + end_b - chain.b.end > 0 {
            chain.edits += self.gap(other, chain.a.end..end_a, chain.b.end..end_b);
            (chain.a.end, chain.b.end) = (end_a, end_b);
        }
        chain
    }

    /// Step by step on at both ends, as long as the texts agree.
    fn prolong(&self, other: &[u32], chain: &mut Chain) {
        while let Some((a, b, edits)) = step(self.units[chain.a.end as usize..].iter(), other[chain.b.end as usize..].iter()) {
            (chain.a.end, chain.b.end, chain.edits) = (chain.a.end + a, chain.b.end + b, chain.edits + edits);
        }
        while let Some((a, b, edits)) =
            step(self.units[..chain.a.start as usize].iter().rev(), other[..chain.b.start as usize].iter().rev())
        {
            (chain.a.start, chain.b.start, chain.edits) = (chain.a.start - a, chain.b.start - b, chain.edits + edits);
        }
    }

    fn gap(&self, other: &[u32], a: Range<u32>, b: Range<u32>) -> u32 {
        distance(&self.units[a.start as usize..a.end as usize], &other[b.start as usize..b.end as usize])
    }
}

/// For each [`BAND`] of diagonals whether anchors are looked for there: on the lines and beside them.
fn open(lines: &Lines, other: usize, diagonals: usize) -> Vec<bool> {
    let Lines::Along(along) = lines else { return vec![true; diagonals / BAND + 1] };
    let mut open = vec![false; diagonals / BAND + 1];
    for diagonal in along {
        let at = (i64::from(*diagonal) + other as i64) as usize / BAND;
        let last = open.len() - 1;
        open[at.saturating_sub(1)..=(at + 1).min(last)].fill(true);
    }
    open
}

/// Gaps with nothing but short anchors between them.
#[derive(Default)]
struct Burst {
    edits: u32,
    a: u32,
    b: u32,
}

impl Burst {
    fn add(&mut self, edits: u32, a: u32, b: u32) {
        self.edits += edits;
        self.a += a;
        self.b += b;
    }

    /// Counts what was exchanged: a run of at least four edits in which hardly anything is the same.
    fn end(&mut self, chain: &mut Chain) {
        let Burst { edits, a, b } = std::mem::take(self);
        let (short, long) = (a.min(b), a.max(b));
        if edits >= 4 && short * 4 >= long && edits * 10 >= long * 6 {
            chain.exchanged += edits;
            chain.places += 1;
        }
    }
}

/// The next units of two texts: how many of each agree best, and with how many edits; `None` at an end, or if they do not agree.
fn step<'a>(a: impl ExactSizeIterator<Item = &'a u32>, b: impl ExactSizeIterator<Item = &'a u32>) -> Option<(u32, u32, u32)> {
    let long = STEP.min(a.len()).min(b.len());
    if long < STEP / 2 {
        return None;
    }
    let (a, b): (Vec<u32>, Vec<u32>) = (a.take(long).copied().collect(), b.take(long + SLACK).copied().collect());
    let row = last_row(&a, &b);
    let (end, edits) = row.iter().enumerate().min_by_key(|(j, edits)| (**edits, j.abs_diff(long)))?;
    (f64::from(*edits) <= AGREED * long as f64 && end > 0).then_some((long as u32, end as u32, *edits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_with_errors_is_one_chain_from_end_to_end() {
        let (a, b) = (
            "The members of the committee met on Tuesday evening at the town hall.",
            "Tho mernbers of the commitee met on Tuosday evening at the tovn hall.",
        );
        let (a, b) = (Prepared::of(a), Prepared::of(b));
        let chains = Anchors::of(&a).chains(&b, &Lines::Anywhere);
        let (a, b) = (&a.folded.units, &b.folded.units);
        assert_eq!(chains.len(), 1);
        assert_eq!((chains[0].a.clone(), chains[0].b.clone()), (0..a.len() as u32, 0..b.len() as u32));
        assert_eq!(chains[0].edits, distance(a, b));
    }

    #[test]
    fn long_texts_are_one_chain_however_badly_one_was_read() {
        let text = Prepared::of(include_str!("../../testdata/issues/kecheng-2022-07.txt"));
        assert!(text.folded.units.len() >= VERY_LONG && text.noisy == Some(false));
        for every in [20, 7, 3] {
            let mut read = text.folded.clone();
            read.units.iter_mut().step_by(every).for_each(|unit| *unit = 0x4e37);
            let read = Prepared::with(read, None);
            for (a, b) in [(&text, &read), (&read, &text)] {
                // Of four characters in a row none are whole where every third is wrong: no marks, and no line.
                let lines = a.lines(b).unwrap_or(Lines::Anywhere);
                let chains = Anchors::of(a).chains(b, &lines);
                let all = 0..text.folded.units.len() as u32;
                assert_eq!((chains.len(), &chains[0].a, &chains[0].b), (1, &all, &all), "every {every}th");
                assert!(chains[0].edits <= text.folded.units.len().div_ceil(every) as u32);
            }
        }
    }

    #[test]
    fn paragraphs_in_another_order_are_two_chains() {
        let (one, two) = (
            "区政府昨日召开会议部署防汛工作要求各乡镇认真检查水库和堤坝发现问题及时处理",
            "全市中小学将于九月一日统一开学上课各校已作好准备教材全部运到教师暑期培训也已结束",
        );
        let a = Prepared::of(&format!("{one}。\n{two}。"));
        let b = Prepared::of(&format!("{two}。\n{one}。"));
        let chains = Anchors::of(&a).chains(&b, &Lines::Anywhere);
        assert_eq!(chains.len(), 2);
        assert!(chains.iter().all(|c| c.edits == 0));
    }
}
