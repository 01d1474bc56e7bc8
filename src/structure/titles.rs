//! Headlines, kickers, decks and banners.
//!
//! Chinese: short blocks without a sentence's marks that stand before a byline, or whose character pairs the block
//! after them tells again. Latin: lines in capitals.

use super::jump::{JumpDirection, jump_line};
use super::marks::{final_mark, is_han};
use super::openings::opens_with_byline;
use crate::model::{Issue, Role};

/// Share of a title's character pairs that the block after it has again, where no byline follows.
const RETOLD: f32 = 0.4;

/// Marks the titles: only lines that are `Body` so far, in blocks of at most three lines.
pub(super) fn mark(issue: &mut Issue) {
    for page in 0..issue.pages.len() {
        let regions: Vec<usize> = issue.pages[page].regions.clone().filter(|&r| !is_furniture(issue, r)).collect();
        mark_page(issue, &regions);
    }
}

/// A title stands on the page its text begins on.
fn mark_page(issue: &mut Issue, regions: &[usize]) {
    let mut at = 0;
    while at < regions.len() {
        if issue.regions[regions[at]].language.is_chinese() {
            let end = regions[at..].iter().position(|&r| !title_like(issue, r)).map_or(regions.len(), |n| at + n);
            if end > at {
                han_titles(issue, regions, at, end);
                at = end;
                continue;
            }
        } else if issue.regions[regions[at]].lines.len() > 3 {
            lines_in_capitals(issue, regions[at]);
        } else if !capitals(issue, regions[at]) && is_latin_title(issue, regions, at) {
            set(issue, regions[at], Role::Headline);
        }
        at += 1;
    }
}

fn is_furniture(issue: &Issue, region: usize) -> bool {
    issue.lines[issue.regions[region].lines.clone()].iter().all(|l| l.role.is_furniture())
}

fn text_of(issue: &Issue, region: usize) -> &str {
    let lines = &issue.regions[region].lines;
    &issue.text[issue.lines[lines.start].span.start..issue.lines[lines.end - 1].span.end]
}

/// Could be a Chinese title by its look: short, no stop or comma, quotes and brackets in pairs. Only where its lines have no other role.
pub fn title_like(issue: &Issue, region: usize) -> bool {
    let lines = issue.regions[region].lines.clone();
    if lines.len() > 3 || !issue.regions[region].language.is_chinese() || issue.lines[lines.clone()].iter().any(|l| l.role != Role::Body) {
        return false;
    }
    let text = text_of(issue, region).trim();
    if text.len() > 400 {
        return false;
    }
    if text.ends_with(['。', '！', '？', '、', '：', ':', '…', '?', '!']) && !text.starts_with('“') || final_mark(text) {
        return false;
    }
    let set = looks_set(text);
    let (mut letters, mut digits, mut depth) = (0, 0, 0i32);
    for c in text.chars() {
        match c {
            '。' | '；' | ';' => return false,
            '，' | ',' if !set => return false,
            '“' | '《' | '（' | '【' | '『' | '「' | '(' => depth += 1,
            '”' | '》' | '）' | '】' | '』' | '」' | ')' => depth -= 1,
            _ if is_han(c) || c.is_ascii_alphabetic() => letters += 1,
            _ => digits += i32::from(c.is_numeric()),
        }
        if depth < 0 {
            return false;
        }
    }
    depth == 0
        && (4..=if set { 120 } else { 70 }).contains(&letters)
        && digits <= letters
        && !(text.starts_with('（') && text.ends_with('）') || stub(text))
        && !text.ends_with(['、', '：', ':', '…', '！', '？', '?', '!'])
        && !opens_with_byline(text)
        && jump_line(text).is_none()
}

