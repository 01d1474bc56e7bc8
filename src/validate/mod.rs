//! Whether OCR and METS files are what they should be: well-formed, of a known namespace, at one with themselves, with what they name there.
//!
//! One walk over a document feeds all groups of checks; a group is a file of this folder. Nothing is repaired and no text is judged.

mod boxes;
mod files;
mod hyphens;
mod identifiers;
mod namespaces;
mod region_text;

use std::ops::Range;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use crate::edit::Severity;
use crate::error::Error;
use crate::messages::say;
use crate::read::mets::root;
use crate::read::xml::{Dialect, Fault, Node, Xml};
use crate::read::{self, Archives, ReadOptions, Sniffed};
use crate::record::{FindingPlace, FindingRecord, hash};
use crate::rules::{first_name, rule};

pub use files::bag;

/// Bytes of a line in which columns are counted.
const MAX_COLUMN: usize = 1 << 20;
/// Findings of one rule in one file that are told one by one.
const MOST: usize = 100;

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    pub rule: &'static str,
    /// Bytes of the document.
    pub at: Range<usize>,
    pub message: String,
    pub evidence: Vec<String>,
}

impl Problem {
    pub(crate) fn new(rule: &'static str, at: Range<usize>, message: impl Into<String>) -> Problem {
        Problem { rule, at, message: message.into(), evidence: Vec::new() }
    }

    fn because(mut self, evidence: impl Into<String>) -> Problem {
        self.evidence.push(evidence.into());
        self
    }
}

/// What was found so far: a hostile document has a million of a kind, of which the first are told and the rest counted.
#[derive(Debug, Default)]
struct Problems {
    told: Vec<Problem>,
    counts: FxHashMap<&'static str, usize>,
}

impl Problems {
    fn push(&mut self, problem: Problem) {
        if !self.full(problem.rule) {
            self.tell(problem);
        }
    }

    /// Adds one that was counted by [`Problems::full`].
    fn tell(&mut self, problem: Problem) {
        self.told.push(problem);
    }

    /// Counts one more of a kind; true if it need not be worded, because enough are told.
    fn full(&mut self, rule: &'static str) -> bool {
        let n = self.counts.entry(rule).or_default();
        *n += 1;
        *n > MOST
    }

    /// In the order of the document; the last that is told of a kind says how many more there are.
    fn done(mut self) -> Vec<Problem> {
        self.told.sort_by_key(|p| (p.at.start, p.at.end));
        for (rule, n) in self.counts.iter().filter(|(_, n)| **n > MOST) {
            if let Some(last) = self.told.iter_mut().rfind(|p| p.rule == *rule) {
                last.message.push_str(&say("validate.more", &[("n", &(n - MOST))]));
            }
        }
        self.told
    }
}

/// The kinds of documents, by their root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Alto,
    Page,
    Hocr,
    Mets,
    /// XML of another kind: only what holds of all XML is checked.
    Other,
}

/// What a group of checks is shown.
struct Document<'d> {
    text: &'d str,
    kind: Kind,
}

/// A group of checks over a walk.
trait Group<'d> {
    /// A part of the document, in order.
    fn node(&mut self, document: &Document<'d>, node: &Node<'d>, out: &mut Problems);

    /// The end of a document that is well-formed.
    fn finish(&mut self, document: &Document<'d>, out: &mut Problems);
}

/// Whether `validate` looks at a file of a folder.
pub fn is_checked(path: &Path) -> bool {
    let name = read::unpacked_name(path);
    let ending = name.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    match ending.as_str() {
        "xml" | "hocr" => true,
        // Web pages, tables and records of any other kind are none of ours.
        "html" | "htm" | "xhtml" | "tsv" | "json" | "jsonl" => matches!(read::sniff(path), Ok(Sniffed::Format(_))),
        _ => false,
    }
}

