//! JUnit XML as Jenkins and GitLab read it: a suite an issue, a case for each rule that found something on a page.
//!
//! A case fails where the rule has a warning or an error; proposed edits alone pass and are listed as output. An issue without anything
//! has one case that passes, so that it is seen to have been checked. Streamed: counts stand on the suites.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::report::{About, IssueItems, Item, Report, escaped, open, sentence};
use crate::edit::Severity;
use crate::messages::say;

/// Items listed in one case; the rest is counted.
const SHOWN: usize = 10;

#[derive(Debug, Default)]
pub struct Junit;

impl Report for Junit {
    fn begin(&mut self, out: &mut dyn Write, about: &About) -> io::Result<()> {
        let name = about.id.as_deref().map_or("galley".to_string(), |id| format!("galley {id}"));
        write!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"{}\">\n", escaped(&name))
    }

    fn issue(&mut self, out: &mut dyn Write, issue: &IssueItems) -> io::Result<()> {
        let mut cases: BTreeMap<(usize, &str), Vec<&Item>> = BTreeMap::new();
        for item in issue.items.iter().filter(|i| open(i)) {
            cases.entry((item.page, item.rule)).or_default().push(item);
        }
        let fails = |items: &Vec<&Item>| items.iter().any(|i| i.severity > Severity::Note && !i.known);
        let (tests, failures) = (cases.len().max(1), cases.values().filter(|i| fails(i)).count());
        let name = escaped(&issue.issue);
        writeln!(out, "<testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"0\">")?;
        if cases.is_empty() {
            writeln!(out, "<testcase name=\"galley check\" classname=\"{name}\"/>")?;
        }
        for ((page, rule), mut items) in cases {
            items.sort_by_key(|i| std::cmp::Reverse(i.severity));
            let case = if page == 0 { rule.to_string() } else { say("report.page", &[("rule", &rule), ("page", &page)]) };
            writeln!(out, "<testcase name=\"{case}\" classname=\"{name}\">")?;
            let mut lines: Vec<String> = items
                .iter()
                .take(SHOWN)
                .map(|i| format!("{}:{}:{}: {}", i.place.path, i.place.start.line, i.place.start.column, sentence(i)))
                .collect();
            if items.len() > SHOWN {
                lines.push(say("report.and-more", &[("n", &(items.len() - SHOWN))]));
            }
            let text = lines.iter().map(|l| escaped(l)).collect::<Vec<_>>().join("\n");
            if fails(&items) {
                let kind = super::human::severity_name(items[0].severity);
                writeln!(out, "<failure type=\"{kind}\" message=\"{}\">{text}</failure>", escaped(&items[0].message))?;
            } else {
                writeln!(out, "<system-out>{text}</system-out>")?;
            }
            writeln!(out, "</testcase>")?;
        }
        writeln!(out, "</testsuite>")
    }

    fn finish(&mut self, out: &mut dyn Write, _: &About) -> io::Result<()> {
        writeln!(out, "</testsuites>")
    }
}
