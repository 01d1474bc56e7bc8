//! What galley says to people, in their language: one table a language, `en.tsv` and `zh.tsv`, a key and a text a row.
//!
//! To say something new: `say("rule-name.what", &[("n", &n)])`, and a row of that key in both tables, with the same `{placeholders}`.
//! `{n}` is the value, `{n:place|places}` the first word where the value is 1 and else the second. The prose of a rule stands in its
//! `meta()` in English and in `zh.tsv` under `rule-name.summary`, `.why` and `.caution`. Names that machines read (rules, evidence,
//! outcomes in records) are the same in every language. A test asks that nothing is missing.

use std::fmt::Display;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU8, Ordering};

use rustc_hash::FxHashMap;

use crate::rules::Meta;

/// A language galley speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Chinese, in simplified characters.
    Zh,
}

impl Lang {
    /// As in HTML and SARIF.
    pub fn code(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Zh => "zh",
        }
    }

    /// From a locale such as `zh_CN.UTF-8`, `en`, `C`; what is not Chinese is answered in English.
    pub fn of_locale(locale: &str) -> Self {
        let language = locale.split(['_', '-', '.', '@']).next().unwrap_or_default();
        if language.eq_ignore_ascii_case("zh") { Lang::Zh } else { Lang::En }
    }
}

/// What is spoken. Errors and findings are worded where they arise, far from any argument, so it holds for the whole process.
static SPOKEN: AtomicU8 = AtomicU8::new(Lang::En as u8);

/// Speaks this language from now on; English before.
pub fn speak(lang: Lang) {
    SPOKEN.store(lang as u8, Ordering::Relaxed);
}

/// The language spoken.
pub fn spoken() -> Lang {
    if SPOKEN.load(Ordering::Relaxed) == Lang::Zh as u8 { Lang::Zh } else { Lang::En }
}

type Table = FxHashMap<&'static str, String>;

fn parse(rows: &'static str) -> Table {
    let rows = rows.lines().filter(|l| !l.is_empty() && !l.starts_with('#'));
    rows.filter_map(|l| l.split_once('\t')).map(|(key, text)| (key, text.replace("\\n", "\n"))).collect()
}

fn table(lang: Lang) -> &'static Table {
    static EN: LazyLock<Table> = LazyLock::new(|| parse(include_str!("en.tsv")));
    static ZH: LazyLock<Table> = LazyLock::new(|| parse(include_str!("zh.tsv")));
    match lang {
        Lang::En => &EN,
        Lang::Zh => &ZH,
    }
}

/// The text of a key in the language spoken, with its values; the key itself where no table has it.
pub fn say(key: &str, values: &[(&str, &dyn Display)]) -> String {
    let text = table(spoken()).get(key).or_else(|| table(Lang::En).get(key));
    text.map_or_else(|| key.to_string(), |text| filled(text, values))
}

