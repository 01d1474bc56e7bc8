//! `wrong-namespace`: the root of a format is in none of its namespaces, or a prefix is declared nowhere.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Document, Group, Kind, Problem, Problems};
use crate::messages::say;
use crate::read::xml::{Node, Tag};

/// ALTO 1 has none, or that of CCS and NDNP; 2, 3 and 4 have one each.
const ALTO: [&str; 4] = [
    "http://schema.ccs-gmbh.com/ALTO",
    "http://www.loc.gov/standards/alto/ns-v2#",
    "http://www.loc.gov/standards/alto/ns-v3#",
    "http://www.loc.gov/standards/alto/ns-v4#",
];
const METS: [&str; 2] = ["http://www.loc.gov/METS/", "http://www.loc.gov/METS/v2"];
/// All of PAGE's, from 2009 to 2024, begin so.
const PAGE: &str = "http://schema.primaresearch.org/PAGE/gts/pagecontent/";

#[derive(Default)]
pub struct Namespaces<'d> {
    /// Prefixes in force, with the depth they were declared at.
    declared: Vec<(usize, &'d str)>,
    /// How often each is in force.
    in_force: FxHashMap<&'d str, usize>,
    depth: usize,
    /// Undeclared ones that were told.
    told: FxHashSet<&'d str>,
    rooted: bool,
}

impl<'d> Group<'d> for Namespaces<'d> {
    fn node(&mut self, document: &Document<'d>, node: &Node<'d>, out: &mut Problems) {
        match node {
            Node::Start(tag) => {
                self.depth += 1;
                let mut used: Vec<&'d str> = prefix(tag).into_iter().collect();
                if tag.text.contains(':') {
                    for attribute in tag.attributes() {
                        match attribute.name.split_once(':') {
                            Some(("xmlns", name)) => {
                                self.declared.push((self.depth, name));
                                *self.in_force.entry(name).or_default() += 1;
                            }
                            Some((name, _)) => used.push(name),
                            None => {}
                        }
                    }
                }
                if !std::mem::replace(&mut self.rooted, true) {
                    root(document, tag, out);
                }
                for name in used {
                    let known = name == "xml" || name == "xmlns" || self.in_force.get(name).is_some_and(|n| *n > 0);
                    if !known && self.told.insert(name) {
                        out.push(
                            Problem::new("wrong-namespace", tag.range(), say("wrong-namespace.prefix", &[("prefix", &name)]))
                                .because(format!("prefix:{name}")),
                        );
                    }
                }
            }
            Node::End { .. } => {
                while let Some((_, name)) = self.declared.pop_if(|(depth, _)| *depth >= self.depth) {
                    self.in_force.entry(name).and_modify(|n| *n -= 1);
                }
                self.depth = self.depth.saturating_sub(1);
            }
            Node::Text(_) => {}
        }
    }

    fn finish(&mut self, _: &Document<'d>, _: &mut Problems) {}
}

fn prefix<'d>(tag: &Tag<'d>) -> Option<&'d str> {
    let name = tag.text[1..].split(|c: char| c.is_ascii_whitespace() || c == '/' || c == '>').next()?;
    name.split_once(':').map(|(prefix, _)| prefix)
}

fn root(document: &Document, tag: &Tag, out: &mut Problems) {
    let name = prefix(tag).map_or("xmlns".to_owned(), |p| format!("xmlns:{p}"));
    let uri = tag.get(&name).map(|a| a.text().into_owned());
    if prefix(tag).is_some() && uri.is_none() {
        // Told as a prefix that is not declared.
        return;
    }
    let uri = uri.unwrap_or_default();
    let (right, known) = match document.kind {
        Kind::Alto => (uri.is_empty() || ALTO.contains(&uri.as_str()), ALTO.join(", ")),
        Kind::Mets => (METS.contains(&uri.as_str()), METS.join(", ")),
        Kind::Page => (uri.starts_with(PAGE), format!("{PAGE}2019-07-15 and its like")),
        Kind::Hocr | Kind::Other => (true, String::new()),
    };
    if !right {
        let said = if uri.is_empty() { say("wrong-namespace.none", &[]) } else { say("wrong-namespace.uri", &[("uri", &uri)]) };
        out.push(Problem::new(
            "wrong-namespace",
            tag.range(),
            say("wrong-namespace.root", &[("element", &tag.name), ("said", &said), ("known", &known)]),
        ));
    }
}