/// Checks a file, and what a METS document names.
pub fn file(path: &Path, archives: &Archives) -> Vec<FindingRecord> {
    let bytes = match archives.read(path) {
        Ok(bytes) => bytes,
        Err(error) => return vec![unreadable(path, &error)],
    };
    self::bytes(path, bytes)
}

/// Checks the bytes of a file. `path` is for messages, and where files that a METS document names are looked for from.
pub fn bytes(path: &Path, bytes: Vec<u8>) -> Vec<FindingRecord> {
    let options = ReadOptions::default();
    let start = &bytes[..bytes.len().min(4096)];
    let wide = matches!(start, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]);
    if root(start).is_none() && !wide {
        // Tables and JSON: what a reader cannot read is wrong with them.
        return match read::read_bytes_as(path, bytes, &options) {
            Ok(_) => Vec::new(),
            Err(error) => vec![unreadable(path, &error)],
        };
    }
    let encoding = read::declared_encoding(&bytes);
    let (document, map) = match read::decode(path, bytes, encoding) {
        Ok(decoded) => decoded,
        Err(error) => return vec![unreadable(path, &error)],
    };
    let mut problems = problems(path, &document);
    for error in map.decode_errors() {
        let at = map.to_text(error.offset);
        let message = say("undecodable-bytes.document", &[]);
        problems.push(Problem::new("undecodable-bytes", at..at, message).because(format!("encoding:{}", map.encoding().name())));
    }
    let lines = Lines::new(&document);
    let mut seen = FxHashMap::default();
    problems
        .done()
        .into_iter()
        .map(|p| {
            let (line, column) = lines.of(&document, p.at.start);
            let mut found = record(path, p.rule, line, column, map.span_to_file(p.at), p.message, p.evidence);
            found.fp = crate::review::key::numbered(&found.fp, &mut seen);
            found
        })
        .collect()
}

/// What is wrong with a document. `path` is where files that it names are looked for from.
fn problems(path: &Path, document: &str) -> Problems {
    let head = &document.as_bytes()[..document.len().min(4096)];
    let kind = match root(head).as_deref() {
        Some("alto") => Kind::Alto,
        Some("PcGts") => Kind::Page,
        Some("mets") => Kind::Mets,
        Some(name) if name.eq_ignore_ascii_case("html") => Kind::Hocr,
        _ => Kind::Other,
    };
    let mut out = Problems::default();
    match walk(&Document { text: document, kind }, &mut out) {
        Ok(()) if kind == Kind::Mets => files::mets(path, document, &mut out),
        Ok(()) => {}
        Err(Fault { at, message }) => out.push(Problem::new("malformed-xml", at..at, message)),
    }
    out
}

fn walk(document: &Document, out: &mut Problems) -> Result<(), Fault> {
    let dialect = if document.kind == Kind::Hocr { Dialect::Html } else { Dialect::Xml };
    let mut xml = Xml::new(document.text, dialect)?;
    let mut groups: Vec<Box<dyn Group>> = vec![Box::<identifiers::Identifiers>::default()];
    if document.kind != Kind::Hocr {
        groups.push(Box::<namespaces::Namespaces>::default());
    }
    if matches!(document.kind, Kind::Alto | Kind::Page | Kind::Hocr) {
        groups.push(Box::<boxes::Boxes>::default());
    }
    match document.kind {
        Kind::Alto => groups.push(Box::<hyphens::Hyphens>::default()),
        Kind::Page => groups.push(Box::<region_text::RegionText>::default()),
        _ => {}
    }
    while let Some(node) = xml.next()? {
        for group in &mut groups {
            group.node(document, &node, out);
        }
    }
    for group in &mut groups {
        group.finish(document, out);
    }
    Ok(())
}

fn unreadable(path: &Path, error: &Error) -> FindingRecord {
    record(path, "unreadable-file", error.line().unwrap_or(1), 1, 0..0, error.chain(), Vec::new())
}

