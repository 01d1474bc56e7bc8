//! What `check` and `clean` do alike: read, process, report, count, and keep going when a file is broken.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};
use smallvec::smallvec;

use super::{Format, InputArgs, RunArgs};
use crate::batch::{self, Digest};
use crate::dictionary::{Dictionaries, Vocabulary};
use crate::edit::{EvidenceList, Finding, Outcome, Severity};
use crate::inputs::{self, InputOptions, IssueInput};
use crate::model::{Issue, Source};
use crate::pipeline::{self, Processed, Settings};
use crate::read::{self, ByteMap, ReadOptions};
use crate::record::{FindingRecord, Records};
use crate::rules::RULES;
use crate::write::{concise, human, jsonl};

/// Counts over a run, by rule.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    pub issues: usize,
    /// For each rule of [`RULES`]: applied, held, rejected, displaced, findings.
    pub by_rule: Vec<[usize; 5]>,
    pub changed_files: usize,
    /// Of the bytes of each file of one issue, `None` for a file that was not read; not summed up.
    pub hashes: Vec<Option<blake3::Hash>>,
    /// Issues with a finding at or over the fail level.
    pub failing: bool,
    /// Something could not be read, written or processed.
    pub broken: bool,
}

impl Counts {
    pub(super) fn add(&mut self, other: &Counts) {
        self.by_rule.resize(RULES.len(), [0; 5]);
        self.issues += other.issues;
        for (sum, n) in self.by_rule.iter_mut().zip(&other.by_rule) {
            sum.iter_mut().zip(n).for_each(|(sum, n)| *sum += n);
        }
        self.changed_files += other.changed_files;
        self.failing |= other.failing;
        self.broken |= other.broken;
    }

    /// The exit code as the documentation lists them.
    pub fn exit_code(&self, fails: bool) -> ExitCode {
        ExitCode::from(if self.broken { 2 } else { u8::from(fails) })
    }
}

/// The parts of a run that every issue needs.
pub struct Runner {
    pub settings: Settings,
    pub dictionaries: Dictionaries,
    pub read: ReadOptions,
    format: Format,
    style: human::Style,
    fail_level: super::FailLevel,
    quiet: bool,
}

impl Runner {
    /// Checks the arguments and loads what they name; `written` tells whether the run makes the selected edits.
    pub fn new(args: &RunArgs, written: bool) -> anyhow::Result<Runner> {
        let mut dictionaries = Dictionaries::builtin();
        if let Some(path) = &args.vocabulary {
            dictionaries = dictionaries.with_vocabulary(Vocabulary::load(path).context("--vocabulary")?);
        }
        Ok(Runner {
            settings: args.settings(),
            dictionaries,
            read: read_options(&args.input)?,
            format: args.format,
            style: human::Style { colour: args.coloured(), max_shown: args.max_shown, written },
            fail_level: args.fail_level,
            quiet: args.input.quiet,
        })
    }

    /// Reads an issue and takes it down the path; what could not be read is among the findings.
    pub fn process(&self, input: &IssueInput) -> Processed {
        let read = read::read_issue(input, &self.read);
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
        let mut processed = pipeline::process(read.issue, &self.dictionaries, &self.settings);
        findings.append(&mut processed.findings);
        processed.findings = findings;
        processed
    }

    /// The human report with the findings alone: what `clean` says where the changes themselves stand in its output.
    pub fn report_findings(&self, processed: &Processed) -> (Vec<u8>, Counts) {
        let findings = Processed { steps: Vec::new(), ..processed.clone() };
        let counts = self.report(processed).1;
        let mut out = Vec::new();
        if !self.quiet {
            let written = human::write(&mut out, &findings, self.style);
            debug_assert!(written.is_ok(), "writing to memory cannot fail");
        }
        (out, counts)
    }

    /// The report of an issue in the format asked for, and its counts.
    pub fn report(&self, processed: &Processed) -> (Vec<u8>, Counts) {
        let mut out = Vec::new();
        let written = match self.format {
            Format::Jsonl => jsonl::write(&mut out, &Records::of(processed)),
            _ if self.quiet => Ok(()),
            Format::Human => human::write(&mut out, processed, self.style),
            Format::Concise => concise::write(&mut out, processed, self.style.written),
        };
        debug_assert!(written.is_ok(), "writing to memory cannot fail");
        let mut counts = Counts { issues: 1, by_rule: vec![[0; 5]; RULES.len()], ..Counts::default() };
        let index = |name: &str| RULES.iter().position(|r| r.meta().name == name);
        for step in &processed.steps {
            for (edit, outcome) in step.edits.iter().zip(&step.outcomes) {
                if let Some(i) = index(edit.rule) {
                    counts.by_rule[i][*outcome as usize] += 1;
                }
            }
        }
        for finding in &processed.findings {
            if let Some(i) = index(finding.rule) {
                counts.by_rule[i][4] += 1;
            }
            counts.failing |= self.fail_level.fails(finding.severity);
            counts.broken |= matches!(finding.rule, "unreadable-file" | "internal-error");
        }
        counts.failing |= !processed.steps.is_empty() && self.fail_level.fails(Severity::Note);
        (out, counts)
    }

