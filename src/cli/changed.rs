//! `--since GIT_REF`: only issues that git sees changed.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::inputs::{IssueInput, is_stdin};
use crate::messages::say;

/// What git sees changed since a revision, asked once for each repository.
pub struct Since<'a> {
    revision: &'a str,
    repositories: FxHashMap<PathBuf, PathBuf>,
    changed: FxHashMap<PathBuf, FxHashSet<PathBuf>>,
}

impl<'a> Since<'a> {
    /// Of the revision; git is not asked yet.
    pub fn new(revision: &'a str) -> Self {
        Since { revision, repositories: FxHashMap::default(), changed: FxHashMap::default() }
    }

    /// Whether a file of the issue differs from the revision in the working tree, or git does not know it.
    pub fn changed(&mut self, issue: &IssueInput) -> anyhow::Result<bool> {
        if self.revision.starts_with('-') {
            bail!(say("usage.revision", &[("revision", &self.revision)]));
        }
        for file in &issue.files {
            if is_stdin(&file.path) || self.is_changed(&file.path)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn is_changed(&mut self, file: &Path) -> anyhow::Result<bool> {
        let folder = file.parent().filter(|p| *p != Path::new("")).unwrap_or(Path::new("."));
        let Ok(real) = folder.canonicalize() else { return Ok(true) };
        let root = match self.repositories.get(&real) {
            Some(root) => root.clone(),
            None => {
                let root = one_path(&git(&real, &["rev-parse", "--show-toplevel"])?);
                self.repositories.insert(real.clone(), root.clone());
                root
            }
        };
        if !self.changed.contains_key(&root) {
            let mut files = git(&root, &["diff", "--name-only", "-z", "--no-renames", self.revision, "--"])?;
            files.extend(git(&root, &["ls-files", "-z", "--others"])?);
            let paths = files.split(|b| *b == 0).filter(|p| !p.is_empty()).map(|p| root.join(one_path(p))).collect();
            self.changed.insert(root.clone(), paths);
        }
        Ok(self.changed[&root].contains(&real.join(file.file_name().unwrap_or_default())))
    }
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
