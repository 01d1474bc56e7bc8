//! Whether a paragraph ends at a line end of text whose paragraphs no empty line sets apart.
//!
//! Nothing shows it by itself: a short line, a final mark, a capital, an opening that opens news. Widths are measured in
//! hundredths of a mean letter, because an `i` and an `m` differ more than an indent is wide.

use super::feature::Paragraph;
use super::line::{Lead, LineView, Opening};
use super::sign::Sign;
use super::word::Features;
use crate::model::Role;

/// What is known of a line beyond its ends.
#[derive(Clone, Copy, Debug, Default)]
pub struct Measure {
    /// Hundredths of a mean letter.
    pub width: f32,
    /// The width of the column around it.
    pub column: f32,
    /// Ends a sentence: a final mark, perhaps with closing quotes and brackets; not after an abbreviation.
    pub closing: Closing,
    pub capitals: bool,
    pub opening: Opening,
    /// The share of lines around it that very likely end a paragraph.
    pub rate: f32,
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
        Measure {
            width: width as f32,
            column: 0.0,
            closing: closing(text, view),
            capitals: upper > 3 && lower * 4 < upper,
            opening: view.opening,
            rate: 0.0,
        }
    }

    /// The width against the column: 1 for a full line.
    pub fn share(&self) -> f32 {
        if self.column > 0.0 { self.width / self.column } else { 1.0 }
    }
}

/// Hundredths of the mean letter of a full line, fitted to lines of newspapers and books (Fraktur and roman).
fn letter_width(c: char) -> u32 {
    const ASCII: [u8; 128] = {
        let mut table = [110u8; 128];
        let (mut i, rows) = (0, WIDTHS);
        while i < rows.len() {
            let (width, letters) = (rows[i].0, rows[i].1.as_bytes());
            let mut k = 0;
            while k < letters.len() {
                table[letters[k] as usize] = width;
                k += 1;
            }
            i += 1;
        }
        table
    };
    match c {
        c if c.is_ascii() => u32::from(ASCII[c as usize]),
        'ſ' => 70,
        '⸗' | '¬' => 80,
        '—' => 158,
        'Ä' | 'Ö' | 'Ü' => 160,
        c if super::line::is_combining(c) => 30,
        _ => 115,
    }
}

const WIDTHS: [(u8, &str); 12] = [
    (67, ",clj"),
    (73, "f-tz5"),
    (79, "ik/"),
    (85, "s;.6("),
    (92, "er437"),
    (99, " '2"),
    (104, "hvbgd)1p0"),
    (114, "nx!9\"8"),
    (120, "oauyL:"),
    (137, "CqFKIJT?ZR"),
    (155, "UHPwmNABG"),
    (180, "EOVSDMWQ"),
];

/// What the widths of a run say together.
#[derive(Clone, Copy, Debug, Default)]
pub struct Habits {
    /// How much narrower the first lines of paragraphs are than other full lines: the indent, as a share of the column.
    pub indent: f32,
    /// How much full lines differ from each other.
    pub spread: f32,
    /// Of the first lines, the share that opens with a dash.
    pub dashes: f32,
}