/// Ends with a word that nothing ends with, or starts like an item of a list or a picture's text: the start of a
/// paragraph cut in two.
fn stub(text: &str) -> bool {
    const ENDS: [char; 26] = [
        '的', '了', '和', '在', '对', '与', '是', '为', '将', '及', '或', '并', '于', '把', '被', '从', '向', '以', '等', '其', '这', '该',
        '各', '每', '使', '由',
    ];
    const STARTS: [&str; 14] = ["图为", "●", "■", "▲", "◆", "①", "（一）", "（二）", "（三）", "（四）", "（五）", "一是", "二是", "三是"];
    // Words that end in one of these: 积极应对, 大有作为.
    const WHOLE: [&str; 14] =
        ["应对", "反对", "绝对", "针对", "作为", "行为", "存在", "现在", "参与", "共和", "祥和", "温和", "平等", "目的"];
    text.ends_with(ENDS) && !WHOLE.iter().any(|w| text.ends_with(w))
        || STARTS.iter().any(|s| text.starts_with(s))
        || text.starts_with("四是")
        || text.starts_with("当记者")
}

/// A run of title-like blocks, `regions[start..end]`, and what stands around it.
fn han_titles(issue: &mut Issue, regions: &[usize], start: usize, end: usize) {
    let start = rests(issue, regions, start, end);
    let Some(&body) = regions.get(end).filter(|_| start < end) else { return };
    if !issue.regions[body].language.is_chinese() {
        return;
    }
    let told = Told::new(issue, regions[end..].iter().take(2));
    let below = text_of(issue, body);
    let continued = jump_line(below).is_some_and(|j| j.direction == JumpDirection::From && j.span.start < 4);
    let byline = continued || opens_with_byline(below) || issue.lines[issue.regions[body].lines.start].role == Role::Byline;
    let banner = (start..end).rev().find(|&i| is_banner(text_of(issue, regions[i])));
    let mut first = start;
    // What stands before the run: if it has no final mark, the run's first block may be where it goes on.
    if start > 0 && banner.is_none_or(|b| b > start) {
        let before = text_of(issue, regions[start - 1]);
        let ended = final_mark(before)
            || issue.lines[issue.regions[regions[start - 1]].lines.start].role != Role::Body
            || jump_line(before).is_some();
        let title = text_of(issue, regions[start]);
        if !ended && (end - start > 1 || !byline) && told.share(title) < 0.25 && !surely_set(title) {
            first += 1;
        }
    }
    if let Some(banner) = banner {
        (first..=banner).for_each(|i| set(issue, regions[i], Role::Banner));
    }
    let mut run = first.max(banner.map_or(first, |b| b + 1))..end;
    // Without a byline the body has to tell the title again, or the block is set as only titles are, after a text that ended; what
    // follows it may be a paragraph cut in two.
    let alone = run.len() == 1
        && surely_set(text_of(issue, regions[run.start]))
        && run.start > 0
        && final_mark(text_of(issue, regions[run.start - 1]));
    let tells_enough = byline || alone && told.letters >= 40;
    if !tells_enough {
        let retold = |i: &usize| {
            let title = text_of(issue, regions[*i]);
            let least = if looks_set(title) { RETOLD / 2.0 } else { RETOLD };
            (told.share(title) >= least || in_series(title)) && title.chars().count() >= 8
        };
        let Some(headline) = run.clone().find(retold) else { return };
        if told.letters < 40 {
            return;
        }
        run.end = headline + 1;
    }
    let Some(headline) = run.clone().max_by_key(|&i| (told.of(text_of(issue, regions[i])).0, std::cmp::Reverse(i))) else { return };
    for i in run {
        let role = match i.cmp(&headline) {
            _ if i != headline && text_of(issue, regions[i]).trim_start().starts_with(['暨', '—']) => Role::Deck,
            std::cmp::Ordering::Less => Role::Kicker,
            std::cmp::Ordering::Equal => Role::Headline,
            std::cmp::Ordering::Greater => Role::Deck,
        };
        set(issue, regions[i], role);
    }
}

fn set(issue: &mut Issue, region: usize, role: Role) {
    issue.lines[issue.regions[region].lines.clone()].iter_mut().for_each(|l| l.role = role);
}

/// `——践行“八八战略” 投身“两个先行”——`
fn is_banner(text: &str) -> bool {
    let text = text.trim();
    text.starts_with('—') && text.ends_with('—') && text.len() > 18
        || text.starts_with('【') && text.find('】') == Some(text.len() - '】'.len_utf8())
}

