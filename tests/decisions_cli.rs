//! `galley decisions` and what `clean` makes of decisions, as a person at a shell sees it.

mod common;

use std::fs;
use std::path::Path;

use common::{folder, galley, text};
use serde_json::{Value, json};

const TEXT: &str = "区四套班子领导要带头示\n\n范，当好支持者、参与者，不当评论者、空谈者、反对者。\n\n今天\u{200b}说明情况。\n\n明天\u{200b}再说明情况。\n";

/// A folder with the text and its change records.
fn desk() -> (tempfile::TempDir, Vec<Value>) {
    let dir = folder(&[("a.txt", TEXT.as_bytes())]);
    let out = galley(dir.path(), &["check", "a.txt", "--changes", "changes.jsonl", "--quiet"]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let lines = fs::read_to_string(dir.path().join("changes.jsonl")).expect("changes");
    let changes = lines.lines().map(|l| serde_json::from_str::<Value>(l).expect("a record")).filter(|c| c["kind"] == "change").collect();
    (dir, changes)
}

fn event(c: &Value, decision: &str, by: &str, at: &str) -> Value {
    json!({
        "v": 1, "decision": decision, "fp": c["fp"], "near": c["near"], "equals": c["equals"], "pat": c["pat"], "by": by, "at": at,
        "issue": c["key"]["issue"], "rule": c["rule"], "before": c["before"], "after": c["after"], "context": c["key"]["context"],
    })
}

fn write(dir: &Path, name: &str, events: &[Value]) {
    let path = dir.join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, events.iter().map(|e| format!("{e}\n")).collect::<String>()).expect("decisions");
}

fn cleaned(dir: &Path, flags: &[&str]) -> (String, Option<i32>) {
    let out = galley(dir, &[&["clean", "a.txt", "--out", "out", "--quiet"], flags].concat());
    (fs::read_to_string(dir.join("out/a.txt")).unwrap_or_default(), out.status.code())
}

#[test]
fn lists_imports_compacts_and_prunes() {
    let (dir, changes) = desk();
    let dir = dir.path();
    let pair = json!({"v": 1, "kind": "pair", "fp": "x", "decision": "same"});
    let gone = json!({"v": 1, "decision": "reject", "fp": "0".repeat(32), "near": "0", "pat": "q", "by": "bert", "at": "2026-01-02T00:00:00Z", "issue": "a.txt"});
    let elsewhere = json!({"v": 1, "decision": "reject", "fp": "1".repeat(32), "near": "1", "pat": "q", "by": "bert", "at": "2026-01-02T00:00:00Z", "issue": "b.txt"});
    write(dir, "d.jsonl", &[event(&changes[0], "accept", "anna", "2026-01-01T00:00:00Z"), pair.clone()]);
    write(
        dir,
        "more.jsonl",
        &[
            event(&changes[0], "accept", "anna", "2026-01-01T00:00:00Z"),
            event(&changes[0], "reject", "anna", "2026-01-03T00:00:00Z"),
            event(&changes[1], "accept", "bert", "2026-01-03T00:00:00Z"),
            gone,
            elsewhere,
        ],
    );
    let run = |args: &[&str]| {
        let out = galley(dir, &[&["decisions"], args].concat());
        assert_eq!(text(&out.stderr), "", "{args:?}");
        text(&out.stdout)
    };
    assert_eq!(run(&["import", "d.jsonl", "more.jsonl"]), "4 imported\n");
    assert_eq!(run(&["import", "d.jsonl", "more.jsonl"]), "0 imported\n", "twice is once");
    assert_eq!(run(&["list", "d.jsonl", "--by", "anna"]).lines().count(), 1, "the last word counts");
    assert_eq!(run(&["list", "d.jsonl", "--by", "anna", "--all"]).lines().count(), 2);
    assert!(run(&["list", "d.jsonl", "--by", "anna"]).contains("2026-01-03T00:00:00Z  anna  reject  "));
    assert_eq!(run(&["list", "d.jsonl", "--rule", "invisible-character", "--format", "jsonl"]).lines().count(), 2);
    assert_eq!(run(&["compact", "d.jsonl"]), "4 kept, 1 taken out\n");
    assert_eq!(run(&["prune", "d.jsonl", "a.txt", "--dry-run"]), "3 kept, 1 would be taken out\n");
    assert_eq!(run(&["prune", "d.jsonl", "a.txt"]), "3 kept, 1 taken out\n");
    let left = fs::read_to_string(dir.join("d.jsonl")).expect("decisions");
    assert!(left.contains(&pair.to_string()) && left.contains("b.txt") && !left.contains(&"0".repeat(32)), "{left}");
    let csv = run(&["export", "d.jsonl", "--format", "csv"]);
    assert_eq!(csv.lines().count(), 4, "{csv}");
    assert!(csv.starts_with("at,by,decision,scope,issue,rule,left,before,after,right,text,sampled,of,counts,fp,pat\r\n"));
    assert!(run(&["rates", "d.jsonl"]).contains("anna"));
    let out = galley(dir, &["decisions", "list", "no.jsonl"]);
    assert!(text(&out.stderr).contains("no.jsonl: no such file") && out.status.code() == Some(2));
    fs::write(dir.join("bad.jsonl"), "{\"v\":1}\n").expect("a file");
    let out = galley(dir, &["decisions", "list", "bad.jsonl"]);
    assert!(text(&out.stderr).contains("bad.jsonl:1"), "{}", text(&out.stderr));
}

