//! Texts to compare, by the million: what is kept of each is its sketch and where to read it again.
//!
//! Everything is JSON Lines: files that are so already are read where they are; articles of issues and standard input go to a
//! temporary file first.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use compact_str::CompactString;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::archive::run::Stored;
use super::fold::Folded;
use super::issues;
use super::sketch::Sketch;
use crate::error::{Error, Result};
use crate::model::Issue;
use crate::places::Places;
use crate::spool::read_at;

/// Bytes of a file that are read at a time.
const BLOCK: usize = 8 << 20;
/// The longest line that is read as one text.
const LONGEST: usize = 256 << 20;

/// A text as a line of JSON has it; other keys are ignored.
#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Record<'a> {
    /// A string or a number; the file and line where it is missing.
    #[serde(borrow, default)]
    pub id: Option<Id<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<Cow<'a, str>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Cow<'a, str>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Cow<'a, str>>,
    /// The file it came from, where this is not the file of the record.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub path: Option<Cow<'a, str>>,
    /// The line in that file, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Bytes of that file, and its encoding, where the text can be read from there again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<[u64; 2]>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub text: Cow<'a, str>,
}

/// The name of a text.
#[derive(Debug, Deserialize, Serialize)]
#[serde(untagged)]
pub enum Id<'a> {
    Number(u64),
    #[serde(borrow)]
    Text(Cow<'a, str>),
}

impl Record<'_> {
    /// Its name: its id, or the file and line it stands in.
    pub fn name(&self, path: &str, line: u64) -> CompactString {
        match &self.id {
            Some(Id::Text(id)) => CompactString::from(id.as_ref()),
            Some(Id::Number(id)) => CompactString::from(id.to_string()),
            None => CompactString::from(format!("{path}:{line}")),
        }
    }

    /// All that is known of it, of a record in this file and line.
    pub fn full(self, path: &str, line: u64) -> Full {
        let own = |field: Option<Cow<str>>| field.map(Cow::into_owned);
        Full {
            lang: own(self.lang),
            date: own(self.date),
            title: own(self.title),
            path: own(self.path).unwrap_or_else(|| path.to_string()),
            line: self.line.unwrap_or(line),
            text: self.text.into_owned(),
        }
    }
}

/// One text: its name and where it stands.
#[derive(Clone, Debug)]
pub struct Entry {
    pub id: CompactString,
    /// Index into [`Texts::files`].
    file: u32,
    /// Line in that file, from 1.
    line: u32,
    /// Bytes of the line in that file.
    offset: u64,
    length: u32,
}

/// All texts of a run.
#[derive(Default)]
pub struct Texts {
    pub entries: Vec<Entry>,
    /// One for each entry.
    pub sketches: Vec<Sketch>,
    files: Vec<TextFile>,
}

/// A file that texts are read from again.
struct TextFile {
    /// As given.
    path: PathBuf,
    /// The same from the root of the file system.
    full: String,
    file: File,
    origin: Origin,
}

/// Where a file of texts came from.
#[derive(Clone, Copy)]
enum Origin {
    /// A file of JSON Lines, read where it is.
    Lines,
    /// Standard input.
    Stream,
    /// The articles of other files.
    Articles,
}

/// How a text of an index is read again: from a line of JSON, or from bytes in the encoding named after the prefix.
pub const LINES_FORM: &str = "jsonl";
/// The prefix of the form of texts that are a part of a file.
pub const TEXT_FORM: &str = "text:";

/// Reads a text of an index again; `None` if its file is gone or is no such file any more.
pub fn read_again(stored: &Stored) -> Option<Full> {
    if stored.path.is_empty() {
        return None;
    }
    let mut bytes = vec![0; stored.length as usize];
    read_at(&File::open(&stored.path).ok()?, &mut bytes, stored.offset).ok()?;
    let mut full = Full { path: stored.path.clone(), line: u64::from(stored.line), ..Full::default() };
    if stored.form == LINES_FORM {
        let record: Record = serde_json::from_slice(&bytes).ok()?;
        (full.lang, full.date, full.title) =
            (record.lang.map(Cow::into_owned), record.date.map(Cow::into_owned), record.title.map(Cow::into_owned));
        full.text = record.text.into_owned();
    } else {
        let encoding = encoding_rs::Encoding::for_label(stored.form.strip_prefix(TEXT_FORM)?.as_bytes())?;
        full.text = encoding.decode_without_bom_handling(&bytes).0.into_owned();
    }
    Some(full)
}

