//! What `check` and `clean` do alike: read, process, report, count, and keep going when a file is broken.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};
use smallvec::smallvec;

use super::baseline::Baseline;
use super::interrupt::interrupted;
use super::profile::{Profile, Profiles};
use super::{InputArgs, RunArgs, changed, gate};
use crate::batch::{self, Digest};
use crate::duplicates::archive::Archive;
use crate::duplicates::batch::{Spool, archive_findings};
use crate::edit::{EvidenceList, Finding, Outcome, Severity};
use crate::error::Error;
use crate::inputs::{self, InputOptions, IssueInput};
use crate::model::{Issue, Source};
use crate::pipeline::{self, Processed, Step};
use crate::read::{self, ByteMap};
use crate::record::{FindingRecord, Records};
use crate::review::applied::ChangeLog;
use crate::rules::RULES;
use crate::write::report::{self, About, Format, IssueItems, Item, Output};
use crate::write::{concise, human, jsonl};

/// What the run is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// `check`: everything is reported, the gate judges.
    Check,
    /// `clean`: the changes stand in the output; `written` tells whether they are made or only shown.
    Clean { written: bool },
    /// `baseline`: nothing is printed, items are collected.
    Baseline,
    /// `export`: articles are printed, findings are not.
    Export,
}

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
    /// Issues with a truncated article.
    pub truncated_issues: usize,
    pub changed_files: usize,
    /// Of the bytes of each file of one issue, as read and as written, `None` for a file that was not read; not summed up.
    pub hashes: Vec<Option<[blake3::Hash; 2]>>,
    /// Something could not be read, written or processed.
    pub broken: bool,
    /// Decisions are stale or in conflict.
    pub troubled: bool,
    /// Ctrl-C came before the end.
    pub interrupted: bool,
}

impl Counts {
    /// Of one issue without anything.
    pub(super) fn one() -> Self {
        Counts { issues: 1, by_rule: vec![[0; 5]; RULES.len()], new: vec![[0; 3]; RULES.len()], ..Counts::default() }
    }

    pub(super) fn add(&mut self, other: &Counts) {
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
        self.changed_files += other.changed_files;
        self.broken |= other.broken;
        self.troubled |= other.troubled;
    }

    /// Findings of a severity that the baseline does not know.
    pub fn new_findings(&self, severity: Severity) -> usize {
        self.new.iter().map(|n| n[severity as usize]).sum()
    }

