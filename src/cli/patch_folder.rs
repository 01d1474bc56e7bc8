//! The folder of `clean --patches`: a file for each rule, and `series`, which names them.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::bail;

use crate::error::{Error, Shown};
use crate::messages::{self, say};
use crate::rules::rule;

/// Names the patches of a run, one a line, so that the next run knows which files are its own to replace.
const SERIES: &str = "series";

/// What has been written to each patch: the file, and how many issues are in it.
#[derive(Debug)]
pub struct PatchFolder {
    path: PathBuf,
    open: Mutex<BTreeMap<String, (File, usize)>>,
}

impl PatchFolder {
    /// Takes away the patches of an earlier run; other files stay.
    pub fn open(path: &Path) -> anyhow::Result<PatchFolder> {
        let failed = |source| Error::Write { path: path.to_owned(), source };
        fs::create_dir_all(path).map_err(failed)?;
        let mut own = String::new();
        if let Ok(mut file) = File::open(path.join(SERIES)) {
            file.read_to_string(&mut own).map_err(|source| Error::Read { path: path.join(SERIES), source })?;
        }
        let own: Vec<&str> = own.lines().filter(|name| name.ends_with(".patch") && !name.contains(['/', '\\'])).collect();
        let there = fs::read_dir(path).map_err(failed)?.flatten().map(|e| e.file_name().to_string_lossy().into_owned());
        if let Some(other) = there.filter(|name| name.ends_with(".patch")).find(|name| !own.contains(&name.as_str())) {
            bail!(say("patches.other", &[("path", &Shown(&path.join(other)))]));
        }
        for name in own {
            let _ = fs::remove_file(path.join(name));
        }
        fs::write(path.join(SERIES), "").map_err(failed)?;
        Ok(PatchFolder { path: path.to_owned(), open: Mutex::default() })
    }

    /// Adds the parts of an issue.
    pub fn add(&self, patches: &BTreeMap<String, Vec<u8>>) -> anyhow::Result<()> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        for (name, part) in patches.iter().filter(|(_, part)| !part.is_empty()) {
            let path = self.path.join(format!("{name}.patch"));
            let failed = |source| Error::Write { path: path.clone(), source };
            if !open.contains_key(name) {
                // The next run knows of the file before it is there.
                let mut series = OpenOptions::new().append(true).open(self.path.join(SERIES)).map_err(failed)?;
                writeln!(series, "{name}.patch").map_err(failed)?;
                let mut file = File::create(&path).map_err(failed)?;
                for rule in name.split('+').filter_map(rule) {
                    writeln!(file, "{}: {}", rule.meta().name, messages::summary(rule.meta())).map_err(failed)?;
                }
                writeln!(file).map_err(failed)?;
                open.insert(name.clone(), (file, 0));
            }
            if let Some((file, issues)) = open.get_mut(name) {
                file.write_all(part).map_err(failed)?;
                *issues += 1;
            }
        }
        Ok(())
    }

    /// Says what was written, unless it is to be quiet.
    pub fn finish(&self, out: &mut impl Write, quiet: bool) -> anyhow::Result<()> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        for (name, (_, issues)) in open.iter().filter(|_| !quiet) {
            let path = self.path.join(format!("{name}.patch"));
            writeln!(out, "{}", say("patches.made", &[("path", &Shown(&path)), ("n", issues)]))?;
        }
        Ok(())
    }
}
