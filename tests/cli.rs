//! The command line as its users meet it.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

const BROKEN: &str = "The chairman of the com-\nmittee spoke on Monday, and the\nmembers agreed with him.\n";
const WHOLE: &str = "The chairman of the committee spoke on Monday, and the members agreed with him.\n";

fn galley(dir: &Path, args: &[&str]) -> Output {
    galley_with(dir, args, b"")
}

fn galley_with(dir: &Path, args: &[&str], stdin: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_galley"))
        .current_dir(dir)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("galley starts");
    // A command that refuses its arguments closes standard input early.
    let _ = child.stdin.take().expect("a pipe").write_all(stdin);
    child.wait_with_output().expect("galley ends")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8 output")
}

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    for (name, bytes) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }
    dir
}

#[test]
fn filters_standard_input() {
    let dir = folder(&[]);
    let out = galley_with(dir.path(), &["clean", "-", "--apply", "all"], BROKEN.as_bytes());
    assert_eq!((text(&out.stdout).as_str(), out.status.code()), (WHOLE, Some(0)));
}

#[test]
fn clean_on_a_folder_asks_what_to_do() {
    let dir = folder(&[("a.txt", BROKEN.as_bytes())]);
    let out = galley(dir.path(), &["clean", "."]);
    assert_eq!(out.status.code(), Some(2));
    let message = text(&out.stderr);
    assert!(["--out", "--write", "--diff", "--check"].iter().all(|flag| message.contains(flag)), "{message}");
    assert_eq!(fs::read(dir.path().join("a.txt")).unwrap(), BROKEN.as_bytes());
}

#[test]
fn out_mirrors_the_tree_and_leaves_a_record() {
    let dir = folder(&[("in/1901/a.txt", BROKEN.as_bytes()), ("in/b.txt", b"Whole already.\n")]);
    let out = galley(dir.path(), &["clean", "in", "--out", "out", "--apply", "all"]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    assert_eq!(fs::read_to_string(dir.path().join("out/1901/a.txt")).unwrap(), WHOLE);
    assert_eq!(fs::read_to_string(dir.path().join("out/b.txt")).unwrap(), "Whole already.\n");
    let record: serde_json::Value = serde_json::from_slice(&fs::read(dir.path().join("out/galley-run.json")).unwrap()).unwrap();
    assert_eq!(record["inputs"].as_array().unwrap().len(), 2);
    assert_eq!(record["inputs"][0]["blake3"], blake3::hash(BROKEN.as_bytes()).to_hex().as_str());
    assert_eq!(record["rules"]["split-word"]["applied"], 1);
    assert_eq!(record["changed_files"], 1);
}

#[test]
fn write_repairs_in_place_and_leaves_whole_files_alone() {
    let dir = folder(&[("a.txt", BROKEN.as_bytes()), ("b.txt", b"Whole already.\n")]);
    let before = fs::metadata(dir.path().join("b.txt")).unwrap().modified().unwrap();
    assert_eq!(galley(dir.path(), &["clean", ".", "--write", "--apply", "all"]).status.code(), Some(0));
    assert_eq!(fs::read_to_string(dir.path().join("a.txt")).unwrap(), WHOLE);
    assert_eq!(fs::metadata(dir.path().join("b.txt")).unwrap().modified().unwrap(), before);
    let again = galley(dir.path(), &["clean", ".", "--check", "--apply", "all"]);
    assert_eq!(again.status.code(), Some(0), "a cleaned folder is clean: {}", text(&again.stdout));
}

#[test]
fn check_flag_tells_and_touches_nothing() {
    let dir = folder(&[("a.txt", BROKEN.as_bytes())]);
    let out = galley(dir.path(), &["clean", ".", "--check", "--apply", "all"]);
    assert_eq!(out.status.code(), Some(1));
    assert!(text(&out.stdout).contains("would change ./a.txt"), "{}", text(&out.stdout));
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    assert_eq!(fs::read(dir.path().join("a.txt")).unwrap(), BROKEN.as_bytes());
}

#[test]
fn git_applies_the_diff() {
    let han = "区四套班子领导要带头示\r\n\r\n范，当好支持者、参与者，不当评论者、空谈者、反对者；领导干部要以身作则，无条件配合支持全区重点工作。";
    let files: [(&str, &[u8]); 3] = [("a b.txt", BROKEN.as_bytes()), ("报/第1张.txt", han.as_bytes()), ("c.txt", b"The com-\nmittee met")];
    let dir = folder(&files);
    let git = |args: &[&str]| Command::new("git").current_dir(dir.path()).args(args).output().expect("git runs");
    assert!(git(&["init", "-q"]).status.success());
    let diff = galley(dir.path(), &["clean", ".", "--diff", "--apply", "all"]);
    assert_eq!(diff.status.code(), Some(0), "{}", text(&diff.stderr));
    fs::write(dir.path().join("d.patch"), &diff.stdout).unwrap();
    let applied = git(&["apply", "--whitespace=nowarn", "d.patch"]);
    assert!(applied.status.success(), "{}\n{}", text(&applied.stderr), text(&diff.stdout));
    assert_eq!(fs::read_to_string(dir.path().join("a b.txt")).unwrap(), WHOLE);
    assert_eq!(fs::read_to_string(dir.path().join("报/第1张.txt")).unwrap(), han.replace("\r\n\r\n", ""));
    assert_eq!(fs::read_to_string(dir.path().join("c.txt")).unwrap(), "The committee met");
}

#[test]
fn results_do_not_depend_on_the_number_of_workers() {
    let files: Vec<(String, String)> =
        (0..40).map(|i| (format!("{i}/a{i}.txt"), BROKEN.repeat(i % 7 + 1) + "\n\nNew paragraph.\n")).collect();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(n, t)| (n.as_str(), t.as_bytes())).collect();
    let dir = folder(&files);
    for args in [["check", ".", "--format", "jsonl"], ["check", ".", "--format", "human"], ["clean", ".", "--diff", "--apply=all"]] {
        let run = |jobs| galley(dir.path(), &[&args[..], &["-j", jobs]].concat()).stdout;
        let one = run("1");
        assert!(!one.is_empty());
        assert!(one == run("2") && one == run("7"), "{args:?}");
    }
}

