//! Batches on disk: METS, NDNP, BagIt; and `galley validate` on them.

use std::fs;
use std::path::Path;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

mod common;
use common::{folder, galley, text};

const BL_METS: &[u8] = include_bytes!("../testdata/mets/mets-bl-structlink-1824.xml");
const BL_PAGE: &[u8] = include_bytes!("../testdata/formats/alto/alto1-bl-ccs-nons-crossblock.xml");

fn alto(id: &str, words: &str) -> String {
    let words: Vec<String> = words.split(' ').map(|w| format!("<String CONTENT=\"{w}\"/>")).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<alto xmlns=\"http://www.loc.gov/standards/alto/ns-v4#\">\n<Layout>\n<Page ID=\"{id}\" PHYSICAL_IMG_NR=\"1\">\n<PrintSpace>\n\
         <TextBlock ID=\"{id}_b1\">\n<TextLine>{}</TextLine>\n</TextBlock>\n</PrintSpace>\n</Page>\n</Layout>\n</alto>\n",
        words.join("<SP/>")
    )
}

/// A METS document with pages in the order given.
fn mets(pages: &[(&str, &str)]) -> String {
    let file = |(id, href): &(&str, &str)| {
        format!("<file ID=\"{id}\" MIMETYPE=\"text/xml\" USE=\"ocr\"><FLocat LOCTYPE=\"URL\" xlink:href=\"{href}\"/></file>\n")
    };
    let page = |(n, (id, _)): (usize, &(&str, &str))| format!("<div TYPE=\"np:page\" ORDER=\"{}\"><fptr FILEID=\"{id}\"/></div>\n", n + 1);
    format!(
        "<mets xmlns=\"http://www.loc.gov/METS/\" xmlns:xlink=\"http://www.w3.org/1999/xlink\">\n<fileSec><fileGrp USE=\"OCR\">\n{}</fileGrp></fileSec>\n<structMap TYPE=\"PHYSICAL\"><div TYPE=\"np:issue\">\n{}</div></structMap>\n</mets>\n",
        pages.iter().map(file).collect::<String>(),
        pages.iter().enumerate().map(page).collect::<String>()
    )
}

fn findings(dir: &Path, args: &[&str]) -> (Vec<(String, u64)>, Option<i32>) {
    let output = galley(dir, &[args, &["--format", "jsonl"]].concat());
    let lines = text(&output.stdout);
    let found = lines.lines().map(|l| serde_json::from_str::<Value>(l).unwrap()).filter(|v| v["kind"] == "finding");
    (found.map(|f| (f["rule"].as_str().unwrap().to_owned(), f["line"].as_u64().unwrap())).collect(), output.status.code())
}

fn issues(dir: &Path, path: &str) -> Vec<(String, String)> {
    let output = galley(dir, &["export", "--unit", "page", path]);
    let records = text(&output.stdout);
    records
        .lines()
        .map(|l| serde_json::from_str::<Value>(l).unwrap())
        .map(|r| (r["issue"].as_str().unwrap().to_owned(), r["text"].as_str().unwrap().to_owned()))
        .collect()
}

#[test]
fn mets_says_which_pages_are_an_issue_and_in_which_order() {
    let dir = folder(&[
        ("b/i/mets.xml", mets(&[("f2", "alto/z.xml"), ("f1", "file://./alto/a.xml")]).as_bytes()),
        ("b/i/alto/a.xml", alto("A", "the last page").as_bytes()),
        ("b/i/alto/z.xml", alto("Z", "the first page").as_bytes()),
        ("b/loose.txt", b"a text of its own"),
    ]);
    let pages = issues(dir.path(), "b");
    assert_eq!(
        pages,
        [
            ("b/i/mets.xml".to_owned(), "the first page".to_owned()),
            ("b/i/mets.xml".to_owned(), "the last page".to_owned()),
            ("b/loose.txt".to_owned(), "a text of its own".to_owned())
        ]
    );
    let output = galley(dir.path(), &["check", "b"]);
    assert!(text(&output.stderr).contains("taken for a folder of METS issues, 2 issues"), "{}", text(&output.stderr));
}

