//! Captions, lists and verse.

use super::marks::{final_mark, is_han};
use crate::model::{Issue, Role};

/// Marks captions, lists and verse among the lines that are `Body` so far.
pub(super) fn mark(issue: &mut Issue) {
    for region in 0..issue.regions.len() {
        let lines = issue.regions[region].lines.clone();
        let chinese = issue.regions[region].language.is_chinese();
        if issue.lines[lines.start].role != Role::Body {
            continue;
        }
        let span = issue.lines[lines.start].span.start..issue.lines[lines.end - 1].span.end;
        let text = &issue.text[span];
        if chinese && text.len() < 700 && is_caption(text.trim()) && starts_afresh(issue, region) {
            issue.lines[lines].iter_mut().for_each(|l| l.role = Role::Caption);
            continue;
        }
        if lines.len() < 3 {
            continue;
        }
        if lines.len() <= 80 && is_verse(issue, region, chinese) {
            issue.lines[lines].iter_mut().for_each(|l| l.role = Role::Verse);
            continue;
        }
        mark_lists(issue, region, chinese);
    }
}

/// The block before it ended, or is no text: this one is not the rest of a paragraph.
fn starts_afresh(issue: &Issue, region: usize) -> bool {
    let Some(before) = issue.regions[region].lines.start.checked_sub(1) else { return true };
    issue.lines[before].role != Role::Body || final_mark(issue.line_text(before))
}

/// Ends with the photographer, or says that it is a picture's text.
fn is_caption(text: &str) -> bool {
    let bare = text.trim_end_matches(['）', ')', '。', '】', '/']);
    let signed =
        bare.len() < text.len() && (bare.ends_with('摄') || bare.ends_with('攝') || bare.ends_with("供图")) || ends_with_photographer(bare);
    let opens = text.starts_with(['图', '上', '下', '左', '右', '题', '資', '资'])
        && ["图为", "图①", "图1：", "图一：", "上图", "下图", "左图", "右图", "题图", "資料圖", "资料图片"]
            .iter()
            .any(|w| text.starts_with(w));
    signed && text.chars().count() <= 200 || opens && text.chars().count() <= 160
}

/// `本报记者 李明 摄`, `新华社记者李明摄` at the end.
fn ends_with_photographer(text: &str) -> bool {
    let Some(rest) = text.strip_suffix("摄影").or_else(|| text.strip_suffix('摄')).or_else(|| text.strip_suffix('攝')) else {
        return false;
    };
    let tail_from = rest.char_indices().rev().nth(11).map_or(0, |(at, _)| at);
    let tail = &rest[tail_from..];
    tail.find("记者").or_else(|| tail.find("记 者")).is_some_and(|at| tail[at..].chars().all(|c| is_han(c) || c.is_whitespace()))
}

