//! The archive index on the command line: what was reported as added is there, whatever happens.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

fn galley(args: &[&str], folder: &Path) -> (i32, String) {
    let out = Command::new(env!("CARGO_BIN_EXE_galley"))
        // A variable of this test, which galley would say it does not know.
        .env_remove("GALLEY_INDEX_KILLS")
        .args(args)
        .current_dir(folder)
        .output()
        .unwrap();
    (out.status.code().unwrap_or(-1), String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr))
}

/// Texts of words drawn letter by letter: no two have a stretch in common.
fn texts(from: usize, to: usize) -> String {
    let letter = |place: (usize, usize, usize)| {
        let mut hasher = DefaultHasher::new();
        place.hash(&mut hasher);
        char::from(b'a' + (hasher.finish() % 26) as u8)
    };
    let word = |n: usize, i: usize| (0..7).map(|k| letter((n, i, k))).collect::<String>();
    let text = |n: usize| (0..120).map(|i| word(n, i)).collect::<Vec<_>>().join(" ");
    (from..to).map(|n| format!("{{\"id\":\"t{n}\",\"text\":\"{}\"}}\n", text(n))).collect()
}

fn count(folder: &Path) -> u64 {
    let (code, out) = galley(&["index", "stats", "ar"], folder);
    assert_eq!(code, 0, "{out}");
    serde_json::from_str::<serde_json::Value>(&out).unwrap()["texts"].as_u64().unwrap()
}

#[test]
fn texts_are_added_found_replaced_and_removed() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    std::fs::write(dir.join("a.jsonl"), texts(0, 50)).unwrap();
    std::fs::write(dir.join("q.jsonl"), texts(7, 8).replace("\"t7\"", "\"new\"")).unwrap();
    assert_eq!(galley(&["index", "add", "ar", "a.jsonl"], dir), (0, "added 50\n".into()));
    let (_, found) = galley(&["index", "query", "ar", "q.jsonl"], dir);
    assert!(found.lines().count() == 1 && found.contains("\"kind\":\"exact\"") && found.contains("\"b\":\"t7\""), "{found}");
    assert_eq!(galley(&["index", "add", "ar", "a.jsonl"], dir).0, 0);
    assert_eq!(count(dir), 50, "texts of the same name take the place of the old ones");
    assert_eq!(galley(&["index", "remove", "ar", "--id", "t7"], dir), (0, "removed 1\n".into()));
    assert_eq!(galley(&["index", "query", "ar", "q.jsonl"], dir), (0, String::new()));
    assert_eq!(galley(&["index", "merge", "ar"], dir).0, 0);
    assert_eq!((count(dir), galley(&["index", "verify", "ar"], dir).0), (49, 0));
}

#[test]
fn indexes_of_shards_make_one() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    std::fs::write(dir.join("a.jsonl"), texts(0, 30)).unwrap();
    // Some texts are in both shards; one has been written anew.
    std::fs::write(dir.join("b.jsonl"), texts(20, 50) + &texts(90, 91).replace("\"t90\"", "\"t3\"")).unwrap();
    let all = texts(0, 50) + &texts(90, 91);
    std::fs::write(dir.join("q.jsonl"), all.replace("\"id\":\"t", "\"id\":\"q")).unwrap();
    for (index, input) in [("one", "a.jsonl"), ("two", "b.jsonl"), ("ar", "a.jsonl"), ("ar", "b.jsonl")] {
        assert_eq!(galley(&["index", "add", index, input], dir).0, 0);
    }
    assert_eq!(galley(&["index", "merge", "whole", "one", "two"], dir), (0, String::new()));
    let found = |index: &str| {
        let mut lines: Vec<String> = galley(&["index", "query", index, "q.jsonl"], dir).1.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(found("whole"), found("ar"));
    assert_eq!(found("whole").len(), 50, "the old text of t3 is gone");
    assert_eq!((found("one").len(), found("two").len()), (30, 31), "the shards stay as they are");
    assert_eq!(galley(&["index", "verify", "whole"], dir).0, 0);
    let (code, out) = galley(&["index", "merge", "whole", "whole"], dir);
    assert!(code == 2 && out.contains("whole is the index itself"), "{out}");
    let (code, out) = galley(&["index", "merge", "whole", "gone"], dir);
    assert!(code == 2 && out.contains("gone") && out.contains("holds no index"), "{out}");
}

#[test]
fn a_file_is_no_index() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    std::fs::write(dir.join("a.jsonl"), texts(0, 1)).unwrap();
    for args in [&["index", "add", "a.jsonl", "a.jsonl"][..], &["index", "stats", "a.jsonl"], &["check", "a.jsonl", "--archive", "a.jsonl"]]
    {
        let (code, out) = galley(args, dir);
        assert!(code == 2 && out.contains("a.jsonl: is a file; the folder of the index comes first"), "{out}");
    }
}

#[test]
fn a_damaged_index_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    std::fs::write(dir.join("a.jsonl"), texts(0, 20)).unwrap();
    galley(&["index", "add", "ar", "a.jsonl"], dir);
    let run = dir.join("ar/run-00000001");
    let sound = std::fs::read(&run).unwrap();
    let mut bytes = sound.clone();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&run, &bytes).unwrap();
    let (code, out) = galley(&["index", "verify", "ar"], dir);
    assert!(code == 2 && out.contains("checksum"), "{out}");
    bytes = sound;
    bytes[8] = 9;
    std::fs::write(&run, &bytes).unwrap();
    let (code, out) = galley(&["index", "stats", "ar"], dir);
    assert!(code == 2 && out.contains("version 9"), "{out}");
}

#[test]
fn a_writer_killed_at_any_moment_loses_nothing_it_reported() {
    // `GALLEY_INDEX_KILLS=100 cargo test --test index killed` for a long run.
    let rounds: u32 = std::env::var("GALLEY_INDEX_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(16).max(4);
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    std::fs::write(dir.join("a.jsonl"), texts(0, 40)).unwrap();
    // The kills are spread over the time that one undisturbed run takes here and now, and a little more.
    let begun = Instant::now();
    assert_eq!(galley(&["index", "add", "ar", "a.jsonl", "-j1"], dir).0, 0);
    let whole = begun.elapsed();
    let mut sure = 40;
    for round in 1..=rounds {
        let from = round as usize * 40;
        std::fs::write(dir.join("a.jsonl"), texts(from, from + 40)).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_galley"))
            .args(["index", "add", "ar", "a.jsonl", "-j1"])
            .current_dir(dir)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        std::thread::sleep(whole * round / (rounds - rounds / 8));
        let _ = child.kill();
        child.wait().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let now = count(dir);
        assert!(now == sure || now == sure + 40, "half of a batch: {sure} {now}");
        assert!(!line.starts_with("added") || now == sure + 40, "reported and lost");
        sure = now;
    }
    assert_eq!(galley(&["index", "verify", "ar"], dir).0, 0);
    // The next writer is kept from nothing by what the killed ones left.
    std::fs::write(dir.join("a.jsonl"), texts(0, 10)).unwrap();
    assert_eq!(galley(&["index", "add", "ar", "a.jsonl"], dir), (0, "added 10\n".into()));
    assert_eq!(count(dir), sure);
}