    fn finding(&mut self, rule: &str, severity: Severity, known: bool) {
        let Some(i) = RULES.iter().position(|r| r.meta().name == rule) else { return };
        self.by_rule[i][4] += 1;
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

/// What a worker made of an issue.
#[derive(Debug, Default)]
pub struct Reported {
    pub counts: Counts,
    /// For standard output as it is: a diff, a cleaned text.
    pub raw: Vec<u8>,
    /// For standard error, where findings are not printed.
    pub log: Vec<u8>,
    human: Vec<u8>,
    concise: Vec<u8>,
    records: Vec<u8>,
    items: IssueItems,
    /// Its lines of the change log.
    changes: Vec<u8>,
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

    fn text(&self, format: Format) -> &[u8] {
        match format {
            Format::Human => &self.human,
            Format::Concise => &self.concise,
            Format::Json | Format::Jsonl => &self.records,
            _ => &[],
        }
    }
}

/// The parts of a run that every issue needs.
pub struct Runner {
    purpose: Purpose,
    profiles: Profiles,
    /// What holds for the first path: the gate and the report are its.
    pub base: Arc<Profile>,
    archive: Option<Archive>,
    format: Format,
    reports: Vec<(Format, PathBuf)>,
    since: Option<String>,
    baseline: Option<Baseline>,
    style: human::Style,
    quiet: bool,
    changes: Option<PathBuf>,
}

impl Runner {
    /// Checks the arguments and loads what they name.
    pub fn new(args: &RunArgs, purpose: Purpose) -> anyhow::Result<Runner> {
        let profiles = Profiles::new(&args.input.config, Some(args), args.input.encoding.as_deref())?;
        let base = profiles.of(args.input.paths.first().map_or(Path::new("."), PathBuf::as_path))?;
        let baseline = match base.config.gate.baseline.as_deref() {
            Some(path) if purpose != Purpose::Baseline => Some(Baseline::load(path).context("baseline")?),
            _ => None,
        };
        let written = purpose == Purpose::Clean { written: true };
        Ok(Runner {
            purpose,
            archive: None,
            format: args.format,
            reports: args.report.clone(),
            since: args.since.clone(),
            baseline,
            style: human::Style { colour: args.coloured(), max_shown: base.config.report.max_shown, written },
            quiet: args.input.quiet,
            changes: args.changes.clone(),
            base,
            profiles,
        })
    }

    /// The articles of the run are also looked for in an archive.
    ///
    /// # Errors
    /// Those of [`Archive::open`].
    pub fn with_archive(mut self, folder: Option<&Path>) -> anyhow::Result<Runner> {
        self.archive = folder.map(Archive::open).transpose().context("--archive")?;
        Ok(self)
    }

    /// The baseline the config or a flag names.
    pub fn baseline_path(&self) -> Option<PathBuf> {
        self.base.config.gate.baseline.clone()
    }

    /// What holds for an issue.
    pub fn profile(&self, input: &IssueInput) -> Arc<Profile> {
        // Every input was looked up when it was collected, so an error here means the config changed under our feet.
        self.profiles.of_issue(input).unwrap_or_else(|_| self.base.clone())
    }

    /// The settings of all issues, each once, in the order of the issues.
    pub fn all_profiles(&self, inputs: &[IssueInput]) -> Vec<Arc<Profile>> {
        let mut all = vec![self.base.clone()];
        for input in inputs {
            let profile = self.profile(input);
            if !all.iter().any(|p| Arc::ptr_eq(p, &profile)) {
                all.push(profile);
            }
        }
        all
    }

    /// The issues of the command line. Paths that are not there are reported at once, and the rest goes on; errors in a config of any of
    /// them end the run before anything is written.
    pub fn collect(&self, args: &InputArgs, options: &InputOptions) -> anyhow::Result<(Vec<IssueInput>, bool)> {
        let (mut inputs, missing) = collect_with(args, options, &self.profiles)?;
        for input in &inputs {
            self.profiles.of_issue(input)?;
        }
        if let Some(revision) = &self.since {
            changed::keep(&mut inputs, revision)?;
        }
        Ok((inputs, missing))
    }

    /// Reads an issue and takes it down the path; what could not be read is among the findings.
    pub fn process(&self, input: &IssueInput) -> Processed {
        let profile = self.profile(input);
        let mut read = read::read_issue(input, &profile.read);
        read.issue.logical = profile.logical(&input.id);
        let mut findings: Vec<Finding> = Vec::new();
        for error in &read.errors {
            let source = read.issue.sources.iter().find(|s| Some(s.path.as_path()) == error.path());
            findings.push(Finding {
                rule: "unreadable-file",
                severity: Severity::Error,
                places: source.map(|s| smallvec![s.span.clone()]).unwrap_or_default(),
                message: error.chain(),
                evidence: EvidenceList::new(),
                related: Vec::new(),
            });
        }
        findings.extend(read.issue.sources.iter().filter_map(undecodable));
        let mut processed = pipeline::process(read.issue, &profile.dictionaries, &profile.settings);
        findings.append(&mut processed.findings);
        for finding in &mut findings {
            finding.severity = profile.settings.policy(finding.rule).severity.unwrap_or(finding.severity);
        }
        processed.findings = findings;
        processed
    }

    /// The report of an issue in all formats asked for, and its counts.
    pub fn report(&self, processed: &Processed) -> Reported {
        let formats = || std::iter::once(self.format).chain(self.reports.iter().map(|(f, _)| *f));
        let wanted = |format: Format| formats().any(|f| f == format);
        let for_items = self.purpose == Purpose::Baseline || formats().any(Format::of_items);
        let (human, concise, records) = (wanted(Format::Human), wanted(Format::Concise), wanted(Format::Json) || wanted(Format::Jsonl));
        let mut reported = Reported { counts: Counts::one(), ..Reported::default() };
        let known = |fp: &str| self.baseline.as_ref().is_some_and(|b| b.knows(fp));
        let all = (self.baseline.is_some() || for_items || records || self.changes.is_some()).then(|| Records::of(processed));
        let counts = &mut reported.counts;
        count(processed, all.as_ref(), &known, counts);
        if let Some(all) = all.as_ref().filter(|_| self.changes.is_some()) {
            // The log has everything, also what a baseline knows: people decide about all of it.
            let logged = jsonl::write(&mut reported.changes, all);
            debug_assert!(logged.is_ok(), "writing to memory cannot fail");
        }
        let mut shown = processed;
        let (new, mut all) = match all {
            Some(all) if self.base.config.gate.new_only && self.baseline.is_some() => {
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

    /// Runs over all issues in parallel: `work` makes the report of each, which are printed in input order with a summary at the end.
    /// `earlier` answers for issues that need no work. `done` sees each issue, in input order.
    pub fn run(
        &self,
        args: &InputArgs,
        inputs: &[IssueInput],
        print: bool,
        work: impl Fn(&Processed, &IssueInput) -> Reported + Sync,
        earlier: impl Fn(&IssueInput) -> Option<Reported> + Sync,
        mut done: impl FnMut(&IssueInput, &Reported) -> anyhow::Result<()> + Send,
    ) -> anyhow::Result<Counts> {
        let progress = progress(args, inputs.len());
        let config = &self.base.config;
        let mut about = About {
            id: config.collection.id.clone(),
            title: config.collection.title.clone(),
            baseline: self.baseline.is_some(),
            ..About::default()
        };
        let mut raw = BufWriter::new(io::stdout());
        let mut outputs: Vec<Output> = Vec::new();
        if print {
            outputs.push(Output::new(self.format, Box::new(BufWriter::new(io::stdout())), &about)?);
        }
        for (format, path) in &self.reports {
            let file = File::create(path).map_err(|source| Error::Write { path: path.clone(), source }).context("--report")?;
            outputs.push(Output::new(*format, Box::new(BufWriter::new(file)), &about)?);
        }
        // `--quiet` silences what is for people on standard output, never a file or a machine format.
        let silent = |i: usize, format: Format| self.quiet && print && i == 0 && format.for_people();
        let mut counts = Counts::default();
        // A panic is reported as a finding; the default hook would print it in the middle of the results.
        std::panic::set_hook(Box::new(|_| {}));
        let pool = rayon::ThreadPoolBuilder::new().num_threads(args.jobs).build().context("starting the worker threads")?;
        let checks = self.purpose == Purpose::Check;
        let mut digests = Vec::new();
        let mut spool = checks.then(Spool::new).transpose().context("making a temporary file")?;
        let mut changes = self.changes.as_deref().map(ChangeLog::begin).transpose().context("--changes")?;
        let both = |processed: &Processed, input: &IssueInput| (work(processed, input), checks.then(|| Digest::of(processed)));
        let result: anyhow::Result<()> = pool.install(|| {
            batch::run_until(
                interrupted,
                inputs,
                |input| (input, earlier(input).map_or_else(|| both(&self.process(input), input), |reported| (reported, None))),
                |input, message| (input, both(&panicked(input, &message), input)),
                |(input, (reported, digest))| {
                    if let (Some(mut digest), Some(spool)) = (digest, &mut spool) {
                        spool.take(&mut digest.articles).context("writing to the folder for temporary files")?;
                        digests.push(digest);
                    }
                    if let Some(log) = &mut changes {
                        log.write(&reported.changes)?;
                    }
                    done(input, &reported)?;
                    counts.add(&reported.counts);
                    progress.inc(1);
                    for (i, output) in outputs.iter_mut().enumerate().filter(|(i, o)| !silent(*i, o.format)) {
                        output.add(reported.text(output.format), &reported.items)?;
                        if i == 0 && print {
                            output.writer().write_all(&reported.raw)?;
                        }
                    }
                    if !print {
                        raw.write_all(&reported.raw)?;
                    }
                    Ok(())
                },
            )
        });
        let _ = std::panic::take_hook();
        progress.finish_and_clear();
        result?;
        raw.flush()?;
        counts.interrupted = interrupted();
        if checks {
            let found = pool.install(|| self.check_batch(&digests, &mut counts));
            if let Some(log) = &mut changes {
                let mut lines = Vec::new();
                jsonl::findings(&mut lines, &found)?;
                log.write(&lines)?;
            }
            for (_, output) in outputs.iter_mut().enumerate().filter(|(i, o)| !silent(*i, o.format)) {
                self.report_batch(output, &found)?;
            }
        }
        changes.map(ChangeLog::finish).transpose().context("--changes")?;
        if counts.troubled && !self.quiet {
            eprintln!(
                "galley: decisions are stale or in conflict; nothing was applied there (`--changes FILE` lists them, `galley decisions conflicts` who disagrees)"
            );
        }
        let reasons = if checks { gate::judge(config, &counts) } else { Vec::new() };
        about.red = checks.then(|| reasons.iter().map(gate::Reason::line).collect());
        about.issues = counts.issues;
        for (_, output) in outputs.iter_mut().enumerate().filter(|(i, o)| !silent(*i, o.format)) {
            if counts.issues > 0 && output.format == Format::Human {
                summary(output.writer(), &counts, self.style.written)?;
                if checks {
                    gate::table(output.writer(), &reasons, counts.known)?;
                }
            }
            output.finish(&about)?;
        }
        // Where standard output is for machines, a person reads the gate in the log.
        if checks && print && self.format != Format::Human && !self.quiet && !reasons.is_empty() {
            gate::table(&mut io::stderr(), &reasons, counts.known)?;
        }
        if counts.interrupted {
            eprintln!("galley: interrupted after {} of {} issues", counts.issues, inputs.len());
        }
        Ok(counts)
    }

    /// Whether the gate is red.
    pub fn fails(&self, counts: &Counts) -> bool {
        !gate::judge(&self.base.config, counts).is_empty()
    }

    /// The findings about the batch, counted; without those the baseline knows where only new ones are wanted.
    fn check_batch(&self, digests: &[Digest], counts: &mut Counts) -> Vec<FindingRecord> {
        let mut found = Vec::new();
        let settings = &self.base.settings;
        for rule in RULES.iter().filter(|r| settings.runs(**r)) {
            rule.check_batch(digests, &mut found);
        }
        if let Some(archive) = &self.archive {
            let runs = |name: &str| crate::rules::rule(name).is_some_and(|r| settings.runs(r));
            archive_findings(digests, archive, &self.base.dictionaries, runs, &mut found);
        }
        counts.add(&Counts::default());
        let known = |fp: &str| self.baseline.as_ref().is_some_and(|b| b.knows(fp));
        for finding in &mut found {
            finding.severity = settings.policy(finding.rule).severity.unwrap_or(finding.severity);
            counts.finding(finding.rule, finding.severity, known(&finding.fp));
        }
        found.retain(|f| !(self.base.config.gate.new_only && known(&f.fp)));
        found
    }

    fn report_batch(&self, output: &mut Output, found: &[FindingRecord]) -> io::Result<()> {
        if found.is_empty() {
            return Ok(());
        }
        let known = |fp: &str| self.baseline.as_ref().is_some_and(|b| b.knows(fp));
        let mut text = Vec::new();
        match output.format {
            Format::Human => human::batch(&mut text, found, self.style)?,
            Format::Concise => concise::findings(&mut text, found)?,
            Format::Json | Format::Jsonl => jsonl::findings(&mut text, found)?,
            _ => {}
        }
        let items = found.iter().map(|f| report::of_finding(f, &known)).collect();
        output.add(&text, &IssueItems { issue: "the batch".into(), items })
    }
}

/// Counts what was proposed and found.
fn count(processed: &Processed, records: Option<&Records>, known: &dyn Fn(&str) -> bool, counts: &mut Counts) {
    let index = |name: &str| RULES.iter().position(|r| r.meta().name == name);
    for (i, (_, edit, outcome)) in processed.changes().enumerate() {
        if let Some(rule) = index(edit.rule) {
            counts.by_rule[rule][outcome as usize] += 1;
        }
        match records.is_some_and(|r| known(r.changes[i].fp)) {
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

/// The issue as reports see it where only what the baseline does not know is wanted. Fingerprints are those of the whole.
fn new_only<'a>(processed: &'a Processed, records: Records<'a>, known: &dyn Fn(&str) -> bool) -> (Processed, Records<'a>) {
    let mut new = processed.clone();
    let Records { changes, findings } = records;
    let mut keep = changes.iter().map(|c| !known(c.fp));
    for step in &mut new.steps {
        let kept: Vec<bool> = keep.by_ref().take(step.edits.len()).collect();
        let Step { edits, keys, rulings, outcomes, .. } = step;
        fn only<T>(of: &mut Vec<T>, kept: &[bool]) {
            let mut kept = kept.iter();
            of.retain(|_| kept.next() == Some(&true));
        }
        only(edits, &kept);
        only(keys, &kept);
        only(rulings, &kept);
        only(outcomes, &kept);
    }
    let mut of_findings = findings.iter();
    new.findings.retain(|_| of_findings.next().is_some_and(|f| !known(&f.fp)));
    let changes = changes.into_iter().filter(|c| !known(c.fp)).collect();
    (new, Records { changes, findings: findings.into_iter().filter(|f| !known(&f.fp)).collect() })
}

/// What stands for an issue that a panic kept from being processed: one finding, and sources that count as unread, so that nothing is
/// written for them.
pub(super) fn panicked(input: &IssueInput, message: &str) -> Processed {
    let sources: Vec<Source> = input.files.iter().map(|f| Source { path: f.path.clone(), span: 0..0, bytes: ByteMap::unread() }).collect();
    let issue = Arc::new(Issue { id: input.id.clone(), sources, ..Issue::default() });
    let finding = Finding {
        rule: "internal-error",
        severity: Severity::Error,
        places: smallvec![0..0],
        message: format!("processing stopped inside galleyproof ({message}); the issue is left as it is; please report this"),
        evidence: EvidenceList::new(),
        related: Vec::new(),
    };
    Processed {
        read: issue.clone(),
        steps: Vec::new(),
        clean: issue,
        map: Arc::default(),
        findings: vec![finding],
        articles: Arc::default(),
    }
}

/// The issues of the command line for commands without a config for each.
pub fn collect(args: &InputArgs, options: &InputOptions) -> anyhow::Result<(Vec<IssueInput>, bool)> {
    collect_with(args, options, &Profiles::new(&args.config, None, args.encoding.as_deref())?)
}

fn collect_with(args: &InputArgs, options: &InputOptions, profiles: &Profiles) -> anyhow::Result<(Vec<IssueInput>, bool)> {
    let mut paths = args.paths.clone();
    if let Some(list) = &args.file_list {
        paths.extend(inputs::file_list(list).context("--file-list")?);
    }
    let (inputs, errors) = inputs::collect_with(&paths, options, &|folder| profiles.page_pattern(folder));
    for error in &errors {
        eprintln!("galley: {}", error.chain());
    }
    Ok((inputs, !errors.is_empty()))
}

/// A bar on stderr, only where a person sees it.
pub fn progress(args: &InputArgs, issues: usize) -> ProgressBar {
    if args.quiet || args.no_progress || !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} issues, {per_sec}, {eta} left");
    ProgressBar::new(issues as u64).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn undecodable(source: &Source) -> Option<Finding> {
    let errors = source.bytes.decode_errors();
    let first = errors.first()?;
    let at = |offset: usize| source.span.start + source.bytes.to_text(offset);
    Some(Finding {
        rule: "undecodable-bytes",
        severity: Severity::Error,
        places: errors.iter().map(|e| at(e.offset)..at(e.offset + e.len)).collect(),
        message: format!(
            "{} in {} cannot be decoded, the first at byte {}; they are kept as they are. If the encoding is another, name it with --encoding",
            if errors.len() == 1 { "1 place".to_string() } else { format!("{} places", errors.len()) },
            source.bytes.encoding().name(),
            first.offset
        ),
        evidence: EvidenceList::new(),
        related: Vec::new(),
    })
}

fn summary(out: &mut dyn Write, counts: &Counts, written: bool) -> io::Result<()> {
    let plural = |n: usize| if n == 1 { "" } else { "s" };
    writeln!(out, "{} issue{}", counts.issues, plural(counts.issues))?;
    for (rule, [applied, held, rejected, displaced, findings]) in RULES.iter().zip(&counts.by_rule) {
        let mut parts = Vec::new();
        for (n, outcome) in
            [(*applied, Outcome::Applied), (*held, Outcome::Held), (*rejected, Outcome::Rejected), (*displaced, Outcome::Displaced)]
        {
            if n > 0 {
                parts.push(format!("{n} {}", human::outcome_name(outcome, written)));
            }
        }
        if *findings > 0 {
            parts.push(format!("{findings} finding{}", plural(*findings)));
        }
        if !parts.is_empty() {
            writeln!(out, "  {:24} {}", rule.meta().name, parts.join(", "))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inputs::InputFile;

    #[test]
    fn an_issue_that_made_us_panic_cannot_be_written() {
        let input = IssueInput { id: "a.txt".into(), files: vec![InputFile { path: "a.txt".into(), relative: "a.txt".into() }] };
        let processed = panicked(&input, "boom");
        assert!(processed.read.sources.iter().all(|s| s.bytes.is_unread()));
        assert!(processed.findings[0].message.contains("boom"));
    }
}
