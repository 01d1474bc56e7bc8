//! The conversion itself.

use std::path::Path;
use std::sync::Arc;

use super::config::{ConversionError, Folder, Group, load};
use super::trie::{Heads, Match, Trie};
use crate::model::Span;

/// A chain of conversions, ready to use from any thread.
#[derive(Debug)]
pub struct Converter {
    segmentation: Group,
    chain: Vec<Group>,
    /// The first step begins with the dictionary of the segmentation: what was cut there is the longest match there.
    first_is_segmentation: bool,
    /// One step, and all it has beside the segmentation's dictionary are characters: they are converted where they stand.
    is_simple: bool,
    /// Where anything may begin in the text as given: all other characters are passed over.
    heads: Heads,
    /// Where anything may begin for each step after the first.
    later_heads: Vec<Heads>,
}

/// One place that changes, the smallest stretch whose ends are ends of matches on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversion {
    /// Bytes of the text given.
    pub span: Span,
    /// What it becomes.
    pub text: String,
    /// The stretch is a phrase of several characters, or part of one.
    pub phrase: bool,
    /// The dictionaries list other candidates.
    pub ambiguous: bool,
}

/// A stretch of one step: `old` bytes of the step's input become `new` bytes of its output.
#[derive(Clone, Copy, Debug)]
struct Piece {
    old: usize,
    new: usize,
    phrase: bool,
    ambiguous: bool,
    changed: bool,
}

impl Converter {
    /// A conversion between scripts by OpenCC's name (`s2t`, `tw2sp`, …), from the dictionaries in the binary.
    ///
    /// # Errors
    /// If there is none of that name.
    pub fn script(name: &str) -> Result<Converter, ConversionError> {
        Converter::load(&Folder::Scripts, name)
    }

    /// The variants of one standard (`tw`, `hk`, `mainland`) within traditional Chinese.
    ///
    /// # Errors
    /// If there is none of that name.
    pub fn variants(name: &str) -> Result<Converter, ConversionError> {
        Converter::load(&Folder::Variants, name)
    }

    /// A conversion from a folder of OpenCC configs and text dictionaries.
    ///
    /// # Errors
    /// If a file cannot be read, with its path and line.
    pub fn from_folder(folder: &Path, name: &str) -> Result<Converter, ConversionError> {
        Converter::load(&Folder::Disk(folder), name)
    }

    fn load(folder: &Folder, name: &str) -> Result<Converter, ConversionError> {
        let loaded = load(folder, name)?;
        let first = |g: &Group| g.first().map(Arc::as_ptr);
        let first_is_segmentation =
            loaded.segmentation.len() == 1 && loaded.chain.first().is_some_and(|g| first(g) == first(&loaded.segmentation));
        let is_simple = first_is_segmentation && loaded.chain.len() == 1 && loaded.chain[0][1..].iter().all(|t| t.is_of_characters());
        let later_heads = loaded.chain.iter().skip(1).map(|group| Heads::of(group.iter().map(Arc::as_ref))).collect();
        let heads = Heads::of(loaded.segmentation.iter().chain(loaded.chain.iter().flatten()).map(Arc::as_ref));
        Ok(Converter { segmentation: loaded.segmentation, chain: loaded.chain, first_is_segmentation, is_simple, heads, later_heads })
    }

