//! The archive index: the sketches of all articles a collection ever had, on disk, to check new issues against.
//!
//! A folder with immutable runs ([`run`]) and a manifest that names those that count. A run is written under a temporary name, synced
//! and renamed; then a new manifest takes the place of the old one in one rename. Whoever is killed at any moment leaves the old
//! manifest or the new one, and files that no manifest names, which the next writer sweeps away. Sorted runs were chosen over a
//! key-value store because all that is ever asked are ranges of sorted hashes: four bytes a posting instead of a B-tree's twelve
//! and more, written once in order, merged like files of a sort.
//!
//! One writer at a time holds the lock file; readers need none. Texts are not in the index: where the file a text came from is still
//! there, a candidate is compared letter by letter, otherwise what the sketches say is reported as an estimate.

mod compare;
mod merge;
pub mod run;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use fs4::fs_std::FileExt as _;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::candidates::{Shared, weight};
use super::load::{TEXT_FORM, Texts};
use super::sketch::Sketch;
use crate::error::{Error, Result};
use crate::messages::say;
use crate::write::files::write_atomic;
use run::{Run, Stored, Writer};

/// Texts of a run that `add` writes at a time.
const CHUNK: usize = 1 << 17;
/// Runs that may be before small ones are merged.
const RUNS: usize = 6;
const MANIFEST: &str = "manifest.json";
const LOCK: &str = "lock";

/// What the manifest says of a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Part {
    file: String,
    texts: u32,
    /// Numbers of texts that were removed or replaced, ascending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    removed: Vec<u32>,
}

/// Which runs count.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Manifest {
    galley_index: u32,
    /// Counts the changes.
    generation: u64,
    runs: Vec<Part>,
}

/// An archive index, open for reading.
pub struct Archive {
    folder: PathBuf,
    manifest: Manifest,
    runs: Vec<Run>,
}

/// A text of the archive that may be a copy.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    pub stored: Stored,
    /// Letter by letter the same, once folded.
    pub exact: bool,
    /// Share of the smaller sketch that both have.
    pub containment: f64,
}

/// What is in an index.
#[derive(Clone, Debug, Serialize)]
pub struct Stats {
    pub generation: u64,
    pub runs: usize,
    pub texts: u64,
    /// Texts that were removed and still take room until runs are merged.
    pub removed: u64,
    pub bytes: u64,
    /// Letters of all texts.
    pub letters: u64,
}

impl Archive {
    /// Opens an index.
    ///
    /// # Errors
    /// [`Error::Index`] if it is none, is damaged or has another version.
    pub fn open(folder: &Path) -> Result<Archive> {
        // A merge may remove a run between reading the manifest and opening it: then there is a newer manifest.
        let mut last = None;
        for _ in 0..3 {
            let manifest = read_manifest(folder)?;
            match open_runs(folder, &manifest) {
                Ok(runs) => return Ok(Archive { folder: folder.to_owned(), manifest, runs }),
                Err(error) => last = Some(error),
            }
        }
        Err(last.expect("three attempts failed"))
    }

    /// What is in it.
    pub fn stats(&self) -> Stats {
        let removed = self.manifest.runs.iter().map(|r| r.removed.len() as u64).sum();
        Stats {
            generation: self.manifest.generation,
            runs: self.runs.len(),
            texts: self.runs.iter().map(|r| u64::from(r.texts)).sum::<u64>() - removed,
            removed,
            bytes: self.runs.iter().map(Run::bytes).sum(),
            letters: self.live().map(|(run, text)| u64::from(self.runs[run].size(text).0)).sum(),
        }
    }

