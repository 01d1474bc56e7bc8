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
