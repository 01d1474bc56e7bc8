//! A patch for each rule, so that a reviewer applies what they like: each takes the files as they are, and any of them, in any order.
//!
//! Patches are made of lines, and two that touch one line exclude each other. So edits of several rules whose lines are the same or
//! neighbours go together into a patch named after all of them, and no hunk has context that another patch changes.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::ops::Range;
use std::path::Path;

use encoding_rs::UTF_8;

use super::diff::{head, line, range, unified};
use super::encode::RenderOptions;
use crate::edit::Hunk;
use crate::error::Result;
use crate::model::Source;
use crate::pipeline::Processed;
use crate::rules::RULES;

/// Lines of context on each side of a hunk, where no other patch changes them.
const CONTEXT: usize = 3;
/// A patch of more rules than these is called `mixed`.
const NAMED: usize = 3;

/// The patches of an issue by name: a rule, several rules with `+` between them, or `mixed`.
///
/// # Errors
/// Those of [`crate::read::ByteMap::render`]; the issue has no patch then.
pub fn patches(processed: &Processed, options: RenderOptions) -> Result<BTreeMap<String, Vec<u8>>> {
    let hunks = processed.map.hunks();
    let mut clusters = Clusters::new(processed);
    let files: Vec<(&Source, Range<usize>)> = processed.read.sources.iter().map(|s| (s, of_source(hunks, s))).collect();
    let lines: Vec<Lines> = files.iter().map(|(source, own)| Lines::new(processed, source, &hunks[own.clone()])).collect();
    for ((source, own), lines) in files.iter().zip(&lines) {
        if source.bytes.encoding() != UTF_8 && !options.keep_encoding {
            // Every line becomes UTF-8: that is one change.
            own.clone().for_each(|i| clusters.join(own.start, i));
        } else {
            let near = (0..own.len().saturating_sub(1)).filter(|i| lines.touched[*i].end >= lines.touched[i + 1].start);
            near.for_each(|i| clusters.near.push((own.start + i, own.start + i + 1)));
        }
    }
    let names = clusters.names();
    let mut patches: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for ((source, own), lines) in files.iter().zip(&lines).filter(|((s, _), _)| !s.bytes.is_unread()) {
        let mut of_file: Vec<&String> = names[own.clone()].iter().collect();
        of_file.sort();
        of_file.dedup();
        for name in of_file {
            let chosen: Vec<usize> = own.clone().filter(|i| names[*i] == *name).collect();
            let out = patches.entry(name.clone()).or_default();
            let written = file(out, processed, source, lines, own.start, &chosen, options)?;
            debug_assert!(written.is_ok(), "writing to memory cannot fail");
        }
    }
    Ok(patches)
}

/// The hunks of a file.
fn of_source(hunks: &[Hunk], source: &Source) -> Range<usize> {
    let start = hunks.partition_point(|h| h.old.start < source.span.start);
    start..hunks.partition_point(|h| h.old.end <= source.span.end && h.old.start <= source.span.end).max(start)
}

/// The lines of a file as git counts them, and those each hunk touches.
struct Lines {
    /// Where each line starts in the bytes of the file, and the end.
    starts: Vec<usize>,
    /// One for each hunk.
    touched: Vec<Range<usize>>,
}

impl Lines {
    fn new(processed: &Processed, source: &Source, hunks: &[Hunk]) -> Lines {
        let bytes = source.bytes.original(&processed.read.text[source.span.clone()]);
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', &bytes).map(|i| i + 1));
        if starts.last() != Some(&bytes.len()) {
            starts.push(bytes.len());
        }
        let count = starts.len() - 1;
        let line = |at: usize| starts.partition_point(|s| *s <= at) - 1;
        let of = |h: &Hunk| {
            let span = source.bytes.span_to_file(h.old.start - source.span.start..h.old.end - source.span.start);
            line(span.start).min(count)..(line(span.end) + 1).min(count)
        };
        let touched = hunks.iter().map(of).map(|lines| lines.start..lines.end.max(lines.start)).collect();
        Lines { starts, touched }
    }
}

/// Which hunks go together: those of one edit, and those too near each other.
struct Clusters<'a> {
    parent: Vec<usize>,
    rules: Vec<Vec<&'a str>>,
    /// Hunks whose lines touch.
    near: Vec<(usize, usize)>,
}

