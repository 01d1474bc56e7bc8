//! A run: one immutable file with the sketches of many texts, sorted by hash. All numbers are little-endian.
//!
//! header (128 bytes) · texts (48 bytes each) · names · order by name · order by exact hash · postings · directory
//!
//! Postings lie in buckets of equal hash range; the directory says where each begins. A bucket is a row of entries: hash minus the
//! hash before, times four, plus 1 if there are several texts, plus 2 if the hash is frequent; the number of texts if several; the
//! first text and the distances to the others. All of them are LEB128.

use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::Path;

use memmap2::Mmap;

use crate::duplicates::candidates::{FREQUENT, KEPT};

/// Version of the file format.
pub const VERSION: u32 = 1;
const MAGIC: &[u8; 8] = b"galleyrn";
const HEADER: usize = 128;
const TEXT: usize = 48;
/// Bits of a hash that texts of any length share.
const BITS: u32 = 30;
/// Postings in a bucket, about.
const BUCKET: u64 = 96;

/// What is kept of a text besides its hashes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stored {
    pub exact: u128,
    /// Letters of the folded text.
    pub units: u32,
    /// Number of its hashes.
    pub hashes: u32,
    pub id: String,
    /// The file it came from, and how the text is read from it (see [`crate::duplicates::load::read_again`]).
    pub path: String,
    pub form: String,
    /// Line in that file, from 1.
    pub line: u32,
    /// Bytes of that file.
    pub offset: u64,
    pub length: u32,
}

/// A run opened for reading.
pub struct Run {
    map: Mmap,
    /// Number of texts, removed ones included.
    pub texts: u32,
    sections: [usize; 6],
    /// Bits a hash is shifted by to give its bucket.
    shift: u32,
}

/// What is wrong with a file, in words.
pub type Problem = String;

impl Run {
    /// Opens a run. The header is checked; the rest is checked by [`Run::verify`].
    pub fn open(path: &Path) -> Result<Run, Problem> {
        let file = File::open(path).map_err(|e| e.to_string())?;
        // SAFETY: runs are written to a temporary name, renamed when complete and never changed afterwards; nobody but `galley index`
        // writes to the folder, under a lock. Without the map a query would have to load the whole archive.
        #[allow(unsafe_code)]
        let map = unsafe { Mmap::map(&file) }.map_err(|e| e.to_string())?;
        if map.len() < HEADER || &map[..8] != MAGIC {
            return Err("not a run of a galley index".into());
        }
        let version = u32_at(&map, 8);
        if version != VERSION {
            return Err(format!(
                "has format version {version}; this galley reads version {VERSION}: build the index again, or use the galley that wrote it"
            ));
        }
        if blake3::hash(&map[..96]).as_bytes()[..16] != map[96..112] {
            return Err("the header is damaged".into());
        }
        let mut sections = [0; 6];
        for (i, section) in sections.iter_mut().enumerate() {
            *section = u64_at(&map, 24 + 8 * i) as usize;
        }
        if sections.windows(2).any(|w| w[0] > w[1]) || u64_at(&map, 72) as usize != map.len() {
            return Err("the file is cut short".into());
        }
        Ok(Run { texts: u32_at(&map, 12), shift: u32_at(&map, 16), sections, map })
    }

    /// Bytes of the file.
    pub fn bytes(&self) -> u64 {
        self.map.len() as u64
    }

    /// The checksum over the whole file, and every text and posting in bounds.
    pub fn verify(&self) -> Result<(), Problem> {
        if blake3::hash(&self.map[HEADER..]).as_bytes()[..16] != self.map[80..96] {
            return Err("the checksum does not match: the file is damaged".into());
        }
        let mut counted = vec![0u32; self.texts as usize];
        let mut last = None;
        self.each(|hash, _, texts| {
            let ordered = last.is_none_or(|l| l < hash) && texts.windows(2).all(|w| w[0] < w[1]);
            last = Some(hash);
            for &text in texts {
                *counted.get_mut(text as usize).ok_or_else(|| format!("a posting names text {text} of {}", self.texts))? += 1;
            }
            if ordered { Ok(()) } else { Err(format!("postings of {hash} are out of order")) }
        })?;
        for (number, counted) in counted.iter().enumerate() {
            let stored = self.text(number as u32);
            if *counted > stored.hashes {
                return Err(format!("text {} has {counted} postings for {} hashes", stored.id, stored.hashes));
            }
        }
        Ok(())
    }

