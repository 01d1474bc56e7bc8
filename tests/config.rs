//! `galley.toml` as its writers meet it: what holds where, and what is said of every mistake.

mod common;

use std::fs;

use common::{command, folder, galley, text};

const BROKEN: &str = "The chairman of the com-\nmittee spoke on Monday, and the\nmembers agreed with him.\n";

/// What `clean --diff` puts in the place of the cut word.
fn cleaned(dir: &std::path::Path, args: &[&str]) -> String {
    let out = galley(dir, &[&["clean", "--diff"], args].concat());
    assert!(out.status.code() == Some(0), "{}", text(&out.stderr));
    text(&out.stdout)
}

#[test]
fn the_nearest_file_holds_and_is_not_mixed_with_those_above() {
    let dir = folder(&[
        ("galley.toml", b"[rules]\nsplit-word = \"off\"\nbroken-paragraph = \"off\"\n"),
        ("a.txt", BROKEN.as_bytes()),
        ("sub/galley.toml", b"[clean]\nlayout = \"lines\"\n"),
        ("sub/deep/a.txt", BROKEN.as_bytes()),
    ]);
    let out = cleaned(dir.path(), &["a.txt", "sub"]);
    assert!(!out.contains("a/a.txt"), "off above: {out}");
    assert!(out.contains("b/sub/deep/a.txt") && out.contains("+The chairman of the committee\n+spoke on Monday"), "{out}");
}

#[test]
fn what_is_said_nearer_goes_first() {
    // Each step says another layout or the same as the one below it, so that only its own word can show.
    let dir = folder(&[
        ("base.toml", b"[clean]\nlayout = \"lines\"\n[rules.split-word]\nlevel = \"safe\"\n"),
        ("galley.toml", b"extends = \"base.toml\"\n[[overrides]]\nfiles = [\"o*.txt\"]\nclean.layout = \"lines\"\n"),
        ("a.txt", BROKEN.as_bytes()),
        ("o.txt", BROKEN.as_bytes()),
    ]);
    let lines = |out: &str| out.contains("+spoke on Monday");
    let path = dir.path();
    assert!(!lines(&cleaned(path, &["a.txt", "--no-config"])), "the default is paragraphs");
    assert!(lines(&cleaned(path, &["a.txt"])), "extends over the default");
    fs::write(
        path.join("galley.toml"),
        "extends = \"base.toml\"\n[clean]\nlayout = \"paragraphs\"\n[[overrides]]\nfiles = [\"o*.txt\"]\nclean.layout = \"lines\"\n",
    )
    .unwrap();
    assert!(!lines(&cleaned(path, &["a.txt"])), "the file over what it extends");
    assert!(lines(&cleaned(path, &["o.txt"])), "overrides over the file");
    let with = |value: &str, args: &[&str]| {
        let out = command(path, &[&["clean", "--diff", "o.txt"], args].concat()).env("GALLEY_LAYOUT", value).output().unwrap();
        lines(&text(&out.stdout))
    };
    assert!(!with("paragraphs", &[]), "variables over overrides");
    assert!(with("paragraphs", &["--layout", "lines"]), "flags over variables");
}

#[test]
fn levels_of_a_rule() {
    let dir = folder(&[("a.txt", BROKEN.as_bytes())]);
    let outcome = |config: &str, args: &[&str]| {
        fs::write(dir.path().join("galley.toml"), config).unwrap();
        let out = galley(dir.path(), &[&["check", "a.txt", "--format", "jsonl", "--select", "split-word"][..4], args].concat());
        let records: Vec<serde_json::Value> = text(&out.stdout).lines().map(|l| serde_json::from_str(l).unwrap()).collect();
        records.iter().find(|r| r["rule"] == "split-word").map(|r| r["outcome"].as_str().unwrap_or("").to_string())
    };
    assert_eq!(outcome("", &[]).as_deref(), Some("applied"));
    assert_eq!(outcome("rules.split-word = \"review\"", &[]).as_deref(), Some("held"));
    assert_eq!(outcome("rules.split-word = \"review\"", &["--apply", "all"]).as_deref(), Some("applied"));
    assert_eq!(outcome("rules.split-word = \"report\"", &["--apply", "all"]).as_deref(), Some("held"));
    assert_eq!(outcome("rules.split-word = \"off\"", &[]), None);
    assert_eq!(outcome("rules.split-word = \"off\"", &["--select", "split-word"]).as_deref(), Some("applied"), "asked for by name");
    assert_eq!(outcome("[rules.split-word]\nmin-confidence = 1.0", &[]).as_deref(), Some("held"));
}

