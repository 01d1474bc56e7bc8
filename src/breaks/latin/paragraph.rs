//! Whether a paragraph ends at a line end of text whose paragraphs no empty line sets apart.
//!
//! Nothing shows it by itself: a short line, a final mark, a capital, an opening that opens news. Widths are measured in
//! tenths of a usual letter, because an `i` and an `m` differ more than an indent is wide.

use super::feature::Paragraph;
use super::line::{Lead, LineView, Opening};
use super::sign::Sign;
use super::word::Features;
use crate::model::Role;

/// What is known of a line beyond its ends.
#[derive(Clone, Copy, Debug, Default)]
pub struct Measure {
    /// Tenths of a usual letter.
    pub width: f32,
    /// The width of the column around it.
    pub column: f32,
    /// Ends a sentence: a final mark, perhaps with closing quotes and brackets; not after an abbreviation.
    pub closing: Closing,
    pub capitals: bool,
}

/// How a line closes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Closing {
    #[default]
    NoMark,
    Final,
    FinalQuote,
    Abbreviation,
    Comma,
    Colon,
    Semicolon,
    Hyphen,
    Dash,
    Other,
}

impl Measure {
    /// Measures a line; the column comes later.
    pub fn new(text: &str, view: &LineView) -> Measure {
        let line = &text[view.start as usize..view.end as usize];
        let (mut upper, mut lower) = (0, 0);
        let mut width = 0u32;
        for c in line.chars() {
            width += letter_width(c);
            if c.is_ascii() {
                upper += u32::from(c.is_ascii_uppercase());
                lower += u32::from(c.is_ascii_lowercase());
            } else if c.is_lowercase() {
                lower += 1;
            }
        }
        Measure { width: width as f32, column: 0.0, closing: closing(text, view), capitals: upper > 3 && lower * 4 < upper }
    }

    fn share(&self) -> f32 {
        if self.column > 0.0 { self.width / self.column } else { 1.0 }
    }
}

/// Tenths of a usual small letter, as in a book face.
fn letter_width(c: char) -> u32 {
    match c {
        'i' | 'l' | 'j' | '.' | ',' | ';' | ':' | '\'' | '!' | '|' | 'ı' => 6,
        't' | 'f' | 'r' | 's' | 'ſ' | 'I' | '(' | ')' | '[' | ']' | '-' | '⸗' | '¬' => 8,
        ' ' => 7,
        'm' | 'w' | 'æ' | 'œ' => 16,
        'M' | 'W' | '—' => 18,
        'A'..='Z' | 'Ä' | 'Ö' | 'Ü' => 14,
        c if super::line::is_combining(c) => 0,
        _ => 10,
    }
}

/// Fills in the columns: what four lines in five around each do not go over.
pub fn columns(measures: &mut [Measure]) {
    const REACH: usize = 10;
    let widths: Vec<f32> = measures.iter().map(|m| m.width).collect();
    let mut window = Vec::with_capacity(2 * REACH + 1);
    for (i, measure) in measures.iter_mut().enumerate() {
        window.clear();
        window.extend_from_slice(&widths[i.saturating_sub(REACH)..(i + REACH + 1).min(widths.len())]);
        let at = (window.len() * 3 / 4).min(window.len() - 1);
        measure.column = *window.select_nth_unstable_by(at, f32::total_cmp).1;
    }
}

fn closing(text: &str, view: &LineView) -> Closing {
    let marks = text[view.tail.1 as usize..view.end as usize].trim();
    if marks.is_empty() {
        return Closing::NoMark;
    }
    match view.sign {
        s if s.is_hyphen() => return Closing::Hyphen,
        Sign::Comma => return Closing::Comma,
        Sign::Colon => return Closing::Colon,
        Sign::Semicolon => return Closing::Semicolon,
        Sign::Dash | Sign::SpacedHyphen => return Closing::Dash,
        _ => {}
    }
    if !marks.contains(['.', '!', '?']) {
        return Closing::Other;
    }
    if view.sign == Sign::Period {
        let word = view.tail_word(text);
        let letters = word.chars().count();
        if letters <= 2 || word.ends_with(|c: char| c.is_numeric()) {
            return Closing::Abbreviation;
        }
        return Closing::Final;
    }
    if view.sign == Sign::Exclaim { Closing::Final } else { Closing::FinalQuote }
}

