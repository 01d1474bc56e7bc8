//! The conversion itself.

use std::path::Path;
use std::sync::Arc;

use super::config::{ConversionError, Dictionary, Folder, Loaded, load};
use super::trie::{Heads, Trie, Value};
use crate::model::Span;

/// A chain of conversions, ready to use from any thread.
#[derive(Debug)]
pub struct Converter {
    segmentation: Trie,
    first: Trie,
    later: Vec<Trie>,
    /// The first step begins with the dictionary of the segmentation, and all it has beside it are characters: one pass finds the
    /// segments, which are the longest matches there, and what the characters between them become.
    one_pass: bool,
    /// Where anything may begin in the text as given: all other characters are passed over.
    heads: Heads,
    /// Where anything may begin for a step after the first.
    later_heads: Heads,
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
        let Loaded { segmentation, chain } = load(folder, name)?;
        let one_pass = matches!((segmentation.as_slice(), chain.first().map(Vec::as_slice)), (
            [segments],
            Some([first, characters @ ..]),
        ) if Arc::ptr_eq(segments, first) && characters.iter().all(|d| d.is_of_characters()));
        let mut steps = chain.iter().map(Dictionary::merge);
        let mut first = steps.next().unwrap_or_default();
        let later: Vec<Trie> = steps.collect();
        // In one pass the first step cuts the segments as well.
        let segmentation = if one_pass { Trie::default() } else { Dictionary::merge(&segmentation) };
        let heads = Heads::of([&segmentation, &first].into_iter().chain(&later));
        let later_heads = Heads::of(&later);
        for value in first.values_mut() {
            value.goes_on = if value.first {
                later.iter().any(|step| starts(&value.text).any(|(c, rest)| step.longest(c, rest).is_some()))
            } else {
                value.text.chars().any(|c| later_heads.has(c))
            };
        }
        Ok(Converter { segmentation, first, later, one_pass, heads, later_heads })
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
        self.first.longest(c, c.encode_utf8(&mut [0; 4])).is_some_and(|(_, value)| value.ambiguous)
    }

    /// Calls `sink` with each place that changes, what it becomes, whether it is a phrase, and whether it is ambiguous.
    fn each(&self, text: &str, mut sink: impl FnMut(Span, &str, bool, bool)) {
        match (self.one_pass, self.later.is_empty()) {
            (true, true) => self.characters(text, sink),
            (true, false) => self.segments(text, &mut sink),
            (false, _) => self.cut(text, &mut sink),
        }
    }

    /// One step in one pass: segments need not be told from what is between them.
    fn characters(&self, text: &str, mut sink: impl FnMut(Span, &str, bool, bool)) {
        let mut chars = text.chars();
        loop {
            let rest = chars.as_str();
            let Some(c) = chars.next() else { break };
            if !self.heads.has(c) {
                continue;
            }
            if let Some((len, value)) = self.first.longest(c, rest) {
                if value.changes {
                    let at = text.len() - rest.len();
                    sink(at..at + len, &value.text, value.phrase, value.ambiguous);
                }
                chars = rest[len..].chars();
            }
        }
    }

    /// Several steps, the first of them in one pass.
    fn segments(&self, text: &str, sink: &mut impl FnMut(Span, &str, bool, bool)) {
        let mut steps = Steps::default();
        let mut chars = text.chars();
        // The characters in no phrase of the segmentation: where they began, those that change, and whether a later step may have
        // anything to do with them.
        let (mut run, mut changes, mut goes_on) = (0, Vec::new(), false);
        loop {
            let rest = chars.as_str();
            let at = text.len() - rest.len();
            let next = chars.next();
            let found = match next {
                Some(c) if !self.heads.has(c) => continue,
                Some(c) => match self.first.longest(c, rest) {
                    Some(found) => Some(found),
                    None => {
                        goes_on |= self.later_heads.has(c);
                        continue;
                    }
                },
                None => None,
            };
            if let Some((len, value)) = found.filter(|(_, value)| !value.first) {
                chars = rest[len..].chars();
                goes_on |= value.goes_on;
                if value.changes {
                    changes.push((at, len, value));
                }
                continue;
            }
            // A segment, or the end of the text.
            if goes_on {
                steps.begin(text, run..at, &changes);
                self.later(run..at, &mut steps, sink);
            } else {
                changes.iter().for_each(|(at, len, value)| sink(*at..at + len, &value.text, value.phrase, value.ambiguous));
            }
            let Some((len, value)) = found else { break };
            if value.goes_on {
                steps.begin(text, at..at + len, &[(at, len, value)]);
                self.later(at..at + len, &mut steps, sink);
            } else if value.changes {
                sink(at..at + len, &value.text, value.phrase, value.ambiguous);
            }
            chars = rest[len..].chars();
            (run, goes_on) = (at + len, false);
            changes.clear();
        }
    }

    /// Any chain: the segments are cut first, and what is between two of them is one too.
    fn cut(&self, text: &str, sink: &mut impl FnMut(Span, &str, bool, bool)) {
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
            let Some((len, _)) = self.segmentation.longest(c, rest) else {
                plain = false;
                continue;
            };
            if !plain {
                self.segment(text, run..at, &mut steps, sink);
            }
            self.segment(text, at..at + len, &mut steps, sink);
            chars = rest[len..].chars();
            (run, plain) = (at + len, true);
        }
        if !plain {
            self.segment(text, run..text.len(), &mut steps, sink);
        }
    }

    /// One segment through the whole chain.
    fn segment(&self, text: &str, span: Span, steps: &mut Steps, sink: &mut impl FnMut(Span, &str, bool, bool)) {
        steps.begin(text, span.clone(), &[]);
        steps.step(&self.first);
        self.later(span, steps, sink);
    }

    /// What the first step has made of a segment through the rest of the chain.
    fn later(&self, span: Span, steps: &mut Steps, sink: &mut impl FnMut(Span, &str, bool, bool)) {
        for step in &self.later {
            steps.step(step);
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
    /// Begins with a segment of a text in which the first step has changed some places.
    fn begin(&mut self, text: &str, span: Span, changes: &[(usize, usize, &Value)]) {
        self.text.clear();
        self.pieces.clear();
        let mut kept = span.start;
        for (at, len, value) in changes {
            self.keep(&text[kept..*at]);
            self.text.push_str(&value.text);
            self.pieces.push(Piece::of(*len, value));
            kept = at + len;
        }
        self.keep(&text[kept..span.end]);
    }

    fn keep(&mut self, text: &str) {
        if !text.is_empty() {
            self.text.push_str(text);
            self.pieces.push(Piece::unchanged(text.len()));
        }
    }

    /// Converts the text by one step and joins its pieces to those before.
    fn step(&mut self, step: &Trie) {
        self.next_text.clear();
        self.next_pieces.clear();
        convert(&self.text, step, &mut self.next_text, &mut self.next_pieces);
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
    fn of(old: usize, value: &Value) -> Piece {
        Piece { old, new: value.text.len(), phrase: value.phrase, ambiguous: value.ambiguous, changed: value.changes }
    }

    fn unchanged(len: usize) -> Piece {
        Piece { old: len, new: len, phrase: false, ambiguous: false, changed: false }
    }
}

/// All characters of a text, each with all that follows from it on.
fn starts(text: &str) -> impl Iterator<Item = (char, &str)> {
    text.char_indices().map(|(at, c)| (c, &text[at..]))
}

/// Converts a text by one step, into a text and its pieces; writes nothing if nothing changes.
fn convert(text: &str, step: &Trie, out: &mut String, pieces: &mut Vec<Piece>) {
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
        if !step.heads().has(c) {
            continue;
        }
        let Some((len, value)) = step.longest(c, rest) else { continue };
        chars = rest[len..].chars();
        // What is matched and stays is like what is not matched, but that nothing else begins in it.
        if value.changes {
            let at = text.len() - rest.len();
            keep(kept..at, out, pieces);
            out.push_str(&value.text);
            pieces.push(Piece::of(len, value));
            kept = at + len;
        }
    }
    if kept > 0 {
        keep(kept..text.len(), out, pieces);
    }
}
