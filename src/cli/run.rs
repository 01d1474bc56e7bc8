//! What `check` and `clean` do alike: read, process, report, count, and keep going when a file is broken.

use std::borrow::Borrow;
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};
use smallvec::smallvec;

use super::baseline::Baseline;
use super::changed::Since;
use super::counts::{Counts, summary};
use super::interrupt::interrupted;
use super::profile::{Profile, Profiles};
use super::reported::Reported;
use super::{InputArgs, RunArgs, gate, shell};
use crate::batch::{self, Digest};
use crate::batches::Kind;
use crate::duplicates::archive::Archive;
use crate::duplicates::show::left_out;
use crate::edit::{Evidence, EvidenceList, Finding, Severity};
use crate::error::{Error, Shown};
use crate::inputs::{self, InputOptions, IssueInput};
use crate::list::IssueList;
use crate::messages::say;
use crate::model::{Issue, Source};
use crate::pipeline::{self, Processed};
use crate::read::{self, ByteMap, ReadOptions};
use crate::record::{self, FindingRecord};
use crate::review::applied::ChangeLog;
use crate::shard::Shard;
use crate::write::report::{About, Format, Output};
use crate::write::{human, jsonl};

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

/// The parts of a run that every issue needs.
pub struct Runner {
    pub(super) purpose: Purpose,
    profiles: Profiles,
    /// What holds for the first path: the gate and the report are its.
    pub base: Arc<Profile>,
    pub(super) archive: Option<Archive>,
    pub(super) format: Format,
    pub(super) reports: Vec<(Format, PathBuf)>,
    since: Option<String>,
    shard: Option<Shard>,
    pub(super) baseline: Option<Baseline>,
    pub(super) style: human::Style,
    pub(super) quiet: bool,
    pub(super) changes: Option<PathBuf>,
}

