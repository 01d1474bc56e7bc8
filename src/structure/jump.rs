//! Jump lines: `（下转2版）`, `Continued on page 3`, `Fortsetzung auf Seite 2`, `Suite en page 4`.

use std::ops::Range;

use super::marks::{is_decoration, number};

/// Where a jump line points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JumpDirection {
    /// The article goes on there: 下转, continued on.
    To,
    /// The article comes from there: 上接, continued from.
    From,
}

/// A jump line, alone or at one end of a line of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Jump {
    /// Forward or back.
    pub direction: JumpDirection,
    /// The page it names; `None` if it names none (`Fortsetzung folgt`, 未完待续).
    pub page: Option<u32>,
    /// Its bytes in the line, brackets included.
    pub span: Range<usize>,
}

/// Finds the jump line in a line of text: the whole line, its end or its start. Chinese, German, English and French.
///
/// Within a line that goes on, brackets or the full wording are needed: a body line that ends with `下转第四版` is
/// one, `转第四版` is not.
pub fn jump_line(text: &str) -> Option<Jump> {
    if !may_be(text) {
        return None;
    }
    let from = text.len() - text.trim_start_matches(is_space).len();
    let to = text.trim_end_matches(is_space).len();
    if from >= to {
        return None;
    }
    let line = &text[from..to];
    at_start(line).or_else(|| at_end(line)).map(|jump| Jump { span: from + jump.span.start..from + jump.span.end, ..jump })
}

/// A look at both ends that most lines do not pass.
fn may_be(text: &str) -> bool {
    let text = text.trim_matches(is_space);
    let (Some(first), Some(last)) = (text.chars().next(), text.chars().next_back()) else { return false };
    match last {
        _ if closes(last) || is_mark(last) || matches!(last, '版' | '页' | '頁') => return true,
        '.' if text[..text.len() - 1].ends_with(|c: char| c.is_ascii_digit()) => return true,
        _ if last.is_ascii_digit() => return true,
        _ => {}
    }
    match first {
        '上' | '下' | '紧' | '緊' | '接' | '转' | '轉' | '未' | '续' | '續' | 'À' | 'à' => true,
        _ if first.is_ascii_alphabetic() => text.len() < 80 && opening(text).is_some(),
        _ => open_bracket(first) || is_mark(first),
    }
}

fn closes(c: char) -> bool {
    matches!(c, ')' | ']' | '）' | '］' | '】' | '〕' | '〉' | '》' | '」')
}

/// The word a German, English or French jump line opens with.
fn opening(text: &str) -> Option<&'static str> {
    const OPENINGS: [&str; 23] = [
        "continued",
        "cont'd",
        "contd",
        "cont",
        "concluded",
        "fortsetzung",
        "forts",
        "fortf",
        "schluß",
        "schluss",
        "suite",
        "fin",
        "la",
        "voir",
        "à",
        "a",
        "to",
        "turn",
        "lire",
        "siehe",
        "see",
        "weiter",
        "À",
    ];
    let word = text.as_bytes();
    // Two letters rule out nearly every line.
    let pair = (word.first()? | 0x20, word.get(1)? | 0x20);
    if !matches!(
        pair,
        (b'c', b'o')
            | (b'f', b'o' | b'i')
            | (b's', b'c' | b'u' | b'i' | b'e')
            | (b'l', b'a' | b'i')
            | (b'v', b'o')
            | (b'a', b' ')
            | (b't', b'o' | b'u')
            | (b'w', b'e')
    ) && word[0] != 0xc3
    {
        return None;
    }
    let found = OPENINGS
        .iter()
        .find(|o| word.len() >= o.len() && word[..o.len()].eq_ignore_ascii_case(o.as_bytes()) && text.is_char_boundary(o.len()))?;
    (!text[found.len()..].starts_with(char::is_alphabetic)).then_some(found)
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}')
}

/// The whole line is a jump line.
pub(super) fn is_whole(line: &str, jump: &Jump) -> bool {
    line[..jump.span.start].chars().chain(line[jump.span.end..].chars()).all(|c| is_decoration(c) && !matches!(c, '“' | '”'))
}

fn at_start(line: &str) -> Option<Jump> {
    let first = line.chars().next()?;
    if first.is_ascii_alphabetic() || matches!(first, 'À' | 'à') {
        return Some(line)
            .filter(|l| l.len() < 80)
            .and_then(latin)
            .filter(|j| j.1.is_some() || line.contains(' '))
            .map(|(direction, page, end)| Jump { direction, page, span: 0..end });
    }
    let open = open_bracket(first);
    if !(open || is_mark(first) || matches!(first, '上' | '下' | '紧' | '緊' | '接' | '转' | '轉' | '未' | '续' | '續')) {
        return None;
    }
    let inner = line.trim_start_matches(|c| open_bracket(c) || is_mark(c) || is_space(c));
    let skipped = line.len() - inner.len();
    let bracketed = line[..skipped].chars().any(open_bracket);
    if inner.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, 'À' | 'à')) {
        let close = inner.find([')', ']', '）'])?;
        let (direction, page, _) = latin(&inner[..close]).filter(|j| j.2 == close)?;
        return Some(Jump { direction, page, span: 0..skipped + close + inner[close..].chars().next()?.len_utf8() });
    }
    let (direction, page, used, full) = han(inner)?;
    let end = skipped + used + closing(&inner[used..]);
    let whole = end == line.len();
    (whole || bracketed || (full && direction == JumpDirection::From)).then_some(Jump { direction, page, span: 0..end })
}

