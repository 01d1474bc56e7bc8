//! Paths on the command line to issues: which files are read, in which order, and which belong together.

use std::cmp::Ordering;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use ignore::WalkBuilder;
use regex::Regex;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::batches::{self, Batch, Batches, Structured};
use crate::error::{Error, Shown};
use crate::list::FileList;
use crate::messages::say;
use crate::read::{Archives, Sniffed, is_archive_file, members, sniff, unpacked_name};
use crate::write::run_record::RunRecord;

/// Endings of the files taken from folders, in lower case. A file named on the command line is taken whatever its name.
pub const EXTENSIONS: &[&str] = &["txt", "xml", "hocr", "html", "htm", "tsv", "json", "jsonl"];

/// The file that keeps files out of a walk, with the syntax of `.gitignore`; also looked for in the folders above.
pub const IGNORE_FILE: &str = ".galleyignore";

/// A file stem that is nothing but a page number: such files of one folder are the pages of one issue.
///
/// A word or letter for page (`p`, `page`, `S.`, `Seite`, `feuillet`, `第`, …), a number up to 999 with any number of
/// leading zeros, a word for page after it (`版`). The number is the first group that matched.
///
/// `1`, `0003`, `p1`, `P.12`, `page-002`, `seite_4`, `S. 3`, `第2版`, `第十二版`, `2面`; not `1938` (a year), `19381105` (a
/// date), `p1a`, `chapter-3`.
pub const PAGE_PATTERN: &str = r"(?xi) ^ (?:
    (?: p | pp | pg | pag | page | s | seite | bl | blatt | f | fol | folio | feuillet | 第 )? [\ ._-]* 0* ([0-9０-９]{1,3}) \ * [版页頁面]?
    | 第 ([一二三四五六七八九十]{1,3}) [版页頁面]
    ) $";

/// What to read.
#[derive(Clone, Debug)]
pub struct InputOptions {
    /// Which stems are page numbers; group 1 (or the first that matched) is the number.
    pub page_pattern: Regex,
    /// Not walked into: the output folder, when it lies inside an input folder.
    pub skip_folder: Option<PathBuf>,
}

impl Default for InputOptions {
    fn default() -> Self {
        InputOptions { page_pattern: default_page_pattern().clone(), skip_folder: None }
    }
}

/// [`PAGE_PATTERN`], compiled once.
pub fn default_page_pattern() -> &'static Regex {
    static PATTERN: LazyLock<Regex> = LazyLock::new(|| Regex::new(PAGE_PATTERN).expect("a constant pattern"));
    &PATTERN
}

/// One issue to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssueInput {
    /// The path of the file, or of the folder that holds the page files; `-` for standard input.
    pub id: String,
    /// The files in page order.
    pub files: Vec<InputFile>,
    /// The METS document that says so.
    pub mets: Option<InputFile>,
}

/// One file to be read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct InputFile {
    /// As given on the command line, or below a folder given there; `-` for standard input.
    pub path: PathBuf,
    /// Its name below an output folder: relative to the folder given on the command line, or the file name alone.
    pub relative: PathBuf,
}

/// Standard input: exactly `-`. A file of that name is `./-`.
pub fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// The issues of the given paths, in the order given, folders in natural number order.
///
/// Folders: only [`EXTENSIONS`], and of those that are not `.txt` only what is an OCR format by its first bytes (XML of an unknown kind is
/// taken too, so that its reader tells what it is); of files that differ in their ending alone, the one that says most. Nothing hidden, nothing that a [`IGNORE_FILE`] excludes (`.gitignore` is not asked).
/// Symbolic links are followed where they are named as an argument, and inside folders where they lead to a file; links
/// to folders inside folders are not followed, so loops cannot happen. A file reached twice is read once.
///
/// The errors name paths that are not there or could not be walked; the issues are the rest. No issue at all and no
/// other error gives [`Error::NoInput`].
pub fn collect(paths: &[PathBuf], options: &InputOptions) -> (Vec<IssueInput>, Vec<Error>) {
    collect_with(paths, options, &|_| options.page_pattern.clone())
}

