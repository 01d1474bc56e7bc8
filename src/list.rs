//! The issues of a run as a list that a million of them do not make large: names in one stretch of bytes, made into
//! [`IssueInput`]s when their turn comes.

use std::path::{Path, PathBuf};

use crate::error::Shown;
use crate::inputs::{InputFile, IssueInput};

/// Issues in order; about 40 bytes each for paths of 30.
#[derive(Debug, Default)]
pub struct IssueList {
    /// For each issue: twice its number of files, one more if it has a METS document, its name, and for each file (that document last) the path and the name below an output folder; each name with
    /// its length before it. A name of no length is the path; a name below an output folder that the path ends with is given by its
    /// length and no bytes.
    bytes: Vec<u8>,
    len: usize,
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
        self.number(issue.files.len() << 1 | usize::from(issue.mets.is_some()));
        let named_so = |file: &InputFile| Shown(&file.path).to_string() == issue.id;
        self.text(if issue.files.first().is_some_and(named_so) { b"" } else { issue.id.as_bytes() });
        issue.files.iter().chain(&issue.mets).for_each(|file| self.file(file));
    }

    fn file(&mut self, file: &InputFile) {
        let (path, relative) = (bytes_of(&file.path), bytes_of(&file.relative));
        self.text(path);
        let end = path.ends_with(relative);
        self.number(relative.len() << 1 | usize::from(end));
        if !end {
            self.bytes.extend_from_slice(relative);
        }
    }

    /// The issues, one after the other.
    pub fn iter(&self) -> Issues<'_> {
        Issues { bytes: &self.bytes, left: self.len }
    }

    /// Seven bits a byte, the lowest first; the highest bit says that more follow.
    fn number(&mut self, mut n: usize) {
        while n >= 0x80 {
            self.bytes.push(n as u8 | 0x80);
            n >>= 7;
        }
        self.bytes.push(n as u8);
    }

    fn text(&mut self, text: &[u8]) {
        self.number(text.len());
        self.bytes.extend_from_slice(text);
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
    bytes: &'a [u8],
    left: usize,
}

impl<'a> Issues<'a> {
    fn number(&mut self) -> usize {
        let (mut n, mut shift) = (0, 0);
        loop {
            let (byte, rest) = self.bytes.split_first().expect("a list as it was written");
            self.bytes = rest;
            n |= usize::from(byte & 0x7f) << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                return n;
            }
        }
    }

    fn take(&mut self, length: usize) -> &'a [u8] {
        let (text, rest) = self.bytes.split_at(length);
        self.bytes = rest;
        text
    }

    fn text(&mut self) -> &'a [u8] {
        let length = self.number();
        self.take(length)
    }
}

impl Iterator for Issues<'_> {
    type Item = IssueInput;

    fn next(&mut self) -> Option<IssueInput> {
        self.left = self.left.checked_sub(1)?;
        let number = self.number();
        let id = String::from_utf8_lossy(self.text()).into_owned();
        let file = |list: &mut Self| {
            let path = list.text();
            let relative = list.number();
            let relative = if relative & 1 == 1 { &path[path.len() - (relative >> 1)..] } else { list.take(relative >> 1) };
            InputFile { path: path_of(path), relative: path_of(relative) }
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

#[cfg(unix)]
fn bytes_of(path: &Path) -> &[u8] {
    path.as_os_str().as_encoded_bytes()
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt as _;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

/// Other systems name files in ways of their own; what is not Unicode there was refused before.
#[cfg(not(unix))]
fn bytes_of(path: &Path) -> &[u8] {
    path.to_str().unwrap_or_default().as_bytes()
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

#[cfg(test)]
mod tests {
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
