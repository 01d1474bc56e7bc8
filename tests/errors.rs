//! Every message a person can meet through config, flags, variables and files: each row of the table of messages that is about mistakes
//! has a case here that makes it appear.

mod common;

use std::collections::BTreeSet;
use std::fs;

use common::{command, folder, text};
use galleyproof::duplicates::archive::ArchiveWriter;
use regex::Regex;

const TABLE: &str = include_str!("../src/messages/en.tsv");

/// Messages that no command line brings about by itself, and why.
const ELSEWHERE: &[(&str, &str)] = &[
    ("config.unwritable", "needs a folder that its owner may not write to; root may"),
    ("error.never-read", "guards the library: the command writes nothing it has not read"),
    ("error.not-regular", "tests/files.rs: devices and pipes as targets"),
    ("error.changed", "tests/files.rs: another program writes at the same time"),
    ("error.undecodable-edited", "tests/readers.rs: an edit over bytes that are no text"),
    ("error.undecodable-kept", "tests/readers.rs: bytes that are no text, and no --keep-encoding"),
    ("usage.value", "what clap says of a value with no list and no reason; every flag has one of them"),
    ("run.interrupting", "tests/gate.rs: Ctrl-C"),
    ("run.interrupted", "tests/gate.rs: Ctrl-C"),
    ("run.spooling", "needs a full disk"),
    ("export.terminal", "only where standard output is a terminal"),
    ("run.threads", "needs a machine that has no thread left"),
];

/// Keys, and beginnings of keys that end with a point, that are about mistakes, or about what a command for files of its own has done.
const ABOUT: &[&str] = &[
    "name.",
    "usage.",
    "config.",
    "baseline.",
    "error.",
    "list.",
    "left-out.",
    "undo.",
    "index.",
    "train.",
    "evaluate.",
    "export.",
    "patches.",
    "decisions.",
    "run.",
    "review.no-images",
    "explain.place",
    "explain.line",
    "stats.formats",
];

/// What a person did before.
enum Before {
    Ran(&'static [&'static str]),
    /// In this file: a text for another.
    Changed(&'static str, &'static str, &'static str),
}

/// The text of a key with anything in the place of its values.
fn pattern(key: &str) -> Regex {
    let row = TABLE.lines().find_map(|l| l.split_once('\t').filter(|(k, _)| *k == key));
    let text = row.unwrap_or_else(|| panic!("no row {key}")).1;
    let any = Regex::new(r"\\\{[^}]*\\\}").unwrap();
    Regex::new(&format!("(?s){}", any.replace_all(&regex::escape(text), ".*"))).unwrap()
}

struct Case {
    key: &'static str,
    /// What stands in galley.toml; no file where empty.
    config: &'static str,
    args: &'static [&'static str],
    /// A variable and its value.
    variable: Option<(&'static str, &'static str)>,
    code: i32,
    before: &'static [Before],
}

