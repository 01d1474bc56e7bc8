//! `galley export` in every format but JSON Lines of articles, which `articles.rs` has.

use std::fs;
use std::process::Command;

use serde_json::Value;

mod common;
use common::{folder, galley, text};

const ISSUE: &str = "The chairman of the com-\nmittee spoke on Monday & said that the <bridge> would be built.\n\u{c}The second page begins here, and it ends here too.\n";
const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/issues/kecheng-2022-07.txt");
const ALTO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/formats/tesseract/synth-en.xml");

fn well_formed(xml: &str) {
    let mut walk = galleyproof::read::xml::Xml::new(xml, galleyproof::read::xml::Dialect::Xml).unwrap();
    while walk.next().unwrap_or_else(|e| panic!("{e:?}\n{xml}")).is_some() {}
}

#[test]
fn tei_has_each_break_where_it_stood() {
    let dir = folder(&[("a.txt", ISSUE.as_bytes())]);
    let output = galley(dir.path(), &["export", "--to", "tei", "--unit", "page", "a.txt"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let tei = text(&output.stdout);
    well_formed(&tei);
    assert!(tei.contains("com<pc force=\"weak\">-</pc><lb break=\"no\"/>mittee"), "{tei}");
    assert!(tei.contains("&amp; said that the &lt;bridge&gt;"), "{tei}");
    assert!(tei.contains("<pb n=\"1\"/>") && tei.contains("<pb n=\"2\"/>"), "{tei}");
    assert_eq!(tei.matches("<div type=\"page\"").count(), 2);
}

#[test]
fn tei_of_several_issues_is_a_corpus_or_files() {
    let dir = folder(&[("in/a.txt", ISSUE.as_bytes()), ("in/b/c.txt", ISSUE.as_bytes())]);
    let output = galley(dir.path(), &["export", "--to", "tei", "in"]);
    let tei = text(&output.stdout);
    well_formed(&tei);
    assert_eq!(tei.matches("<TEI ").count(), 2);
    let output = galley(dir.path(), &["export", "--to", "tei", "--out", "out", "in"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    for name in ["out/a.tei.xml", "out/b/c.tei.xml"] {
        well_formed(&fs::read_to_string(dir.path().join(name)).unwrap());
    }
}

#[test]
fn txt_has_the_titles_and_one_paragraph_a_line() {
    let dir = folder(&[]);
    let output = galley(dir.path(), &["export", "--to", "txt", PAGE]);
    let out = text(&output.stdout);
    assert_eq!(out.matches('\u{c}').count(), 4, "a form feed after each article");
    assert!(out.contains("\n\n") && out.contains("领导要带头示范，当好支持者"), "{out}");
    let output = galley(dir.path(), &["export", "--to", "txt", "--out", "out", PAGE]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(dir.path().join("out/kecheng-2022-07-a0004.txt").is_file());
}

#[test]
fn alto_of_plain_text_says_what_was_split_and_nothing_of_where() {
    let dir = folder(&[("a.txt", ISSUE.as_bytes())]);
    let output = galley(dir.path(), &["export", "--to", "alto", "--out", "out", "a.txt"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let alto = fs::read_to_string(dir.path().join("out/a-p0001.xml")).unwrap();
    well_formed(&alto);
    assert!(alto.contains("CONTENT=\"com\" SUBS_TYPE=\"HypPart1\" SUBS_CONTENT=\"committee\"/>\n<HYP CONTENT=\"-\"/>"), "{alto}");
    assert!(alto.contains("CONTENT=\"mittee\" SUBS_TYPE=\"HypPart2\" SUBS_CONTENT=\"committee\""), "{alto}");
    assert!(!alto.contains("HPOS"));
    let again = galley(dir.path(), &["validate", "out"]);
    assert_eq!(again.status.code(), Some(0), "{}", text(&again.stdout));
    valid(&dir.path().join("out/a-p0001.xml"));
}

#[test]
fn alto_keeps_the_boxes_of_its_input() {
    let dir = folder(&[]);
    let output = galley(dir.path(), &["export", "--to", "alto", ALTO]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let alto = text(&output.stdout);
    let first = |xml: &str| xml.lines().find(|l| l.contains("<String ")).map(|l| attribute(l, "HPOS")).unwrap();
    assert_eq!(first(&alto), first(&fs::read_to_string(ALTO).unwrap()));
    fs::write(dir.path().join("a.xml"), &alto).unwrap();
    valid(&dir.path().join("a.xml"));
}

fn attribute(line: &str, name: &str) -> String {
    line.split(&format!("{name}=\"")).nth(1).and_then(|l| l.split('"').next()).unwrap_or("").to_owned()
}

/// Against the schema, where xmllint is.
fn valid(path: &std::path::Path) {
    let schemas = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/formats/schemas");
    let output = Command::new("xmllint")
        .args(["--nonet", "--noout", "--schema", "alto-4-4.xsd"])
        .arg(path)
        .env("XML_CATALOG_FILES", format!("{schemas}/catalog.xml"))
        .current_dir(schemas)
        .output();
    match output {
        Ok(output) => assert!(output.status.success(), "{}", text(&output.stderr)),
        Err(_) => println!("skipped: no xmllint on this machine"),
    }
}

#[test]
fn words_have_their_boxes_and_the_address_of_their_region() {
    let dir = folder(&[]);
    let output = galley(dir.path(), &["export", "--unit", "page", "--iiif-base", "https://images.example.org/iiif/{image}", ALTO]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let record: Value = serde_json::from_str(text(&output.stdout).lines().next().unwrap()).unwrap();
    let body = record["text"].as_str().unwrap();
    let (tokens, boxes) = (record["tokens"].as_array().unwrap(), record["boxes"].as_array().unwrap());
    assert!(!tokens.is_empty() && tokens.len() == boxes.len());
    let xml = fs::read_to_string(ALTO).unwrap();
    for token in tokens {
        let (start, end) = (token[0].as_u64().unwrap() as usize, token[1].as_u64().unwrap() as usize);
        let node = token[2].as_str().unwrap().split_once('#').unwrap().1;
        let tag = xml.split('<').find(|t| t.contains(&format!("ID=\"{node}\""))).unwrap();
        let word = attribute(tag, "CONTENT");
        assert!(word.starts_with(&body[start..end]) || word.ends_with(&body[start..end]), "{word} {}", &body[start..end]);
    }
    let iiif = boxes[0]["iiif"].as_str().unwrap();
    assert!(iiif.starts_with("https://images.example.org/iiif/") && iiif.ends_with("/max/0/default.jpg"), "{iiif}");
    assert!(record["parts"][0]["iiif"].is_string());
}

#[test]
fn every_page_is_a_record() {
    let dir = folder(&[("a.txt", ISSUE.as_bytes())]);
    let output = galley(dir.path(), &["export", "--unit", "page", "--out", "pages.jsonl", "a.txt"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(output.stdout.is_empty());
    let lines = fs::read_to_string(dir.path().join("pages.jsonl")).unwrap();
    let ids: Vec<String> = lines.lines().map(|l| serde_json::from_str::<Value>(l).unwrap()["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids, ["a.txt#p1", "a.txt#p2"]);
    let first: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!(first["breaks"][0], serde_json::json!({"at": 23, "type": "line", "hyphen": "soft", "removed": "-"}));
}

#[test]
fn a_folder_of_inputs_is_not_written_to() {
    let dir = folder(&[("in/a.txt", ISSUE.as_bytes())]);
    let output = galley(dir.path(), &["export", "--to", "txt", "--out", "in", "in"]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    assert_eq!(fs::read_dir(dir.path().join("in")).unwrap().count(), 1);
}

#[cfg(not(feature = "parquet"))]
#[test]
fn without_parquet_the_message_says_how_to_get_it() {
    let dir = folder(&[("a.txt", ISSUE.as_bytes())]);
    let output = galley(dir.path(), &["export", "--to", "parquet", "--out", "a.parquet", "a.txt"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("--features parquet"), "{}", text(&output.stderr));
    assert!(!dir.path().join("a.parquet").exists());
}

/// With DuckDB's Python package, where it is installed (`pip install duckdb`).
#[cfg(feature = "parquet")]
#[test]
fn duckdb_reads_the_parquet_file() {
    let dir = folder(&[("a.txt", ISSUE.as_bytes())]);
    let output = galley(dir.path(), &["export", "--to", "parquet", "--out", "a.parquet", "a.txt", PAGE]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let script = "import sys, json\ntry:\n import duckdb\nexcept ImportError:\n print('skip'); sys.exit()\n\
        rows = duckdb.sql(\"select id, page, text, breaks, parts, captions, tokens from 'a.parquet' order by id\").fetchall()\n\
        print(json.dumps(rows, ensure_ascii=False))";
    let read = Command::new("python3").args(["-c", script]).current_dir(dir.path()).output();
    let Some(read) = read.ok().map(|o| (text(&o.stdout), text(&o.stderr))).filter(|(out, _)| out.trim() != "skip") else {
        println!("skipped: no python3 with duckdb on this machine");
        return;
    };
    let rows: Value = serde_json::from_str(&read.0).unwrap_or_else(|e| panic!("{e}: {}{}", read.0, read.1));
    let lines = galley(dir.path(), &["export", "a.txt", PAGE]);
    let mut records: Vec<Value> = text(&lines.stdout).lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    records.sort_by_key(|r| r["id"].as_str().unwrap().to_owned());
    assert_eq!(rows.as_array().unwrap().len(), records.len());
    for (row, record) in rows.as_array().unwrap().iter().zip(&records) {
        assert_eq!((&row[0], &row[1], &row[2]), (&record["id"], &record["page"], &record["text"]));
        assert_eq!(row[3], record["breaks"]);
        assert_eq!(row[5], record["captions"]);
        assert_eq!(row[4][0]["first_line"], record["parts"][0]["first_line"]);
    }
}
