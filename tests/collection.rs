//! What is found in many issues together, and `galley stats` over them.

mod common;

use std::path::Path;

use common::{folder, galley, text};
use serde_json::Value;

const BODY: &str = "Der Rat hat am Montag die neue Ordnung beraten und nach langer Aussprache mit großer Mehrheit angenommen. Die Kosten sind nur dann gedeckt, wenn der Kanton einen Beitrag leistet; eine neue Vorlage ist für den Herbst angekündigt.";
const ENGLISH: &str = "The council has discussed the new order on Monday and adopted it by a large majority after a long debate. The costs are only covered if the canton makes a contribution; a new bill has been announced for the autumn.";

fn issue(number: u32, date: &str, body: &str) -> String {
    format!("Neue Zeitung. Nr. {number}. — {date}.\n\n{body}\n\nNummer {number} bringt ferner die Kurse vom {date} und den Fahrplan.\n")
}

fn found(dir: &Path, rule: &str, args: &[&str]) -> Vec<Value> {
    let output = galley(dir, &[&["check", ".", "--format", "jsonl", "--fail-level", "never"], args].concat());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let records = text(&output.stdout).lines().map(|l| serde_json::from_str::<Value>(l).unwrap()).collect::<Vec<_>>();
    records.into_iter().filter(|r| r["rule"] == rule).collect()
}

#[test]
fn gaps_repetitions_and_wrong_numbers_of_issues_are_reported() {
    let issues = [
        ("a.txt", issue(81, "Montag, den 1. April 1889", BODY)),
        ("b.txt", issue(82, "Dienstag, den 2. April 1889", BODY)),
        ("c.txt", issue(84, "Donnerstag, den 4. April 1889", BODY)),
        ("d.txt", issue(84, "Donnerstag, den 4. April 1889", BODY)),
        ("e.txt", issue(83, "Freitag, den 5. April 1889", BODY)),
        ("f.txt", issue(1, "Mittwoch, den 1. Januar 1890", BODY)),
    ];
    let files: Vec<(&str, &[u8])> = issues.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    let dir = folder(&files);
    let said: Vec<(String, String)> = found(dir.path(), "issue-order", &[])
        .iter()
        .map(|r| (r["path"].as_str().unwrap().rsplit('/').next().unwrap().to_string(), r["message"].as_str().unwrap().to_string()))
        .collect();
    let paths: Vec<&str> = said.iter().map(|(p, _)| p.as_str()).collect();
    assert_eq!(paths, ["c.txt", "d.txt", "e.txt"], "{said:?}");
    assert!(said[0].1.contains("no issue 83") && said[1].1.contains("twice") && said[2].1.contains("comes after"), "{said:?}");
}

#[test]
fn an_issue_in_another_language_stands_out_and_a_page_in_another_than_the_config_says() {
    let texts: Vec<(String, String)> =
        (0..10).map(|i| (format!("issue-{i}.txt"), if i == 4 { ENGLISH.repeat(3) } else { format!("{BODY} {i} {BODY}") })).collect();
    let files: Vec<(&str, &[u8])> = texts.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    let dir = folder(&files);
    let of_batch = found(dir.path(), "wrong-language", &[]);
    assert_eq!(of_batch.len(), 1, "{of_batch:?}");
    assert!(of_batch[0]["path"].as_str().unwrap().ends_with("issue-4.txt"));
    let told = found(dir.path(), "wrong-language", &["--language", "de"]);
    assert!(told.len() == 1 && told[0]["evidence"][0] == "language:en", "{told:?}");
}