/// The lines around a boundary: the one before the line before, the two lines, and the one after the line after.
pub struct Around<'a> {
    pub previous: Option<&'a Measure>,
    pub before: (&'a LineView, &'a Measure, Role),
    pub after: (&'a LineView, &'a Measure, Role),
    pub next: Option<&'a Measure>,
}

/// The features of a boundary, without those of its neighbours' probabilities.
pub fn features(text: &str, around: &Around) -> Features {
    let mut f = Features::new();
    let mut set = |feature: Paragraph| f.push(feature.is(1.0));
    let (before, measure, before_role) = around.before;
    let (after, next, after_role) = around.after;
    let finished = matches!(measure.closing, Closing::Final | Closing::FinalQuote);
    let unmarked = matches!(measure.closing, Closing::NoMark | Closing::Other);
    set(match measure.closing {
        Closing::NoMark => Paragraph::NoMark,
        Closing::Final => Paragraph::Final,
        Closing::FinalQuote => Paragraph::FinalQuote,
        Closing::Abbreviation => Paragraph::Abbreviation,
        Closing::Comma => Paragraph::Comma,
        Closing::Colon => Paragraph::Colon,
        Closing::Semicolon => Paragraph::Semicolon,
        Closing::Hyphen => Paragraph::Hyphen,
        Closing::Dash => Paragraph::Dash,
        Closing::Other => Paragraph::OtherMark,
    });
    set(match after.opening {
        Opening::Lower => Paragraph::NextLower,
        Opening::Upper => Paragraph::NextCapital,
        Opening::Digit => Paragraph::NextDigit,
        Opening::None => Paragraph::NextNone,
    });
    if finished && after.opening == Opening::Upper {
        set(Paragraph::FinalCapital);
    }
    if unmarked && is_function_word(before.tail_word(text)) {
        set(Paragraph::FunctionWord);
    }
    match after.lead {
        Lead::None => {}
        Lead::Quote => set(Paragraph::LeadQuote),
        Lead::Dash => set(Paragraph::LeadDash),
        Lead::Bracket => set(Paragraph::LeadBracket),
        Lead::Other => set(Paragraph::LeadOther),
    }
    for feature in opening_features(text, after).into_iter().flatten() {
        set(feature);
    }
    if measure.capitals {
        set(Paragraph::Capitals);
    }
    if next.capitals {
        set(Paragraph::NextCapitals);
    }
    let share = measure.share();
    let bins = [Paragraph::Short50, Paragraph::Short70, Paragraph::Short85, Paragraph::Short93];
    let bin = [0.5, 0.7, 0.85, 0.93].iter().position(|b| share < *b);
    match bin {
        Some(i) => {
            set(bins[i]);
            if finished {
                set([Paragraph::FinalShort50, Paragraph::FinalShort70, Paragraph::FinalShort85, Paragraph::FinalShort93][i]);
            } else if unmarked && i < 3 {
                set([Paragraph::NoMarkShort50, Paragraph::NoMarkShort70, Paragraph::NoMarkShort85][i]);
            }
        }
        None if share > 1.1 => set(Paragraph::Over),
        None => {
            set(Paragraph::Full);
            if finished {
                set(Paragraph::FinalFull);
            }
        }
    }
    let head: u32 = after.head_word(text).chars().map(letter_width).sum();
    let room = measure.column - measure.width - head as f32 - 7.0;
    if room > 0.0 {
        set(Paragraph::Room);
        if finished {
            set(Paragraph::FinalRoom);
        }
        if room > 60.0 {
            set(Paragraph::RoomMuch);
        }
    }
    let next_share = next.share();
    if let Some(i) = [0.5, 0.7, 0.85].iter().position(|b| next_share < *b) {
        set([Paragraph::NextShort50, Paragraph::NextShort70, Paragraph::NextShort85][i]);
    } else if next_share < 0.97 {
        set(Paragraph::NextIndentWidth);
        if finished {
            set(Paragraph::FinalNextIndentWidth);
        }
    }
    if around.previous.is_some_and(|m| m.share() < 0.8) {
        set(Paragraph::PreviousShort);
    }
    if around.previous.is_some_and(|m| matches!(m.closing, Closing::Final | Closing::FinalQuote)) {
        set(Paragraph::PreviousFinal);
    }
    if around.next.is_some_and(|m| m.share() < 0.8) {
        set(Paragraph::AfterNextShort);
    }
    match after.indent.cmp(&before.indent) {
        std::cmp::Ordering::Greater => set(Paragraph::Indent),
        std::cmp::Ordering::Less => set(Paragraph::IndentBack),
        std::cmp::Ordering::Equal => {}
    }
    if before_role != after_role {
        set(Paragraph::RoleChange);
    }
    if matches!(before_role, Role::Headline | Role::Kicker | Role::Deck) {
        set(Paragraph::Title);
    }
    if measure.column < 300.0 {
        set(Paragraph::NarrowColumn);
    } else if measure.column > 550.0 {
        set(Paragraph::WideColumn);
    }
    f.push(Paragraph::Gap.is(((1.0 - share) * 10.0).clamp(-2.0, 5.0)));
    f
}