/// The articles of an issue with its structure, as records.
pub fn article_records(issue: &Issue) -> Vec<Record<'_>> {
    let places = Places::new(issue);
    let record = |(number, article): (usize, &issues::Article)| {
        let place = places.of(&article.span(issue));
        Record {
            id: Some(Id::Text(format!("{}#{}", issue.id, number + 1).into())),
            title: Some(article.title.clone().into()),
            path: Some(place.path.to_string_lossy()),
            line: Some(place.line as u64),
            bytes: Some([place.span.start as u64, place.span.end as u64]),
            encoding: issue.sources.iter().find(|s| s.path == place.path).map(|s| s.bytes.encoding().name().into()),
            text: article.text(issue).into(),
            ..Record::default()
        }
    };
    issues::articles(issue).iter().enumerate().map(record).collect()
}

fn full_path(path: &Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).to_string_lossy().into_owned()
}

/// What is known of a text besides its letters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Full {
    pub text: String,
    pub lang: Option<String>,
    pub date: Option<String>,
    pub title: Option<String>,
    /// Where a person finds it.
    pub path: String,
    /// From 1.
    pub line: u64,
}

impl Texts {
    /// Reads a file of JSON Lines. What is no text on a line is told to `broken`, the rest is read.
    ///
    /// # Errors
    /// [`Error::Read`] when the file cannot be opened or read.
    pub fn add_json_lines(&mut self, path: &Path, broken: &mut impl FnMut(Error)) -> Result<()> {
        let failed = |source: io::Error| Error::Read { path: path.to_owned(), source };
        let file = File::open(path).map_err(failed)?;
        self.add_file(path, file, Origin::Lines, broken)
    }

    /// Reads JSON Lines that can be read only once, through a temporary file.
    ///
    /// # Errors
    /// [`Error::Read`] when it cannot be read, or the temporary file not be written.
    pub fn add_stream(&mut self, path: &Path, stream: &mut impl io::Read, broken: &mut impl FnMut(Error)) -> Result<()> {
        let failed = |source: io::Error| Error::Read { path: path.to_owned(), source };
        let mut spool = tempfile::tempfile().map_err(failed)?;
        io::copy(stream, &mut spool).map_err(failed)?;
        io::Seek::rewind(&mut spool).map_err(failed)?;
        self.add_file(path, spool, Origin::Stream, broken)
    }

    /// Adds the articles of issues, each with its structure, through a temporary file. `each` hands an issue to its argument.
    ///
    /// # Errors
    /// [`Error::Read`] when the temporary file cannot be written.
    pub fn add_issues(&mut self, mut each: impl FnMut(&mut dyn FnMut(&Issue) -> io::Result<()>) -> io::Result<()>) -> Result<()> {
        let path = PathBuf::from("articles");
        let failed = |source: io::Error| Error::Read { path: path.clone(), source };
        let mut spool = tempfile::tempfile().map_err(failed)?;
        let mut out = io::BufWriter::new(&mut spool);
        each(&mut |issue| {
            for record in article_records(issue) {
                serde_json::to_writer(&mut out, &record)?;
                out.write_all(b"\n")?;
            }
            Ok(())
        })
        .and_then(|()| out.flush())
        .map_err(failed)?;
        drop(out);
        io::Seek::rewind(&mut spool).map_err(failed)?;
        self.add_file(&path, spool, Origin::Articles, &mut |_| ())
    }

