//! What a line of page furniture is made of: page numbers, dates, the paper's name, section names, the staff.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::dates::{is_month, is_weekday};
use super::marks::{is_decoration, is_han, number};

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
            || (self.issue && (self.year || self.weekday))
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
    for row in include_str!("../../dictionaries/structure/furniture.tsv").lines() {
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

/// Signs on both sides of a page number.
const FRAME: [char; 12] = ['—', '–', '-', '[', ']', '(', ')', '·', '•', '―', '~', '='];

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
        han_parts(&text)?
    } else {
        latin_parts(line)?
    };
    let nothing = parts == Parts { framed: parts.framed, pointed: parts.pointed, unknown: parts.unknown, ..Parts::default() };
    (!nothing).then_some(parts)
}

fn han_parts(text: &str) -> Option<Parts> {
    let mut parts = Parts::default();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let c = rest.chars().next()?;
        if is_decoration(c) && c != '○' {
            at += c.len_utf8();
            continue;
        }
        if let Some(used) = numbered(rest, &mut parts) {
            at += used;
            continue;
        }
        if let Some(after) = ["星期", "礼拜", "周"].iter().find_map(|w| rest.strip_prefix(w))
            && let Some(day) = after.chars().next().filter(|c| "一二三四五六日天".contains(*c))
        {
            parts.weekday = true;
            at = text.len() - after.len() + day.len_utf8();
            continue;
        }
        if rest.starts_with("农历") || rest.starts_with("農曆") || rest.starts_with("夏历") {
            // 农历壬寅年二月十二 and solar terms: up to ten characters of their own.
            let used: usize = rest.chars().take(12).take_while(|c| is_han(*c) && !matches!(c, '第' | '星')).map(char::len_utf8).sum();
            (parts.date, at) = (true, at + used);
            continue;
        }
        at += dictionary(rest, &mut parts)?;
    }
    Some(parts)
}

/// A number with its unit: a date, a page, an issue; a bare one where it stands alone.
fn numbered(rest: &str, parts: &mut Parts) -> Option<usize> {
    let mut at = 0;
    let ordinal = rest.starts_with('第');
    if ordinal {
        at += '第'.len_utf8();
    }
    let letter = rest[at..].chars().next().filter(|c| matches!(c, 'A'..='H' | 'Ａ'..='Ｈ'));
    if let Some(letter) = letter {
        at += letter.len_utf8();
    }
    let (value, used) = number(&rest[at..])?;
    at += used;
    let unit = rest[at..].chars().next();
    let known = match unit {
        Some('年') => {
            parts.year = true;
            true
        }
        Some('月') => true,
        Some('日' | '号' | '號') if !ordinal => {
            parts.date = true;
            true
        }
        Some('版' | '页' | '頁') => {
            parts.page = Some(value);
            true
        }
        Some('期' | '号' | '號' | '卷' | '张' | '張') => {
            parts.issue = true;
            true
        }
        _ => false,
    };
    if known {
        return Some(at + unit.map_or(0, char::len_utf8));
    }
    if letter.is_some() && value < 200 {
        parts.page = Some(value);
        return Some(at);
    }
    // A bare number, in Arabic digits: nothing a sentence could count with it may follow.
    if ordinal || !rest.starts_with(|c: char| c.is_ascii_digit() || ('０'..='９').contains(&c)) {
        return None;
    }
    if value >= 1800 && value < 2100 && used == 4 {
        parts.year = true;
    } else if parts.bare.is_none() && value < 1000 {
        parts.bare = Some(value);
    } else if !(parts.issue || parts.staff) {
        return None;
    }
    Some(at)
}

