//! The review as one page for a browser: everything inline, nothing fetched, all text as text.
//!
//! Source, style and words stand in `page/`. The data is JSON whose `<` are escaped, so that no text of a scan can end its element, and the
//! script puts it into the page as text only. A policy in the page forbids all requests; the server's page may ask the server.
//!
//! A page of 100,000 cards opens within two seconds since most of it is deflated, and since what a card shows (`Shown`, a line each) is
//! parsed only when it is shown; views, groups and orders look at `Columns`.

use std::collections::BTreeMap;
use std::io::{self, Write};

use base64::engine::general_purpose::STANDARD;
use base64::write::EncoderStringWriter;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;

use super::cards::{Card, Matter, Moved, Review};
use super::decisions::{Event, Ruling};
use super::scans::{Scans, Snippet};
use super::sides::Sides;
use crate::edit::{Applicability, Outcome, Related, Severity};
use crate::record::hash;
use crate::rules::RULES;

const TEMPLATE: &str = include_str!("page/page.html");
const STYLE: &str = include_str!("page/page.css");
const SCRIPT: [&str; 7] = [
    include_str!("page/words.js"),
    include_str!("page/evidence.js"),
    include_str!("page/text.js"),
    include_str!("page/model.js"),
    include_str!("page/store.js"),
    include_str!("page/card.js"),
    include_str!("page/page.js"),
];

/// Characters of a pattern whose names are sent along.
const NAMED: usize = 24;

/// What a page is made for.
#[derive(Clone, Debug, Default)]
pub struct About<'a> {
    pub title: &'a str,
    /// Who decides, until the page is told another name.
    pub user: &'a str,
    /// The token of the server; none for a file.
    pub token: Option<&'a str>,
    /// Who has which issue, as decisions name it.
    pub assigned: BTreeMap<String, String>,
}

/// Where the pictures of lines come from.
#[derive(Debug)]
pub enum Pictures<'a> {
    /// They stand in the page.
    Inline(&'a mut Scans),
    /// The page asks the server for them.
    Asked(&'a Scans),
}

impl Pictures<'_> {
    /// The address of a card's picture.
    fn address(&mut self, card: usize, line: usize, snippet: &Snippet, token: &str) -> Option<String> {
        match self {
            Pictures::Inline(scans) => scans.address(snippet),
            Pictures::Asked(scans) => scans.file(snippet).map(|_| format!("/scan?of={card}.{line}&token={token}")),
        }
    }
}

/// The data of all cards, ready to stand in the page.
pub fn data(review: &Review, about: &About, mut pictures: Pictures) -> String {
    escape(serde_json::to_string(&Packed::of(review, about, &mut pictures)).unwrap_or_default())
}

/// What stands in the server's page instead of [`data`]: the page asks for that when it is there.
pub fn shell(about: &About) -> String {
    escape(serde_json::json!({ "server": about.token, "user": about.user }).to_string())
}

/// The page of so many cards, if that is known. `data` is what [`data`] or [`shell`] made, `events` is all that was decided.
pub fn html(cards: Option<usize>, about: &About, data: &str, events: &[Event]) -> Vec<u8> {
    let nonce = &hash(&[data, about.token.unwrap_or("")])[..24];
    let (connect, images) = if about.token.is_some() { ("'self'", "'self' data:") } else { ("'none'", "data:") };
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; img-src {images}; connect-src {connect}; base-uri 'none'; form-action 'none'"
    );
    let events = escape(serde_json::to_string(events).unwrap_or_default());
    let mut out = Vec::with_capacity(data.len() + events.len() + 100_000);
    // One walk over the template: what is put in is never looked at again.
    let mut rest = TEMPLATE;
    while let Some(at) = rest.find("{{") {
        let end = rest[at..].find("}}").map_or(rest.len(), |n| at + n);
        out.extend_from_slice(&rest.as_bytes()[..at]);
        match &rest[at + 2..end] {
            "csp" => out.extend_from_slice(policy.as_bytes()),
            "nonce" => out.extend_from_slice(nonce.as_bytes()),
            "title" => out.extend_from_slice(crate::write::report::escaped(about.title).as_bytes()),
            "count" => out.extend_from_slice(cards.map_or("…".to_owned(), |n| n.to_string()).as_bytes()),
            "style" => out.extend_from_slice(STYLE.as_bytes()),
            "script" => SCRIPT.iter().for_each(|s| out.extend_from_slice(s.as_bytes())),
            "data" => out.extend_from_slice(data.as_bytes()),
            "events" => out.extend_from_slice(events.as_bytes()),
            _ => {}
        }
        rest = rest.get(end + 2..).unwrap_or("");
    }
    out.extend_from_slice(rest.as_bytes());
    out
}

