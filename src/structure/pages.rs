//! What each page says of itself: its number and the date in its running head.

use super::jump::{JumpDirection, jump_line};
use super::marks::{is_han, number};
use super::parts::parts;
use crate::inputs::{default_page_pattern, page_number};
use crate::model::Issue;

/// A date as year, month, day.
pub type Date = (u16, u8, u8);

/// What a page says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageFacts {
    /// The number printed on it: of its folio, or of its running head.
    pub printed: Option<u32>,
    /// The number its file is named after (`p3.txt`).
    pub named: Option<u32>,
    /// The number jump lines mean: the printed one, the file's, or the one after the page before.
    pub number: u32,
    /// The date of its running head.
    pub date: Option<Date>,
    /// `Nr. 259`, 总第1234期: the number of the issue in its running head.
    pub issue_number: Option<u32>,
    /// Index into [`Issue::lines`] of the line that holds the number or the date.
    pub head: Option<usize>,
}

/// The facts of every page, from lines of furniture and the names of files.
pub fn page_facts(issue: &Issue) -> Vec<PageFacts> {
    let mut all: Vec<PageFacts> = Vec::with_capacity(issue.pages.len());
    for (index, page) in issue.pages.iter().enumerate() {
        let mut facts = PageFacts::default();
        let alone = index.checked_sub(1).is_none_or(|i| issue.pages[i].source != page.source)
            && issue.pages.get(index + 1).is_none_or(|p| p.source != page.source);
        if alone && let Some(source) = issue.sources.get(page.source as usize) {
            facts.named = page_number(&source.path, default_page_pattern());
        }
        let lines = issue.regions[page.regions.clone()].iter().flat_map(|r| r.lines.clone());
        for line in lines.filter(|l| issue.lines[*l].role.is_furniture()) {
            let text = issue.line_text(line);
            let Some(parts) = parts(text) else { continue };
            let printed = parts.page.or(parts.bare.filter(|_| !parts.pointed || parts.framed));
            let date = date(text);
            let issue_number = issue_number(text).filter(|_| parts.issue);
            if facts.head.is_none() && (printed.is_some() || date.is_some()) {
                facts.head = Some(line);
            }
            facts.printed = facts.printed.or(printed);
            facts.date = facts.date.or(date);
            facts.issue_number = facts.issue_number.or(issue_number);
        }
        let after = all.last().map_or(1, |before| before.number + 1);
        facts.number = facts.printed.filter(|n| *n > 0).or(facts.named).unwrap_or(after);
        all.push(facts);
    }
    unnumber_books(&mut all, issue);
    all
}

/// Numbers far from where a page stands count a volume or a collection, and jump lines of an issue may count from one again:
/// where no jump line names a page of that range, pages keep what is printed.
fn unnumber_books(all: &mut [PageFacts], issue: &Issue) {
    let Some(first) = all.first() else { return };
    let base = first.number;
    if base < 20 || all.iter().enumerate().any(|(i, f)| f.number != base + i as u32) {
        return;
    }
    let small = (0..issue.lines.len())
        .filter_map(|l| jump_line(issue.line_text(l)))
        .filter(|j| matches!(j.direction, JumpDirection::To | JumpDirection::From))
        .any(|j| j.page.is_some_and(|p| p < base));
    if small {
        all.iter_mut().enumerate().for_each(|(i, f)| f.number = i as u32 + 1);
    }
}

/// The first whole date of a line: 2022年3月14日, 二〇二二年三月十四日, 2022-03-14, `6. April 1889`, `April 6, 1889`, `le 6 avril 1889`.
pub fn date(text: &str) -> Option<Date> {
    if text.chars().any(is_han) { han_date(text) } else { plain(text).or_else(|| latin_date(text)) }
}

fn valid(year: u32, month: u32, day: u32) -> Option<Date> {
    ((1500..2200).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day)).then_some((year as u16, month as u8, day as u8))
}

