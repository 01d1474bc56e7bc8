//! What a line of page furniture is made of: page numbers, dates, the paper's name, section names, the staff.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::structure::marks::{is_han, number};

mod han;
mod latin;

/// The parts found in a line that holds nothing else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Parts {
    /// A number that says it is a page's: `第2版`, `A02`, `Seite 4`, `Blatt 2.`
    pub page: Option<u32>,
    /// A number that says nothing.
    pub bare: Option<u32>,
    /// Stands between dashes or brackets: `— 3 —`.
    pub framed: bool,
    /// Ends like the number of a chapter or an item: `3.`, `§ 3`.
    pub pointed: bool,
    /// Day and month.
    pub date: bool,
    pub year: bool,
    pub weekday: bool,
    /// A newspaper's name, by its last word.
    pub paper: bool,
    /// 要闻, 综合新闻, …
    pub section: bool,
    /// `Nr. 259`, 总第1234期
    pub issue: bool,
    /// Two such: volume and number.
    pub volume: bool,
    /// 责任编辑：…
    pub staff: bool,
    /// Words that are nothing of this: only beside a paper's name.
    pub unknown: u32,
}

impl Parts {
    /// Enough to be furniture at a page's edge, whatever stands beside it.
    pub fn strong(&self) -> bool {
        self.page.is_some()
            || self.staff
            || (self.bare.is_some() && (self.framed || self.section || self.paper))
            || (self.date && (self.year || self.weekday || self.paper || self.issue))
            || (self.paper && (self.issue || self.year))
            || self.volume
            || (self.issue && (self.year || self.weekday || self.bare.is_some()))
    }

    /// A date and nothing else: a running head, but also the first line of a letter.
    pub fn is_date(&self) -> bool {
        self.date && !(self.weekday || self.page.is_some() || self.bare.is_some() || self.paper || self.section || self.issue || self.staff)
    }

    /// Page number and nothing else.
    pub fn is_folio(&self) -> bool {
        !(self.date || self.year || self.weekday || self.paper || self.section || self.issue || self.staff)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Section,
    Staff,
    Paper,
    Imprint,
    Page,
    Number,
    Joiner,
}

static WORDS: LazyLock<FxHashMap<&'static str, Vec<Kind>>> = LazyLock::new(|| {
    let mut map: FxHashMap<&'static str, Vec<Kind>> = FxHashMap::default();
    for row in include_str!("../../../dictionaries/structure/furniture.tsv").lines() {
        let mut columns = row.split('\t');
        let (Some(word), Some(kind)) = (columns.next(), columns.next()) else { continue };
        let kind = match kind {
            "section" => Kind::Section,
            "staff" => Kind::Staff,
            "paper" => Kind::Paper,
            "imprint" => Kind::Imprint,
            "page" => Kind::Page,
            "number" => Kind::Number,
            _ => Kind::Joiner,
        };
        map.entry(word).or_default().push(kind);
    }
    map
});

/// Longest line that is looked at, in bytes.
const LONGEST: usize = 160;

/// The parts of a line, or `None` if it holds anything else.
pub(super) fn parts(line: &str) -> Option<Parts> {
    let line = line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'));
    if line.len() > LONGEST || line.is_empty() {
        return None;
    }
    let parts = if line.chars().any(is_han) {
        // White space between Chinese characters only spreads them out (要 闻); between numbers it parts them.
        let mut text = String::with_capacity(line.len());
        let mut gap = false;
        for c in line.chars() {
            if c.is_whitespace() {
                gap = true;
                continue;
            }
            if gap && c.is_ascii_alphanumeric() && text.ends_with(|p: char| p.is_ascii_alphanumeric()) {
                text.push(' ');
            }
            gap = false;
            text.push(c);
        }
        han::parts(&text)?
    } else {
        latin::parts(line)?
    };
    let nothing = parts == Parts { framed: parts.framed, pointed: parts.pointed, unknown: parts.unknown, ..Parts::default() };
    (!nothing).then_some(parts)
}

/// `2023.5.2`, `2023-05-02`, `2023/5/2`: the bytes it takes.
fn plain_date(text: &str) -> Option<usize> {
    let (_, mut at) = number(text).filter(|&(year, used)| used == 4 && (1800..2100).contains(&year))?;
    let sign = text[at..].chars().next().filter(|c| matches!(c, '.' | '-' | '/'))?;
    for most in [12, 31] {
        let rest = text[at..].strip_prefix(sign)?;
        let (_, used) = number(rest).filter(|&(value, used)| used <= 2 && (1..=most).contains(&value))?;
        at = text.len() - rest.len() + used;
    }
    Some(at)
}