#[test]
fn two_people_who_disagree_are_a_conflict_that_is_not_applied() {
    let (dir, changes) = desk();
    let dir = dir.path();
    let word = changes.iter().find(|c| c["rule"] == "split-word").expect("a cut word");
    write(dir, "d.jsonl", &[event(word, "accept", "anna", "2026-01-01T00:00:00Z"), event(word, "reject", "bert", "2026-01-01T00:00:00Z")]);
    let out = galley(dir, &["decisions", "conflicts", "d.jsonl"]);
    assert_eq!((text(&out.stdout).lines().count(), out.status.code()), (2, Some(1)));
    let (now, code) = cleaned(dir, &["--decisions", "d.jsonl"]);
    assert!(now.contains("示\n\n范") && code == Some(1), "{now} {code:?}");
    write(dir, "d.jsonl", &[event(word, "accept", "anna", "2026-01-01T00:00:00Z"), event(word, "clear", "bert", "2026-01-02T00:00:00Z")]);
    let (now, code) = cleaned(dir, &["--decisions", "d.jsonl"]);
    assert!(now.contains("示范") && code == Some(0), "{now} {code:?}");
}

#[test]
fn two_approvals_by_flag_and_by_config_from_a_file_for_each_person() {
    let (dir, changes) = desk();
    let dir = dir.path();
    let word = changes.iter().find(|c| c["rule"] == "split-word").expect("a cut word");
    write(dir, "d/anna.jsonl", &[event(word, "accept", "anna", "2026-01-01T00:00:00Z")]);
    assert!(cleaned(dir, &["--decisions", "d", "--min-approvals", "2"]).0.contains("示\n\n范"));
    assert!(cleaned(dir, &["--decisions", "d"]).0.contains("示范"));
    write(dir, "d/bert.jsonl", &[event(word, "accept", "bert", "2026-01-01T00:00:00Z")]);
    assert!(cleaned(dir, &["--decisions", "d", "--min-approvals", "2"]).0.contains("示范"));
    fs::write(dir.join("galley.toml"), "[review]\ndecisions = \"d\"\nmin-approvals = 3\n").expect("a config");
    assert!(cleaned(dir, &[]).0.contains("示\n\n范"), "the config is obeyed");
    fs::write(dir.join("galley.toml"), "[review]\ndecisions = \"d\"\nmin-approvals = 2\n").expect("a config");
    assert!(cleaned(dir, &[]).0.contains("示范"));
}

#[test]
fn a_decision_about_other_text_is_stale_and_said() {
    let (dir, changes) = desk();
    let dir = dir.path();
    let word = changes.iter().find(|c| c["rule"] == "split-word").expect("a cut word");
    write(dir, "d.jsonl", &[event(word, "reject", "anna", "2026-01-01T00:00:00Z")]);
    fs::write(dir.join("a.txt"), TEXT.replace("要带头示", "都要带好头示").replace("当好支持", "做好支持")).expect("a file");
    let out = galley(dir, &["clean", "a.txt", "--out", "out", "--decisions", "d.jsonl"]);
    assert_eq!(out.status.code(), Some(1));
    assert!(text(&out.stderr).contains("stale"), "{}", text(&out.stderr));
    assert!(fs::read_to_string(dir.join("out/a.txt")).expect("a text").contains("示\n\n范"));
}

