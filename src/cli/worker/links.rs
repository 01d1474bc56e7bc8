//! Which texts share hashes: the two steps of `galley duplicates` between which an engine only has to bring together what is of one bin, and
//! then what is of one text.
//!
//! | task | records | answers |
//! |---|---|---|
//! | links | `{"n","hashes"}`: a text's hashes of a bin as `sketch` packed them; all texts of the bin, by their numbers | `{"b","links"}`: the texts before `b` that share one of these hashes, packed |
//! | shared | answers of `links`, those of one `b` together | `{"a","b","rare","evidence","frequent"}` of pairs that share what may be enough |
//!
//! A hash of very many texts is [cut to its first few](kept), so what it costs grows with the texts and not with their square. A text has
//! a hash once: a bin with a hash that all texts have is longer by one place a text, whatever the hash. `links` holds its bin, twenty
//! bytes for each hash in it; more bins make it less.

use std::io::{BufRead, Write};

use anyhow::{Context as _, bail, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::Deserialize;

use super::put;
use crate::duplicates::candidates::{EVIDENCE, SHARED_FREQUENT, Shared, WEIGHTS, kept};
use crate::pack;

/// Bytes as a string of JSON.
pub fn packed(bytes: impl AsRef<[u8]>) -> String {
    BASE64.encode(bytes)
}

#[derive(Deserialize)]
struct Hashes<'a> {
    n: u32,
    hashes: &'a str,
}

#[derive(Deserialize)]
struct Links<'a> {
    b: u32,
    links: &'a str,
}

/// Calls `each` for all lines.
fn lines(input: &mut dyn BufRead, mut each: impl FnMut(&[u8]) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        if input.read_until(b'\n', &mut line).context("reading standard input")? == 0 {
            break;
        }
        each(&line).with_context(|| format!("line {number} of standard input"))?;
    }
    Ok(())
}

/// A list of texts that have a hash.
struct List {
    start: u32,
    end: u32,
    weight: u16,
}

/// The task `links`.
pub fn links(input: &mut dyn BufRead, out: &mut dyn Write) -> anyhow::Result<()> {
    // Texts, and where their hashes end; and for each hash the text that has it.
    let (mut texts, mut owner): (Vec<(u32, usize)>, Vec<u32>) = Default::default();
    // Hash and place, so that places of one hash come together, those of earlier texts first.
    let mut places: Vec<u64> = Vec::new();
    lines(input, |line| {
        let Hashes { n, hashes } = serde_json::from_slice(line)?;
        let last = texts.last().map_or(0, |text| text.0);
        ensure!(last <= n, "text {n} stands after text {last}");
        let bytes = BASE64.decode(hashes)?;
        for hash in bytes.chunks_exact(4) {
            places.push(u64::from(u32::from_le_bytes([hash[0], hash[1], hash[2], hash[3]])) << 32 | owner.len() as u64);
            owner.push(n);
        }
        ensure!(u32::try_from(owner.len()).is_ok(), "more hashes than can be counted: make more bins");
        if last == n {
            texts.pop();
        }
        texts.push((n, owner.len()));
        Ok(())
    })?;
    places.sort_unstable();
    // For each place the list of its hash, counted from 1.
    let mut list_of = vec![0u32; owner.len()];
    let (mut lists, mut members, mut of_hash): (Vec<List>, Vec<u32>, Vec<u32>) = Default::default();
    for equal in places.chunk_by(|x, y| x >> 32 == y >> 32) {
        of_hash.clear();
        of_hash.extend(equal.iter().map(|place| owner[*place as u32 as usize]));
        let Some((weight, kept)) = kept(&of_hash) else { continue };
        let start = members.len() as u32;
        members.extend(kept);
        lists.push(List { start, end: members.len() as u32, weight });
        equal.iter().for_each(|place| list_of[*place as u32 as usize] = lists.len() as u32);
    }
    let (mut shared, mut start) = (Vec::new(), 0);
    for &(b, end) in &texts {
        shared.clear();
        for list in list_of[start..end].iter().filter_map(|list| lists.get((*list as usize).wrapping_sub(1))) {
            let before = members[list.start as usize..list.end as usize].iter().take_while(|a| **a < b);
            shared.extend(before.map(|a| (*a, list.weight)));
        }
        start = end;
        if !shared.is_empty() {
            shared.sort_unstable();
            writeln!(out, "{{\"b\":{b},\"links\":\"{}\"}}", packed(written(&shared)))?;
        }
    }
    Ok(())
}

/// Texts in ascending order, each by its distance from the one before it, with what the hash weighs that is shared: seven bits a byte.
fn written(shared: &[(u32, u16)]) -> Vec<u8> {
    let (mut bytes, mut last) = (Vec::with_capacity(shared.len() * 3), 0);
    for (a, weight) in shared {
        // One of four weights: those of the table, and none.
        let class = WEIGHTS.iter().position(|(_, w)| w == weight).unwrap_or(WEIGHTS.len());
        pack::number(&mut bytes, (a - last) as usize * 4 + class);
        last = *a;
    }
    bytes
}

