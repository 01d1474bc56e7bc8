//! Chinese lines of furniture: `今日晨报　2019年4月6日　星期六　第3版`.

use super::{Kind, Parts, WORDS, plain_date};
use crate::structure::marks::{is_decoration, is_han, number};

/// The parts of a line whose white space is gone (but between two numbers).
pub(super) fn parts(text: &str) -> Option<Parts> {
    let mut parts = Parts::default();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let c = rest.chars().next()?;
        if is_decoration(c) && c != '○' {
            at += c.len_utf8();
            continue;
        }
        if let Some(used) = plain_date(rest) {
            (parts.date, parts.year) = (true, true);
            at += used;
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
    if (1800..2100).contains(&value) && used == 4 {
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
