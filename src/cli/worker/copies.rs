//! The steps of `galley duplicates`, for an engine that joins between them.
//!
//! | task | record | answer |
//! |---|---|---|
//! | sketch | `{"n","path","line","record":{…}}`: an article, its number in the order of the input, its place | `{"kind":"sketch","n","exact","units","size","bins":[…]}`: its hashes in as many bins as `--bins` says |
//! | links, shared | see [`super::links`] | |
//! | candidates | `{"a","b","rare","evidence","frequent","size_a","size_b"}`: what two texts share, summed over their hashes | `{"a","b","rank"}` of a pair that shares enough; of each `b` the `nearest` are verified: the highest `rank`, then the lowest `a` |
//! | verify | `{"exact":false,"a":[…],"b":[…]}`: all texts that are the same as either of a pair, first the one that was sketched, as `sketch` had them; `{"exact":true,"a":[…],"b":[…]}`: texts that are all the same | `{"n":[a,b],"merges","record"}` for each pair of one of `a` and one of `b` that are copies, or of two of `a` where `b` is empty |
//!
//! `record` is the line of `galley duplicates --format jsonl`.

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use super::links::packed;
use super::{Failed, put};
use crate::dictionary::Dictionaries;
use crate::duplicates;
use crate::duplicates::candidates::{NEAREST, Shared};
use crate::duplicates::exact::{MEMBERS, exactly};
use crate::duplicates::fold::Folded;
use crate::duplicates::load::{Full, Record};
use crate::duplicates::record::{PairRecord, Side};
use crate::duplicates::sketch::{Size, Sketch};

/// An article of the input.
#[derive(Deserialize)]
struct Numbered<'a> {
    n: u64,
    path: String,
    line: u64,
    #[serde(borrow)]
    record: Record<'a>,
}

#[derive(Serialize)]
struct SketchRecord {
    kind: &'static str,
    n: u64,
    exact: String,
    units: u32,
    size: Size,
    /// The hashes by the remainder of their division by the number of bins, packed.
    bins: Vec<String>,
}

pub fn sketch(line: &[u8], bins: u32) -> Result<Vec<u8>, Failed> {
    let article: Numbered =
        serde_json::from_slice(line).map_err(|e| Failed { id: place(line), message: format!("not a JSON object with a `text`: {e}") })?;
    let sketch = Sketch::of(&Folded::of(&article.record.text));
    let mut of_bin = vec![Vec::new(); bins as usize];
    sketch.hashes.iter().for_each(|hash| of_bin[(hash % bins) as usize].extend(hash.to_le_bytes()));
    let record = SketchRecord {
        kind: "sketch",
        n: article.n,
        exact: format!("{:032x}", sketch.exact),
        units: sketch.units,
        size: sketch.size(),
        bins: of_bin.iter().map(packed).collect(),
    };
    let mut lines = Vec::new();
    put(&mut lines, &record);
    Ok(lines)
}

/// File and line of a record that is none.
fn place(line: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Place {
        path: String,
        line: u64,
    }
    // What stands before the record is JSON whatever the record is.
    let end = memchr::memmem::find(line, b",\"record\":")?;
    let place: Place = serde_json::from_slice(&[&line[..end], b"}"].concat()).ok()?;
    Some(format!("{}:{}", place.path, place.line))
}

#[derive(Deserialize)]
struct SharedRecord {
    a: u64,
    b: u64,
    rare: u64,
    evidence: u64,
    frequent: u64,
    size_a: Size,
    size_b: Size,
}

pub fn candidate(line: &[u8]) -> Result<Vec<u8>, Failed> {
    let pair: SharedRecord = serde_json::from_slice(line).map_err(|e| Failed::new(format!("no pair with what it shares: {e}")))?;
    // As many as [`Shared::add`] counts.
    let most = |n: u64| n.min(u64::from(u16::MAX)) as u16;
    let shared = Shared { rare: most(pair.rare), evidence: most(pair.evidence), frequent: most(pair.frequent) };
    let mut lines = Vec::new();
    if shared.enough(pair.size_a, pair.size_b) {
        let rank = shared.rank(pair.size_a, pair.size_b);
        put(&mut lines, &serde_json::json!({"a": pair.a, "b": pair.b, "rank": rank}));
    }
    Ok(lines)
}

#[derive(Deserialize)]
struct Sides<'a> {
    exact: bool,
    #[serde(borrow)]
    a: Vec<Numbered<'a>>,
    #[serde(borrow, default)]
    b: Vec<Numbered<'a>>,
}

#[derive(Serialize)]
struct Verified<'a> {
    n: [u64; 2],
    /// Whether the pair makes one group of two; of texts that are the same the pairs with the first of them do for all.
    merges: bool,
    record: &'a PairRecord,
}

pub fn verify(line: &[u8], dictionaries: &Dictionaries) -> Result<Vec<u8>, Failed> {
    let Sides { exact, a, b } = serde_json::from_slice(line).map_err(|e| Failed::new(format!("no pair with its texts: {e}")))?;
    let (a, b) = (texts(a), texts(b));
    let found = match (exact, a.first(), b.first()) {
        (true, Some((_, _, a)), _) => Some(exactly(Folded::of(&a.text).units.len())),
        (false, Some((_, _, a)), Some((_, _, b))) => duplicates::verify(&a.text, &b.text),
        _ => return Err(Failed::new("a pair has two texts")),
    };
    let mut lines = Vec::new();
    let Some(found) = found else { return Ok(lines) };
    let [a, b] = [&a, &b].map(|texts| texts.iter().map(|(n, id, full)| (*n, Side::of(id, full))).collect::<Vec<_>>());
    for (i, (n_a, a_side)) in a.iter().enumerate() {
        let others = if b.is_empty() { &a[i + 1..] } else { &b };
        for (j, (n_b, b_side)) in others.iter().enumerate() {
            let turn = n_a > n_b;
            let found = found.clone().turned(turn);
            let (first, second) = if turn { (b_side, a_side) } else { (a_side, b_side) };
            let record = PairRecord::of(&found, first, second, dictionaries);
            let merges = !found.weak && i == 0 && (exact || j == 0);
            put(&mut lines, &Verified { n: [*n_a.min(n_b), *n_a.max(n_b)], merges, record: &record });
        }
    }
    Ok(lines)
}

fn texts(side: Vec<Numbered>) -> Vec<(u64, CompactString, Full)> {
    let text = |t: Numbered| (t.n, t.record.name(&t.path, t.line), t.record.full(&t.path, t.line));
    side.into_iter().map(text).collect()
}

/// The numbers an engine needs to join as the command does.
pub fn constants() -> serde_json::Value {
    serde_json::json!({
        "exact_members": MEMBERS,
        "nearest": NEAREST,
    })
}
