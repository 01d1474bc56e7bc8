//! Diffs and patches that git itself takes, byte for byte.

mod common;

use std::fs;
use std::path::Path;
use std::process::Command;

use common::{folder, galley, text};

/// Cut words, stray spaces, straight quotes and invisible characters, some on the same line, some far apart.
fn page(end: &str, last: &str) -> String {
    let lines = [
        "区四套班子领导要带头示",
        "",
        "范，当好支持者、参与者，不当评论者、空谈者、反对者。",
        "",
        "会议指出，要把 各项 工作落到实处。",
        "",
        "大家\u{200b}一致表示,要形成合力。",
        "",
        "第一段没有什么可改的文字。",
        "",
        "第二段没有什么可改的文字。",
        "",
        "第三段没有什么可改的文字。",
        "",
        "他说\u{200b}，这件事要办好。",
        "",
        "昨天的会议上，代表们讨论了下一步的工作安排，并对有关问题提出了意",
        "",
        "见，会议还通过了决议。",
    ];
    lines.join(end) + last
}

fn files() -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = vec![
        ("lf.txt".into(), page("\n", "\n").into_bytes()),
        ("没有末行.txt".into(), page("\n", "").into_bytes()),
        ("crlf.txt".into(), page("\r\n", "\r\n").into_bytes()),
        ("crlf open.txt".into(), page("\r\n", "").into_bytes()),
        ("bom.txt".into(), ["\u{feff}", &page("\n", "\n")].concat().into_bytes()),
    ];
    let german = "Der Vorsitzende der Kom-\nmission sprach am Montag, und die\nMitglieder stimmten ihm zu.\n\nEin neuer\u{ad} Absatz.\n";
    files.push(("de.txt".into(), german.replace('\n', "\r\n").into_bytes()));
    files
}

fn git(dir: &Path, args: &[&str]) {
    let out = Command::new("git").current_dir(dir).args(args).output().expect("git runs");
    assert!(out.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&out.stderr));
}

fn fresh() -> (tempfile::TempDir, Vec<(String, Vec<u8>)>) {
    let files = files();
    let refs: Vec<(&str, &[u8])> = files.iter().map(|(n, b)| (n.as_str(), b.as_slice())).collect();
    (folder(&refs), files)
}

fn holds(dir: &Path, files: &[(String, Vec<u8>)]) -> Vec<Vec<u8>> {
    files.iter().map(|(name, _)| fs::read(dir.join(name)).expect("a file")).collect()
}

/// What `clean` itself writes.
fn cleaned(files: &[(String, Vec<u8>)], flags: &[&str]) -> Vec<Vec<u8>> {
    let refs: Vec<(&str, &[u8])> = files.iter().map(|(n, b)| (n.as_str(), b.as_slice())).collect();
    let dir = folder(&refs);
    let out = galley(dir.path(), &[&["clean", ".", "--write", "--quiet"], flags].concat());
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    holds(dir.path(), files)
}

#[test]
fn git_applies_the_diff_byte_for_byte() {
    for flags in [&[][..], &["--apply", "all"], &["--layout", "lines"]] {
        let (dir, files) = fresh();
        let out = galley(dir.path(), &[&["clean", ".", "--diff"], flags].concat());
        fs::write(dir.path().join("all.diff"), &out.stdout).expect("a diff");
        git(dir.path(), &["apply", "--whitespace=nowarn", "all.diff"]);
        let wanted = cleaned(&files, flags);
        assert!(holds(dir.path(), &files) == wanted && wanted.iter().zip(&files).all(|(now, (_, was))| now != was), "{flags:?}");
    }
}

