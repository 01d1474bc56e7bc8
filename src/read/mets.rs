//! METS: the pages of an issue in their order, and its articles as ordered blocks of them.
//!
//! Read, never written. One pass over the document; what is kept is the file section, the `div`s of all structural maps and the links between
//! them, so that NDNP issues, ENMAP (Europeana Newspapers, BnL), the British Library's `structLink` and OCR-D's page lists are read alike.
//! METS 2 is read as far as it has the same parts.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};

use super::xml::{Checked, Dialect, Fault, Node, Tag, Xml};
use crate::model::{Issue, Role, Span};
use crate::ocr::{Ocr, OcrArticle, OcrRegion};

/// `div`s of a document: an issue of a newspaper has a few thousand.
const MAX_DIVS: usize = 1 << 20;

/// What a METS document says.
#[derive(Clone, Debug, Default)]
pub struct Mets {
    /// Its `LABEL`.
    pub label: String,
    /// Its `PROFILE`.
    pub profile: String,
    pub files: Vec<MetsFile>,
    /// All `div`s of all structural maps, in document order.
    pub divs: Vec<Div>,
    /// From the id of a `div` to the id of another, in document order.
    pub links: Vec<Link>,
}

/// A file of the file section.
#[derive(Clone, Debug, Default)]
pub struct MetsFile {
    pub id: String,
    /// As written; a URL, or a path relative to the document.
    pub href: String,
    /// `USE` of its groups and its own, lower case, a space between them.
    pub usage: String,
    /// Lower case.
    pub mime: String,
    pub size: Option<u64>,
    /// Algorithm and hexadecimal digits, as written.
    pub checksum: Option<(String, String)>,
    /// The byte of the document where its element begins.
    pub at: usize,
}

/// A `div` of a structural map.
#[derive(Clone, Debug, Default)]
pub struct Div {
    pub id: String,
    /// Its `TYPE`, lower case, without a prefix such as `np:`.
    pub kind: String,
    pub label: String,
    pub order: Option<f64>,
    /// `ORDERLABEL`, the printed page number.
    pub order_label: String,
    /// Index of the `div` it stands in.
    pub parent: Option<usize>,
    /// Its structural map is a logical one.
    pub logical: bool,
    /// What it points at, in order.
    pub areas: Vec<Area>,
    /// The byte of the document where its element begins.
    pub at: usize,
}

/// A file, or an element in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Area {
    pub file: String,
    /// The id of the first element meant; empty for the whole file.
    pub begin: String,
    /// The id of the last; empty where it is one element.
    pub end: String,
    /// The byte of the document where it is said.
    pub at: usize,
}

/// A structural link.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    pub from: String,
    pub to: String,
    pub at: usize,
}

/// A page and the files it is in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MetsPage {
    /// `ORDERLABEL`, else `ORDER`; empty where it has neither.
    pub label: String,
    /// Indices into [`Mets::files`].
    pub files: Vec<usize>,
    /// The byte of the document where its `div` begins.
    pub at: usize,
}

/// An article, an advertisement or the like.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LogicalArticle {
    pub id: String,
    pub label: String,
    /// In reading order, each with the role the document gives it.
    pub areas: Vec<(Area, Option<Role>)>,
}

/// Whether a file begins like a METS document: its root, after declaration and comments, is `mets`.
pub fn is_mets(start: &[u8]) -> bool {
    root(start).is_some_and(|name| name == "mets")
}

/// The local name of the root of an XML document of which the first bytes are given.
pub fn root(start: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(start);
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    loop {
        let end = match rest {
            _ if rest.starts_with("<?") => "?>",
            _ if rest.starts_with("<!--") => "-->",
            _ if rest.starts_with("<!DOCTYPE") => {
                // With definitions of its own it may be longer than the head; it names the root as well.
                let (close, subset) = (rest.find('>').unwrap_or(rest.len()), rest.find('[').unwrap_or(rest.len()));
                if close < subset {
                    ">"
                } else if rest.contains("]>") {
                    "]>"
                } else {
                    return rest.split_ascii_whitespace().nth(1).map(|name| name.rsplit(':').next().unwrap_or(name).to_owned());
                }
            }
            _ => break,
        };
        rest = rest[rest.find(end)? + end.len()..].trim_start();
    }
    let name = rest.strip_prefix('<')?.split(|c: char| c.is_whitespace() || c == '>' || c == '/').next()?;
    Some(name.rsplit(':').next().unwrap_or(name).to_owned())
}

