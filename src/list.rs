//! The files and issues of a run as lists that a million of them do not make large: names in one stretch of bytes, made into
//! [`InputFile`]s and [`IssueInput`]s when their turn comes.

use crate::error::Shown;
use crate::inputs::{InputFile, IssueInput};
use crate::pack::{self, Unpack, bytes_of, path_of};

/// Files in order, any of which can be had by its number; about ten bytes more than its path each.
#[derive(Debug, Default)]
pub struct FileList {
    /// For each file its path and the name below an output folder, which most often is the end of the path.
    bytes: Vec<u8>,
    /// Where each begins.
    at: Vec<usize>,
}

impl FileList {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.at.len()
    }

    /// There is none.
    pub fn is_empty(&self) -> bool {
        self.at.is_empty()
    }

    /// Adds a file.
    pub fn push(&mut self, file: &InputFile) {
        self.at.push(self.bytes.len());
        pack::text(&mut self.bytes, bytes_of(&file.path));
        relative(&mut self.bytes, file);
    }

    /// The file of a number below [`FileList::len`].
    pub fn get(&self, number: usize) -> InputFile {
        let mut bytes = Unpack(&self.bytes[self.at[number]..]);
        let path = bytes.text();
        file_of(path, &mut bytes)
    }

    /// The files from a number on.
    pub fn from(&self, number: usize) -> impl Iterator<Item = InputFile> {
        (number..self.len()).map(|number| self.get(number))
    }

    /// Takes out the files from a number on that are not wanted.
    pub fn retain(&mut self, from: usize, mut wanted: impl FnMut(&InputFile) -> bool) {
        let Some(&end) = self.at.get(from) else { return };
        let mut kept = FileList::default();
        self.from(from).filter(|file| wanted(file)).for_each(|file| kept.push(&file));
        self.bytes.truncate(end);
        self.at.truncate(from);
        self.bytes.extend_from_slice(&kept.bytes);
        self.at.extend(kept.at.iter().map(|at| at + end));
    }
}

impl<'a> FromIterator<&'a InputFile> for FileList {
    fn from_iter<T: IntoIterator<Item = &'a InputFile>>(files: T) -> Self {
        let mut list = FileList::default();
        files.into_iter().for_each(|file| list.push(file));
        list
    }
}

/// Adds the name below an output folder: twice its length, one more where the path ends with it, and its bytes where not.
fn relative(bytes: &mut Vec<u8>, file: &InputFile) {
    let relative = bytes_of(&file.relative);
    let end = bytes_of(&file.path).ends_with(relative);
    pack::number(bytes, relative.len() << 1 | usize::from(end));
    if !end {
        bytes.extend_from_slice(relative);
    }
}

/// The file of this path whose name below an output folder comes next.
fn file_of(path: &[u8], bytes: &mut Unpack) -> InputFile {
    let relative = bytes.number();
    let relative = if relative & 1 == 1 { &path[path.len() - (relative >> 1)..] } else { bytes.take(relative >> 1) };
    InputFile { path: path_of(path), relative: path_of(relative) }
}

/// Issues in order, which are only gone through; about ten bytes each where the files of a folder stand together.
#[derive(Debug, Default)]
pub struct IssueList {
    /// For each issue: twice its number of files, one more if it has a METS document, its name, and for each file (that document last)
    /// how many bytes of its path are those of the path before, the others, and the name below an output folder. A name of no
    /// length is the path.
    bytes: Vec<u8>,
    len: usize,
    /// The path that was added last.
    last: Vec<u8>,
}

impl IssueList {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// There is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds an issue.
    pub fn push(&mut self, issue: &IssueInput) {
        self.len += 1;
        pack::number(&mut self.bytes, issue.files.len() << 1 | usize::from(issue.mets.is_some()));
        let named_so = |file: &InputFile| Shown(&file.path).to_string() == issue.id;
        pack::text(&mut self.bytes, if issue.files.first().is_some_and(named_so) { b"" } else { issue.id.as_bytes() });
        issue.files.iter().chain(&issue.mets).for_each(|file| self.file(file));
    }

