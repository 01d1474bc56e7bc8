//! What a report opens with: `本报讯`, `新华社北京7月26日电`, `London, 3. Okt.`, `By OUR CORRESPONDENT`.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::dates::{folded, is_month, is_weekday};
use super::marks::is_han;

/// Opens with the name of a reporter or an agency, or with a dateline: no sentence goes on here.
///
/// Chinese 本报讯, 本报7月26日讯, 新华社北京…电, 央视网消息, 据新华社, 记者…报道; datelines as `London, 3. Okt.`; agencies and
/// correspondents as `(P. T. S.)`, `By OUR CORRESPONDENT`. White space before it does not count.
pub fn opens_with_byline(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '□' | '■' | '●' | '◆' | '▲' | '★' | '\u{feff}'));
    let Some(first) = text.chars().next() else { return false };
    let key = if first.is_ascii() { first.to_ascii_lowercase() } else { first };
    if let Some(openings) = OPENINGS.get(&key) {
        for opening in openings {
            if starts_with(text, opening.text) && (!opening.agency || agency(&text[opening.text.len()..])) {
                return true;
            }
        }
    }
    if is_han(first) { matches!(first, '记' | '記') && reporter(text) || column_name(text) } else { dateline(text) || initials(text) }
}

/// The whole line names who wrote or sent it, and says nothing else.
pub(super) fn is_byline(line: &str) -> bool {
    let line = line.trim();
    if line.len() > 90 || line.is_empty() {
        return false;
    }
    let bare = line.trim_matches(|c: char| {
        matches!(c, '（' | '）' | '(' | ')' | '□' | '■' | '●' | '◆' | '▲' | '：' | ':' | '【' | '】') || c.is_whitespace()
    });
    let Some(first) = bare.chars().next() else { return false };
    if is_han(first) {
        // Names, spaces and titles only: nothing a sentence needs.
        if bare.chars().count() > 30 || bare.contains(['，', '。', '；', '！', '？', '、', '“', '”', '《']) {
            return false;
        }
        let named = [
            "本报记者",
            "本报讯",
            "本报评论员",
            "本报特约",
            "本报通讯员",
            "新华社记者",
            "本刊记者",
            "本报见习记者",
            "本报全媒体记者",
            "记者",
            "通讯员",
            "文/",
            "图/",
            "图文/",
            "作者",
            "本報記者",
            "本報訊",
            "記者",
        ];
        let Some(start) = named.iter().find(|n| bare.starts_with(**n)) else {
            return opens_with_byline(bare) && (bare.ends_with(['电', '電', '讯', '訊']) || bare.ends_with("消息") || line.ends_with('：'));
        };
        let rest = &bare[start.len()..];
        let roles = ["记者", "通讯员", "实习生", "见习", "特约", "报道", "摄影", "摄", "文", "图", "本报", "整理", "讯", "記者", "通訊員"];
        let mut names = rest.to_string();
        for role in roles {
            names = names.replace(role, " ");
        }
        let reporter = start.ends_with("记者") && start.chars().count() > 2;
        let name = rest.chars().count();
        let separate = rest.is_empty()
            || reporter && (2..=3).contains(&name) && rest.chars().all(is_han)
            || rest.starts_with(|c: char| c.is_whitespace() || matches!(c, '/' | '：' | '（' | '('));
        return separate && names.split(|c: char| !is_han(c)).all(|name| name.chars().count() <= 4);
    }
    correspondent(bare)
}

struct Opening {
    text: &'static str,
    agency: bool,
}

static OPENINGS: LazyLock<FxHashMap<char, Vec<Opening>>> = LazyLock::new(|| {
    let mut map: FxHashMap<char, Vec<Opening>> = FxHashMap::default();
    for row in include_str!("../../dictionaries/structure/openings.tsv").lines() {
        let mut columns = row.split('\t');
        if let (Some(text), Some(kind)) = (columns.next(), columns.next())
            && let Some(first) = text.chars().next()
        {
            map.entry(first).or_default().push(Opening { text, agency: kind == "agency" });
        }
    }
    map
});

