//! Latin words as word lists write them: lower case, modern letters, composed.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, is_nfc};

/// The form of a Latin word that word lists have: lower case; ſ → s, ꝛ → r; ß → ss; ﬁ and its kin spelt out; aͤ oͤ uͤ → ä ö ü;
/// ’ → ', typographic hyphens → -; soft hyphens dropped; NFC. For look-ups only, never for text that is written.
///
/// Borrowed, after one look at the bytes, when the word is lower-case ASCII.
///
/// ```
/// use galleyproof::dictionary::fold_latin;
/// assert_eq!(fold_latin("Straße"), "strasse");
/// assert_eq!(fold_latin("Wiſſenſchafft"), "wissenschafft");
/// assert_eq!(fold_latin("fuͤr"), "für");
/// ```
pub fn fold_latin(word: &str) -> Cow<'_, str> {
    if word.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase()) {
        return Cow::Borrowed(word);
    }
    let mut folded = String::with_capacity(word.len() + 2);
    for c in word.chars() {
        push_folded(&mut folded, c);
    }
    // Nothing below U+0300 composes with anything; checked here because the tables of the full check are slow.
    if folded.chars().all(|c| c < '\u{300}') || is_nfc(&folded) { Cow::Owned(folded) } else { Cow::Owned(folded.nfc().collect()) }
}

fn push_folded(folded: &mut String, c: char) {
    let spelt = match c {
        'ſ' => "s",
        'ꝛ' => "r",
        'ß' | 'ẞ' => "ss",
        'ﬀ' => "ff",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        'ﬃ' => "ffi",
        'ﬄ' => "ffl",
        'ﬅ' | 'ﬆ' => "st",
        '’' | 'ʼ' => "'",
        '‐' | '\u{2011}' | '⸗' => "-",
        '\u{AD}' => "",
        '\u{364}' => match folded.pop() {
            Some('a') => "ä",
            Some('o') => "ö",
            Some('u') => "ü",
            Some(other) => {
                folded.push(other);
                "\u{364}"
            }
            None => "\u{364}",
        },
        _ => return folded.extend(c.to_lowercase()),
    };
    folded.push_str(spelt);
}

/// The word after a French elision (`l'amour` → `amour`, `lorsqu'elle` → `elle`), of a folded word; `None` if there is none.
///
/// Lists have the words by themselves: `l'amour` is in none, `aujourd'hui` and `quelqu'un` are.
pub fn after_elision(word: &str) -> Option<&str> {
    let (head, rest) = word.split_once('\'')?;
    let elided = matches!(head, "c" | "d" | "j" | "l" | "m" | "n" | "s" | "t" | "qu" | "jusqu" | "lorsqu" | "puisqu" | "quoiqu");
    (elided && !rest.is_empty()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds() {
        for (from, to) in [
            ("Preuſſiſche", "preussische"),
            ("ﬁnden", "finden"),
            ("Uͤber", "über"),
            ("E\u{301}tat", "état"),
            ("Aujourd’hui", "aujourd'hui"),
            ("Vize⸗Admiral", "vize-admiral"),
            ("com\u{AD}mittee", "committee"),
            ("heꝛr", "herr"),
            ("CŒUR", "cœur"),
        ] {
            assert_eq!(fold_latin(from), to);
        }
        assert!(matches!(fold_latin("well-known"), Cow::Borrowed(_)));
    }

    #[test]
    fn elisions() {
        assert_eq!(after_elision("l'amour"), Some("amour"));
        assert_eq!(after_elision("aujourd'hui"), None);
        assert_eq!(after_elision("don't"), None);
    }
}
