//! `--since GIT_REF`: only issues that git sees changed.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::inputs::{IssueInput, is_stdin};
use crate::messages::say;

/// Keeps issues with a file that differs from the revision in the working tree, or that git does not know.
pub fn keep(inputs: &mut Vec<IssueInput>, revision: &str) -> anyhow::Result<()> {
    let mut repositories: FxHashMap<PathBuf, PathBuf> = FxHashMap::default();
    let mut changed: FxHashMap<PathBuf, FxHashSet<PathBuf>> = FxHashMap::default();
    let mut failed = None;
    inputs.retain(|input| {
        input.files.iter().any(|file| {
            if failed.is_some() || is_stdin(&file.path) {
                return true;
            }
            is_changed(&file.path, revision, &mut repositories, &mut changed).unwrap_or_else(|error| {
                failed = Some(error);
                true
            })
        })
    });
    failed.map_or(Ok(()), Err)
}

fn is_changed(
    file: &Path,
    revision: &str,
    repositories: &mut FxHashMap<PathBuf, PathBuf>,
    changed: &mut FxHashMap<PathBuf, FxHashSet<PathBuf>>,
) -> anyhow::Result<bool> {
    let folder = file.parent().filter(|p| *p != Path::new("")).unwrap_or(Path::new("."));
    let Ok(real) = folder.canonicalize() else { return Ok(true) };
    let root = match repositories.get(&real) {
        Some(root) => root.clone(),
        None => {
            let root = one_path(&git(&real, &["rev-parse", "--show-toplevel"])?);
            repositories.insert(real.clone(), root.clone());
            root
        }
    };
    if !changed.contains_key(&root) {
        if revision.starts_with('-') {
            bail!(say("usage.revision", &[("revision", &revision)]));
        }
        let mut files = git(&root, &["diff", "--name-only", "-z", "--no-renames", revision, "--"])?;
        files.extend(git(&root, &["ls-files", "-z", "--others"])?);
        let paths = files.split(|b| *b == 0).filter(|p| !p.is_empty()).map(|p| root.join(one_path(p))).collect();
        changed.insert(root.clone(), paths);
    }
    Ok(changed[&root].contains(&real.join(file.file_name().unwrap_or_default())))
}

/// What git prints; its own words where it fails.
fn git(folder: &Path, args: &[&str]) -> anyhow::Result<Vec<u8>> {
    let output = Command::new("git").arg("-C").arg(folder).args(args).output().with_context(|| say("usage.git", &[]))?;
    if !output.status.success() {
        bail!("--since: git {}: {}", args[0], String::from_utf8_lossy(&output.stderr).trim().replace('\n', "; "));
    }
    Ok(output.stdout)
}

fn one_path(bytes: &[u8]) -> PathBuf {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt as _;
        PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
    }
    #[cfg(not(unix))]
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}
