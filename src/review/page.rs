//! The review as one page for a browser: everything inline, nothing fetched, all text as text.
//!
//! Source, style and words stand in `page/`. The data is JSON whose `<` are escaped, so that no text of a scan can end its element, and the
//! script puts it into the page as text only. A policy in the page forbids all requests; the server's page may ask the server.

use std::collections::BTreeMap;
use std::io::Write as _;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::ser::SerializeTuple as _;
use serde::{Serialize, Serializer};

use super::cards::{Card, Matter, Moved, Review};
use super::decisions::{Event, Ruling};
use super::scans::{Scans, Snippet};
use super::sides::Sides;
use crate::edit::{Applicability, Outcome, Related, Severity};
use crate::record::hash;
use crate::rules::RULES;

const TEMPLATE: &str = include_str!("page/page.html");
const STYLE: &str = include_str!("page/page.css");
const SCRIPT: [&str; 6] = [
    include_str!("page/words.js"),
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

/// The page of so many cards. `data` is what [`data`] made of them, `events` is all that was decided.
pub fn html(cards: usize, about: &About, data: &str, events: &[Event]) -> Vec<u8> {
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
            "count" => drop(write!(out, "{cards}")),
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

/// Each string once; cards have their numbers.
#[derive(Default)]
struct Table<'a> {
    of: FxHashMap<&'a str, u32>,
    rows: Vec<&'a str>,
}

impl<'a> Table<'a> {
    fn number(&mut self, text: &'a str) -> u32 {
        let next = self.rows.len() as u32;
        *self.of.entry(text).or_insert_with(|| {
            self.rows.push(text);
            next
        })
    }
}

#[derive(Serialize)]
struct Packed<'a> {
    v: u8,
    title: &'a str,
    user: &'a str,
    /// The token, or `null` in a file.
    server: Option<&'a str>,
    min: usize,
    assigned: &'a BTreeMap<String, String>,
    count: usize,
    /// Tells what this browser keeps for this page.
    key: String,
    /// Names of characters that a person may have to tell apart.
    names: BTreeMap<char, String>,
    rules: Vec<(&'static str, &'static str)>,
    issues: Vec<(&'a str, &'a str)>,
    paths: Vec<&'a str>,
    langs: Vec<&'a str>,
    evidence: Vec<&'a str>,
    patterns: Vec<(u32, &'a str, &'a str, &'a str)>,
    cards: Vec<Row<'a>>,
}

struct Row<'a> {
    card: &'a Card,
    issue: u32,
    path: u32,
    lang: u32,
    evidence: Vec<u32>,
    extra: Option<Extra<'a>>,
}

/// What few cards have.
#[derive(Default, Serialize)]
struct Extra<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    finding: Option<Finding<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parts: Option<&'a [Moved]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    carried: Option<&'static str>,
    #[serde(rename = "carriedText", skip_serializing_if = "Option::is_none")]
    carried_text: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    audit: bool,
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

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let card = self.card;
        let kind: Option<(Applicability, Outcome, f32)> = match &card.matter {
            Matter::Change { applicability, outcome, confidence, .. } => Some((*applicability, *outcome, *confidence)),
            Matter::Finding { .. } => None,
        };
        let mut row = serializer.serialize_tuple(17)?;
        row.serialize_element(&card.pattern)?;
        row.serialize_element(&self.issue)?;
        row.serialize_element(&self.path)?;
        row.serialize_element(&card.line)?;
        row.serialize_element(&card.column)?;
        row.serialize_element(&card.page)?;
        row.serialize_element(&self.lang)?;
        row.serialize_element(&card.context[0])?;
        row.serialize_element(&card.context[1])?;
        row.serialize_element(&card.key_context[0])?;
        row.serialize_element(&card.key_context[1])?;
        row.serialize_element(&card.fp)?;
        row.serialize_element(&card.near)?;
        row.serialize_element(&card.equals)?;
        row.serialize_element(&self.evidence)?;
        row.serialize_element(&kind)?;
        row.serialize_element(&self.extra)?;
        row.end()
    }
}

impl<'a> Packed<'a> {
    fn of(review: &'a Review, about: &'a About<'a>, pictures: &mut Pictures) -> Packed<'a> {
        let (mut paths, mut langs, mut evidence) = (Table::default(), Table::default(), Table::default());
        let mut issues: Vec<(&str, &str)> = Vec::new();
        let mut of_issue: FxHashMap<(&str, &str), u32> = FxHashMap::default();
        let mut cards = Vec::with_capacity(review.cards.len());
        let mut all = blake3::Hasher::new();
        for (number, card) in review.cards.iter().enumerate() {
            all.update(card.fp.as_bytes()).update(card.near.as_bytes());
            let issue = *of_issue.entry((&card.issue, &card.key_issue)).or_insert_with(|| {
                issues.push((&card.issue, &card.key_issue));
                issues.len() as u32 - 1
            });
            cards.push(Row {
                card,
                issue,
                path: paths.number(&card.path),
                lang: langs.number(card.lang),
                evidence: card.evidence.iter().map(|e| evidence.number(e)).collect(),
                extra: extra(card, |line, snippet| pictures.address(number, line, snippet, about.token.unwrap_or(""))),
            });
        }
        let rule = |name: &str| RULES.iter().position(|r| r.meta().name == name).unwrap_or(0) as u32;
        Packed {
            v: 1,
            title: about.title,
            user: about.user,
            server: about.token,
            min: review.min_approvals(),
            assigned: &about.assigned,
            count: review.cards.len(),
            key: all.finalize().to_hex()[..16].to_string(),
            names: names(review),
            rules: RULES.iter().map(|r| (r.meta().name, r.meta().summary)).collect(),
            issues,
            paths: paths.rows,
            langs: langs.rows,
            evidence: evidence.rows,
            patterns: review.patterns.iter().map(|p| (rule(p.rule), p.pat.as_str(), p.before.as_str(), p.after.as_str())).collect(),
            cards,
        }
    }
}

fn extra<'a>(card: &'a Card, mut picture: impl FnMut(usize, &Snippet) -> Option<String>) -> Option<Extra<'a>> {
    let mut extra = Extra {
        audit: card.audit,
        carried: card.carried.as_ref().map(Ruling::name),
        carried_text: match &card.carried {
            Some(Ruling::Edit(text)) => Some(text),
            _ => None,
        },
        scans: card.scans.iter().enumerate().filter_map(|(i, s)| Some(Scan { line: s.line, src: picture(i, s)? })).collect(),
        ..Extra::default()
    };
    match &card.matter {
        Matter::Change { parts, .. } if !parts.is_empty() => extra.parts = Some(parts),
        Matter::Change { .. } => {}
        Matter::Finding { severity, message, related, sides } => {
            extra.finding = Some(Finding { severity: *severity, message, related, sides: sides.as_ref() });
            extra.before = Some(&card.before);
        }
    }
    let plain = !extra.audit && extra.carried.is_none() && extra.scans.is_empty() && extra.finding.is_none() && extra.parts.is_none();
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
        let page = String::from_utf8(html(0, &About { title: "a <b> & c", ..About::default() }, &data, &[])).unwrap();
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
