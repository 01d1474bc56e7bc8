//! The steps of `galley duplicates`, for an engine that joins between them.
//!
//! | task | record | answer |
//! |---|---|---|
//! | sketch | `{"n","path","line","record":{…}}`: an article, its number in the order of the input, its place | `{"kind":"sketch","n","exact","units","hashes","common","noisy"}` |
//! | candidates | `{"a","b","rare","evidence","frequent","size_a","size_b"}`: what two texts share, summed over their hashes | `{"a","b","rank"}` of a pair that shares enough; of each `b` the `nearest` are verified: the highest `rank`, then the lowest `a` |
//! | verify | `{"exact","a":[…],"b":[…]}`: all texts that are the same as either of a pair, first the one that was sketched, as `sketch` had them | `{"n":[a,b],"merges","record"}` for each pair of them that are copies |
//!
//! `record` is the line of `galley duplicates --format jsonl`.

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use super::{Failed, put};
use crate::dictionary::Dictionaries;
use crate::duplicates;
use crate::duplicates::candidates::{EVIDENCE, FREQUENT, KEPT, NEAREST, SHARED_FREQUENT, Shared, WEIGHTS};
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
    #[serde(flatten)]
    sketch: Sketch,
}

pub fn sketch(line: &[u8]) -> Result<Vec<u8>, Failed> {
    let article: Numbered =
        serde_json::from_slice(line).map_err(|e| Failed { id: place(line), message: format!("not a JSON object with a `text`: {e}") })?;
    let mut lines = Vec::new();
    put(&mut lines, &SketchRecord { kind: "sketch", n: article.n, sketch: Sketch::of(&Folded::of(&article.record.text)) });
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
    #[serde(borrow)]
    b: Vec<Numbered<'a>>,
}

#[derive(Serialize)]
struct Verified<'a> {
    n: [u64; 2],
    /// Whether the pair makes one group of two.
    merges: bool,
    record: &'a PairRecord,
}

pub fn verify(line: &[u8], dictionaries: &Dictionaries) -> Result<Vec<u8>, Failed> {
    let sides: Sides = serde_json::from_slice(line).map_err(|e| Failed::new(format!("no pair with its texts: {e}")))?;
    let (a, b) = (texts(sides.a), texts(sides.b));
    let (Some((_, _, first_a)), Some((_, _, first_b))) = (a.first(), b.first()) else {
        return Err(Failed::new("a pair has two texts"));
    };
    let found =
        if sides.exact { Some(exactly(Folded::of(&first_a.text).units.len())) } else { duplicates::verify(&first_a.text, &first_b.text) };
    let mut lines = Vec::new();
    let Some(found) = found else { return Ok(lines) };
    let [a, b] = [&a, &b].map(|texts| texts.iter().map(|(n, id, full)| (*n, Side::of(id, full))).collect::<Vec<_>>());
    for (n_a, a) in &a {
        for (n_b, b) in &b {
            let turn = n_a > n_b;
            let found = found.clone().turned(turn);
            let (first, second) = if turn { (b, a) } else { (a, b) };
            let record = PairRecord::of(&found, first, second, dictionaries);
            put(&mut lines, &Verified { n: [*n_a.min(n_b), *n_a.max(n_b)], merges: !found.weak, record: &record });
        }
    }
    Ok(lines)
}

fn texts(side: Vec<Numbered>) -> Vec<(u64, CompactString, Full)> {
    let text = |t: Numbered| (t.n, t.record.name(&t.path, t.line), t.record.full(&t.path, t.line));
    side.into_iter().map(text).collect()
}

/// The numbers an engine needs to sum what pairs share, and to leave out what cannot be enough.
pub fn constants() -> serde_json::Value {
    serde_json::json!({
        "exact_members": MEMBERS,
        "frequent": FREQUENT,
        "kept": KEPT,
        "nearest": NEAREST,
        "weights": WEIGHTS,
        "evidence": EVIDENCE,
        "shared_frequent": SHARED_FREQUENT,
    })
}
