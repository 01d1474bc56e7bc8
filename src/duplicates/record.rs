//! Pairs and clusters as records, one JSON object a line (schema version 1).

use std::cell::OnceCell;
use std::io::{self, Write};
use std::ops::Range;

use serde::Serialize;

use super::fold::Folded;
use super::load::{Full, Texts};
use super::quality::quality;
use super::{Kind, Match, Pair};
use crate::dictionary::Dictionaries;

/// Two copies. Spans are bytes of the texts as given, on character boundaries.
#[derive(Clone, Debug, Serialize)]
pub struct PairRecord {
    pub kind: Kind,
    pub v: u8,
    /// Identifies the pair by content: both texts as they are compared, whichever comes first.
    pub fp: String,
    pub a: String,
    pub b: String,
    /// Share of the shorter text that both have, less the errors, 0 to 1.
    pub score: f64,
    /// From the first shared stretch to the last.
    pub span_a: [usize; 2],
    pub span_b: [usize; 2],
    /// The shared stretches themselves where there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stretches: Vec<[[usize; 2]; 2]>,
    /// Edits for each letter between the shared stretches.
    pub error_rate: f64,
    /// `a` or `b`: the copy with more letters; nothing where both have as many.
    pub longer: Option<&'static str>,
    /// `a` or `b`: the copy with fewer OCR errors; nothing where they cannot be told apart.
    pub cleaner: Option<&'static str>,
    /// The link is reported and merges nothing.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub weak: bool,
    /// Told from the sketches alone, because the text in the archive can no longer be read: there are no spans.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub estimated: bool,
    pub place_a: Place,
    pub place_b: Place,
}

/// Where a text stands, and what is known of it.
#[derive(Clone, Debug, Serialize)]
pub struct Place {
    pub path: String,
    /// From 1.
    pub line: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// Texts that are copies of each other.
#[derive(Clone, Debug, Serialize)]
pub struct ClusterRecord<'a> {
    pub kind: &'static str,
    pub v: u8,
    /// Number of the cluster in this output, from 1.
    pub cluster: usize,
    /// In the order of the input.
    pub members: Vec<&'a str>,
}

/// A text prepared for the records of its pairs.
pub struct Side<'a> {
    id: &'a str,
    full: &'a Full,
    folded: Folded,
    exact: u128,
    quality: OnceCell<f64>,
}

impl<'a> Side<'a> {
    /// Prepares a text by its name.
    pub fn of(id: &'a str, full: &'a Full) -> Side<'a> {
        let folded = Folded::of(&full.text);
        Side { id, full, exact: folded.exact(), folded, quality: OnceCell::new() }
    }

    fn span(&self, units: &Range<usize>) -> [usize; 2] {
        let span = self.folded.span(&self.full.text, units.clone());
        [span.start, span.end]
    }

    fn quality(&self, dictionaries: &Dictionaries) -> f64 {
        *self.quality.get_or_init(|| quality(&self.full.text, self.full.lang.as_deref(), dictionaries))
    }

    fn place(&self) -> Place {
        let Full { path, line, date, title, .. } = self.full;
        Place { path: path.clone(), line: *line, date: date.clone(), title: title.clone() }
    }
}

impl PairRecord {
    /// The record of two texts and what was found between them.
    pub fn of(found: &Match, a: &Side, b: &Side, dictionaries: &Dictionaries) -> PairRecord {
        let stretches: Vec<[[usize; 2]; 2]> = found.stretches.iter().map(|(of_a, of_b)| [a.span(of_a), b.span(of_b)]).collect();
        let over = |side: usize| {
            [stretches.iter().map(|s| s[side][0]).min().unwrap_or(0), stretches.iter().map(|s| s[side][1]).max().unwrap_or(0)]
        };
        let better = |x: f64, y: f64, by: f64| {
            if x >= y + by {
                Some("a")
            } else if y >= x + by {
                Some("b")
            } else {
                None
            }
        };
        PairRecord {
            kind: found.kind,
            v: 1,
            fp: pair_key(a.exact, b.exact),
            a: a.id.into(),
            b: b.id.into(),
            score: rounded(found.score),
            span_a: over(0),
            span_b: over(1),
            error_rate: rounded(found.error_rate),
            longer: better(a.folded.units.len() as f64, b.folded.units.len() as f64, 1.0),
            cleaner: if found.error_rate > 0.0 { better(a.quality(dictionaries), b.quality(dictionaries), 0.01) } else { None },
            weak: found.weak,
            estimated: false,
            stretches: if stretches.len() > 1 { stretches } else { Vec::new() },
            place_a: a.place(),
            place_b: b.place(),
        }
    }
}

/// The key of a pair in decisions: a hash of both folded texts' hashes, the smaller one first, 32 hex digits.
pub fn pair_key(a: u128, b: u128) -> String {
    let mut bytes = [0; 32];
    bytes[..16].copy_from_slice(&a.min(b).to_be_bytes());
    bytes[16..].copy_from_slice(&a.max(b).to_be_bytes());
    blake3::hash(&bytes).to_hex()[..32].to_string()
}

fn rounded(x: f64) -> f64 {
    (x * 1e4).round() / 1e4
}

/// The records of all pairs (by the second text) whose texts are still there, in order, each with the index of its pair.
pub fn records(texts: &Texts, pairs: &[Pair]) -> Vec<(usize, PairRecord)> {
    use rayon::prelude::*;
    let dictionaries = Dictionaries::builtin();
    let id = |text: u32| texts.entries[text as usize].id.as_str();
    // The pairs of one second text stand together: it is read once for all of them.
    let of_text = |pairs: &[Pair]| -> Vec<Option<PairRecord>> {
        let full_b = texts.full(pairs[0].b);
        let b = full_b.as_ref().map(|full| Side::of(id(pairs[0].b), full));
        let record =
            |pair: &Pair| Some(PairRecord::of(&pair.found, &Side::of(id(pair.a), &texts.full(pair.a)?), b.as_ref()?, &dictionaries));
        pairs.iter().map(record).collect()
    };
    let records: Vec<Vec<Option<PairRecord>>> = pairs.par_chunk_by(|x, y| x.b == y.b).map(of_text).collect();
    records.into_iter().flatten().enumerate().filter_map(|(i, record)| Some((i, record?))).collect()
}

/// Writes the records of pairs, then the clusters they make.
pub fn write<'a>(out: &mut impl Write, texts: &Texts, pairs: impl Iterator<Item = &'a PairRecord>, groups: &[Vec<u32>]) -> io::Result<()> {
    for pair in pairs {
        serde_json::to_writer(&mut *out, pair)?;
        out.write_all(b"\n")?;
    }
    for (number, group) in groups.iter().enumerate() {
        let members = group.iter().map(|t| texts.entries[*t as usize].id.as_str()).collect();
        serde_json::to_writer(&mut *out, &ClusterRecord { kind: "cluster", v: 1, cluster: number + 1, members })?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
