//! `duplicate-id` and `dangling-reference`: each id stands once, and what is referred to is there.

use rustc_hash::FxHashMap;

use super::{Document, Group, Kind, Lines, Problem, Problems};
use crate::messages::say;
use crate::read::xml::{Attribute, Node};

/// Attributes that hold ids of the same document, one or several.
const REFERENCES: [(Kind, &[&str]); 3] = [
    (Kind::Alto, &["IDNEXT", "STYLEREFS", "TAGREFS", "PROCESSINGREFS", "PROCESSING", "REF"]),
    (Kind::Page, &["regionRef"]),
    (Kind::Mets, &["FILEID", "DMDID", "ADMID"]),
];

#[derive(Default)]
pub struct Identifiers<'d> {
    /// Where each was first.
    ids: FxHashMap<&'d str, usize>,
    references: Vec<(&'d str, Attribute<'d>)>,
    /// Made when a line is first asked for.
    lines: Option<Lines>,
}

impl<'d> Group<'d> for Identifiers<'d> {
    fn node(&mut self, document: &Document<'d>, node: &Node<'d>, out: &mut Problems) {
        let Node::Start(tag) = node else { return };
        let references = REFERENCES.iter().find(|(kind, _)| *kind == document.kind).map_or(&[][..], |(_, names)| names);
        let id = match document.kind {
            Kind::Alto | Kind::Mets => "ID",
            Kind::Page | Kind::Hocr => "id",
            Kind::Other => "xml:id",
        };
        for attribute in tag.attributes() {
            if attribute.name == id || attribute.name == "xml:id" {
                let name = attribute.raw.trim();
                if let Some(first) = self.ids.insert(name, tag.start).filter(|_| !name.is_empty()) {
                    self.ids.insert(name, first);
                    if out.full("duplicate-id") {
                        continue;
                    }
                    let line = self.lines.get_or_insert_with(|| Lines::new(document.text)).of(document.text, first).0;
                    out.tell(
                        Problem::new(
                            "duplicate-id",
                            attribute.range,
                            say("duplicate-id.found", &[("id", &name), ("element", &tag.name), ("line", &line)]),
                        )
                        .because(format!("id:{name}")),
                    );
                }
            } else if references.contains(&attribute.name) {
                self.references.push((tag.name, attribute));
            } else if tag.name == "smLocatorLink" && attribute.name.ends_with("href") && attribute.raw.starts_with('#') {
                let inside = attribute.range.start + 1..attribute.range.end;
                self.references.push((tag.name, Attribute { raw: &attribute.raw[1..], range: inside, ..attribute }));
            }
        }
    }

    fn finish(&mut self, _: &Document<'d>, out: &mut Problems) {
        for (element, attribute) in self.references.drain(..) {
            for name in attribute.raw.split_ascii_whitespace().filter(|name| !self.ids.contains_key(name)) {
                if out.full("dangling-reference") {
                    continue;
                }
                out.tell(
                    Problem::new(
                        "dangling-reference",
                        attribute.range.clone(),
                        say("dangling-reference.found", &[("name", &attribute.name), ("element", &element), ("id", &name)]),
                    )
                    .because(format!("id:{name}")),
                );
            }
        }
    }
}