#[test]
fn a_broken_file_is_a_finding_and_the_rest_is_done() {
    let dir = folder(&[("in/a.txt", BROKEN.as_bytes()), ("in/b.txt", b"PK\x03\x04\0\0\0\0\0"), ("in/c.txt", BROKEN.as_bytes())]);
    let out = galley(dir.path(), &["clean", "in", "--out", "out", "--apply", "all", "--format", "jsonl"]);
    assert_eq!(out.status.code(), Some(2));
    let records: Vec<serde_json::Value> = text(&out.stdout).lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    let finding = records.iter().find(|r| r["kind"] == "finding").expect("a finding");
    assert_eq!((finding["rule"].as_str(), finding["path"].as_str()), (Some("unreadable-file"), Some("in/b.txt")));
    assert!(dir.path().join("out/a.txt").exists() && dir.path().join("out/c.txt").exists() && !dir.path().join("out/b.txt").exists());
}

#[test]
fn records_name_place_evidence_and_outcome() {
    let dir = folder(&[("a.txt", "\u{feff}Zürich. The chair of the com-\r\nmittee spoke.\r\n".as_bytes())]);
    let out = galley(dir.path(), &["check", "a.txt", "--format", "jsonl"]);
    let record: serde_json::Value = serde_json::from_str(text(&out.stdout).lines().next().expect("a record")).unwrap();
    assert_eq!(record["kind"], "change");
    assert_eq!((record["line"].as_u64(), record["column"].as_u64()), (Some(1), Some(29)));
    // Bytes of the file on disk: the byte order mark, ü and \r\n counted.
    assert_eq!(record["span"], serde_json::json!([32, 35]));
    assert_eq!(record["context"][1], "mittee s");
    assert!(!record["evidence"].as_array().unwrap().is_empty());
    assert_eq!(record["outcome"], "applied");
}

#[test]
fn missing_paths_unknown_rules_and_languages_are_named() {
    let dir = folder(&[("a.txt", b"One.\n")]);
    let cases: [(&[&str], &str); 5] = [
        (&["check", "nowhere.txt"], "nowhere.txt"),
        (&["check", "a.txt", "--select", "split-wrod"], "split-word"),
        (&["explain", "splitword"], "split-word"),
        (&["check", "a.txt", "--language", "xx"], "zh-Hans"),
        (&["check", "a.txt", "--vocabulary", "none.tsv"], "none.tsv"),
    ];
    for (args, expected) in cases {
        let out = galley(dir.path(), args);
        assert_eq!(out.status.code(), Some(2), "{args:?}");
        assert!(text(&out.stderr).contains(expected), "{args:?}: {}", text(&out.stderr));
    }
}