    /// A text by its number.
    pub fn text(&self, number: u32) -> Stored {
        let at = self.sections[0] + number as usize * TEXT;
        let record = &self.map[at..at + TEXT];
        let names = self.sections[1] + u64_at(record, 24) as usize;
        let mut fields = self.map[names..].split(|b| *b == 0).map(|f| String::from_utf8_lossy(f).into_owned());
        let id = fields.next().unwrap_or_default();
        // The path stands once for all texts of a file.
        let path_at = self.sections[1] + u32_at(record, 44) as usize;
        let mut path = self.map[path_at..].split(|b| *b == 0).map(|f| String::from_utf8_lossy(f).into_owned());
        Stored {
            exact: u128::from_le_bytes(record[..16].try_into().expect("sixteen bytes")),
            units: u32_at(record, 16),
            hashes: u32_at(record, 20),
            offset: u64_at(record, 32),
            length: u32_at(record, 40),
            line: fields.next().and_then(|l| l.parse().ok()).unwrap_or(0),
            id,
            path: path.next().unwrap_or_default(),
            form: path.next().unwrap_or_default(),
        }
    }

    /// Letters and hashes of a text.
    pub fn size(&self, number: u32) -> (u32, u32) {
        let at = self.sections[0] + number as usize * TEXT;
        (u32_at(&self.map, at + 16), u32_at(&self.map, at + 20))
    }

    fn exact(&self, number: u32) -> u128 {
        let at = self.sections[0] + number as usize * TEXT;
        u128::from_le_bytes(self.map[at..at + 16].try_into().expect("sixteen bytes"))
    }

    fn ordered<K: Ord>(&self, section: usize, key: K, of: impl Fn(u32) -> K) -> Vec<u32> {
        let at = |i: usize| u32_at(&self.map, self.sections[section] + 4 * i);
        let (mut low, mut high) = (0, self.texts as usize);
        while low < high {
            let middle = (low + high) / 2;
            if of(at(middle)) < key { low = middle + 1 } else { high = middle }
        }
        (low..self.texts as usize).map(at).take_while(|t| of(*t) == key).collect()
    }

    /// Texts that are letter by letter the same.
    pub fn with_exact(&self, exact: u128) -> Vec<u32> {
        self.ordered(3, exact, |t| self.exact(t))
    }

    /// Texts of that name.
    pub fn with_id(&self, id: &str) -> Vec<u32> {
        self.ordered(2, id.as_bytes(), |t| self.id(t))
    }

    fn id(&self, number: u32) -> &[u8] {
        let record = self.sections[0] + number as usize * TEXT;
        let name = &self.map[self.sections[1] + u64_at(&self.map, record + 24) as usize..];
        &name[..memchr::memchr(0, name).unwrap_or(name.len())]
    }

    /// The texts of a hash, and whether it is frequent.
    pub fn postings(&self, hash: u32, texts: &mut Vec<u32>) -> bool {
        texts.clear();
        let bucket = (hash >> self.shift) as usize;
        let (start, end) = (self.directory(bucket), self.directory(bucket + 1));
        let mut bytes = &self.map[start..end];
        let mut at = (bucket as u32) << self.shift;
        while !bytes.is_empty() {
            let head = number(&mut bytes);
            at = at.wrapping_add((head >> 2) as u32);
            if at > hash {
                return false;
            }
            if at == hash {
                entry(head, &mut bytes, texts);
                return head & 2 != 0;
            }
            skip(head, &mut bytes);
        }
        false
    }

    /// Every hash, ascending, whether it is frequent, and its texts.
    pub fn each<E>(&self, mut each: impl FnMut(u32, bool, &[u32]) -> Result<(), E>) -> Result<(), E> {
        let mut entries = self.entries();
        while let Some((hash, frequent)) = entries.next() {
            each(hash, frequent, &entries.texts)?;
        }
        Ok(())
    }

