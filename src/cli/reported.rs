//! What a run says of an issue and of the batch, in the formats asked for.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

use anyhow::Context as _;

use super::counts::{Counts, count};
use super::run::{Purpose, Runner};
use crate::duplicates::batch::{Batch, archive_findings};
use crate::edit::Severity;
use crate::messages::say;
use crate::pipeline::{Processed, Step};
use crate::record::{FindingRecord, Records};
use crate::review::cards::batch_keys;
use crate::rules::{RULES, rule};
use crate::write::articles::ArticleRecord;
use crate::write::report::{self, Format, IssueItems, Item, Output};
use crate::write::{concise, human, jsonl};

/// What a worker made of an issue.
#[derive(Debug, Default)]
pub struct Reported {
    pub counts: Counts,
    /// For standard output as it is: a diff, a cleaned text.
    pub raw: Vec<u8>,
    /// For standard error, where findings are not printed.
    pub log: Vec<u8>,
    /// Files to be written, by their names below the output folder.
    pub files: Vec<(PathBuf, Vec<u8>)>,
    /// Rows of a table.
    pub rows: Vec<ArticleRecord>,
    pub(super) human: Vec<u8>,
    pub(super) concise: Vec<u8>,
    pub(super) records: Vec<u8>,
    pub(super) items: IssueItems,
    /// Its part of the patch of each rule.
    pub(super) patches: BTreeMap<String, Vec<u8>>,
    /// Its lines of the change log.
    pub(super) changes: Vec<u8>,
}

impl Reported {
    /// Of an issue that an earlier run has done.
    pub fn earlier(counts: Counts) -> Self {
        Reported { counts, ..Reported::default() }
    }

    /// Its items, if a format of the run is made of them.
    pub fn items(&self) -> &[Item] {
        &self.items.items
    }

    pub(super) fn text(&self, format: Format) -> &[u8] {
        match format {
            Format::Human => &self.human,
            Format::Concise => &self.concise,
            Format::Json | Format::Jsonl => &self.records,
            _ => &[],
        }
    }
}

impl Runner {
    /// Only what the baseline does not know is reported and in the summary; what is written, and its record, is about all.
    pub(super) fn new_only(&self) -> bool {
        self.base.config.gate.new_only && self.purpose == Purpose::Check
    }

    /// The report of an issue in all formats asked for, and its counts.
    pub fn report(&self, processed: &Processed) -> Reported {
        let printed = (!self.quiet || !self.format.for_people()).then_some(self.format);
        let formats = || printed.into_iter().chain(self.reports.iter().map(|(f, _)| *f));
        let wanted = |format: Format| formats().any(|f| f == format);
        let for_items = self.purpose == Purpose::Baseline || formats().any(Format::of_items);
        let (human, concise, records) = (wanted(Format::Human), wanted(Format::Concise), wanted(Format::Json) || wanted(Format::Jsonl));
        let mut reported = Reported { counts: Counts { new_only: self.new_only(), ..Counts::one() }, ..Reported::default() };
        let known = |fp: &str| self.baseline.as_ref().is_some_and(|b| b.knows(fp));
        let all = (self.baseline.is_some() || for_items || records || self.changes.is_some()).then(|| Records::of(processed));
        let counts = &mut reported.counts;
        count(processed, all.as_ref(), &known, counts);
        counts.quality(processed, self.base.config.gate.min_quality);
        if let Some(all) = all.as_ref().filter(|_| self.changes.is_some()) {
            // The log has everything, also what a baseline knows: people decide about all of it.
            let logged = jsonl::write(&mut reported.changes, all);
            debug_assert!(logged.is_ok(), "writing to memory cannot fail");
        }
        let mut shown = processed;
        let (new, mut all) = match all {
            Some(all) if self.new_only() && self.baseline.is_some() => {
                let (processed, records) = new_only(processed, all, &known);
                (Some(processed), Some(records))
            }
            all => (None, all),
        };
        if let Some(new) = &new {
            shown = new;
        }
        let written = (|| -> io::Result<()> {
            if human && self.purpose == Purpose::Check {
                human::write(&mut reported.human, shown, self.style)?;
            } else if human {
                human::write(&mut reported.human, &Processed { steps: Vec::new(), ..shown.clone() }, self.style)?;
            }
            if concise {
                concise::write(&mut reported.concise, shown, self.style.written)?;
            }
            if let Some(all) = all.as_mut().filter(|_| records) {
                jsonl::write(&mut reported.records, all)?;
            }
            Ok(())
        })();
        debug_assert!(written.is_ok(), "writing to memory cannot fail");
        if let Some(all) = all.filter(|_| for_items) {
            reported.items = IssueItems { issue: processed.read.id.clone(), items: report::items(shown, &all, &known) };
        }
        reported
    }

