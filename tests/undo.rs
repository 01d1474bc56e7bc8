//! What `clean` wrote can be taken back, byte for byte.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn galley(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_galley")).current_dir(dir).args(args).output().expect("galley starts")
}

fn told(out: &Output) -> String {
    String::from_utf8_lossy(&[&out.stdout[..], &out.stderr[..]].concat()).into_owned()
}

fn texts(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").path()) {
        match entry.is_dir() {
            true => texts(&entry, found),
            false if entry.extension().is_some_and(|e| e == "txt") => found.push(entry),
            false => {}
        }
    }
}

#[test]
fn every_fixture_comes_back() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    let mut found = Vec::new();
    texts(&root, &mut found);
    assert!(found.len() > 50);
    for keep_encoding in [false, true] {
        let dir = tempfile::tempdir().expect("a folder");
        let copies: Vec<(PathBuf, Vec<u8>)> = found
            .iter()
            .enumerate()
            .map(|(i, path)| {
                let (copy, bytes) = (dir.path().join(format!("text-{i}x.txt")), fs::read(path).expect("a fixture"));
                fs::write(&copy, &bytes).expect("a copy");
                (copy, bytes)
            })
            .collect();
        let encoding: &[&str] = if keep_encoding { &["--keep-encoding"] } else { &[] };
        galley(dir.path(), &[&["clean", ".", "--write", "--apply", "all", "--quiet"], encoding].concat());
        assert!(copies.iter().filter(|(p, b)| fs::read(p).expect("a copy") != *b).count() > 20, "something was repaired");
        let out = galley(dir.path(), &["undo", "galley-applied.jsonl"]);
        assert_eq!(out.status.code(), Some(0), "{}", told(&out));
        for (path, bytes) in &copies {
            assert!(fs::read(path).expect("a copy") == *bytes, "{}", path.display());
        }
    }
}

#[test]
fn two_runs_are_undone_and_a_changed_file_is_refused_as_a_whole() {
    let broken = "The chairman of the com-\nmittee spoke on Monday, and the\nmembers agreed with him.\n";
    let dir = tempfile::tempdir().expect("a folder");
    let file = |name: &str| dir.path().join(name);
    for name in ["a.txt", "b.txt"] {
        fs::write(file(name), broken).expect("a file");
    }
    galley(dir.path(), &["clean", ".", "--write", "--select", "split-word", "--apply", "all"]);
    galley(dir.path(), &["clean", ".", "--write", "--apply", "all"]);
    let cleaned = fs::read(file("a.txt")).expect("a file");
    assert_ne!(cleaned, broken.as_bytes());
    fs::write(file("b.txt"), "someone else was here\n").expect("a file");
    let out = galley(dir.path(), &["undo", "galley-applied.jsonl"]);
    assert_eq!(out.status.code(), Some(2));
    assert!(told(&out).contains("b.txt"), "{}", told(&out));
    assert_eq!(fs::read(file("a.txt")).expect("a file"), cleaned, "all or nothing");
    fs::write(file("b.txt"), &cleaned).expect("a file");
    let out = galley(dir.path(), &["undo", "galley-applied.jsonl"]);
    assert_eq!(out.status.code(), Some(0), "{}", told(&out));
    assert_eq!(fs::read(file("a.txt")).expect("a file"), broken.as_bytes());
    assert_eq!(galley(dir.path(), &["undo", "galley-applied.jsonl"]).status.code(), Some(0), "twice is once");
}

/// Pieces of text and of damage, and line ends of every kind.
const PIECES: [&str; 34] = [
    "会议指出",
    "青溪镇",
    "，",
    "。",
    "示",
    "范",
    "今天",
    "记者 ",
    " 方心怡",
    "\u{200b}",
    ",",
    "......",
    "--",
    "\"",
    "一一",
    "⼈",
    "The com-",
    "mittee",
    " met on Monday",
    "Vor-",
    "sitzende ",
    "und die",
    "ſ",
    "e\u{301}",
    "\n",
    "\n\n",
    "\r\n",
    "\r\n\r\n",
    "\r",
    "\u{c}",
    "  ",
    "（",
    "）",
    "（下转2版）",
];

