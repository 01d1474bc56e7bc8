//! `issue-order`: the issue numbers and dates of a collection leave a gap, repeat, or are out of step.

use std::collections::BTreeMap;
use std::path::Path;

use super::wrong_issue_page::shown;
use super::{Meta, Rule, Stage};
use crate::batch::Digest;
use crate::duplicates::batch::Batch;
use crate::edit::{Related, Severity};
use crate::messages::say;
use crate::record::{FindingPlace, FindingRecord, hash};
use crate::structure::Date;

pub struct IssueOrder;

/// Issues of a title that are needed to see an order.
const ISSUES: usize = 3;
/// A gap of more numbers is another volume, or a collection of some issues.
const GAP: u32 = 12;

impl Rule for IssueOrder {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "issue-order",
            stage: Stage::Findings,
            severity: Severity::Warning,
            summary: "Reports gaps in the issue numbers of a collection, an issue that is there twice, and numbers that are out of step with the dates.",
            why: "An issue that was never scanned, or was delivered under two names, is missed or counted twice by nobody before the readers.",
            caution: "Issues of one folder count as one title. Numbers that start again with the year are taken by the year; double issues, morning and evening editions and misprinted numbers look like errors.",
            source: "Numbers and dates in the running heads.",
            examples: &[],
        }
    }

    fn check_batch(&self, batch: &Batch, out: &mut Vec<FindingRecord>) {
        type Dated<'a> = (Date, Option<u32>, &'a Digest);
        let mut titles: BTreeMap<&Path, Vec<Dated>> = BTreeMap::new();
        for digest in batch.digests.iter().filter(|d| !d.paths.is_empty()) {
            if let Some(date) = digest.date {
                let folder = Path::new(&digest.issue).parent().unwrap_or(Path::new(""));
                titles.entry(folder).or_default().push((date, digest.number, digest));
            }
        }
        for issues in titles.values_mut().filter(|i| i.len() >= ISSUES) {
            issues.sort_by(|a, b| (a.0, a.1, &a.2.issue).cmp(&(b.0, b.1, &b.2.issue)));
            for pair in issues.windows(2) {
                let ((date_a, number_a, a), (date_b, number_b, b)) = (pair[0], pair[1]);
                if date_a == date_b && (number_a == number_b || number_a.is_none() || number_b.is_none()) {
                    let number = number_a.map_or_else(String::new, |n| n.to_string());
                    let message = say("issue-order.twice", &[("date", &shown(date_b)), ("number", &number)]);
                    out.push(self.found(a, b, message, vec![format!("date:{}", shown(date_b))]));
                    continue;
                }
                let (Some(number_a), Some(number_b)) = (number_a, number_b) else { continue };
                let evidence = vec![format!("number:{number_b}"), format!("number-before:{number_a}"), format!("date:{}", shown(date_b))];
                // With the year the numbers may start again.
                let again = date_b.0 != date_a.0 && number_b < number_a;
                if number_b <= number_a && !again {
                    let values: [(&str, &dyn std::fmt::Display); 4] =
                        [("number", &number_b), ("date", &shown(date_b)), ("before", &number_a), ("date_before", &shown(date_a))];
                    out.push(self.found(a, b, say("issue-order.out-of-step", &values), evidence));
                } else if !again && (2..=GAP).contains(&(number_b - number_a)) {
                    let (from, to) = (number_a + 1, number_b - 1);
                    let key = if from == to { "issue-order.one" } else { "issue-order.more" };
                    let values: [(&str, &dyn std::fmt::Display); 4] =
                        [("from", &from), ("to", &to), ("date_before", &shown(date_a)), ("date", &shown(date_b))];
                    out.push(self.found(a, b, say(key, &values), evidence));
                }
            }
        }
    }
}

impl IssueOrder {
    /// At the later issue, with the one before it.
    fn found(&self, before: &Digest, at: &Digest, message: String, evidence: Vec<String>) -> FindingRecord {
        let path = at.paths[0].clone();
        FindingRecord {
            kind: "finding",
            v: 1,
            fp: hash(&[&at.issue, self.meta().name, &evidence.join(" ")]),
            rule: self.meta().name,
            severity: self.meta().severity,
            path: path.clone(),
            line: 1,
            column: 1,
            places: vec![FindingPlace { path, line: 1, span: [0, 0] }],
            message,
            evidence,
            related: vec![Related {
                role: "issue-before",
                path: before.paths[0].to_string_lossy().into(),
                line: 1,
                text: before.issue.as_str().into(),
            }],
        }
    }
}
