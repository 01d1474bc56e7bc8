//! The words of a collection, frozen in a file that `galley vocabulary` makes and the config names.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::{fs, str};

use compact_str::CompactString;
use rustc_hash::FxHashMap;
use thiserror::Error;

use super::fold::fold_latin;
use super::han::fold_han;
use super::layout::{han_index, hash};
use super::words::each_word;
use crate::messages::say;
use crate::model::Language;

/// The first line of every vocabulary file; the number rises when the meaning of the rows changes.
const HEADER: &str = "# galleyproof vocabulary 1: word, count";

/// Why a vocabulary file could not be loaded.
#[derive(Debug, Error)]
pub enum VocabularyError {
    /// The file cannot be read.
    #[error("{}: {source}", path.display())]
    Read {
        /// The vocabulary file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A line of it is not what `galley vocabulary` writes.
    #[error("{}:{line}: {message}", path.display())]
    Line {
        /// The vocabulary file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What is wrong with it.
        message: String,
    },
}

/// The count of a word that a person wrote down.
const LISTED: u32 = 100;

/// How often words stand whole in a collection; loaded once, asked by every issue, so that no issue depends on its neighbours.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    counts: FxHashMap<u64, u32>,
    hash: String,
}

impl Vocabulary {
    /// Reads a vocabulary file; memory is about 24 bytes a word.
    ///
    /// # Errors
    /// Names the file, and the line where it is not what `galley vocabulary` writes: another version, a row without a
    /// count, rows out of order.
    pub fn load(path: &Path) -> Result<Self, VocabularyError> {
        let bytes = fs::read(path).map_err(|source| VocabularyError::Read { path: path.to_owned(), source })?;
        Vocabulary::parse(&bytes).map_err(|(line, message)| VocabularyError::Line { path: path.to_owned(), line, message })
    }

    fn parse(bytes: &[u8]) -> Result<Self, (usize, String)> {
        let text = str::from_utf8(bytes).map_err(|error| {
            let line = bytes[..error.valid_up_to()].iter().filter(|&&b| b == b'\n').count() + 1;
            (line, "not UTF-8".to_owned())
        })?;
        let mut lines = text.lines().zip(1..);
        match lines.next() {
            Some((HEADER, _)) => {}
            _ => return Err((1, say("list.header", &[("header", &format_args!("{HEADER:?}"))]))),
        }
        let mut counts = FxHashMap::default();
        let mut last = "";
        for (line, number) in lines {
            let (word, count) = line.split_once('\t').ok_or_else(|| (number, "expected a word, a tab and a count".to_owned()))?;
            let count = count
                .parse::<u32>()
                .map_err(|error| (number, say("list.count", &[("count", &format_args!("{count:?}")), ("reason", &error)])))?;
            if word <= last {
                return Err((number, say("list.order", &[("word", &format_args!("{word:?}")), ("last", &format_args!("{last:?}"))])));
            }
            counts.insert(hash(word.as_bytes()), count);
            last = word;
        }
        Ok(Vocabulary { counts, hash: blake3::hash(bytes).to_hex().to_string() })
    }

    /// A vocabulary with nothing but a project's list, or this one with its words added; each counts as seen often.
    pub fn with_words(mut self, words: &[String]) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.hash.as_bytes());
        for word in words {
            let folded = fold_latin(word);
            let key: CompactString = folded.chars().map(fold_han).collect();
            let count = self.counts.entry(hash(key.as_bytes())).or_default();
            *count = (*count).max(LISTED);
            hasher.update(word.as_bytes()).update(b"\n");
        }
        self.hash = hasher.finalize().to_hex().to_string();
        self
    }

    /// How often the word stands whole in the collection. Latin words are folded ([`fold_latin`]); Chinese ones count in
    /// simplified characters ([`super::fold_han_text`]).
    pub fn count(&self, word: &str) -> u32 {
        self.counts.get(&hash(fold_latin(word).as_bytes())).copied().unwrap_or(0)
    }

    /// The BLAKE3 hash of the file, in hexadecimal: what the change log records.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// How many words it has.
    pub fn len(&self) -> usize {
        self.counts.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }
}