impl Mets {
    /// Reads a document.
    ///
    /// # Errors
    /// A document that is no XML, goes over a limit, or whose root is not `mets`.
    pub fn parse(document: &str) -> Checked<Mets> {
        let mut xml = Xml::new(document, Dialect::Xml)?;
        let mut mets = Mets::default();
        let mut uses: Vec<(usize, String)> = Vec::new();
        let mut open: Vec<(usize, usize)> = Vec::new();
        let mut logical = false;
        let mut group = Group::default();
        let mut rooted = false;
        while let Some(node) = xml.next()? {
            let depth = xml.depth();
            match node {
                Node::Start(tag) => match tag.name {
                    "mets" if !rooted => {
                        rooted = true;
                        (mets.label, mets.profile) = (value(&tag, "LABEL"), value(&tag, "PROFILE"));
                    }
                    _ if !rooted => return Err(Fault::new(tag.start, format!("<{}> is no METS document", tag.name))),
                    "fileGrp" => uses.push((depth, value(&tag, "USE").to_lowercase())),
                    "file" => {
                        let usage = uses
                            .iter()
                            .map(|(_, u)| u.as_str())
                            .chain([value(&tag, "USE").to_lowercase().as_str()])
                            .collect::<Vec<_>>()
                            .join(" ");
                        let checksum = Some((value(&tag, "CHECKSUMTYPE"), value(&tag, "CHECKSUM"))).filter(|(_, sum)| !sum.is_empty());
                        mets.files.push(MetsFile {
                            id: value(&tag, "ID"),
                            usage,
                            mime: value(&tag, "MIMETYPE").to_lowercase(),
                            size: value(&tag, "SIZE").parse().ok(),
                            checksum,
                            at: tag.start,
                            ..MetsFile::default()
                        });
                    }
                    "FLocat" => {
                        if let Some(file) = mets.files.last_mut().filter(|f| f.href.is_empty()) {
                            file.href = named(&tag, &["href", "LOCREF"]);
                        }
                    }
                    "structMap" => logical = value(&tag, "TYPE").eq_ignore_ascii_case("logical"),
                    "div" => {
                        if mets.divs.len() >= MAX_DIVS {
                            return Err(Fault::new(tag.start, format!("more than {MAX_DIVS} divs")));
                        }
                        let kind = value(&tag, "TYPE").to_lowercase();
                        let div = Div {
                            id: value(&tag, "ID"),
                            kind: kind.rsplit(':').next().unwrap_or("").to_owned(),
                            label: value(&tag, "LABEL"),
                            order: value(&tag, "ORDER").parse().ok().filter(|o: &f64| o.is_finite()),
                            order_label: value(&tag, "ORDERLABEL"),
                            parent: open.last().map(|(_, at)| *at),
                            logical,
                            areas: Vec::new(),
                            at: tag.start,
                        };
                        open.push((depth, mets.divs.len()));
                        mets.divs.push(div);
                    }
                    "fptr" | "area" => {
                        let area =
                            Area { file: value(&tag, "FILEID"), begin: value(&tag, "BEGIN"), end: value(&tag, "END"), at: tag.start };
                        // Coordinates and byte offsets are no ids.
                        let by_id = tag.name == "fptr" || tag.get("BETYPE").is_none_or(|b| b.raw == "IDREF");
                        let area = if by_id { area } else { Area { begin: String::new(), end: String::new(), ..area } };
                        if let Some(div) = open.last().map(|(_, at)| &mut mets.divs[*at]).filter(|_| !area.file.is_empty()) {
                            div.areas.push(area);
                        }
                    }
                    "smLink" => mets.links.push(Link { from: named(&tag, &["from"]), to: named(&tag, &["to"]), at: tag.start }),
                    "smLinkGrp" => group = Group::default(),
                    "smLocatorLink" => {
                        group.locators.insert(named(&tag, &["label"]), named(&tag, &["href"]).trim_start_matches('#').to_owned());
                    }
                    "smArcLink" => group.arcs.push((named(&tag, &["from"]), named(&tag, &["to"]), tag.start)),
                    _ => {}
                },
                Node::End { name, .. } => match name {
                    "fileGrp" => drop(uses.pop()),
                    "div" => drop(open.pop()),
                    "smLinkGrp" => mets.links.extend(std::mem::take(&mut group).links()),
                    _ => {}
                },
                Node::Text(_) => {}
            }
        }
        Ok(mets)
    }