fn escape(json: String) -> String {
    json.replace('<', "\\u003c")
}

/// Deflated, in base64: what `write` writes.
fn packed(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> String {
    let mut out = ZlibEncoder::new(EncoderStringWriter::new(&STANDARD), Compression::fast());
    // A string takes everything.
    let _ = write(&mut out);
    out.finish().map(EncoderStringWriter::into_inner).unwrap_or_default()
}

/// Each thing once; cards have their numbers.
struct Table<T> {
    of: FxHashMap<T, u32>,
    rows: Vec<T>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Table { of: FxHashMap::default(), rows: Vec::new() }
    }
}

impl<T: Copy + Eq + std::hash::Hash> Table<T> {
    fn number(&mut self, row: T) -> u32 {
        let next = self.rows.len() as u32;
        *self.of.entry(row).or_insert_with(|| {
            self.rows.push(row);
            next
        })
    }
}

#[derive(Serialize)]
struct Packed<'a> {
    v: u8,
    user: &'a str,
    min: usize,
    assigned: &'a BTreeMap<String, String>,
    count: usize,
    /// Tells what this browser keeps for this page.
    key: String,
    /// `Columns`, packed.
    columns: String,
    /// A line of [`Shown`] for each card, packed.
    shown: String,
}

/// What is known of all cards before one is shown: tables, and a column of each fact.
#[derive(Default, Serialize)]
struct Columns<'a> {
    /// Names of characters that a person may have to tell apart.
    names: BTreeMap<char, String>,
    rules: Vec<(&'static str, &'a str)>,
    issues: Vec<(&'a str, &'a str)>,
    paths: Vec<&'a str>,
    langs: Vec<&'a str>,
    evidence: Vec<&'a str>,
    patterns: Vec<(u32, &'a str, &'a str, &'a str)>,
    kinds: Vec<(Applicability, Outcome, f32)>,
    pattern: Vec<u32>,
    issue: Vec<u32>,
    path: Vec<u32>,
    line: Vec<usize>,
    column: Vec<usize>,
    page: Vec<usize>,
    lang: Vec<u32>,
    /// None for findings.
    kind: Vec<Option<u32>>,
    fp: Vec<&'a str>,
    near: Vec<&'a str>,
    equals: Vec<u32>,
    /// The cards of the audit.
    audit: Vec<usize>,
    /// Cards that the file's decisions rule without naming them, and the text of an edit.
    carried: Vec<(usize, &'static str, Option<&'a str>)>,
}

/// What is shown of a card: the text on each side, here and in decisions; the numbers of its evidence; what few cards have.
type Shown<'a> = (&'a [String; 2], &'a [String; 2], &'a [u32], Option<Extra<'a>>);

#[derive(Default, Serialize)]
struct Extra<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    finding: Option<Finding<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parts: Option<&'a [Moved]>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    scans: Vec<Scan>,
}

#[derive(Serialize)]
struct Finding<'a> {
    severity: Severity,
    message: &'a str,
    related: &'a [Related],
    sides: Option<&'a Sides>,
}

#[derive(Serialize)]
struct Scan {
    line: usize,
    src: String,
}