#[test]
fn select_and_ignore_choose_rules() {
    let dir = folder(&[]);
    let text = "The chair of the com-\nmittee spoke on Monday, and\nthe members agreed.\n";
    let run = |args: &[&str]| galley_with(dir.path(), &[&["clean", "-", "--apply", "all"], args].concat(), text.as_bytes()).stdout;
    assert_eq!(run(&["--select", "split-word"]), b"The chair of the committee spoke on Monday, and\nthe members agreed.\n");
    assert_eq!(run(&["--ignore", "split-word,broken-paragraph"]), text.as_bytes());
}

#[test]
fn the_layout_of_lines_only_moves_the_tail_of_a_word() {
    let dir = folder(&[]);
    let out = galley_with(dir.path(), &["clean", "-", "--layout", "lines"], BROKEN.as_bytes());
    assert_eq!(text(&out.stdout), "The chairman of the committee\nspoke on Monday, and the\nmembers agreed with him.\n");
}

#[test]
fn vocabulary_is_written_and_read() {
    let dir = folder(&[("a.txt", b"The galleyproofer met the galleyproofer.\n")]);
    assert_eq!(galley(dir.path(), &["vocabulary", "a.txt", "-o", "v.tsv"]).status.code(), Some(0));
    assert!(fs::read_to_string(dir.path().join("v.tsv")).unwrap().contains("galleyproofer"));
    assert_eq!(galley(dir.path(), &["check", "a.txt", "--vocabulary", "v.tsv"]).status.code(), Some(0));
}

#[test]
fn quiet_silences_people_and_not_machines() {
    let dir = folder(&[("a.txt", BROKEN.as_bytes())]);
    assert!(galley(dir.path(), &["check", "a.txt", "--quiet"]).stdout.is_empty());
    assert!(!galley(dir.path(), &["check", "a.txt", "--quiet", "--format", "jsonl"]).stdout.is_empty());
}

#[test]
fn rules_are_listed_and_explained() {
    let dir = folder(&[]);
    let list = text(&galley(dir.path(), &["rules"]).stdout);
    for rule in galleyproof::rules::RULES {
        let name = rule.meta().name;
        assert!(list.contains(name), "{name}");
        let out = galley(dir.path(), &["explain", name]);
        assert!(out.status.success() && text(&out.stdout).contains("When it may be wrong"), "{name}");
    }
}

#[test]
fn page_files_are_one_issue_and_a_word_over_the_page_end_moves_up() {
    let pages: [(&str, &[u8]); 2] = [
        ("issue/p1.txt", b"The chairman of the great com-\n"),
        ("issue/p2.txt", b"mittee spoke on Monday, and the members of it agreed.\n\nAnother paragraph stands here.\n"),
    ];
    let dir = folder(&pages);
    let out = galley(dir.path(), &["clean", "issue", "--out", "out", "--apply", "all"]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let first = fs::read_to_string(dir.path().join("out/p1.txt")).unwrap();
    assert_eq!(first, "The chairman of the great committee spoke on Monday, and the members of it agreed.\n");
    assert_eq!(fs::read_to_string(dir.path().join("out/p2.txt")).unwrap(), "Another paragraph stands here.\n");
}

#[test]
fn nothing_is_joined_over_a_page_that_is_missing_or_unreadable() {
    let (first, last): (&[u8], &[u8]) = (b"The chairman of the great com-\n", b"mittee spoke on Monday, and the members of it agreed.\n");
    let dir = folder(&[
        ("gap/p1.txt", first),
        ("gap/p3.txt", last),
        ("bad/p1.txt", first),
        ("bad/p2.txt", b"%PDF-1.4\0\0"),
        ("bad/p3.txt", last),
    ]);
    for issue in ["gap", "bad"] {
        galley(dir.path(), &["clean", issue, "--out", "out", "--apply", "all"]);
        assert_eq!(fs::read(dir.path().join("out/p1.txt")).unwrap(), first, "{issue}");
        assert_eq!(fs::read(dir.path().join("out/p3.txt")).unwrap(), last, "{issue}");
    }
}