/// A word after which no sentence ends: articles, prepositions, conjunctions.
pub fn is_function_word(word: &str) -> bool {
    matches!(
        word,
        "der"
            | "die"
            | "das"
            | "des"
            | "dem"
            | "den"
            | "ein"
            | "eine"
            | "einer"
            | "eines"
            | "einem"
            | "einen"
            | "und"
            | "oder"
            | "von"
            | "vom"
            | "zu"
            | "zum"
            | "zur"
            | "in"
            | "im"
            | "mit"
            | "für"
            | "auf"
            | "an"
            | "am"
            | "bei"
            | "aus"
            | "durch"
            | "über"
            | "unter"
            | "nach"
            | "um"
            | "daß"
            | "dass"
            | "als"
            | "wie"
            | "wenn"
            | "welche"
            | "welcher"
            | "welches"
            | "seine"
            | "seiner"
            | "ihre"
            | "ihrer"
            | "diese"
            | "dieser"
            | "the"
            | "a"
            | "of"
            | "and"
            | "to"
            | "for"
            | "with"
            | "by"
            | "from"
            | "that"
            | "at"
            | "or"
            | "his"
            | "her"
            | "their"
            | "which"
            | "le"
            | "la"
            | "les"
            | "de"
            | "du"
            | "un"
            | "une"
            | "et"
            | "ou"
            | "à"
            | "au"
            | "aux"
            | "par"
            | "pour"
            | "dans"
            | "sur"
            | "que"
            | "qui"
    )
}

/// How news and items open.
fn opening_features(text: &str, after: &LineView) -> [Option<Paragraph>; 3] {
    let line = &text[after.head.0 as usize..after.end as usize];
    let mut found = [None; 3];
    let word = after.head_word(text);
    let rest = &line[word.len()..];
    match after.opening {
        Opening::Upper => {
            // Within the first 30 characters: a full stop after few words, or a date after a name.
            let head_end = line.char_indices().nth(30).map_or(line.len(), |(i, _)| i);
            let head = &line[..head_end];
            if let Some(stop) = head.find(". ").filter(|s| head[..*s].split(' ').count() <= 3 && *s > 3)
                && word.chars().count() > 2
            {
                found[0] = Some(Paragraph::ShortSentence);
                let tail = head[stop + 2..].trim_start();
                if tail.starts_with(['—', '–', '-']) {
                    found[1] = Some(Paragraph::Dateline);
                }
            }
            if let Some(comma) = head.find(", ").or_else(|| head.find(". "))
                && head[comma + 2..].trim_start_matches("den ").starts_with(|c: char| c.is_ascii_digit())
            {
                found[1] = Some(Paragraph::Dateline);
            }
            if rest.starts_with(':') {
                found[0] = Some(Paragraph::ShortSentence);
            }
        }
        Opening::Digit if rest.starts_with(['.', ')']) => found[2] = Some(Paragraph::Numbered),
        Opening::Lower if rest.starts_with(')') && word.len() <= 2 => found[2] = Some(Paragraph::Numbered),
        _ => {}
    }
    found
}