    /// The pages in order: the `div`s that are pages, sorted by `ORDER` where they have one.
    pub fn pages(&self) -> Vec<MetsPage> {
        let ids = self.file_ids();
        let mut pages: Vec<(usize, &Div)> = self.divs.iter().enumerate().filter(|(_, d)| !d.logical && d.kind.ends_with("page")).collect();
        if pages.iter().all(|(_, d)| d.order.is_some()) {
            pages.sort_by(|a, b| a.1.order.unwrap_or(0.0).total_cmp(&b.1.order.unwrap_or(0.0)));
        }
        let page = |(at, div): &(usize, &Div)| {
            let files = self.below(*at).flat_map(|d| &self.divs[d].areas).filter_map(|a| ids.get(a.file.as_str()).copied());
            let mut seen = FxHashSet::default();
            let label =
                if div.order_label.is_empty() { div.order.map(|o| o.to_string()).unwrap_or_default() } else { div.order_label.clone() };
            MetsPage { label, files: files.filter(|f| seen.insert(*f)).collect(), at: div.at }
        };
        pages.iter().map(page).collect()
    }

    fn file_ids(&self) -> FxHashMap<&str, usize> {
        self.files.iter().enumerate().rev().map(|(i, f)| (f.id.as_str(), i)).collect()
    }

    /// A `div` and all in it: they follow it in the document.
    fn below(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        let inside = move |d: &usize| {
            let mut up = self.divs[*d].parent;
            while let Some(p) = up.filter(|p| *p > at) {
                up = self.divs[p].parent;
            }
            up == Some(at)
        };
        std::iter::once(at).chain((at + 1..self.divs.len()).take_while(inside))
    }

    /// Which of the files of a page holds its text: of those that `is_there`, PAGE before ALTO before hOCR before text, and of several of a
    /// kind the last, which is the latest step of a workflow.
    pub fn text_of(&self, page: &MetsPage, is_there: &dyn Fn(&MetsFile) -> bool) -> Option<usize> {
        let rank = |f: &MetsFile| {
            let href = f.href.to_lowercase();
            let (words, xml) = (format!("{} {}", f.usage, f.mime), href.ends_with(".xml") || href.ends_with(".xml.gz"));
            match () {
                () if f.mime.contains("prima.page") || xml && words.contains("page") && !words.contains("alto") => 4,
                () if words.contains("alto") || xml && ["ocr", "text"].iter().any(|w| words.contains(w)) => 3,
                () if xml && !f.mime.contains("image") || href.ends_with(".hocr") => 2,
                () if href.ends_with(".txt") => 1,
                () => 0,
            }
        };
        let texts = page.files.iter().copied().filter(|f| rank(&self.files[*f]) > 0 && is_there(&self.files[*f]));
        texts.max_by_key(|f| (rank(&self.files[*f]), *f))
    }

