//! `galley worker`: records in, the same answers as the commands give.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

fn galley() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_galley"));
    command.env_remove("GALLEY_LANG").current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}

fn worker(task: &str, options: &[&str], input: &[u8]) -> Vec<u8> {
    let mut child = galley().args(["worker", "--task", task]).args(options).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let bytes = input.to_vec();
    let feeder = std::thread::spawn(move || stdin.write_all(&bytes));
    let output = child.wait_with_output().unwrap();
    feeder.join().unwrap().unwrap();
    assert!(output.status.success(), "{:?}", output.status);
    output.stdout
}

fn records(lines: &[u8]) -> Vec<Value> {
    std::str::from_utf8(lines).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

/// The sample pages as records.
fn samples() -> Vec<(String, String)> {
    let mut names: Vec<_> = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/issues"))
        .unwrap()
        .map(|e| format!("testdata/issues/{}", e.unwrap().file_name().to_str().unwrap()))
        .filter(|n| n.ends_with(".txt"))
        .collect();
    names.sort();
    names.into_iter().map(|n| (n.clone(), std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(&n)).unwrap())).collect()
}

fn lines(samples: &[(String, String)]) -> Vec<u8> {
    samples.iter().map(|(id, text)| json!({"id": id, "text": text}).to_string() + "\n").collect::<String>().into_bytes()
}