#[test]
fn severities_are_changed_for_findings() {
    let dir = folder(&[("a.txt", b"\xff\xfe"), ("b.txt", "Die Ge\u{fffd}schichte.\n".as_bytes())]);
    let truncated = "第一段。\n（下转2版）\n".as_bytes();
    fs::write(dir.path().join("b.txt"), truncated).unwrap();
    let code = |config: &str| {
        fs::write(dir.path().join("galley.toml"), config).unwrap();
        galley(dir.path(), &["check", "b.txt"]).status.code()
    };
    assert_eq!(code(""), Some(0));
    assert_eq!(code("[rules.unmatched-jump-line]\nseverity = \"error\""), Some(1));
}

#[test]
fn page_pattern_makes_issues_of_folders() {
    let dir = folder(&[
        ("x/kc_p1.txt", b"The chairman of the great com-\n"),
        ("x/kc_p2.txt", b"mittee spoke on Monday, and the members of it agreed.\n"),
        ("galley.toml", b"[collection]\npage-pattern = '^kc_p(\\d+)$'\n"),
    ]);
    let out = cleaned(dir.path(), &["x", "--apply", "all"]);
    assert!(out.contains("+The chairman of the great committee spoke"), "{out}");
}

#[test]
fn every_mistake_names_file_line_and_the_right_name() {
    let dir = folder(&[("a.txt", b"One.\n"), ("self.toml", b"extends = \"self.toml\"\n"), ("latin.toml", b"title = \"\xff\"\n")]);
    let cases: &[(&str, &str)] = &[
        ("[collection]\nlangauge = \"de\"\n", "galley.toml:2: unknown key `langauge`; did you mean `language`?"),
        ("[colection]\n", "galley.toml:1: unknown key `colection`; did you mean `collection`?"),
        ("\n\nzzz = 1\n", "galley.toml:3: unknown key `zzz`; known here: "),
        ("[gate]\nmax-findings = \"ten\"\n", "galley.toml:2: max-findings: invalid type: string \"ten\""),
        ("[gate]\nmax-findings = -1\n", "galley.toml:2: max-findings: invalid value"),
        ("[gate]\nfail-level = \"eror\"\n", "galley.toml:2: unknown value `eror`; did you mean `error`?"),
        ("[gate]\n\nmax-truncated-share = 2.0\n", "galley.toml:3: max-truncated-share is a share from 0 to 1"),
        ("[collection]\nlanguage = \"zh_Hans\"\n", "galley.toml:2: unknown value `zh_Hans`; did you mean `zh-Hans`?"),
        ("[collection]\nencoding = \"klingon\"\n", "galley.toml:2: unknown or unsupported encoding `klingon`"),
        ("[collection]\npage-pattern = '(\\d'\n", "galley.toml:2: regex parse error"),
        ("[collection]\npage-pattern = '\\d+'\n", "galley.toml:2: page-pattern needs a group"),
        ("[rules]\nsplit-wrod = \"off\"\n", "galley.toml:2: no rule `split-wrod`; did you mean `split-word`?"),
        ("[rules]\nsplit-word = \"of\"\n", "galley.toml:2: unknown value `of`; did you mean `off`?"),
        ("[rules.split-word]\nlevle = \"off\"\n", "galley.toml:2: unknown key `levle`; did you mean `level`?"),
        ("[rules.split-word]\nmin-confidence = 7.0\n", "min-confidence is a probability from 0 to 1"),
        ("[rules]\nsplit-word = 3\n", "galley.toml:2: split-word: invalid type: integer `3`"),
        ("[[overrides]]\nfiles = [\"a[\"]\n", "galley.toml:2: `a[` is no glob"),
        ("[[overrides]]\nclean.layout = \"lines\"\n", "an override without `files` is for no file"),
        ("[[overrides]]\nfiles = \"*.txt\"\n", "galley.toml:2: files: invalid type: string"),
        ("[[overrides]]\nfiles = [\"*\"]\ncollection.page-pattern = '(1)'\n", "page-pattern is about folders"),
        ("extends = \"none.toml\"\n", "which is not there"),
        ("extends = \"self.toml\"\n", "self.toml:1: extends itself"),
        ("extends = 3\n", "galley.toml:1: extends: invalid type: integer `3`, expected a file name or a list of them"),
        ("required-version = \">=99\"\n", "galley.toml:1: this collection asks for galley >=99"),
        ("required-version = \"new\"\n", "galley.toml:1: required-version: `new` is no version requirement"),
        ("[collection\n", "galley.toml:1: "),
        ("[collection]\nvocabulary = \"none.tsv\"\n", "collection.vocabulary in galley.toml"),
        ("[gate]\nbaseline = \"none.jsonl\"\n", "none.jsonl: cannot be read"),
    ];
    for (config, expected) in cases {
        fs::write(dir.path().join("galley.toml"), config).unwrap();
        let out = galley(dir.path(), &["check", "a.txt"]);
        let message = text(&out.stderr);
        assert!(message.contains(expected) && out.status.code() == Some(2), "{config}\n got {message}\nwant {expected}");
        assert!(out.stdout.is_empty(), "nothing is printed before the config is right");
    }
}

