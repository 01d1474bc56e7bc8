//! From a card to the lists of the project: words that are words, and text that is right as it is.
//!
//! A row is added to the file the config names, with who and when, and takes effect at the next run.

use std::path::Path;

use unicode_normalization::UnicodeNormalization;

use super::decisions::now;
use super::store;
use crate::characters::is_han;
use crate::dictionary::{AllowList, parse_words};
use crate::error::Error;
use crate::record::{left_context, right_context};
use crate::write::files::{rewrite, write_atomic};

/// Graphemes on each side of a change in the text that is proposed for the allow list.
const AROUND: usize = 4;
/// How often a file that others write to at the same time is tried.
const TRIES: usize = 5;

/// Adds a word to a project list; `false` if it stands there already.
///
/// # Errors
/// [`Error::NotListed`] for what cannot be a row, [`Error::Row`] for a list that is none; those of reading and writing.
pub fn add_word(list: &Path, word: &str, by: &str) -> Result<bool, Error> {
    let word: String = word.trim().nfc().collect();
    let note = signature(by);
    add(list, &word, &note, |bytes| parse_words(bytes).map(|words| words.contains(&word)))
}

/// Adds a text to an allow list, with the reason why it is right; `false` if it stands there already.
///
/// # Errors
/// As [`add_word`].
pub fn allow(list: &Path, text: &str, reason: &str, by: &str) -> Result<bool, Error> {
    let text: String = text.trim_matches(['\n', '\r', '\t']).nfc().collect();
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Error::NotListed { path: list.to_owned(), message: "the reason why it is right is missing" });
    }
    let note = format!("{reason} ({})", signature(by));
    let holds = |bytes: &[u8]| {
        let row = |line: &str| line.split('\t').next() == Some(&text) && !line.starts_with('#');
        AllowList::parse(bytes).map(|_| String::from_utf8_lossy(bytes).lines().any(row))
    };
    add(list, &text, &note, holds)
}

fn signature(by: &str) -> String {
    format!("{by}, {}", now().split('T').next().unwrap_or_default())
}

/// `holds` reads the whole file and tells whether the row is in it.
fn add(list: &Path, text: &str, note: &str, holds: impl Fn(&[u8]) -> Result<bool, (usize, String)>) -> Result<bool, Error> {
    let reject = |message| Err(Error::NotListed { path: list.to_owned(), message });
    if text.trim().is_empty() {
        return reject("there is nothing to add");
    }
    if text.starts_with('#') {
        return reject("a row that begins with # would be a comment");
    }
    if text.contains(['\t', '\n', '\r']) || note.contains(['\t', '\n', '\r']) {
        return reject("a row holds no tab and no line end");
    }
    for tried in 1.. {
        let old = store::read(list)?;
        let failed = |(line, message)| Error::Row { path: list.to_owned(), line, message };
        if holds(&old).map_err(failed)? {
            return Ok(false);
        }
        let mut new = old.clone();
        if new.last().is_some_and(|b| *b != b'\n') {
            new.push(b'\n');
        }
        new.extend_from_slice(format!("{text}\t{note}\n").as_bytes());
        holds(&new).map_err(failed)?;
        let written = if list.exists() { rewrite(list, &old, &new) } else { write_atomic(list, &new) };
        match written {
            Err(Error::Changed { .. }) if tried < TRIES => {}
            written => return written.map(|_| true),
        }
    }
    unreachable!("the loop ends by returning")
}

/// The word a change makes or stands in: what a person most likely wants on the project list. Empty where no word is meant.
///
/// `left` and `right` are the text around it; `evidence` is as records have it.
pub fn word_at(left: &str, after: &str, right: &str, evidence: &[String]) -> String {
    if let Some(word) = evidence.iter().find_map(|e| e.strip_prefix("word-across-break:")) {
        return word.to_owned();
    }
    let of_word = |c: &char| c.is_alphanumeric() || matches!(c, '-' | '\'' | '’');
    let before: String = left.chars().rev().take_while(of_word).collect::<Vec<_>>().into_iter().rev().collect();
    let behind: String = right.chars().take_while(of_word).collect();
    let word = format!("{before}{after}{behind}");
    let latin = word.chars().all(|c| of_word(&c) && !is_han(c));
    if latin { word.trim_matches(['-', '\'', '’']).to_owned() } else { String::new() }
}

/// The text a person most likely wants on the allow list: what would be replaced, with some of its line. Empty over a line end, which
/// no row can hold.
pub fn text_at(left: &str, before: &str, right: &str) -> String {
    if before.contains('\n') {
        return String::new();
    }
    let left = left.rsplit(['\n', '\u{c}']).next().unwrap_or(left);
    let right = right.split(['\n', '\u{c}']).next().unwrap_or(right);
    format!("{}{before}{}", left_context(left, AROUND), right_context(right, AROUND)).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dictionary::word_list;

    #[test]
    fn a_word_is_added_once_and_a_missing_line_end_is_made() {
        let dir = tempfile::tempdir().unwrap();
        let list = dir.path().join("names.txt");
        assert!(add_word(&list, " 余东 ", "anna").unwrap());
        assert!(!add_word(&list, "余东", "bert").unwrap());
        std::fs::write(&list, "# ours\n余东").unwrap();
        assert!(add_word(&list, "cafe\u{301}", "anna").unwrap());
        assert_eq!(word_list(&list).unwrap(), ["余东", "café"]);
        assert!(std::fs::read_to_string(&list).unwrap().starts_with("# ours\n余东\ncafé\tanna, 2"));
        assert!(
            add_word(&list, "#a", "anna").is_err() && add_word(&list, " ", "anna").is_err() && add_word(&list, "a\tb", "anna").is_err()
        );
    }

    #[test]
    fn allowing_needs_a_reason_and_leaves_a_broken_list_alone() {
        let dir = tempfile::tempdir().unwrap();
        let list = dir.path().join("allow.tsv");
        assert!(allow(&list, "示 范", " ", "anna").unwrap_err().to_string().contains("reason"));
        assert!(allow(&list, "示 范", "set wide", "anna").unwrap());
        assert!(!allow(&list, "示 范", "again", "anna").unwrap());
        assert_eq!(AllowList::load(&list).unwrap().find("在示 范区").count(), 1);
        std::fs::write(&list, "a\n").unwrap();
        assert!(allow(&list, "b", "why", "anna").unwrap_err().to_string().contains("allow.tsv:1"));
        assert_eq!(std::fs::read_to_string(&list).unwrap(), "a\n");
    }

    #[test]
    fn what_is_proposed_for_the_lists() {
        assert_eq!(word_at("the com", "", "mittee met", &[]), "committee");
        assert_eq!(word_at("带头示", "", "范，当好", &["word-across-break:示范".into()]), "示范");
        assert_eq!(word_at("各方合力", "，", "区四套", &[]), "");
        assert_eq!(text_at("前一行\n今天 ", "记", " 者说话了"), "今天 记 者说话");
        assert_eq!(text_at("甲", "\n", "乙"), "");
    }
}
