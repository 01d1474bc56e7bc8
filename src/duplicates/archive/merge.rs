//! Several runs into one, as files of a sort are merged.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io;

use super::run::{Run, Stored, Writer};

/// Writes the texts of all runs that are not removed, in order, and returns how many there are.
///
/// # Errors
/// Of the file written.
pub fn merge(runs: &[&Run], removed: &[Vec<u32>], out: File) -> io::Result<u32> {
    let mut texts: Vec<Stored> = Vec::new();
    // For each run the new number of each text; `u32::MAX` for a removed one.
    let mut numbers: Vec<Vec<u32>> = Vec::new();
    for (run, removed) in runs.iter().zip(removed) {
        let mut of_run = vec![u32::MAX; run.texts as usize];
        for number in (0..run.texts).filter(|n| removed.binary_search(n).is_err()) {
            of_run[number as usize] = texts.len() as u32;
            texts.push(run.text(number));
        }
        numbers.push(of_run);
    }
    let postings = texts.iter().map(|t| u64::from(t.hashes)).sum();
    let count = texts.len() as u32;
    let mut writer = Writer::new(out, &texts, postings)?;
    drop(texts);
    let mut walks: Vec<_> = runs.iter().map(|run| run.entries()).collect();
    let mut heads = BinaryHeap::new();
    for (i, walk) in walks.iter_mut().enumerate() {
        heads.extend(walk.next().map(|(hash, frequent)| Reverse((hash, i, frequent))));
    }
    let mut of_hash: Vec<u32> = Vec::new();
    while let Some(&Reverse((hash, ..))) = heads.peek() {
        of_hash.clear();
        let mut often = false;
        // Equal hashes come by run, so texts stay in order.
        while let Some(&Reverse((_, i, frequent))) = heads.peek().filter(|h| h.0.0 == hash) {
            heads.pop();
            often |= frequent;
            of_hash.extend(walks[i].texts.iter().map(|t| numbers[i][*t as usize]).filter(|n| *n != u32::MAX));
            heads.extend(walks[i].next().map(|(hash, frequent)| Reverse((hash, i, frequent))));
        }
        writer.add(hash, often, &of_hash)?;
    }
    writer.finish()?;
    Ok(count)
}