fn starts_with(text: &str, opening: &str) -> bool {
    text.as_bytes().get(..opening.len()).is_some_and(|head| head.eq_ignore_ascii_case(opening.as_bytes()))
}

/// After an agency's name: place and date, then 电, 讯, 消息 or 报道 and a break.
fn agency(rest: &str) -> bool {
    for (count, (at, c)) in rest.char_indices().enumerate() {
        if count > 24 || matches!(c, '，' | '。' | '；' | '！' | '？') {
            return false;
        }
        let end = match c {
            '电' | '電' | '讯' | '訊' => at + c.len_utf8(),
            _ if rest[at..].starts_with("消息") || rest[at..].starts_with("报道") || rest[at..].starts_with("報道") => {
                at + "消息".len()
            }
            _ => continue,
        };
        // 1月3日讯 and 1月3日电 are never words of a sentence.
        if rest[..at].ends_with('日') && !matches!(c, '消' | '报' | '報')
            || rest[end..].starts_with("记者")
            || rest[end..].starts_with("通讯员")
        {
            return true;
        }
        match rest[end..].chars().next() {
            None | Some('（' | '(' | '：' | ':' | '，' | ',' | '—' | '【' | '“') => return true,
            Some(next) if next.is_whitespace() => return true,
            _ => {}
        }
    }
    false
}

/// `记者 张三 李四 报道`: names between spaces, then 报道, 摄 or the line's end; a bracket that closes means the byline began before.
fn reporter(text: &str) -> bool {
    let rest = &text["记者".len()..];
    if !(text.starts_with("记者") || text.starts_with("記者")) || !rest.starts_with(|c: char| c.is_whitespace()) {
        return false;
    }
    let head: String = rest.chars().take(20).collect();
    if let Some(at) = head.find("报道").or_else(|| head.find("報道")) {
        return head[..at].chars().all(|c| is_han(c) || c.is_whitespace());
    }
    rest.chars().count() <= 12 && rest.chars().all(|c| is_han(c) || c.is_whitespace())
}

/// `柯城讯（记者 …）`: a short name of the place, then 讯 and a bracket or a space before 记者.
fn column_name(text: &str) -> bool {
    for (count, (at, c)) in text.char_indices().enumerate().take(7) {
        if matches!(c, '讯' | '訊') && count >= 2 {
            let rest = text[at + c.len_utf8()..].trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '（' | '('));
            return ["记者", "通讯员", "記者", "全媒体记者"].iter().any(|n| rest.starts_with(n))
                && rest.len() < text.len() - at - c.len_utf8();
        }
        if !is_han(c) {
            return false;
        }
    }
    false
}

/// `London, 3. Okt.`, `Paris, le 3 octobre`, `NEW YORK, June 5.—`: one to four capitalised words, a comma, a day and a month.
fn dateline(text: &str) -> bool {
    let text = text.trim_start_matches(['(', '[', '—', '–', '-', '*', ' ']);
    if !text.starts_with(char::is_uppercase) {
        return false;
    }
    let head = &text[..text.char_indices().nth(60).map_or(text.len(), |(at, _)| at)];
    if !head.bytes().any(|b| b.is_ascii_digit()) {
        return false;
    }
    let Some(comma) = head.find(',').filter(|&at| (2..36).contains(&at)) else { return false };
    let mut places = head[..comma].split_whitespace();
    let place = |word: &str| {
        word.starts_with(char::is_uppercase)
            || matches!(word, "am" | "an" | "der" | "de" | "la" | "le" | "sur" | "upon" | "on" | "in" | "bei" | "a." | "d.")
    };
    // Days are written so too: `Gestern, den 15. Juli`.
    if places.clone().next().is_some_and(|w| matches!(w, "Gestern" | "Heute" | "Morgen" | "Yesterday" | "Today" | "Hier" | "Demain")) {
        return false;
    }
    if places.clone().count() > 4 || !places.all(place) {
        return false;
    }
    let mut words = head[comma + 1..]
        .split(|c: char| c.is_whitespace() || matches!(c, '.' | ',' | ':' | ')' | '(' | '—' | '–'))
        .filter(|w| !w.is_empty());
    let mut next = words.next();
    while let Some(word) = next {
        if !(is_weekday(&folded(word)) || matches!(word, "den" | "the" | "le" | "am" | "du" | "vom" | "of" | "dated")) {
            break;
        }
        next = words.next();
    }
    let (Some(a), Some(b)) = (next, words.next()) else { return false };
    day(a) && is_month(&folded(b)) || is_month(&folded(a)) && day(b)
}

