//! Pairs and clusters as records, one JSON object a line (schema version 1).

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

impl PairRecord {
    /// The record of two texts and what was found between them.
    pub fn of(found: &Match, (id_a, a): (&str, &Full), (id_b, b): (&str, &Full), dictionaries: &Dictionaries) -> PairRecord {
        let (folded_a, folded_b) = (Folded::of(&a.text), Folded::of(&b.text));
        let stretches: Vec<[[usize; 2]; 2]> = found
            .stretches
            .iter()
            .map(|(of_a, of_b)| [ends(folded_a.span(&a.text, of_a.clone())), ends(folded_b.span(&b.text, of_b.clone()))])
            .collect();
        let over = |side: usize| {
            [stretches.iter().map(|s| s[side][0]).min().unwrap_or(0), stretches.iter().map(|s| s[side][1]).max().unwrap_or(0)]
        };
        let quality = |full: &Full| quality(&full.text, full.lang.as_deref(), dictionaries);
        let better = |x: f64, y: f64, by: f64| {
            if x >= y + by {
                Some("a")
            } else if y >= x + by {
                Some("b")
            } else {
                None
            }
        };
        let place = |full: &Full| Place { path: full.path.clone(), line: full.line, date: full.date.clone(), title: full.title.clone() };
        PairRecord {
            kind: found.kind,
            v: 1,
            fp: pair_key(folded_a.exact(), folded_b.exact()),
            a: id_a.into(),
            b: id_b.into(),
            score: rounded(found.score),
            span_a: over(0),
            span_b: over(1),
            error_rate: rounded(found.error_rate),
            longer: better(folded_a.units.len() as f64, folded_b.units.len() as f64, 1.0),
            cleaner: if found.error_rate > 0.0 { better(quality(a), quality(b), 0.01) } else { None },
            weak: found.weak,
            estimated: false,
            stretches: if stretches.len() > 1 { stretches } else { Vec::new() },
            place_a: place(a),
            place_b: place(b),
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

fn ends(span: Range<usize>) -> [usize; 2] {
    [span.start, span.end]
}

fn rounded(x: f64) -> f64 {
    (x * 1e4).round() / 1e4
}

/// The records of all pairs whose texts are still there, in order, each with the index of its pair.
pub fn records(texts: &Texts, pairs: &[Pair]) -> Vec<(usize, PairRecord)> {
    use rayon::prelude::*;
    let dictionaries = Dictionaries::builtin();
    let record = |(i, pair): (usize, &Pair)| {
        let [id_a, id_b] = [pair.a, pair.b].map(|t| texts.entries[t as usize].id.as_str());
        Some((i, PairRecord::of(&pair.found, (id_a, &texts.full(pair.a)?), (id_b, &texts.full(pair.b)?), &dictionaries)))
    };
    pairs.par_iter().enumerate().with_min_len(16).filter_map(record).collect()
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
