//! The gate: exit codes, limits, baselines, what git changed, and inputs of every kind.

mod common;

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use common::{command, folder, galley, galley_with, text};

const BROKEN: &str = "The chairman of the com-\nmittee spoke on Monday, and the\nmembers agreed with him.\n";
const JUMP: &str = "区里的会议昨日召开。\n（下转2版）\n";

fn code(dir: &Path, args: &[&str]) -> Option<i32> {
    galley(dir, args).status.code()
}

#[test]
fn exit_codes_follow_the_fail_level() {
    let dir =
        folder(&[("edits.txt", BROKEN.as_bytes()), ("jump.txt", JUMP.as_bytes()), ("pdf.txt", b"%PDF-1.4\0\0"), ("ok.txt", b"Fine.\n")]);
    let check = |file: &str, level: &str| code(dir.path(), &["check", file, "--fail-level", level]);
    assert_eq!(["note", "warning", "error", "never"].map(|l| check("ok.txt", l)), [Some(0); 4]);
    assert_eq!(["note", "warning", "error", "never"].map(|l| check("edits.txt", l)), [Some(1), Some(0), Some(0), Some(0)]);
    assert_eq!(["note", "warning", "error", "never"].map(|l| check("jump.txt", l)), [Some(1), Some(1), Some(0), Some(0)]);
    assert_eq!(["note", "warning", "error", "never"].map(|l| check("pdf.txt", l)), [Some(2); 4], "what cannot be read is no pass");
}

#[test]
fn limits_make_the_gate_red_and_say_what_to_do() {
    let dir = folder(&[("a.txt", JUMP.as_bytes()), ("b.txt", JUMP.as_bytes())]);
    let red = |config: &str, args: &[&str]| {
        fs::write(dir.path().join("galley.toml"), config).unwrap();
        let out = galley(dir.path(), &[&["check", "."], args].concat());
        (out.status.code(), text(&out.stdout))
    };
    let (green, table) = red("", &["--max-findings", "2"]);
    assert!(green == Some(0) && table.ends_with("gate: green\n"), "{table}");
    let (code, table) = red("", &["--max-findings", "1"]);
    assert!(code == Some(1) && table.contains("gate: red\n  findings of all rules\n    found 2, allowed 1\n"), "{table}");
    let (code, table) = red("rules.unmatched-jump-line.max-findings = 1", &[]);
    assert!(code == Some(1) && table.contains("findings of unmatched-jump-line\n    found 2, allowed 1\n"), "{table}");
    let (code, table) = red("", &["--fail-level", "warning"]);
    assert!(code == Some(1) && table.contains("`galley explain unmatched-jump-line`"), "{table}");
}

#[test]
fn a_baseline_holds_what_is_old_and_lets_nothing_new_through() {
    let dir = folder(&[("in/a.txt", (JUMP.to_string() + BROKEN).as_bytes())]);
    let path = dir.path();
    assert_eq!(code(path, &["check", "in", "--fail-level", "warning"]), Some(1));
    assert_eq!(code(path, &["baseline", "write", "in"]), Some(0));
    let base = ["--baseline", "galley-baseline.jsonl", "--fail-level", "note"];
    let check = |more: &[&str]| galley(path, &[&["check", "in"], &base[..], more].concat());
    let known = check(&[]);
    assert!(known.status.code() == Some(0) && text(&known.stdout).contains("known to the baseline"), "{}", text(&known.stdout));
    assert!(text(&known.stdout).contains("unmatched-jump-line"));
    let only = check(&["--new-only", "--format", "jsonl"]);
    assert!(only.stdout.is_empty(), "{}", text(&only.stdout));
    let summary = text(&check(&["--new-only"]).stdout);
    assert!(summary.contains("known to the baseline") && !summary.contains("unmatched-jump-line"), "{summary}");
    // Lines that move change no fingerprint; a new finding is new.
    fs::write(path.join("in/a.txt"), format!("Eine Zeile darüber.\n\n{JUMP}{BROKEN}")).unwrap();
    fs::write(path.join("in/b.txt"), JUMP).unwrap();
    let new = check(&["--new-only", "--format", "jsonl"]);
    let lines: Vec<String> = text(&new.stdout).lines().filter(|l| l.contains("unmatched-jump-line")).map(str::to_string).collect();
    assert!(new.status.code() == Some(1) && lines.len() == 1 && lines[0].contains("in/b.txt"), "{lines:?}");
    // What is repaired goes out of it, and comes back as new.
    let before = fs::read_to_string(path.join("galley-baseline.jsonl")).unwrap();
    fs::write(path.join("in/a.txt"), JUMP).unwrap();
    fs::remove_file(path.join("in/b.txt")).unwrap();
    assert_eq!(code(path, &["baseline", "prune", "in"]), Some(0));
    let after = fs::read_to_string(path.join("galley-baseline.jsonl")).unwrap();
    assert!(after.lines().count() < before.lines().count() && after.lines().all(|l| before.contains(l)), "{before}\n{after}");
    assert!(after.contains("unmatched-jump-line"));
}

