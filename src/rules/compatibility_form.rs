//! `compatibility-form`: radicals, compatibility ideographs, characters in pieces, and forms for vertical lines.

use std::cell::LazyCell;
use std::sync::LazyLock;

use compact_str::CompactString;
use memchr::memmem;
use smallvec::{SmallVec, smallvec};
use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::{Example, Meta, Proposals, Rule, Stage, View};
use crate::characters::{after, before, find_pairs};
use crate::edit::{Applicability, Edit, Evidence, Replacement, Severity};

pub struct CompatibilityForm;

impl Rule for CompatibilityForm {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "compatibility-form",
            stage: Stage::Forms,
            severity: Severity::Note,
            summary: "Puts the ordinary character where a radical, a compatibility ideograph, a presentation form or a letter in pieces stands for it.",
            why: "PDF fonts and OCR models hand out code points that look the same and are not: ⼈ (a radical) is not 人, 不 (U+F967) is not 不, \
                  and o with a combining diaeresis is not ö. No search, lexicon or sort order knows them.",
            caution: "A text about radicals may mean the radical. Forms for vertical lines (︵ ︶ ﹁ ﹂) and small forms (﹐ ﹑) wait for a person: text laid out \
                      so may want them. Latin, Greek and Cyrillic letters with a mark are put together without asking only where the issue also has an \
                      ä, ö, ü, é or й in pieces, as software leaves them: elsewhere the mark is a sign of its own that whoever typed the text \
                      chose (vñ for vnd), and that waits. Latin ligatures, long s and full-width letters and digits are how it was printed: they stay, and so does \
                      everything else that only NFKC would change (① ㎡ …).",
            source: "Unicode EquivalentUnifiedIdeograph for both radical blocks, Unicode canonical equivalence (NFC) for the rest, \
                     compatibility decompositions <vertical> and <small>; see dictionaries/README.md.",
            examples: &[
                Example { before: "⼈⺠政府召开会议。", after: "人民政府召开会议。" },
                Example { before: "一\u{f98e}来，粮食生产稳定。", after: "一年来，粮食生产稳定。" },
                Example { before: "Die O\u{308}ffnung des Hafens.", after: "Die Öffnung des Hafens." },
                Example { before: "面积１２㎡，编号①。", after: "面积１２㎡，编号①。" },
            ],
        }
    }

    fn check_issue(&self, view: &View, out: &mut Proposals) {
        let text = view.issue.text.as_str();
        let bytes = text.as_bytes();
        let mut done = 0;
        let taken_apart = LazyCell::new(|| PIECES.iter().map(|pieces| memmem::find_iter(bytes, pieces).count()).sum::<usize>());
        for at in find_pairs(bytes, may_differ) {
            let Some(c) = after(text, at).filter(|_| at >= done) else { continue };
            let own = at..at + c.len_utf8();
            if let Some((to, name)) = radical(c).or_else(|| presentation_form(c)) {
                let sure = name == "equivalent-unified-ideograph";
                out.edits.push(edit(own, CompactString::from_iter([to]), sure, Evidence::text(name, CompactString::from_iter([c]))));
                continue;
            }
            if is_nfc_starter(c) {
                continue;
            }
            let cluster = cluster(text, own.start, own.end, done);
            done = cluster.1;
            let old = &text[cluster.0..cluster.1];
            let new: CompactString = old.nfc().collect();
            if new != old {
                let name = if is_compatibility_ideograph(c) { "compatibility-ideograph" } else { "canonically-equivalent" };
                let codes: Vec<String> = old.chars().map(|c| format!("U+{:04X}", c as u32)).collect();
                let chosen = is_letter_of_europe(&new) && !is_letterlike(c);
                let mut edit = edit(cluster.0..cluster.1, new, !chosen || *taken_apart > 0, Evidence::text(name, codes.join(" ")));
                if chosen && *taken_apart > 0 {
                    edit.evidence.push(Evidence::count("letters-in-pieces", *taken_apart as u32));
                }
                out.edits.push(edit);
            }
        }
    }
}

fn edit(span: crate::model::Span, text: CompactString, sure: bool, evidence: Evidence) -> Edit {
    Edit {
        rule: "compatibility-form",
        replacements: smallvec![Replacement { span, text }],
        applicability: if sure { Applicability::Safe } else { Applicability::Review },
        confidence: if sure { 0.9995 } else { 0.8 },
        evidence: SmallVec::from_iter([evidence]),
    }
}

/// The first two bytes of every character this rule may change, and of few that common text has.
///
/// Passed over: ASCII, precomposed Latin, Greek and Cyrillic, general punctuation (with it U+2000 and U+2001, two of the many spaces),
/// most kana, unified ideographs, Hangul, full-width forms.
#[inline]
fn may_differ(a: u8, b: u8) -> bool {
    // U+0300–U+037F, U+0387, and the scripts from Hebrew to U+1FFF: combining marks, composition exclusions, Greek with accents.
    (a == 0xcc) | (a == 0xcd) | ((a == 0xce) & (b == 0x87)) | (a.wrapping_sub(0xd6) < 12)
        // U+20D0–U+213F, U+2329, U+2ADC, U+2CEF, U+2D7F, U+2DE0; U+2E80–U+2FDF.
        | ((a == 0xe2) & ((b == 0x83) | (b == 0x84) | (b == 0x8c) | (b == 0xab) | (b == 0xb3) | (b == 0xb5) | (b == 0xb7) | (b >= 0xba)))
        // U+3099 and U+309A.
        | ((a == 0xe3) & (b == 0x82))
        // Combining marks of the blocks from U+A640 on; compatibility ideographs, presentation forms.
        | ((a == 0xea) & (b >= 0x99))
        | ((a == 0xef) & (b.wrapping_sub(0xa4) < 22))
        | (a >= 0xf0)
}