#[test]
fn a_mistake_below_is_found_before_anything_is_written() {
    let dir = folder(&[("in/a.txt", BROKEN.as_bytes()), ("in/z/b.txt", BROKEN.as_bytes()), ("in/z/galley.toml", b"zzz = 1\n")]);
    let out = galley(dir.path(), &["clean", "in", "--out", "out"]);
    assert_eq!(out.status.code(), Some(2));
    assert!(text(&out.stderr).contains("galley.toml:1: unknown key"), "{}", text(&out.stderr));
    assert!(!dir.path().join("out").exists());
}

#[test]
fn mistakes_in_flags_and_variables() {
    let dir = folder(&[
        ("a.txt", b"One.\n"),
        ("list.txt", b"a.txt\n"),
        ("bad.jsonl", b"{\"v\":1}\n"),
        ("odd.jsonl", b"{\"v\":1,\"fp\":\"0\",\"rule\":\"split-wort\",\"path\":\"a\"}\n"),
        ("a.txt.gz", b"not gzip"),
        ("b.tar", b"not tar"),
        ("c.zip", b"not zip"),
    ]);
    let cases: &[(&[&str], &str)] = &[
        (&["check", "a.txt", "--config", "none.toml"], "none.toml: cannot be read"),
        (&["check", "a.txt", "--config", "a.txt", "--no-config"], "exclude each other"),
        (&["check", "a.txt", "--report", "sarif"], "FORMAT=PATH"),
        (&["check", "a.txt", "--report", "sarrif=x"], "no format `sarrif`; did you mean `sarif`?"),
        (&["check", "a.txt", "--report", "sarif=no/such/folder/x"], "no/such/folder/x: cannot be written"),
        (&["check", "a.txt", "--format", "xml"], "`xml` is no value for --format"),
        (&["check", "a.txt", "--baseline", "none.jsonl"], "none.jsonl: cannot be read"),
        (&["check", "a.txt", "--baseline", "bad.jsonl"], "bad.jsonl:1: no entry of a baseline"),
        (&["check", "a.txt", "--baseline", "odd.jsonl"], "odd.jsonl:1: no rule `split-wort`; did you mean `split-word`?"),
        (&["check", "a.txt", "--since", "HEAD"], "--since: git rev-parse"),
        (&["check", "a.txt", "--max-findings", "few"], "`few` is no value for --max-findings"),
        (&["check", "a.txt", "--encoding", "klingon"], "unknown or unsupported encoding `klingon`"),
        (&["check", "--file-list", "none.txt"], "none.txt: cannot be read"),
        (&["check"], "missing: "),
        (&["check", "b.tar"], "b.tar: cannot be read"),
        (&["check", "c.zip"], "c.zip: cannot be read"),
        (&["clean", "a.txt.gz", "--write"], "a.txt.gz: is packed and is not rewritten in place"),
        (&["clean", "a.txt", "--resume"], "--out"),
        (&["clean", "a.txt", "--out", "o", "--resume", "--format", "jsonl"], "--resume does not report again"),
        (&["config", "show", "nowhere"], "nowhere: no such file or folder"),
        (&["config", "shw"], "no command `shw`"),
        (&["baseline", "prune", "a.txt"], "galley-baseline.jsonl: cannot be read"),
        (&["completions", "tcsh9"], "`tcsh9` is no value for"),
    ];
    for (args, expected) in cases {
        let out = galley(dir.path(), args);
        let message = text(&out.stderr);
        assert!(message.contains(expected) && out.status.code() == Some(2), "{args:?}\n got {message}\nwant {expected}");
    }
    let out = command(dir.path(), &["check", "a.txt"]).env("GALLEY_LAYOUT", "pages").output().unwrap();
    assert!(text(&out.stderr).contains("`pages` is no value for --layout") && out.status.code() == Some(2), "{}", text(&out.stderr));
    let out = command(dir.path(), &["check", "a.txt"]).env("GALLEY_LAYUOT", "lines").output().unwrap();
    assert!(text(&out.stderr).contains("did you mean GALLEY_LAYOUT?") && out.status.code() == Some(0), "{}", text(&out.stderr));
}

