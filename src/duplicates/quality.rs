//! Which of two copies OCR read better.

use crate::dictionary::{Dictionaries, fold_han, fold_latin};
use crate::model::Language;
use crate::structure::detect;

use super::fold::is_han;

/// Characters looked at.
const SAMPLE: usize = 4000;

/// How much of a text reads like text of its language, 0 to 1: the share of letters that stand in known words, or of neighbouring Han
/// characters that stand side by side in some word. Good for comparing copies of one text, not for judging one alone.
pub fn quality(text: &str, lang: Option<&str>, dictionaries: &Dictionaries) -> f64 {
    let end = text.char_indices().nth(SAMPLE).map_or(text.len(), |(at, _)| at);
    let text = &text[..end];
    let language = match lang.and_then(Language::from_code) {
        Some(language) if language != Language::Unknown => language,
        _ => detect(text),
    };
    if language.is_chinese() {
        let units: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).map(fold_han).collect();
        let pairs = units.windows(2).filter(|w| is_han(w[0] as u32) || is_han(w[1] as u32));
        let (mut all, mut known) = (0usize, 0usize);
        for pair in pairs.filter(|w| w.iter().any(|c| c.is_alphanumeric())) {
            all += 1;
            let han = dictionaries.han();
            known += usize::from(han.inside(pair[0], pair[1]) > 0.0 || !pair[0].is_alphanumeric() && han.begin(pair[1]) > 0.0);
        }
        return known as f64 / all.max(1) as f64;
    }
    let lexicons: Vec<_> = match dictionaries.lexicon(language) {
        Some(lexicon) => vec![lexicon],
        None => [Language::De, Language::En, Language::Fr].iter().filter_map(|l| dictionaries.lexicon(*l)).collect(),
    };
    let (mut all, mut known) = (0usize, 0usize);
    for word in text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’')).filter(|w| !w.is_empty()) {
        let letters = word.chars().count();
        all += letters;
        if letters > 1 && lexicons.iter().any(|l| l.contains(&fold_latin(word))) {
            known += letters;
        }
    }
    known as f64 / all.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_lower_it() {
        let of = |text: &str| quality(text, None, &Dictionaries::builtin());
        assert!(
            of("The members of the committee met on Tuesday evening.") > of("Tho mcmbers of tbe cornmittee met ou Tucsday cvening.") + 0.3
        );
        assert!(of("区委书记在会上指出，要带头示范。") > of("区萎书己在会土指岀，耍带头示笵。"));
    }
}