fn filled(text: &str, values: &[(&str, &dyn Display)]) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, (name, after))) = rest.split_once('{').and_then(|(b, r)| Some((b, r.split_once('}')?))) {
        out.push_str(before);
        let (name, words) = name.split_once(':').map_or((name, None), |(n, words)| (n, words.split_once('|')));
        let value = values.iter().find(|(n, _)| *n == name).map_or(String::new(), |(_, v)| v.to_string());
        match words {
            Some((one, more)) => out.push_str(if value == "1" { one } else { more }),
            None => out.push_str(&value),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

fn of_rule<'a>(meta: &'a Meta, part: &str, english: &'a str) -> &'a str {
    match spoken() {
        Lang::En => english,
        lang => table(lang).get(format!("{}.{part}", meta.name).as_str()).map_or(english, String::as_str),
    }
}

/// What a rule does, in the language spoken.
pub fn summary(meta: &Meta) -> &str {
    of_rule(meta, "summary", meta.summary)
}

/// Why the defect is one, in the language spoken.
pub fn why(meta: &Meta) -> &str {
    of_rule(meta, "why", meta.why)
}

/// When the rule may be wrong, in the language spoken.
pub fn caution(meta: &Meta) -> &str {
    of_rule(meta, "caution", meta.caution)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::Path;

    use regex::Regex;

    use super::*;
    use crate::rules::RULES;

    fn rows(lang: Lang) -> BTreeMap<&'static str, &'static str> {
        table(lang).iter().map(|(k, v)| (*k, v.as_str())).collect()
    }

    /// Keys the code says: in full, or as a beginning that a name is put behind (`format!("role.{role}")`).
    fn sources() -> Vec<(String, String)> {
        fn walk(folder: &Path, out: &mut Vec<(String, String)>) {
            for entry in std::fs::read_dir(folder).expect("the sources").flatten() {
                let path = entry.path();
                if path.is_dir() {
                    walk(&path, out);
                } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("messages/mod.rs") {
                    out.push((path.display().to_string(), std::fs::read_to_string(&path).expect("a source")));
                }
            }
        }
        let mut out = Vec::new();
        walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut out);
        out
    }

    #[test]
    fn both_tables_are_whole_and_have_the_same_placeholders() {
        let placeholder = Regex::new(r"\{([a-z-]+)(?::[^|}]*\|[^}]*)?\}").unwrap();
        let names = |text: &str| placeholder.captures_iter(text).map(|c| c[1].to_string()).collect::<BTreeSet<_>>();
        let (en, zh) = (rows(Lang::En), rows(Lang::Zh));
        let prose = |key: &str| [".summary", ".why", ".caution"].iter().any(|end| key.ends_with(end));
        let missing: Vec<_> = en.keys().filter(|k| !zh.contains_key(*k)).collect();
        assert!(missing.is_empty(), "only in en.tsv: {missing:?}");
        let more: Vec<_> = zh.keys().filter(|k| !en.contains_key(*k) && !prose(k)).collect();
        assert!(more.is_empty(), "only in zh.tsv: {more:?}");
        for (key, text) in &en {
            assert_eq!(names(text), names(zh[key]), "the placeholders of {key}");
            assert!(!text.replace(|c: char| !matches!(c, '{' | '}'), "").contains("{{"), "{key}");
        }
        for (file, rows) in [("en.tsv", include_str!("en.tsv")), ("zh.tsv", include_str!("zh.tsv"))] {
            let keys: Vec<&str> =
                rows.lines().filter(|l| !l.is_empty() && !l.starts_with('#')).map(|l| l.split_once('\t').expect(l).0).collect();
            let unique: BTreeSet<&str> = keys.iter().copied().collect();
            assert_eq!(keys.len(), unique.len(), "a key twice in {file}");
        }
    }

    #[test]
    fn every_rule_is_explained_in_chinese() {
        let zh = rows(Lang::Zh);
        let mut missing = Vec::new();
        for rule in RULES {
            for part in ["summary", "why", "caution"] {
                let key = format!("{}.{part}", rule.meta().name);
                if !zh.get(key.as_str()).is_some_and(|text| text.chars().any(crate::characters::is_han)) {
                    missing.push(key);
                }
            }
        }
        assert!(missing.is_empty(), "rows that zh.tsv lacks: {missing:?}");
        for key in zh.keys().filter_map(|k| k.strip_suffix(".summary")) {
            assert!(RULES.iter().any(|r| r.meta().name == key), "zh.tsv explains {key}, which is no rule");
        }
    }

    #[test]
    fn every_key_that_is_said_is_there_and_every_row_is_said() {
        let key = Regex::new(r#""([a-z][a-z-]*\.[a-z-]+)""#).unwrap();
        let beginning = Regex::new(r#"format!\("([a-z][a-z-]*\.)\{"#).unwrap();
        let said = Regex::new(r#"\bsay\(\s*"([a-z][^"]*)""#).unwrap();
        let en = rows(Lang::En);
        let (mut used, mut beginnings) = (BTreeSet::new(), BTreeSet::new());
        for (file, text) in sources() {
            for found in said.captures_iter(&text) {
                assert!(en.contains_key(&found[1]), "{file} says `{}`, which en.tsv lacks", &found[1]);
            }
            used.extend(key.captures_iter(&text).map(|c| c[1].to_string()));
            beginnings.extend(beginning.captures_iter(&text).map(|c| c[1].to_string()));
        }
        let idle: Vec<_> = en.keys().filter(|k| !used.contains(**k) && !beginnings.iter().any(|b| k.starts_with(b.as_str()))).collect();
        assert!(idle.is_empty(), "rows nobody says: {idle:?}");
    }

    #[test]
    fn findings_and_errors_are_said_from_the_tables() {
        let message = Regex::new(r#"message: *(format!\(|"|if )"#).unwrap();
        for (file, text) in sources().iter().filter(|(file, _)| file.contains("src/rules/") || file.ends_with("duplicates/batch.rs")) {
            if let Some(found) = message.find(text) {
                let line = 1 + text[..found.start()].matches('\n').count();
                panic!("{file}:{line}: put the sentence into src/messages/en.tsv and zh.tsv, and say it with messages::say");
            }
        }
    }

    #[test]
    fn values_and_words_by_number_are_filled_in() {
        let say = |n: usize| filled("{n} {n:place|places} in {file}", &[("n", &n), ("file", &"a{n}.txt")]);
        assert_eq!(say(1), "1 place in a{n}.txt");
        assert_eq!(say(2), "2 places in a{n}.txt");
        assert_eq!(filled("a {b", &[]), "a {b");
    }

    #[test]
    fn locales_that_are_chinese() {
        for locale in ["zh", "zh_CN.UTF-8", "zh-TW", "ZH_hk", "zh.UTF-8"] {
            assert_eq!(Lang::of_locale(locale), Lang::Zh, "{locale}");
        }
        for locale in ["", "C", "C.UTF-8", "en_US.UTF-8", "de_DE", "zhu_XX"] {
            assert_eq!(Lang::of_locale(locale), Lang::En, "{locale}");
        }
    }
}
