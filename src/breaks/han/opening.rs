//! What a block opens with: a byline, an item number, a speaker, an adverb of time. A continuation seldom does.

use super::characters::Class;

/// What the first characters of a block say of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Opening {
    /// `本报讯`, `新华社北京1月1日电`, `（记者 …`: an article begins.
    pub byline: bool,
    /// `一、`, `（二）`, `3.`, `第四，`, `五是`.
    pub item: bool,
    /// `蒋国强指出，`, `他说：`.
    pub speaker: bool,
    /// `近日，`, `此外`, `与此同时`: paragraphs like to begin so.
    pub adverb: bool,
}

/// Words a report begins with.
const BYLINES: [&str; 21] = [
    "本报讯",
    "本报记者",
    "本报通讯员",
    "本报评论员",
    "本刊记者",
    "本台",
    "本报",
    "新华社",
    "据新华社",
    "新华网",
    "人民网",
    "央视网消息",
    "央视网",
    "中新社",
    "中新网",
    "讯（",
    "（记者",
    "记者 ",
    "通讯员",
    "特约记者",
    "编者按",
];

/// Words that paragraphs begin with more often than their second halves do.
const ADVERBS: [&str; 52] = [
    "同时",
    "此外",
    "另外",
    "目前",
    "当前",
    "近日",
    "日前",
    "近年来",
    "近几年",
    "今年",
    "去年",
    "今天",
    "昨天",
    "昨日",
    "今日",
    "连日来",
    "会上",
    "会前",
    "会后",
    "会议",
    "据悉",
    "据了解",
    "据介绍",
    "据统计",
    "据报道",
    "截至",
    "然而",
    "但是",
    "因此",
    "为此",
    "对此",
    "随后",
    "不过",
    "与此",
    "首先",
    "其次",
    "最后",
    "此时",
    "这时",
    "当时",
    "当天",
    "这天",
    "一天",
    "随着",
    "自从",
    "为了",
    "除了",
    "在",
    "当",
    "从",
    "对于",
    "根据",
];

/// The last characters of verbs of saying.
const SAYING: [char; 12] = ['出', '调', '说', '示', '为', '绍', '称', '求', '诉', '道', '问', '话'];

/// Whether a verb of saying may end so.
pub fn is_saying(c: char) -> bool {
    SAYING.contains(&c)
}

/// Where the first characters of words fall among 256 places: most texts begin with none of them, and are not compared.
const fn first_characters(words: &[&str]) -> [u64; 4] {
    let mut places = [0; 4];
    let mut i = 0;
    while i < words.len() {
        let bytes = words[i].as_bytes();
        // All of them are three bytes long in UTF-8.
        let c = ((bytes[0] as u32 & 0xf) << 12) | ((bytes[1] as u32 & 0x3f) << 6) | (bytes[2] as u32 & 0x3f);
        places[(c >> 6 & 3) as usize] |= 1 << (c & 63);
        i += 1;
    }
    places
}

const FIRST_OF_BYLINES: [u64; 4] = first_characters(&BYLINES);
const FIRST_OF_ADVERBS: [u64; 4] = first_characters(&ADVERBS);

/// Whether a text begins with one of the words, whose first characters are at `places`.
fn starts_with_any(text: &[char], words: &[&str], places: &[u64; 4]) -> bool {
    let Some(first) = text.first().map(|c| *c as u32) else { return false };
    places[(first >> 6 & 3) as usize] >> (first & 63) & 1 == 1 && words.iter().any(|word| starts_with(text, word))
}

fn starts_with(text: &[char], word: &str) -> bool {
    let mut at = text.iter();
    word.chars().all(|c| at.next() == Some(&c))
}

/// Reads the opening of a block; `text` and `classes` are its first characters.
pub fn opening(text: &[char], classes: &[Class]) -> Opening {
    let mut opening = Opening {
        byline: starts_with_any(text, &BYLINES, &FIRST_OF_BYLINES) || dateline(text),
        item: item(text, classes),
        adverb: starts_with_any(text, &ADVERBS, &FIRST_OF_ADVERBS),
        speaker: false,
    };
    for i in 2..classes.len().min(16) {
        match classes[i] {
            Class::Comma | Class::Colon => {
                opening.speaker = SAYING.contains(&text[i - 1]);
                break;
            }
            Class::Han => {}
            _ => break,
        }
    }
    opening
}

/// `新华社北京１月１日电`, `本报华盛顿3日讯`: within the first line, a day and the word for a dispatch.
fn dateline(text: &[char]) -> bool {
    text.iter().take(24).zip(text.iter().skip(1)).any(|(a, b)| matches!((a, b), ('日', '电' | '讯') | ('讯' | '电', '（')))
}

/// The number of an item, in any of the usual writings.
fn item(text: &[char], classes: &[Class]) -> bool {
    let Some(&first) = text.first() else { return false };
    let numeral = |c: char| matches!(c, '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十');
    let bracketed = classes[0] == Class::OpenBracket;
    let from = usize::from(bracketed || first == '第' || first == '其');
    let length = text[from..].iter().zip(&classes[from..]).take(3).take_while(|(c, class)| numeral(**c) || **class == Class::Digit).count();
    let after = text.get(from + length).copied().unwrap_or(' ');
    if classes[0] == Class::Bullet {
        return true;
    }
    if length == 0 || length > 3 {
        return false;
    }
    if bracketed {
        return matches!(after, '）' | ')' | '〕' | '】');
    }
    if first == '第' || first == '其' {
        return matches!(after, '，' | '、' | '：' | ',' | '章' | '条' | '节');
    }
    match after {
        '、' | '．' => true,
        '.' => !matches!(classes.get(from + length + 1), Some(Class::Digit)),
        '是' => numeral(first),
        '）' | ')' => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Opening {
        let chars: Vec<char> = text.chars().collect();
        let classes: Vec<Class> = chars.iter().map(|&c| Class::of(c)).collect();
        opening(&chars, &classes)
    }

    #[test]
    fn openings() {
        assert!(of("本报讯（记者 方心怡）7月26日上午").byline);
        assert!(of("新华社北京１月１日电").byline);
        assert!(of("二、加强领导").item && of("（三）坚持").item && of("1.选择").item && of("二是处理好").item);
        assert!(!of("1.5万亿元").item && !of("三峡工程").item && !of("１９９７年").item);
        assert!(of("蒋国强指出，抓好").speaker);
        assert!(of("近日，一场").adverb);
        assert_eq!(of("范，当好支持者"), Opening::default());
    }
}
