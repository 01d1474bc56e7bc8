//! `galley duplicates`

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, ValueEnum};

use super::InputArgs;
use crate::duplicates::load::Texts;
use crate::duplicates::{self, record};

#[derive(Debug, Args)]
#[command(
    after_help = "JSON Lines have `text` and may have `id`, `lang`, `date` and `title`; of other files the articles are compared.\n\nExample:\n  galley duplicates batch.jsonl --format html > copies.html"
)]
pub struct DuplicatesArgs {
    #[command(flatten)]
    input: InputArgs,
    /// How pairs are printed.
    #[arg(long, value_enum, default_value_t = PairFormat::Human)]
    format: PairFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum PairFormat {
    /// Both copies side by side, line by line, with the differences marked.
    Human,
    /// The same as a page for a browser.
    Html,
    /// One JSON record a pair, then one a cluster.
    Jsonl,
}

/// Finds copies.
pub fn run(args: &DuplicatesArgs) -> anyhow::Result<ExitCode> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(args.input.jobs).build().context("starting the worker threads")?;
    pool.install(|| {
        let mut texts = Texts::default();
        let broken = super::texts::read(&args.input, &mut texts)?;
        let pairs = duplicates::pairs(&texts.sketches, |number| texts.text(number));
        let groups = duplicates::groups(texts.entries.len(), &pairs);
        let mut out = io::BufWriter::new(io::stdout().lock());
        match args.format {
            PairFormat::Jsonl => record::write(&mut out, &texts, &record::records(&texts, &pairs), &groups)?,
            PairFormat::Human | PairFormat::Html => {}
        }
        out.flush()?;
        Ok(ExitCode::from(if broken { 2 } else { 0 }))
    })
}
