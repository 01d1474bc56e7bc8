//! `galley vocabulary`

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;

use super::InputArgs;
use super::profile::Profiles;
use super::run::{collect, progress};
use crate::batch;
use crate::dictionary::VocabularyBuilder;
use crate::inputs::InputOptions;
use crate::messages::say;
use crate::read::read_issue;
use crate::structure;
use crate::write::files::write_atomic;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  galley vocabulary batch/ -o words.tsv && galley clean batch/ --vocabulary words.tsv --out cleaned/")]
pub struct VocabularyArgs {
    #[command(flatten)]
    input: InputArgs,
    /// The file to write (TSV; standard output when left out).
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Counts the words of all issues.
pub fn run(args: &VocabularyArgs) -> anyhow::Result<ExitCode> {
    let profiles = Profiles::new(&args.input.config, None, &args.input)?;
    let (inputs, mut broken) = collect(&args.input, &InputOptions::default())?;
    for input in &inputs {
        profiles.of_issue(input)?;
    }
    let progress = progress(&args.input, inputs.len());
    let mut words = VocabularyBuilder::new();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(args.input.jobs).build().with_context(|| say("run.threads", &[]))?;
    let count = |input: &_| {
        let options = profiles.of_issue(input).map(|p| p.read.clone()).unwrap_or_default();
        let read = read_issue(input, &options);
        let mut issue = read.issue;
        structure::structure(&mut issue, None);
        let mut words = VocabularyBuilder::new();
        for region in &issue.regions {
            let (first, last) = (&issue.lines[region.lines.start], &issue.lines[region.lines.end - 1]);
            words.add_text(&issue.text[first.span.start..last.span.end], region.language);
        }
        (words, read.errors.iter().map(|e| e.chain()).collect::<Vec<_>>())
    };
    pool.install(|| {
        batch::run(
            &inputs,
            count,
            |input, message| (VocabularyBuilder::new(), vec![format!("{}: {message}", input.id)]),
            |(more, errors)| {
                words.merge(more);
                for error in errors {
                    eprintln!("galley: {error}");
                    broken = true;
                }
                progress.inc(1);
                Ok::<(), std::convert::Infallible>(())
            },
        )
    })?;
    progress.finish_and_clear();
    let mut tsv = Vec::new();
    words.write(&mut tsv)?;
    match &args.output {
        Some(path) => drop(write_atomic(path, &tsv)?),
        None => std::io::stdout().write_all(&tsv)?,
    }
    Ok(ExitCode::from(if broken { 2 } else { 0 }))
}
