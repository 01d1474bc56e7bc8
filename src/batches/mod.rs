//! Batches on disk: NDNP, BagIt, folders with METS, flat folders. Which files are the pages of one issue, and in which order issues come.
//!
//! Structure is taken from the documents that say it, METS and `batch.xml`; what they do not name is grouped by file names as in any folder.

pub mod bagit;
pub mod digest;

use std::fmt;
use std::fs::File;
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::error::Shown;
use crate::inputs::{InputFile, IssueInput};
use crate::list::FileList;
use crate::messages::say;
use crate::read::mets::{Mets, root};
use crate::read::xml::{Dialect, Node, Xml};
use crate::read::{self, Archives};

/// The first bytes of a document in which its root is looked for.
const HEAD: usize = 4096;

/// What a batch was taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A `batch.xml` that lists reels and issues, with a METS document for each.
    Ndnp,
    /// METS documents, one an issue, with the files they name.
    Mets,
    /// Files, grouped by their names.
    Flat,
}

/// A folder of the command line and what it was taken for.
#[derive(Clone, Debug)]
pub struct Batch {
    pub path: PathBuf,
    pub kind: Kind,
    /// It is a bag: `bagit.txt` stands in it.
    pub bag: bool,
    pub issues: usize,
}

impl fmt::Display for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            Kind::Ndnp => say("batch.ndnp", &[]),
            Kind::Mets => say("batch.mets", &[]),
            Kind::Flat => say("batch.flat", &[]),
        };
        let bag = if self.bag { say("batch.bag", &[]) } else { String::new() };
        f.write_str(&say("batch.taken", &[("path", &Shown(&self.path)), ("kind", &kind), ("bag", &bag), ("n", &self.issues)]))
    }
}

/// Issues that documents of structure name, and the files they do not.
#[derive(Debug, Default)]
pub struct Structured {
    /// With the place of each in the order of the files.
    pub issues: Vec<(usize, IssueInput)>,
    /// In their order.
    pub rest: FileList,
    /// Where the rest stood among all files.
    pub places: Places,
    /// The `batch.xml` files.
    pub lists: Vec<PathBuf>,
}

/// Places of files among those that were found.
#[derive(Debug, Default)]
pub struct Places(Option<Vec<usize>>);

impl Places {
    /// The place of the n-th of the rest.
    pub fn at(&self, n: usize) -> usize {
        self.0.as_ref().map_or(n, |places| places[n])
    }
}

/// Takes the issues that METS documents among the files describe. Documents that are no text (`batch.xml`, METS of reels) are left out.
/// `archives` reads packed ones.
pub fn structured(mut found: FileList, archives: &Archives) -> Structured {
    let mut out = Structured::default();
    let mut documents = Vec::new();
    let mut others = Vec::new();
    let mut bags: FxHashMap<PathBuf, bool> = FxHashMap::default();
    for (at, file) in found.from(0).enumerate() {
        let folder = file.path.parent().unwrap_or(Path::new(""));
        let bag = match bags.get(folder) {
            Some(bag) => *bag,
            None => *bags.entry(folder.to_owned()).or_insert_with(|| bagit::Bag::at(folder).is_some()),
        };
        if bag {
            // The manifests of a bag are texts, but not of an issue.
            others.push(at);
        } else if let Some(name @ ("mets" | "batch")) = root_of(&file.path).as_deref() {
            documents.push((at, name == "batch", file));
        }
    }
    if documents.is_empty() {
        // Plain files alone, perhaps a million of them: they stay as they are.
        let (mut others, mut at) = (others.into_iter().peekable(), 0..);
        if others.peek().is_some() {
            found.retain(0, |_| others.next_if_eq(&at.next().unwrap_or_default()).is_none());
        }
        out.rest = found;
        return out;
    }
    let mut texts: Vec<Option<InputFile>> = found.from(0).map(Some).collect();
    others.iter().chain(documents.iter().map(|(at, ..)| at)).for_each(|at| texts[*at] = None);
    let by_path: FxHashMap<PathBuf, usize> =
        texts.iter().enumerate().filter_map(|(at, file)| Some((plain(&file.as_ref()?.path), at))).collect();
    let order = order(&documents, archives, &mut out.lists);
    let mut issues: Vec<((usize, usize), IssueInput)> = Vec::new();
    for (at, _, document) in documents.iter().filter(|(_, batch, _)| !batch) {
        let Some(pages) = pages(document, archives, &by_path, &mut texts) else {
            // A document that cannot be read is an issue that says so.
            issues.push(((*at, 0), IssueInput { id: Shown(&document.path).to_string(), files: vec![document.clone()], mets: None }));
            continue;
        };
        if !pages.is_empty() {
            let place = order.get(&plain(&document.path)).copied().unwrap_or((*at, 0));
            let issue = IssueInput { id: Shown(&document.path).to_string(), files: pages, mets: Some(document.clone()) };
            issues.push((place, issue));
        }
    }
    issues.sort_by_key(|(place, _)| *place);
    out.issues = issues.into_iter().map(|((at, _), issue)| (at, issue)).collect();
    out.places = Places(Some((0..texts.len()).filter(|at| texts[*at].is_some()).collect()));
    out.rest = texts.iter().flatten().collect();
    out
}