/// Counts the words of a collection. Builders of parts merge in any order to the same file.
#[derive(Clone, Debug, Default)]
pub struct VocabularyBuilder {
    counts: FxHashMap<CompactString, u32>,
}

impl VocabularyBuilder {
    /// Nothing counted yet.
    pub fn new() -> Self {
        VocabularyBuilder::default()
    }

    /// Counts the words of a text.
    ///
    /// Latin: whole words that do not touch the start or end of a line, hyphenated ones as themselves, and what a French
    /// elision elides (`l'amour` counts for `amour` too). Chinese: what stands in
    /// quotation marks or title marks, when it is two to four Han characters long; in simplified characters.
    pub fn add_text(&mut self, text: &str, language: Language) {
        if language.is_chinese() {
            return each_quoted(text, |name| self.add(name));
        }
        each_word(text, |word| {
            if let (false, Ok(folded)) = (word.at_line_edge, str::from_utf8(word.folded)) {
                self.add(folded);
            }
        });
    }

    fn add(&mut self, word: &str) {
        if let Some(count) = self.counts.get_mut(word) {
            *count = count.saturating_add(1);
        } else {
            self.counts.insert(word.into(), 1);
        }
    }

    /// Adds the counts of another builder.
    pub fn merge(&mut self, other: VocabularyBuilder) {
        for (word, count) in other.counts {
            let sum = self.counts.entry(word).or_default();
            *sum = sum.saturating_add(count);
        }
    }

    /// Writes the file: a header line, then `word<TAB>count`, sorted by bytes.
    ///
    /// # Errors
    /// Only those of the writer.
    pub fn write(&self, mut out: impl Write) -> io::Result<()> {
        writeln!(out, "{HEADER}")?;
        for (word, count) in self.counts.iter().collect::<BTreeMap<_, _>>() {
            writeln!(out, "{word}\t{count}")?;
        }
        out.flush()
    }
}

/// Calls `found` with what stands in quotation marks, if it is two to four Han characters; folded.
fn each_quoted(text: &str, mut found: impl FnMut(&str)) {
    let mut characters = text.chars().peekable();
    while let Some(open) = characters.next() {
        let close = match open {
            '“' => '”',
            '‘' => '’',
            '「' => '」',
            '『' => '』',
            '《' => '》',
            '〈' => '〉',
            _ => continue,
        };
        let mut name = CompactString::default();
        while let Some(c) = characters.next_if(|&c| han_index(c).is_some()) {
            name.push(fold_han(c));
        }
        if characters.peek() == Some(&close) && (2..=4).contains(&name.chars().count()) {
            found(&name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str, language: Language) -> String {
        let mut builder = VocabularyBuilder::new();
        builder.add_text(text, language);
        let mut out = Vec::new();
        builder.write(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn latin_words_inside_lines() {
        assert_eq!(
            file("Der Vize-Admiral sah den Vize-\nAdmiral wieder, sah", Language::De),
            format!("{HEADER}\nden\t1\nsah\t1\nvize-admiral\t1\nwieder\t1\n")
        );
    }

    #[test]
    fn chinese_names_in_quotes() {
        assert_eq!(file("《人民日報》说“和平”，“这不是一个词组”。", Language::ZhHant), format!("{HEADER}\n人民日报\t1\n和平\t1\n"));
    }

    #[test]
    fn errors_name_the_line() {
        let error = |text: &str| Vocabulary::parse(text.as_bytes()).unwrap_err();
        assert_eq!(error("word\t1\n").0, 1);
        assert_eq!(error(&format!("{HEADER}\na\t1\nb\n")).0, 3);
        assert_eq!(error(&format!("{HEADER}\nb\t1\na\t1\n")).0, 3);
        assert_eq!(error(&format!("{HEADER}\nb\tx\n")), (2, "count \"x\": invalid digit found in string".to_owned()));
    }
}