fn han_date(text: &str) -> Option<Date> {
    let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    for (at, _) in bare.match_indices('年') {
        let head = &bare[..at];
        let start = head.char_indices().rev().take(4).last().map_or(0, |(i, _)| i);
        let Some((year, used)) = number(&head[start..]) else { continue };
        if start + used != at {
            continue;
        }
        let rest = &bare[at + '年'.len_utf8()..];
        let Some((month, used)) = number(rest) else { continue };
        let Some(rest) = rest[used..].strip_prefix('月') else { continue };
        if let Some((day, used)) = number(rest)
            && rest[used..].starts_with(['日', '号', '號'])
        {
            return valid(year, month, day);
        }
    }
    plain(&bare)
}

fn plain(text: &str) -> Option<Date> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let (year, used) = number(&text[start..]).filter(|n| n.1 == 4)?;
    let rest = &text[start + used..];
    let sign = rest.chars().next().filter(|c| matches!(c, '.' | '-' | '/'))?;
    let (month, used) = number(&rest[1..])?;
    let rest = rest[1 + used..].strip_prefix(sign)?;
    let (day, _) = number(rest)?;
    valid(year, month, day)
}

/// Months by the letters they open with, after folding: enough to tell the twelve apart in three languages.
const MONTHS: [(&str, u32); 27] = [
    ("jan", 1),
    ("jen", 1),
    ("jän", 1),
    ("feb", 2),
    ("fév", 2),
    ("horn", 2),
    ("mar", 3),
    ("mär", 3),
    ("apr", 4),
    ("avr", 4),
    ("mai", 5),
    ("may", 5),
    ("jun", 6),
    ("juin", 6),
    ("brach", 6),
    ("jul", 7),
    ("juil", 7),
    ("heum", 7),
    ("aug", 8),
    ("aoû", 8),
    ("aou", 8),
    ("sep", 9),
    ("okt", 10),
    ("oct", 10),
    ("nov", 11),
    ("dez", 12),
    ("dec", 12),
];

fn latin_date(text: &str) -> Option<Date> {
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || matches!(c, '.' | ',' | '(' | ')')).filter(|w| !w.is_empty()).collect();
    let at = words.iter().position(|w| super::dates::is_month(&super::dates::folded(w)))?;
    let folded = super::dates::folded(words[at]);
    let month = if folded.starts_with("déc") { 12 } else { MONTHS.iter().find(|m| folded.starts_with(m.0))?.1 };
    let value = |i: Option<usize>| i.and_then(|i| words.get(i)).and_then(|w| number(w)).filter(|n| n.1 > 0).map(|n| n.0);
    let year = |i: usize| value(Some(i)).filter(|y| *y >= 1500);
    let small = |i: Option<usize>| value(i).filter(|d| (1..=31).contains(d));
    if let (Some(day), Some(year)) = (small(at.checked_sub(1)), year(at + 1)) {
        return valid(year, month, day);
    }
    valid(year(at + 2)?, month, small(Some(at + 1))?)
}

/// The number after `Nr.`, `No.`, 第 before 期, 总第.
fn issue_number(text: &str) -> Option<u32> {
    if text.chars().any(is_han) {
        let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let at = bare.find(['期', '号', '號'])?;
        let head = &bare[..at];
        let start = head.rfind('第')? + '第'.len_utf8();
        return number(&head[start..]).filter(|n| start + n.1 == at).map(|n| n.0);
    }
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || matches!(c, '.' | ',' | ':')).filter(|w| !w.is_empty()).collect();
    let at = words
        .iter()
        .position(|w| matches!(w.to_lowercase().as_str(), "nr" | "no" | "nro" | "num" | "n°" | "nº" | "№" | "numéro" | "number"))?;
    words.get(at + 1).and_then(|w| number(w)).map(|n| n.0)
}

#[cfg(test)]
mod tests {
    use super::date;

    #[test]
    fn dates_of_running_heads() {
        for (text, expected) in [
            ("今日晨报 2022年3月14日 星期三 第一版", (2022, 3, 14)),
            ("二〇二二年三月十四日", (2022, 3, 14)),
            ("Neue Zeitung. Nr. 81. — Samstag, den 6. April 1889.", (1889, 4, 6)),
            ("THE ARGUS, SATURDAY, APRIL 6, 1889.", (1889, 4, 6)),
            ("Le Temps, 3 décembre 1870", (1870, 12, 3)),
            ("2023-05-02", (2023, 5, 2)),
        ] {
            assert_eq!(date(text), Some(expected), "{text}");
        }
        assert_eq!(date("Seite 3"), None);
    }
}