/// Set like a title: a series name in front, or two halves with a space between.
fn looks_set(title: &str) -> bool {
    if memchr::memchr(b' ', title.as_bytes()).is_none() && !title.contains('\u{3000}') {
        return title.starts_with('【');
    }
    let mut before = ' ';
    title.trim().starts_with('【')
        || title.trim().chars().zip(title.trim().chars().skip(1).chain([' '])).any(|(c, next)| {
            let gap = c.is_whitespace() && is_han(before) && is_han(next);
            before = c;
            gap
        })
}

/// `【文化中国行】苏州打造古城保护“新样本”`: nothing but a title opens with the name of a series.
fn in_series(title: &str) -> bool {
    title.trim_start().strip_prefix('【').and_then(|rest| rest.split_once('】')).is_some_and(|(_, rest)| rest.trim().chars().count() >= 6)
}

/// Two to four parts of four characters or more, with spaces between: no rest of a sentence is set so.
fn surely_set(title: &str) -> bool {
    let parts = title.split_whitespace().count();
    in_series(title) || (2..=4).contains(&parts) && title.split_whitespace().all(|p| p.chars().filter(|c| is_han(*c)).count() >= 4)
}

/// Least share of its character pairs that the article before has to have of a block, for it to be what is left of a cut paragraph.
const REST: f32 = 0.35;

/// Passes over blocks that look like titles and are what a cut left of the article before: that article tells their words, the text
/// below them does not. Gives the place where the run of titles begins.
fn rests(issue: &mut Issue, regions: &[usize], start: usize, end: usize) -> usize {
    let above: Vec<usize> = regions[..start].iter().rev().take(4).copied().collect();
    let titled = above.iter().position(|&r| issue.lines[issue.regions[r].lines.start].role == Role::Headline);
    let above = &above[..titled.map_or(above.len(), |at| at + 1)];
    let mut first = start;
    // The last title-like block before a text is its title.
    let most = if end < regions.len() { end.saturating_sub(1) } else { end };
    // Mostly it is the only one.
    if most == start {
        return start;
    }
    let below = Told::new(issue, regions[end..].iter().take(2));
    if !above.is_empty() {
        let before = Told::new(issue, above.iter());
        while first < most {
            let text = text_of(issue, regions[first]);
            let share = before.share(text);
            let told = below.share(text);
            // A word or two are enough where the text below has not one of them.
            let least = if told < 0.05 { REST * 0.7 } else { REST };
            if surely_set(text) || share < least || told * 2.0 > share {
                break;
            }
            first += 1;
        }
    }
    // A title, and what is left of its text: the block tells the title again, and the text below knows neither.
    while first + 2 < end + usize::from(end == regions.len()) {
        let (title, text) = (text_of(issue, regions[first]), text_of(issue, regions[first + 1]));
        let rest = Told::new(issue, [regions[first + 1]].iter());
        if surely_set(text) || rest.share(title) < 0.5 || below.share(title) > 0.25 || below.share(text) > 0.25 {
            break;
        }
        set(issue, regions[first], Role::Headline);
        first += 2;
    }
    first
}

/// What the block after a title says: its character pairs, as marks in a table. Two pairs in a hundred share a mark.
struct Told {
    pairs: Box<[u64; 256]>,
    letters: usize,
}

impl Told {
    /// The first 300 letters of the regions.
    fn new<'a>(issue: &Issue, regions: impl Iterator<Item = &'a usize>) -> Told {
        let mut told = Told { pairs: Box::new([0; 256]), letters: 0 };
        for &region in regions {
            for pair in pairs(text_of(issue, region)).take(300 - told.letters) {
                told.pairs[pair / 64] |= 1 << (pair % 64);
                told.letters += 1;
            }
        }
        told
    }

    /// Pairs of the title that are told again, and all of its pairs.
    fn of(&self, title: &str) -> (usize, usize) {
        pairs(title).fold((0, 0), |(told, all), pair| (told + usize::from(self.pairs[pair / 64] >> (pair % 64) & 1 == 1), all + 1))
    }

    fn share(&self, title: &str) -> f32 {
        let (told, all) = self.of(title);
        told as f32 / all.max(1) as f32
    }
}

