//! A dictionary of phrases that is asked for the longest one at the start of a text.

use rustc_hash::FxHashMap;

/// Characters in a block of the table of first characters: Chinese text touches a few dozen blocks, which stay in the cache.
const BLOCK: usize = 256;
/// No node, no value.
const NONE: u32 = u32::MAX;
/// Bits of the filter for each edge: one probe in ten goes on to the hash table for nothing.
const FILTER_BITS: usize = 8;

/// Phrases and what each becomes: a tree of characters whose first step is a table and whose others are hash look-ups, most of which
/// a small filter spares.
#[derive(Debug, Default)]
pub struct Trie {
    /// Index into `blocks` by the upper bits of the code point.
    index: Vec<u16>,
    blocks: Vec<[u32; BLOCK]>,
    nodes: Vec<Node>,
    edges: FxHashMap<u64, u32>,
    /// One bit for each edge, by its hash; a power of two.
    filter: Vec<u64>,
    values: Vec<Value>,
}

/// What a phrase becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// The first candidate.
    pub text: Box<str>,
    /// The dictionary lists other candidates beside it.
    pub ambiguous: bool,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    value: u32,
    /// Longer phrases go on from here.
    goes_on: bool,
}

/// The longest phrase found.
#[derive(Clone, Copy, Debug)]
pub struct Match<'t> {
    /// Bytes of the text it covers.
    pub len: usize,
    /// Characters of the text it covers.
    pub chars: usize,
    pub value: &'t Value,
}

impl Trie {
    /// The phrases with their candidates, separated by spaces. The first row of a phrase counts.
    pub fn new<'a>(rows: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut trie = Trie::default();
        for (key, candidates) in rows {
            trie.insert(key, candidates);
        }
        let words = (trie.edges.len() * FILTER_BITS / 64).next_power_of_two();
        trie.filter = vec![0; words];
        for edge in trie.edges.keys() {
            let (word, bit) = place(*edge, words);
            trie.filter[word] |= bit;
        }
        trie
    }

    fn insert(&mut self, key: &str, candidates: &str) {
        let mut chars = key.chars();
        let Some(first) = chars.next() else { return };
        let mut node = self.head_slot(first);
        for c in chars {
            self.nodes[node as usize].goes_on = true;
            let fresh = self.nodes.len() as u32;
            node = *self.edges.entry(edge(node, c)).or_insert(fresh);
            if node == fresh {
                self.nodes.push(Node { value: NONE, goes_on: false });
            }
        }
        let slot = &mut self.nodes[node as usize].value;
        if *slot == NONE {
            *slot = self.values.len() as u32;
            let mut candidates = candidates.split(' ');
            let text = candidates.next().unwrap_or_default().into();
            self.values.push(Value { text, ambiguous: candidates.next().is_some() });
        }
    }

    /// The node of a first character, made if need be.
    fn head_slot(&mut self, c: char) -> u32 {
        let (block, at) = (c as usize / BLOCK, c as usize % BLOCK);
        if self.index.len() <= block {
            self.index.resize(block + 1, u16::MAX);
        }
        if self.index[block] == u16::MAX {
            self.index[block] = self.blocks.len() as u16;
            self.blocks.push([NONE; BLOCK]);
        }
        let slot = &mut self.blocks[self.index[block] as usize][at];
        if *slot == NONE {
            *slot = self.nodes.len() as u32;
            self.nodes.push(Node { value: NONE, goes_on: false });
        }
        *slot
    }

    /// All characters a phrase begins with.
    pub fn heads(&self) -> impl Iterator<Item = u32> {
        self.index.iter().enumerate().filter(|(_, block)| **block != u16::MAX).flat_map(|(i, block)| {
            let nodes = self.blocks[*block as usize].iter().enumerate().filter(|(_, node)| **node != NONE);
            nodes.map(move |(at, _)| (i * BLOCK + at) as u32)
        })
    }

    /// The longest phrase at the start of `rest`, whose first character is `first`.
    #[inline]
    pub fn longest(&self, first: char, rest: &str) -> Option<Match<'_>> {
        let block = *self.index.get(first as usize / BLOCK)?;
        let mut node = *self.blocks.get(block as usize)?.get(first as usize % BLOCK)?;
        if node == NONE {
            return None;
        }
        let mut found = None;
        let (mut len, mut chars) = (first.len_utf8(), 1);
        loop {
            let Node { value, goes_on } = self.nodes[node as usize];
            if value != NONE {
                found = Some((len, chars, value));
            }
            if !goes_on {
                break;
            }
            let Some(c) = rest[len..].chars().next() else { break };
            let edge = edge(node, c);
            let (word, bit) = place(edge, self.filter.len());
            if self.filter[word] & bit == 0 {
                break;
            }
            let Some(&child) = self.edges.get(&edge) else { break };
            node = child;
            len += c.len_utf8();
            chars += 1;
        }
        found.map(|(len, chars, value)| Match { len, chars, value: &self.values[value as usize] })
    }
}

/// From a node by a character: a code point has 21 bits.
fn edge(node: u32, c: char) -> u64 {
    u64::from(node) << 21 | u64::from(c)
}

/// Where an edge stands in a filter of `words` words, a power of two.
fn place(edge: u64, words: usize) -> (usize, u64) {
    let hash = edge.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    ((hash >> 32) as usize & (words - 1), 1 << (hash >> 58))
}

/// A set of characters: which ones a phrase of any dictionary begins with.
#[derive(Debug, Default)]
pub struct Heads(Vec<u64>);

impl Heads {
    /// The first characters of all phrases.
    pub fn of<'t>(tries: impl IntoIterator<Item = &'t Trie>) -> Self {
        let mut bits = Vec::new();
        for c in tries.into_iter().flat_map(Trie::heads) {
            let word = c as usize / 64;
            if bits.len() <= word {
                bits.resize(word + 1, 0);
            }
            bits[word] |= 1 << (c % 64);
        }
        Heads(bits)
    }

    #[inline]
    pub fn has(&self, c: char) -> bool {
        self.0.get(c as usize / 64).is_some_and(|word| word >> (c as u32 % 64) & 1 == 1)
    }
}