#[test]
fn issues_are_given_to_people_and_progress_is_told() {
    let (dir, changes) = desk();
    let dir = dir.path();
    fs::write(dir.join("b.txt"), TEXT).expect("a file");
    let out = galley(dir, &["decisions", "assign", "d/", "a.txt", "b.txt", "--to", "anna,bert", "--user", "chief"]);
    assert_eq!((text(&out.stdout).as_str(), text(&out.stderr).as_str()), ("a.txt  anna\nb.txt  bert\n", ""));
    assert!(dir.join("d/chief.jsonl").is_file());
    let word = changes.iter().find(|c| c["rule"] == "split-word").expect("a cut word");
    write(dir, "d/anna.jsonl", &[event(word, "accept", "anna", "2026-01-01T00:00:00Z")]);
    let out = galley(dir, &["decisions", "progress", "d", "a.txt", "b.txt"]);
    let told = text(&out.stdout);
    let row =
        |name: &str| told.lines().find(|l| l.ends_with(name)).expect("a row").split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(
        (row("a.txt")[1].as_str(), row("a.txt")[4].as_str(), row("b.txt")[1].as_str(), row("b.txt")[4].as_str()),
        ("1", "anna", "0", "bert"),
        "{told}"
    );
    let out = galley(dir, &["decisions", "progress", "d", "a.txt", "b.txt", "--to", "bert"]);
    assert!(!text(&out.stdout).contains("a.txt"));
    let out = galley(dir, &["decisions", "import", "d/", "d/anna.jsonl", "--user", "../x"]);
    assert_eq!(out.status.code(), Some(2));
}

#[test]
fn gold_from_decisions_is_taken_by_evaluate_and_train() {
    let places = ["青石镇", "白沙乡", "石桥村", "东门街道", "柳林镇", "河口乡"];
    let page = |place: &str| {
        format!(
            "{place}今年新修水渠四十里，沿线农田都能及时灌\n\n溉，预计每亩增产五十公斤。\n\n{place}把闲置校舍改建成养老院，首批入住老人三十\n\n多名，都有专人照料。\n\n\
             {place}投资修建文化站，农闲时节请来剧团演\n\n出，吸引了邻近各村的居民。\n"
        )
    };
    let files: Vec<(String, String)> = places.iter().enumerate().map(|(i, p)| (format!("in/text-{i}x.txt"), page(p))).collect();
    let dir = folder(&files.iter().map(|(n, t)| (n.as_str(), t.as_bytes())).collect::<Vec<_>>());
    let dir = dir.path();
    galley(dir, &["check", "in", "--changes", "changes.jsonl", "--quiet"]);
    let lines = fs::read_to_string(dir.join("changes.jsonl")).expect("changes");
    let changes: Vec<Value> = lines.lines().map(|l| serde_json::from_str(l).expect("a record")).collect();
    let breaks: Vec<&Value> = changes.iter().filter(|c| c["rule"] == "split-word" || c["rule"] == "broken-paragraph").collect();
    assert!(breaks.len() >= 12, "{}", breaks.len());
    let events: Vec<Value> = breaks.iter().map(|c| event(c, "accept", "anna", "2026-01-01T00:00:00Z")).collect();
    write(dir, "d.jsonl", &events);
    let out = galley(dir, &["decisions", "export", "d.jsonl", "--format", "gold", "--out", "gold", "in"]);
    assert_eq!(text(&out.stdout), format!("{} breaks of 6 issues in gold\n", breaks.len()), "{}", text(&out.stderr));
    assert_eq!(fs::read_to_string(dir.join("gold/in-text-0x.txt")).expect("a text"), files[0].1);
    let out = galley(dir, &["evaluate", "gold"]);
    let table = text(&out.stdout);
    assert!(table.contains(&format!("join     1.0000     1.0000  1.0000  {}", breaks.len())), "{table}{}", text(&out.stderr));
    assert!(!table.contains("are none here"), "{table}");
    let out = galley(dir, &["train", "gold", "--out", "weights"]);
    assert_eq!((text(&out.stdout).as_str(), out.status.code()), ("weights/han/breaks.tsv\n", Some(0)), "{}", text(&out.stderr));
    let out = galley(dir, &["decisions", "export", "d.jsonl", "--format", "gold", "--out", "gold"]);
    assert_eq!(out.status.code(), Some(2), "no texts");
}
