//! German, English and French lines of furniture: `Neue Zeitung. Nr. 81. — Samstag, den 6. April 1889.`

use smallvec::SmallVec;

use super::{Kind, Parts, WORDS, plain_date};
use crate::structure::dates::{folded, is_month, is_weekday};
use crate::structure::marks::{is_decoration, number};

/// Signs on both sides of a page number.
const FRAME: [char; 12] = ['—', '–', '-', '[', ']', '(', ')', '·', '•', '―', '~', '='];

/// What the next number would be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Any,
    /// After `Seite`, `Page`, `Blatt`.
    Page,
    /// After `Nr.`, `Vol.`
    Issue,
    /// After a month without a day: `April 6`.
    Day,
}

/// The line read so far.
struct Reader {
    parts: Parts,
    next: Next,
    /// Numbers that no word has claimed yet.
    numbers: SmallVec<[u32; 2]>,
    page_word: bool,
    month: bool,
}

/// The parts of a line.
pub(super) fn parts(line: &str) -> Option<Parts> {
    let bare = line.trim_matches(is_decoration);
    let framed = line.starts_with(FRAME) && line.ends_with(FRAME);
    let pointed = line.starts_with('§') || line.ends_with(['.', ')']);
    if bare.chars().count() <= 1 && bare.chars().all(|c| !c.is_ascii_digit()) {
        return None;
    }
    if let Some(used) = plain_date(bare) {
        // The rest of the line is read as words.
        let rest = &bare[used..];
        let more = if rest.chars().all(is_decoration) { Some(Parts::default()) } else { parts(rest) };
        return more.map(|more| Parts { date: true, year: true, framed, ..more });
    }
    let parts = Parts { framed, pointed, ..Parts::default() };
    let mut reader = Reader { parts, next: Next::Any, numbers: SmallVec::new(), page_word: false, month: false };
    let split = |c: char| is_decoration(c) && !matches!(c, '-' | '\'');
    for word in line.split(split).map(|w| w.trim_matches(is_decoration)).filter(|w| !w.is_empty()) {
        match number(word) {
            Some((value, used)) => reader.number(value, used, &word[used..])?,
            None => reader.word(word)?,
        }
    }
    reader.end()
}

impl Reader {
    fn number(&mut self, value: u32, digits: usize, suffix: &str) -> Option<()> {
        let ordinal = matches!(suffix, "" | "st" | "nd" | "rd" | "th" | "er" | "ter" | "tes" | "te" | "e" | "me");
        if !(ordinal || suffix.len() == 1 && value < 1000) {
            return None;
        }
        match std::mem::replace(&mut self.next, Next::Any) {
            Next::Page if value < 10_000 => self.parts.page = Some(value),
            Next::Issue => self.issue(),
            Next::Day if value <= 31 => self.parts.date = true,
            _ if (1500..2100).contains(&value) && digits == 4 => self.parts.year = true,
            _ if self.numbers.len() < 2 && value < 3000 => self.numbers.push(value),
            _ => return None,
        }
        Some(())
    }

    fn issue(&mut self) {
        (self.parts.volume, self.parts.issue) = (self.parts.issue, true);
    }

    fn word(&mut self, word: &str) -> Option<()> {
        let next = std::mem::replace(&mut self.next, Next::Any);
        if next == Next::Issue && is_roman(word) {
            self.issue();
            return Some(());
        }
        // A03: the section's letter and the page.
        if let Some((value, used)) = word.strip_prefix(|c: char| matches!(c, 'A'..='H')).and_then(number)
            && used + 1 == word.len()
            && used <= 3
        {
            self.parts.page = Some(value);
            return Some(());
        }
        if word.len() > 30 || word.chars().all(char::is_numeric) {
            return None;
        }
        let folded = folded(word);
        let capital = word.starts_with(char::is_uppercase);
        if is_month(&folded) {
            // `6. April` or `April 6`; a month alone is a word.
            self.month = true;
            match self.numbers.pop() {
                Some(day) if day <= 31 => self.parts.date = true,
                Some(_) => return None,
                None => self.next = Next::Day,
            }
        } else if is_weekday(&folded) {
            self.parts.weekday = true;
        } else if let Some(kinds) = WORDS.get(folded.as_str()) {
            self.parts.paper |= kinds.contains(&Kind::Paper) && capital;
            if kinds.contains(&Kind::Page) {
                (self.next, self.page_word) = (Next::Page, true);
            } else if kinds.contains(&Kind::Number) {
                self.next = Next::Issue;
            } else if !capital && !kinds.contains(&Kind::Joiner) {
                return None;
            }
        } else if is_paper_compound(&folded) && capital {
            self.parts.paper = true;
        } else {
            self.parts.unknown += 1;
            if self.parts.unknown > 4 || !capital {
                return None;
            }
        }
        Some(())
    }

    fn end(mut self) -> Option<Parts> {
        let parts = &mut self.parts;
        if self.numbers.len() > 1 {
            return None;
        }
        parts.bare = self.numbers.pop();
        // `3. Seite`, but `Seite` alone is a word, and so is `April`.
        if self.page_word && parts.page.is_none() {
            parts.page = parts.bare.take();
            parts.unknown += u32::from(parts.page.is_none());
        }
        parts.unknown += u32::from(self.month && !parts.date);
        if parts.weekday && !parts.date && parts.bare.is_some() {
            return None;
        }
        let dated = parts.issue || parts.year || parts.date || parts.page.is_some() || parts.bare.is_some();
        (parts.unknown == 0 || parts.paper && dated).then_some(self.parts)
    }
}

/// `Volkszeitung`, `Talbote`: German names of newspapers are made of these.
fn is_paper_compound(folded: &str) -> bool {
    ["zeitung", "anzeiger", "blatt", "bote", "nachrichten", "kurier", "courier", "rundschau", "presse"]
        .iter()
        .any(|end| folded.ends_with(end))
}

/// `XII`, `LVII.`: Roman numerals of volumes.
fn is_roman(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| matches!(b, b'I' | b'V' | b'X' | b'L' | b'C' | b'D' | b'M'))
}
