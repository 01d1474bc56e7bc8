//! Training break models on labelled text, and using what came out.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

/// Openings and continuations of made-up briefs: `A，B | C。` is a join between B and C, the next brief a paragraph.
const PLACES: [&str; 6] = ["青石镇", "白沙乡", "石桥村", "东门街道", "柳林镇", "河口乡"];
const THINGS: [(&str, &str); 5] = [
    ("今年新修水渠四十里，沿线农田都能及时灌", "溉，预计每亩增产五十公斤。"),
    ("把闲置校舍改建成养老院，首批入住老人三十", "多名，都有专人照料。"),
    ("组织农技人员下乡指导，春耕进度比去年同期", "加快，早稻已经全部播完。"),
    ("投资修建文化站，农闲时节请来剧团演", "出，吸引了邻近各村的居民。"),
    ("开通到县城的公共汽车，沿途设立停靠站十", "二个，村民进城十分方便。"),
];

fn galley(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_galley")).current_dir(dir).args(args).output().expect("galley starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8 output")
}

/// A folder `gold` with labelled texts.
fn labelled() -> TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    let gold = dir.path().join("gold");
    fs::create_dir(&gold).expect("a folder");
    for (i, place) in PLACES.iter().enumerate() {
        let (mut page, mut rows) = (String::new(), "line_a\tline_b\tkind\n".to_owned());
        for (j, (before, after)) in THINGS.iter().enumerate() {
            let _ = write!(page, "{place}{before}\n\n{after}\n\n");
            let line = 4 * j + 1;
            let _ = writeln!(rows, "{line}\t{}\tjoin", line + 2);
            if j + 1 < THINGS.len() {
                let _ = writeln!(rows, "{}\t{}\tpara", line + 2, line + 4);
            }
        }
        fs::write(gold.join(format!("{i}.txt")), page).expect("a file");
        fs::write(gold.join(format!("{i}.gold.tsv")), rows).expect("a file");
    }
    dir
}

#[test]
fn trained_weights_are_written_and_used() {
    let dir = labelled();
    let out = galley(dir.path(), &["train", "gold", "--out", "weights"]);
    assert_eq!((text(&out.stdout).as_str(), text(&out.stderr).as_str()), ("weights/han/breaks.tsv\n", ""));
    let file = fs::read_to_string(dir.path().join("weights/han/breaks.tsv")).expect("weights");
    let version = env!("CARGO_PKG_VERSION");
    let head = format!("# Trained by galley {version} from the weights in the binary\n# gold: 6 texts, 30 join, 24 para\n");
    assert!(file.starts_with(&head), "{file}");
    // Thirty joins are too few to measure a threshold on.
    let threshold = |tsv: &str| tsv.lines().find(|l| l.starts_with("threshold-safe")).map(str::to_owned);
    assert_eq!(threshold(&file), threshold(include_str!("../dictionaries/han/breaks.tsv")));

    let out = galley(dir.path(), &["evaluate", "gold", "--weights", "weights"]);
    assert!(text(&out.stdout).contains("join     1.0000     1.0000  1.0000  30"), "{}", text(&out.stdout));
    assert!(text(&out.stderr).contains("no han/lines.tsv, latin/words-de.tsv"), "{}", text(&out.stderr));

    assert_eq!(galley(dir.path(), &["clean", "gold/0.txt", "--out", "clean", "--weights", "weights"]).status.code(), Some(0));
    let record = fs::read_to_string(dir.path().join("clean/galley-run.json")).expect("a record");
    assert!(record.contains("\"weights_hash\":\""), "{record}");
}

#[test]
fn training_twice_gives_the_same_bytes() {
    let dir = labelled();
    for (out, scratch) in [("one", false), ("two", false), ("three", true)] {
        let mut args = vec!["train", "gold", "--out", out];
        args.extend(scratch.then_some("--from-scratch"));
        assert_eq!(galley(dir.path(), &args).status.code(), Some(0));
    }
    let read = |folder: &str| fs::read_to_string(dir.path().join(folder).join("han/breaks.tsv")).expect("weights");
    assert_eq!(read("one"), read("two"));
    assert!(read("three").starts_with(&format!("# Trained by galley {} from nothing\n", env!("CARGO_PKG_VERSION"))));
    assert_ne!(read("one"), read("three"));
}

#[test]
fn evaluate_trains_on_the_others() {
    let dir = labelled();
    let half = dir.path().join("half");
    fs::create_dir(&half).expect("a folder");
    for file in ["4.txt", "4.gold.tsv", "5.txt", "5.gold.tsv"] {
        fs::rename(dir.path().join("gold").join(file), half.join(file)).expect("a file");
    }
    let out = galley(dir.path(), &["evaluate", "--cross", "gold", "half"]);
    assert_eq!((text(&out.stderr).as_str(), out.status.code()), ("", Some(0)));
    let tables = text(&out.stdout);
    assert_eq!(tables.matches("  join     1.0000").count(), 3, "{tables}");
    assert!(tables.contains("calibration cannot be told"), "{tables}");
    let out = galley(dir.path(), &["evaluate", "--cross", "gold"]);
    assert!(text(&out.stderr).contains("two GOLD arguments") && out.status.code() == Some(2));
}

#[test]
fn what_is_wrong_with_weights_is_said() {
    let dir = labelled();
    fs::create_dir_all(dir.path().join("weights/latin")).expect("a folder");
    let refuses = |message: &str| {
        for args in [&["check", "gold/0.txt", "--weights", "weights"][..], &["explain", "--at", "gold/0.txt:1", "--weights", "weights"]] {
            let out = galley(dir.path(), args);
            let said = text(&out.stderr);
            assert!(said.contains(message) && out.status.code() == Some(2), "{args:?}: {said}");
        }
    };
    refuses("weights: no weights here: `galley train GOLD --out DIR` writes them");
    let file = dir.path().join("weights/latin/words-en.tsv");
    fs::write(&file, "# ours\nsign:bias\t0.5\nsing:bias\t1\n").expect("a file");
    refuses("weights/latin/words-en.tsv:3: a row begins with one of sign, mark, bare, hyphen, and a colon");
    fs::write(&file, "# ours\nsign:bias\thalf\n").expect("a file");
    refuses("weights/latin/words-en.tsv:2: sign: `half` is not a number");
    fs::write(&file, "sign:bias\t0.5\n").expect("a file");
    refuses("weights/latin/words-en.tsv: sign: threshold-review and threshold-safe must be given");
}

#[test]
fn gold_that_teaches_nothing_is_refused() {
    let dir = tempfile::tempdir().expect("a folder");
    fs::write(dir.path().join("a.txt"), "只有一行。\n").expect("a file");
    fs::write(dir.path().join("a.gold.tsv"), "line_a\tline_b\tkind\n1\t2\tjoin\n").expect("a file");
    let out = galley(dir.path(), &["train", "a.gold.tsv", "--out", "weights"]);
    assert!(text(&out.stderr).contains("no boundary to learn from") && out.status.code() == Some(2), "{}", text(&out.stderr));
    fs::create_dir(dir.path().join("empty")).expect("a folder");
    let out = galley(dir.path(), &["train", "empty", "--out", "weights"]);
    assert!(text(&out.stderr).contains("empty: no *.gold.tsv in this folder") && out.status.code() == Some(2));
    assert!(!dir.path().join("weights").exists());
}