fn at_end(line: &str) -> Option<Jump> {
    let last = line.chars().next_back()?;
    let close = closes(last);
    if !(close || is_mark(last) || matches!(last, '版' | '页' | '頁' | '.') || last.is_ascii_digit()) {
        return None;
    }
    let tail_from = line.char_indices().rev().nth(47).map_or(0, |(at, _)| at);
    let tail = &line[tail_from..];
    if close && let Some(at) = tail.rfind(open_bracket) {
        let inner = tail[at..].trim_start_matches(open_bracket);
        let skipped = tail.len() - inner.len();
        let inner = inner.trim_end_matches([')', ']', '）', '］', '】', '〕', '〉', '》', '」', '.', '。']);
        let found = if inner.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, 'À' | 'à')) {
            latin(inner).filter(|j| j.2 == inner.len()).map(|j| (j.0, j.1, skipped + j.2))
        } else {
            han(inner).map(|j| (j.0, j.1, skipped + j.2)).filter(|j| closing(&tail[j.2..]) + j.2 == tail.len())
        };
        return found.map(|(direction, page, _)| Jump { direction, page, span: tail_from + at..line.len() });
    }
    // Without brackets the wording must be complete, and the line must end with it.
    for sign in ["下转", "下轉"] {
        if let Some(at) = tail.rfind(sign)
            && let Some((direction, page, used, _)) = han(&tail[at..])
            && at + used + closing(&tail[at + used..]) == tail.len()
        {
            return Some(Jump { direction, page, span: tail_from + at..line.len() });
        }
    }
    if last == '.' || last.is_ascii_digit() {
        for sign in ["Continued on page", "continued on page", "Fortsetzung auf Seite", "Suite en page", "Suite à la page"] {
            if let Some(at) = tail.rfind(sign)
                && let Some((direction, page @ Some(_), used)) = latin(&tail[at..])
                && at + used == tail.len()
            {
                return Some(Jump { direction, page, span: tail_from + at..line.len() });
            }
        }
    }
    None
}

fn open_bracket(c: char) -> bool {
    matches!(c, '(' | '[' | '（' | '［' | '【' | '〔' | '〈' | '《' | '「')
}

/// Signs that stand before or after a jump line.
fn is_mark(c: char) -> bool {
    matches!(c, '▲' | '▼' | '△' | '▽' | '◆' | '★' | '→' | '⇒' | '►' | '▶' | '◀' | '●' | '■' | '*' | '※' | '①'..='⑳')
}

/// Bytes of closing brackets, marks and stops that belong to a jump line.
fn closing(rest: &str) -> usize {
    let tail = rest.trim_start_matches(|c: char| closes(c) || is_mark(c));
    rest.len() - tail.len()
}

/// Direction, page, bytes read, and whether the verb is the full one (下转, not 转).
fn han(text: &str) -> Option<(JumpDirection, Option<u32>, usize, bool)> {
    const VERBS: [(&str, JumpDirection, bool); 19] = [
        ("下转", JumpDirection::To, true),
        ("下轉", JumpDirection::To, true),
        ("下接", JumpDirection::To, true),
        ("转载于", JumpDirection::To, false),
        ("紧转", JumpDirection::To, true),
        ("紧接", JumpDirection::From, true),
        ("緊接", JumpDirection::From, true),
        ("上接", JumpDirection::From, true),
        ("上转", JumpDirection::From, true),
        ("文接", JumpDirection::From, false),
        ("续接", JumpDirection::From, true),
        ("接续", JumpDirection::From, true),
        ("接上", JumpDirection::From, true),
        ("转", JumpDirection::To, false),
        ("轉", JumpDirection::To, false),
        ("接", JumpDirection::From, false),
        ("续", JumpDirection::From, false),
        ("續", JumpDirection::From, false),
        ("未完", JumpDirection::To, true),
    ];
    let &(verb, direction, full) = VERBS.iter().find(|v| text.starts_with(v.0))?;
    if verb == "未完" {
        let rest = &text[verb.len()..];
        let more = ["待续", "，待续", "待續"].into_iter().find(|m| rest.starts_with(m)).map_or(0, str::len);
        return Some((direction, None, verb.len() + more, true));
    }
    let mut at = verb.len();
    let skip = |at: &mut usize, words: &[&str]| {
        *at += text[*at..].len() - text[*at..].trim_start_matches(is_space).len();
        if let Some(word) = words.iter().find(|w| text[*at..].starts_with(**w)) {
            *at += word.len();
        }
        *at += text[*at..].len() - text[*at..].trim_start_matches(is_space).len();
    };
    skip(&mut at, &["本报", "今日", "昨日", "今天", "昨天"]);
    skip(&mut at, &["第"]);
    if text[at..].starts_with(['A', 'B', 'C', 'D', 'Ａ', 'Ｂ']) {
        at += text[at..].chars().next()?.len_utf8();
    }
    let (page, used) = number(&text[at..])?;
    at += used;
    // 下转2、3版
    while let Some(rest) = ["、", "，", "-", "—", "至", "/"].iter().find_map(|s| text[at..].strip_prefix(s)) {
        let Some((_, used)) = number(rest) else { break };
        at = text.len() - rest.len() + used;
    }
    skip(&mut at, &[]);
    let unit = ["版", "页", "頁"].into_iter().find(|u| text[at..].starts_with(u))?;
    Some((direction, Some(page), at + unit.len(), full))
}

