//! The linter of `dictionaries/`, look-ups everyone relies on, and properties of counted words.

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Instant;

use galleyproof::dictionary::{Dictionaries, IssueWords, Vocabulary, VocabularyBuilder, fold_han_text, fold_latin};
use galleyproof::model::Language;
use proptest::prelude::*;
use unicode_normalization::is_nfc;

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

#[test]
fn every_file_is_sorted_unique_nfc_and_in_the_readme() {
    let root = Path::new("dictionaries");
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    for path in files(root) {
        let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
        assert!(name == "README.md" || readme.contains(&format!("`{name}`")), "README.md does not say what {name} is");
        if path.extension().is_none_or(|e| e != "tsv" && e != "txt") || name.starts_with("licenses/") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let columns = text.lines().next().map_or(0, |row| row.split('\t').count());
        let mut last: Vec<&str> = Vec::new();
        for (row, number) in text.lines().zip(1..) {
            let place = || format!("{name}:{number}: {row:?}");
            let fields: Vec<&str> = row.split('\t').collect();
            assert_eq!(fields.len(), columns, "{}: columns", place());
            assert!(fields.iter().all(|f| !f.is_empty() && f.trim() == *f), "{}: empty or padded field", place());
            assert!(is_nfc(row), "{}: not NFC", place());
            assert!(fields > last, "{}: not after {last:?}", place());
            last = fields;
        }
    }
}

#[test]
fn every_row_is_found_with_its_frequency() {
    let dictionaries = Dictionaries::builtin();
    for (language, folder) in [(Language::De, "de"), (Language::En, "en"), (Language::Fr, "fr"), (Language::ZhHans, "zh")] {
        let lexicon = dictionaries.lexicon(language).unwrap();
        for row in fs::read_to_string(format!("dictionaries/{folder}/words.tsv")).unwrap().lines() {
            let mut fields = row.split('\t');
            let (word, number) = (fields.next().unwrap(), fields.next().unwrap().parse::<f32>().unwrap());
            let zipf = lexicon.zipf(word);
            let expected = if folder == "zh" { (number.max(1.0) / 60_101_967.0).log10() + 9.0 } else { number / 100.0 };
            assert!(zipf.is_some_and(|z| (z - expected).abs() < 0.01), "{folder} {word}: {zipf:?}, expected {expected}");
            assert!(lexicon.is_prefix(word), "{word}");
            assert!(folder == "zh" || fold_latin(word) == word, "{word} is not folded");
        }
    }
}

#[test]
fn sample_words() {
    let dictionaries = Dictionaries::builtin();
    let zipf = |language, word: &str| dictionaries.lexicon(language).unwrap().zipf(word).unwrap_or(0.0);
    for (language, words) in [
        (Language::De, "Verwaltung Straße daß Weihnachtsbeleuchtung für Theil"),
        (Language::En, "committee reconstruction don’t Wednesday colour"),
        (Language::Fr, "cœur aujourd’hui gouvernement État général"),
    ] {
        for word in words.split(' ') {
            assert!(zipf(language, &fold_latin(word)) > 2.0, "{word}");
        }
        for part in "verwal mittee commit- gouverne- tung- l'amour".split(' ') {
            assert!(zipf(language, part) < 2.0, "{part}");
        }
    }
    for word in ["示范", "人民", "中华人民共和国", "头发"] {
        assert!(zipf(Language::Zh, word) > 2.0, "{word}");
    }
    assert!(zipf(Language::ZhHant, &fold_han_text("頭髮")) > 2.0);
    assert!(dictionaries.lexicon(Language::Unknown).is_none());
    assert!(dictionaries.vocabulary().is_none());
}

/// Words no list has are not found, but for hash collisions that are rarer than this can see.
#[test]
fn no_false_words() {
    let dictionaries = Dictionaries::builtin();
    for language in [Language::De, Language::En, Language::Fr] {
        let lexicon = dictionaries.lexicon(language).unwrap();
        assert_eq!((0..1_000_000).filter(|i| lexicon.contains(&format!("q{i}x"))).count(), 0);
    }
}

