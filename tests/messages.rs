//! galley speaks English and Chinese: what decides which, and that nothing is left in the other language.

mod common;

use std::fs;
use std::path::Path;

use common::{command, folder, galley, text};
use serde_json::Value;

const JUMP: &str = "区里的会议昨日召开。\n（下转2版）\n";

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

#[test]
fn the_flag_goes_before_the_variable_and_the_variable_before_the_locale() {
    let dir = folder(&[]);
    // LC_ALL, LC_MESSAGES, LANG, GALLEY_LANG, --lang
    let rows: [([&str; 5], bool); 8] = [
        (["", "", "", "", ""], false),
        (["", "", "zh_CN.UTF-8", "", ""], true),
        (["", "zh_TW", "en_US.UTF-8", "", ""], true),
        (["C", "zh_CN", "zh_CN", "", ""], false),
        (["zh_CN.UTF-8", "", "", "en", ""], false),
        (["", "", "", "zh", ""], true),
        (["zh_CN.UTF-8", "", "", "zh", "en"], false),
        (["C", "", "", "en", "zh"], true),
    ];
    for (values, chinese) in rows {
        let flag = if values[4].is_empty() { vec!["rules"] } else { vec!["rules", "--lang", values[4]] };
        let mut run = command(dir.path(), &flag);
        for (name, value) in ["LC_ALL", "LC_MESSAGES", "LANG", "GALLEY_LANG"].iter().zip(values) {
            run.env_remove(name);
            if !value.is_empty() {
                run.env(name, value);
            }
        }
        let out = run.output().unwrap();
        let line = text(&out.stdout).lines().find(|l| l.starts_with("split-word")).unwrap_or_default().to_string();
        assert!(is_chinese(&line) == chinese && out.stderr.is_empty(), "{values:?}: {line} {}", text(&out.stderr));
    }
}

#[test]
fn every_finding_of_the_fixtures_is_said_in_both_languages() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/rules");
    let mut said = 0;
    let dir = folder(&[]);
    let found = |lang: &str| {
        let args = ["check", fixtures.to_str().unwrap(), "--format", "jsonl", "--lang", lang, "--fail-level", "never"];
        let lines = text(&galley(dir.path(), &args).stdout);
        let records = lines.lines().map(|l| serde_json::from_str::<Value>(l).unwrap());
        records.filter(|r| r["kind"] == "finding").collect::<Vec<_>>()
    };
    let (english, chinese) = (found("en"), found("zh"));
    assert_eq!(english.len(), chinese.len());
    for (en, zh) in english.iter().zip(&chinese) {
        for same in ["fp", "rule", "path", "line", "evidence", "severity"] {
            assert_eq!(en[same], zh[same]);
        }
        let message = zh["message"].as_str().unwrap();
        assert!(is_chinese(message) && en["message"] != zh["message"] && !message.contains('{'), "{zh}");
        said += 1;
    }
    assert!(said > 40, "{said}");
}

#[test]
fn screens_errors_and_hints_follow_the_language() {
    let dir = folder(&[("j.txt", JUMP.as_bytes()), ("bad.toml", b"[gate]\nmax-findigs = 1\n"), ("v.toml", b"required-version = \">9\"\n")]);
    let cases: [(&[&str], &[&str]); 15] = [
        (
            &["check", "j.txt", "--fail-level", "warning"],
            &["质检：未通过", "发现 1，允许 0", "共 1 期", "警告 unmatched-jump-line", "依据："],
        ),
        (&["check", "j.txt"], &["质检：通过"]),
        (&["check", "none.txt"], &["none.txt：没有这个文件或文件夹"]),
        (&["check", "j.txt", "--config", "bad.toml"], &["bad.toml:2", "未知的键 `max-findigs`；是不是 `max-findings`？"]),
        (&["check", "j.txt", "--config", "v.toml"], &["本项目要求 galley >9"]),
        (&["check", "j.txt", "--select", "split-wrod"], &["没有规则 `split-wrod`；是不是 `split-word`？"]),
        (&["check", "j.txt", "--fromat", "json"], &["这里不认识 `--fromat`；是不是 `--format`？", "用法：galley check"]),
        (&["check", "j.txt", "--format", "jsn"], &["不能用作", "是不是 `json`？"]),
        (&["chekc", "j.txt"], &["没有命令 `chekc`；是不是 `check`？"]),
        (&["clean", "j.txt"], &["请选择修正后的文本如何处理"]),
        (&["clean", "j.txt", "--check"], &["将修改 0 个文件"]),
        (&["check", "j.txt", "--language", "xx"], &["可用语言：", "zh-Hans"]),
        (&["explain", "split-word"], &["原因：印刷时", "可能误判的情形：", "出处："]),
        (&["check"], &["缺少：", "用法："]),
        (&["duplicates", "j.txt"], &["文章 1 篇，重复 0 对，分 0 组"]),
    ];
    for (args, expected) in cases {
        let out = galley(dir.path(), &[args, &["--lang", "zh"]].concat());
        let said = text(&out.stdout) + &text(&out.stderr);
        assert!(expected.iter().all(|e| said.contains(e)), "{args:?}: {said}");
    }
    let lang = galley(dir.path(), &["check", "j.txt", "--lang", "zh-Hant"]);
    let said = text(&lang.stderr);
    assert!(lang.status.code() == Some(2) && said.contains("--language zh-Hant"), "{said}");
}

#[test]
fn reports_are_in_the_language_and_their_machine_words_are_not() {
    let dir = folder(&[("j.txt", JUMP.as_bytes())]);
    let reports = ["sarif", "junit", "html", "csv", "gitlab", "rdjson"];
    let args: Vec<String> = reports.iter().flat_map(|f| ["--report".to_string(), format!("{f}={f}")]).collect();
    let args: Vec<&str> = ["check", "j.txt", "--quiet", "--lang", "zh"].into_iter().chain(args.iter().map(String::as_str)).collect();
    assert_eq!(galley(dir.path(), &args).status.code(), Some(0));
    let read = |name: &str| fs::read_to_string(dir.path().join(name)).unwrap();
    for format in reports {
        assert!(read(format).contains("文章下转第2版"), "{format}");
    }
    let sarif: Value = serde_json::from_str(&read("sarif")).unwrap();
    assert_eq!((&sarif["runs"][0]["language"], &sarif["runs"][0]["results"][0]["level"]), (&"zh".into(), &"warning".into()));
    assert!(read("junit").contains("<failure type=\"warning\"") && read("html").contains("<html lang=\"zh\">"));
    assert!(read("csv").contains(",unmatched-jump-line,warning,"));
}