#[test]
fn a_baseline_with_a_config_holds_from_any_folder() {
    let dir = folder(&[
        ("galley.toml", b"[gate]\nbaseline = \"base.jsonl\"\nfail-level = \"warning\"\n"),
        ("in/a.txt", JUMP.as_bytes()),
        ("base.jsonl", b""),
    ]);
    assert_eq!(code(dir.path(), &["check", "in"]), Some(1));
    assert_eq!(code(dir.path(), &["baseline", "write", "in"]), Some(0));
    assert_eq!(code(dir.path(), &["check", "in"]), Some(0));
    assert_eq!(code(&dir.path().join("in"), &["check", "a.txt"]), Some(0));
    assert_eq!(code(&dir.path().join("in"), &["check", "../in/a.txt", "--no-config", "--fail-level", "warning"]), Some(1));
}

#[test]
fn since_takes_what_git_sees_changed_or_does_not_know() {
    let dir = folder(&[("old.txt", JUMP.as_bytes()), ("报/changed.txt", b"Fine.\n")]);
    let path = dir.path();
    let git = |args: &[&str]| {
        let out = Command::new("git").current_dir(path).args(["-c", "user.name=a", "-c", "user.email=a@b"]).args(args).output().unwrap();
        assert!(out.status.success(), "{args:?} {}", text(&out.stderr));
    };
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-qm", "all"]);
    let found = || text(&galley(path, &["check", ".", "--since", "HEAD", "--format", "concise"]).stdout);
    assert_eq!(found(), "");
    fs::write(path.join("报/changed.txt"), JUMP).unwrap();
    fs::write(path.join("new.txt"), JUMP).unwrap();
    let now = found();
    assert!(now.contains("./报/changed.txt:2") && now.contains("./new.txt:2") && !now.contains("old.txt"), "{now}");
    let wrong = galley(path, &["check", ".", "--since", "no-such-ref"]);
    assert!(wrong.status.code() == Some(2) && text(&wrong.stderr).contains("--since: git diff"), "{}", text(&wrong.stderr));
}

#[test]
fn lists_of_files_by_line_and_by_nul() {
    let dir = folder(&[("a.txt", JUMP.as_bytes()), ("b c.txt", JUMP.as_bytes()), ("l", b"a.txt\r\n\nb c.txt\n")]);
    let by_line = galley(dir.path(), &["check", "--file-list", "l", "--format", "concise"]);
    let by_nul = galley_with(dir.path(), &["check", "--file-list", "-", "--format", "concise"], b"a.txt\0b c.txt\0");
    assert_eq!(text(&by_line.stdout).lines().count(), 2, "{}", text(&by_line.stderr));
    assert_eq!(by_line.stdout, by_nul.stdout);
}

