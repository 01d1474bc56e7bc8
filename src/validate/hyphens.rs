//! `broken-hyphenation`: ALTO's `HYP`, `SUBS_TYPE` and `SUBS_CONTENT` contradict each other.
//!
//! The halves of a word are the last word of a line and the first of another, with the same whole. The other half of the first or last word
//! of a page may stand on another page, and blocks need not be in reading order, so a half is looked for on all of the page.

use std::borrow::Cow;
use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::{Document, Group, Problem, Problems};
use crate::messages::say;
use crate::read::xml::{Node, Tag};

/// A word, or the half of one.
struct Word<'d> {
    tag: Tag<'d>,
    /// 1 or 2; 0 for a whole word.
    part: u8,
    whole: Cow<'d, str>,
    /// First and last of its line.
    first: bool,
    last: bool,
}

#[derive(Default)]
pub struct Hyphens<'d> {
    /// Of the page that is open.
    words: Vec<Word<'d>>,
    /// Words of the line that is open.
    in_line: usize,
    /// A hyphen of the line that is open, with whether a word stood before it.
    hyphen: Option<(Tag<'d>, bool)>,
}

impl<'d> Group<'d> for Hyphens<'d> {
    fn node(&mut self, _: &Document<'d>, node: &Node<'d>, out: &mut Problems) {
        match node {
            Node::Start(tag) => match tag.name {
                "TextLine" => (self.in_line, self.hyphen) = (0, None),
                "String" => self.word(tag, out),
                "HYP" => {
                    if self.in_line == 0 {
                        out.push(Problem::new("broken-hyphenation", tag.range(), say("broken-hyphenation.no-word", &[])));
                    }
                    self.hyphen = Some((*tag, self.in_line > 0));
                }
                _ => {}
            },
            Node::End { name: "TextLine", .. } => {
                if let Some(last) = self.words.last_mut().filter(|_| self.in_line > 0) {
                    last.last = true;
                }
            }
            Node::End { name: "Page", .. } => self.page(out),
            _ => {}
        }
    }

    fn finish(&mut self, _: &Document<'d>, out: &mut Problems) {
        self.page(out);
    }
}

impl<'d> Hyphens<'d> {
    fn word(&mut self, tag: &Tag<'d>, out: &mut Problems) {
        if let Some((hyphen, true)) = self.hyphen.take() {
            out.push(Problem::new("broken-hyphenation", hyphen.range(), say("broken-hyphenation.inside", &[])));
        }
        let (mut part, mut whole) = (0, Cow::Borrowed(""));
        for attribute in tag.attributes() {
            match attribute.name {
                "SUBS_TYPE" if attribute.raw == "HypPart1" => part = 1,
                "SUBS_TYPE" if attribute.raw == "HypPart2" => part = 2,
                "SUBS_CONTENT" => whole = crate::read::xml::plain(attribute.raw),
                _ => {}
            }
        }
        self.words.push(Word { tag: *tag, part, whole, first: self.in_line == 0, last: false });
        self.in_line += 1;
    }

    fn page(&mut self, out: &mut Problems) {
        let words = std::mem::take(&mut self.words);
        let problem = |word: &Word, message: String| {
            Problem::new("broken-hyphenation", word.tag.range(), message).because(format!("SUBS_CONTENT:{}", word.whole))
        };
        // Second halves by their whole that nothing has answered yet.
        let mut open: FxHashMap<&str, BTreeSet<usize>> = FxHashMap::default();
        for (i, word) in words.iter().enumerate().filter(|(_, w)| w.part == 2) {
            open.entry(&word.whole).or_default().insert(i);
        }
        let mut answered = vec![false; words.len()];
        for (i, word) in words.iter().enumerate().filter(|(_, w)| w.part == 1) {
            if !word.last {
                out.push(problem(word, say("broken-hyphenation.not-last", &[])));
            }
            let next = words.get(i + 1).filter(|n| n.part == 2).map(|_| i + 1);
            // The next word before one that is further on, and that before one that stands before it.
            let same = open.get(&*word.whole).and_then(|at| at.range(i..).next().or(at.first()).copied());
            match same.or(next) {
                Some(j) => {
                    answered[j] = true;
                    if let Some(at) = open.get_mut(&*words[j].whole) {
                        at.remove(&j);
                    }
                    if words[j].whole != word.whole {
                        let message = say("broken-hyphenation.disagree", &[("first", &word.whole), ("second", &words[j].whole)]);
                        out.push(problem(word, message));
                    }
                }
                // The rest of the page's last word is on the next page.
                None if i + 1 == words.len() => {}
                None => out.push(problem(word, say("broken-hyphenation.no-second", &[]))),
            }
        }
        for (i, word) in words.iter().enumerate().filter(|(_, w)| w.part == 2) {
            if !word.first {
                out.push(problem(word, say("broken-hyphenation.not-first", &[])));
            } else if !answered[i] && i > 0 {
                out.push(problem(word, say("broken-hyphenation.no-first", &[])));
            }
        }
    }
}
