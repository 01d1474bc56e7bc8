//! The dictionaries of one step as a tree that is asked for the phrase at the start of a text.

use compact_str::CompactString;

/// Characters in a block of the table of first characters: Chinese text touches a few dozen blocks, which stay in the cache.
const BLOCK: usize = 256;
/// No value, no table, no character.
const NONE: u32 = u32::MAX;

/// A phrase, the place of its dictionary among those asked in turn, and what it becomes: candidates separated by spaces.
pub type Row<'a> = (&'a str, usize, &'a str);

/// Phrases and what each becomes: a tree of characters. The first step is a table by code point; from each node on there is a small hash
/// table of its own, so that what follows a frequent character lies close together.
///
/// Of several dictionaries the first that has a phrase wins, whatever its length. So a phrase that begins with one of an earlier
/// dictionary can never be reached, and is left out: the longest that is in the tree is then the one that wins.
#[derive(Debug, Default)]
pub struct Trie {
    /// Index into `blocks` by the upper bits of the code point.
    index: Vec<u16>,
    blocks: Vec<[Node; BLOCK]>,
    /// All first characters.
    heads: Heads,
    /// The first two characters of all longer phrases: nearly all others that stand together in a text are told at once.
    pairs: Pairs,
    /// The tables of all nodes, one behind the other.
    slots: Vec<Slot>,
    values: Vec<Value>,
}

/// What a phrase becomes.
#[derive(Clone, Debug)]
pub struct Value {
    /// The first candidate.
    pub text: CompactString,
    /// The dictionary lists other candidates beside it.
    pub ambiguous: bool,
    /// The phrase has several characters.
    pub phrase: bool,
    /// What it becomes is not what it is.
    pub changes: bool,
    /// It is from the first dictionary.
    pub first: bool,
    /// What it becomes may concern a later step.
    pub goes_on: bool,
}

/// Where a character leads: the value that ends there, and the table of what goes on.
#[derive(Clone, Copy, Debug)]
struct Node {
    value: u32,
    /// Its first slot, and in the lower five bits the logarithm of its size.
    table: u32,
}

/// A further character.
#[derive(Clone, Copy, Debug)]
struct Slot {
    c: u32,
    node: Node,
}

const NO_NODE: Node = Node { value: NONE, table: NONE };

impl Trie {
    /// The phrases of all dictionaries. The first row of a phrase counts.
    pub fn new(mut rows: Vec<Row>) -> Self {
        rows.sort_by_key(|(key, rank, _)| (*key, *rank));
        rows.dedup_by_key(|(key, ..)| *key);
        let mut trie = Trie { pairs: Pairs::of(&rows), ..Trie::default() };
        for group in rows.chunk_by(|a, b| a.0.chars().next() == b.0.chars().next()) {
            let Some(first) = group[0].0.chars().next() else { continue };
            let node = trie.node(group, first.len_utf8(), usize::MAX);
            let block = first as usize / BLOCK;
            if trie.index.len() <= block {
                trie.index.resize(block + 1, u16::MAX);
            }
            if trie.index[block] == u16::MAX {
                trie.index[block] = trie.blocks.len() as u16;
                trie.blocks.push([NO_NODE; BLOCK]);
            }
            trie.blocks[trie.index[block] as usize][first as usize % BLOCK] = node;
            trie.heads.insert(first);
        }
        trie
    }