/// The pairs of neighbouring letters, marks and spaces left out, each as a number below 16,384.
fn pairs(text: &str) -> impl Iterator<Item = usize> {
    let mut before = None;
    text.chars().filter(|&c| is_han(c) || c.is_ascii_alphanumeric()).filter_map(move |c| {
        let pair = before.map(|b: char| (((b as u64) << 21 | c as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 50) as usize);
        before = Some(c);
        pair
    })
}

/// Five capitals or more, and hardly a small letter.
fn is_capitals(text: &str) -> bool {
    let (upper, lower) = text.chars().fold((0, 0), |(u, l), c| (u + i32::from(c.is_uppercase()), l + i32::from(c.is_lowercase())));
    upper >= 5 && upper > lower * 6
}

/// Lines in capitals inside a block (text without empty lines): after an ended sentence, before a line of small letters.
fn lines_in_capitals(issue: &mut Issue, region: usize) {
    let lines = issue.regions[region].lines.clone();
    for line in lines.start..lines.end - 1 {
        let text = issue.line_text(line).trim();
        // The second letter rules out nearly every line.
        if !text.chars().nth(1).is_some_and(|c| c.is_uppercase() || !c.is_alphabetic())
            || text.len() > 70
            || !text.ends_with(['.', '!', '?'])
        {
            continue;
        }
        let ended = line == lines.start || issue.lines[line - 1].role == Role::Headline || final_mark(issue.line_text(line - 1));
        let below = issue.line_text(line + 1);
        if ended && issue.lines[line].role == Role::Body && is_capitals(text) && below.trim_start().starts_with(|c: char| !c.is_lowercase())
        {
            issue.lines[line].role = Role::Headline;
        }
    }
}

/// A block of at most three Latin lines in capitals.
fn capitals(issue: &mut Issue, region: usize) -> bool {
    let lines = issue.regions[region].lines.clone();
    let text = text_of(issue, region);
    if lines.len() > 3 || text.len() > 160 || text.trim_end().ends_with(['-', '¬', '⸗', ',']) {
        return false;
    }
    let titled = is_capitals(text) && issue.lines[lines].iter().all(|l| l.role == Role::Body);
    if titled {
        set(issue, region, Role::Headline);
    }
    titled
}

/// A line alone between blocks: few words, no sentence, narrower than the text below it, which starts afresh.
fn is_latin_title(issue: &Issue, regions: &[usize], at: usize) -> bool {
    let region = &issue.regions[regions[at]];
    let Some(&below) = regions.get(at + 1) else { return false };
    let below = issue.regions[below].lines.clone();
    if region.lines.len() != 1 || below.len() < 3 || issue.lines[region.lines.start].role != Role::Body || region.language.is_chinese() {
        return false;
    }
    let text = text_of(issue, regions[at]).trim();
    let words = text.split_whitespace().count();
    let stop = text.ends_with('.');
    if !(4..=70).contains(&text.len())
        || words > if stop { 6 } else { 10 }
        || text.ends_with(['-', '¬', '⸗', ',', ';', ':', '=', '—', '–'])
        || !text.starts_with(|c: char| c.is_uppercase() || matches!(c, '„' | '“' | '"' | '«'))
        || text.chars().filter(|c| c.is_alphabetic()).count() * 10 < text.chars().count() * 7
        || text.contains(['|', '%', '…'])
        || text.contains(". .")
        || stop && !text.starts_with(char::is_uppercase)
        || opens_with_byline(text)
    {
        return false;
    }
    let before = at == 0 || {
        let before = regions[at - 1];
        final_mark(text_of(issue, before)) || issue.lines[issue.regions[before].lines.end - 1].role != Role::Body
    };
    let width = below.clone().map(|l| issue.lines[l].span.len()).max().unwrap_or(0);
    let fresh = issue.line_text(below.start).trim_start().starts_with(|c: char| !c.is_lowercase());
    before && fresh && text.len() * 10 < width * 8
}
