//! What a character is for the break model: one match, no tables to load.

/// What a character does at the end or the beginning of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    Han,
    Digit,
    Latin,
    Space,
    /// 。！？ and what OCR reads for them.
    Stop,
    Comma,
    /// 、
    Enumeration,
    Semicolon,
    Colon,
    CloseQuote,
    CloseBracket,
    OpenQuote,
    OpenBracket,
    /// 《 〈
    OpenTitle,
    Dash,
    Ellipsis,
    /// ▲ ● ■ and the like: an item, a caption, the next article.
    Bullet,
    /// % ‰ ℃: belongs to the number before it.
    Unit,
    Other,
}

impl Class {
    /// The class of a character by itself.
    pub fn of(c: char) -> Class {
        match c {
            '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}' | '〇' | '○' | '々' => {
                Class::Han
            }
            '0'..='9' | '０'..='９' => Class::Digit,
            'a'..='z' | 'A'..='Z' | 'ａ'..='ｚ' | 'Ａ'..='Ｚ' | '\u{c0}'..='\u{24f}' => Class::Latin,
            ' ' | '\t' | '\u{3000}' | '\u{a0}' | '\r' => Class::Space,
            '。' | '！' | '？' | '!' | '?' | '｡' | '︒' => Class::Stop,
            '，' | ',' | '﹐' | '︐' => Class::Comma,
            '、' | '﹑' | '､' | '︑' => Class::Enumeration,
            '；' | ';' | '﹔' | '︔' => Class::Semicolon,
            '：' | ':' | '﹕' | '︓' | '∶' => Class::Colon,
            '”' | '’' | '」' | '』' | '﹂' | '﹄' => Class::CloseQuote,
            '）' | ')' | '》' | '〉' | '】' | '〕' | ']' | '］' | '︶' | '﹀' | '︾' | '︸' => Class::CloseBracket,
            '“' | '‘' | '「' | '『' | '﹁' | '﹃' => Class::OpenQuote,
            '（' | '(' | '【' | '〔' | '[' | '［' | '︵' | '︷' => Class::OpenBracket,
            '《' | '〈' | '︿' | '︽' => Class::OpenTitle,
            '—' | '－' | '―' | '─' | '–' => Class::Dash,
            '…' | '⋯' => Class::Ellipsis,
            '▲' | '△' | '▼' | '▽' | '●' | '■' | '□' | '◆' | '◇' | '★' | '☆' | '※' | '◎' | '①'..='⑳' | '⑴'..='⒇' | '►' | '▶' => {
                Class::Bullet
            }
            '%' | '％' | '‰' | '℃' | '°' => Class::Unit,
            _ => Class::Other,
        }
    }

    /// Marks that cannot open a line of a new paragraph: they belong to the text before.
    pub fn closes(self) -> bool {
        use Class::*;
        matches!(self, Stop | Comma | Enumeration | Semicolon | Colon | CloseQuote | CloseBracket | Unit)
    }

    /// Marks that cannot end a line of a finished paragraph.
    pub fn opens(self) -> bool {
        matches!(self, Class::OpenQuote | Class::OpenBracket | Class::OpenTitle)
    }

    /// Marks that part the text: a reader pauses.
    pub fn is_pause(self) -> bool {
        use Class::*;
        matches!(self, Stop | Comma | Enumeration | Semicolon | Colon)
    }
}

/// How wide a character stands in a column, in half-widths.
pub fn width(c: char) -> u32 {
    match c {
        '\u{2e80}'..='\u{a4cf}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe4f}'
        | '\u{ff01}'..='\u{ff60}'
        | '\u{20000}'..='\u{323af}' => 2,
        '—' | '―' | '…' | '“' | '”' | '‘' | '’' | '①'..='⒇' | '─'..='◿' | '★' | '☆' | '※' | '℃' | '·' => 2,
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{feff}' => 0,
        _ => 1,
    }
}
