//! What a team writes down about its own collection: replacements, text that is right as it is, and words of its own.

use std::path::Path;
use std::{fs, str};

use aho_corasick::{AhoCorasick, MatchKind};
use compact_str::CompactString;
use unicode_normalization::is_nfc;

use super::VocabularyError;
use crate::edit::Applicability;
use crate::messages::say;
use crate::model::Span;

/// One row of a user dictionary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacing {
    pub from: CompactString,
    pub to: CompactString,
    pub applicability: Applicability,
    pub note: CompactString,
}

/// Replacements of a collection; the longest match at a place wins.
#[derive(Clone, Debug)]
pub struct UserDictionary {
    rows: Vec<Replacing>,
    finder: AhoCorasick,
    hash: String,
}

/// Text that is right as it is, with the reason.
#[derive(Clone, Debug)]
pub struct AllowList {
    reasons: Vec<CompactString>,
    finder: AhoCorasick,
    hash: String,
}

impl UserDictionary {
    /// Reads rows of `from`, `to`, `safe` or `review`, and a note, parted by tabs; empty lines and lines that begin with `#` are passed
    /// over. The note may be left out.
    ///
    /// # Errors
    /// Names the file, and the line that cannot be used: columns missing, nothing to replace, a `from` twice, or a `to` that another row
    /// would change again.
    pub fn load(path: &Path) -> Result<Self, VocabularyError> {
        load(path, UserDictionary::parse)
    }

    /// The same from bytes; an error is a line and what is wrong with it.
    ///
    /// # Errors
    /// As [`UserDictionary::load`].
    pub fn parse(bytes: &[u8]) -> Result<Self, (usize, String)> {
        let mut rows: Vec<Replacing> = Vec::new();
        let mut numbers = Vec::new();
        for (line, number) in lines(bytes)? {
            let mut fields = line.split('\t');
            let (Some(from), Some(to), Some(applicability)) = (fields.next(), fields.next(), fields.next()) else {
                return Err((number, say("list.columns-user", &[])));
            };
            let applicability = match applicability {
                "safe" => Applicability::Safe,
                "review" => Applicability::Review,
                other => return Err((number, say("list.neither", &[("value", &format_args!("{other:?}"))]))),
            };
            check(from, number)?;
            if from == to {
                return Err((number, say("list.itself", &[("from", &format_args!("{from:?}"))])));
            }
            if let Some(at) = rows.iter().position(|r| r.from == from) {
                return Err((number, say("list.twice", &[("from", &format_args!("{from:?}")), ("line", &numbers[at])])));
            }
            rows.push(Replacing { from: from.into(), to: to.into(), applicability, note: fields.next().unwrap_or_default().into() });
            numbers.push(number);
        }
        let finder = finder(rows.iter().map(|r| r.from.as_str()))?;
        for (row, number) in rows.iter().zip(&numbers) {
            if let Some(found) = finder.find(row.to.as_str()) {
                let other = numbers[found.pattern().as_usize()];
                return Err((*number, say("list.changed-again", &[("to", &format_args!("{:?}", row.to)), ("line", &other)])));
            }
        }
        Ok(UserDictionary { rows, finder, hash: blake3::hash(bytes).to_hex().to_string() })
    }

    /// All places of a text that a row replaces, in text order, apart from each other.
    pub fn find<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (Span, &'a Replacing)> + 'a {
        self.finder.find_iter(text).map(|m| (m.range(), &self.rows[m.pattern().as_usize()]))
    }

    /// The BLAKE3 hash of the file, in hexadecimal.
    pub fn hash(&self) -> &str {
        &self.hash
    }
}

impl AllowList {
    /// Reads rows of a text and the reason why it is right, parted by a tab; empty lines and lines that begin with `#` are passed over.
    ///
    /// # Errors
    /// Names the file, and the line without a text or a reason.
    pub fn load(path: &Path) -> Result<Self, VocabularyError> {
        load(path, AllowList::parse)
    }