proptest! {
    #[test]
    fn counts_are_those_of_a_plain_count(words in prop::collection::vec("[a-cA-CäÖéſ]{1,3}", 0..60)) {
        let text: String = words.iter().map(|word| format!("({word}) ")).collect();
        let counted = IssueWords::new(&text);
        for word in &words {
            let folded = fold_latin(word);
            let expected = words.iter().filter(|w| fold_latin(w) == folded).count() as u32;
            prop_assert_eq!(counted.count(word), expected);
            prop_assert_eq!(counted.inner_count(word), expected);
        }
    }

    #[test]
    fn any_text_is_counted_without_panic_and_cut_words_are_not(text in "[a-c\u{e4}\u{ad}\u{ac}’'=\\-\n \u{4e2d}\u{301}0]{0,80}") {
        let counted = IssueWords::new(&format!("{text}\nzzz-\nyyy {text}"));
        prop_assert_eq!(counted.count("zzz") + counted.count("yyy") + counted.count("zzzyyy"), 0);
    }

    #[test]
    fn vocabulary_round_trip(texts in prop::collection::vec("([a-dA-Dé]{1,4}[ \n,’-]){0,30}", 0..5)) {
        let build = |texts: &mut dyn Iterator<Item = &String>| {
            let mut whole = VocabularyBuilder::new();
            for text in texts {
                let mut part = VocabularyBuilder::new();
                part.add_text(text, Language::Fr);
                whole.merge(part);
            }
            let mut out = Vec::new();
            whole.write(&mut out).unwrap();
            out
        };
        let file = build(&mut texts.iter());
        prop_assert_eq!(&file, &build(&mut texts.iter().rev()));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vocabulary.tsv");
        fs::write(&path, &file).unwrap();
        let vocabulary = Vocabulary::load(&path).unwrap();
        prop_assert_eq!(vocabulary.hash().len(), 64);
        for row in std::str::from_utf8(&file).unwrap().lines().skip(1) {
            let (word, count) = row.split_once('\t').unwrap();
            prop_assert_eq!(vocabulary.count(word), count.parse::<u32>().unwrap());
        }
    }
}

#[test]
fn vocabulary_errors_name_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("words.tsv");
    assert!(Vocabulary::load(&path).unwrap_err().to_string().starts_with(&path.display().to_string()));
    fs::write(&path, "nothing\n").unwrap();
    assert!(Vocabulary::load(&path).unwrap_err().to_string().starts_with(&format!("{}:1: ", path.display())));
}

/// `cargo test --release --test dictionaries -- --ignored --nocapture speed`; `GALLEY_SPEED_TEXT` names a file to count instead of
/// the words of the list.
#[test]
#[ignore = "measures"]
fn speed() {
    let dictionaries = Dictionaries::builtin();
    for (language, folder) in [(Language::De, "de"), (Language::En, "en"), (Language::Zh, "zh")] {
        let lexicon = dictionaries.lexicon(language).unwrap();
        let text = fs::read_to_string(format!("dictionaries/{folder}/words.tsv")).unwrap();
        let mut words: Vec<&str> = text.lines().map(|row| row.split('\t').next().unwrap()).collect();
        // Any order that is not the file's.
        words.sort_by_cached_key(|word| word.bytes().fold(7, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)));
        let missing: Vec<String> = words.iter().map(|word| format!("{word}q")).collect();
        let n = words.len();
        time(&format!("{folder} zipf, words"), n, || words.iter().for_each(|w| _ = black_box(lexicon.zipf(w))));
        time(&format!("{folder} zipf, no words"), n, || missing.iter().for_each(|w| _ = black_box(lexicon.zipf(w))));
        time(&format!("{folder} is_prefix"), n, || words.iter().for_each(|w| _ = black_box(lexicon.is_prefix(w))));
        if folder == "zh" {
            let (text, han) = (words.concat(), dictionaries.han());
            let n = text.chars().count();
            time("zh words_at, a character", n, || {
                text.char_indices().for_each(|(at, _)| _ = black_box(lexicon.words_at(&text[at..]).count()));
            });
            time("zh inside, a pair", n, || {
                text.chars().zip(text.chars().skip(1)).for_each(|(a, b)| _ = black_box(han.inside(a, b)));
            });
        } else {
            let text = std::env::var("GALLEY_SPEED_TEXT").map_or_else(|_| words.join(" "), |path| fs::read_to_string(path).unwrap());
            time("IssueWords::new, a byte", text.len(), || _ = black_box(IssueWords::new(&text)));
        }
    }
}

fn time(name: &str, n: usize, mut run: impl FnMut()) {
    let best = (0..6).map(|_| (Instant::now(), run()).0.elapsed()).min().unwrap();
    println!("{name:26} {:7.1} ns, {:4.0} M/s", best.as_nanos() as f64 / n as f64, n as f64 / best.as_secs_f64() / 1e6);
}