#[test]
fn any_patches_in_any_order_can_be_applied() {
    let flags = ["--apply", "all"];
    let (dir, files) = fresh();
    let out = galley(dir.path(), &[&["clean", ".", "--patches", "patches"], &flags[..]].concat());
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let series = fs::read_to_string(dir.path().join("patches/series")).expect("a series");
    let mut names: Vec<&str> = series.lines().collect();
    names.sort_unstable();
    assert!(names.len() >= 3 && names.contains(&"invisible-character.patch"), "{names:?}");
    let original: Vec<Vec<u8>> = files.iter().map(|(_, b)| b.clone()).collect();
    let restore = || files.iter().for_each(|(name, bytes)| fs::write(dir.path().join(name), bytes).expect("a file"));
    let mut alone = Vec::new();
    for name in &names {
        git(dir.path(), &["apply", "--whitespace=nowarn", &format!("patches/{name}")]);
        let now = holds(dir.path(), &files);
        assert!(now != original, "{name} changes something");
        alone.push(now);
        restore();
    }
    // All in every rotation and backwards: always what `clean` writes.
    let wanted = cleaned(&files, &flags);
    for turn in 0..2 * names.len() {
        let mut order = names.clone();
        order.rotate_left(turn % names.len());
        if turn >= names.len() {
            order.reverse();
        }
        for name in &order {
            git(dir.path(), &["apply", "--whitespace=nowarn", &format!("patches/{name}")]);
        }
        assert!(holds(dir.path(), &files) == wanted, "{order:?}");
        restore();
    }
    // A patch that was left out leaves its lines alone.
    for name in names.iter().filter(|n| **n != "invisible-character.patch") {
        git(dir.path(), &["apply", "--whitespace=nowarn", &format!("patches/{name}")]);
    }
    assert!(holds(dir.path(), &files) != wanted);
    assert!(String::from_utf8(holds(dir.path(), &files)[0].clone()).expect("text").contains("他说\u{200b}"));
}

#[test]
fn a_folder_of_patches_is_made_anew_and_other_patches_are_left_alone() {
    let (dir, _) = fresh();
    let run = |select: &str| galley(dir.path(), &["clean", ".", "--patches", "patches", "--select", select]);
    run("invisible-character");
    run("split-word");
    assert!(!dir.path().join("patches/invisible-character.patch").exists() && dir.path().join("patches/split-word.patch").exists());
    fs::write(dir.path().join("patches/mine.patch"), "mine").expect("a file");
    let out = galley(dir.path(), &["clean", ".", "--patches", "patches"]);
    assert_eq!(out.status.code(), Some(2));
    assert!(text(&out.stderr).contains("mine.patch") && dir.path().join("patches/split-word.patch").exists());
}

#[test]
fn another_encoding_is_one_patch_unless_it_stays() {
    let gbk = encoding_rs::GB18030.encode(&page("\r\n", "\r\n").replace('\u{200b}', "")).0.into_owned();
    let dir = folder(&[("gbk.txt", &gbk)]);
    galley(dir.path(), &["clean", ".", "--patches", "patches", "--apply", "all"]);
    let series = fs::read_to_string(dir.path().join("patches/series")).expect("a series");
    assert_eq!(series.lines().count(), 1, "{series}");
    git(dir.path(), &["apply", "--whitespace=nowarn", &format!("patches/{}", series.trim())]);
    let now = fs::read(dir.path().join("gbk.txt")).expect("a file");
    assert!(vec![now] == cleaned(&[("gbk.txt".into(), gbk.clone())], &["--apply", "all"]));
    fs::write(dir.path().join("gbk.txt"), &gbk).expect("a file");
    galley(dir.path(), &["clean", "gbk.txt", "--patches", "kept", "--apply", "all", "--keep-encoding"]);
    let series = fs::read_to_string(dir.path().join("kept/series")).expect("a series");
    for name in series.lines() {
        git(dir.path(), &["apply", "--whitespace=nowarn", &format!("kept/{name}")]);
    }
    let now = fs::read(dir.path().join("gbk.txt")).expect("a file");
    assert!(vec![now] == cleaned(&[("gbk.txt".into(), gbk)], &["--apply", "all", "--keep-encoding"]));
}

#[test]
fn the_page_has_both_texts_and_nothing_to_load() {
    let (dir, _) = fresh();
    let out = galley(dir.path(), &["clean", ".", "--diff", "--format", "html"]);
    let page = text(&out.stdout);
    assert!(page.starts_with("<!DOCTYPE html>") && page.trim_end().ends_with("</html>"));
    assert!(page.contains("6 files would change") && page.contains("示<del>⏎</del>"), "{page}");
    assert!(!page.contains("<script") && !page.contains("http://") && !page.contains("https://"));
    let out = galley(dir.path(), &["clean", ".", "--diff", "--format", "sarif"]);
    assert_eq!(out.status.code(), Some(2));
}