#[test]
fn init_writes_a_file_that_holds_with_every_line_taken_out_of_its_comment() {
    let dir = folder(&[("a.txt", b"One.\n")]);
    assert!(galley(dir.path(), &["config", "init"]).status.success());
    let path = dir.path().join("galley.toml");
    let written = fs::read_to_string(&path).unwrap();
    assert!(galley(dir.path(), &["check", "a.txt"]).status.success(), "as it is");
    let again = galley(dir.path(), &["config", "init"]);
    assert_eq!((again.status.code(), fs::read_to_string(&path).unwrap()), (Some(2), written.clone()), "{}", text(&again.stderr));
    // Lines that name other files, and prose, stay comments.
    let missing = ["extends", "vocabulary", "baseline"];
    let setting = |line: &str| {
        let bare = line.strip_prefix("# ")?;
        let key = bare.split([' ', '=']).next()?;
        let is_setting = bare.starts_with('[') || bare.split_once(" = ").is_some_and(|(k, _)| !k.contains(' '));
        (is_setting && !missing.contains(&key)).then(|| bare.to_string())
    };
    let all: Vec<String> = written.lines().map(|l| setting(l).unwrap_or_else(|| l.to_string())).collect();
    fs::write(&path, all.join("\n")).unwrap();
    let out = galley(dir.path(), &["config", "show"]);
    assert!(out.status.success(), "{}", text(&out.stderr));
    let shown = text(&out.stdout);
    assert!(shown.contains("id = \"kecheng\"") && shown.contains("min-confidence = 0.99"), "{shown}");
}

#[test]
fn show_prints_what_can_be_read_again() {
    let dir = folder(&[
        ("base.toml", b"[gate]\nmax-findings = 5\n[rules]\nstraight-quote = \"off\"\n"),
        ("galley.toml", b"extends = [\"base.toml\"]\n[[overrides]]\nfiles = [\"a.txt\"]\nrules.split-word = \"review\"\n"),
        ("a.txt", b"One.\n"),
    ]);
    let out = galley(dir.path(), &["config", "show", "a.txt"]);
    let shown = text(&out.stdout);
    assert!(shown.contains("base.toml") && shown.contains("max-findings = 5") && shown.contains("level = \"review\""), "{shown}");
    fs::write(dir.path().join("again.toml"), &shown).unwrap();
    let again = galley(dir.path(), &["config", "show", "a.txt", "--config", "again.toml"]);
    let settings = |text: &str| text.lines().filter(|l| !l.starts_with('#')).map(str::to_string).collect::<Vec<_>>();
    assert_eq!(settings(&text(&again.stdout)), settings(&shown), "{}", text(&again.stderr));
}

#[test]
fn the_schema_takes_what_is_right_and_refuses_what_is_wrong() {
    let dir = folder(&[]);
    let schema: serde_json::Value = serde_json::from_slice(&galley(dir.path(), &["config", "schema"]).stdout).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let valid = |config: &str| validator.is_valid(&serde_json::to_value(toml::from_str::<toml::Table>(config).unwrap()).unwrap());
    assert!(valid(
        "extends = \"a\"\n[rules]\nsplit-word = \"off\"\n[rules.stray-space]\nseverity = \"error\"\n[[overrides]]\nfiles = [\"*\"]\nrules.split-word = \"safe\"\n"
    ));
    assert!(valid("extends = [\"a\", \"b\"]\n[gate]\nfail-level = \"never\"\n"));
    for wrong in [
        "zzz = 1",
        "[rules]\nsplit-wrod = \"off\"",
        "[rules]\nsplit-word = \"of\"",
        "[gate]\nmax-findings = \"x\"",
        "[collection]\nlanguage = \"xx\"",
    ] {
        assert!(!valid(wrong), "{wrong}");
    }
}

#[test]
fn characters_of_ocr_files_change_where_the_config_says_so() {
    let alto = |text: &str| {
        format!(
            "<alto xmlns=\"http://www.loc.gov/standards/alto/ns-v3#\"><Layout><Page ID=\"P\" WIDTH=\"900\" HEIGHT=\"900\"><PrintSpace>\
             <TextBlock ID=\"B\"><TextLine><String CONTENT=\"{text}\"/></TextLine></TextBlock></PrintSpace></Page></Layout></alto>\n"
        )
    };
    let printed = alto("会议决定,今年继续推进改革,保持经济平稳发展。");
    let files =
        [("a.xml", printed.as_bytes()), ("sub/a.xml", printed.as_bytes()), ("sub/galley.toml", b"[clean]\nwrite-mode = \"correct\"\n")];
    let dir = folder(&files);
    let written = |args: &[&str], name: &str| {
        let out = galley(dir.path(), &[&["clean", ".", "--out", "out"], args].concat());
        assert!(out.status.success(), "{}", text(&out.stderr));
        fs::read_to_string(dir.path().join("out").join(name)).unwrap()
    };
    let repaired = alto("会议决定，今年继续推进改革，保持经济平稳发展。");
    assert_eq!((written(&[], "a.xml"), written(&[], "sub/a.xml")), (printed.clone(), repaired.clone()));
    // A finished issue is done again where the flag asks for other bytes.
    assert_eq!(written(&["--resume", "--write-mode", "correct"], "a.xml"), repaired);
    assert_eq!(written(&["--resume", "--write-mode", "annotate"], "sub/a.xml"), printed);
}
