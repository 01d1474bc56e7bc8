//! The files for CI: what they run, run in a scratch git repository; what their readers ask of their form.

mod common;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use common::{folder, text};

const JUMP: &str = "区里的会议昨日召开。\n（下转2版）\n";
const BROKEN: &str = "The chairman of the com-\nmittee spoke on Monday, and the\nmembers agreed with him.\n";

fn file(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// The block of a `run: |` or `- …` below the line that begins with `head`, without its indentation and without a `run:`.
fn script(yaml: &str, head: &str) -> String {
    let at = yaml.find(head).unwrap_or_else(|| panic!("no `{head}`"));
    let rest = &yaml[at..];
    let run = rest.lines().position(|l| l.trim_start().starts_with("run:")).expect("a run");
    let mut lines = rest.lines().skip(run);
    let first = lines.next().unwrap();
    let inline = first.trim_start().trim_start_matches("run:").trim();
    if inline != "|" {
        return inline.to_string();
    }
    let indent = first.len() - first.trim_start().len();
    let block = lines.take_while(|l| l.trim().is_empty() || l.len() - l.trim_start().len() > indent);
    block.map(|l| l.trim_start().to_string() + "\n").collect()
}

/// Runs a script as CI does, with galley first on the path.
fn bash(dir: &Path, script: &str, variables: &[(&str, &str)]) -> Output {
    let galley = Path::new(env!("CARGO_BIN_EXE_galley")).parent().unwrap();
    let path = format!("{}:{}", galley.display(), std::env::var("PATH").unwrap_or_default());
    let mut bash = Command::new("bash");
    bash.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script]).current_dir(dir).env("PATH", path).env("LC_ALL", "C");
    for (name, _) in std::env::vars_os().filter(|(n, _)| n.to_string_lossy().starts_with("GALLEY_")) {
        bash.env_remove(name);
    }
    bash.env_remove("GITHUB_STEP_SUMMARY").envs(variables.iter().copied()).output().unwrap()
}

/// A git repository with a text that is committed and one that is new.
fn repository() -> tempfile::TempDir {
    let dir = folder(&[("old/a.txt", JUMP.as_bytes()), ("galley.toml", b"[gate]\nfail-level = \"warning\"\n")]);
    let git = |args: &[&str]| {
        let out = Command::new("git").current_dir(dir.path()).args(["-c", "user.name=a", "-c", "user.email=a@b"]).args(args).output();
        let out = out.unwrap();
        assert!(out.status.success(), "{args:?} {}", text(&out.stderr));
    };
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-qm", "all"]);
    fs::create_dir(dir.path().join("new batch")).unwrap();
    fs::write(dir.path().join("new batch/b.txt"), BROKEN).unwrap();
    dir
}

#[test]
fn the_action_checks_annotates_and_leaves_a_report() {
    let yaml = file("action.yml");
    assert!(yaml.lines().all(|l| !l.contains('\t')), "YAML has no tabs");
    for key in ["name:", "description:", "inputs:", "runs:", "  using: composite", "  steps:"] {
        assert!(yaml.lines().any(|l| l.starts_with(key)), "{key}");
    }
    // Each step that runs something names its shell; inputs reach scripts as variables, never as text of the script.
    assert_eq!(yaml.matches("      run:").count(), yaml.matches("      shell: bash").count());
    let check = script(&yaml, "- name: Check");
    assert!(!check.contains("${{"), "{check}");
    for name in yaml.split("${{ inputs.").skip(1).map(|rest| rest.split(' ').next().unwrap()) {
        assert!(yaml.contains(&format!("\n  {name}:\n")), "the input {name} is declared");
    }

    let dir = repository();
    let summary = dir.path().join("summary.md");
    let run = |paths: &str, args: &str| {
        let variables = [("PATHS", paths), ("ARGS", args), ("SARIF", "galley.sarif"), ("GITHUB_STEP_SUMMARY", summary.to_str().unwrap())];
        bash(dir.path(), &check, &variables)
    };
    let red = run("old", "");
    assert_eq!(red.status.code(), Some(1), "{}", text(&red.stderr));
    assert!(text(&red.stdout).contains("::warning file=old/a.txt,line=2"), "{}", text(&red.stdout));
    assert!(fs::read_to_string(&summary).unwrap().contains("The gate is red"));
    let sarif: serde_json::Value = serde_json::from_slice(&fs::read(dir.path().join("galley.sarif")).unwrap()).unwrap();
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "unmatched-jump-line");
    let green = run(".", "--since HEAD --max-findings 0");
    assert_eq!(green.status.code(), Some(0), "{} {}", text(&green.stdout), text(&green.stderr));
    // A word of an input is a word and nothing else.
    let hostile = run("old; touch owned", "");
    assert!(hostile.status.code() == Some(2) && !dir.path().join("owned").exists());
    assert!(bash(dir.path(), &script(&yaml, "- name: Install galley").replace("cargo install", "false"), &[]).status.success());
}

#[test]
fn the_gitlab_template_leaves_both_reports() {
    let yaml = file(".gitlab-galley.yml");
    let line = yaml.lines().find_map(|l| l.trim_start().strip_prefix("- ").filter(|l| l.starts_with("galley"))).unwrap();
    let dir = repository();
    let out = bash(dir.path(), line, &[("CHECKED_PATHS", "old")]);
    assert_eq!(out.status.code(), Some(1), "{}", text(&out.stderr));
    for name in yaml.lines().filter_map(|l| l.trim_start().split_once(": ").filter(|(k, _)| ["codequality", "junit"].contains(k))) {
        assert!(dir.path().join(name.1).exists(), "{name:?}");
    }
    let report: serde_json::Value = serde_json::from_slice(&fs::read(dir.path().join("gl-code-quality-report.json")).unwrap()).unwrap();
    assert_eq!(report[0]["location"]["path"], "old/a.txt");
}

#[test]
fn the_hooks_stop_a_commit_and_repair_it() {
    let yaml = file(".pre-commit-hooks.yaml");
    let entries: Vec<&str> = yaml.lines().filter_map(|l| l.trim_start().strip_prefix("entry: ")).collect();
    let ids: Vec<&str> = yaml.lines().filter_map(|l| l.strip_prefix("- id: ")).collect();
    assert_eq!(ids, ["galley-check", "galley-clean"]);
    let dir = repository();
    // pre-commit puts the names of the files behind the entry.
    let check = bash(dir.path(), &format!("{} old/a.txt 'new batch/b.txt'", entries[0]), &[]);
    assert_eq!(check.status.code(), Some(1), "{}", text(&check.stderr));
    let clean = bash(dir.path(), &format!("{} 'new batch/b.txt'", entries[1]), &[]);
    assert_eq!(clean.status.code(), Some(0), "{}", text(&clean.stderr));
    assert!(fs::read_to_string(dir.path().join("new batch/b.txt")).unwrap().starts_with("The chairman of the committee"));
}

#[test]
fn the_container_builds_what_this_checkout_has() {
    let container = file("Containerfile");
    for line in container.lines().filter(|l| l.starts_with("COPY --from=build")) {
        assert!(line.contains("/src/target/release/galley "), "{line}");
    }
    assert!(file("Cargo.toml").contains("name = \"galley\"") && Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock").exists());
}