    /// A walk over all entries.
    pub fn entries(&self) -> Entries<'_> {
        Entries { run: self, bucket: 0, bytes: &[], hash: 0, texts: Vec::new() }
    }

    fn buckets(&self) -> usize {
        1 << (BITS - self.shift)
    }

    fn directory(&self, bucket: usize) -> usize {
        self.sections[4] + u64_at(&self.map, self.sections[5] + 8 * bucket) as usize
    }
}

/// Entries of a run in the order of their hashes.
pub struct Entries<'a> {
    run: &'a Run,
    bucket: usize,
    bytes: &'a [u8],
    hash: u32,
    /// Of the entry that [`Entries::next`] returned.
    pub texts: Vec<u32>,
}

impl Entries<'_> {
    /// The next hash, and whether it is frequent.
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> Option<(u32, bool)> {
        while self.bytes.is_empty() {
            if self.bucket == self.run.buckets() {
                return None;
            }
            self.bytes = &self.run.map[self.run.directory(self.bucket)..self.run.directory(self.bucket + 1)];
            self.hash = (self.bucket as u32) << self.run.shift;
            self.bucket += 1;
        }
        let head = number(&mut self.bytes);
        self.hash = self.hash.wrapping_add((head >> 2) as u32);
        self.texts.clear();
        entry(head, &mut self.bytes, &mut self.texts);
        Some((self.hash, head & 2 != 0))
    }
}

fn entry(head: u64, bytes: &mut &[u8], texts: &mut Vec<u32>) {
    let several = if head & 1 == 1 { number(bytes) } else { 1 };
    let mut text = 0u32;
    for _ in 0..several.min(FREQUENT as u64) {
        text = text.wrapping_add(number(bytes) as u32);
        texts.push(text);
    }
}

fn skip(head: u64, bytes: &mut &[u8]) {
    let several = if head & 1 == 1 { number(bytes) } else { 1 };
    for _ in 0..several {
        number(bytes);
    }
}

/// A LEB128 number; 0 at the end of the bytes.
fn number(bytes: &mut &[u8]) -> u64 {
    let (mut value, mut shift) = (0, 0);
    while let Some((byte, rest)) = bytes.split_first() {
        *bytes = rest;
        value |= u64::from(byte & 127) << shift;
        if *byte < 128 || shift > 56 {
            break;
        }
        shift += 7;
    }
    value
}

fn put(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 128 {
        bytes.push(value as u8 | 128);
        value >>= 7;
    }
    bytes.push(value as u8);
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"))
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes"))
}

/// Writes a run.
pub struct Writer {
    out: BufWriter<File>,
    texts: u32,
    sections: [u64; 6],
    shift: u32,
    /// Where each bucket begins in the postings.
    directory: Vec<u64>,
    /// Bytes of postings so far.
    written: u64,
    last: u32,
    buffer: Vec<u8>,
}