impl Runner {
    /// Checks the arguments and loads what they name.
    pub fn new(args: &RunArgs, purpose: Purpose) -> anyhow::Result<Runner> {
        let profiles = Profiles::new(&args.input.config, Some(args), &args.input)?;
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
            shard: args.shard,
            baseline,
            style: human::Style { colour: args.coloured(), max_shown: base.config.report.max_shown, written, links: shell::makes_links() },
            quiet: args.input.quiet,
            changes: args.changes.clone(),
            base,
            profiles,
        })
    }

    /// The articles of the run are also looked for in an archive: in this one, or in that of the config.
    ///
    /// # Errors
    /// Those of [`Archive::open`].
    pub fn with_archive(mut self, folder: Option<&Path>) -> anyhow::Result<Runner> {
        let configured = self.base.config.archive.index.as_deref();
        let context = if folder.is_some() { "--archive" } else { "archive.index in galley.toml" };
        self.archive = folder.or(configured).map(Archive::open).transpose().context(context)?;
        Ok(self)
    }

    /// The baseline the config or a flag names.
    pub fn baseline_path(&self) -> Option<PathBuf> {
        self.base.config.gate.baseline.clone()
    }

    /// `[collection] title` of the first path, or its id.
    pub fn title(&self) -> Option<&str> {
        let collection = &self.base.config.collection;
        collection.title.as_deref().or(collection.id.as_deref())
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
        let mut inputs = Vec::new();
        let missing = self.each(args, options, |input| inputs.push(input))?;
        Ok((inputs, missing))
    }

    /// The same as a list that may be long.
    pub fn list(&self, args: &InputArgs) -> anyhow::Result<(IssueList, bool)> {
        let mut inputs = IssueList::default();
        let missing = self.each(args, &InputOptions::default(), |input| inputs.push(&input))?;
        Ok((inputs, missing))
    }

    fn each(&self, args: &InputArgs, options: &InputOptions, mut take: impl FnMut(IssueInput)) -> anyhow::Result<bool> {
        let mut since = self.since.as_deref().map(Since::new);
        let mut failed = None;
        let missing = collect_each(args, options, &self.profiles, &mut |input| {
            if failed.is_some() || self.shard.is_some_and(|shard| !shard.has(&input)) {
                return;
            }
            let wanted = self.profiles.of_issue(&input).and_then(|_| since.as_mut().map_or(Ok(true), |since| since.changed(&input)));
            match wanted {
                Ok(true) => take(input),
                Ok(false) => {}
                Err(error) => failed = Some(error),
            }
        })?;
        failed.map_or(Ok(missing), Err)
    }

    /// Reads an issue and takes it down the path; what could not be read is among the findings.
    pub fn process(&self, input: &IssueInput) -> Processed {
        let profile = self.profile(input);
        process(&profile, input, &profile.read)
    }

    /// Runs over all issues in parallel: `work` makes the report of each, which are printed in input order with a summary at the end.
    /// `earlier` answers for issues that need no work. `done` sees each issue, in input order.
    pub fn run<I: Borrow<IssueInput> + Send + Sync>(
        &self,
        args: &InputArgs,
        inputs: impl IntoIterator<Item = I, IntoIter: ExactSizeIterator + Send>,
        print: bool,
        work: impl Fn(&Processed, &IssueInput) -> Reported + Sync,
        earlier: impl Fn(&IssueInput) -> Option<Reported> + Sync,
        mut done: impl FnMut(&IssueInput, &Reported) -> anyhow::Result<()> + Send,
    ) -> anyhow::Result<Counts> {
        let inputs = inputs.into_iter();
        let all = inputs.len();
        let progress = progress(args, all);
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
        let pool = rayon::ThreadPoolBuilder::new().num_threads(args.jobs).build().with_context(|| say("run.threads", &[]))?;
        let checks = self.purpose == Purpose::Check;
        let copies = self.looks_for_copies();
        let looks_at_batch = checks || self.purpose == Purpose::Baseline;
        let mut whole = looks_at_batch.then(|| self.batch()).transpose()?;
        let mut changes = self.changes.as_deref().map(ChangeLog::begin).transpose().context("--changes")?;
        let both =
            |processed: &Processed, input: &IssueInput| (work(processed, input), looks_at_batch.then(|| Digest::of(processed, copies)));
        let result: anyhow::Result<()> = pool.install(|| {
            batch::run_until(
                interrupted,
                inputs,
                |input| earlier(input).map_or_else(|| both(&self.process(input), input), |reported| (reported, None)),
                |input, message| both(&panicked(input, &message), input),
                |input, (reported, digest)| {
                    if let (Some(digest), Some(whole)) = (digest, &mut whole) {
                        whole.take(&digest).with_context(|| say("run.spooling", &[]))?;
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
        if let Some(mut whole) = whole {
            let found = pool.install(|| self.check_batch(&mut whole, &mut counts))?;
            counts.not_compared = whole.left_out().with_context(|| say("run.spooling", &[]))?;
            if let Some(log) = &mut changes {
                let mut lines = Vec::new();
                jsonl::findings(&mut lines, &found)?;
                log.write(&lines)?;
            }
            for (_, output) in outputs.iter_mut().enumerate().filter(|(i, o)| !silent(*i, o.format)) {
                self.report_batch(output, &found)?;
            }
            counts.batch = found;
        }
        changes.map(ChangeLog::finish).transpose().context("--changes")?;
        if counts.troubled && !self.quiet {
            eprintln!("galley: {}", say("run.troubled", &[]));
        }
        let reasons = if checks { gate::judge(config, &counts) } else { Vec::new() };
        about.red = checks.then(|| reasons.iter().map(gate::Reason::line).collect());
        about.issues = counts.issues;
        about.notes.extend(left_out(counts.not_compared));
        for (_, output) in outputs.iter_mut().enumerate().filter(|(i, o)| !silent(*i, o.format)) {
            if counts.issues > 0 && output.format == Format::Human {
                summary(output.writer(), &counts, "summary.issues", self.style.written)?;
                about.notes.iter().try_for_each(|note| writeln!(output.writer(), "{note}"))?;
                if checks {
                    gate::table(output.writer(), &reasons, counts.known)?;
                }
            }
            output.finish(&about)?;
        }
        // Where standard output is for machines, a person reads notes and gate in the log.
        if checks && print && self.format != Format::Human && !self.quiet {
            about.notes.iter().for_each(|note| eprintln!("galley: {note}"));
            if !reasons.is_empty() {
                gate::table(&mut io::stderr(), &reasons, counts.known)?;
            }
        }
        if checks && counts.unmeasured > 0 && config.gate.min_quality.is_some() && !self.quiet {
            eprintln!("galley: {}", say("gate.quality-unmeasured", &[("n", &counts.unmeasured)]));
        }
        if counts.interrupted {
            eprintln!("galley: {}", say("run.interrupted", &[("n", &counts.issues), ("all", &all)]));
        }
        Ok(counts)
    }

    /// Prints findings about files, which have no texts, as [`Runner::run`] prints those of issues: in all formats, with a summary and
    /// the gate. `batches` comes file by file.
    pub fn report_files(
        &self,
        args: &InputArgs,
        files: usize,
        batches: impl Iterator<Item = Vec<Vec<FindingRecord>>>,
    ) -> anyhow::Result<Counts> {
        let progress = progress(args, files);
        let config = &self.base.config;
        let settings = &self.base.settings;
        let mut about = About {
            id: config.collection.id.clone(),
            title: config.collection.title.clone(),
            baseline: self.baseline.is_some(),
            ..About::default()
        };
        let mut outputs = vec![Output::new(self.format, Box::new(BufWriter::new(io::stdout())), &about)?];
        for (format, path) in &self.reports {
            let file = File::create(path).map_err(|source| Error::Write { path: path.clone(), source }).context("--report")?;
            outputs.push(Output::new(*format, Box::new(BufWriter::new(file)), &about)?);
        }
        let silent = |i: usize, format: Format| self.quiet && i == 0 && format.for_people();
        let mut counts = Counts { issues: 0, new_only: self.new_only(), ..Counts::one() };
        let known = |fp: &str| self.baseline.as_ref().is_some_and(|b| b.knows(fp));
        for mut found in batches.flatten() {
            counts.issues += 1;
            found.retain(|f| crate::rules::rule(f.rule).is_none_or(|r| settings.runs(r)));
            for finding in &mut found {
                finding.severity = settings.policy(finding.rule).severity.unwrap_or(finding.severity);
                counts.finding(finding.rule, finding.severity, known(&finding.fp));
                counts.broken |= finding.rule == "unreadable-file";
            }
            found.retain(|f| !(self.new_only() && known(&f.fp)));
            for (_, output) in outputs.iter_mut().enumerate().filter(|(i, o)| !silent(*i, o.format)) {
                if let Some(first) = found.first() {
                    self.report_group(output, &Shown(&first.path).to_string(), &found)?;
                }
            }
            progress.inc(1);
            if interrupted() {
                counts.interrupted = true;
                break;
            }
        }
        progress.finish_and_clear();
        let reasons = gate::judge(config, &counts);
        about.red = Some(reasons.iter().map(gate::Reason::line).collect());
        about.issues = counts.issues;
        for (_, output) in outputs.iter_mut().enumerate().filter(|(i, o)| !silent(*i, o.format)) {
            if counts.issues > 0 && output.format == Format::Human {
                summary(output.writer(), &counts, "summary.files", self.style.written)?;
                gate::table(output.writer(), &reasons, counts.known)?;
            }
            output.finish(&about)?;
        }
        if self.format != Format::Human && !self.quiet && !reasons.is_empty() {
            gate::table(&mut io::stderr(), &reasons, counts.known)?;
        }
        Ok(counts)
    }

    /// Whether the gate is red.
    pub fn fails(&self, counts: &Counts) -> bool {
        !gate::judge(&self.base.config, counts).is_empty()
    }
}

/// Reads an issue and takes it down the path; what could not be read is among the findings.
pub fn process(profile: &Profile, input: &IssueInput, options: &ReadOptions) -> Processed {
    let mut read = read::read_issue(input, options);
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
    if let Some(decisions) = profile.settings.decisions.as_ref().filter(|d| !d.is_empty()) {
        let records = record::findings(&processed);
        for (finding, record) in processed.findings.iter_mut().zip(&records) {
            if let Some(ruling) = decisions.of_finding(&record.fp).filter(|r| r.settles()) {
                // It stays on record, and is nobody's task any more.
                finding.severity = Severity::Note;
                finding.evidence.push(Evidence::text("decided", ruling.name()));
            }
        }
    }
    processed
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
        message: say("internal-error.found", &[("reason", &message)]),
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
        quality: None,
        measured: Arc::default(),
        keys: OnceLock::new(),
    }
}

/// The issues of the command line for commands without a config for each.
pub fn collect(args: &InputArgs, options: &InputOptions) -> anyhow::Result<(Vec<IssueInput>, bool)> {
    collect_with(args, options, &Profiles::new(&args.config, None, args)?)
}

fn collect_with(args: &InputArgs, options: &InputOptions, profiles: &Profiles) -> anyhow::Result<(Vec<IssueInput>, bool)> {
    let mut inputs = Vec::new();
    let missing = collect_each(args, options, profiles, &mut |input| inputs.push(input))?;
    Ok((inputs, missing))
}

fn collect_each(args: &InputArgs, options: &InputOptions, profiles: &Profiles, take: &mut dyn FnMut(IssueInput)) -> anyhow::Result<bool> {
    let mut paths = args.paths.clone();
    if let Some(list) = &args.file_list {
        paths.extend(inputs::file_list(list).context("--file-list")?);
    }
    let (batches, errors) = inputs::each(&paths, options, &|folder| profiles.page_pattern(folder), take);
    // Of plain folders there is nothing to say.
    for batch in batches.iter().filter(|b| !args.quiet && (b.bag || b.kind != Kind::Flat)) {
        eprintln!("galley: {batch}");
    }
    for error in &errors {
        eprintln!("galley: {}", error.chain());
    }
    Ok(errors.iter().any(|e| !matches!(e, Error::LeftOut { .. } | Error::Copies { .. })))
}

/// A bar on stderr, only where a person sees it.
pub fn progress(args: &InputArgs, issues: usize) -> ProgressBar {
    if args.quiet || args.no_progress || !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template(&say(
        "progress.template",
        &[("bar", &"{bar:30}"), ("pos", &"{pos}"), ("len", &"{len}"), ("per-sec", &"{per_sec}"), ("eta", &"{eta}")],
    ));
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
        message: say(
            "undecodable-bytes.found",
            &[("n", &errors.len()), ("encoding", &source.bytes.encoding().name()), ("offset", &first.offset)],
        ),
        evidence: EvidenceList::new(),
        related: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inputs::InputFile;

    #[test]
    fn an_issue_that_made_us_panic_cannot_be_written() {
        let input =
            IssueInput { id: "a.txt".into(), files: vec![InputFile { path: "a.txt".into(), relative: "a.txt".into() }], mets: None };
        let processed = panicked(&input, "boom");
        assert!(processed.read.sources.iter().all(|s| s.bytes.is_unread()));
        assert!(processed.findings[0].message.contains("boom"));
    }
}
