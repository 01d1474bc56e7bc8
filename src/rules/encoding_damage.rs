//! `encoding-damage`: text that was read in the wrong encoding once, and control characters.

use std::collections::BTreeMap;

use encoding_rs::{GBK, WINDOWS_1252};
use smallvec::SmallVec;

use super::{Example, Meta, Proposals, Rule, Stage, View};
use crate::characters::{after, find_pairs};
use crate::edit::{Evidence, EvidenceList, Finding, Severity};
use crate::messages::say;
use crate::model::Span;

pub struct EncodingDamage;

/// Places of one kind that are listed.
const LISTED: usize = 200;

impl Rule for EncodingDamage {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "encoding-damage",
            stage: Stage::Findings,
            severity: Severity::Error,
            summary: "Reports text that was decoded wrongly (Ã¤ for ä, 鈥 for “, 锟斤拷) and control characters.",
            why: "A program read UTF-8 as Windows-1252 or GBK, or a font table was lost: the text can be searched by nobody, and each further conversion loses more.",
            caution: "Nothing is repaired: whether the bytes can be taken back shows only in the file before the damage. Text about encodings quotes such forms by right.",
            source: "The Unicode Standard 23.1 (control characters) and 3.9 (UTF-8); WHATWG Encoding for Windows-1252 and GBK.",
            examples: &[Example { before: "Die BÃ¤nke sind geschlossen.", after: "Die BÃ¤nke sind geschlossen." }],
        }
    }

    fn check_issue(&self, view: &View, out: &mut Proposals) {
        let text = view.issue.text.as_str();
        let (mut mojibake, mut controls) = (Places::default(), Places::default());
        let mut end = 0;
        for at in find_pairs(text.as_bytes(), may_be_damage) {
            if at < end || !text.is_char_boundary(at) {
                continue;
            }
            let Some(c) = after(text, at) else { continue };
            if is_control(c) {
                controls.add(at..at + c.len_utf8(), format!("U+{:04X}", c as u32));
            } else if let Some((span, meant)) = latin(text, at).or_else(|| han(text, at)) {
                end = span.end;
                mojibake.add(span.clone(), format!("{}→{meant}", &text[span]));
            }
        }
        mojibake.report(self, "encoding-damage.mojibake", "was", out);
        controls.report(self, "encoding-damage.control", "code-point", out);
    }
}

#[derive(Default)]
struct Places {
    spans: SmallVec<[Span; 1]>,
    counts: BTreeMap<String, u32>,
    all: usize,
}

impl Places {
    fn add(&mut self, span: Span, what: String) {
        self.all += 1;
        if self.spans.len() < LISTED {
            self.spans.push(span);
            *self.counts.entry(what).or_default() += 1;
        }
    }

    fn report(self, rule: &EncodingDamage, key: &str, name: &'static str, out: &mut Proposals) {
        if self.all == 0 {
            return;
        }
        let mut counts: Vec<_> = self.counts.into_iter().collect();
        counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        let evidence: EvidenceList = counts.iter().take(8).map(|(what, n)| Evidence::text(name, format!("{what} ×{n}"))).collect();
        out.findings.push(Finding {
            rule: rule.meta().name,
            severity: rule.meta().severity,
            places: self.spans,
            message: say(key, &[("n", &self.all)]),
            evidence,
            related: Vec::new(),
        });
    }
}

/// Lead bytes of Â to ô (U+00C2–U+00F4), of C1 controls, of 鈥 銆 锛 锟 浣 涓 and of control characters.
fn may_be_damage(a: u8, b: u8) -> bool {
    ((a == 0xc3) & (0x82..=0xb4).contains(&b))
        | ((a == 0xc2) & (b <= 0x9f))
        | ((a == 0xe9) & ((b == 0x88) | (b == 0x8a) | (b == 0x94)))
        | ((a < 0x20) & (a != b'\n') & (a != b'\t') & (a != b'\r') & (a != 0x0c))
        | (a == 0x7f)
}

fn is_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t' | '\r' | '\u{c}' | '\u{85}')
}