    /// All texts that count, by run and number.
    fn live(&self) -> impl Iterator<Item = (usize, u32)> + '_ {
        let removed = |run: usize, text: u32| self.manifest.runs[run].removed.binary_search(&text).is_ok();
        (0..self.runs.len()).flat_map(move |run| (0..self.runs[run].texts).filter(move |t| !removed(run, *t)).map(move |t| (run, t)))
    }

    /// All texts that count.
    pub fn texts(&self) -> impl Iterator<Item = Stored> + '_ {
        self.live().map(|(run, text)| self.runs[run].text(text))
    }

    /// The text of this name.
    pub fn text(&self, id: &str) -> Option<Stored> {
        let removed = |part: &Part, text: &u32| part.removed.binary_search(text).is_ok();
        let of_run = |(part, run): (&Part, &Run)| run.with_id(id).into_iter().find(|t| !removed(part, t)).map(|t| run.text(t));
        self.manifest.runs.iter().zip(&self.runs).find_map(of_run)
    }

    /// Checks every byte.
    ///
    /// # Errors
    /// [`Error::Index`] for the first run that is damaged.
    pub fn verify(&self) -> Result<()> {
        for (part, run) in self.manifest.runs.iter().zip(&self.runs) {
            let failed = |message| Error::Index { path: self.folder.join(&part.file), message };
            if part.texts != run.texts
                || part.removed.last().is_some_and(|l| *l >= run.texts)
                || part.removed.windows(2).any(|w| w[0] >= w[1])
            {
                return Err(failed("the manifest does not fit the run".into()));
            }
            run.verify().map_err(failed)?;
        }
        Ok(())
    }

    /// Texts that share enough with a sketch to be worth a closer look, in the order they were added.
    pub fn query(&self, sketch: &Sketch, scratch: &mut Scratch) -> Vec<Hit> {
        let mut hits = Vec::new();
        if sketch.units == 0 {
            return hits;
        }
        let common = &sketch.hashes[..sketch.common as usize];
        for (part, run) in self.manifest.runs.iter().zip(&self.runs) {
            scratch.shared.resize(scratch.shared.len().max(run.texts as usize), Shared::default());
            for &hash in common {
                let frequent = run.postings(hash, &mut scratch.texts);
                let weight = if frequent { 0 } else { weight(scratch.texts.len()) };
                for &text in &scratch.texts {
                    let Some(shared) = scratch.shared.get_mut(text as usize) else { continue };
                    if *shared == Shared::default() {
                        scratch.touched.push(text);
                    }
                    shared.add(weight);
                }
            }
            let mut found: BTreeMap<u32, (bool, f64)> = run.with_exact(sketch.exact).into_iter().map(|t| (t, (true, 1.0))).collect();
            for text in scratch.touched.drain(..) {
                let shared = std::mem::take(&mut scratch.shared[text as usize]);
                let (here, there) = (sketch.common, run.size(text).1);
                if shared.enough_of_common(here, there) {
                    let containment = f64::from(shared.all()) / f64::from(here.min(there).max(1));
                    found.entry(text).or_insert((false, containment.min(1.0)));
                }
            }
            let counts = found.into_iter().filter(|(text, _)| part.removed.binary_search(text).is_err());
            hits.extend(counts.map(|(text, (exact, containment))| Hit { stored: run.text(text), exact, containment }));
        }
        hits
    }
}

/// Memory that queries use again.
#[derive(Default)]
pub struct Scratch {
    shared: Vec<Shared>,
    touched: Vec<u32>,
    texts: Vec<u32>,
}

/// An archive index open for writing; no other writer until it is dropped.
pub struct ArchiveWriter {
    archive: Archive,
    /// Holds the lock until it is closed.
    _lock: File,
}