    /// Runs over all issues in parallel: `work` makes the report of each, which are printed in input order with a summary at the end.
    /// `done` sees the counts of each issue, in input order.
    pub fn run(
        &self,
        args: &InputArgs,
        inputs: &[IssueInput],
        print: bool,
        work: impl Fn(&Processed, &IssueInput) -> (Vec<u8>, Counts) + Sync,
        mut done: impl FnMut(&IssueInput, &Counts) -> anyhow::Result<()> + Send,
    ) -> anyhow::Result<Counts> {
        let progress = progress(args, inputs.len());
        let mut out = io::BufWriter::new(io::stdout());
        let mut counts = Counts::default();
        // A panic is reported as a finding; the default hook would print it in the middle of the results.
        std::panic::set_hook(Box::new(|_| {}));
        let pool = rayon::ThreadPoolBuilder::new().num_threads(args.jobs).build().context("starting the worker threads")?;
        let mut digests = Vec::new();
        let both = |processed: &Processed, input: &IssueInput| (work(processed, input), Digest::of(processed));
        let result: anyhow::Result<()> = pool.install(|| {
            batch::run(
                inputs,
                |input| both(&self.process(input), input),
                |input, message| both(&panicked(input, &message), input),
                |((report, issue_counts), digest)| {
                    digests.push(digest);
                    done(&inputs[counts.issues], &issue_counts)?;
                    counts.add(&issue_counts);
                    progress.inc(1);
                    Ok(out.write_all(&report)?)
                },
            )
        });
        let _ = std::panic::take_hook();
        progress.finish_and_clear();
        result?;
        let found = self.check_batch(&digests, &mut counts);
        if print {
            self.report_batch(&mut out, &found)?;
        }
        if print && counts.issues > 0 && self.format == Format::Human && !self.quiet {
            summary(&mut out, &counts, self.style.written)?;
        }
        out.flush()?;
        Ok(counts)
    }

    /// The findings about the batch, counted.
    fn check_batch(&self, digests: &[Digest], counts: &mut Counts) -> Vec<FindingRecord> {
        let mut found = Vec::new();
        for rule in RULES.iter().filter(|r| self.settings.runs(**r)) {
            rule.check_batch(digests, &mut found);
        }
        counts.by_rule.resize(RULES.len(), [0; 5]);
        for finding in &found {
            if let Some(i) = RULES.iter().position(|r| r.meta().name == finding.rule) {
                counts.by_rule[i][4] += 1;
            }
            counts.failing |= self.fail_level.fails(finding.severity);
        }
        found
    }

    fn report_batch(&self, out: &mut impl Write, found: &[FindingRecord]) -> io::Result<()> {
        match self.format {
            Format::Jsonl => jsonl::findings(out, found),
            _ if self.quiet => Ok(()),
            Format::Human => human::batch(out, found, self.style),
            Format::Concise => concise::findings(out, found),
        }
    }
}

/// What stands for an issue that a panic kept from being processed: one finding, and sources that count as unread, so that nothing is
/// written for them.
fn panicked(input: &IssueInput, message: &str) -> Processed {
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

/// The issues of the command line. Paths that are not there are reported at once; the rest goes on.
pub fn collect(args: &InputArgs, options: &InputOptions) -> (Vec<IssueInput>, bool) {
    let (inputs, errors) = inputs::collect(&args.paths, options);
    for error in &errors {
        eprintln!("galley: {}", error.chain());
    }
    (inputs, !errors.is_empty())
}

/// The reading options of the command line.
pub fn read_options(args: &InputArgs) -> anyhow::Result<ReadOptions> {
    Ok(ReadOptions { encoding: args.encoding.as_deref().map(read::encoding_for_label).transpose()? })
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

fn summary(out: &mut impl Write, counts: &Counts, written: bool) -> io::Result<()> {
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