/// Characters of UTF-8 that were read as Windows-1252. A letter of Latin text or a mark is enough; of Chinese, where real French has the
/// same three characters in a row (`né…»`), two are needed.
fn latin(text: &str, at: usize) -> Option<(Span, String)> {
    let (end, first) = latin_character(text, at)?;
    if !matches!(first, '\u{2e80}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}') {
        return Some((at..end, first.into()));
    }
    let mut meant = String::from(first);
    let mut last = end;
    while let Some((end, next)) = latin_character(text, last) {
        meant.push(next);
        last = end;
    }
    (meant.chars().count() > 1).then_some((at..last, meant))
}

/// Where the character ends, and what was meant.
fn latin_character(text: &str, at: usize) -> Option<(usize, char)> {
    let (mut bytes, mut wanted, mut end) = (Vec::with_capacity(4), 1, at);
    for c in text[at..].chars().take(3) {
        let mut buffer = [0; 4];
        let (encoded, _, lost) = WINDOWS_1252.encode(c.encode_utf8(&mut buffer));
        let byte = if lost { u8::try_from(c as u32).ok()? } else { *encoded.first()? };
        if bytes.is_empty() {
            wanted = match byte {
                0xc2..=0xc5 => 2,
                0xe2..=0xe9 | 0xef => 3,
                _ => return None,
            };
        } else if !(0x80..0xc0).contains(&byte) {
            return None;
        }
        bytes.push(byte);
        end += c.len_utf8();
        if bytes.len() == wanted {
            let meant = std::str::from_utf8(&bytes).ok()?.chars().next()?;
            let real = match meant {
                '\u{a0}'..='\u{ff}' => meant.is_alphabetic() || "«»§°·£©®\u{a0}".contains(meant),
                // Ä– and Å« are real text as well.
                '\u{100}'..='\u{17f}' => "œŒšŠžŽčČćěřůłńąęśżőű".contains(meant),
                '\u{2010}'..='\u{203a}' | '€' | '™' | '\u{2e80}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}' => true,
                _ => false,
            };
            return real.then_some((end, meant));
        }
    }
    None
}

/// Marks of UTF-8 that were read as GBK, with the Han characters around them; and what a lost byte becomes: 锟斤拷.
fn han(text: &str, at: usize) -> Option<(Span, String)> {
    let rest = &text[at..];
    if rest.starts_with("锟斤拷") {
        let end = rest.find(|c| !"锟斤拷".contains(c)).unwrap_or(rest.len());
        return Some((at..at + end, "\u{fffd}".into()));
    }
    if !rest.starts_with(['鈥', '銆', '锛']) {
        return None;
    }
    // The mark's first two bytes are this character, the third opens the next: at least one character more has to come out.
    let end = at + rest.char_indices().take_while(|(_, c)| !c.is_ascii()).take(16).last().map_or(0, |(i, c)| i + c.len_utf8());
    let (bytes, _, _) = GBK.encode(&text[at..end]);
    let valid = match std::str::from_utf8(&bytes) {
        Ok(_) => bytes.len(),
        Err(error) => error.valid_up_to(),
    };
    let meant = String::from_utf8_lossy(&bytes[..valid]).into_owned();
    (meant.chars().count() >= 2).then_some((at..end, meant))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant() {
        assert_eq!(latin("Ã¤nke", 0), Some((0..4, "ä".into())));
        assert_eq!(latin("â€œja", 0).map(|f| f.1), Some("“".into()));
        assert_eq!(latin("ä¸\u{ad}æ–‡", 0).map(|f| f.1), Some("中文".into()));
        assert_eq!(latin("é…» dit-il", 0), None);
        assert_eq!(latin("ß“, sagte", 0), None);
        assert_eq!(latin("Ä–Ö", 0), None);
        assert_eq!(latin("Ça va", 0), None);
        assert_eq!(latin("Âme", 0), None);
        assert_eq!(latin("ÂÂ", 0), None);
    }

    #[test]
    fn utf8_read_as_gbk() {
        let (bytes, _, _) = GBK.decode("他说，天气很好。我们走。".as_bytes());
        let at = bytes.find('锛').unwrap();
        assert!(han(&bytes, at).unwrap().1.starts_with("，天"));
        assert_eq!(han("锟斤拷锟斤拷x", 0).map(|f| f.0), Some(0..18));
        assert_eq!(han("锛子是木匠用的工具", 0), None);
    }
}