    fn file(&mut self, file: &InputFile) {
        let path = bytes_of(&file.path);
        let same = path.iter().zip(&self.last).take_while(|(a, b)| a == b).count();
        pack::number(&mut self.bytes, same);
        pack::text(&mut self.bytes, &path[same..]);
        relative(&mut self.bytes, file);
        self.last.truncate(same);
        self.last.extend_from_slice(&path[same..]);
    }

    /// The issues, one after the other.
    pub fn iter(&self) -> Issues<'_> {
        Issues { bytes: Unpack(&self.bytes), left: self.len, last: Vec::new() }
    }
}

impl<'a> IntoIterator for &'a IssueList {
    type Item = IssueInput;
    type IntoIter = Issues<'a>;

    fn into_iter(self) -> Issues<'a> {
        self.iter()
    }
}

/// The issues of a list, made one by one.
#[derive(Debug)]
pub struct Issues<'a> {
    bytes: Unpack<'a>,
    left: usize,
    last: Vec<u8>,
}

impl Iterator for Issues<'_> {
    type Item = IssueInput;

    fn next(&mut self) -> Option<IssueInput> {
        self.left = self.left.checked_sub(1)?;
        let number = self.bytes.number();
        let id = self.bytes.string();
        let file = |list: &mut Self| {
            list.last.truncate(list.bytes.number());
            list.last.extend_from_slice(list.bytes.text());
            file_of(&list.last, &mut list.bytes)
        };
        let files: Vec<InputFile> = (0..number >> 1).map(|_| file(self)).collect();
        let mets = (number & 1 == 1).then(|| file(self));
        let id = if id.is_empty() { files.first().map_or(id, |f| Shown(&f.path).to_string()) } else { id };
        Some(IssueInput { id, files, mets })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Issues<'_> {}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn issues_come_out_as_they_went_in() {
        let file = |path: &str, relative: &str| InputFile { path: path.into(), relative: relative.into() };
        let issues = [
            IssueInput { id: "in/报/a.txt".into(), files: vec![file("in/报/a.txt", "报/a.txt")], mets: None },
            IssueInput {
                id: "in/1938".into(),
                files: (1..300).map(|i| file(&format!("in/1938/p{i}.txt"), &format!("1938/p{i}.txt"))).collect(),
                mets: Some(file("in/1938/mets.xml", "1938/mets.xml")),
            },
            IssueInput { id: "a.txt.gz".into(), files: vec![file("a.txt.gz", "a.txt")], mets: None },
            IssueInput { id: "-".into(), files: vec![file("-", "stdin.txt")], mets: None },
            IssueInput { id: "a\\nb".into(), files: vec![file("a\nb", "a\nb")], mets: None },
        ];
        let mut list = IssueList::default();
        issues.iter().for_each(|issue| list.push(issue));
        assert_eq!(list.iter().len(), issues.len());
        assert_eq!(list.iter().collect::<Vec<_>>(), issues);

        let files = || issues.iter().flat_map(|issue| &issue.files);
        let mut list: FileList = files().collect();
        assert_eq!(list.from(0).collect::<Vec<_>>(), files().cloned().collect::<Vec<_>>());
        list.retain(2, |file| file.relative.ends_with("stdin.txt"));
        assert_eq!(list.from(0).map(|file| file.path).collect::<Vec<_>>(), ["in/报/a.txt", "in/1938/p1.txt", "-"].map(PathBuf::from));
    }

    #[cfg(unix)]
    #[test]
    fn names_that_are_no_text_come_out_too() {
        use std::os::unix::ffi::OsStrExt as _;
        let path = PathBuf::from(std::ffi::OsStr::from_bytes(b"in/\xff.txt"));
        let issue = IssueInput { id: Shown(&path).to_string(), files: vec![InputFile { relative: path.clone(), path }], mets: None };
        let mut list = IssueList::default();
        list.push(&issue);
        assert_eq!(list.iter().next(), Some(issue));
    }
}