impl ArchiveWriter {
    /// Opens an index for writing, making it if the folder is not there or empty, and sweeps away what a killed writer left.
    ///
    /// # Errors
    /// [`Error::Index`] if another writer is at work, or as [`Archive::open`].
    pub fn open(folder: &Path) -> Result<ArchiveWriter> {
        let failed = |source: io::Error| Error::Write { path: folder.to_owned(), source };
        if folder.is_file() {
            return Err(no_folder(folder));
        }
        fs::create_dir_all(folder).map_err(failed)?;
        let foreign = || fs::read_dir(folder).map(|d| d.flatten().any(|e| !ours(&e.file_name().to_string_lossy())));
        if !folder.join(MANIFEST).exists() && foreign().map_err(failed)? {
            return Err(Error::Index { path: folder.to_owned(), message: say("index.other-files", &[]) });
        }
        let lock = File::options().create(true).truncate(false).write(true).open(folder.join(LOCK)).map_err(failed)?;
        if !lock.try_lock_exclusive().map_err(failed)? {
            return Err(Error::Index { path: folder.to_owned(), message: say("index.busy", &[]) });
        }
        if !folder.join(MANIFEST).exists() {
            write_manifest(folder, &Manifest { galley_index: run::VERSION, generation: 0, runs: Vec::new() })?;
        }
        let archive = Archive::open(folder)?;
        let named: Vec<&str> = archive.manifest.runs.iter().map(|r| r.file.as_str()).collect();
        for entry in fs::read_dir(folder).map_err(failed)?.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if (name.starts_with("run-") || name.starts_with(".tmp")) && !named.contains(&name.as_str()) {
                fs::remove_file(entry.path()).map_err(failed)?;
            }
        }
        Ok(ArchiveWriter { archive, _lock: lock })
    }

    /// The index as it is now.
    pub fn archive(&self) -> &Archive {
        &self.archive
    }

    /// Adds texts; one with the name of a text of the index takes its place. `added` is told how many stand in the index for good
    /// after each part; of texts of one name the last counts.
    ///
    /// # Errors
    /// [`Error::Write`], [`Error::Index`]; what was reported as added stays.
    pub fn add(&mut self, texts: &Texts, mut added: impl FnMut(usize)) -> Result<()> {
        let mut done = 0;
        while done < texts.entries.len() {
            let end = texts.whole_files(done, (done + CHUNK).min(texts.entries.len()));
            self.add_part(texts, done, end)?;
            done = end;
            added(done);
        }
        while let Some(from) = self.crowded() {
            self.merge_from(from)?;
        }
        Ok(())
    }

    fn add_part(&mut self, texts: &Texts, from: usize, to: usize) -> Result<()> {
        // The last of several texts of one name.
        let mut last: BTreeMap<&str, usize> = BTreeMap::new();
        for number in from..to {
            last.insert(texts.entries[number].id.as_str(), number);
        }
        let mut numbers: Vec<usize> = last.values().copied().collect();
        numbers.sort_unstable();
        let stored: Vec<Stored> = numbers.iter().map(|n| texts.stored(*n as u32)).collect();
        let mut postings: Vec<u64> = Vec::new();
        for (i, n) in numbers.iter().enumerate() {
            let sketch = &texts.sketches[*n];
            postings.extend(sketch.hashes[..sketch.common as usize].iter().map(|h| u64::from(*h) << 32 | i as u64));
        }
        rayon::slice::ParallelSliceMut::par_sort_unstable(&mut postings[..]);
        let (name, path) = self.next_run();
        let write = || -> io::Result<()> {
            let mut writer = Writer::new(create(&path)?, &stored, postings.len() as u64)?;
            let mut of_hash: Vec<u32> = Vec::new();
            for equal in postings.chunk_by(|x, y| x >> 32 == y >> 32) {
                of_hash.clear();
                of_hash.extend(equal.iter().map(|p| *p as u32));
                writer.add((equal[0] >> 32) as u32, false, &of_hash)?;
            }
            writer.finish()
        };
        write().and_then(|()| sync(&self.archive.folder)).map_err(|source| Error::Write { path: path.clone(), source })?;
        // The articles of a file that is read anew may be fewer than before: all old ones go.
        let files: BTreeSet<&str> = stored.iter().filter(|s| s.form.starts_with(TEXT_FORM)).map(|s| s.path.as_str()).collect();
        let mut manifest = self.archive.manifest.clone();
        for (run, part) in self.archive.runs.iter().zip(&mut manifest.runs) {
            part.removed.extend(last.keys().flat_map(|id| run.with_id(id)));
            if !files.is_empty() {
                part.removed.extend((0..run.texts).filter(|t| files.contains(run.text(*t).path.as_str())));
            }
            part.removed.sort_unstable();
            part.removed.dedup();
        }
        manifest.runs.push(Part { file: name, texts: stored.len() as u32, removed: Vec::new() });
        self.commit(manifest)
    }

    /// Removes the texts that `gone` holds for; returns how many there were.
    ///
    /// # Errors
    /// [`Error::Write`]; the index is as before then.
    pub fn remove(&mut self, gone: impl Fn(&Stored) -> bool) -> Result<usize> {
        let found: Vec<(usize, u32)> = self.archive.live().filter(|(run, text)| gone(&self.archive.runs[*run].text(*text))).collect();
        if found.is_empty() {
            return Ok(0);
        }
        let mut manifest = self.archive.manifest.clone();
        for &(run, text) in &found {
            manifest.runs[run].removed.push(text);
        }
        manifest.runs.iter_mut().for_each(|r| r.removed.sort_unstable());
        self.commit(manifest)?;
        Ok(found.len())
    }

    /// Makes one run of all, without what was removed.
    ///
    /// # Errors
    /// [`Error::Write`]; the index is as before then.
    pub fn merge(&mut self) -> Result<()> {
        if self.archive.runs.len() > 1 || self.archive.manifest.runs.iter().any(|r| !r.removed.is_empty()) {
            self.merge_from(0)?;
        }
        Ok(())
    }

    /// Makes one run of all and of all texts of other indexes, which stay as they are. As if these had been added one after the other: of
    /// texts of one name, and of the articles of one file, those of the last index count.
    ///
    /// # Errors
    /// [`Error::Write`]; the index is as before then.
    pub fn merge_with(&mut self, others: &[Archive]) -> Result<()> {
        let all: Vec<&Archive> = std::iter::once(&self.archive).chain(others).collect();
        let mut last: FxHashMap<String, usize> = FxHashMap::default();
        let names = |text: &Stored| {
            let file = text.form.starts_with(TEXT_FORM).then(|| format!("file\0{}", text.path));
            std::iter::once(format!("id\0{}", text.id)).chain(file)
        };
        for (at, archive) in all.iter().enumerate() {
            archive.texts().for_each(|text| last.extend(names(&text).map(|name| (name, at))));
        }
        let (mut runs, mut removed) = (Vec::new(), Vec::new());
        for (at, archive) in all.iter().enumerate() {
            for (part, run) in archive.manifest.runs.iter().zip(&archive.runs) {
                let replaced = |text: &u32| names(&run.text(*text)).any(|name| last.get(&name).is_some_and(|last| *last > at));
                let gone = |text: &u32| part.removed.binary_search(text).is_ok() || replaced(text);
                removed.push((0..run.texts).filter(gone).collect::<Vec<u32>>());
                runs.push(run);
            }
        }
        let runs = self.merged(&runs, &removed)?.into_iter().collect();
        self.commit(Manifest { runs, ..self.archive.manifest })
    }

    /// Where the runs begin that are to be merged, when there are too many: those that are not much smaller than all after them.
    fn crowded(&self) -> Option<usize> {
        let runs = &self.archive.manifest.runs;
        if runs.len() <= RUNS {
            return None;
        }
        let after = |i: usize| runs[i + 1..].iter().map(|r| u64::from(r.texts)).sum::<u64>();
        Some((0..runs.len() - 2).find(|i| u64::from(runs[*i].texts) <= 2 * after(*i)).unwrap_or(runs.len() - 2))
    }

    fn merge_from(&mut self, from: usize) -> Result<()> {
        let mut manifest = self.archive.manifest.clone();
        let removed: Vec<Vec<u32>> = manifest.runs.split_off(from).into_iter().map(|r| r.removed).collect();
        manifest.runs.extend(self.merged(&self.archive.runs[from..].iter().collect::<Vec<_>>(), &removed)?);
        self.commit(manifest)
    }

    /// One run of several without what was removed, which no manifest names as yet; `None` if nothing is left.
    fn merged(&self, runs: &[&Run], removed: &[Vec<u32>]) -> Result<Option<Part>> {
        let (file, path) = self.next_run();
        let failed = |source: io::Error| Error::Write { path: path.clone(), source };
        let texts = merge::merge(runs, removed, create(&path).map_err(failed)?).map_err(failed)?;
        sync(&self.archive.folder).map_err(failed)?;
        Ok((texts > 0).then(|| Part { file, texts, removed: Vec::new() }))
    }

    fn next_run(&self) -> (String, PathBuf) {
        let name = format!("run-{:08}", self.archive.manifest.generation + 1);
        let path = self.archive.folder.join(&name);
        (name, path)
    }

    /// Puts the manifest in force, then drops the runs that it no longer names.
    fn commit(&mut self, mut manifest: Manifest) -> Result<()> {
        manifest.generation += 1;
        manifest.runs.retain(|r| r.removed.len() < r.texts as usize);
        write_manifest(&self.archive.folder, &manifest)?;
        for old in &self.archive.manifest.runs {
            if !manifest.runs.iter().any(|r| r.file == old.file) {
                // A file that cannot be removed now is swept by the next writer.
                let _ = fs::remove_file(self.archive.folder.join(&old.file));
            }
        }
        let runs = open_runs(&self.archive.folder, &manifest)?;
        self.archive = Archive { folder: self.archive.folder.clone(), manifest, runs };
        Ok(())
    }
}

