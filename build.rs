//! Compiles the word lists of `dictionaries/` to the forms `src/dictionary` reads in place: a hash table a language, an FST
//! of the prefixes of Latin words, the statistics of Han characters, and the fold from traditional to simplified ones.
//!
//! Every table is little-endian bytes without alignment, so `include_bytes!` is all the loading there is.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::{env, fs};

#[path = "src/dictionary/layout.rs"]
mod layout;
#[path = "src/breaks/latin/letters.rs"]
mod letters;

use layout::{HAN_COMMON, HAN_FIRST, HAN_LAST, han_index, hash};

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=src/dictionary/layout.rs");
    println!("cargo:rerun-if-changed=src/breaks/latin/letters.rs");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let write = |name: &str, bytes: Vec<u8>| fs::write(out.join(name), bytes).expect("OUT_DIR is writable");
    for language in ["de", "en", "fr"] {
        let text = read(&format!("dictionaries/{language}/words.tsv"));
        let words: Vec<(&str, u64)> = rows(&text).map(|(word, rest)| (word, number(rest))).collect();
        write(&format!("{language}.fst"), set(&words));
        write(&format!("{language}.table"), table(&words));
        write(&format!("{language}.seam"), seam(&words));
        write(&format!("{language}.parts"), table(&parts(&words)));
    }
    let text = read("dictionaries/zh/words.tsv");
    let words: Vec<(&str, u64)> = rows(&text).map(|(word, rest)| (word, number(rest.split('\t').next().unwrap_or("")))).collect();
    let total: u64 = words.iter().map(|(_, count)| count).sum();
    let zipf = |count: u64| (100.0 * (9.0 + (count.max(1) as f64 / total as f64).log10())).round() as u64;
    write("zh.table", table(&with_prefixes(words.iter().map(|&(word, count)| (word, zipf(count))).collect())));
    let (places, pairs) = han_counts(&words);
    write("han.statistics", han_statistics(&places, &pairs));
    let (ranks, square) = han_square(&places, &pairs);
    write("han.ranks", ranks);
    write("han.square", square);
    write("han.fold", han_fold(&read("dictionaries/han/ts-characters.tsv")));
    let (misread, filter) = misread(&read("dictionaries/han/look-alikes.tsv"), &words);
    write("misread.table", table(&misread));
    write("misread.filter", filter);
    println!("cargo:rerun-if-changed=dictionaries");
    println!("cargo:rustc-env=DICTIONARIES_VERSION={:016x}", data_version());
}

/// Of the names and bytes of all that is in `dictionaries/` (FNV-1a): `galley --version --json` tells by it which data is in a binary.
fn data_version() -> u64 {
    fn files(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("dictionaries").flatten() {
            let path = entry.path();
            if path.is_dir() { files(&path, found) } else { found.push(path) }
        }
    }
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    files(&root.join("dictionaries"), &mut found);
    found.sort();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for path in found {
        let name = path.strip_prefix(&root).expect("below the root").to_string_lossy().replace('\\', "/");
        for byte in name.bytes().chain(fs::read(&path).expect("a dictionary")) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        }
    }
    hash
}