/// Runs of at least three lines with the marks of a list: bullets, counted numbers, dot leaders, rows of names.
fn mark_lists(issue: &mut Issue, region: usize, chinese: bool) {
    let lines = issue.regions[region].lines.clone();
    let text = issue.text[issue.lines[lines.start].span.start..issue.lines[lines.end - 1].span.end].as_bytes();
    let leaders = !chinese && (memchr::memmem::find(text, b"......").is_some() || memchr::memmem::find(text, b". . . .").is_some());
    let item = |line: &str| item(line, chinese, leaders);
    let mut start = lines.start;
    while start < lines.end {
        let Some(kind) = item(issue.line_text(start)) else {
            start += 1;
            continue;
        };
        let mut end = start + 1;
        while end < lines.end && item(issue.line_text(end)).is_some_and(|next| next.follows(kind, (end - start) as u32)) {
            end += 1;
        }
        // The last item may run on in the line below, and a split word does.
        let last = issue.line_text(end - 1).trim_end();
        let runs_on = last.ends_with(['-', '⸗', '¬']) || end < lines.end && last.ends_with(char::is_alphanumeric);
        if end - start >= 3 {
            issue.lines[start..end - usize::from(runs_on)].iter_mut().for_each(|l| l.role = Role::List);
        }
        start = end;
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Item {
    Bullet(char),
    Counted(u32),
    Leader,
    Names,
}

impl Item {
    fn follows(self, first: Item, steps: u32) -> bool {
        match (first, self) {
            (Item::Counted(a), Item::Counted(b)) => b == a + steps,
            (a, b) => a == b,
        }
    }
}

fn item(line: &str, chinese: bool, leaders: bool) -> Option<Item> {
    let line = line.trim();
    let first = line.chars().next()?;
    if matches!(first, '•' | '●' | '◆' | '■' | '▲' | '★' | '○' | '◇' | '□' | '▪' | '►' | '✦') {
        return Some(Item::Bullet(first));
    }
    if line.len() > 160 {
        return None;
    }
    if first.is_ascii_digit() {
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        let after = line[digits..].chars().next()?;
        if digits <= 3
            && matches!(after, '.' | '．' | '、' | ')' | '）')
            && !line[digits + after.len_utf8()..].starts_with(|c: char| c.is_ascii_digit())
        {
            return line[..digits].parse().ok().map(Item::Counted);
        }
    }
    if leaders && (line.contains("......") || line.contains(". . . .")) {
        return Some(Item::Leader);
    }
    (chinese && is_row_of_names(line)).then_some(Item::Names)
}

/// At least three names of two to four characters with white space between them.
fn is_row_of_names(line: &str) -> bool {
    let mut names = 0;
    for word in line.split_whitespace() {
        let letters = word.chars().take(5).count();
        if letters > 4 || !word.chars().all(|c| is_han(c) || c == '·') {
            return false;
        }
        names += usize::from(letters >= 2);
    }
    names >= 3
}

/// A whole block of verse. Chinese: four lines or more of nearly one length, each with a mark at its end. Latin: four
/// lines or more, all short, each with a capital at its start, most with a mark at the end, and end sounds that return.
fn is_verse(issue: &Issue, region: usize, chinese: bool) -> bool {
    let lines = issue.regions[region].lines.clone();
    if lines.len() < 4 {
        return false;
    }
    let texts = || lines.clone().map(|l| issue.line_text(l).trim());
    if chinese {
        if !texts().all(|t| t.ends_with(['，', '。', '！', '？', '；', '、', '：'])) {
            return false;
        }
        let lengths = || texts().map(|t| t.chars().filter(|&c| is_han(c)).count());
        let (Some(shortest), Some(longest)) = (lengths().min(), lengths().max()) else { return false };
        return shortest >= 3 && longest <= 16 && longest - shortest <= 2 && texts().last().is_some_and(final_mark);
    }
    if !texts().all(|t| t.len() <= 60 && t.starts_with(|c: char| c.is_uppercase() || matches!(c, '„' | '“' | '"' | '»'))) {
        return false;
    }
    if texts().any(|t| t.contains("..") || t.contains(". ."))
        || texts().filter(|t| t.bytes().any(|b| b.is_ascii_digit())).count() * 5 > lines.len()
    {
        return false;
    }
    let marked = texts().filter(|t| t.ends_with([',', '.', ';', ':', '!', '?', '/', '-', '“', '"'])).count();
    let hyphens = texts().filter(|t| t.ends_with(['-', '⸗', '¬'])).count();
    let sound = |t: &str| -> String {
        let bare: Vec<char> = t.trim_end_matches(|c: char| !c.is_alphabetic()).chars().rev().take(2).collect();
        bare.into_iter().collect()
    };
    let sounds: Vec<String> = texts().map(sound).collect();
    let rhymes = (0..sounds.len()).filter(|&i| sounds[i + 1..].iter().take(3).any(|s| *s == sounds[i])).count();
    hyphens == 0 && marked * 10 >= lines.len() * 6 && rhymes * 3 >= lines.len()
}