#[test]
fn clean_answers_with_what_the_command_writes() {
    let samples = samples();
    assert!(!samples.is_empty());
    let folder = tempfile::tempdir().unwrap();
    let (out, changes) = (folder.path().join("out"), folder.path().join("changes.jsonl"));
    let paths = samples.iter().map(|s| s.0.as_str());
    let run =
        galley().arg("clean").args(paths).arg("--no-config").arg("--quiet").arg("--out").arg(&out).arg("--changes").arg(&changes).output();
    assert!(run.unwrap().status.success());
    let answers = worker("clean", &[], &lines(&samples));
    let text = String::from_utf8(answers.clone()).unwrap();
    let logged: String = text.lines().filter(|l| !l.starts_with(r#"{"kind":"issue""#)).map(|l| format!("{l}\n")).collect();
    let strip = |lines: &str| lines.replace('\r', "");
    assert_eq!(strip(&logged), strip(&std::fs::read_to_string(changes).unwrap()));
    let closing: Vec<Value> = records(&answers).into_iter().filter(|r| r["kind"] == "issue").collect();
    assert_eq!(closing.len(), samples.len());
    for (record, (id, _)) in closing.iter().zip(&samples) {
        assert_eq!(record["id"], *id);
        let written = std::fs::read_to_string(out.join(Path::new(id).file_name().unwrap())).unwrap();
        assert_eq!(record["files"][0]["text"], written);
    }
}

#[test]
fn the_answers_do_not_depend_on_threads() {
    let input = lines(&samples());
    assert_eq!(worker("check", &["-j", "1"], &input), worker("check", &["-j", "3"], &input));
}

#[test]
fn export_answers_with_the_articles() {
    let samples = samples();
    let run = galley().args(["export", "--no-config", "--to", "jsonl"]).args(samples.iter().map(|s| s.0.as_str())).output().unwrap();
    let answers = String::from_utf8(worker("export", &[], &lines(&samples))).unwrap();
    let articles: String = answers.lines().filter(|l| l.starts_with(r#"{"kind":"article""#)).map(|l| format!("{l}\n")).collect();
    assert_eq!(articles, String::from_utf8(run.stdout).unwrap());
}

#[test]
fn bad_records_are_answered_and_the_rest_goes_on() {
    let input = b"{\"id\":\"a\",\"text\":\"x\"}\nnot json\n{\"id\":\"b\"}\n{\"id\":\"c\",\"files\":[{\"path\":\"c.txt\",\"bytes\":\"%%\"}]}\n\n{\"id\":\"d\",\"text\":\"\xe4\xb8\xad\"}\n\xff\xfe\n";
    let found = records(&worker("check", &[], input));
    let kinds: Vec<&str> = found.iter().map(|r| r["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["issue", "error", "error", "error", "issue", "error"]);
    assert_eq!(found[1]["line"], 2);
    assert!(found[2]["id"] == "b" && found[2]["message"].as_str().unwrap().contains("either `text` or `files`"), "{}", found[2]);
    assert!(found[3]["message"].as_str().unwrap().contains("no base64"), "{}", found[3]);
    assert_eq!(found[5]["line"], 7);
}

#[test]
fn bytes_are_decoded_as_files_are() {
    // GBK for 区四套班子领导要带头示 / 范，当好支持者。
    let (gbk, _, _) = encoding_rs::GBK.encode("区四套班子领导要带头示\n\n范，当好支持者、参与者，不当评论者、空谈者、反对者。\n");
    use base64::Engine as _;
    let bytes = base64::engine::general_purpose::STANDARD.encode(&gbk);
    let input = json!({"id": "i", "files": [{"path": "i/p1.txt", "bytes": bytes}]}).to_string();
    let found = records(&worker("clean", &[], input.as_bytes()));
    let text = found.last().unwrap()["files"][0]["text"].as_str().unwrap();
    assert!(text.starts_with("区四套班子领导要带头示范，当好"), "{text}");
}

#[test]
fn settings_come_by_content_and_are_checked() {
    let input =
        json!({"id": "a.txt", "text": "区四套班子领导要带头示\n\n范，当好支持者、参与者，不当评论者、空谈者、反对者。\n"}).to_string();
    let off = records(&worker("clean", &["--settings", "[rules]\nsplit-word = \"off\"\nbroken-paragraph = \"off\"\n"], input.as_bytes()));
    assert_eq!(off.last().unwrap()["applied"], 0);
    let on = records(&worker("clean", &[], input.as_bytes()));
    assert_eq!(on.last().unwrap()["applied"], 1);
    let wrong = galley().args(["worker", "--task", "clean", "--settings", "[rulez]\n"]).stdin(Stdio::null()).output().unwrap();
    assert_eq!(wrong.status.code(), Some(2));
    let said = String::from_utf8(wrong.stderr).unwrap();
    assert!(said.contains("galley.toml:1") && said.contains("rules"), "{said}");
}

#[test]
fn pages_of_a_folder_are_one_issue() {
    let input = json!({"folder": "in/1938", "names": ["p10.txt", "p2.txt", "extra.txt", "notes.md"]}).to_string();
    let found = records(&worker("group", &[], input.as_bytes()));
    assert_eq!(found.len(), 2);
    assert_eq!(found[0], json!({"kind": "group", "v": 1, "id": "in/1938/extra.txt", "paths": ["in/1938/extra.txt"]}));
    assert_eq!(found[1], json!({"kind": "group", "v": 1, "id": "in/1938", "paths": ["in/1938/p2.txt", "in/1938/p10.txt"]}));
}

#[test]
fn a_text_that_is_none_is_answered_with_its_place() {
    let input = b"{\"n\":3,\"path\":\"in/b.jsonl\",\"line\":7,\"record\":no json}\n";
    let found = records(&worker("sketch", &[], input));
    assert!(found.len() == 1 && found[0]["kind"] == "error" && found[0]["id"] == "in/b.jsonl:7", "{found:?}");
}

#[test]
fn hashes_come_in_bins() {
    let text = "The members of the committee met on Tuesday evening at the town hall, the mayor in the chair.";
    let input = json!({"n": 3, "path": "a.jsonl", "line": 4, "record": {"text": text}}).to_string();
    use base64::Engine as _;
    let bins = |n: &str| -> Vec<Vec<u32>> {
        let record = records(&worker("sketch", &["--bins", n], input.as_bytes())).remove(0);
        let bins = record["bins"].as_array().unwrap().iter();
        let bytes = bins.map(|b| base64::engine::general_purpose::STANDARD.decode(b.as_str().unwrap()).unwrap());
        bytes.map(|b| b.chunks(4).map(|h| u32::from_le_bytes(h.try_into().unwrap())).collect()).collect()
    };
    let (one, three) = (bins("1"), bins("3"));
    assert!(one[0].len() > 10);
    assert!((0..3).all(|bin| three[bin].iter().all(|hash| *hash as usize % 3 == bin)));
    let mut all = three.concat();
    all.sort_unstable();
    assert_eq!(one, [all]);
}

#[test]
fn texts_that_are_the_same_make_pairs() {
    let article =
        |n: u64| json!({"n": n, "path": "a.jsonl", "line": n + 1, "record": {"id": format!("t{n}"), "text": "of one and the same text"}});
    let pairs = |record: Value| -> Vec<(Value, Value)> {
        let found = records(&worker("verify", &[], record.to_string().as_bytes()));
        found.into_iter().map(|r| (r["n"].clone(), r["merges"].clone())).collect()
    };
    let of = |expected: &[(u64, u64, bool)]| expected.iter().map(|(a, b, merges)| (json!([a, b]), json!(merges))).collect::<Vec<_>>();
    let first = json!({"exact": true, "a": [article(2), article(5), article(7)], "b": []});
    assert_eq!(pairs(first), of(&[(2, 5, true), (2, 7, true), (5, 7, false)]));
    let later = json!({"exact": true, "a": [article(2)], "b": [article(8), article(9)]});
    assert_eq!(pairs(later), of(&[(2, 8, true), (2, 9, true)]));
}