/// The same with a page pattern for each folder.
pub fn collect_with(paths: &[PathBuf], options: &InputOptions, pattern: &dyn Fn(&Path) -> Regex) -> (Vec<IssueInput>, Vec<Error>) {
    let mut issues = Vec::new();
    let (_, errors) = each(paths, options, pattern, &mut |issue| issues.push(issue));
    (issues, errors)
}

/// The same, issue by issue, for those who need not hold them all, with what each folder was taken for.
pub fn each(
    paths: &[PathBuf],
    options: &InputOptions,
    pattern: &dyn Fn(&Path) -> Regex,
    issue: &mut dyn FnMut(IssueInput),
) -> (Vec<Batch>, Vec<Error>) {
    let mut files = Files { compared: paths.len() > 1, ..Files::default() };
    let skip = options.skip_folder.as_deref().and_then(|folder| folder.canonicalize().ok());
    for path in paths {
        if is_stdin(path) {
            files.add(path.clone(), PathBuf::from("stdin.txt"));
        } else {
            match fs::metadata(path) {
                Ok(meta) if meta.is_dir() => walk(path, skip.as_deref(), &mut files),
                Ok(_) if is_archive_file(path) => unpack(path, &mut files),
                Ok(_) => files.add(path.clone(), path.file_name().map_or_else(|| path.clone(), |name| unpacked_name(Path::new(name)))),
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => files.errors.push(Error::NotFound { path: path.clone() }),
                Err(source) => files.errors.push(Error::Read { path: path.clone(), source }),
            }
        }
    }
    if files.found.is_empty() && files.errors.is_empty() {
        files.errors.push(Error::NoInput { paths: paths.to_vec(), extensions: format!(".{}", EXTENSIONS.join(", .")) });
    }
    let Structured { issues, rest, places, lists } = batches::structured(files.found, &Archives::default());
    let mut batches = Batches::new(paths, &lists);
    let mut structured = issues.into_iter().peekable();
    group(&rest, pattern, &mut |at, loose| {
        // Issues of METS come where their documents stand among the files.
        while let Some((_, of_mets)) = structured.next_if(|(place, _)| *place < places.at(at)) {
            batches.count(&of_mets);
            issue(of_mets);
        }
        batches.count(&loose);
        issue(loose);
    });
    for (_, of_mets) in structured {
        batches.count(&of_mets);
        issue(of_mets);
    }
    (batches.done(), files.errors)
}

