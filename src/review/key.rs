//! What identifies a change: by content alone, so that a decision outlives re-OCR elsewhere on the page.
//!
//! A later stage sees the text as the edits before it leave it, and what those are depends on decisions. So the context in a key is that of
//! the text *as read*, found through the map of the stage, and it ends with the printed lines the change stands in: lines that are inserted,
//! deleted or moved around it do not touch the key. What the rule wants to replace, and with what, is part of the key as the stage saw it.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use crate::edit::{Edit, SourceMap};
use crate::model::Issue;
use crate::record::{hash, left_context, right_context};
use crate::rules::first_name;

/// Graphemes of context on each side that identify a change.
const CONTEXT: usize = 8;
/// Graphemes on each side, over line ends, that tell equal changes apart.
const NEIGHBOURHOOD: usize = 24;

/// The key of one proposed edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Hash of issue, rule, before, after and the context within its lines; 32 hexadecimal digits.
    pub base: String,
    /// The base, with the occurrence among equals (`.2`, `.3`, …) after the first.
    pub fp: String,
    /// Hash of a wider neighbourhood, over line ends; tells equals apart when their order changes.
    pub near: String,
    /// How many changes of its stage have this base.
    pub equals: u32,
    /// Hash of rule, before, after.
    pub pat: String,
    /// The context in the text as read.
    pub context: [String; 2],
}

/// The keys of a stage's edits, in their order. `seen` counts equals over the stages of one issue.
pub fn keys(read: &Issue, stage: &Issue, back: &SourceMap, edits: &[Edit], seen: &mut FxHashMap<String, u32>) -> Vec<Key> {
    let mut keys: Vec<Key> = edits.iter().map(|edit| key(read, stage, back, edit, seen)).collect();
    let mut equals: FxHashMap<&str, u32> = FxHashMap::default();
    keys.iter().for_each(|k| *equals.entry(&k.base).or_default() += 1);
    let equals: Vec<u32> = keys.iter().map(|k| equals[k.base.as_str()]).collect();
    keys.iter_mut().zip(equals).for_each(|(key, n)| key.equals = n);
    keys
}

fn key(read: &Issue, stage: &Issue, back: &SourceMap, edit: &Edit, seen: &mut FxHashMap<String, u32>) -> Key {
    let first = &edit.replacements[0];
    let old = back.to_old(first.span.clone());
    let text = &read.text;
    let (left, right) = (&text[..old.start], &text[old.end..]);
    let left_line = &left[left.rfind(['\n', '\u{c}']).map_or(0, |i| i + 1)..];
    let right_line = &right[..right.find(['\n', '\u{c}']).unwrap_or(right.len())];
    let context = [left_context(left_line, CONTEXT).to_owned(), right_context(right_line, CONTEXT).to_owned()];
    let before = joined(edit.replacements.iter().map(|r| &stage.text[r.span.clone()]));
    let after = joined(edit.replacements.iter().map(|r| r.text.as_str()));
    let base = hash(&[read.name(), first_name(edit.rule), &before, &after, &context[0], &context[1]]);
    let mut near = hash(&[left_context(left, NEIGHBOURHOOD), right_context(right, NEIGHBOURHOOD)]);
    near.truncate(16);
    let near = numbered(&format!("{base}/{near}"), seen)[base.len() + 1..].to_owned();
    Key { fp: numbered(&base, seen), near, equals: 1, pat: hash(&[first_name(edit.rule), &before, &after]), base, context }
}

/// The parts of a change; most have one.
fn joined<'a>(mut parts: impl Iterator<Item = &'a str>) -> Cow<'a, str> {
    let first = parts.next().unwrap_or_default();
    parts.fold(first.into(), |all, part| all + "\u{1f}" + part)
}

/// The hash with its occurrence among equals: the first is the bare hash.
pub fn numbered(base: &str, seen: &mut FxHashMap<String, u32>) -> String {
    let Some(n) = seen.get_mut(base) else {
        seen.insert(base.to_owned(), 1);
        return base.to_owned();
    };
    *n += 1;
    format!("{base}.{n}")
}