    fn add_file(&mut self, path: &Path, file: File, origin: Origin, broken: &mut impl FnMut(Error)) -> Result<()> {
        let failed = |source: io::Error| Error::Read { path: path.to_owned(), source };
        let number = self.files.len() as u32;
        let mut reader = BufReader::with_capacity(1 << 20, file.try_clone().map_err(failed)?);
        let (mut offset, mut line) = (0u64, 1u32);
        let mut block = Vec::new();
        loop {
            block.clear();
            io::Read::read_to_end(&mut io::Read::take(&mut reader, BLOCK as u64), &mut block).map_err(failed)?;
            if block.is_empty() {
                break;
            }
            if block.last() != Some(&b'\n') {
                io::Read::take(&mut reader, LONGEST as u64).read_until(b'\n', &mut block).map_err(failed)?;
            }
            let mut lines: Vec<(u64, u32, &[u8])> = Vec::new();
            let mut start = 0;
            for end in
                memchr::memchr_iter(b'\n', &block).chain(Some(block.len())).filter(|e| *e < block.len() || block.last() != Some(&b'\n'))
            {
                lines.push((offset + start as u64, line, &block[start..end]));
                line += 1;
                start = end + 1;
            }
            let read: Vec<std::result::Result<Option<(Entry, Sketch)>, Error>> = lines
                .par_iter()
                .with_min_len(16)
                .map_init(Folded::default, |folded, &(offset, line, bytes)| sketched(path, number, offset, line, bytes, folded))
                .collect();
            for entry in read {
                match entry {
                    Ok(Some((entry, sketch))) => {
                        self.entries.push(entry);
                        self.sketches.push(sketch);
                    }
                    Ok(None) => {}
                    Err(error) => broken(error),
                }
            }
            offset += block.len() as u64;
        }
        self.files.push(TextFile { path: path.to_owned(), full: full_path(path), file, origin });
        Ok(())
    }

    /// Reads a text again; `None` if its file is gone or was changed.
    pub fn text(&self, number: u32) -> Option<String> {
        self.with_record(number, |record| record.text.into_owned())
    }

    /// Reads a text again with all that is known of it.
    pub fn full(&self, number: u32) -> Option<Full> {
        let entry = &self.entries[number as usize];
        self.with_record(number, |record| record.full(&self.files[entry.file as usize].path.to_string_lossy(), u64::from(entry.line)))
    }

    /// What an index keeps of a text. A text of standard input has no place to be read from again.
    pub fn stored(&self, number: u32) -> Stored {
        let (entry, sketch) = (&self.entries[number as usize], &self.sketches[number as usize]);
        let mut stored = Stored {
            exact: sketch.exact,
            units: sketch.units,
            hashes: sketch.common,
            id: entry.id.to_string(),
            line: entry.line,
            offset: entry.offset,
            length: entry.length,
            ..Stored::default()
        };
        let file = &self.files[entry.file as usize];
        match file.origin {
            Origin::Lines => (stored.path, stored.form) = (file.full.clone(), LINES_FORM.into()),
            Origin::Stream => {}
            Origin::Articles => {
                let from = self.with_record(number, |r| {
                    let path = r.path.as_deref().map(|p| full_path(Path::new(p)));
                    Some((path?, format!("{TEXT_FORM}{}", r.encoding?), r.line?, r.bytes?))
                });
                if let Some((path, form, line, [start, end])) = from.flatten() {
                    (stored.path, stored.form, stored.line) = (path, form, line as u32);
                    (stored.offset, stored.length) = (start, (end - start) as u32);
                }
            }
        }
        stored
    }

    /// The end of a part of the texts, moved so that the articles of one file stay together where that is possible.
    pub fn whole_files(&self, from: usize, end: usize) -> usize {
        let path = |n: usize| self.with_record(n as u32, |r| r.path.map(Cow::into_owned)).flatten();
        let articles = |n: usize| matches!(self.files[self.entries[n].file as usize].origin, Origin::Articles);
        let mut whole = end;
        while whole < self.entries.len() && whole > from && articles(whole) && path(whole - 1) == path(whole) {
            whole -= 1;
        }
        if whole == from { end } else { whole }
    }

    fn with_record<T>(&self, number: u32, take: impl FnOnce(Record) -> T) -> Option<T> {
        let entry = &self.entries[number as usize];
        let mut bytes = vec![0; entry.length as usize];
        read_at(&self.files[entry.file as usize].file, &mut bytes, entry.offset).ok()?;
        serde_json::from_slice(&bytes).ok().map(take)
    }
}

fn sketched(path: &Path, file: u32, offset: u64, line: u32, bytes: &[u8], folded: &mut Folded) -> Result<Option<(Entry, Sketch)>> {
    let (offset, bytes) = match bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) if offset == 0 => (3, rest),
        _ => (offset, bytes),
    };
    if bytes.trim_ascii().is_empty() {
        return Ok(None);
    }
    let record: Record = serde_json::from_slice(bytes).map_err(|error| Error::Record {
        path: path.to_owned(),
        line: line as usize,
        message: format!("not a JSON object with a `text`: {error}"),
    })?;
    let id = record.name(&path.to_string_lossy(), u64::from(line));
    folded.fill(&record.text);
    Ok(Some((Entry { id, file, line, offset, length: bytes.len() as u32 }, Sketch::of(folded))))
}