impl<'a> Clusters<'a> {
    fn new(processed: &'a Processed) -> Self {
        let hunks = processed.map.hunks();
        let mut clusters = Clusters { parent: (0..hunks.len()).collect(), rules: vec![Vec::new(); hunks.len()], near: Vec::new() };
        for step in &processed.steps {
            for edit in step.applied() {
                let mut first = None;
                for replacement in &edit.replacements {
                    let old = step.back.to_old(replacement.span.clone());
                    let from = hunks.partition_point(|h| h.old.end < old.start);
                    let own = (from..hunks.len()).take_while(|i| hunks[*i].old.start <= old.end);
                    for i in own {
                        clusters.rules[i].push(edit.rule);
                        clusters.join(*first.get_or_insert(i), i);
                    }
                }
            }
        }
        clusters
    }

    fn root(&mut self, mut i: usize) -> usize {
        while self.parent[i] != i {
            self.parent[i] = self.parent[self.parent[i]];
            i = self.parent[i];
        }
        i
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        if a != b {
            let (low, high) = (a.min(b), a.max(b));
            self.parent[high] = low;
            let more = std::mem::take(&mut self.rules[high]);
            self.rules[low].extend(more);
        }
    }

    /// The name of the patch each hunk goes into. Neighbours of one name may stay apart; of two names they cannot.
    fn names(mut self) -> Vec<String> {
        loop {
            let names: Vec<String> =
                (0..self.parent.len()).map(|i| self.root(i)).collect::<Vec<_>>().iter().map(|r| name(&self.rules[*r])).collect();
            let apart: Vec<(usize, usize)> = self.near.iter().copied().filter(|(a, b)| names[*a] != names[*b]).collect();
            if apart.is_empty() {
                return names;
            }
            apart.into_iter().for_each(|(a, b)| self.join(a, b));
        }
    }
}

/// The rules in the order of the path.
fn name(rules: &[&str]) -> String {
    let mut own: Vec<&str> = RULES.iter().map(|r| r.meta().name).filter(|name| rules.contains(name)).collect();
    own.dedup();
    if own.len() > NAMED { "mixed".into() } else { own.join("+") }
}

/// The part of a patch that is about one file, with the chosen hunks alone.
fn file(
    out: &mut Vec<u8>,
    processed: &Processed,
    source: &Source,
    lines: &Lines,
    first: usize,
    chosen: &[usize],
    options: RenderOptions,
) -> Result<io::Result<()>> {
    let hunks = processed.map.hunks();
    let old = &processed.read.text[source.span.clone()];
    let (mut new, mut made, mut at) = (String::with_capacity(old.len()), Vec::with_capacity(chosen.len()), 0);
    for hunk in chosen.iter().map(|i| &hunks[*i]) {
        let span = hunk.old.start - source.span.start..hunk.old.end - source.span.start;
        new.push_str(&old[at..span.start]);
        let start = new.len();
        new.push_str(&processed.clean.text[hunk.new.clone()]);
        at = span.end;
        made.push((span, start..new.len()));
    }
    new.push_str(&old[at..]);
    let original = source.bytes.original(old);
    let (bytes, places) = source.bytes.render_places(&source.path, old, &new, &made, options)?;
    let touched = |i: &usize| lines.touched[i - first].clone();
    let spans: Vec<Range<usize>> = made.iter().map(|(span, _)| source.bytes.span_to_file(span.clone())).collect();
    let blocks = blocks(lines, &chosen.iter().map(touched).collect::<Vec<_>>(), &spans, &places, &bytes);
    let mut others = vec![false; lines.starts.len()];
    (first..first + lines.touched.len()).filter(|i| chosen.binary_search(i).is_err()).for_each(|i| others[touched(&i)].fill(true));
    Ok(match blocks.filter(|blocks| put_together(&original, lines, blocks) == bytes) {
        Some(blocks) => write(out, &source.path, &original, lines, &blocks, &others),
        // Transcoded: the lines between the hunks are other bytes too.
        None => unified(out, &source.path, &original, &bytes),
    })
}

/// Lines of the old file, and the bytes that take their place.
type Block<'a> = (Range<usize>, &'a [u8]);

