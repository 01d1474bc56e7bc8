//! Conversion between scripts: OpenCC's own expectations, and the places of conversions.

use std::collections::BTreeMap;

use galleyproof::scripts::{Converter, scripts, variants};
use serde::Deserialize;

#[derive(Deserialize)]
struct Cases {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    input: String,
    expected: BTreeMap<String, String>,
}

#[test]
fn all_expectations_of_opencc_are_met() {
    let cases: Cases = serde_json::from_str(include_str!("../testdata/opencc/testcases.json")).unwrap();
    let mut converters = BTreeMap::new();
    let (mut met, mut missed) = (0, Vec::new());
    for case in &cases.cases {
        for (config, expected) in &case.expected {
            let converter = converters.entry(config.clone()).or_insert_with(|| Converter::script(config).unwrap());
            let found = converter.convert(&case.input);
            if found == *expected {
                met += 1;
            } else {
                missed.push(format!("{} {config}: {} → {found}, not {expected}", case.id, case.input));
            }
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
    assert_eq!(met, 543);
}

#[test]
fn places_make_the_converted_text() {
    let text = "头发白了，皇后在后面。里程碑鼠标软件，网络质量；面条、台湾的内存。abc\n干杯𠮷";
    for name in scripts() {
        let converter = Converter::script(name).unwrap();
        let (mut out, mut done) = (String::new(), 0);
        for place in converter.conversions(text) {
            assert!(place.span.start >= done);
            out += &text[done..place.span.start];
            out += &place.text;
            done = place.span.end;
        }
        out += &text[done..];
        assert_eq!(out, converter.convert(text), "{name}");
    }
}

#[test]
fn a_place_is_as_small_as_the_phrases_allow() {
    let converter = Converter::script("s2twp").unwrap();
    let places = converter.conversions("他的鼠标坏了");
    let found: Vec<_> = places.iter().map(|p| (&"他的鼠标坏了"[p.span.clone()], p.text.as_str(), p.phrase)).collect();
    assert_eq!(found, [("鼠标", "滑鼠", true), ("坏了", "壞了", true)]);
}

#[test]
fn variants_stay_within_the_script() {
    let tw = Converter::variants("tw").unwrap();
    assert_eq!(tw.convert("爲什麼在家裏喫飯，羣衆"), "為什麼在家裡吃飯，群眾");
    let hk = Converter::variants("hk").unwrap();
    assert_eq!(hk.convert("為什麼在家裡"), "為什麼在家裏");
    let mainland = Converter::variants("mainland").unwrap();
    assert_eq!(mainland.convert("為了群眾在家裡吃飯"), "爲了群衆在家裏吃飯");
    assert_eq!(variants(), ["hk", "mainland", "tw"]);
}

#[test]
fn errors_name_the_place() {
    let message = Converter::script("s2x").err().unwrap().to_string();
    assert!(message.contains("s2x") && message.contains("s2twp"), "{message}");
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(
        dir.path().join("own.json"),
        r#"{"segmentation":{"dict":{"type":"text","file":"own.txt"}},"conversion_chain":[{"dict":{"type":"text","file":"own.txt"}}]}"#,
    )
    .unwrap();
    std::fs::write(dir.path().join("own.txt"), "甲\t乙\n丙丁\n").unwrap();
    let message = Converter::from_folder(dir.path(), "own").err().unwrap().to_string();
    assert!(message.ends_with("own.txt:2: a row is a phrase, a tab, and what it becomes"), "{message}");
    std::fs::write(dir.path().join("own.txt"), "甲\t乙\n").unwrap();
    assert_eq!(Converter::from_folder(dir.path(), "own").unwrap().convert("甲丙"), "乙丙");
    assert!(Converter::from_folder(dir.path(), "../own").is_err());
}

/// Sentences in both scripts: what each conversion gets wrong, by class (`GALLEY_PAIRS=FILE`; columns: split, id, traditional, simplified).
/// With the feature `opencc` the library converts them too, and no class may be worse than its own.
#[test]
fn pairs_are_converted_no_worse_than_by_opencc() {
    let Some(path) = std::env::var_os("GALLEY_PAIRS") else {
        return println!("skipped: GALLEY_PAIRS=FILE names the sentence pairs");
    };
    let text = std::fs::read_to_string(path).unwrap();
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    for (row, number) in text.lines().zip(1..).skip(1) {
        let fields: Vec<&str> = row.split('\t').collect();
        let [_, _, traditional, simplified] = fields[..] else { panic!("line {number}: four columns expected") };
        pairs.push((traditional, simplified));
    }
    assert!(!pairs.is_empty());
    for config in ["t2s", "s2tw"] {
        let own = Converter::script(config).unwrap();
        let count = |convert: &dyn Fn(&str) -> String| {
            let mut classes = BTreeMap::new();
            for (traditional, simplified) in &pairs {
                let (from, to) = if config == "t2s" { (traditional, simplified) } else { (simplified, traditional) };
                count_errors(&convert(from), to, from, &own, &mut classes);
            }
            println!("{config}: {classes:?}");
            classes
        };
        let classes = count(&|text| own.convert(text));
        assert!(classes.contains_key("characters"));
        #[cfg(feature = "opencc")]
        {
            let library = galleyproof::scripts::OpenccEngine::new(config, None).unwrap();
            let theirs = count(&|text| library.convert(text).unwrap());
            assert!(classes.iter().all(|(class, n)| *class == "characters" || n <= theirs.get(class).unwrap_or(&0)), "{theirs:?}");
        }
    }
}

/// Counts the characters that are not those of the truth: where the dictionaries list several forms, where they list one, and sentences of
/// other length, which are not compared.
fn count_errors(found: &str, truth: &str, from: &str, lists: &Converter, classes: &mut BTreeMap<&'static str, usize>) {
    let (found, truth, from): (Vec<char>, Vec<char>, Vec<char>) =
        (found.chars().collect(), truth.chars().collect(), from.chars().collect());
    if found.len() != truth.len() || from.len() != truth.len() {
        *classes.entry("sentence of another length").or_default() += 1;
        return;
    }
    *classes.entry("characters").or_default() += found.len();
    for ((found, truth), from) in found.iter().zip(&truth).zip(&from).filter(|((a, b), _)| a != b) {
        let class = match () {
            () if found == from => "not converted",
            () if lists.is_ambiguous(*from) => "another of several forms",
            () if truth == from => "converted, and was to stay",
            () => "another form than listed",
        };
        *classes.entry(class).or_default() += 1;
    }
}

#[cfg(feature = "opencc")]
mod opencc {
    use super::*;
    use galleyproof::scripts::OpenccEngine;

    #[test]
    fn both_engines_meet_all_expectations() {
        let cases: Cases = serde_json::from_str(include_str!("../testdata/opencc/testcases.json")).unwrap();
        let mut engines = BTreeMap::new();
        let mut met = 0;
        for case in &cases.cases {
            for (config, expected) in &case.expected {
                let engine = engines.entry(config.clone()).or_insert_with(|| OpenccEngine::new(config, None).unwrap());
                assert_eq!(engine.convert(&case.input).unwrap(), *expected, "{} {config}", case.id);
                met += 1;
            }
        }
        assert_eq!(met, 543);
    }

    /// Byte for byte on running text: the sample page, and a folder of texts where one is named.
    #[test]
    fn both_engines_agree_on_news() {
        let mut texts = vec![std::fs::read_to_string("testdata/issues/kecheng-2022-07.txt").unwrap()];
        match std::env::var_os("GALLEY_TEXTS") {
            Some(folder) => {
                let files = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
                let mut files: Vec<_> = files.filter(|p| p.extension().is_some_and(|e| e == "txt")).collect();
                files.sort();
                texts.extend(files.iter().map(|p| std::fs::read_to_string(p).unwrap()));
            }
            None => println!("only the sample page: GALLEY_TEXTS=FOLDER names more texts"),
        }
        for config in ["s2t", "t2s", "s2tw", "s2twp", "tw2sp", "s2hk"] {
            let (own, library) = (Converter::script(config).unwrap(), OpenccEngine::new(config, None).unwrap());
            let traditional = Converter::script("s2t").unwrap();
            for text in &texts {
                let text = if config.starts_with('s') { text.clone() } else { traditional.convert(text) };
                assert!(own.convert(&text) == library.convert(&text).unwrap(), "{config} differs on a text of {} bytes", text.len());
            }
        }
    }
}
