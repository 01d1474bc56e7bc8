//! Every machine format: what its readers ask for, columns in its own unit, caps.

mod common;

use std::fs;
use std::path::Path;

use common::{command, folder, galley, text};
use serde_json::Value;

/// One astral character, a letter with a combining mark (a compatibility edit of its own), one Han character, then a cut word.
const WIDE: &str = "𠮷 e\u{301} 报 The chairman of the com-\nmittee spoke on Monday, and the members agreed with him.\n";
const JUMP: &str = "区里的会议昨日召开。\n（下转2版）\n";

/// The schema of OASIS, which is not ours to hand on: in the folder that `GALLEY_FORMATS` names.
fn sarif_schema() -> std::path::PathBuf {
    let folder = std::env::var_os("GALLEY_FORMATS").map_or_else(|| "../shared/data/formats".into(), std::path::PathBuf::from);
    folder.join("schemas/sarif-schema-2.1.0.json")
}

fn reports(files: &[(&str, &[u8])], format: &str) -> (String, tempfile::TempDir) {
    let dir = folder(files);
    let out = galley(dir.path(), &["check", ".", "--quiet", "--report", &format!("{format}=r")]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    (fs::read_to_string(dir.path().join("r")).unwrap(), dir)
}

fn sample(format: &str) -> String {
    reports(&[("a b/报.txt", WIDE.as_bytes()), ("j.txt", JUMP.as_bytes())], format).0
}

#[test]
fn sarif_is_valid_and_counts_code_points() {
    let sarif: Value = serde_json::from_str(&sample("sarif")).unwrap();
    match fs::read_to_string(sarif_schema()) {
        Ok(schema) => {
            let schema: Value = serde_json::from_str(&schema).unwrap();
            let validator = jsonschema::validator_for(&schema).unwrap();
            let errors: Vec<String> = validator.iter_errors(&sarif).map(|e| e.to_string()).collect();
            assert!(errors.is_empty(), "{errors:?}");
        }
        Err(_) => println!("not validated: {} is not here", sarif_schema().display()),
    }
    let run = &sarif["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let of = |rule: &str| run["results"].as_array().unwrap().iter().find(|r| r["ruleId"] == rule).unwrap().clone();
    let place = &of("split-word")["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "a%20b/%E6%8A%A5.txt");
    assert_eq!(place["region"], serde_json::json!({"startLine": 1, "startColumn": 31, "endLine": 2, "endColumn": 1}));
    assert_eq!(of("compatibility-form")["locations"][0]["physicalLocation"]["region"]["endColumn"], 5);
    assert_eq!(of("split-word")["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"], "");
    assert_eq!(of("unmatched-jump-line")["level"], "warning");
}

#[test]
fn rdjson_has_reviewdogs_fields_and_counts_bytes() {
    let document: Value = serde_json::from_str(&sample("rdjson")).unwrap();
    assert_eq!(document["source"]["name"], "galley");
    let diagnostics = document["diagnostics"].as_array().unwrap();
    for d in diagnostics {
        assert!(d["message"].is_string() && d["location"]["path"].is_string());
        assert!(["INFO", "WARNING", "ERROR"].contains(&d["severity"].as_str().unwrap()));
        assert!(d["location"]["range"]["start"]["line"].as_u64().unwrap() >= 1 && d["code"]["value"].is_string());
    }
    let split = diagnostics.iter().find(|d| d["code"]["value"] == "split-word").unwrap();
    let range = serde_json::json!({"start": {"line": 1, "column": 37}, "end": {"line": 2, "column": 1}});
    assert_eq!(split["location"]["range"], range);
    assert_eq!(split["suggestions"][0], serde_json::json!({"range": range, "text": ""}));
    let lines = sample("rdjsonl");
    assert_eq!(lines.lines().count(), diagnostics.len());
    assert!(lines.lines().all(|l| serde_json::from_str::<Value>(l).unwrap()["source"]["name"] == "galley"));
}

#[test]
fn gitlab_fingerprints_are_unique() {
    let dir = WIDE.repeat(3);
    let (report, _dir) = reports(&[("a.txt", dir.as_bytes()), ("b.txt", dir.as_bytes())], "gitlab");
    let entries: Vec<Value> = serde_json::from_str(&report).unwrap();
    let mut prints: Vec<&str> = entries.iter().map(|e| e["fingerprint"].as_str().unwrap()).collect();
    let all = prints.len();
    prints.sort_unstable();
    prints.dedup();
    assert!(all > 4 && prints.len() == all);
    for e in &entries {
        assert!(e["description"].is_string() && e["check_name"].is_string() && e["location"]["lines"]["begin"].as_u64().unwrap() >= 1);
        assert!(["info", "minor", "major"].contains(&e["severity"].as_str().unwrap()));
    }
}

#[test]
fn junit_has_a_suite_an_issue_and_fails_for_warnings() {
    let (xml, _dir) = reports(&[("a<&\">.txt", WIDE.as_bytes()), ("j.txt", JUMP.as_bytes()), ("ok.txt", b"Fine.\n")], "junit");
    assert!(
        xml.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"galley\">\n") && xml.ends_with("</testsuites>\n")
    );
    assert_eq!((xml.matches("<testsuite ").count(), xml.matches("</testsuite>").count()), (3, 3));
    assert!(xml.contains("name=\"./a&lt;&amp;&quot;&gt;.txt\" tests=\"2\" failures=\"0\""), "{xml}");
    assert!(xml.contains("<testcase name=\"unmatched-jump-line (page 1)\" classname=\"./j.txt\">\n<failure type=\"warning\""), "{xml}");
    assert!(xml.contains("<testcase name=\"galley check\" classname=\"./ok.txt\"/>"), "{xml}");
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/formats/junit.xsd");
    let report = _dir.path().join("r");
    match std::process::Command::new("xmllint").args(["--nonet", "--noout", "--schema"]).args([&schema, &report]).output() {
        Ok(out) => assert!(out.status.success(), "{}", text(&out.stderr)),
        Err(_) => println!("not validated: no xmllint on this machine"),
    }
}

#[test]
fn checkstyle_and_csv_count_characters() {
    let xml = sample("checkstyle");
    assert!(xml.contains("<file name=\"./a b/报.txt\">\n<error line=\"1\" column=\"3\" severity=\"info\""), "{xml}");
    assert!(xml.contains("<error line=\"1\" column=\"31\" severity=\"info\"") && xml.ends_with("</checkstyle>\n"), "{xml}");
    let csv = sample("csv");
    assert!(csv.contains("./a b/报.txt,1,31,2,1,split-word,note,applied,") && csv.contains(",\"-\n\",,"), "{csv}");
}

#[test]
fn github_shows_ten_and_the_summary_counts_all() {
    let text_of = |n: usize| WIDE.repeat(n);
    let dir = folder(&[("a.txt", text_of(12).as_bytes()), ("j.txt", JUMP.as_bytes())]);
    let summary = dir.path().join("summary.md");
    let out =
        command(dir.path(), &["check", "a.txt", "j.txt", "--format", "github", "--max-findings", "0", "--ignore", "low-quality-text"])
            .env("GITHUB_STEP_SUMMARY", &summary)
            .output()
            .unwrap();
    let printed = text(&out.stdout);
    assert_eq!(out.status.code(), Some(1));
    assert_eq!(printed.matches(" file=").count(), 10, "{printed}");
    assert!(printed.starts_with("::warning file=j.txt,line=2,endLine=2,col="), "the worst first: {printed}");
    assert!(printed.contains("file=a.txt,line=1,endLine=1,col=3,endColumn=4,title=compatibility-form::"), "{printed}");
    let table = fs::read_to_string(&summary).unwrap();
    assert!(table.contains("The gate is red") && table.contains("| split-word | note | 12 |"), "{table}");
    assert!(text(&out.stderr).contains("gate: red"), "a person reads the log");
}

#[test]
fn json_is_an_array_of_the_same_records() {
    let lines: Vec<Value> = sample("jsonl").lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let array: Vec<Value> = serde_json::from_str(&sample("json")).unwrap();
    assert_eq!(lines, array);
    assert_eq!(reports(&[("a.txt", b"Fine.\n")], "json").0, "[]\n");
}

#[test]
fn html_is_one_page_in_which_the_text_is_text() {
    let (page, _dir) = reports(&[("<img src=x>.txt", JUMP.as_bytes())], "html");
    assert!(page.contains("Content-Security-Policy") && !page.contains("<script") && !page.contains("<img"), "{page}");
    assert!(page.contains("&lt;img src=x&gt;.txt:2:1") && page.contains("The gate is green"), "{page}");
}

#[test]
fn sarif_and_gitlab_are_capped_and_say_so() {
    let dir = folder(&[("a.txt", WIDE.repeat(4000).as_bytes()), ("j.txt", JUMP.as_bytes())]);
    let out = galley(
        dir.path(),
        &[
            "check",
            "a.txt",
            "j.txt",
            "--quiet",
            "--ignore",
            "low-quality-text",
            "--report",
            "sarif=s",
            "--report",
            "gitlab=g",
            "--report",
            "jsonl=l",
        ],
    );
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let read = |name: &str| fs::read_to_string(Path::new(dir.path()).join(name)).unwrap();
    let records = read("l").lines().count();
    let sarif: Value = serde_json::from_str(&read("s")).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert!(records > 8000 && results.len() <= 5000, "{records} {}", results.len());
    assert_eq!(results[0]["ruleId"], "unmatched-jump-line", "the worst first");
    let counted = |r: &Value| r["message"]["text"].as_str().and_then(|t| t.strip_prefix("and ")?.split(' ').next()?.parse::<usize>().ok());
    let rest: Vec<usize> = results.iter().filter_map(counted).collect();
    assert_eq!(results.len() - rest.len() + rest.iter().sum::<usize>(), records, "nothing is lost from the counts");
    let entries: Vec<Value> = serde_json::from_str(&read("g")).unwrap();
    assert!(entries.len() <= 5000 + galleyproof::rules::RULES.len());
}

#[test]
fn every_format_counts_in_its_own_unit_on_one_line() {
    // Before the cut word: an astral Han character, a letter with a combining mark (two code points), a Han character and spaces.
    // Code points: 𠮷, space, e, ◌́, space, 报, space, and 23 of the sentence: the hyphen is the 31st. In bytes: 4+1+1+2+1+3+1 and 23.
    let sarif: Value = serde_json::from_str(&sample("sarif")).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let column = |r: &Value| r["locations"][0]["physicalLocation"]["region"]["startColumn"].as_u64();
    assert!(results.iter().any(|r| r["ruleId"] == "split-word" && column(r) == Some(31)));
    let rdjson: Value = serde_json::from_str(&sample("rdjson")).unwrap();
    let byte = |d: &Value| d["location"]["range"]["start"]["column"].as_u64();
    assert!(rdjson["diagnostics"].as_array().unwrap().iter().any(|d| d["code"]["value"] == "split-word" && byte(d) == Some(37)));
    let jsonl: Vec<Value> = sample("jsonl").lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let change = jsonl.iter().find(|r| r["rule"] == "split-word").unwrap();
    assert_eq!((change["line"].as_u64(), change["column"].as_u64(), &change["span"][0]), (Some(1), Some(31), &Value::from(36)));
    for (format, place) in [("concise", "报.txt:1:31: split-word"), ("csv", "报.txt,1,31,"), ("html", "报.txt:1:31")] {
        assert!(sample(format).contains(place), "{format}");
    }
}