/// Adds to `shared` what [`written`] wrote.
fn read(bytes: &[u8], shared: &mut Vec<(u32, u16)>) -> anyhow::Result<()> {
    let (mut number, mut shift, mut last) = (0u64, 0, 0u64);
    for byte in bytes {
        ensure!(shift < 35, "no packed links");
        number |= u64::from(byte & 0x7f) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            last += number >> 2;
            let a = u32::try_from(last).context("no packed links")?;
            shared.push((a, WEIGHTS.get((number & 3) as usize).map_or(0, |(_, weight)| *weight)));
            (number, shift) = (0, 0);
        }
    }
    if shift > 0 {
        bail!("no packed links");
    }
    Ok(())
}

/// The task `shared`.
pub fn shared(input: &mut dyn BufRead, out: &mut dyn Write) -> anyhow::Result<()> {
    let (mut of, mut all) = (None, Vec::new());
    lines(input, |line| {
        let Links { b, links } = serde_json::from_slice(line)?;
        if of != Some(b) {
            of.map_or(Ok(()), |b| summed(b, &mut all, out))?;
            of = Some(b);
        }
        read(&BASE64.decode(links)?, &mut all)
    })?;
    of.map_or(Ok(()), |b| summed(b, &mut all, out))
}

/// Writes what `b` shares with each text, where it may be enough, and empties the list.
fn summed(b: u32, all: &mut Vec<(u32, u16)>, out: &mut dyn Write) -> anyhow::Result<()> {
    all.sort_unstable();
    let mut lines = Vec::new();
    for of_text in all.chunk_by(|x, y| x.0 == y.0) {
        let mut shared = Shared::default();
        of_text.iter().for_each(|(_, weight)| shared.add(*weight));
        if shared.evidence >= EVIDENCE || shared.all() >= SHARED_FREQUENT {
            let Shared { rare, evidence, frequent } = shared;
            put(&mut lines, &serde_json::json!({"a": of_text[0].0, "b": b, "rare": rare, "evidence": evidence, "frequent": frequent}));
        }
    }
    all.clear();
    Ok(out.write_all(&lines)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_packed_and_read_again() {
        let shared = [(0, 4), (0, 0), (5, 1), (300, 2), (u32::MAX, 4)];
        let mut found = Vec::new();
        read(&written(&shared), &mut found).unwrap();
        assert_eq!(found, shared);
        for wrong in [&[0x80][..], &[0xff; 9]] {
            assert!(read(wrong, &mut Vec::new()).is_err());
        }
    }

    /// The sums over bins are those of [`crate::duplicates::candidates::links`] over all hashes.
    #[test]
    fn sums_over_bins_are_sums_over_all_hashes() {
        // Text n has hash h if h divides n + 1 or n: some hashes are rare, and those below 3 are frequent.
        let has = |n: u32, h: u32| (n + 1).is_multiple_of(h) || n.is_multiple_of(h);
        let mut expected = std::collections::BTreeMap::<(u32, u32), Shared>::new();
        for h in 1..=200 {
            let texts: Vec<u32> = (0..200).filter(|n| has(*n, h)).collect();
            crate::duplicates::candidates::links(&texts, |a, b, weight| expected.entry((b, a)).or_default().add(weight));
        }
        let mut linked = Vec::new();
        for bin in 0..3 {
            let mut records = String::new();
            for n in 0..200 {
                let bytes: Vec<u8> = (1..=200u32).filter(|h| h % 3 == bin && has(n, *h)).flat_map(u32::to_le_bytes).collect();
                records += &format!("{{\"n\":{n},\"hashes\":\"{}\"}}\n", packed(bytes));
            }
            links(&mut records.as_bytes(), &mut linked).unwrap();
        }
        let mut together: Vec<&str> = std::str::from_utf8(&linked).unwrap().lines().collect();
        together.sort_by_key(|line| serde_json::from_str::<Links>(line).unwrap().b);
        let mut out = Vec::new();
        shared(&mut together.join("\n").as_bytes(), &mut out).unwrap();
        let records = std::str::from_utf8(&out).unwrap().lines().map(|l| serde_json::from_str::<serde_json::Value>(l).unwrap());
        let found: Vec<_> = records.map(|r| (r["b"].as_u64(), r["a"].as_u64(), r["evidence"].as_u64(), r["frequent"].as_u64())).collect();
        let enough = expected.iter().filter(|(_, s)| s.evidence >= EVIDENCE || s.all() >= SHARED_FREQUENT);
        let number = |n: u16| Some(u64::from(n));
        let expected: Vec<_> =
            enough.map(|((b, a), s)| (Some(u64::from(*b)), Some(u64::from(*a)), number(s.evidence), number(s.frequent))).collect();
        assert!(expected.len() > 20);
        assert_eq!(found, expected);
    }

    #[test]
    fn texts_out_of_order_are_refused() {
        let records = "{\"n\":2,\"hashes\":\"\"}\n{\"n\":1,\"hashes\":\"\"}\n";
        let error = links(&mut records.as_bytes(), &mut Vec::new()).unwrap_err();
        assert!(format!("{error:#}").contains("line 2 of standard input: text 1 stands after text 2"), "{error:#}");
    }
}
