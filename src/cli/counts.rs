//! What a run counts, and the summary of it.

use std::io::{self, Write};
use std::process::ExitCode;

use crate::edit::{Outcome, Severity};
use crate::messages::say;
use crate::pipeline::Processed;
use crate::record::{FindingRecord, Records};
use crate::rules::RULES;
use crate::write::human;

/// Counts over a run, by rule.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    pub issues: usize,
    /// For each rule of [`RULES`]: applied, held, rejected, displaced, findings.
    pub by_rule: Vec<[usize; 5]>,
    /// For each rule of [`RULES`]: findings the baseline does not know, by severity.
    pub new: Vec<[usize; 3]>,
    /// Proposed edits the baseline does not know.
    pub new_edits: usize,
    /// Findings and edits the baseline knows.
    pub known: usize,
    /// What the baseline knows is in no row of `by_rule`; not summed up.
    pub new_only: bool,
    /// Issues with a truncated article.
    pub truncated_issues: usize,
    /// Issues with a quality under the limit, and the worst of them.
    pub poor: usize,
    pub worst: Option<(f32, String)>,
    /// Issues whose quality was not measured.
    pub unmeasured: usize,
    pub changed_files: usize,
    /// Changes of characters that an OCR format has no place for in the mode it is written in.
    pub unwritten: usize,
    /// Of the bytes of each file of one issue, as read and as written, `None` for a file that was not read; not summed up.
    pub hashes: Vec<Option<[blake3::Hash; 2]>>,
    /// Likely pairs of copies that were not compared; not summed up.
    pub not_compared: usize,
    /// What was found about the batch as a whole; not summed up.
    pub batch: Vec<FindingRecord>,
    /// Something could not be read, written or processed.
    pub broken: bool,
    /// Decisions are stale or in conflict.
    pub troubled: bool,
    /// Ctrl-C came before the end.
    pub interrupted: bool,
}

impl Counts {
    /// Of one issue without anything.
    pub fn one() -> Self {
        Counts { issues: 1, by_rule: vec![[0; 5]; RULES.len()], new: vec![[0; 3]; RULES.len()], ..Counts::default() }
    }

    pub fn add(&mut self, other: &Counts) {
        self.by_rule.resize(RULES.len(), [0; 5]);
        self.new.resize(RULES.len(), [0; 3]);
        self.issues += other.issues;
        for (sum, n) in self.by_rule.iter_mut().zip(&other.by_rule) {
            sum.iter_mut().zip(n).for_each(|(sum, n)| *sum += n);
        }
        for (sum, n) in self.new.iter_mut().zip(&other.new) {
            sum.iter_mut().zip(n).for_each(|(sum, n)| *sum += n);
        }
        self.new_edits += other.new_edits;
        self.known += other.known;
        self.truncated_issues += other.truncated_issues;
        self.poor += other.poor;
        self.unmeasured += other.unmeasured;
        if let Some(worst) = other.worst.as_ref().filter(|w| self.worst.as_ref().is_none_or(|now| w.0 < now.0)) {
            self.worst = Some(worst.clone());
        }
        self.changed_files += other.changed_files;
        self.unwritten += other.unwritten;
        self.broken |= other.broken;
        self.troubled |= other.troubled;
    }

    /// Findings of a severity that the baseline does not know.
    pub fn new_findings(&self, severity: Severity) -> usize {
        self.new.iter().map(|n| n[severity as usize]).sum()
    }

    /// Holds the quality of an issue against the least that is wanted.
    pub fn quality(&mut self, processed: &Processed, least: Option<f32>) {
        match processed.quality {
            None => self.unmeasured += 1,
            Some(quality) if least.is_some_and(|least| quality < least) => {
                self.poor += 1;
                self.worst = Some((quality, processed.read.id.clone()));
            }
            Some(_) => {}
        }
    }

    /// Counts one finding.
    pub fn finding(&mut self, rule: &str, severity: Severity, known: bool) {
        let Some(i) = RULES.iter().position(|r| r.meta().name == rule) else { return };
        self.by_rule[i][4] += usize::from(!(known && self.new_only));
        match known {
            true => self.known += 1,
            false => self.new[i][severity as usize] += 1,
        }
    }

    /// The exit code as the documentation lists them.
    pub fn exit_code(&self, fails: bool) -> ExitCode {
        ExitCode::from(match () {
            () if self.interrupted => 130,
            () if self.broken => 2,
            () => u8::from(fails || self.troubled),
        })
    }
}

/// Counts what was proposed and found.
pub fn count(processed: &Processed, records: Option<&Records>, known: &dyn Fn(&str) -> bool, counts: &mut Counts) {
    let index = |name: &str| RULES.iter().position(|r| r.meta().name == name);
    for (i, (_, edit, outcome)) in processed.changes().enumerate() {
        let known = records.is_some_and(|r| known(r.changes[i].fp));
        if let Some(rule) = index(edit.rule).filter(|_| !(known && counts.new_only)) {
            counts.by_rule[rule][outcome as usize] += 1;
        }
        match known {
            true => counts.known += 1,
            false => counts.new_edits += 1,
        }
    }
    for (i, finding) in processed.findings.iter().enumerate() {
        counts.finding(finding.rule, finding.severity, records.is_some_and(|r| known(&r.findings[i].fp)));
        counts.broken |= matches!(finding.rule, "unreadable-file" | "internal-error");
    }
    counts.troubled = processed.troubled();
    counts.truncated_issues = usize::from(processed.findings.iter().any(|f| f.rule == "truncated-article"));
}

/// One line a rule. `what` was counted: `summary.issues`, `summary.files`.
pub fn summary(out: &mut dyn Write, counts: &Counts, what: &str, written: bool) -> io::Result<()> {
    writeln!(out, "{}", say(what, &[("n", &counts.issues)]))?;
    for (rule, [applied, held, rejected, displaced, findings]) in RULES.iter().zip(&counts.by_rule) {
        let outcomes = [(applied, Outcome::Applied), (held, Outcome::Held), (rejected, Outcome::Rejected), (displaced, Outcome::Displaced)];
        let edits =
            outcomes.into_iter().filter(|(n, _)| **n > 0).map(|(n, outcome)| format!("{n} {}", human::outcome_said(outcome, written)));
        let found = (*findings > 0).then(|| say("summary.findings", &[("n", findings)]));
        if let Some(line) = edits.chain(found).reduce(|first, second| say("summary.and", &[("first", &first), ("second", &second)])) {
            writeln!(out, "  {:24} {line}", rule.meta().name)?;
        }
    }
    Ok(())
}