#[test]
fn stats_count_what_check_finds() {
    let dir = folder(&[("a.txt", BODY.as_bytes()), ("b.txt", "Der Gemein-\nderat tagte.\n".as_bytes())]);
    let run = |args: &[&str]| {
        let output = galley(dir.path(), &[&["stats", "."], args].concat());
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        text(&output.stdout).to_string()
    };
    let json: Value = serde_json::from_str(&run(&["--format", "json"])).unwrap();
    assert_eq!((&json["issues"], &json["pages"]), (&2.into(), &2.into()));
    assert_eq!(json["rules"][0]["rule"], "split-word");
    let pages: u64 = json["quality"].as_array().unwrap().iter().map(|b| b["pages"].as_u64().unwrap()).sum();
    assert_eq!(pages + json["pages_not_judged"].as_u64().unwrap(), 2);
    assert!(run(&[]).contains("2 issues") && run(&["--format", "csv"]).starts_with("what,name,n\ntotal,issues,2\n"));
    let html = run(&["--format", "html"]);
    assert!(html.contains("<svg") && !html.contains("http://") && !html.contains("<script"));
    let output = galley(dir.path(), &["stats", ".", "--format", "sarif"]);
    assert!(output.status.code() == Some(2) && text(&output.stderr).contains("human, json, csv"));
}

#[test]
fn evaluate_measures_what_it_is_asked() {
    let dir = folder(&[
        ("ocr/a.txt", b"Tho members of tbe cornmittee met ou Tuesday cvening.\n"),
        ("ocr/b.txt", b"The members of the committee met on Friday.\n"),
        ("ocr/c.txt", b"The rnembers of the committee met on Sunday evening.\n"),
        ("gold/a.txt", b"The members of the committee met on Tuesday evening.\n"),
        ("gold/b.txt", b"The members of the committee met on Friday.\n"),
        ("gold/c.txt", b"The members of the committee met on Sunday evening.\n"),
        ("pages/p.txt", b"THE FIRST HEADLINE.\n\nThe text of the first one is short.\n\nTHE SECOND HEADLINE.\n\nThe text of the second.\n"),
        ("pages/p.articles.tsv", b"line_no\tarticle\n1\ta1\n3\ta1\n5\ta2\n7\ta2\n"),
    ]);
    let run = |args: &[&str]| galley(dir.path(), &[&["evaluate", "--measure"], args].concat());
    let quality = run(&["quality", "ocr", "gold"]);
    assert!(text(&quality.stdout).contains("texts 3, rank correlation"), "{}", text(&quality.stdout));
    let articles = run(&["articles", "pages"]);
    assert!(text(&articles.stdout).contains("text alone: pairs of lines: precision 1.0000, recall 1.0000"), "{}", text(&articles.stdout));
    let odd = run(&["quality", "ocr"]);
    assert!(odd.status.code() == Some(2) && text(&odd.stderr).contains("pairs of folders"));
}

#[test]
fn copies_that_were_not_compared_are_counted_for_whoever_reads() {
    // A notice that was printed 23 times, each time with other misprints: of the last three some pairs are left out.
    let misread = |copy: usize| move |(i, c): (usize, char)| if (i * 31 + copy * 7 + i * copy).is_multiple_of(59) { 'x' } else { c };
    let notice = [BODY, ENGLISH].join(" ").repeat(2);
    let texts: Vec<(String, String)> =
        (0..23).map(|i| (format!("in/notice-{i}.txt"), notice.char_indices().map(misread(i)).collect())).collect();
    let files: Vec<(&str, &[u8])> = texts.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    let dir = folder(&files);
    let said = "more likely pairs not compared: of each text only those with its 19 nearest are";
    let run = |args: &[&str]| galley(dir.path(), &[&["check", "in", "--fail-level", "never"], args].concat());
    let human = run(&["--report", "sarif=out.sarif", "--report", "html=out.html"]);
    assert!(text(&human.stdout).contains(said), "{}", text(&human.stdout));
    let machine = run(&["--format", "jsonl"]);
    assert!(text(&machine.stderr).contains(said) && !text(&machine.stdout).contains(said), "{}", text(&machine.stderr));
    assert_eq!(text(&run(&["--format", "jsonl", "--quiet"]).stderr), "");
    let sarif: Value = serde_json::from_slice(&std::fs::read(dir.path().join("out.sarif")).unwrap()).unwrap();
    let notes = sarif["runs"][0]["invocations"][0]["toolExecutionNotifications"].to_string();
    assert!(notes.contains(said), "{notes}");
    assert!(std::fs::read_to_string(dir.path().join("out.html")).unwrap().contains(said));
}