/// A word of the dictionary, or a newspaper's name that ends with one; the bytes it takes.
fn dictionary(rest: &str, parts: &mut Parts) -> Option<usize> {
    let ends: Vec<usize> = rest.char_indices().map(|(at, c)| at + c.len_utf8()).take(11).collect();
    for &end in ends.iter().rev() {
        let Some(kinds) = WORDS.get(&rest[..end]) else { continue };
        if kinds.contains(&Kind::Staff) {
            parts.staff = true;
            return Some(end + names(&rest[end..]));
        }
        parts.section |= kinds.contains(&Kind::Section);
        parts.paper |= kinds.contains(&Kind::Paper);
        parts.issue |= kinds.contains(&Kind::Imprint);
        return Some(end);
    }
    // 今日晨报: up to seven characters before a word for a newspaper.
    let mut starts = rest.char_indices().take(8).take_while(|(_, c)| is_han(*c)).skip(1);
    starts.find_map(|(at, _)| {
        let tail = &rest[at..];
        let ends = tail.char_indices().map(|(i, c)| i + c.len_utf8()).take(4);
        let end = ends.filter(|&end| WORDS.get(&tail[..end]).is_some_and(|k| k.contains(&Kind::Paper))).last()?;
        parts.paper = true;
        Some(at + end)
    })
}

/// Names, numbers and addresses after 责任编辑, up to the next such word.
fn names(rest: &str) -> usize {
    let mut han = 0;
    for (at, c) in rest.char_indices() {
        let next = [
            "责", "编辑", "版式", "版面", "美编", "校对", "校對", "组版", "排版", "审", "值班", "主编", "热线", "电话", "电子", "邮",
            "传真",
        ];
        if han >= 2 && next.iter().any(|n| rest[at..].starts_with(n)) || matches!(c, '，' | '。' | '；') {
            return at;
        }
        if is_han(c) {
            han += 1;
        }
        if han > 16 {
            return at;
        }
    }
    rest.len()
}

fn latin_parts(line: &str) -> Option<Parts> {
    let bare = line.trim_matches(is_decoration);
    let mut parts = Parts {
        framed: line.starts_with(FRAME) && line.ends_with(FRAME),
        pointed: line.starts_with('§') || line.ends_with(['.', ')']),
        ..Parts::default()
    };
    if bare.chars().count() <= 1 && bare.chars().all(|c| !c.is_ascii_digit()) {
        return None;
    }
    let mut page_next = false;
    let mut issue_next = false;
    for word in
        line.split(|c: char| is_decoration(c) && !matches!(c, '-' | '\'')).map(|w| w.trim_matches(is_decoration)).filter(|w| !w.is_empty())
    {
        if let Some((value, used)) = number(word) {
            let suffix = &word[used..];
            let ordinal = matches!(suffix, "st" | "nd" | "rd" | "th" | "er" | "ter" | "tes" | "te" | "e" | "me");
            if !(suffix.is_empty() || ordinal || suffix.len() == 1 && value < 1000) {
                return None;
            }
            if page_next && value < 10_000 {
                parts.page = Some(value);
            } else if issue_next {
                parts.issue = true;
            } else if (1500..2100).contains(&value) && used == 4 {
                parts.year = true;
            } else if parts.bare.is_none() && value < 3000 {
                parts.bare = Some(value);
            } else {
                return None;
            }
            (page_next, issue_next) = (false, false);
            continue;
        }
        (page_next, issue_next) = (false, false);
        if word.len() > 30 || word.chars().all(|c| c.is_numeric()) {
            return None;
        }
        let folded = word.replace('ſ', "s").to_lowercase();
        if is_month(word) {
            parts.date = true;
            continue;
        }
        if is_weekday(word) {
            parts.weekday = true;
            continue;
        }
        match WORDS.get(folded.as_str()) {
            Some(kinds) => {
                let capital = word.starts_with(char::is_uppercase);
                page_next = kinds.contains(&Kind::Page);
                issue_next = kinds.contains(&Kind::Number);
                parts.paper |= kinds.contains(&Kind::Paper) && capital;
                if !(page_next || issue_next || kinds.contains(&Kind::Joiner)) && !capital {
                    return None;
                }
            }
            None => {
                parts.unknown += 1;
                if parts.unknown > 4 || !word.starts_with(char::is_uppercase) {
                    return None;
                }
            }
        }
    }
    // `3. April`: the number is the day. `April` alone is a word.
    if parts.date {
        if parts.bare.take().is_none() {
            parts.date = false;
            parts.unknown += 1;
        }
    } else if parts.weekday && parts.bare.is_some() {
        return None;
    }
    let dated = parts.issue || parts.year || parts.date || parts.page.is_some() || parts.bare.is_some();
    (parts.unknown == 0 || parts.paper && dated).then_some(parts)
}
