//! A dictionary of phrases that is asked for the longest one at the start of a text.

use compact_str::CompactString;

/// Characters in a block of the table of first characters: Chinese text touches a few dozen blocks, which stay in the cache.
const BLOCK: usize = 256;
/// No value, no table, no character.
const NONE: u32 = u32::MAX;

/// Phrases and what each becomes: a tree of characters. The first step is a table by code point; from each node on there is a small hash
/// table of its own, so that what follows a frequent character lies close together.
#[derive(Debug, Default)]
pub struct Trie {
    /// Index into `blocks` by the upper bits of the code point.
    index: Vec<u16>,
    blocks: Vec<[Head; BLOCK]>,
    /// The tables of all nodes, one behind the other.
    slots: Vec<Slot>,
    values: Vec<Value>,
    /// Bytes of the longest phrase that is no single character.
    longest: usize,
}

/// What a phrase becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// The first candidate.
    pub text: CompactString,
    /// The dictionary lists other candidates beside it.
    pub ambiguous: bool,
}

/// Where a character leads: the value that ends there, and the table of what goes on.
#[derive(Clone, Copy, Debug)]
struct Node {
    value: u32,
    /// Its first slot, and in the lower five bits the logarithm of its size.
    table: u32,
}

/// A first character.
#[derive(Clone, Copy, Debug)]
struct Head {
    node: Node,
    /// One bit for each second character, by its hash: most of those that follow in a text are told at once.
    seconds: u64,
}

/// A further character.
#[derive(Clone, Copy, Debug)]
struct Slot {
    c: u32,
    node: Node,
}

const NO_NODE: Node = Node { value: NONE, table: NONE };

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
    pub fn new(mut rows: Vec<(&str, &str)>) -> Self {
        rows.sort_by_key(|(key, _)| *key);
        rows.dedup_by_key(|(key, _)| *key);
        let mut trie = Trie::default();
        for group in rows.chunk_by(|a, b| a.0.chars().next() == b.0.chars().next()) {
            let Some(first) = group[0].0.chars().next() else { continue };
            let node = trie.node(group, first.len_utf8());
            let next = |(key, _): &(&str, &str)| key[first.len_utf8()..].chars().next();
            let seconds = group.iter().filter_map(next).fold(0, |bits, c| bits | second(c));
            let block = first as usize / BLOCK;
            if trie.index.len() <= block {
                trie.index.resize(block + 1, u16::MAX);
            }
            if trie.index[block] == u16::MAX {
                trie.index[block] = trie.blocks.len() as u16;
                trie.blocks.push([Head { node: NO_NODE, seconds: 0 }; BLOCK]);
            }
            trie.blocks[trie.index[block] as usize][first as usize % BLOCK] = Head { node, seconds };
        }
        trie
    }

    /// The node of the sorted rows that begin with the same `depth` bytes.
    fn node(&mut self, mut rows: &[(&str, &str)], depth: usize) -> Node {
        let mut node = NO_NODE;
        if let Some(((_, candidates), rest)) = rows.split_first().filter(|((key, _), _)| key.len() == depth) {
            node.value = self.values.len() as u32;
            let mut candidates = candidates.split(' ');
            let text = candidates.next().unwrap_or_default().into();
            self.values.push(Value { text, ambiguous: candidates.next().is_some() });
            rows = rest;
        }
        let next = |row: &(&str, &str)| row.0[depth..].chars().next();
        let count = rows.chunk_by(|a, b| next(a) == next(b)).count();
        if count == 0 {
            return node;
        }
        // A free slot at least ends each search.
        let bits = (count + count / 2 + 1).next_power_of_two().trailing_zeros();
        let start = self.slots.len();
        self.slots.resize(start + (1 << bits), Slot { c: NONE, node: NO_NODE });
        node.table = (start as u32) << 5 | bits;
        for group in rows.chunk_by(|a, b| next(a) == next(b)) {
            let Some(c) = next(&group[0]) else { continue };
            let child = self.node(group, depth + c.len_utf8());
            let at = self.slot(node.table, c);
            self.slots[at] = Slot { c: c.into(), node: child };
            self.longest = self.longest.max(depth + c.len_utf8());
        }
        node
    }

    /// The slot of a character in a table, or the free one where it would be.
    #[inline]
    fn slot(&self, table: u32, c: char) -> usize {
        let (start, bits) = ((table >> 5) as usize, table & 31);
        let mask = (1 << bits) - 1;
        let mut at = (hash(c) >> 16) as usize & mask;
        loop {
            let found = self.slots[start + at].c;
            if found == u32::from(c) || found == NONE {
                return start + at;
            }
            at = (at + 1) & mask;
        }
    }

    /// All phrases are single characters.
    pub fn is_of_characters(&self) -> bool {
        self.longest == 0
    }

    /// All characters a phrase begins with.
    pub fn heads(&self) -> impl Iterator<Item = u32> {
        self.index.iter().enumerate().filter(|(_, block)| **block != u16::MAX).flat_map(|(i, block)| {
            let known = |head: &Head| head.node.value != NONE || head.node.table != NONE;
            let heads = self.blocks[*block as usize].iter().enumerate().filter(move |(_, head)| known(head));
            heads.map(move |(at, _)| (i * BLOCK + at) as u32)
        })
    }

    /// The longest phrase at the start of `rest`, whose first character is `first`.
    #[inline]
    pub fn longest(&self, first: char, rest: &str) -> Option<Match<'_>> {
        let block = *self.index.get(first as usize / BLOCK)?;
        let Head { mut node, seconds } = self.blocks.get(block as usize)?[first as usize % BLOCK];
        let (mut len, mut chars) = (first.len_utf8(), 1);
        let mut found = (len, chars, node.value);
        let mut behind = rest[len..].chars();
        while node.table != NONE {
            let Some(c) = behind.next() else { break };
            if chars == 1 && seconds & second(c) == 0 {
                break;
            }
            let slot = self.slots[self.slot(node.table, c)];
            if slot.c == NONE {
                break;
            }
            node = slot.node;
            len += c.len_utf8();
            chars += 1;
            if node.value != NONE {
                found = (len, chars, node.value);
            }
        }
        let (len, chars, value) = found;
        Some(Match { len, chars, value: self.values.get(value as usize)? })
    }
}

#[inline]
fn hash(c: char) -> u32 {
    (c as u32).wrapping_mul(0x9E37_79B9)
}

/// The bit of a second character.
#[inline]
fn second(c: char) -> u64 {
    1 << (hash(c) >> 26)
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