#[test]
fn an_ndnp_batch_has_its_issues_in_the_order_of_the_list() {
    let dir = folder(&[
        ("n/batch.xml", b"<ndnp:batch xmlns:ndnp=\"http://www.loc.gov/ndnp\" name=\"x\"><ndnp:reel reelNumber=\"1\">r/r.xml</ndnp:reel><ndnp:issue issueDate=\"1910-02-01\">r/2/2.xml</ndnp:issue>\n<ndnp:issue>./r/1/1.xml</ndnp:issue></ndnp:batch>"),
        ("n/r/r.xml", mets(&[]).as_bytes()),
        ("n/r/1/1.xml", mets(&[("o", "0001.xml")]).as_bytes()),
        ("n/r/1/0001.xml", alto("A", "an older issue").as_bytes()),
        ("n/r/2/2.xml", mets(&[("o", "0001.xml")]).as_bytes()),
        ("n/r/2/0001.xml", alto("B", "a newer issue").as_bytes()),
    ]);
    let texts: Vec<String> = issues(dir.path(), "n").into_iter().map(|(_, text)| text).collect();
    assert_eq!(texts, ["a newer issue", "an older issue"]);
    let output = galley(dir.path(), &["check", "n"]);
    assert!(text(&output.stderr).contains("taken for an NDNP batch, 2 issues"), "{}", text(&output.stderr));
}

#[test]
fn a_page_that_mets_names_and_is_not_there_is_an_error() {
    let dir = folder(&[("m/mets.xml", mets(&[("a", "1.xml"), ("b", "2.xml")]).as_bytes()), ("m/1.xml", alto("A", "a page").as_bytes())]);
    let (found, code) = findings(dir.path(), &["check", "m"]);
    assert!(found.iter().any(|(rule, _)| rule == "unreadable-file"), "{found:?}");
    assert_eq!(code, Some(2));
    let (found, code) = findings(dir.path(), &["validate", "m"]);
    assert_eq!((found, code), (vec![("missing-file".to_owned(), 4)], Some(1)));
}

