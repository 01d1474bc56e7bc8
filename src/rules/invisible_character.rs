//! `invisible-character`: soft hyphens, zero-width spaces and joiners, stray byte order marks, emoji variation selectors.

use smallvec::smallvec;

use super::{Example, Meta, Proposals, Rule, Stage, View};
use crate::characters::{after, before, find_pairs, is_edge, is_han, is_latin};
use crate::edit::{Applicability, Edit, Evidence, Replacement, Severity};

pub struct InvisibleCharacter;

impl Rule for InvisibleCharacter {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "invisible-character",
            stage: Stage::Forms,
            severity: Severity::Note,
            summary: "Removes characters that print nothing: soft hyphens, zero-width spaces and joiners, byte order marks inside text.",
            why: "PDF extraction and web pages leave them inside words; a search for the word then finds nothing, and nobody sees why.",
            caution: "A soft hyphen at a line end or before a space shows that a word goes on; it stays for the rules of breaks. Zero-width spaces \
                      are spelling in Thai, Lao, Khmer, Burmese and Tibetan, joiners in Persian and Indic scripts: both stay there. Between two \
                      Latin letters a zero-width space may stand for a real one, so that waits for a person. Ideographic variation \
                      sequences say which shape was printed: they stay.",
            source: "Unicode Standard, chapter 23 (special areas and format characters).",
            examples: &[
                Example {
                    before: "党的十八\u{200b}大以来，经济社会发\u{ad}展。", after: "党的十八大以来，经济社会发展。"
                },
                Example { before: "葛\u{e0100}飾区", after: "葛\u{e0100}飾区" },
            ],
        }
    }

    fn check_issue(&self, view: &View, out: &mut Proposals) {
        let text = view.issue.text.as_str();
        let bytes = text.as_bytes();
        let mut done = 0;
        // C2 AD, E2 80 8B–8D, E2 81 A0, EF B8 8E–8F, EF BB BF: the first byte alone is frequent in Chinese, the pair is not.
        let rare = |a: u8, b: u8| {
            (a == 0xc2) & (b == 0xad)
                | (a == 0x80) & (0x8b <= b) & (b <= 0x8d)
                | (a == 0x81) & (b == 0xa0)
                | (a == 0xef) & ((b == 0xbb) | (b == 0xb8))
        };
        for at in find_pairs(bytes, rare) {
            // Two of the pairs end a character, three begin one.
            let at = if bytes[at] < 0xc0 { at.wrapping_sub(1) } else { at };
            if at < done || at == usize::MAX || !text.is_char_boundary(at) || after(text, at).is_none_or(|c| !is_invisible(c)) {
                continue;
            }
            // One edit for all that stand together: what they stand between decides.
            let run: usize = text[at..].chars().take_while(|&c| is_invisible(c)).map(char::len_utf8).sum();
            done = at + run;
            if let Some(edit) = judge(view, at, done, self.meta().name) {
                out.edits.push(edit);
            }
        }
    }
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{fe0e}' | '\u{fe0f}')
}

fn judge(view: &View, start: usize, end: usize, rule: &'static str) -> Option<Edit> {
    let text = view.issue.text.as_str();
    let (left, right) = (before(text, start), after(text, end));
    let mut name = "invisible";
    for c in text[start..end].chars() {
        match c {
            '\u{ad}' if is_edge(right) || right == Some(' ') => return None,
            '\u{200c}' | '\u{200d}' => {
                let plain = |c: Option<char>| c.is_some_and(|c| is_han(c) || is_latin(c));
                if !(plain(left) && plain(right)) {
                    return None;
                }
            }
            '\u{fe0e}' | '\u{fe0f}' => {
                if !left.is_some_and(is_han) {
                    return None;
                }
                name = "emoji-selector-after-han";
            }
            '\u{feff}' if view.issue.sources.iter().any(|s| s.span.start == start) => return None,
            _ if left.is_some_and(spells_with_it) || right.is_some_and(spells_with_it) => return None,
            _ => {}
        }
    }
    let mut evidence = smallvec![Evidence::text(name, codes(&text[start..end]))];
    let glued = text[start..end].contains('\u{200b}') && left.is_some_and(is_latin) && right.is_some_and(is_latin);
    if glued {
        evidence.push(Evidence::named("may-stand-for-a-space"));
    }
    Some(Edit {
        rule,
        replacements: smallvec![Replacement { span: start..end, text: "".into() }],
        applicability: if glued { Applicability::Review } else { Applicability::Safe },
        confidence: if glued { 0.7 } else { 0.999 },
        evidence,
    })
}

/// Scripts without word spaces whose spelling uses U+200B and U+2060: Thai, Lao, Tibetan, Burmese, Khmer.
fn spells_with_it(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{fff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
}

fn codes(text: &str) -> String {
    let codes: Vec<String> = text.chars().map(|c| format!("U+{:04X}", c as u32)).collect();
    codes.join(" ")
}
