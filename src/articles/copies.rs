//! Pages that were scanned twice: most of the character 5-grams of the smaller page stand on the other one.

use rustc_hash::FxHashMap;

use crate::model::Issue;

/// A page that repeats one before it.
#[derive(Clone, Debug, PartialEq)]
pub struct Copy {
    /// Index into [`Issue::pages`].
    pub page: usize,
    /// The page it repeats.
    pub of: usize,
    /// Share of its n-grams that the other page has, 0 to 1.
    pub share: f32,
}

/// Characters in an n-gram. With one character in ten misread, 59 % of the 5-grams still agree; different pages share under 5 %.
const SIZE: usize = 5;
/// Least share that makes a copy.
const LEAST: f32 = 0.35;
/// Letters a page needs to be compared.
const LETTERS: usize = 120;
/// One n-gram in four is kept.
const SAMPLED: u64 = 4;

/// The pages that repeat one before them, in page order. OCR noise is tolerated.
pub fn copies(issue: &Issue) -> Vec<Copy> {
    let mut copies = Vec::new();
    if issue.pages.len() < 2 {
        return copies;
    }
    let mut first: FxHashMap<u64, Vec<u32>> = FxHashMap::default();
    let mut sizes: Vec<usize> = Vec::new();
    for (index, page) in issue.pages.iter().enumerate() {
        let grams = grams(&issue.text[page.span.clone()]);
        let mut shared = vec![0u32; index];
        for gram in &grams {
            for &other in first.get(gram).into_iter().flatten() {
                shared[other as usize] += 1;
            }
        }
        let share = |other: usize| shared[other] as f32 / grams.len().min(sizes[other]).max(1) as f32;
        let like = |other: &usize| sizes[*other] > 0 && grams.len() * 10 > sizes[*other] * 6 && sizes[*other] * 10 > grams.len() * 6;
        let best = (0..index).filter(like).max_by(|a, b| share(*a).total_cmp(&share(*b)).then(b.cmp(a)));
        if let Some(other) = best.filter(|o| share(*o) >= LEAST && !grams.is_empty()) {
            copies.push(Copy { page: index, of: other, share: share(other) });
        }
        for gram in &grams {
            // A gram that half of the pages have tells nothing.
            let pages = first.entry(*gram).or_default();
            if pages.len() < 8 {
                pages.push(index as u32);
            }
        }
        sizes.push(grams.len());
    }
    copies
}

/// A sample of the page's n-grams, sorted, each once; empty for a page with little text.
fn grams(text: &str) -> Vec<u64> {
    let mut window = [0u64; SIZE];
    let (mut grams, mut letters) = (Vec::new(), 0);
    for c in text.chars().filter(|c| c.is_alphanumeric()) {
        window.rotate_left(1);
        window[SIZE - 1] = c as u64;
        letters += 1;
        if letters >= SIZE {
            let hash = window.iter().fold(0u64, |h, c| (h.rotate_left(13) ^ c).wrapping_mul(0x9e37_79b9_7f4a_7c15));
            if (hash >> 40) % SAMPLED == 0 {
                grams.push(hash);
            }
        }
    }
    if letters < LETTERS {
        return Vec::new();
    }
    grams.sort_unstable();
    grams.dedup();
    grams
}
