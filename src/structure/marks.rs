//! Marks at the ends of lines, and what else is asked of single characters.

/// Ends a sentence: `。！？…` or Latin `. ! ?`, closing quotation marks and brackets after it included.
///
/// `：`, `；` and a dash do not. White space at the end does not count. An abbreviation's full stop does: this looks at
/// marks, not at words.
pub fn final_mark(text: &str) -> bool {
    for c in text.chars().rev() {
        match c {
            '。' | '！' | '？' | '…' | '．' | '.' | '!' | '?' | '｡' => return true,
            _ if is_closer(c) || c.is_whitespace() => {}
            _ => return false,
        }
    }
    false
}

/// A closing quotation mark or bracket; German `“`, French `»` and Swiss `«` close too.
pub(super) fn is_closer(c: char) -> bool {
    matches!(
        c,
        '”' | '’'
            | '“'
            | '"'
            | '\''
            | '»'
            | '«'
            | '›'
            | '‹'
            | ')'
            | ']'
            | '）'
            | '］'
            | '】'
            | '〕'
            | '」'
            | '』'
            | '》'
            | '〉'
            | '*'
            | '†'
    )
}

pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '〇' | '\u{20000}'..='\u{3134f}')
}

/// White space, brackets, rules and dots that stand around page numbers and running heads.
pub(super) fn is_decoration(c: char) -> bool {
    c.is_whitespace()
        || c.is_ascii_punctuation()
        || matches!(
            c,
            '—' | '–'
                | '―'
                | '─'
                | '━'
                | '·'
                | '•'
                | '・'
                | '｜'
                | '│'
                | '┃'
                | '★'
                | '☆'
                | '■'
                | '□'
                | '◆'
                | '◇'
                | '●'
                | '○'
                | '▲'
                | '△'
                | '▼'
                | '▽'
                | '◎'
                | '※'
                | '（'
                | '）'
                | '【'
                | '】'
                | '〔'
                | '〕'
                | '［'
                | '］'
                | '《'
                | '》'
                | '，'
                | '。'
                | '：'
                | '、'
                | '；'
                | '～'
                | '．'
                | '／'
                | '\u{feff}'
                | '\u{200b}'
                | '¶'
                | '§'
                | '†'
                | '„'
                | '“'
                | '”'
                | '«'
                | '»'
                | '⸗'
                | '¬'
        )
}

/// An Arabic or Chinese number: its value and how many bytes it takes. `〇○` count as nought, `廿` as twenty.
pub(super) fn number(text: &str) -> Option<(u32, usize)> {
    let mut value = 0u32;
    let mut bytes = 0;
    for c in text.chars() {
        let digit = match c {
            '0'..='9' => c as u32 - '0' as u32,
            '０'..='９' => c as u32 - '０' as u32,
            _ => break,
        };
        value = value.checked_mul(10)?.checked_add(digit)?;
        bytes += c.len_utf8();
    }
    if bytes > 0 { Some((value, bytes)) } else { han_number(text) }
}

fn han_number(text: &str) -> Option<(u32, usize)> {
    let (mut value, mut unit, mut bytes) = (0u32, 0u32, 0);
    let mut tens = false;
    for c in text.chars() {
        if let Some(digit) = "〇一二三四五六七八九".chars().position(|d| d == c).or_else(|| matches!(c, '零' | '○').then_some(0))
        {
            // 一九九八 is read digit by digit, 二十三 by tens.
            unit = if tens { digit as u32 } else { unit.checked_mul(10)?.checked_add(digit as u32)? };
        } else if c == '十' && !tens {
            (value, unit, tens) = (unit.max(1) * 10, 0, true);
        } else if matches!(c, '廿' | '卅') && bytes == 0 {
            (value, tens) = (if c == '廿' { 20 } else { 30 }, true);
        } else {
            break;
        }
        bytes += c.len_utf8();
    }
    (bytes > 0).then_some((value + unit, bytes))
}