    /// The articles in the order of the logical map, with the blocks they are made of. An article inside another is one of its own.
    pub fn articles(&self) -> Vec<LogicalArticle> {
        const KINDS: [&str; 14] = [
            "article",
            "advert",
            "advertisement",
            "ad",
            "obituary",
            "death_notice",
            "deathnotice",
            "weather",
            "letter",
            "poem",
            "notice",
            "review",
            "editorial",
            "serial",
        ];
        let is_article = |d: &Div| d.logical && KINDS.contains(&d.kind.as_str());
        let by_id: FxHashMap<&str, usize> = self.divs.iter().enumerate().rev().map(|(i, d)| (d.id.as_str(), i)).collect();
        let mut linked: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for link in &self.links {
            if let (Some(&from), Some(&to)) = (by_id.get(link.from.as_str()), by_id.get(link.to.as_str())) {
                linked.entry(from).or_default().push(to);
            }
        }
        let mut articles = Vec::new();
        for (at, div) in self.divs.iter().enumerate().filter(|(_, d)| is_article(d)) {
            let mut areas = Vec::new();
            for inner in self.below(at) {
                // The nearest article above decides.
                let mut nearest = inner;
                while nearest != at && !is_article(&self.divs[nearest]) {
                    nearest = self.divs[nearest].parent.unwrap_or(at);
                }
                if nearest != at {
                    continue;
                }
                let role = self.role(inner, at);
                let here = std::iter::once(inner).chain(linked.get(&inner).into_iter().flatten().copied());
                areas.extend(here.flat_map(|d| &self.divs[d].areas).filter(|a| !a.begin.is_empty()).map(|a| (a.clone(), role)));
            }
            if !areas.is_empty() {
                articles.push(LogicalArticle { id: div.id.clone(), label: div.label.clone(), areas });
            }
        }
        articles
    }

    /// The role a `div` of an article has by its own type and those around it; none for running text.
    fn role(&self, at: usize, article: usize) -> Option<Role> {
        let mut up = Some(at);
        while let Some(d) = up.filter(|d| *d != article) {
            match self.divs[d].kind.as_str() {
                "overline" | "kicker" => return Some(Role::Kicker),
                "subheadline" | "sub_headline" | "subtitle" | "motto" => return Some(Role::Deck),
                "author" | "byline" => return Some(Role::Byline),
                "caption" => return Some(Role::Caption),
                "headline" | "title" | "heading" => return Some(Role::Headline),
                _ => up = self.divs[d].parent,
            }
        }
        None
    }
}

impl MetsFile {
    /// Where it lies, from the folder of the document; `None` for a file elsewhere on the network.
    pub fn path(&self, folder: &Path) -> Option<PathBuf> {
        let href = match self.href.strip_prefix("file://") {
            Some(local) => local.strip_prefix("localhost").unwrap_or(local),
            None if self.href.contains("://") || self.href.is_empty() => return None,
            None => &self.href,
        };
        Some(folder.join(decoded(href).trim_start_matches("./")))
    }
}

/// The articles in the text of an issue whose pages have been read. Areas of elements that are not there are left out.
pub(super) fn place(mets: &Mets, folder: &Path, issue: &Issue, ocr: &Ocr) -> Vec<OcrArticle> {
    let files: FxHashMap<PathBuf, u32> =
        issue.sources.iter().enumerate().map(|(i, s)| (crate::batches::plain(&super::unpacked_name(&s.path)), i as u32)).collect();
    let by_id = mets.file_ids();
    let source_of = |id: &str| {
        let path = mets.files[*by_id.get(id)?].path(folder)?;
        files.get(&crate::batches::plain(&super::unpacked_name(&path))).copied()
    };
    let ids = Ids::new(issue, ocr);
    let mut sources: FxHashMap<String, Option<u32>> = FxHashMap::default();
    let mut articles = Vec::new();
    for article in mets.articles() {
        let mut blocks: Vec<(Span, Option<Role>)> = Vec::new();
        let mut seen = FxHashSet::default();
        for (area, role) in &article.areas {
            let Some(source) = *sources.entry(area.file.clone()).or_insert_with(|| source_of(&area.file)) else { continue };
            let Some(span) = ids.stretch(source, area) else { continue };
            if seen.insert((span.start, span.end)) {
                blocks.push((span, *role));
            }
        }
        if !blocks.is_empty() {
            articles.push(OcrArticle { label: article.label.into(), blocks });
        }
    }
    articles
}