impl Writer {
    /// Begins a run with its texts, in order. `postings`: how many there will be, about.
    ///
    /// # Errors
    /// Of the file.
    pub fn new(file: File, texts: &[Stored], postings: u64) -> io::Result<Writer> {
        let mut out = BufWriter::with_capacity(1 << 20, file);
        out.write_all(&[0; HEADER])?;
        let mut sections = [0; 6];
        sections[0] = HEADER as u64;
        // Names: the paths first, each once for the texts that stand in a row, then the texts.
        let mut names: Vec<u8> = Vec::new();
        let mut last: Option<(&str, &str, u32)> = None;
        let mut records: Vec<u8> = Vec::with_capacity(texts.len() * TEXT);
        for text in texts {
            let path = match last {
                Some((path, form, at)) if path == text.path && form == text.form => at,
                _ => {
                    let at = names.len() as u32;
                    for field in [&text.path, &text.form] {
                        names.extend(field.bytes().filter(|b| *b != 0));
                        names.push(0);
                    }
                    last = Some((&text.path, &text.form, at));
                    at
                }
            };
            let name = names.len() as u64;
            names.extend(text.id.bytes().filter(|b| *b != 0));
            write!(names, "\0{}\0", text.line)?;
            records.extend(text.exact.to_le_bytes());
            records.extend(text.units.to_le_bytes());
            records.extend(text.hashes.to_le_bytes());
            records.extend(name.to_le_bytes());
            records.extend(text.offset.to_le_bytes());
            records.extend(text.length.to_le_bytes());
            records.extend(path.to_le_bytes());
        }
        if names.len() > u32::MAX as usize {
            return Err(io::Error::other("more names than a run holds"));
        }
        sections[1] = sections[0] + records.len() as u64;
        sections[2] = sections[1] + names.len() as u64;
        out.write_all(&records)?;
        out.write_all(&names)?;
        let mut order: Vec<u32> = (0..texts.len() as u32).collect();
        order.sort_by(|x, y| texts[*x as usize].id.as_bytes().cmp(texts[*y as usize].id.as_bytes()).then(x.cmp(y)));
        order.iter().try_for_each(|n| out.write_all(&n.to_le_bytes()))?;
        order.sort_by_key(|n| (texts[*n as usize].exact, *n));
        order.iter().try_for_each(|n| out.write_all(&n.to_le_bytes()))?;
        sections[3] = sections[2] + 4 * texts.len() as u64;
        sections[4] = sections[3] + 4 * texts.len() as u64;
        let bits = (postings / BUCKET).max(1).next_power_of_two().trailing_zeros().min(BITS);
        Ok(Writer {
            out,
            texts: texts.len() as u32,
            sections,
            shift: BITS - bits,
            directory: vec![0],
            written: 0,
            last: 0,
            buffer: Vec::new(),
        })
    }

    /// Adds a hash with its texts, ascending. A hash of very many texts keeps the first ones.
    ///
    /// # Errors
    /// Of the file.
    pub fn add(&mut self, hash: u32, frequent: bool, texts: &[u32]) -> io::Result<()> {
        let frequent = frequent || texts.len() > FREQUENT;
        let texts = &texts[..texts.len().min(if frequent { KEPT } else { FREQUENT })];
        if texts.is_empty() {
            return Ok(());
        }
        self.open_bucket((hash >> self.shift) as usize);
        self.buffer.clear();
        put(&mut self.buffer, u64::from(hash - self.last) << 2 | u64::from(frequent) << 1 | u64::from(texts.len() > 1));
        if texts.len() > 1 {
            put(&mut self.buffer, texts.len() as u64);
        }
        let mut before = 0;
        for &text in texts {
            put(&mut self.buffer, u64::from(text - before));
            before = text;
        }
        self.last = hash;
        self.written += self.buffer.len() as u64;
        self.out.write_all(&self.buffer)
    }

    fn open_bucket(&mut self, bucket: usize) {
        while self.directory.len() <= bucket {
            self.directory.push(self.written);
            self.last = ((self.directory.len() - 1) as u32) << self.shift;
        }
    }

    /// Ends the run: everything is on disk when this returns.
    ///
    /// # Errors
    /// Of the file.
    pub fn finish(mut self) -> io::Result<()> {
        let buckets = 1usize << (BITS - self.shift);
        self.directory.resize(buckets + 1, self.written);
        self.sections[5] = self.sections[4] + self.written;
        let directory = std::mem::take(&mut self.directory);
        directory.iter().try_for_each(|at| self.out.write_all(&at.to_le_bytes()))?;
        let end = self.sections[5] + 8 * directory.len() as u64;
        let mut file = self.out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.seek(SeekFrom::Start(HEADER as u64))?;
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(&mut file)?;
        let mut header = [0u8; HEADER];
        header[..8].copy_from_slice(MAGIC);
        header[8..12].copy_from_slice(&VERSION.to_le_bytes());
        header[12..16].copy_from_slice(&self.texts.to_le_bytes());
        header[16..20].copy_from_slice(&self.shift.to_le_bytes());
        for (section, bytes) in self.sections.iter().zip(header[24..72].chunks_exact_mut(8)) {
            bytes.copy_from_slice(&section.to_le_bytes());
        }
        header[72..80].copy_from_slice(&end.to_le_bytes());
        header[80..96].copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        let own = blake3::hash(&header[..96]);
        header[96..112].copy_from_slice(&own.as_bytes()[..16]);
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&header)?;
        file.sync_all()
    }
}