    /// What takes the issues of a run, to look at them as a batch.
    pub(super) fn batch(&self) -> anyhow::Result<Batch<'_>> {
        Batch::new(self.base.settings.decisions.as_deref()).with_context(|| say("run.temporary", &[]))
    }

    /// Whether a rule runs that compares the articles of the batch.
    pub(super) fn looks_for_copies(&self) -> bool {
        ["duplicate-article", "truncated-article"].iter().any(|name| rule(name).is_some_and(|r| self.base.settings.runs(r)))
    }

    /// The findings about a batch of which all issues are taken, counted; without those that its decisions settle, and those the baseline
    /// knows where only new ones are wanted.
    pub(super) fn check_batch(&self, batch: &mut Batch, counts: &mut Counts) -> anyhow::Result<Vec<FindingRecord>> {
        batch.complete().with_context(|| say("run.spooling", &[]))?;
        let batch = &*batch;
        let mut found = Vec::new();
        let settings = &self.base.settings;
        for rule in RULES.iter().filter(|r| settings.runs(**r)) {
            rule.check_batch(batch, &mut found);
        }
        if let Some(archive) = &self.archive {
            let runs = |name: &str| rule(name).is_some_and(|r| settings.runs(r));
            archive_findings(batch, archive, &self.base.dictionaries, runs, &mut found);
        }
        counts.add(&Counts::default());
        counts.new_only = self.new_only();
        let known = |fp: &str| self.baseline.as_ref().is_some_and(|b| b.knows(fp));
        let decisions = settings.decisions.as_ref().filter(|d| !d.is_empty());
        let keys = decisions.map(|_| batch_keys(&found, &batch.articles, self.archive.as_ref())).unwrap_or_default();
        for (i, finding) in found.iter_mut().enumerate() {
            finding.severity = settings.policy(finding.rule).severity.unwrap_or(finding.severity);
            if let Some(ruling) = decisions.and_then(|d| d.of_finding(&keys[i])).filter(|r| r.settles()) {
                finding.severity = Severity::Note;
                finding.evidence.push(format!("decided:{}", ruling.name()));
            }
            counts.finding(finding.rule, finding.severity, known(&finding.fp));
        }
        found.retain(|f| !(self.new_only() && known(&f.fp)));
        Ok(found)
    }

    pub(super) fn report_batch(&self, output: &mut Output, found: &[FindingRecord]) -> io::Result<()> {
        self.report_group(output, &say("report.batch", &[]), found)
    }

    /// Findings that are about no issue, under a heading.
    pub(super) fn report_group(&self, output: &mut Output, heading: &str, found: &[FindingRecord]) -> io::Result<()> {
        if found.is_empty() {
            return Ok(());
        }
        let known = |fp: &str| self.baseline.as_ref().is_some_and(|b| b.knows(fp));
        let mut text = Vec::new();
        match output.format {
            Format::Human => human::group(&mut text, heading, found, self.style)?,
            Format::Concise => concise::findings(&mut text, found)?,
            Format::Json | Format::Jsonl => jsonl::findings(&mut text, found)?,
            _ => {}
        }
        let items = found.iter().map(|f| report::of_finding(f, &known)).collect();
        output.add(&text, &IssueItems { issue: heading.into(), items })
    }
}

/// The issue as reports see it where only what the baseline does not know is wanted. Fingerprints are those of the whole.
fn new_only<'a>(processed: &'a Processed, records: Records<'a>, known: &dyn Fn(&str) -> bool) -> (Processed, Records<'a>) {
    let mut new = processed.clone();
    let Records { changes, findings } = records;
    let mut keep = changes.iter().map(|c| !known(c.fp));
    let mut keys = new.keys().to_vec();
    for (step, keys) in new.steps.iter_mut().zip(&mut keys) {
        let kept: Vec<bool> = keep.by_ref().take(step.edits.len()).collect();
        let Step { edits, rulings, outcomes, .. } = step;
        fn only<T>(of: &mut Vec<T>, kept: &[bool]) {
            let mut kept = kept.iter();
            of.retain(|_| kept.next() == Some(&true));
        }
        only(edits, &kept);
        only(keys, &kept);
        only(rulings, &kept);
        only(outcomes, &kept);
    }
    new.keys = keys.into();
    let mut of_findings = findings.iter();
    new.findings.retain(|_| of_findings.next().is_some_and(|f| !known(&f.fp)));
    let changes = changes.into_iter().filter(|c| !known(c.fp)).collect();
    (new, Records { changes, findings: findings.into_iter().filter(|f| !known(&f.fp)).collect() })
}