/// The paths listed in a file, or on standard input for `-`: parted by NUL if there is one, else one a line. Empty lines are nothing.
///
/// # Errors
/// [`Error::Read`]; [`Error::Config`] for a line that is no path on this system.
pub fn file_list(list: &Path) -> Result<Vec<PathBuf>, Error> {
    let bytes = crate::read::read_bytes(list)?;
    let separator = if bytes.contains(&0) { 0 } else { b'\n' };
    let mut paths = Vec::new();
    for (i, line) in bytes.split(|b| *b == separator).enumerate() {
        let line = if separator == b'\n' { line.strip_suffix(b"\r").unwrap_or(line) } else { line };
        if !line.is_empty() {
            paths.push(path_of(line).ok_or_else(|| Error::Config {
                path: list.to_owned(),
                line: i + 1,
                message: say("list.encoding", &[]),
            })?);
        }
    }
    Ok(paths)
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStrExt as _;
    Some(PathBuf::from(OsStr::from_bytes(bytes)))
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> Option<PathBuf> {
    std::str::from_utf8(bytes).ok().map(PathBuf::from)
}

/// Files found so far.
#[derive(Default)]
struct Files {
    found: FileList,
    /// A file may be reached twice. The files of one folder without links cannot, and need not be compared.
    compared: bool,
    /// Hashes of the real paths: a million of them fit in 32 MB.
    seen: FxHashSet<[u8; 16]>,
    errors: Vec<Error>,
    /// Files of the folder that is walked which are in no known format.
    unknown: Vec<PathBuf>,
}

/// Why files of a folder were not taken, by the key of the message.
const UNKNOWN: &str = "left-out.unknown";
const POORER: &str = "left-out.poorer";

/// How much a format says beside the text, by the ending of its files: higher goes first.
fn richness(path: &Path) -> usize {
    let name = unpacked_name(path);
    let ending = name.extension().and_then(OsStr::to_str).unwrap_or("").to_ascii_lowercase();
    ["txt", "jsonl", "json", "tsv", "htm", "html", "hocr", "xml"].iter().position(|e| *e == ending).unwrap_or(0)
}

impl Files {
    /// Of the files found since `from` that differ in their ending alone, keeps the richest; tells how many went.
    fn keep_richest(&mut self, root: &Path, from: usize) {
        if self.found.from(from).all(|file| richness(&file.path) == 0) {
            // Plain texts alone, perhaps a million of them: there is nothing to choose.
            return;
        }
        let stem = |file: &InputFile| unpacked_name(&file.path).with_extension("");
        let mut best: FxHashMap<PathBuf, usize> = FxHashMap::default();
        for file in self.found.from(from) {
            let rank = best.entry(stem(&file)).or_default();
            *rank = (*rank).max(richness(&file.path));
        }
        let poorer = |file: &InputFile| best.get(&stem(file)).is_some_and(|rank| richness(&file.path) < *rank);
        let mut gone = Vec::new();
        self.found.retain(from, |file| {
            let stays = !poorer(file);
            gone.extend((!stays).then(|| file.path.clone()));
            stays
        });
        self.left_out(root, POORER, &gone);
    }

    fn left_out(&mut self, root: &Path, reason: &'static str, gone: &[PathBuf]) {
        if let Some(example) = gone.first() {
            self.errors.push(Error::LeftOut { path: root.to_owned(), count: gone.len(), reason, example: example.clone() });
        }
    }

    /// Unless it is there already under whatever name.
    fn add(&mut self, path: PathBuf, relative: PathBuf) {
        if !self.compared || self.seen.insert(real(&path)) {
            self.found.push(&InputFile { path, relative });
        }
    }

    /// From here on files may be reached twice.
    fn compare(&mut self) {
        if !std::mem::replace(&mut self.compared, true) {
            self.seen = self.found.from(0).map(|f| real(&f.path)).collect();
        }
    }
}

/// A hash of a path's one real name.
fn real(path: &Path) -> [u8; 16] {
    // A path that cannot be resolved is left to the reader, which has the better message.
    let key = if is_stdin(path) { path.to_owned() } else { path.canonicalize().unwrap_or_else(|_| path.to_owned()) };
    let mut short = [0; 16];
    short.copy_from_slice(&blake3::hash(key.as_os_str().as_encoded_bytes()).as_bytes()[..16]);
    short
}

/// Adds the texts below a folder.
fn walk(root: &Path, skip: Option<&Path>, files: &mut Files) {
    let from = files.found.len();
    let skip = skip.map(Path::to_owned);
    let walk = WalkBuilder::new(root)
        .standard_filters(false)
        .hidden(true)
        .parents(true)
        .add_custom_ignore_filename(IGNORE_FILE)
        .sort_by_file_name(natural_order)
        .filter_entry(move |entry| {
            let folder = entry.file_type().is_some_and(|kind| kind.is_dir());
            !(folder && skip.is_some() && entry.path().canonicalize().ok() == skip)
        })
        .build();
    for entry in walk {
        match entry {
            Ok(entry) => {
                if let Some(error) = entry.error() {
                    files.errors.push(Error::Walk { path: root.to_owned(), source: error.clone() });
                }
                let path = entry.path();
                let Some(kind) = entry.file_type().filter(|_| has_extension(path)) else { continue };
                if kind.is_symlink() {
                    files.compare();
                }
                let text = if kind.is_symlink() { fs::metadata(path).map(|meta| meta.is_file()) } else { Ok(kind.is_file()) };
                match text {
                    Ok(true) if !is_text(path) && !taken(root, path, files) => {}
                    Ok(true) => {
                        let relative = unpacked_name(path.strip_prefix(root).unwrap_or(path));
                        files.add(path.to_owned(), relative);
                    }
                    Ok(false) => {}
                    Err(source) => files.errors.push(Error::Read { path: path.to_owned(), source }),
                }
            }
            Err(source) => files.errors.push(Error::Walk { path: root.to_owned(), source }),
        }
    }
    files.keep_richest(root, from);
    let unknown = std::mem::take(&mut files.unknown);
    files.left_out(root, UNKNOWN, &unknown);
}

/// Ends in `.txt`, compressed or not.
fn is_text(path: &Path) -> bool {
    unpacked_name(path).extension().is_some_and(|e| e.eq_ignore_ascii_case("txt"))
}

/// Whether a file of a folder that is no `.txt` is read: by its first bytes. galleyproof's own files and what describes a batch are not.
fn taken(root: &Path, path: &Path, files: &mut Files) -> bool {
    match sniff(path) {
        // Its reader says why it cannot be read.
        Err(_) | Ok(Sniffed::Format(_) | Sniffed::Structure) => true,
        Ok(Sniffed::Beside) => {
            if let Some(folder) = path.parent().filter(|folder| *folder != root && RunRecord::tells_of_copies(path)) {
                files.errors.push(Error::Copies { path: folder.to_owned() });
            }
            false
        }
        Ok(Sniffed::Unknown) if unpacked_name(path).extension().is_some_and(|e| e.eq_ignore_ascii_case("xml")) => true,
        Ok(Sniffed::Unknown) => {
            files.unknown.push(path.to_owned());
            false
        }
    }
}

/// Adds the texts in an archive, in natural order.
fn unpack(archive: &Path, files: &mut Files) {
    // An archive may hold a name twice.
    files.compare();
    match members(archive) {
        Ok(mut names) => {
            // The members of an archive are not looked into one by one: what describes a batch is known by its name.
            let beside = |name: &Path| {
                let stem = name.file_stem().and_then(OsStr::to_str).unwrap_or("").to_ascii_lowercase();
                stem.starts_with("galley-") || stem.contains("mets") || stem == "batch" || !is_text(name) && richness(name) < 6
            };
            names.retain(|name| {
                has_extension(name) && !beside(&unpacked_name(name)) && !name.iter().any(|part| part.as_encoded_bytes().starts_with(b"."))
            });
            names.sort_by(|a, b| natural_order(a.as_os_str(), b.as_os_str()));
            for name in names {
                files.add(archive.join(&name), unpacked_name(&name));
            }
        }
        Err(error) => files.errors.push(error),
    }
}

/// The name ends like a text, compressed or not, in either case.
fn has_extension(path: &Path) -> bool {
    unpacked_name(path)
        .extension()
        .and_then(OsStr::to_str)
        .is_some_and(|ending| EXTENSIONS.iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

/// The issues of a folder's files, whose names are known and that nobody need be able to open: those that end like a text, in natural order.
pub fn of_names<'a>(folder: &Path, names: impl IntoIterator<Item = &'a str>, pattern: &Regex) -> Vec<IssueInput> {
    let mut names: Vec<&Path> = names.into_iter().map(Path::new).filter(|n| has_extension(n)).collect();
    names.sort_by(|a, b| natural_order(a.as_os_str(), b.as_os_str()));
    let files: Vec<_> = names.into_iter().map(|name| InputFile { path: folder.join(name), relative: unpacked_name(name) }).collect();
    let mut issues = Vec::new();
    group(&files.iter().collect(), &|_| pattern.clone(), &mut |_, issue| issues.push(issue));
    issues
}

/// Page files of one folder into one issue, at the place of the first; every other file is an issue. Each comes with its place among the files.
fn group(files: &FileList, pattern: &dyn Fn(&Path) -> Regex, issue: &mut dyn FnMut(usize, IssueInput)) {
    let mut last: Option<(PathBuf, Regex)> = None;
    // For each folder with page files: numbers and places in `files`.
    let mut folders: FxHashMap<PathBuf, Vec<(u32, usize)>> = FxHashMap::default();
    for (at, file) in files.from(0).enumerate() {
        let folder = file.path.parent().unwrap_or(Path::new(""));
        // Files come folder by folder: one pattern is kept for the next.
        let pattern = match &mut last {
            Some((of, pattern)) if of == folder => pattern,
            last => &mut last.insert((folder.to_owned(), pattern(folder))).1,
        };
        if let Some(number) = page_number(&file.path, pattern) {
            let folder = if folder == Path::new("") { Path::new(".") } else { folder };
            folders.entry(folder.to_owned()).or_default().push((number, at));
        }
    }
    // The place of the first page, the name, and the pages of each.
    let paged = |(folder, pages): (PathBuf, Vec<(u32, usize)>)| (pages[0].1, Shown(&folder).to_string(), pages);
    let mut pages: Vec<_> = folders.into_iter().map(paged).collect();
    pages.sort_unstable_by_key(|(first, ..)| *first);
    let mut paged: Vec<usize> = pages.iter().flat_map(|(_, _, files)| files.iter().map(|(_, at)| *at)).collect();
    paged.sort_unstable();
    let (mut pages, mut paged) = (pages.into_iter().peekable(), paged.into_iter().peekable());
    for at in 0..files.len() {
        if paged.next_if_eq(&at).is_none() {
            let file = files.get(at);
            issue(at, IssueInput { id: Shown(&file.path).to_string(), files: vec![file], mets: None });
        } else if let Some((_, id, of_folder)) = pages.next_if(|(first, ..)| *first == at) {
            let mut of_folder: Vec<(u32, InputFile)> = of_folder.into_iter().map(|(number, at)| (number, files.get(at))).collect();
            let name = |file: &InputFile| file.path.file_name().map(OsStr::to_owned).unwrap_or_default();
            of_folder.sort_by(|(n, a), (m, b)| n.cmp(m).then_with(|| natural_order(&name(a), &name(b))));
            issue(at, IssueInput { id, files: of_folder.into_iter().map(|(_, file)| file).collect(), mets: None });
        }
    }
}

/// The page number a file name consists of; `None` for any other name, and for names that are not UTF-8.
pub fn page_number(path: &Path, pattern: &Regex) -> Option<u32> {
    if is_stdin(path) {
        return None;
    }
    let name = unpacked_name(path);
    let groups = pattern.captures(name.file_stem()?.to_str()?)?;
    let number = groups.iter().skip(1).flatten().next()?.as_str();
    let mut value = 0;
    for c in number.chars() {
        let digit = match c {
            '0'..='9' => c as u32 - '0' as u32,
            '０'..='９' => c as u32 - '０' as u32,
            // 十二 is 12, 二十 is 20, 二十二 is 22: ten multiplies what stands before it, the next digit is added.
            '十' => {
                value = if value == 0 { 10 } else { value * 10 };
                continue;
            }
            _ => "一二三四五六七八九".chars().position(|d| d == c)? as u32 + 1,
        };
        value = if number.contains('十') { value + digit } else { value.checked_mul(10)?.checked_add(digit)? };
    }
    Some(value)
}

/// Names in the order a person expects: `page2` before `page10`. Numbers compare by value, all else by bytes.
pub fn natural_order(a: &OsStr, b: &OsStr) -> Ordering {
    let (mut left, mut right) = (a.as_encoded_bytes(), b.as_encoded_bytes());
    while let (Some(&l), Some(&r)) = (left.first(), right.first()) {
        if l.is_ascii_digit() && r.is_ascii_digit() {
            let (l, l_rest) = number(left);
            let (r, r_rest) = number(right);
            match l.len().cmp(&r.len()).then_with(|| l.cmp(r)) {
                Ordering::Equal => (left, right) = (l_rest, r_rest),
                different => return different,
            }
        } else if l == r {
            (left, right) = (&left[1..], &right[1..]);
        } else {
            return l.cmp(&r);
        }
    }
    // `p1` and `p01` are the same number; the bytes decide, so that the order is total.
    left.len().cmp(&right.len()).then_with(|| a.as_encoded_bytes().cmp(b.as_encoded_bytes()))
}

/// The digits at the start without leading zeros, and what follows.
fn number(name: &[u8]) -> (&[u8], &[u8]) {
    let end = name.iter().position(|b| !b.is_ascii_digit()).unwrap_or(name.len());
    let start = name[..end].iter().position(|&b| b != b'0').unwrap_or(end);
    (&name[start..end], &name[end..])
}