    /// The same from bytes; an error is a line and what is wrong with it.
    ///
    /// # Errors
    /// As [`AllowList::load`].
    pub fn parse(bytes: &[u8]) -> Result<Self, (usize, String)> {
        let (mut texts, mut reasons) = (Vec::new(), Vec::new());
        for (line, number) in lines(bytes)? {
            let Some((text, reason)) = line.split_once('\t').filter(|(_, reason)| !reason.trim().is_empty()) else {
                return Err((number, say("list.columns-allow", &[])));
            };
            check(text, number)?;
            texts.push(text);
            reasons.push(reason.into());
        }
        let finder = finder(texts.iter().copied())?;
        Ok(AllowList { reasons, finder, hash: blake3::hash(bytes).to_hex().to_string() })
    }

    /// The places of allowed text, in text order, with the reasons.
    pub fn find<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (Span, &'a str)> + 'a {
        self.finder.find_iter(text).map(|m| (m.range(), self.reasons[m.pattern().as_usize()].as_str()))
    }

    /// The BLAKE3 hash of the file, in hexadecimal.
    pub fn hash(&self) -> &str {
        &self.hash
    }
}

/// The words of a project list, one a line; what follows a tab is a note.
///
/// # Errors
/// Names the file, and the line with an empty word.
pub fn word_list(path: &Path) -> Result<Vec<String>, VocabularyError> {
    load(path, parse_words)
}

/// The same from bytes; an error is a line and what is wrong with it.
///
/// # Errors
/// As [`word_list`].
pub fn parse_words(bytes: &[u8]) -> Result<Vec<String>, (usize, String)> {
    let mut words = Vec::new();
    for (line, number) in lines(bytes)? {
        let word = line.split('\t').next().unwrap_or_default();
        check(word, number)?;
        words.push(word.to_owned());
    }
    Ok(words)
}

fn load<T>(path: &Path, parse: impl Fn(&[u8]) -> Result<T, (usize, String)>) -> Result<T, VocabularyError> {
    let bytes = fs::read(path).map_err(|source| VocabularyError::Read { path: path.to_owned(), source })?;
    parse(&bytes).map_err(|(line, message)| VocabularyError::Line { path: path.to_owned(), line, message })
}

/// The rows that say something, with their numbers.
fn lines(bytes: &[u8]) -> Result<Vec<(&str, usize)>, (usize, String)> {
    let text = str::from_utf8(bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()].iter().filter(|&&b| b == b'\n').count() + 1;
        (line, say("list.encoding", &[]))
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    Ok(text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty() && !line.starts_with('#')).collect())
}

fn check(text: &str, number: usize) -> Result<(), (usize, String)> {
    if text.trim().is_empty() {
        return Err((number, say("list.empty", &[])));
    }
    // The text is compared after the stage of forms, which composes.
    if is_nfc(text) { Ok(()) } else { Err((number, say("list.not-nfc", &[("text", &format_args!("{text:?}"))]))) }
}

fn finder<'a>(texts: impl Iterator<Item = &'a str>) -> Result<AhoCorasick, (usize, String)> {
    AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(texts).map_err(|e| (1, e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_row_wins() {
        let user = UserDictionary::parse("# ours\n柯成\t柯城\tsafe\t地名\n柯成区委\t柯城区委\treview\n".as_bytes()).unwrap();
        let found: Vec<_> = user.find("在柯成区委和柯成").map(|(span, row)| (span, row.to.as_str(), row.applicability)).collect();
        assert_eq!(found, [(3..15, "柯城区委", Applicability::Review), (18..24, "柯城", Applicability::Safe)]);
    }

    #[test]
    fn errors_name_the_line() {
        let error = |text: &str| UserDictionary::parse(text.as_bytes()).unwrap_err();
        assert_eq!(error("甲\t乙\n").0, 1);
        assert_eq!(error("甲\t乙\tmaybe\n"), (1, "\"maybe\" is neither `safe` nor `review`".to_owned()));
        assert_eq!(error("甲\t乙\tsafe\n\n甲\t丙\tsafe\n"), (3, "\"甲\" stands in line 1 too".to_owned()));
        assert!(error("甲\t乙\tsafe\n乙\t甲\tsafe\n").1.contains("changed again by line 2"));
        assert_eq!(error("甲\t甲\tsafe\n").0, 1);
        assert_eq!(AllowList::parse("甲\n".as_bytes()).unwrap_err().0, 1);
    }
}