/// The hunks as whole lines. `None` where the bytes do not fit together.
fn blocks<'a>(
    lines: &Lines,
    touched: &[Range<usize>],
    spans: &[Range<usize>],
    places: &[Range<usize>],
    bytes: &'a [u8],
) -> Option<Vec<Block<'a>>> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut i = 0;
    while i < touched.len() {
        let mut last = i;
        let mut own = touched[i].clone();
        // Hunks on the same or the next line are one block.
        while touched.get(last + 1).is_some_and(|next| next.start <= own.end) {
            last += 1;
            own.end = own.end.max(touched[last].end);
        }
        let start = places[i].start.checked_sub(spans[i].start.checked_sub(lines.starts[own.start])?)?;
        let end = places[last].end + lines.starts[own.end].checked_sub(spans[last].end)?;
        blocks.push((own, bytes.get(start..end)?));
        i = last + 1;
    }
    Some(blocks)
}

/// The new file as the blocks make it.
fn put_together(original: &[u8], lines: &Lines, blocks: &[Block]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(original.len());
    let mut at = 0;
    for (own, new) in blocks {
        bytes.extend_from_slice(&original[at..lines.starts[own.start]]);
        bytes.extend_from_slice(new);
        at = lines.starts[own.end];
    }
    bytes.extend_from_slice(&original[at..]);
    bytes
}

fn split(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split_inclusive(|b| *b == b'\n').collect()
}

/// Writes the hunks. `others` are the lines that other patches change.
fn write(out: &mut impl Write, path: &Path, original: &[u8], lines: &Lines, blocks: &[Block], others: &[bool]) -> io::Result<()> {
    let count = lines.starts.len() - 1;
    let old = |i: usize| &original[lines.starts[i]..lines.starts[i + 1]];
    // Lines at both ends of a block that stay as they are belong to the context.
    let mut small: Vec<(Range<usize>, Vec<&[u8]>)> = Vec::with_capacity(blocks.len());
    for (own, new) in blocks {
        let (mut own, mut new) = (own.clone(), split(new));
        let head = new.iter().zip(own.clone()).take_while(|(n, o)| **n == old(*o)).count();
        new.drain(..head);
        own.start += head;
        let tail = new.iter().rev().zip(own.clone().rev()).take_while(|(n, o)| **n == old(*o)).count();
        new.truncate(new.len() - tail);
        own.end -= tail;
        if !(own.is_empty() && new.is_empty()) {
            small.push((own, new));
        }
    }
    if small.is_empty() {
        return Ok(());
    }
    head(out, path)?;
    let free = |i: &usize| !others[*i];
    let mut shift = 0_isize;
    let mut i = 0;
    while i < small.len() {
        let mut last = i;
        let joins = |a: &Range<usize>, b: &Range<usize>| b.start - a.end <= 2 * CONTEXT && (a.end..b.start).all(|l| free(&l));
        while small.get(last + 1).is_some_and(|next| joins(&small[last].0, &next.0)) {
            last += 1;
        }
        let above = if i == 0 { 0 } else { small[i - 1].0.end };
        let below = small.get(last + 1).map_or(count, |next| next.0.start);
        let start = (above..small[i].0.start).rev().take(CONTEXT).take_while(free).last().unwrap_or(small[i].0.start);
        let end = (small[last].0.end..below).take(CONTEXT).take_while(free).last().map_or(small[last].0.end, |l| l + 1);
        let change: isize = small[i..=last].iter().map(|(own, new)| new.len() as isize - own.len() as isize).sum();
        let (from, length) = (start.wrapping_add_signed(shift), (end - start).wrapping_add_signed(change));
        writeln!(out, "@@ -{} +{} @@", range(start..end), range(from..from + length))?;
        shift += change;
        let mut at = start;
        for (own, new) in &small[i..=last] {
            (at..own.start).try_for_each(|l| line(out, b" ", old(l)))?;
            own.clone().try_for_each(|l| line(out, b"-", old(l)))?;
            new.iter().try_for_each(|l| line(out, b"+", l))?;
            at = own.end;
        }
        (at..end).try_for_each(|l| line(out, b" ", old(l)))?;
        i = last + 1;
    }
    Ok(())
}