#[test]
fn compressed_texts_and_archives_are_read_as_what_is_in_them() {
    let dir = folder(&[]);
    let path = dir.path();
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(BROKEN.as_bytes()).unwrap();
    let gz = gz.finish().unwrap();
    fs::write(path.join("a.txt.gz"), &gz).unwrap();
    let zst = ruzstd::encoding::compress_to_vec(BROKEN.as_bytes(), ruzstd::encoding::CompressionLevel::Fastest);
    fs::write(path.join("b.txt.zst"), zst).unwrap();
    let pages: [(&str, &[u8]); 4] = [
        ("1938/p2.txt", b"mittee spoke on Monday, and the members of it agreed.\n"),
        ("1938/p1.txt", b"The chairman of the great com-\n"),
        ("1938/scan.jpg", b"\xff\xd8"),
        ("c.txt.gz", &gz),
    ];
    let mut tar = tar::Builder::new(Vec::new());
    for (name, bytes) in pages {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, name, bytes).unwrap();
    }
    let tar = tar.into_inner().unwrap();
    let mut tgz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    tgz.write_all(&tar).unwrap();
    fs::write(path.join("t.tar"), &tar).unwrap();
    fs::write(path.join("t.tar.gz"), tgz.finish().unwrap()).unwrap();
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in pages {
        zip.start_file(name, zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored)).unwrap();
        zip.write_all(bytes).unwrap();
    }
    fs::write(path.join("t.zip"), zip.finish().unwrap().into_inner()).unwrap();

    let whole = "The chairman of the committee spoke on Monday, and the members agreed with him.\n";
    assert_eq!(code(path, &["clean", "a.txt.gz", "b.txt.zst", "--out", "o", "--apply", "all"]), Some(0));
    assert_eq!(fs::read_to_string(path.join("o/a.txt")).unwrap(), whole);
    assert_eq!(fs::read_to_string(path.join("o/b.txt")).unwrap(), whole);
    for archive in ["t.tar", "t.tar.gz", "t.zip"] {
        let out = path.join(format!("o-{archive}"));
        let run = galley(path, &["clean", archive, "--out", out.to_str().unwrap(), "--apply", "all"]);
        assert_eq!(run.status.code(), Some(0), "{archive}: {}", text(&run.stderr));
        let page = fs::read_to_string(out.join("1938/p1.txt")).unwrap();
        assert_eq!(page, "The chairman of the great committee spoke on Monday, and the members of it agreed.\n", "{archive}");
        assert_eq!(fs::read_to_string(out.join("c.txt")).unwrap(), whole, "{archive}");
        assert!(!out.join("1938/scan.jpg").exists());
        assert_eq!(code(path, &["clean", archive, "--write"]), Some(2));
    }
}

