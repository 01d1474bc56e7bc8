//! The marks at a line end, as classes: split signs, what OCR makes of them, and ordinary punctuation.

/// The class of the marks after the last word of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Sign {
    /// The line ends on a letter or a digit.
    #[default]
    Bare,
    /// `-` or its Unicode twins.
    Hyphen,
    /// `¬`: what some engines write for a hyphen at the line end, and only there.
    NotSign,
    /// `⸗` of Fraktur.
    DoubleHyphen,
    /// A soft hyphen.
    Soft,
    /// `=`: a double hyphen as plain type.
    Equals,
    /// A hyphen with other marks around it: `-,` `».-`.
    HyphenAnd,
    /// A hyphen after a space: mostly a dash.
    SpacedHyphen,
    /// `—` `–`.
    Dash,
    Comma,
    Period,
    Colon,
    Semicolon,
    /// `!` `?`
    Exclaim,
    /// `»` or `«`, `>`, `<`.
    Guillemet,
    /// `'` `’` `‘`
    Apostrophe,
    /// `"` `“` `”` `„`
    Quote,
    /// `)` `]`
    Bracket,
    /// `/`: the comma of old prints.
    Slash,
    /// `^` `*` `~` `_` `•` `|` `·` and the like: rarely printed at a word's end, often a misread hyphen.
    Odd,
    /// Several different marks, none a hyphen.
    Mixed,
    /// No word in the line.
    Other,
}

impl Sign {
    /// How many classes there are.
    pub const COUNT: usize = Sign::Other as usize + 1;

    /// A mark that is a split sign whenever the word goes on.
    pub fn is_hyphen(self) -> bool {
        matches!(self, Sign::Hyphen | Sign::NotSign | Sign::DoubleHyphen | Sign::Soft | Sign::Equals)
    }

    /// A hyphen is among the marks, and right after the word.
    pub fn has_hyphen(self) -> bool {
        self.is_hyphen() || self == Sign::HyphenAnd
    }

    /// A sentence may end here.
    pub fn is_final(self) -> bool {
        matches!(self, Sign::Period | Sign::Exclaim)
    }
}

/// The class of one mark.
pub fn class_of(c: char) -> Sign {
    match c {
        '-' | '\u{2010}' | '\u{2011}' => Sign::Hyphen,
        '¬' => Sign::NotSign,
        '⸗' | '\u{2e40}' => Sign::DoubleHyphen,
        '/' => Sign::Slash,
        '\u{ad}' => Sign::Soft,
        '=' => Sign::Equals,
        '—' | '–' | '―' => Sign::Dash,
        ',' => Sign::Comma,
        '.' => Sign::Period,
        ':' => Sign::Colon,
        ';' => Sign::Semicolon,
        '!' | '?' => Sign::Exclaim,
        '»' | '«' | '>' | '<' => Sign::Guillemet,
        '\'' | '’' | '‘' => Sign::Apostrophe,
        '"' | '“' | '”' | '„' => Sign::Quote,
        ')' | ']' => Sign::Bracket,
        _ => Sign::Odd,
    }
}

/// The class of the marks (spaces included) between the last word and the line end.
pub fn sign_of(marks: &str) -> Sign {
    let mut chars = marks.chars();
    let Some(first) = chars.next() else { return Sign::Bare };
    let rest = chars.as_str();
    if rest.is_empty() {
        return class_of(first);
    }
    let mut hyphen = false;
    let mut same = true;
    let mut spaced = first == ' ';
    let mut class = None;
    for c in marks.chars() {
        if c == ' ' {
            spaced = true;
            continue;
        }
        let this = class_of(c);
        hyphen |= this.is_hyphen();
        same &= class.is_none_or(|k| k == this);
        class = Some(this);
    }
    match class {
        Some(c) if same && c.is_hyphen() && first == ' ' => Sign::SpacedHyphen,
        Some(c) if same && c == Sign::Dash => Sign::Dash,
        Some(c) if same && !spaced && !c.is_hyphen() => c,
        _ if hyphen && first != ' ' => Sign::HyphenAnd,
        _ if hyphen => Sign::SpacedHyphen,
        _ => Sign::Mixed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_fall_into_classes() {
        for (marks, class) in [
            ("", Sign::Bare),
            ("-", Sign::Hyphen),
            ("¬", Sign::NotSign),
            (" -", Sign::SpacedHyphen),
            ("-,", Sign::HyphenAnd),
            (".\"", Sign::Mixed),
            ("...", Sign::Period),
            (" —", Sign::Dash),
            ("»", Sign::Guillemet),
        ] {
            assert_eq!(sign_of(marks), class, "{marks}");
        }
    }
}
