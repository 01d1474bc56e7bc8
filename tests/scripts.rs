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

/// Rows of a dictionary in the order a person might write them.
type Rows = Vec<(String, String)>;

/// The whole algorithm as OpenCC's documentation tells it, with no regard to speed: the first dictionary that has a phrase wins, the
/// longest phrase in it; segments first, what stands between two of them is one as well.
fn plainly(text: &str, segmentation: &[&Rows], chain: &[Vec<&Rows>]) -> String {
    fn first<'a>(group: &[&'a Rows], rest: &str) -> Option<&'a (String, String)> {
        group.iter().find_map(|rows| rows.iter().filter(|(key, _)| rest.starts_with(key.as_str())).max_by_key(|(key, _)| key.len()))
    }
    let mut segments = vec![String::new()];
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let found = first(segmentation, rest).map(|(key, _)| key.len());
        match found {
            Some(len) => segments.extend([rest[..len].to_string(), String::new()]),
            None => segments.last_mut().unwrap().push(c),
        }
        rest = &rest[found.unwrap_or(c.len_utf8())..];
    }
    let convert = |text: String, group: &Vec<&Rows>| {
        let (mut out, mut rest) = (String::new(), text.as_str());
        while let Some(c) = rest.chars().next() {
            let found = first(group, rest);
            out.push_str(found.map_or(&rest[..c.len_utf8()], |(_, new)| new));
            rest = &rest[found.map_or(c.len_utf8(), |(key, _)| key.len())..];
        }
        out
    };
    segments.into_iter().map(|segment| chain.iter().fold(segment, convert)).collect()
}

#[test]
fn an_earlier_dictionary_wins_whatever_the_length() {
    // Small dictionaries over three characters, so that phrases begin and end in one another in all ways.
    let mut state = 1u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let dir = tempfile::tempdir().unwrap();
    for round in 0..400 {
        let mut word = |least: usize, most: usize| -> String {
            (0..least + random(most - least + 1)).map(|_| ['a', '中', '文'][random(3)]).collect()
        };
        let longest = [3, 1, 2, 3, 1, 4];
        let all: Vec<Rows> =
            longest.map(|most| (0..4).map(|_| (word(1, most), word(1, 3))).collect::<BTreeMap<_, _>>().into_iter().collect()).into();
        let texts: Vec<String> = (0..20).map(|_| word(0, 12)).collect();
        for (i, rows) in all.iter().enumerate() {
            let text: String = rows.iter().map(|(key, value)| format!("{key}\t{value}\n")).collect();
            std::fs::write(dir.path().join(format!("{i}.txt")), text).unwrap();
        }
        // With the dictionary of the segmentation at the head of the first step and characters beside it, and otherwise.
        for (segmentation, chain) in [
            (vec![0], vec![vec![0, 1], vec![2, 3, 4]]),
            (vec![0, 2], vec![vec![3, 5, 1], vec![2, 4], vec![5]]),
            (vec![0], vec![vec![0, 4, 1]]),
        ] {
            let group = |dictionaries: &Vec<usize>| {
                let files: Vec<_> = dictionaries.iter().map(|i| serde_json::json!({"type": "text", "file": format!("{i}.txt")})).collect();
                serde_json::json!({"dict": {"type": "group", "match_policy": "short_circuit", "dicts": files}})
            };
            let config =
                serde_json::json!({"segmentation": group(&segmentation), "conversion_chain": chain.iter().map(group).collect::<Vec<_>>()});
            std::fs::write(dir.path().join("own.json"), config.to_string()).unwrap();
            let converter = Converter::from_folder(dir.path(), "own").unwrap();
            let rows = |dictionaries: &Vec<usize>| dictionaries.iter().map(|i| &all[*i]).collect::<Vec<_>>();
            for text in &texts {
                let expected = plainly(text, &rows(&segmentation), &chain.iter().map(rows).collect::<Vec<_>>());
                assert_eq!(converter.convert(text), expected, "round {round}: {text} by {all:?} in {segmentation:?}, {chain:?}");
            }
        }
    }
}