/// Elements of the pages by their ids.
struct Ids<'a> {
    regions: FxHashMap<(u32, &'a str), Span>,
    /// Of lines and words; made when an id is no region's.
    others: OnceCell<FxHashMap<(u32, String), Span>>,
    issue: &'a Issue,
    ocr: &'a Ocr,
}

impl<'a> Ids<'a> {
    fn new(issue: &'a Issue, ocr: &'a Ocr) -> Self {
        let source = |region: &OcrRegion| ocr.pages[region.page as usize].source;
        let regions = ocr.regions.iter().rev().filter(|r| !r.id.is_empty()).map(|r| ((source(r), r.id.as_str()), r.span.clone())).collect();
        Ids { regions, others: OnceCell::new(), issue, ocr }
    }

    fn span(&self, source: u32, id: &str) -> Option<Span> {
        let others = || self.others.get_or_init(|| self.lines_and_words());
        self.regions.get(&(source, id)).or_else(|| others().get(&(source, id.to_owned()))).cloned()
    }

    /// The text of an area. Where one of its ends is not there (a page was cut, or read anew), that of the block the other stands in.
    fn stretch(&self, source: u32, area: &Area) -> Option<Span> {
        let first = self.span(source, &area.begin);
        if area.end.is_empty() {
            return first;
        }
        let block = |at: usize| {
            let after = self.ocr.regions.partition_point(|r| r.span.end < at);
            self.ocr.regions.get(after).filter(|r| r.span.start <= at).map(|r| r.span.clone())
        };
        match (first, self.span(source, &area.end)) {
            (Some(first), Some(last)) => Some(first.start..last.end.max(first.end)),
            (Some(first), None) => block(first.start).map(|b| first.start..b.end),
            (None, Some(last)) => block(last.start).map(|b| b.start..last.end),
            (None, None) => None,
        }
    }

    fn lines_and_words(&self) -> FxHashMap<(u32, String), Span> {
        let mut of = FxHashMap::default();
        for (i, line) in self.ocr.lines.iter().enumerate() {
            let source = self.ocr.page_of(i as u32).source;
            let Some(markup) = self.issue.sources[source as usize].bytes.markup() else { continue };
            let words = &self.ocr.words[line.words.start as usize..line.words.end as usize];
            let elements = std::iter::once((&line.tag, &line.span)).chain(words.iter().map(|w| (&w.tag, &w.span)));
            for (tag, span) in elements.filter(|(tag, _)| !tag.is_empty()) {
                let tag = Tag::at(&markup.document, tag.clone());
                if let Some(id) = tag.get("ID").or_else(|| tag.get("id")) {
                    of.entry((source, id.text().into_owned())).or_insert_with(|| span.clone());
                }
            }
        }
        of
    }
}

/// A URL path without its percent escapes.
fn decoded(href: &str) -> String {
    let mut bytes = Vec::with_capacity(href.len());
    let mut rest = href.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let code = (first == b'%').then(|| tail.get(..2).and_then(|h| u8::from_str_radix(std::str::from_utf8(h).ok()?, 16).ok())).flatten();
        bytes.push(code.unwrap_or(first));
        rest = if code.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| href.to_owned())
}

/// One group of extended links.
#[derive(Default)]
struct Group {
    /// By label.
    locators: BTreeMap<String, String>,
    arcs: Vec<(String, String, usize)>,
}

impl Group {
    fn links(self) -> Vec<Link> {
        let id = |label: &String| self.locators.get(label).cloned();
        self.arcs.iter().filter_map(|(from, to, at)| Some(Link { from: id(from)?, to: id(to)?, at: *at })).collect()
    }
}

fn value(tag: &Tag, name: &str) -> String {
    tag.get(name).map(|a| a.text().into_owned()).unwrap_or_default()
}

/// The first attribute of one of these names, whatever its prefix.
fn named(tag: &Tag, names: &[&str]) -> String {
    let local = |name: &str| name.rsplit(':').next().unwrap_or(name).to_owned();
    tag.attributes().find(|a| names.contains(&local(a.name).as_str())).map(|a| a.text().into_owned()).unwrap_or_default()
}
