//! What the dictionary says of a break: does a word go over it?  (development stand-in)

use std::sync::LazyLock;
use rustc_hash::FxHashMap;

struct Dev {
    words: FxHashMap<String, f32>,
    prefix: rustc_hash::FxHashSet<String>,
    pairs: FxHashMap<(char, char), f32>,
    places: FxHashMap<char, [f32; 4]>,
}
static DEV: LazyLock<Dev> = LazyLock::new(|| {
    let text = std::fs::read_to_string("/tmp/han/v/lib/python3.11/site-packages/jieba/dict.txt").unwrap();
    let mut words = FxHashMap::default();
    let mut prefix = rustc_hash::FxHashSet::default();
    let mut pairs: FxHashMap<(char, char), f64> = FxHashMap::default();
    let mut places: FxHashMap<char, [f64; 4]> = FxHashMap::default();
    let mut total = 0f64;
    for l in text.lines() {
        let mut f = l.split(' ');
        let (w, n) = (f.next().unwrap(), f.next().unwrap().parse::<f64>().unwrap());
        total += n;
        words.insert(w.to_string(), n as f32);
        let cs: Vec<char> = w.chars().collect();
        let mut p = String::new();
        for i in 0..cs.len() {
            p.push(cs[i]);
            prefix.insert(p.clone());
            let k = match (i == 0, i + 1 == cs.len()) { (true, true) => 3, (true, false) => 0, (false, true) => 2, _ => 1 };
            places.entry(cs[i]).or_default()[k] += n;
            if i + 1 < cs.len() { *pairs.entry((cs[i], cs[i + 1])).or_default() += n; }
        }
    }
    for v in words.values_mut() { *v = (9.0 + (v.max(1.0) as f64 / total).log10()) as f32; }
    Dev {
        words, prefix,
        pairs: pairs.into_iter().map(|(k, v)| (k, v.ln_1p() as f32)).collect(),
        places: places.into_iter().map(|(k, v)| (k, v.map(|x| x.ln_1p() as f32))).collect(),
    }
});
pub fn inside(a: char, b: char) -> f32 { DEV.pairs.get(&(a, b)).copied().unwrap_or(0.0) }
/// begin, middle, end, single
pub fn places(c: char) -> [f32; 4] { DEV.places.get(&c).copied().unwrap_or_default() }
pub fn words_at(text: &str) -> impl Iterator<Item = (usize, f32)> + '_ {
    let mut ends = text.char_indices().map(|(i, c)| i + c.len_utf8());
    std::iter::from_fn(move || {
        for e in ends.by_ref() {
            if !DEV.prefix.contains(&text[..e]) { return None; }
            if let Some(z) = DEV.words.get(&text[..e]) { return Some((e, *z)); }
        }
        None
    })
}