/// Starters that NFC leaves alone: nothing to look at unless a combining mark follows, which is looked at by itself.
fn is_nfc_starter(c: char) -> bool {
    canonical_combining_class(c) == 0 && is_nfc_quick(std::iter::once(c)) == IsNormalized::Yes
}

/// Characters that NFC may put together with the one before, or put in order.
fn combines(c: char) -> bool {
    canonical_combining_class(c) != 0 || is_nfc_quick(std::iter::once(c)) == IsNormalized::Maybe
}

/// The character at hand with the starter before it and all that combines after it.
fn cluster(text: &str, start: usize, end: usize, done: usize) -> (usize, usize) {
    let mut from = start;
    while from > done && after(text, from).is_some_and(combines) {
        let Some(c) = before(text, from) else { break };
        from -= c.len_utf8();
    }
    let rest = text[end..].chars().take_while(|&c| combines(c)).map(char::len_utf8).sum::<usize>();
    (from, end + rest)
}

/// Letters so frequent in living languages that a text in which software took letters apart has one, and that nobody types in pieces.
const PIECES: [&str; 10] =
    ["a\u{308}", "o\u{308}", "u\u{308}", "e\u{301}", "и\u{306}", "A\u{308}", "O\u{308}", "U\u{308}", "E\u{301}", "И\u{306}"];

/// A Latin, Greek or Cyrillic letter, with or without marks. Equivalent forms of these are what transcripts of old print choose between.
fn is_letter_of_europe(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '\u{c0}'..='\u{52f}' | '\u{1e00}'..='\u{1fff}'))
}

/// Å, Ω and K as signs of units: nobody chooses between these and the letters.
fn is_letterlike(c: char) -> bool {
    matches!(c, '\u{2100}'..='\u{214f}')
}

fn is_compatibility_ideograph(c: char) -> bool {
    matches!(c, '\u{f900}'..='\u{faff}' | '\u{2f800}'..='\u{2fa1f}')
}

/// U+2E80–U+2FD5 by place.
static RADICALS: LazyLock<Box<[Option<char>]>> = LazyLock::new(|| {
    let mut table = vec![None; 0x2fd6 - 0x2e80].into_boxed_slice();
    for (from, to) in pairs(include_str!("../../dictionaries/forms/radicals.tsv")) {
        table[from as usize - 0x2e80] = Some(to);
    }
    table
});

/// Forms for vertical lines, then small forms: sorted by code point.
static PRESENTATION: LazyLock<Vec<(char, char)>> = LazyLock::new(|| {
    let small = include_str!("../../dictionaries/forms/small-forms.tsv");
    pairs(include_str!("../../dictionaries/forms/vertical-forms.tsv")).chain(pairs(small)).collect()
});

/// The first two columns of a table of single characters.
fn pairs(tsv: &'static str) -> impl Iterator<Item = (char, char)> {
    tsv.lines().filter_map(|row| {
        let mut fields = row.split('\t').map(|f| f.chars().next());
        Some((fields.next()??, fields.next()??))
    })
}

fn radical(c: char) -> Option<(char, &'static str)> {
    let to = RADICALS.get((c as usize).checked_sub(0x2e80)?).copied().flatten()?;
    Some((to, "equivalent-unified-ideograph"))
}

fn presentation_form(c: char) -> Option<(char, &'static str)> {
    if !('\u{fe10}'..='\u{fe6b}').contains(&c) {
        return None;
    }
    let at = PRESENTATION.binary_search_by_key(&c, |pair| pair.0).ok()?;
    Some((PRESENTATION[at].1, if c < '\u{fe50}' { "vertical-form" } else { "small-form" }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nfc(c: char) -> String {
        std::iter::once(c).nfc().collect()
    }

    #[test]
    fn counts_of_the_blocks() {
        assert_eq!(('\u{2f00}'..='\u{2fd5}').filter(|&c| radical(c).is_some()).count(), 214);
        assert_eq!(('\u{2e80}'..='\u{2ef3}').filter(|&c| radical(c).is_some()).count(), 114);
        assert_eq!(('\u{f900}'..='\u{faff}').filter(|&c| nfc(c) != c.to_string()).count(), 460);
        assert_eq!(('\u{2f800}'..='\u{2fa1f}').filter(|&c| nfc(c) != c.to_string()).count(), 542);
        assert!("﨎﨏﨑﨓﨔﨟﨡﨣﨤﨧﨨﨩".chars().all(|c| nfc(c) == c.to_string()));
        assert_eq!(('\u{fe10}'..='\u{fe48}').filter(|&c| presentation_form(c).is_some()).count(), 32);
        assert_eq!(('\u{fe50}'..='\u{fe6b}').filter(|&c| presentation_form(c).is_some()).count(), 26);
        assert!(PRESENTATION.is_sorted());
    }

    /// Every character NFC changes by itself, or that may combine with one before it, begins with a pair of bytes that is looked at.
    #[test]
    fn nothing_is_passed_over() {
        // Two spaces, and marks that are only ever put in order among themselves.
        let known = |c| matches!(c, '\u{2000}' | '\u{2001}' | '\u{483}'..='\u{487}' | '\u{302a}'..='\u{302f}');
        for c in ('\0'..=char::MAX).filter(|&c| !is_nfc_starter(c) && !known(c)) {
            let mut bytes = [0; 4];
            c.encode_utf8(&mut bytes);
            assert!(may_differ(bytes[0], bytes[1]), "U+{:04X}", c as u32);
        }
    }
}