impl<'a> Packed<'a> {
    fn of(review: &'a Review, about: &'a About<'a>, pictures: &mut Pictures) -> Packed<'a> {
        let (mut issues, mut paths, mut langs, mut evidence): (_, _, _, Table<&str>) =
            (Table::default(), Table::default(), Table::default(), Table::default());
        // Numbers with a fraction are no keys; their bits are.
        let mut kinds: Table<(Applicability, Outcome, u32)> = Table::default();
        let mut columns = Columns::default();
        let mut all = blake3::Hasher::new();
        let mut line = Vec::new();
        let shown = packed(|out| {
            for (number, card) in review.cards.iter().enumerate() {
                all.update(card.fp.as_bytes()).update(card.near.as_bytes());
                columns.pattern.push(card.pattern);
                columns.issue.push(issues.number((card.issue.as_str(), card.key_issue.as_str())));
                columns.path.push(paths.number(card.path.as_str()));
                columns.line.push(card.line);
                columns.column.push(card.column);
                columns.page.push(card.page);
                columns.lang.push(langs.number(card.lang));
                columns.kind.push(match &card.matter {
                    Matter::Change { applicability, outcome, confidence, .. } => {
                        Some(kinds.number((*applicability, *outcome, confidence.to_bits())))
                    }
                    Matter::Finding { .. } => None,
                });
                columns.fp.push(&card.fp);
                columns.near.push(&card.near);
                columns.equals.push(card.equals);
                if card.audit {
                    columns.audit.push(number);
                }
                if let Some(carried) = &card.carried {
                    let text = if let Ruling::Edit(text) = carried { Some(text.as_str()) } else { None };
                    columns.carried.push((number, carried.name(), text));
                }
                let of: Vec<u32> = card.evidence.iter().map(|e| evidence.number(e)).collect();
                let extra = extra(card, |line, snippet| pictures.address(number, line, snippet, about.token.unwrap_or("")));
                let shown: Shown = (&card.context, &card.key_context, &of, extra);
                line.clear();
                serde_json::to_writer(&mut line, &shown)?;
                line.push(b'\n');
                out.write_all(&line)?;
            }
            Ok(())
        });
        let rule = |name: &str| RULES.iter().position(|r| r.meta().name == name).unwrap_or(0) as u32;
        columns.names = names(review);
        columns.rules = RULES.iter().map(|r| (r.meta().name, crate::messages::summary(r.meta()))).collect();
        columns.patterns = review.patterns.iter().map(|p| (rule(p.rule), p.pat.as_str(), p.before.as_str(), p.after.as_str())).collect();
        (columns.issues, columns.paths, columns.langs, columns.evidence) = (issues.rows, paths.rows, langs.rows, evidence.rows);
        columns.kinds = kinds.rows.into_iter().map(|(a, o, bits)| (a, o, f32::from_bits(bits))).collect();
        Packed {
            v: 1,
            user: about.user,
            min: review.min_approvals(),
            assigned: &about.assigned,
            count: review.cards.len(),
            key: all.finalize().to_hex()[..16].to_string(),
            columns: packed(|out| out.write_all(&serde_json::to_vec(&columns)?)),
            shown,
        }
    }
}

fn extra<'a>(card: &'a Card, mut picture: impl FnMut(usize, &Snippet) -> Option<String>) -> Option<Extra<'a>> {
    let scans: Vec<Scan> = card.scans.iter().enumerate().filter_map(|(i, s)| Some(Scan { line: s.line, src: picture(i, s)? })).collect();
    let mut extra = Extra { scans, ..Extra::default() };
    match &card.matter {
        Matter::Change { parts, .. } if !parts.is_empty() => extra.parts = Some(parts),
        Matter::Change { .. } => {}
        Matter::Finding { severity, message, related, sides } => {
            extra.finding = Some(Finding { severity: *severity, message, related, sides: sides.as_ref() });
            extra.before = Some(&card.before);
        }
    }
    let plain = extra.scans.is_empty() && extra.finding.is_none() && extra.parts.is_none();
    (!plain).then_some(extra)
}

/// The Unicode names of characters that patterns exchange, and of those in the text that leave no ink.
fn names(review: &Review) -> BTreeMap<char, String> {
    let mut wanted: FxHashSet<char> = FxHashSet::default();
    for pattern in &review.patterns {
        let chars = || pattern.before.chars().chain(pattern.after.chars());
        if chars().nth(NAMED).is_none() {
            wanted.extend(chars());
        }
    }
    let hidden = |c: &char| !c.is_alphanumeric() && !(' '..='~').contains(c) && !crate::characters::is_cjk_mark(*c);
    for card in &review.cards {
        wanted.extend(card.context.iter().flat_map(|t| t.chars()).filter(hidden));
    }
    let name = |c: char| match c {
        '\n' => Some("LINE FEED".into()),
        '\u{c}' => Some("FORM FEED".into()),
        '\t' => Some("TAB".into()),
        _ => unicode_names2::name(c).map(|n| n.to_string()),
    };
    wanted.into_iter().filter_map(|c| Some((c, name(c)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_the_data_can_end_its_element() {
        let data = escape(serde_json::to_string("</script><script>alert(1)</script><!--{{nonce}}").unwrap());
        let page = String::from_utf8(html(Some(0), &About { title: "a <b> & c", ..About::default() }, &data, &[])).unwrap();
        assert!(!page.contains("</script><script>alert"));
        assert!(page.contains("a &lt;b&gt; &amp; c") && page.contains("{{nonce}}"));
        assert_eq!(page.matches("</script>").count(), 3);
        assert!(page.contains("connect-src 'none'") && !page.contains("{{csp}}"));
    }

    #[test]
    fn both_languages_have_the_same_words() {
        let (en, zh) = SCRIPT[0].split_once("\n  zh: {").unwrap();
        let keys = |text: &str| {
            let regex = regex::Regex::new(r"(?m)(?:^    |, )('?[a-z][a-z-]*'?): ['\[]").unwrap();
            let rules = text.find("    rules: {").unwrap_or(text.len());
            regex.captures_iter(&text[..rules]).map(|c| c[1].trim_matches('\'').to_owned()).collect::<std::collections::BTreeSet<_>>()
        };
        assert_eq!(keys(en), keys(zh));
        assert!(keys(en).len() > 90);
    }
}