#[test]
fn resume_does_what_is_left_and_ends_like_a_run_of_its_own() {
    let files: Vec<(String, String)> = (0..30).map(|i| (format!("in/{i}.txt"), BROKEN.repeat(i % 5 + 1))).collect();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(n, t)| (n.as_str(), t.as_bytes())).collect();
    let dir = folder(&files);
    let path = dir.path();
    assert_eq!(code(path, &["clean", "in", "--out", "full", "--quiet"]), Some(0));
    assert!(!path.join("full/.galley-progress.jsonl").exists());
    // A run that was killed: some outputs, a journal with a torn line, a temporary file.
    fs::create_dir(path.join("out")).unwrap();
    let mut killed = command(path, &["clean", "in", "--out", "out", "--quiet"]).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(30));
    let _ = killed.kill();
    let _ = killed.wait();
    let journal = path.join("out/.galley-progress.jsonl");
    let mut torn = fs::OpenOptions::new().append(true).create(true).open(&journal).unwrap();
    torn.write_all(b"{\"id\":\"in/3.txt\",\"sett").unwrap();
    fs::write(path.join("out/.galley-x.tmp"), "half").unwrap();
    assert_eq!(code(path, &["clean", "in", "--out", "out", "--quiet", "--resume"]), Some(0));
    let tree = |name: &str| {
        let mut all: Vec<_> = fs::read_dir(path.join(name)).unwrap().map(|e| e.unwrap().file_name()).collect();
        // The log for `galley undo` says when and where each file was written.
        all.retain(|n| n != "galley-applied.jsonl");
        all.sort();
        all.into_iter().map(|n| (n.clone(), fs::read(path.join(name).join(n)).unwrap())).collect::<Vec<_>>()
    };
    assert!(tree("full") == tree("out"));
    assert_eq!(code(path, &["undo", "out/galley-applied.jsonl"]), Some(0));
    assert_eq!(fs::read(path.join("out/4.txt")).unwrap(), fs::read(path.join("in/4.txt")).unwrap());
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_with_130_and_what_is_done_is_written() {
    let files: Vec<(String, String)> = (0..400).map(|i| (format!("in/{i}.txt"), BROKEN.repeat(300))).collect();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(n, t)| (n.as_str(), t.as_bytes())).collect();
    let dir = folder(&files);
    let child = command(dir.path(), &["clean", "in", "--out", "out", "--quiet"]).stderr(std::process::Stdio::piped()).spawn().unwrap();
    while !dir.path().join("out/0.txt").exists() {
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let out = child.wait_with_output().unwrap();
    assert_eq!(out.status.code(), Some(130), "{}", text(&out.stderr));
    assert!(text(&out.stderr).contains("interrupted after"), "{}", text(&out.stderr));
    let record = fs::read_to_string(dir.path().join("out/galley-run.json")).unwrap();
    assert!(record.contains("\"interrupted\":true"));
    assert!(dir.path().join("out/.galley-progress.jsonl").exists(), "what --resume needs");
}

#[test]
fn completions_man_pages_and_the_long_version() {
    let dir = folder(&[]);
    for shell in ["bash", "zsh", "fish"] {
        let out = galley(dir.path(), &["completions", shell]);
        assert!(out.status.success() && text(&out.stdout).contains("galley"), "{shell}");
    }
    assert_eq!(code(dir.path(), &["man", "--out", "m"]), Some(0));
    assert!(fs::read_to_string(dir.path().join("m/galley-check.1")).unwrap().contains("fail"));
    let version: serde_json::Value = serde_json::from_slice(&galley(dir.path(), &["--version", "--json"]).stdout).unwrap();
    assert_eq!(version["galleyproof"], env!("CARGO_PKG_VERSION"));
    assert!(version["unicode"]["normalization"].is_string());
}

#[test]
fn a_baseline_holds_what_is_found_about_the_batch_too() {
    let story = "The members of the town council met on Tuesday evening to speak about the new bridge over the river, which \
        has been closed since the flood of last spring, and about the cost of its repair.\n";
    let dir = folder(&[("in/a.txt", story.as_bytes()), ("in/b.txt", story.as_bytes())]);
    let check = |args: &[&str]| galley(dir.path(), &[&["check", "in", "--fail-level", "warning"], args].concat());
    let red = check(&[]);
    assert!(red.status.code() == Some(1) && text(&red.stdout).contains("duplicate-article"), "{}", text(&red.stdout));
    assert_eq!(code(dir.path(), &["baseline", "write", "in"]), Some(0));
    assert!(fs::read_to_string(dir.path().join("galley-baseline.jsonl")).unwrap().contains("\"rule\":\"duplicate-article\""));
    let green = check(&["--baseline", "galley-baseline.jsonl", "--new-only"]);
    let said = text(&green.stdout);
    assert!(green.status.code() == Some(0) && said.contains("1 known to the baseline") && !said.contains("duplicate-article"), "{said}");
    // Another copy is new.
    fs::write(dir.path().join("in/c.txt"), story).unwrap();
    assert_eq!(check(&["--baseline", "galley-baseline.jsonl"]).status.code(), Some(1));
    fs::remove_file(dir.path().join("in/c.txt")).unwrap();
    fs::remove_file(dir.path().join("in/b.txt")).unwrap();
    assert_eq!(code(dir.path(), &["baseline", "prune", "in"]), Some(0));
    assert!(!fs::read_to_string(dir.path().join("galley-baseline.jsonl")).unwrap().contains("duplicate-article"));
}