/// The texts of the pages that a METS document names, taken out of `texts`; a page that is not there stands among them, so that reading it
/// says so. `None` where the document cannot be read.
fn pages(
    document: &InputFile,
    archives: &Archives,
    by_path: &FxHashMap<PathBuf, usize>,
    texts: &mut [Option<InputFile>],
) -> Option<Vec<InputFile>> {
    let text = text(&document.path, archives)?;
    let mets = Mets::parse(&text).ok()?;
    let folder = document.path.parent().unwrap_or(Path::new(""));
    let place = |path: &Path| {
        let path = plain(path);
        by_path.get(&path).or_else(|| by_path.get(&with_ending(&path, ".gz"))).copied()
    };
    let there = |path: &Path| place(path).is_some() || path.is_file();
    let mut out = Vec::new();
    let mut seen = FxHashSet::default();
    for page in mets.pages() {
        let is_there = |f: &crate::read::mets::MetsFile| f.path(folder).is_some_and(|p| there(&p));
        // None of its texts is there: the one that should be is told.
        let Some(file) = mets.text_of(&page, &is_there).or_else(|| mets.text_of(&page, &|f| f.path(folder).is_some())) else { continue };
        let Some(path) = mets.files[file].path(folder) else { continue };
        if !seen.insert(plain(&path)) {
            continue;
        }
        let taken = place(&path).and_then(|at| texts[at].take());
        // A document may not lead the run to files that nobody gave it.
        if taken.is_none() && !plain(&path).starts_with(plain(folder)) {
            continue;
        }
        let relative = || document.relative.parent().unwrap_or(Path::new("")).join(path.strip_prefix(folder).unwrap_or(&path));
        out.push(taken.unwrap_or_else(|| InputFile { relative: plain(&relative()), path: path.clone() }));
    }
    Some(out)
}

/// The places of issues by the lists of a batch.
fn order(documents: &[(usize, bool, InputFile)], archives: &Archives, lists: &mut Vec<PathBuf>) -> FxHashMap<PathBuf, (usize, usize)> {
    let mut order = FxHashMap::default();
    for (at, _, list) in documents.iter().filter(|(_, batch, _)| *batch) {
        lists.push(list.path.clone());
        let folder = list.path.parent().unwrap_or(Path::new(""));
        // All have the place of the list, and their own in it.
        for (n, name) in text(&list.path, archives).map(|t| issues_of(&t)).unwrap_or_default().into_iter().enumerate() {
            order.entry(plain(&folder.join(name))).or_insert((*at, n));
        }
    }
    order
}

/// The METS documents that a `batch.xml` lists as issues, in its order.
pub fn issues_of(batch: &str) -> Vec<String> {
    let mut names = Vec::new();
    let Ok(mut xml) = Xml::new(batch, Dialect::Xml) else { return names };
    let mut issue: Option<usize> = None;
    while let Ok(Some(node)) = xml.next() {
        match node {
            Node::Start(tag) if tag.name == "issue" => issue = Some(tag.range().end),
            Node::End { name: "issue", range } => {
                if let Some(from) = issue.take() {
                    names.push(read::xml::plain(&batch[from..range.start.max(from)]).trim().to_owned());
                }
            }
            _ => {}
        }
    }
    names
}

/// What the folders of the command line are taken for, as their issues come.
#[derive(Debug)]
pub struct Batches(Vec<Batch>);

impl Batches {
    /// The folders among some paths. `lists` are the `batch.xml` files in them.
    pub fn new(paths: &[PathBuf], lists: &[PathBuf]) -> Batches {
        let folders = paths.iter().filter(|p| p.is_dir());
        let batch = |folder: &PathBuf| {
            let kind = if lists.iter().any(|l| l.starts_with(folder)) { Kind::Ndnp } else { Kind::Flat };
            Batch { path: folder.clone(), kind, bag: bagit::Bag::at(folder).is_some(), issues: 0 }
        };
        Batches(folders.map(batch).collect())
    }

    /// Counts an issue for its folders.
    pub fn count(&mut self, issue: &IssueInput) {
        let Some(file) = issue.mets.as_ref().or(issue.files.first()) else { return };
        for batch in self.0.iter_mut().filter(|b| file.path.starts_with(&b.path)) {
            batch.issues += 1;
            if issue.mets.is_some() && batch.kind == Kind::Flat {
                batch.kind = Kind::Mets;
            }
        }
    }

    /// The folders, in the order they were given.
    pub fn done(self) -> Vec<Batch> {
        self.0
    }
}

fn text(path: &Path, archives: &Archives) -> Option<String> {
    let bytes = archives.read(path).ok()?;
    read::decode(path, bytes, None).ok().map(|(text, _)| text)
}

/// The root element of an XML file that lies unpacked on the disk.
fn root_of(path: &Path) -> Option<String> {
    if !path.extension().is_some_and(|e| e.eq_ignore_ascii_case("xml")) {
        return None;
    }
    let mut head = Vec::with_capacity(HEAD);
    File::open(path).ok()?.take(HEAD as u64).read_to_end(&mut head).ok()?;
    root(&head)
}

/// A path without `.`, and without `..` as far as the path itself says.
pub(crate) fn plain(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => drop(out.pop()),
            part => out.push(part),
        }
    }
    out
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}