fn read(path: &str) -> String {
    println!("cargo:rerun-if-changed={path}");
    let root = env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR");
    fs::read_to_string(Path::new(&root).join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Key and the rest of each line.
fn rows(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.lines().map(|line| line.split_once('\t').unwrap_or_else(|| panic!("no tab in {line:?}")))
}

fn number(field: &str) -> u64 {
    field.parse().unwrap_or_else(|error| panic!("{field:?}: {error}"))
}

/// The words alone: prefixes are asked of it, frequencies of the table.
fn set(words: &[(&str, u64)]) -> Vec<u8> {
    let mut builder = fst::SetBuilder::memory();
    for (word, _) in words {
        builder.insert(word).unwrap_or_else(|error| panic!("{word}: {error} (is the file sorted by bytes?)"));
    }
    builder.into_inner().expect("writing to memory does not fail")
}

/// Adds every prefix that is no word: Chinese words are short, and a walk through them is then one look-up a character.
fn with_prefixes(mut words: Vec<(&str, u64)>) -> Vec<(&str, u64)> {
    let mut known: HashSet<&str> = words.iter().map(|&(word, _)| word).collect();
    for i in 0..words.len() {
        let word = words[i].0;
        for (end, _) in word.char_indices().skip(1) {
            if known.insert(&word[..end]) {
                words.push((&word[..end], layout::PREFIX_ONLY));
            }
        }
    }
    words
}

/// Open addressing, seven slots in ten taken; [`layout::slot`] says what a slot holds.
fn table<S: AsRef<str>>(words: &[(S, u64)]) -> Vec<u8> {
    let slots = words.len() * 10 / 7 + 1;
    let mut table = vec![0u64; slots];
    for (word, zipf) in words {
        let (word, zipf) = (word.as_ref(), *zipf);
        assert!(0 < zipf && zipf < 1 << layout::ZIPF_BITS, "{word}: {zipf}");
        let hash = hash(word.as_bytes());
        let mut at = layout::home(hash, slots);
        while table[at] != 0 {
            assert!(table[at] >> layout::ZIPF_BITS != layout::fingerprint(hash), "{word} has the hash of another word");
            at = (at + 1) % slots;
        }
        table[at] = layout::fingerprint(hash) << layout::ZIPF_BITS | zipf;
    }
    let mut bytes: Vec<u8> = table.iter().flat_map(|slot| slot.to_le_bytes().into_iter().take(layout::SLOT_BYTES)).collect();
    // The last slot is read as eight bytes as well.
    bytes.resize(bytes.len() + 8 - layout::SLOT_BYTES, 0);
    bytes
}

/// Letters of the longest piece of a word whose frequency is kept.
const LONGEST_PIECE: usize = 8;
/// Letters of the shortest word whose look is kept: shorter ones look like each other.
const SHORTEST_LOOK: usize = 4;
/// The Zipf value, in hundredths, of the rarest piece that is kept.
const RAREST_PIECE: u64 = 200;

/// How common what stands on one side of a break is as a piece of longer words, and how common a word is when its letters are read
/// badly. Keys as [`layout`] makes them; values are Zipf values in hundredths, of all words together that a piece stands for.
fn parts(words: &[(&str, u64)]) -> Vec<(String, u64)> {
    let mut mass: BTreeMap<String, f64> = BTreeMap::new();
    for &(word, zipf) in words {
        let occurrences = 10f64.powf(zipf as f64 / 100.0);
        let places: Vec<usize> = word.char_indices().map(|(i, _)| i).collect();
        let letters = places.len();
        // A piece of fewer than two letters is not set on a line of its own, and what has more than these is told by the word list.
        for cut in 2..(letters - 1).max(2) {
            let opening = (cut <= LONGEST_PIECE).then(|| layout::opening(&word[..places[cut]]));
            let closing = (letters - cut <= LONGEST_PIECE).then(|| layout::closing(&word[places[cut]..]));
            for key in [opening, closing].into_iter().flatten() {
                *mass.entry(key).or_default() += occurrences;
            }
        }
        if letters >= SHORTEST_LOOK {
            let look = mass.entry(layout::look(word)).or_default();
            *look = look.max(occurrences);
        }
    }
    let zipf = |mass: f64| (100.0 * mass.log10()).round() as u64;
    mass.into_iter().map(|(key, mass)| (key, zipf(mass))).filter(|(_, zipf)| *zipf >= RAREST_PIECE).collect()
}

/// What each letter costs after the two before it, in sixteenths of a bit: words weigh by the root of their frequency, so that
/// neither a dozen small words nor a hundred thousand rare ones decide.
fn seam(words: &[(&str, u64)]) -> Vec<u8> {
    let size = letters::SYMBOLS;
    let mut counts = vec![0.0f64; size * size * size];
    for &(word, zipf) in words {
        let weight = 10f64.powf((zipf as f64 / 100.0 - 1.0) / 2.0);
        let (mut a, mut b) = (0, 0);
        for c in word.chars().map(letters::symbol).chain([0]) {
            counts[letters::place(a, b, c)] += weight;
            (a, b) = (b, c);
        }
    }
    let mut pairs = vec![0.0f64; size * size];
    for (i, n) in counts.iter().enumerate() {
        pairs[i % (size * size)] += n;
    }
    let cost = |i: usize| {
        let row: f64 = counts[i / size * size..][..size].iter().sum();
        let pair = i % (size * size);
        let shorter = (pairs[pair] + 1.0) / (pairs[pair / size * size..][..size].iter().sum::<f64>() + size as f64);
        -((counts[i] + 20.0 * shorter) / (row + 20.0)).log2()
    };
    (0..counts.len()).map(|i| (cost(i) * f64::from(letters::STEPS)).round().min(255.0) as u8).collect()
}

/// A byte that stands for ln(1 + count).
fn log_byte(count: u64) -> u8 {
    ((count as f64).ln_1p() * f64::from(layout::LOG_STEPS)).round().min(255.0) as u8
}

/// `[begin, middle, end, single]` of a character.
type Places = [u64; 4];
/// Counts of pairs, by the index of the first character and the second one.
type Pairs = BTreeMap<(usize, char), u64>;

/// Where every character stands in words, and the pairs within them.
fn han_counts(words: &[(&str, u64)]) -> (Vec<Places>, Pairs) {
    let size = HAN_LAST as usize - HAN_FIRST as usize + 1;
    let mut places = vec![[0; 4]; size];
    let mut pairs = Pairs::new();
    for &(word, count) in words {
        let characters: Vec<char> = word.chars().collect();
        for (i, &c) in characters.iter().enumerate() {
            let Some(index) = han_index(c) else { continue };
            let place = match (i == 0, i + 1 == characters.len()) {
                (true, true) => 3,
                (true, false) => 0,
                (false, true) => 2,
                (false, false) => 1,
            };
            places[index][place] += count;
            if let Some(&next) = characters.get(i + 1).filter(|&&next| han_index(next).is_some()) {
                *pairs.entry((index, next)).or_default() += count;
            }
        }
    }
    (places, pairs)
}

/// Places of every character, row starts, second characters, values; see `src/dictionary/han.rs`.
fn han_statistics(places: &[Places], pairs: &Pairs) -> Vec<u8> {
    let size = places.len();
    let mut bytes: Vec<u8> = places.iter().flatten().map(|&count| log_byte(count)).collect();
    let mut starts = vec![0u32; size + 1];
    for (index, _) in pairs.keys() {
        starts[index + 1] += 1;
    }
    for i in 0..size {
        starts[i + 1] += starts[i];
    }
    bytes.extend(starts.iter().flat_map(|start| start.to_le_bytes()));
    bytes.extend(pairs.keys().flat_map(|&(_, second)| (second as u16).to_le_bytes()));
    bytes.extend(pairs.values().map(|&count| log_byte(count)));
    bytes
}

/// The rank of every character by how often it stands in words, and the values of the pairs of common ones, row by row.
fn han_square(places: &[Places], pairs: &Pairs) -> (Vec<u8>, Vec<u8>) {
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by_key(|&index| (std::cmp::Reverse(places[index].iter().sum::<u64>()), index));
    let mut ranks = vec![u16::MAX; places.len()];
    for (rank, &index) in order.iter().take(HAN_COMMON).enumerate() {
        ranks[index] = rank as u16;
    }
    let mut square = vec![0; HAN_COMMON * HAN_COMMON];
    for (&(first, second), &count) in pairs {
        let (row, column) = (ranks[first] as usize, han_index(second).map_or(usize::MAX, |index| ranks[index] as usize));
        if row.max(column) < HAN_COMMON {
            square[row * HAN_COMMON + column] = log_byte(count);
        }
    }
    (ranks.iter().flat_map(|rank| rank.to_le_bytes()).collect(), square)
}

/// Least count of a word, in jieba's corpora, that counts as evidence for a character.
const COMMON_WORD: u64 = 60;
/// How many times as common as its misread form a word must be, where that is a word too (自已 is in the list as well).
const OUTWEIGHS: u64 = 100;

/// What becomes of common words when one character is taken for its look-alike: [`layout::misread`] keys with the number of the printed
/// character among the look-alikes of the one that is read, from 1 on; and a filter of the pairs in which the wrong one stands.
fn misread(pairs: &str, words: &[(&str, u64)]) -> (Vec<(String, u64)>, Vec<u8>) {
    // By the printed character: what it is read as, and its number among the look-alikes of that.
    let mut readings: BTreeMap<char, Vec<(char, u64)>> = BTreeMap::new();
    let mut last = ('\0', 0);
    for (read, printed) in rows(pairs).map(|(read, printed)| (character(read), character(printed))) {
        last = (read, if last.0 == read { last.1 + 1 } else { 1 });
        readings.entry(printed).or_default().push((read, last.1));
    }
    let counts: BTreeMap<&str, u64> = words.iter().copied().collect();
    let mut found: BTreeMap<String, BTreeSet<u64>> = BTreeMap::new();
    let mut filter = vec![0u8; layout::MISREAD_FILTER];
    let mut key = String::new();
    for &(word, count) in words.iter().filter(|&&(_, count)| count >= COMMON_WORD) {
        let characters: Vec<char> = word.chars().collect();
        if !(2..=layout::LONGEST_MISREAD).contains(&characters.len()) {
            continue;
        }
        for (at, c) in characters.iter().enumerate() {
            for &(read, number) in readings.get(c).into_iter().flatten() {
                let mut wrong = characters.clone();
                wrong[at] = read;
                let text: String = wrong.iter().collect();
                if counts.get(text.as_str()).is_some_and(|&own| own * OUTWEIGHS > count) {
                    continue;
                }
                layout::misread(at, &wrong, &mut key);
                found.entry(key.clone()).or_default().insert(number);
                let before = at.checked_sub(1).map(|i| layout::filter_bits(wrong[i], read, false));
                let after = wrong.get(at + 1).map(|&next| layout::filter_bits(read, next, true));
                for bit in [before, after].into_iter().flatten().flatten() {
                    filter[bit / 8] |= 1 << (bit % 8);
                }
            }
        }
    }
    // Two readings are none.
    let one = found.into_iter().filter(|(_, numbers)| numbers.len() == 1);
    (one.map(|(key, numbers)| (key, numbers.into_iter().sum())).collect(), filter)
}

fn character(field: &str) -> char {
    let mut characters = field.chars();
    match (characters.next(), characters.next()) {
        (Some(c), None) => c,
        _ => panic!("{field:?} is not one character"),
    }
}

/// The simplified form of every character from `HAN_FIRST` to `HAN_LAST`, two bytes each. Rows that leave this range are
/// skipped, so that a fold never changes the length of a text.
fn han_fold(text: &str) -> Vec<u8> {
    let mut fold: Vec<u16> = (HAN_FIRST as u16..=HAN_LAST as u16).collect();
    for (traditional, simplified) in rows(text) {
        let from = traditional.chars().next().and_then(han_index);
        let to = simplified.chars().next().filter(|&c| han_index(c).is_some());
        if let (Some(from), Some(to)) = (from, to) {
            fold[from] = to as u16;
        }
    }
    fold.iter().flat_map(|c| c.to_le_bytes()).collect()
}