/// A day of the month, as OCR may have read it: `i8`, `3rd`, `1er`.
fn day(word: &str) -> bool {
    let bare = word.trim_end_matches("st").trim_end_matches("nd").trim_end_matches("rd").trim_end_matches("th").trim_end_matches("er");
    !bare.is_empty() && bare.len() <= 2 && bare.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'i' | b'l' | b'I' | b'o' | b'O' | b'?'))
}

/// `(P. T. S.)`: an agency's initials in brackets.
fn initials(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(['(', '[']) else { return false };
    let Some(close) = rest.find([')', ']']).filter(|&at| at <= 18) else { return false };
    let parts: Vec<&str> = rest[..close].split(['.', ' ']).filter(|p| !p.is_empty()).collect();
    rest[..close].contains('.')
        && (2..=5).contains(&parts.len())
        && parts.iter().all(|p| p.chars().count() == 1 && p.starts_with(char::is_uppercase))
}

/// `By JOHN SMITH`, `Von Karl Huber`, `Par Jean Dupont`, `From our own Correspondent`.
fn correspondent(line: &str) -> bool {
    if line.len() > 60 {
        return false;
    }
    let lower = line.to_lowercase();
    if ["correspondent", "korrespondenten", "correspondant", "berichterstatter"].iter().any(|w| lower.trim_end_matches('.').ends_with(w)) {
        return ["by ", "from ", "von ", "de ", "our "].iter().any(|w| lower.starts_with(w));
    }
    let Some(name) = ["By ", "BY ", "Par ", "PAR ", "Von ", "VON "].iter().find_map(|w| line.strip_prefix(w)) else { return false };
    let name = name.trim_end_matches('.');
    let words: Vec<&str> = name.split_whitespace().collect();
    (2..=5).contains(&words.len())
        && words
            .iter()
            .all(|w| w.starts_with(char::is_uppercase) && w.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '-' | '\'' | ',')))
}

/// The byline a text opens with, without the text: `本报讯（记者 方心怡）`, `本报记者 王 伟 报道`, `London, 3. Okt.`; empty where there is none.
pub fn opening_byline(text: &str) -> &str {
    if !opens_with_byline(text) {
        return "";
    }
    let head = &text[..text.char_indices().nth(40).map_or(text.len(), |(at, _)| at)];
    let sentence = head.find(['，', '。', '；', '：']).unwrap_or(head.len());
    if !text.starts_with(is_han) {
        let end = [".—", ". —", ".–", ") ", "] ", ".) "].iter().filter_map(|s| head.find(s).map(|at| at + s.len())).min();
        return end.map_or("", |end| head[..end].trim_end());
    }
    if let Some(close) = head.find(['）', ')']).filter(|at| head[..*at].contains(['（', '(']) && *at < sentence + 30) {
        let open = head.find(['（', '(']).unwrap_or(close);
        if open < sentence {
            return &head[..close + head[close..].chars().next().map_or(0, char::len_utf8)];
        }
    }
    for end in ["报道", "報道", "消息", "电", "電", "讯", "訊"] {
        if let Some(at) = head.find(end).filter(|at| *at < sentence) {
            return &head[..at + end.len()];
        }
    }
    ""
}