/// A finding of `validate` as all formats have it.
fn record(
    path: &Path,
    name: &'static str,
    line: usize,
    column: usize,
    span: Range<usize>,
    message: String,
    evidence: Vec<String>,
) -> FindingRecord {
    let severity = rule(name).map_or(Severity::Error, |r| r.meta().severity);
    FindingRecord {
        kind: "finding",
        v: 1,
        fp: hash(&[&path.to_string_lossy(), first_name(name), &evidence.join("\u{1f}")]),
        rule: name,
        severity,
        path: path.to_owned(),
        line,
        column,
        places: vec![FindingPlace { path: PathBuf::from(path), line, span: [span.start, span.end] }],
        message,
        evidence,
        related: Vec::new(),
    }
}

/// Where lines begin.
struct Lines(Vec<usize>);

impl Lines {
    fn new(document: &str) -> Lines {
        Lines(std::iter::once(0).chain(memchr::memchr_iter(b'\n', document.as_bytes()).map(|i| i + 1)).collect())
    }

    /// Line and column, from 1, of a byte.
    fn of(&self, document: &str, at: usize) -> (usize, usize) {
        let line = self.0.partition_point(|s| *s <= at);
        let start = self.0[line - 1];
        // Nobody counts to the millionth character of a line, and counting there for each of many findings takes long.
        let counted = at - start <= MAX_COLUMN;
        (line, if counted { document.get(start..at).map_or(0, |t| t.chars().count()) + 1 } else { 1 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(document: &str) -> Vec<(&'static str, String)> {
        problems(Path::new("x.xml"), document).done().into_iter().map(|p| (p.rule, p.message)).collect()
    }

    fn rules(document: &str) -> Vec<&'static str> {
        found(document).into_iter().map(|(rule, _)| rule).collect()
    }

    fn alto(page: &str) -> String {
        format!(
            "<alto xmlns=\"http://www.loc.gov/standards/alto/ns-v4#\"><Layout><Page ID=\"P\" WIDTH=\"100\" HEIGHT=\"100\"><PrintSpace>{page}</PrintSpace></Page></Layout></alto>"
        )
    }

    #[test]
    fn a_right_page_has_nothing_wrong() {
        let right = alto(
            "<TextBlock ID=\"b\" HPOS=\"0\" VPOS=\"0\" WIDTH=\"100\" HEIGHT=\"100\"><TextLine ID=\"l\"><String CONTENT=\"com\" SUBS_TYPE=\"HypPart1\" SUBS_CONTENT=\"committee\"/><HYP CONTENT=\"-\"/></TextLine>\
             <TextLine><String CONTENT=\"mittee\" SUBS_TYPE=\"HypPart2\" SUBS_CONTENT=\"committee\"/></TextLine></TextBlock>",
        );
        assert_eq!(found(&right), []);
    }

    #[test]
    fn namespaces() {
        assert_eq!(rules("<alto xmlns=\"http://example.org/alto\"><Layout/></alto>"), ["wrong-namespace"]);
        assert_eq!(rules("<x:alto><Layout/></x:alto>"), ["wrong-namespace"]);
        assert_eq!(rules("<alto><Layout/></alto>"), [""; 0]);
        assert_eq!(rules("<PcGts xmlns=\"http://schema.primaresearch.org/PAGE/gts/pagecontent/2018-07-15\"/>"), [""; 0]);
        assert_eq!(rules("<PcGts/>"), ["wrong-namespace"]);
    }

    #[test]
    fn identifiers() {
        assert_eq!(rules(&alto("<TextBlock ID=\"a\"/><TextBlock ID=\"a\"/>")), ["duplicate-id"]);
        assert_eq!(rules(&alto("<TextBlock ID=\"a\" IDNEXT=\"b\"/><TextBlock ID=\"b\" STYLEREFS=\"b c\"/>")), ["dangling-reference"]);
    }

    #[test]
    fn boxes() {
        let block = |hpos: &str| alto(&format!("<TextBlock ID=\"a\" HPOS=\"{hpos}\" VPOS=\"0\" WIDTH=\"50\" HEIGHT=\"5\"/>"));
        assert_eq!(rules(&block("50")), [""; 0]);
        assert_eq!(rules(&block("60")), ["box-outside-page"]);
        for broken in ["NaN", "inf", "x", "1e400"] {
            assert_eq!(rules(&block(broken)), ["broken-box"], "{broken}");
        }
        let page = "<PcGts xmlns=\"http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15\"><Page imageWidth=\"10\" imageHeight=\"10\"><TextRegion id=\"r\"><Coords points=\"0,0 10,0 10,POINT\"/></TextRegion></Page></PcGts>";
        assert_eq!(rules(&page.replace("POINT", "10")), [""; 0]);
        assert_eq!(rules(&page.replace("POINT", "99")), ["box-outside-page"]);
        assert_eq!(rules(&page.replace("POINT", "NaN")), ["broken-box"]);
    }

    #[test]
    fn hyphens() {
        let lines = |first: &str, second: &str| {
            alto(&format!("<TextBlock ID=\"b\"><TextLine>{first}</TextLine><TextLine>{second}</TextLine></TextBlock>"))
        };
        let part = |n: u8, whole: &str| format!("<String CONTENT=\"x\" SUBS_TYPE=\"HypPart{n}\" SUBS_CONTENT=\"{whole}\"/>");
        assert_eq!(rules(&lines(&part(1, "xx"), &part(2, "xy"))), ["broken-hyphenation"]);
        assert_eq!(rules(&lines(&part(1, "xx"), "<String CONTENT=\"y\"/><String CONTENT=\"z\"/>")), ["broken-hyphenation"]);
        assert_eq!(rules(&lines("<String CONTENT=\"a\"/>", &format!("<String CONTENT=\"y\"/>{}", part(2, "xx")))), ["broken-hyphenation"]);
        assert_eq!(rules(&lines("<HYP CONTENT=\"-\"/><String CONTENT=\"a\"/>", "<String CONTENT=\"y\"/>")), ["broken-hyphenation"]);
        // The other half may stand on the next page.
        assert_eq!(rules(&lines("<String CONTENT=\"a\"/>", &part(1, "xx"))), [""; 0]);
    }

    #[test]
    fn regions_and_their_lines() {
        let region = |text: &str| {
            format!(
                "<PcGts xmlns=\"http://schema.primaresearch.org/PAGE/gts/pagecontent/2013-07-15\"><Page imageWidth=\"9\" imageHeight=\"9\"><TextRegion id=\"r\">\
                 <TextLine id=\"a\"><TextEquiv index=\"1\"><Unicode>raw</Unicode></TextEquiv><TextEquiv index=\"0\"><Unicode>eins &amp;</Unicode></TextEquiv></TextLine>\
                 <TextLine id=\"b\"><TextEquiv><Unicode>zwei</Unicode></TextEquiv></TextLine><TextEquiv><Unicode>{text}</Unicode></TextEquiv></TextRegion></Page></PcGts>"
            )
        };
        assert_eq!(rules(&region("eins &amp;\nzwei")), [""; 0]);
        assert_eq!(rules(&region("eins &amp;\ndrei")), ["region-text-differs"]);
    }

    #[test]
    fn what_is_cut_off_or_hostile() {
        for broken in ["<alto><Layout>", "<alto><Layout></alto>", "<!DOCTYPE a [<!ENTITY b \"c\">]><alto>&b;</alto>"] {
            assert_eq!(rules(broken), ["malformed-xml"], "{broken}");
        }
    }

    #[test]
    fn many_of_a_kind_are_counted() {
        let mut problems = Problems::default();
        (0..MOST + 5).for_each(|i| problems.push(Problem::new("broken-box", i..i, "x")));
        let told = problems.done();
        assert_eq!(told.len(), MOST);
        assert!(told[MOST - 1].message.contains("5 more"));
    }
}