fn flags(key: &'static str, args: &'static [&'static str]) -> Case {
    Case { key, config: "", args, variable: None, code: 2, before: &[] }
}

fn config(key: &'static str, config: &'static str) -> Case {
    Case { key, config, args: &["check", "a.txt"], variable: None, code: 2, before: &[] }
}

const WROTE: Before = Before::Ran(&["clean", "cut.txt", "--write"]);
const WRITTEN: &[Before] = &[WROTE];
const CUT: &[u8] = b"Der Gemein-\nderat tagte.\n";
/// A decision about the pattern of its edit.
const ACCEPTED: &str = r#"{"v":1,"decision":"accept","pat":"dce3500d3e79eb770dd13687b3ecb5ea","by":"ann","at":"2026-01-31T12:00:00Z","issue":"","rule":"split-word","before":"-\n","after":"","context":["",""]}"#;

fn cases() -> Vec<Case> {
    let with = |name: &'static str, value: &'static str, case: Case| Case { variable: Some((name, value)), ..case };
    let well = |case: Case| Case { code: 0, ..case };
    let after = |before: &'static [Before], case: Case| Case { before, ..case };
    let user = |key: &'static str, args: &'static [&'static str]| Case { args, ..flags(key, &[]) };
    let mut cases = vec![
        flags("name.rule", &["explain", "zzzqqq"]),
        flags("usage.diff-format", &["clean", "a.txt", "--diff", "--format", "json"]),
        flags("name.rule-near", &["check", "a.txt", "--ignore", "splitword"]),
        flags("name.format", &["check", "a.txt", "--report", "zzz=x"]),
        flags("name.format-near", &["check", "a.txt", "--report", "sarrif=x"]),
        flags("name.format-form", &["check", "a.txt", "--report", "sarif"]),
        flags("name.language", &["check", "a.txt", "--language", "xx"]),
        well(with("GALLEY_ZZZQQQ", "1", flags("name.variable", &["check", "a.txt"]))),
        well(with("GALLEY_LAYUOT", "lines", flags("name.variable-near", &["check", "a.txt"]))),
        flags("usage.write-stdin", &["clean", "-", "--write"]),
        flags("usage.stdin-alone", &["clean", "-", "a.txt"]),
        flags("usage.resume-format", &["clean", "a.txt", "--out", "o", "--resume", "--format", "jsonl"]),
        flags("usage.target", &["clean", "a.txt"]),
        flags("usage.revision", &["check", "a.txt", "--since=-x"]),
        with("PATH", "/nowhere", flags("usage.git", &["check", "a.txt", "--since", "HEAD"])),
        config("usage.script-and-variants", "[forms]\nscript = \"s2t\"\nvariants = \"tw\"\n"),
        flags("usage.variants-engine", &["check", "a.txt", "--variants", "tw", "--variant-engine", "opencc"]),
        flags("usage.text-language", &["rules", "--lang", "de"]),
        flags("usage.shard", &["check", "a.txt", "--shard", "5/4"]),
        flags("usage.no-value", &["check", "a.txt", "--report"]),
        flags("usage.value-known", &["check", "a.txt", "--format", "zzzqqq"]),
        flags("usage.value-near", &["check", "a.txt", "--format", "jsn"]),
        flags("usage.value-because", &["check", "a.txt", "--max-findings", "few"]),
        with("GALLEY_MAX_FINDINGS", "few", flags("usage.value-because", &["check", "a.txt"])),
        flags("usage.flag", &["check", "a.txt", "--zzzqqq"]),
        flags("usage.flag-near", &["check", "a.txt", "--fromat", "json"]),
        flags("usage.command", &["zzzqqq"]),
        flags("usage.command-near", &["chekc"]),
        flags("usage.missing", &["check"]),
        flags("usage.line", &["check"]),
        flags("usage.conflict", &["check", "a.txt", "--config", "x", "--no-config"]),
        flags("usage.twice", &["check", "a.txt", "--shard", "1/2", "--shard", "1/2"]),
        config("config.unknown-key", "zzz = 1\n"),
        config("config.unknown-key-near", "[collection]\nlangauge = \"de\"\n"),
        config("config.unknown-value", "[gate]\nfail-level = \"zzzqqq\"\n"),
        config("config.unknown-value-near", "[gate]\nfail-level = \"eror\"\n"),
        config("config.invalid", "[gate]\nmax-findings = \"ten\"\n"),
        config("config.extends-itself", "extends = \"galley.toml\"\n"),
        config("config.extends-missing", "extends = \"none.toml\"\n"),
        config("config.no-files", "[[overrides]]\nclean.layout = \"lines\"\n"),
        config("config.glob", "[[overrides]]\nfiles = [\"a[\"]\n"),
        config("config.share", "[gate]\nmax-truncated-share = 2.0\n"),
        config("config.share", "[gate]\nmin-quality = -0.5\n"),
        flags("config.share", &["check", "a.txt", "--min-quality", "7"]),
        config("config.probability", "[rules.split-word]\nmin-confidence = 7.0\n"),
        config("config.page-pattern-override", "[[overrides]]\nfiles = [\"*\"]\ncollection.page-pattern = '(1)'\n"),
        config("config.page-pattern-group", "[collection]\npage-pattern = '\\d+'\n"),
        config("config.version", "required-version = \">=99\"\n"),
        config("config.version-form", "required-version = \"new\"\n"),
        config("config.level", "[rules]\nsplit-word = 3\n"),
        config("config.extends-form", "extends = 3\n"),
        well(flags("config.none", &["config", "show", "--no-config"])),
        Case { args: &["config", "show"], ..well(config("config.from", "[gate]\n")) },
        Case { args: &["config", "show", "a.txt"], ..well(config("config.overrides", "[[overrides]]\nfiles = [\"a.txt\"]\n")) },
        Case { args: &["config", "init"], ..config("config.there", "[gate]\n") },
        well(flags("config.written", &["config", "init"])),
        flags("run.in-config", &["check", "a.txt", "--config", "words.toml"]),
        flags("baseline.entry", &["check", "a.txt", "--baseline", "list.txt"]),
        flags("baseline.not-pruned", &["baseline", "prune", "a.txt", "none.txt", "-o", "empty.txt"]),
        well(flags("baseline.pruned", &["baseline", "prune", "a.txt", "-o", "empty.txt"])),
        well(flags("baseline.written", &["baseline", "write", "a.txt"])),
        flags("error.not-found", &["check", "none.txt"]),
        flags("error.read", &["check", "a.txt", "--config", "none.toml"]),
        flags("error.walk", &["check", "ignored"]),
        flags("error.no-input", &["check", "nothing"]),
        flags("error.and-more", &["check", "nothing", "nothing/1", "nothing/2", "nothing/3"]),
        flags("error.not-text", &["check", "pdf.txt"]),
        flags("error.garbled", &["check", "noise.txt", "--encoding", "utf-8"]),
        flags("error.encoding", &["check", "a.txt", "--encoding", "klingon"]),
        flags(
            "error.unencodable",
            &["clean", "latin.txt", "--encoding", "windows-1252", "--user-dictionary", "ours.tsv", "--keep-encoding", "--out", "o"],
        ),
        flags("error.write", &["check", "a.txt", "--report", "sarif=no/such/folder/x"]),
        flags("error.packed", &["clean", "a.txt.gz", "--write"]),
        flags("error.not-a-folder", &["clean", "a.txt", "--out", "list.txt"]),
        flags("error.collision", &["clean", "x/b.txt", "y/b.txt", "--out", "o"]),
        flags("error.onto-input", &["clean", "a.txt", "--out", "."]),
        flags("error.inside-output", &["clean", "x", "--out", "."]),
        well(flags("error.left-out", &["check", "odd"])),
        after(&[Before::Ran(&["clean", "x", "--out", "y/clean"])], well(flags("error.copies", &["check", "y"]))),
        well(flags("left-out.unknown", &["check", "odd"])),
        well(flags("left-out.poorer", &["check", "twice"])),
        user("list.columns-user", &["check", "a.txt", "--user-dictionary", "lists/two.tsv"]),
        user("list.columns-allow", &["check", "a.txt", "--allow", "lists/one.tsv"]),
        user("list.neither", &["check", "a.txt", "--user-dictionary", "lists/neither.tsv"]),
        user("list.itself", &["check", "a.txt", "--user-dictionary", "lists/itself.tsv"]),
        user("list.twice", &["check", "a.txt", "--user-dictionary", "lists/twice.tsv"]),
        user("list.changed-again", &["check", "a.txt", "--user-dictionary", "lists/again.tsv"]),
        user("list.encoding", &["check", "a.txt", "--user-dictionary", "noise.txt"]),
        user("list.empty", &["check", "a.txt", "--user-dictionary", "lists/empty.tsv"]),
        user("list.not-nfc", &["check", "a.txt", "--user-dictionary", "lists/nfd.tsv"]),
        user("list.header", &["check", "a.txt", "--vocabulary", "lists/two.tsv"]),
        user("list.count", &["check", "a.txt", "--vocabulary", "lists/count.tsv"]),
        user("list.order", &["check", "a.txt", "--vocabulary", "lists/order.tsv"]),
        user("list.decision", &["check", "a.txt", "--decisions", "list.txt"]),
        flags("list.nul", &["check", "nul.txt"]),
        after(WRITTEN, well(flags("undo.restored", &["undo", "galley-applied.jsonl"]))),
        after(&[WROTE, Before::Ran(&["undo", "galley-applied.jsonl"])], well(flags("undo.already", &["undo", "galley-applied.jsonl"]))),
        after(&[WROTE, Before::Changed("cut.txt", "tagte", "tagt")], flags("undo.other-bytes", &["undo", "galley-applied.jsonl"])),
        after(
            &[WROTE, Before::Changed("galley-applied.jsonl", "\"was\":\"-", "\"was\":\"+")],
            flags("undo.damaged", &["undo", "galley-applied.jsonl"]),
        ),
        flags("index.other-files", &["index", "add", "x", "texts.jsonl"]),
        flags("index.busy", &["index", "add", "busy", "texts.jsonl"]),
        flags("index.is-file", &["index", "add", "list.txt", "texts.jsonl"]),
        flags("index.none", &["index", "stats", "nothing"]),
        after(&[Before::Ran(&["index", "add", "ar", "texts.jsonl"])], flags("index.into-itself", &["index", "merge", "ar", "ar"])),
        flags("train.cross", &["evaluate", "gold", "--cross"]),
        flags("train.nothing", &["train", "gold", "--out", "o"]),
        flags("train.folder", &["train", "taught", "--out", "list.txt/o"]),
        flags("train.no-gold", &["train", "nothing", "--out", "o"]),
        flags("evaluate.cross", &["evaluate", "gold", "gold", "--cross", "--measure", "articles"]),
        flags("evaluate.no-articles", &["evaluate", "x", "--measure", "articles"]),
        flags("evaluate.pairs", &["evaluate", "x", "--measure", "quality"]),
        flags("evaluate.no-truth", &["evaluate", "x", "nothing", "--measure", "quality"]),
        flags("export.alto-folder", &["export", "--to", "alto", "--unit", "article", "x", "y"]),
        flags("patches.other", &["clean", "cut.txt", "--patches", "patches"]),
        well(flags("patches.made", &["clean", "cut.txt", "--patches", "o"])),
        flags("decisions.one-name", &["decisions", "export", "--format", "gold", "accepted.jsonl", "z/cut.txt", "z-cut.txt", "--out", "o"]),
        flags("decisions.partly", &["decisions", "export", "--format", "gold", "accepted.jsonl", "none.txt", "--out", "o"]),
        well(flags("decisions.labelled", &["decisions", "export", "--format", "gold", "accepted.jsonl", "cut.txt", "--out", "o"])),
        flags("decisions.not-pruned", &["decisions", "prune", "accepted.jsonl", "none.txt"]),
        well(flags("decisions.imported", &["decisions", "import", "new.jsonl", "accepted.jsonl"])),
        well(flags("decisions.kept", &["decisions", "compact", "accepted.jsonl"])),
        well(flags("decisions.would-keep", &["decisions", "prune", "--dry-run", "accepted.jsonl", "cut.txt"])),
        Case {
            code: 1,
            ..after(
                &[Before::Ran(&["decisions", "import", "accepted.jsonl", "rejected.jsonl"])],
                flags("run.troubled", &["check", "cut.txt", "--decisions", "accepted.jsonl"]),
            )
        },
        flags(
            "run.not-written",
            &["clean", "latin.txt", "--encoding", "windows-1252", "--user-dictionary", "ours.tsv", "--keep-encoding", "--out", "o"],
        ),
        with("TMPDIR", "/nowhere", flags("run.temporary", &["check", "a.txt"])),
        well(flags("run.weights", &["check", "a.txt", "--weights", "weights"])),
        well(flags("review.no-images", &["review", "cut.txt", "--images", "lists", "--html", "o.html"])),
        flags("explain.place", &["explain", "--at", "a.txt"]),
        flags("explain.line", &["explain", "--at", "a.txt:first"]),
        flags("stats.formats", &["stats", "a.txt", "--format", "sarif"]),
    ];
    if !cfg!(feature = "parquet") {
        cases.push(flags("export.no-parquet", &["export", "--to", "parquet", "a.txt"]));
    }
    if !cfg!(feature = "opencc") {
        cases.push(flags("usage.no-opencc", &["check", "a.txt", "--script", "s2t", "--variant-engine", "opencc"]));
    }
    cases
}

#[test]
fn every_mistake_shows_its_message() {
    let noise: Vec<u8> = (0..4000u32).map(|i| 0x80 + (i * 37 % 64) as u8).collect();
    let mut shown: BTreeSet<&str> = ELSEWHERE.iter().map(|(key, _)| *key).collect();
    let mut wrong = Vec::new();
    let rejected = ACCEPTED.replace("accept", "reject").replace("ann", "bob");
    for Case { key, config, args, variable, code, before } in cases() {
        let dir = folder(&[
            ("a.txt", b"One.\n"),
            ("list.txt", b"a.txt\n"),
            ("empty.txt", b""),
            ("pdf.txt", b"%PDF-1.4\0\0"),
            ("nul.txt", b"One.\0\0\0\x01\x02 Two.\n"),
            ("noise.txt", noise.as_slice()),
            ("latin.txt", b"The chairman of the board spoke on Monday, and the members agreed.\n"),
            ("ours.tsv", "board\t\u{9580}\tsafe\tas a test\n".as_bytes()),
            ("words.toml", b"[collection]\nwords = \"none.txt\"\n"),
            ("a.txt.gz", b"not gzip"),
            ("ignored/a.txt", b"One.\n"),
            ("ignored/.galleyignore", b"a[z-a]\n"),
            ("nothing/1/x.jpg", b""),
            ("nothing/2/x.jpg", b""),
            ("nothing/3/x.jpg", b""),
            ("odd/a.txt", b"One.\n"),
            ("odd/b.tsv", b"neither OCR nor text\n"),
            ("x/b.txt", b"One.\n"),
            ("y/b.txt", b"One.\n"),
            ("twice/a.txt", b"One.\n"),
            ("twice/a.hocr", b"<html><body><div class='ocr_page'></div></body></html>\n"),
            ("lists/one.tsv", b"a\n"),
            ("lists/two.tsv", b"a\tb\n"),
            ("lists/neither.tsv", b"a\tb\tmaybe\n"),
            ("lists/itself.tsv", b"a\ta\tsafe\n"),
            ("lists/twice.tsv", b"a\tb\tsafe\na\tc\tsafe\n"),
            ("lists/again.tsv", b"a\tb\tsafe\nb\tc\tsafe\n"),
            ("lists/empty.tsv", b"\tb\tsafe\n"),
            ("lists/nfd.tsv", "e\u{301}\tb\tsafe\n".as_bytes()),
            ("lists/count.tsv", b"# galleyproof vocabulary 1: word, count\na\tmany\n"),
            ("lists/order.tsv", b"# galleyproof vocabulary 1: word, count\nb\t1\na\t1\n"),
            ("cut.txt", CUT),
            ("z/cut.txt", CUT),
            ("z-cut.txt", CUT),
            ("accepted.jsonl", ACCEPTED.as_bytes()),
            ("rejected.jsonl", rejected.as_bytes()),
            ("texts.jsonl", b"{\"text\": \"One.\"}\n"),
            ("gold/0.txt", b"One.\n"),
            ("gold/0.gold.tsv", b"line_a\tline_b\tkind\n"),
            ("taught/0.txt", "我厂工人在会上表示，一定要把生\n\n产搞上去。\n".as_bytes()),
            ("taught/0.gold.tsv", b"line_a\tline_b\tkind\n1\t3\tjoin\n"),
            ("patches/other.patch", b"of somebody else\n"),
            ("weights/han/breaks.tsv", include_bytes!("../dictionaries/han/breaks.tsv")),
        ]);
        let busy = (key == "index.busy").then(|| ArchiveWriter::open(&dir.path().join("busy")).unwrap());
        if !config.is_empty() {
            fs::write(dir.path().join("galley.toml"), config).unwrap();
        }
        for before in before {
            match before {
                Before::Ran(args) => assert!(command(dir.path(), args).output().unwrap().status.success(), "{args:?}"),
                Before::Changed(file, from, to) => {
                    let old = fs::read_to_string(dir.path().join(file)).unwrap();
                    assert!(old.contains(from), "{file}: {old}");
                    fs::write(dir.path().join(file), old.replace(from, to)).unwrap();
                }
            }
        }
        let mut run = command(dir.path(), args);
        if let Some((name, value)) = variable {
            run.env(name, value);
        }
        let out = run.output().unwrap();
        let said = text(&out.stderr) + &text(&out.stdout);
        let placed = !(key.starts_with("config.") && code == 2 && !config.is_empty() && args[0] == "check");
        if !pattern(key).is_match(&said) || out.status.code() != Some(code) || !(placed || said.contains("galley.toml:")) {
            wrong.push(format!("{key}: {args:?} {config:?} ends with {:?} and says\n{said}", out.status.code()));
        }
        shown.insert(key);
        drop(busy);
    }
    assert!(wrong.is_empty(), "without their message, exit code, or file and line:\n{}", wrong.join("\n"));
    if cfg!(feature = "opencc") {
        shown.insert("usage.no-opencc");
    }
    if cfg!(feature = "parquet") {
        shown.insert("export.no-parquet");
    }
    let about_mistakes = |key: &&str| ABOUT.iter().any(|a| if a.ends_with('.') { key.starts_with(a) } else { key == a });
    let keys = TABLE.lines().filter(|l| !l.starts_with('#')).filter_map(|l| Some(l.split_once('\t')?.0));
    let unseen: Vec<&str> = keys.filter(about_mistakes).filter(|k| !shown.contains(k)).collect();
    assert!(unseen.is_empty(), "messages that no case shows: {unseen:?}");
}