/// Fills in columns and the rate of paragraph ends around each line; `filled[i]` says that the text of line i goes on on the next one
/// for certain, `ended[i]` that a paragraph very likely ends there.
pub fn columns(measures: &mut [Measure], views: &[LineView]) -> Habits {
    const REACH: usize = 12;
    let n = measures.len();
    let filled: Vec<bool> = (0..n).map(|i| i + 1 < n && (views[i].sign.is_hyphen() || views[i + 1].opening == Opening::Lower)).collect();
    let mut window = Vec::with_capacity(2 * REACH + 1);
    for i in 0..n {
        let near = i.saturating_sub(REACH)..(i + REACH + 1).min(n);
        window.clear();
        window.extend(near.clone().filter(|k| filled[*k]).map(|k| measures[k].width));
        // Few lines that are surely full: then what three lines in four do not go over.
        let at = if window.len() >= 4 {
            window.len() / 2
        } else {
            window.clear();
            window.extend(near.map(|k| measures[k].width));
            (window.len() * 3 / 4).min(window.len() - 1)
        };
        measures[i].column = *window.select_nth_unstable_by(at, f32::total_cmp).1;
    }
    let ended: Vec<bool> =
        (0..n).map(|i| matches!(measures[i].closing, Closing::Final | Closing::FinalQuote) && measures[i].share() < 0.75).collect();
    let total = |range: std::ops::Range<usize>| range.filter(|k| ended[*k]).count() as f32;
    for i in 0..n {
        let near = i.saturating_sub(20)..(i + 21).min(n);
        let own = f32::from(u8::from(ended[i]));
        measures[i].rate = (total(near.clone()) - own + 0.4) / (near.len() as f32 + 4.0);
    }
    let mut habits = Habits { indent: 0.0, spread: 0.05, dashes: 0.0 };
    let others: Vec<f32> = (1..n).filter(|i| filled[*i] && !ended[i - 1]).map(|i| measures[i].share()).filter(|s| *s > 0.8).collect();
    let firsts: Vec<usize> = (1..n).filter(|i| ended[i - 1]).collect();
    let full: Vec<f32> = firsts.iter().filter(|i| filled[**i]).map(|i| measures[*i].share()).filter(|s| *s > 0.8).collect();
    let mean = |v: &[f32]| v.iter().sum::<f32>() / v.len().max(1) as f32;
    if others.len() >= 8 {
        let m = mean(&others);
        habits.spread = (others.iter().map(|s| (s - m) * (s - m)).sum::<f32>() / others.len() as f32).sqrt().clamp(0.02, 0.1);
        let few = full.len() as f32;
        habits.indent = ((m - mean(&full)) * few / (few + 3.0)).clamp(0.0, 0.15);
    }
    let dashed = firsts.iter().filter(|i| views[**i].lead == Lead::Dash).count();
    habits.dashes = (dashed as f32 + 0.2) / (firsts.len() as f32 + 2.0);
    habits
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
    pub habits: Habits,
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
    let bin = [0.4, 0.6, 0.75, 0.85, 0.9, 0.94, 0.98, 1.05].iter().position(|b| share < *b).unwrap_or(8) as u16;
    let first = match measure.closing {
        Closing::Final | Closing::FinalQuote => Paragraph::FinalWidth0,
        Closing::NoMark | Closing::Other => Paragraph::OpenWidth0,
        _ => Paragraph::MarkWidth0,
    };
    f.push((first as u16 + bin, 1.0));
    let next_share = next.share();
    let bin = [0.5, 0.75, 0.88, 0.92, 0.96, 1.05].iter().position(|b| next_share < *b).unwrap_or(6) as u16;
    f.push((Paragraph::NextWidth0 as u16 + bin, 1.0));
    // Which is likelier for the next line if it is full: the width of first lines, or of others?
    let habits = around.habits;
    if habits.indent > 0.01 && next_share > 0.8 {
        let (z, shift) = ((1.0 - next_share) / habits.spread, habits.indent / habits.spread);
        let odds = (z * shift - shift * shift / 2.0).clamp(-3.0, 3.0);
        f.push(Paragraph::NextNarrow.is(odds));
        if finished {
            f.push(Paragraph::FinalNextNarrow.is(odds));
        }
    }
    let rate = measure.rate.ln() + 3.0;
    f.push(Paragraph::Rate.is(rate));
    if finished {
        f.push(Paragraph::FinalRate.is(rate));
    }
    if after.lead == Lead::Dash {
        f.push(Paragraph::DashRate.is(habits.dashes.ln() + 2.0));
    }
    let mut set = |feature: Paragraph| f.push(feature.is(1.0));
    let head: u32 = after.head_word(text).chars().map(letter_width).sum();
    let room = measure.column - measure.width - head as f32 - 100.0;
    if room > 0.0 {
        set(Paragraph::Room);
        if finished {
            set(Paragraph::FinalRoom);
        }
        if room > 600.0 {
            set(Paragraph::RoomMuch);
        }
    }
    set(match next.closing {
        Closing::NoMark | Closing::Other => Paragraph::NextOpen,
        Closing::Hyphen => Paragraph::NextHyphen,
        _ => Paragraph::NextFinal,
    });
    if next.share() < 0.8 && heading(next) && around.next.is_none_or(|m| m.opening != Opening::Lower) {
        set(Paragraph::NextHeading);
    }
    if measure.share() < 0.8 && heading(measure) && around.previous.is_none_or(|m| m.share() < 0.8 || finishes(m)) {
        set(Paragraph::IsHeading);
    }
    match around.previous.map(|m| m.closing) {
        Some(Closing::NoMark | Closing::Other) => set(Paragraph::PreviousOpen),
        Some(Closing::Hyphen) => set(Paragraph::PreviousHyphen),
        _ => {}
    }
    match around.next.map(|m| m.opening) {
        Some(Opening::Lower) => set(Paragraph::AfterNextLower),
        Some(Opening::Upper) => set(Paragraph::AfterNextUpper),
        _ => {}
    }
    if around.next.is_some_and(|m| m.share() < 0.8 && heading(m)) {
        set(Paragraph::AfterNextHeading);
    }
    let short = [around.previous, Some(measure), Some(next), around.next].into_iter().flatten().filter(|m| m.share() < 0.85).count();
    if short >= 3 {
        set(Paragraph::ShortLines);
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
    if measure.column < 3000.0 {
        set(Paragraph::NarrowColumn);
    } else if measure.column > 5500.0 {
        set(Paragraph::WideColumn);
    }
    f
}

fn finishes(measure: &Measure) -> bool {
    matches!(measure.closing, Closing::Final | Closing::FinalQuote)
}

/// Opens like a heading and does not stop inside a sentence.
fn heading(measure: &Measure) -> bool {
    measure.opening != Opening::Lower && matches!(measure.closing, Closing::NoMark | Closing::Final | Closing::Colon)
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