    /// The node of the sorted rows that begin with the same `depth` bytes; `rank` is the earliest dictionary with a part of these.
    fn node(&mut self, mut rows: &[Row], depth: usize, mut rank: usize) -> Node {
        let mut node = NO_NODE;
        if let Some((&(key, own, candidates), rest)) = rows.split_first().filter(|((key, ..), _)| key.len() == depth) {
            if own <= rank {
                rank = own;
                node.value = self.values.len() as u32;
                self.values.push(Value::new(key, own, candidates));
            }
            rows = rest;
        }
        let next = |row: &Row| row.0[depth..].chars().next();
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
            let child = self.node(group, depth + c.len_utf8(), rank);
            let at = self.slot(node.table, c);
            self.slots[at] = Slot { c: c.into(), node: child };
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

    /// All characters a phrase begins with.
    pub fn heads(&self) -> &Heads {
        &self.heads
    }

    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut Value> {
        self.values.iter_mut()
    }

    /// The bytes of the phrase at the start of `rest`, whose first character is `first`, and what it becomes.
    #[inline]
    pub fn longest(&self, first: char, rest: &str) -> Option<(usize, &Value)> {
        let block = *self.index.get(first as usize / BLOCK)?;
        let mut node = self.blocks.get(block as usize)?[first as usize % BLOCK];
        let mut len = first.len_utf8();
        let mut found = (len, node.value);
        let mut behind = rest[len..].chars();
        let mut last = Some(first);
        while node.table != NONE {
            let Some(c) = behind.next() else { break };
            if last.take().is_some_and(|first| !self.pairs.may_have(first, c)) {
                break;
            }
            let slot = self.slots[self.slot(node.table, c)];
            if slot.c == NONE {
                break;
            }
            node = slot.node;
            len += c.len_utf8();
            if node.value != NONE {
                found = (len, node.value);
            }
        }
        let (len, value) = found;
        Some((len, self.values.get(value as usize)?))
    }
}

impl Value {
    fn new(key: &str, rank: usize, candidates: &str) -> Self {
        let mut candidates = candidates.split(' ');
        let text = candidates.next().unwrap_or_default();
        let phrase = key.chars().nth(1).is_some();
        let ambiguous = candidates.next().is_some();
        Value { text: text.into(), ambiguous, phrase, changes: text != key, first: rank == 0, goes_on: false }
    }
}

#[inline]
fn hash(c: char) -> u32 {
    (c as u32).wrapping_mul(0x9E37_79B9)
}

/// A set of pairs of characters that may hold a few more than were put in: one bit for each, by its hash.
#[derive(Debug, Default)]
struct Pairs {
    bits: Vec<u64>,
    shift: u32,
}

impl Pairs {
    /// Bits for each phrase: one pair in twenty that was not put in is taken for one that was.
    const ROOM: usize = 16;

    fn of(rows: &[Row]) -> Self {
        let bits = (rows.len() * Self::ROOM).next_power_of_two().max(64);
        let mut pairs = Pairs { bits: vec![0; bits / 64], shift: 64 - bits.trailing_zeros() };
        for (key, ..) in rows {
            let mut chars = key.chars();
            if let (Some(a), Some(b)) = (chars.next(), chars.next()) {
                let bit = pairs.bit(a, b);
                pairs.bits[bit / 64] |= 1 << (bit % 64);
            }
        }
        pairs
    }

    #[inline]
    fn bit(&self, a: char, b: char) -> usize {
        ((u64::from(a) << 32 | u64::from(b)).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> self.shift) as usize
    }

    #[inline]
    fn may_have(&self, a: char, b: char) -> bool {
        let bit = self.bit(a, b);
        self.bits[bit / 64] >> (bit % 64) & 1 == 1
    }
}

/// A set of characters.
#[derive(Clone, Debug, Default)]
pub struct Heads(Vec<u64>);

impl Heads {
    /// What a phrase of any of these begins with.
    pub fn of<'t>(tries: impl IntoIterator<Item = &'t Trie>) -> Self {
        let mut all = Heads::default();
        for Heads(bits) in tries.into_iter().map(Trie::heads) {
            all.0.resize(all.0.len().max(bits.len()), 0);
            all.0.iter_mut().zip(bits).for_each(|(word, bits)| *word |= bits);
        }
        all
    }

    fn insert(&mut self, c: char) {
        let word = c as usize / 64;
        self.0.resize(self.0.len().max(word + 1), 0);
        self.0[word] |= 1 << (c as u32 % 64);
    }

    #[inline]
    pub fn has(&self, c: char) -> bool {
        self.0.get(c as usize / 64).is_some_and(|word| word >> (c as u32 % 64) & 1 == 1)
    }
}