    /// The converted text.
    pub fn convert(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() + text.len() / 16);
        let mut done = 0;
        self.each(text, |span, new, _, _| {
            out.push_str(&text[done..span.start]);
            out.push_str(new);
            done = span.end;
        });
        out.push_str(&text[done..]);
        out
    }

    /// All places that change, in text order, apart from each other.
    pub fn conversions(&self, text: &str) -> Vec<Conversion> {
        let mut all = Vec::new();
        self.each(text, |span, new, phrase, ambiguous| {
            if text[span.clone()] != *new {
                all.push(Conversion { span, text: new.to_string(), phrase, ambiguous });
            }
        });
        all
    }

    /// Whether a character alone has several candidates in the first step, of which one may be itself.
    pub fn is_ambiguous(&self, c: char) -> bool {
        let text = c.to_string();
        self.chain.first().and_then(|group| longest(group, c, &text)).is_some_and(|found| found.value.ambiguous)
    }

    /// Whether a step after the first has anything to do with a text.
    fn goes_on(&self, text: &str) -> bool {
        self.later_heads.iter().any(|heads| text.chars().any(|c| heads.has(c)))
    }

    /// Calls `sink` with each place that changes, what it becomes, whether it is a phrase, and whether it is ambiguous.
    fn each(&self, text: &str, mut sink: impl FnMut(Span, &str, bool, bool)) {
        if self.is_simple {
            return self.each_simple(text, sink);
        }
        let mut steps = Steps::default();
        let mut chars = text.chars();
        // Where the run of characters in no phrase of the segmentation began, and whether anything may begin in it.
        let (mut run, mut plain) = (0, true);
        loop {
            let rest = chars.as_str();
            let at = text.len() - rest.len();
            let Some(c) = chars.next() else { break };
            if !self.heads.has(c) {
                continue;
            }
            let Some(found) = longest(&self.segmentation, c, rest) else {
                plain = false;
                continue;
            };
            if !plain {
                self.run(text, run..at, &mut steps, &mut sink);
            }
            let (value, span) = (found.value, at..at + found.len);
            if !self.first_is_segmentation {
                self.segment(text, span, &mut steps, &mut sink);
            } else if self.goes_on(&value.text) {
                steps.begin(&text[span.clone()], found);
                self.later(span, &mut steps, &mut sink);
            } else {
                sink(span, &value.text, found.chars > 1, value.ambiguous);
            }
            chars = rest[found.len..].chars();
            (run, plain) = (at + found.len, true);
        }
        if !plain {
            self.run(text, run..text.len(), &mut steps, &mut sink);
        }
    }

    /// A run between phrases of the segmentation.
    fn run(&self, text: &str, span: Span, steps: &mut Steps, sink: &mut impl FnMut(Span, &str, bool, bool)) {
        if self.chain.len() > 1 {
            return self.segment(text, span, steps, sink);
        }
        let skip = usize::from(self.first_is_segmentation);
        let Some(group) = self.chain.first().map(|g| &g[skip..]) else { return };
        let run = &text[span.clone()];
        let mut chars = run.chars();
        loop {
            let rest = chars.as_str();
            let Some(c) = chars.next() else { break };
            if !self.heads.has(c) {
                continue;
            }
            if let Some(found) = longest(group, c, rest) {
                let start = span.end - rest.len();
                sink(start..start + found.len, &found.value.text, found.chars > 1, found.value.ambiguous);
                chars = rest[found.len..].chars();
            }
        }
    }

    /// The same as [`Converter::each`] where segments need not be told from what is between them.
    fn each_simple(&self, text: &str, mut sink: impl FnMut(Span, &str, bool, bool)) {
        let group = &self.chain[0];
        let mut chars = text.chars();
        loop {
            let rest = chars.as_str();
            let Some(c) = chars.next() else { break };
            if !self.heads.has(c) {
                continue;
            }
            if let Some(found) = longest(group, c, rest) {
                let at = text.len() - rest.len();
                sink(at..at + found.len, &found.value.text, found.chars > 1, found.value.ambiguous);
                chars = rest[found.len..].chars();
            }
        }
    }

    /// One segment through the whole chain.
    fn segment(&self, text: &str, span: Span, steps: &mut Steps, sink: &mut impl FnMut(Span, &str, bool, bool)) {
        let Some(first) = self.chain.first() else { return };
        steps.first(&text[span.clone()], first);
        self.later(span, steps, sink);
    }

    /// What the first step has made of a segment through the rest of the chain.
    fn later(&self, span: Span, steps: &mut Steps, sink: &mut impl FnMut(Span, &str, bool, bool)) {
        for (group, heads) in self.chain[1..].iter().zip(&self.later_heads) {
            steps.step(group, heads);
        }
        if !steps.pieces.iter().any(|p| p.changed) {
            return;
        }
        let (mut old, mut new) = (span.start, 0);
        for piece in &steps.pieces {
            if piece.changed {
                sink(old..old + piece.old, &steps.text[new..new + piece.new], piece.phrase, piece.ambiguous);
            }
            old += piece.old;
            new += piece.new;
        }
    }
}

/// The state of a segment between two steps; kept to spare allocations.
#[derive(Default)]
struct Steps {
    text: String,
    pieces: Vec<Piece>,
    next_text: String,
    next_pieces: Vec<Piece>,
    merged: Vec<Piece>,
}

impl Steps {
    /// Begins behind the first step, which found one match for all of `old`.
    fn begin(&mut self, old: &str, found: Match) {
        self.pieces.clear();
        self.text.clear();
        self.text.push_str(&found.value.text);
        self.pieces.push(Piece::of(old, found));
    }

