//! The names that OCR formats have for languages.

use crate::model::Language;

/// `de`, `deu`, `ger`, `German`, `de-DE`, `chi_sim`, `zh-Hant`, `Fraktur`… `None` for what galleyproof has no data for.
pub fn language_of(code: &str) -> Option<Language> {
    let code = code.trim().to_ascii_lowercase().replace('_', "-");
    let starts = |names: &[&str]| names.iter().any(|n| code == *n || code.strip_prefix(n).is_some_and(|rest| rest.starts_with(['-', '+'])));
    if starts(&["zh-hant", "zh-tw", "zh-hk", "chi-tra", "traditionalchinese", "chi-tra-vert"]) {
        return Some(Language::ZhHant);
    }
    if starts(&["zh-hans", "zh-cn", "chi-sim", "simplifiedchinese", "chi-sim-vert"]) {
        return Some(Language::ZhHans);
    }
    if starts(&["zh", "chi", "zho", "chinese"]) {
        return Some(Language::Zh);
    }
    if starts(&["de", "deu", "ger", "german", "frk", "fraktur", "de-latf"]) {
        return Some(Language::De);
    }
    if starts(&["en", "eng", "english"]) {
        return Some(Language::En);
    }
    starts(&["fr", "fra", "fre", "french"]).then_some(Language::Fr)
}