fn ours(name: &str) -> bool {
    name == LOCK || name == MANIFEST || name.starts_with("run-") || name.starts_with(".tmp")
}

fn create(path: &Path) -> io::Result<File> {
    File::options().create(true).truncate(true).read(true).write(true).open(path)
}

/// The names in a folder on disk.
fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

fn open_runs(folder: &Path, manifest: &Manifest) -> Result<Vec<Run>> {
    let open = |part: &Part| Run::open(&folder.join(&part.file)).map_err(|message| Error::Index { path: folder.join(&part.file), message });
    manifest.runs.iter().map(open).collect()
}

fn no_folder(path: &Path) -> Error {
    Error::Index { path: path.to_owned(), message: say("index.is-file", &[]) }
}

/// The manifest: a line of JSON, and a line with its checksum.
fn read_manifest(folder: &Path) -> Result<Manifest> {
    if folder.is_file() {
        return Err(no_folder(folder));
    }
    let path = folder.join(MANIFEST);
    let failed = |message: String| Error::Index { path: path.clone(), message };
    let text = match fs::read_to_string(&path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            return Err(Error::Index { path: folder.to_owned(), message: say("index.none", &[]) });
        }
        other => other.map_err(|source| Error::Read { path: path.clone(), source })?,
    };
    let (json, sum) = text.split_once('\n').unwrap_or((&text, ""));
    let version = serde_json::from_str::<serde_json::Value>(json).ok().and_then(|v| v.get("galley_index")?.as_u64());
    if let Some(other) = version.filter(|v| *v != u64::from(run::VERSION)) {
        return Err(failed(format!("is of index version {other}; this galley knows version {}", run::VERSION)));
    }
    if blake3::hash(json.as_bytes()).to_hex()[..32] != *sum.trim_end() {
        return Err(failed("the checksum does not match: the file is damaged".into()));
    }
    serde_json::from_str(json).map_err(|error| failed(error.to_string()))
}

fn write_manifest(folder: &Path, manifest: &Manifest) -> Result<()> {
    let path = folder.join(MANIFEST);
    let json = serde_json::to_string(manifest).map_err(|error| Error::Index { path: path.clone(), message: error.to_string() })?;
    let sum = &blake3::hash(json.as_bytes()).to_hex()[..32];
    write_atomic(&path, format!("{json}\n{sum}\n").as_bytes()).map(drop)
}
