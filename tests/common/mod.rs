//! What tests of the command share: a folder, the command in it, its output.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// The command without any `GALLEY_*` variable of whoever runs the tests.
pub fn command(dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_galley"));
    for (name, _) in std::env::vars_os().filter(|(n, _)| n.to_string_lossy().starts_with("GALLEY_")) {
        command.env_remove(name);
    }
    command.current_dir(dir).args(args).env_remove("GITHUB_STEP_SUMMARY").env("LC_ALL", "C");
    command
}

#[allow(dead_code)]
pub fn galley(dir: &Path, args: &[&str]) -> Output {
    command(dir, args).output().expect("galley runs")
}

#[allow(dead_code)]
pub fn galley_with(dir: &Path, args: &[&str], stdin: &[u8]) -> Output {
    let mut command = command(dir, args);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("galley starts");
    // A command that refuses its arguments closes standard input early.
    let _ = child.stdin.take().expect("a pipe").write_all(stdin);
    child.wait_with_output().expect("galley ends")
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8 output")
}

pub fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    for (name, bytes) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }
    dir
}