    /// The first step.
    fn first(&mut self, text: &str, group: &[Arc<Trie>]) {
        self.text.clear();
        self.pieces.clear();
        convert(text, group, None, &mut self.text, &mut self.pieces);
        if self.pieces.is_empty() {
            self.text.push_str(text);
            self.pieces.push(Piece::unchanged(text.len()));
        }
    }

    /// Converts the text by one group and joins its pieces to those before.
    fn step(&mut self, group: &[Arc<Trie>], heads: &Heads) {
        self.next_text.clear();
        self.next_pieces.clear();
        convert(&self.text, group, Some(heads), &mut self.next_text, &mut self.next_pieces);
        if self.next_pieces.is_empty() {
            return;
        }
        self.merge();
        std::mem::swap(&mut self.text, &mut self.next_text);
        std::mem::swap(&mut self.pieces, &mut self.merged);
    }

    /// The pieces of both steps as one: cut where an end of the first's output is an end of the second's input. A stretch that
    /// neither changes can be cut anywhere, so it is.
    fn merge(&mut self) {
        self.merged.clear();
        let (mut first, mut second) = (self.pieces.iter().copied(), self.next_pieces.iter().copied());
        let (mut a, mut b) = (first.next(), second.next());
        let mut open: Option<Piece> = None;
        // What is left of the pieces at hand, in bytes of the text between the steps.
        let (mut left_a, mut left_b) = (a.map_or(0, |p| p.new), b.map_or(0, |p| p.old));
        while let (Some(pa), Some(pb)) = (a, b) {
            let n = left_a.min(left_b);
            let piece = open.get_or_insert(Piece { old: 0, new: 0, phrase: false, ambiguous: false, changed: false });
            // An unchanged piece gives its bytes as they are taken; a changed one gives them when it ends.
            let (ends_a, ends_b) = (left_a == n, left_b == n);
            piece.old += if pa.changed { if ends_a { pa.old } else { 0 } } else { n };
            piece.new += if pb.changed { if ends_b { pb.new } else { 0 } } else { n };
            piece.changed |= pa.changed || pb.changed;
            piece.phrase |= (pa.changed && pa.phrase) || (pb.changed && pb.phrase);
            piece.ambiguous |= (pa.changed && pa.ambiguous) || (pb.changed && pb.ambiguous);
            left_a -= n;
            left_b -= n;
            if (ends_a || !pa.changed) && (ends_b || !pb.changed) {
                self.merged.extend(open.take());
            }
            if ends_a {
                a = first.next();
                left_a = a.map_or(0, |p| p.new);
            }
            if ends_b {
                b = second.next();
                left_b = b.map_or(0, |p| p.old);
            }
        }
        self.merged.extend(open.take());
    }
}

impl Piece {
    fn of(old: &str, Match { len, chars, value }: Match) -> Piece {
        Piece { old: len, new: value.text.len(), phrase: chars > 1, ambiguous: value.ambiguous, changed: *value.text != old[..len] }
    }

    fn unchanged(len: usize) -> Piece {
        Piece { old: len, new: len, phrase: false, ambiguous: false, changed: false }
    }
}

/// Converts a text by one group, into a text and its pieces; writes nothing if nothing changes.
fn convert(text: &str, group: &[Arc<Trie>], heads: Option<&Heads>, out: &mut String, pieces: &mut Vec<Piece>) {
    let mut chars = text.chars();
    let mut kept = 0;
    let keep = |span: Span, out: &mut String, pieces: &mut Vec<Piece>| {
        if !span.is_empty() {
            out.push_str(&text[span.clone()]);
            pieces.push(Piece::unchanged(span.len()));
        }
    };
    loop {
        let rest = chars.as_str();
        let Some(c) = chars.next() else { break };
        if heads.is_some_and(|heads| !heads.has(c)) {
            continue;
        }
        let Some(found) = longest(group, c, rest) else { continue };
        chars = rest[found.len..].chars();
        let piece = Piece::of(rest, found);
        // What is matched and stays is like what is not matched, but that nothing else begins in it.
        if piece.changed {
            let at = text.len() - rest.len();
            keep(kept..at, out, pieces);
            out.push_str(&found.value.text);
            pieces.push(piece);
            kept = at + found.len;
        }
    }
    if kept > 0 {
        keep(kept..text.len(), out, pieces);
    }
}

/// The match of the first dictionary that has one.
#[inline]
fn longest<'t>(group: &'t [Arc<Trie>], first: char, rest: &str) -> Option<Match<'t>> {
    group.iter().find_map(|trie| trie.longest(first, rest))
}