#[test]
fn the_parts_of_a_run_are_the_whole() {
    let files: Vec<(String, String)> = (0..24).map(|i| (format!("in/{i}/text.txt"), BROKEN.repeat(i % 3 + 1))).collect();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(n, t)| (n.as_str(), t.as_bytes())).collect();
    let dir = folder(&files);
    let path = dir.path();
    let lines = |args: &[&str]| {
        // What is found about a batch as a whole is about the part that is looked at.
        let own = ["check", "in", "--format", "jsonl", "--fail-level", "never", "--ignore", "duplicate-article,truncated-article"];
        let out = galley(path, &[&own[..], args].concat());
        assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
        text(&out.stdout).lines().map(str::to_string).collect::<Vec<_>>()
    };
    let mut parts: Vec<String> = ["1/3", "2/3", "3/3"].iter().flat_map(|s| lines(&["--shard", s])).collect();
    let mut whole = lines(&[]);
    assert!(lines(&["--shard", "2/3"]).len() < whole.len());
    parts.sort();
    whole.sort();
    assert_eq!(parts, whole);
    // The same folder for all parts, each with records of its own.
    assert_eq!(code(path, &["clean", "in", "--out", "whole", "--quiet"]), Some(0));
    for shard in ["1/3", "2/3", "3/3"] {
        assert_eq!(code(path, &["clean", "in", "--out", "parts", "--quiet", "--shard", shard]), Some(0));
    }
    for (name, _) in &files {
        let below = name.strip_prefix("in/").unwrap();
        assert_eq!(fs::read(path.join("whole").join(below)).unwrap(), fs::read(path.join("parts").join(below)).unwrap(), "{name}");
    }
    assert!(path.join("parts/galley-run.2-of-3.json").exists() && !path.join("parts/galley-run.json").exists());
}

#[test]
fn quality_limits_are_judged_or_said_not_to_be() {
    let dir = folder(&[("a.txt", BROKEN.as_bytes())]);
    let out = galley(dir.path(), &["check", "a.txt", "--min-quality", "0.5"]);
    let said = text(&out.stdout) + &text(&out.stderr);
    assert!(out.status.code() == Some(0), "{said}");
    fs::write(dir.path().join("soup.txt"), include_str!("../testdata/rules/low-quality-text/found-soup.txt")).unwrap();
    let red = galley(dir.path(), &["check", "soup.txt", "--min-quality", "0.95"]);
    let said = text(&red.stdout) + &text(&red.stderr);
    assert!(red.status.code() == Some(1) && said.contains("with a quality under 0.95"), "{said}");
}

#[test]
fn names_of_rules_are_links_where_the_terminal_makes_them() {
    let dir = folder(&[("j.txt", JUMP.as_bytes())]);
    let run = |value: &str| text(&command(dir.path(), &["check", "j.txt"]).env("FORCE_HYPERLINK", value).output().unwrap().stdout);
    assert!(run("1").contains("\x1b]8;;https://") && run("1").contains("#unmatched-jump-line\x1b\\unmatched-jump-line\x1b]8;;\x1b\\"));
    assert!(!run("0").contains('\x1b'));
}

#[test]
fn every_command_has_help_with_an_example() {
    let dir = folder(&[]);
    let list = text(&galley(dir.path(), &["--help"]).stdout);
    let commands = list.lines().skip_while(|l| *l != "Commands:").skip(1).take_while(|l| !l.is_empty());
    let names: Vec<&str> =
        commands.filter_map(|l| l.strip_prefix("  ")?.split(' ').next()).filter(|n| !n.is_empty() && *n != "help").collect();
    assert!(names.len() > 12, "{list}");
    for name in names {
        let help = text(&galley(dir.path(), &[name, "--help"]).stdout);
        assert!(help.contains("Example"), "galley {name} --help shows no example");
    }
}