/// Direction, page and bytes read of a German, English or French jump line that starts here and takes the whole text,
/// a final stop included.
fn latin(text: &str) -> Option<(JumpDirection, Option<u32>, usize)> {
    const WORDS: [&str; 68] = [
        "on",
        "to",
        "from",
        "page",
        "pages",
        "p",
        "pag",
        "col",
        "column",
        "auf",
        "der",
        "dem",
        "des",
        "von",
        "aus",
        "vom",
        "seite",
        "s",
        "blatt",
        "im",
        "in",
        "nächsten",
        "nächster",
        "zweiten",
        "ersten",
        "dritten",
        "beilage",
        "en",
        "de",
        "la",
        "du",
        "le",
        "à",
        "a",
        "au",
        "suite",
        "folgt",
        "follows",
        "be",
        "continued",
        "concluded",
        "suivre",
        "prochain",
        "numéro",
        "next",
        "last",
        "issue",
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "back",
        "outside",
        "inside",
        "the",
        "this",
        "see",
        "und",
        "première",
        "deuxième",
        "troisième",
        "quatrième",
        "dernière",
        "turn",
        "fin",
        "no",
    ];
    const ORDINALS: [(&str, u32); 14] = [
        ("first", 1),
        ("second", 2),
        ("third", 3),
        ("fourth", 4),
        ("fifth", 5),
        ("sixth", 6),
        ("première", 1),
        ("deuxième", 2),
        ("troisième", 3),
        ("quatrième", 4),
        ("ersten", 1),
        ("zweiten", 2),
        ("dritten", 3),
        ("ein", 1),
    ];
    let tokens = |text: &str| {
        text.split(|c: char| c.is_whitespace() || matches!(c, '.' | ',' | ':' | '*'))
            .filter(|t| !t.is_empty())
            .map(str::to_lowercase)
            .collect::<Vec<_>>()
    };
    let first = opening(text)?;
    let words = tokens(text);
    if words.len() > 9 || words.last()?.contains(|c: char| !(c.is_alphanumeric() || c == '\'')) {
        return None;
    }
    let (mut page, mut named, mut from) = (None, false, false);
    for (i, word) in words.iter().enumerate() {
        if let Ok(number) = word.parse::<u32>() {
            page = page.or(Some(number));
        } else if i > 0 && !WORDS.contains(&word.as_str()) {
            return None;
        }
        if let Some(&(_, number)) = ORDINALS.iter().find(|o| o.0 == word) {
            page = page.or(Some(number));
        }
        named |= matches!(word.as_str(), "page" | "pages" | "p" | "pag" | "seite" | "s" | "blatt" | "beilage");
        from |= i > 0 && matches!(word.as_str(), "from" | "von" | "aus" | "vom" | "de" | "du") && !matches!(first, "la" | "voir" | "lire");
    }
    let serial = matches!(
        words.join(" ").as_str(),
        "to be continued"
            | "to be concluded"
            | "continued"
            | "concluded"
            | "fortsetzung folgt"
            | "schluß folgt"
            | "schluss folgt"
            | "fortsetzung"
            | "forts"
            | "schluß"
            | "schluss"
            | "suite"
            | "à suivre"
            | "a suivre"
            | "suite et fin"
            | "la suite au prochain numéro"
            | "fortsetzung und schluß"
    );
    if !(serial || named && page.is_some()) {
        return None;
    }
    if serial {
        // A single word is a jump line only where brackets say so; the callers cut those off.
        from = !words.iter().any(|w| matches!(w.as_str(), "folgt" | "be" | "suivre" | "prochain"));
        page = None;
    } else if matches!(first, "a" | "à" | "to" | "la") && words.len() < 3 {
        return None;
    }
    let direction = if from { JumpDirection::From } else { JumpDirection::To };
    Some((direction, page, text.len()))
}