/// Numbers that look random and are the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }
}

/// The bytes of a file in one of several encodings; one in eight is not quite in any.
fn file(chance: &mut Chance) -> Vec<u8> {
    let text: String = (0..chance.below(60)).map(|_| PIECES[chance.below(PIECES.len())]).collect();
    match chance.below(8) {
        0 => [&b"\xEF\xBB\xBF"[..], text.as_bytes()].concat(),
        1 => encoding_rs::GB18030.encode(&text).0.into_owned(),
        2 => [&b"\xFF\xFE"[..], &text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()].concat(),
        3 => {
            let mut bytes = text.into_bytes();
            let at = chance.below(bytes.len() + 1);
            bytes.insert(at, 0xFF);
            bytes
        }
        _ => text.into_bytes(),
    }
}

/// `GALLEY_TEST_BATCHES=1000 cargo test --test undo` takes a minute; a tenth of it runs always.
#[test]
fn random_batches_come_back() {
    use galleyproof::dictionary::Dictionaries;
    use galleyproof::edit::Applicability;
    use galleyproof::pipeline::{Settings, process};
    use galleyproof::read::{ReadOptions, read_issue};
    use galleyproof::review::applied::{AppliedLog, undo};
    use galleyproof::rules::Layout;
    use galleyproof::write::cleaned::{Cleaned, cleaned};
    use galleyproof::write::encode::RenderOptions;
    use galleyproof::write::files::rewrite;

    let batches: u64 = std::env::var("GALLEY_TEST_BATCHES").ok().map_or(100, |n| n.parse().expect("a number"));
    let dictionaries = Dictionaries::builtin();
    let (mut written, mut refused) = (0, 0);
    for seed in 1..=batches {
        let mut chance = Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let dir = tempfile::tempdir().expect("a folder");
        // One in three batches is an issue of several pages.
        let name = if chance.below(3) == 0 { |i: usize| format!("p{i}.txt") } else { |i: usize| format!("text {i}x.txt") };
        let before: Vec<(PathBuf, Vec<u8>)> = (1..2 + chance.below(4)).map(|i| (dir.path().join(name(i)), file(&mut chance))).collect();
        before.iter().for_each(|(path, bytes)| fs::write(path, bytes).expect("a file"));
        let settings = Settings {
            apply: if chance.below(2) == 0 { Applicability::Safe } else { Applicability::Review },
            layout: if chance.below(3) == 0 { Layout::Lines } else { Layout::Paragraphs },
            ..Settings::default()
        };
        let options = RenderOptions { keep_encoding: chance.below(2) == 0, ..RenderOptions::default() };
        let (inputs, _) = galleyproof::inputs::collect(&[dir.path().to_owned()], &Default::default());
        let log = dir.path().join("galley-applied.jsonl");
        let applied = AppliedLog::open(log.clone(), false).expect("a log");
        for input in &inputs {
            let processed = process(read_issue(input, &ReadOptions::default()).issue, &dictionaries, &settings);
            for (i, source) in processed.read.sources.iter().enumerate() {
                if source.bytes.is_unread() {
                    continue;
                }
                let Ok(Cleaned { bytes, changed, places, .. }) = cleaned(&processed, i, options) else {
                    refused += 1;
                    continue;
                };
                if !changed {
                    continue;
                }
                let original = source.bytes.original(&processed.read.text[source.span.clone()]);
                applied.add(&source.path, &source.path, &original, &bytes, &places).expect("logged");
                rewrite(&source.path, &original, &bytes).expect("written");
                written += 1;
            }
        }
        applied.finish().expect("a log");
        if log.exists() {
            undo(&log).expect("undone");
        }
        for (path, bytes) in &before {
            assert!(fs::read(path).expect("a file") == *bytes, "batch {seed}: {}", path.display());
        }
    }
    println!("{batches} batches: {written} files written and restored, {refused} refused");
    assert!(written as u64 > batches / 2, "{written} files were written");
}