#[test]
fn the_articles_of_the_british_librarys_mets_are_exported() {
    let dir = folder(&[("bl/0002647_18240217_mets.xml", BL_METS), ("bl/0002647_18240217_0002.xml", BL_PAGE)]);
    // The half of a word over two blocks waits for a person.
    let output = galley(dir.path(), &["export", "--apply", "all", "bl"]);
    // The other three pages are not there.
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(text(&output.stderr).matches("unreadable-file").count(), 3, "{}", text(&output.stderr));
    let records: Vec<Value> = text(&output.stdout).lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    // The four blocks that the sample still has belong to articles of METS.
    let articles = galleyproof::read::mets::Mets::parse(std::str::from_utf8(BL_METS).unwrap()).unwrap().articles();
    let page = std::str::from_utf8(BL_PAGE).unwrap();
    let there = |id: &str| page.contains(&format!("<String ID=\"{id}\""));
    let named: Vec<_> =
        articles.iter().filter(|a| a.areas.iter().any(|(area, _)| area.file == "img0002-alto" && there(&area.begin))).collect();
    assert!(!named.is_empty());
    assert_eq!(records.len(), named.len(), "{records:#?}");
    let body = |words: &str| records.iter().filter(|r| r["text"].as_str().unwrap().contains(words)).count();
    assert_eq!(body("an infant belligerent state"), 1, "{records:#?}");
    assert!(records.iter().all(|r| r["page"] == 2 && !r["text"].as_str().unwrap().is_empty()), "{records:#?}");
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

#[test]
fn a_bag_is_checked_by_its_manifests() {
    let page = alto("A", "a page");
    let manifest = format!("{}  data/p1.xml\n{}  data/gone.xml\nno line\n", sha256(page.as_bytes()), sha256(b"x"));
    let dir = folder(&[
        ("bag/bagit.txt", b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"),
        ("bag/manifest-sha256.txt", manifest.as_bytes()),
        ("bag/data/p1.xml", page.as_bytes()),
        ("bag/data/extra.txt", b"an extra text"),
    ]);
    let (found, code) = findings(dir.path(), &["validate", "bag"]);
    let found: Vec<(&str, u64)> = found.iter().map(|(rule, line)| (rule.as_str(), *line)).collect();
    assert_eq!(found, [("broken-manifest", 3), ("missing-file", 2), ("extra-file", 1)]);
    assert_eq!(code, Some(1));
    fs::write(dir.path().join("bag/data/p1.xml"), page.replace("page", "pagan")).unwrap();
    let (found, _) = findings(dir.path(), &["validate", "bag"]);
    assert!(found.contains(&("wrong-checksum".to_owned(), 1)), "{found:?}");
    // Manifests are no texts of an issue.
    let output = galley(dir.path(), &["check", "bag"]);
    let said = text(&output.stderr);
    assert!(said.contains("BagIt") && said.contains("2 issues"), "{said}");
}

#[test]
fn a_file_with_another_size_or_checksum_than_mets_says_is_told() {
    let page = alto("A", "a page");
    let with = |said: &str| mets(&[("a", "1.xml")]).replace("USE=\"ocr\"", &format!("USE=\"ocr\" {said}"));
    let dir = folder(&[("1.xml", page.as_bytes()), ("mets.xml", b"")]);
    let rules = |said: &str| {
        fs::write(dir.path().join("mets.xml"), with(said)).unwrap();
        findings(dir.path(), &["validate", "."]).0
    };
    let right = format!("SIZE=\"{}\" CHECKSUM=\"{}\" CHECKSUMTYPE=\"SHA-256\"", page.len(), sha256(page.as_bytes()));
    assert_eq!(rules(&right), []);
    assert_eq!(rules("SIZE=\"7\""), [("wrong-size".to_owned(), 3)]);
    assert_eq!(rules("CHECKSUM=\"00\" CHECKSUMTYPE=\"MD5\""), [("wrong-checksum".to_owned(), 3)]);
}

#[test]
fn hostile_and_broken_documents_are_findings() {
    let laughs =
        (1..10).fold("<!ENTITY l0 \"lol\">".to_owned(), |all, i| format!("{all}<!ENTITY l{i} \"{}\">", format!("&l{};", i - 1).repeat(10)));
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("laughs.xml", format!("<!DOCTYPE alto [{laughs}]><alto>&l9;</alto>").into_bytes(), "malformed-xml"),
        ("outside.xml", b"<!DOCTYPE alto [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><alto>&x;</alto>".to_vec(), "malformed-xml"),
        ("deep.xml", [b"<alto>".to_vec(), b"<a>".repeat(1 << 20)].concat(), "malformed-xml"),
        ("cut.xml", alto("A", "a page").into_bytes()[..200].to_vec(), "malformed-xml"),
        ("wide.xml", format!("<alto {}/>", (0..100_000).map(|i| format!("a{i}=\"\" ")).collect::<String>()).into_bytes(), "malformed-xml"),
        (
            "bytes.xml",
            alto("A", "a page").replace("page", "pa\u{1}ge").into_bytes().iter().map(|b| if *b == 1 { 0xff } else { *b }).collect(),
            "undecodable-bytes",
        ),
        ("ids.xml", alto("A", "a page").replace("A_b1", "A").into_bytes(), "duplicate-id"),
        ("nan.xml", alto("A", "a page").replace("<TextLine>", "<TextLine HPOS=\"NaN\" VPOS=\"0\">").into_bytes(), "broken-box"),
    ];
    for (name, bytes, rule) in cases {
        let dir = folder(&[(name, &bytes)]);
        let (found, code) = findings(dir.path(), &["validate", name]);
        assert_eq!(found.iter().map(|(rule, _)| rule.as_str()).collect::<Vec<_>>(), [rule], "{name}");
        assert_eq!(code, Some(i32::from(rule != "broken-box")), "{name}");
        // `check` reads what it can and says what it cannot.
        let output = galley(dir.path(), &["check", name]);
        assert!(output.status.code().is_some_and(|c| c <= 2), "{name}: {}", text(&output.stderr));
    }
}
