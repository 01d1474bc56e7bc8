//! `galley duplicates`

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, ValueEnum};

use super::{Color, InputArgs};
use crate::duplicates::load::Texts;
use crate::duplicates::record::pair_key;
use crate::duplicates::show::Counts;
use crate::duplicates::{self, record, show};
use crate::messages::say;
use crate::review::decisions::{Decisions, Verdict};

#[derive(Debug, Args)]
#[command(
    after_help = "JSON Lines have `text` and may have `id`, `lang`, `date` and `title`; of other files the articles are compared.\n\nA text is compared with the 19 nearest before it: those that share most with it, the longest first. Groups of up to twenty copies have all their pairs; larger ones are whole as clusters, and what was not compared is counted. Of texts that are the same letter by letter the first eight are paired with each other, and all later ones with the first.\n\nA line of a decisions file about a pair, by the key printed with it:\n  {\"v\":1,\"decision\":\"same|different|continuation|keep-longer\",\"fp\":KEY,\"by\":NAME,\"at\":\"2026-01-31T12:00:00Z\"}\n\nExample:\n  galley duplicates batch.jsonl --format html > copies.html"
)]
pub struct DuplicatesArgs {
    #[command(flatten)]
    input: InputArgs,
    /// How pairs are printed.
    #[arg(long, value_enum, default_value_t = PairFormat::Human)]
    format: PairFormat,
    /// Obey this file of decisions: a pair that was decided is not reported again, and `different` and `continuation` are no copies.
    #[arg(long, value_name = "FILE")]
    decisions: Option<PathBuf>,
    /// Colour in the human format.
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    color: Color,
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
    let pool = rayon::ThreadPoolBuilder::new().num_threads(args.input.jobs).build().with_context(|| say("run.threads", &[]))?;
    pool.install(|| {
        let decisions =
            args.decisions.as_deref().map(|path| Decisions::load(path, 1)).transpose().context("--decisions")?.unwrap_or_default();
        let mut texts = Texts::default();
        let broken = super::texts::read(&args.input, &mut texts)?;
        let duplicates::Copies { mut pairs, left_out } = duplicates::pairs(&texts.sketches, |number| texts.text(number));
        let key = |p: &duplicates::Pair| pair_key(texts.sketches[p.a as usize].exact, texts.sketches[p.b as usize].exact);
        if !decisions.is_empty() {
            pairs.retain(|p| !matches!(decisions.pair(&key(p)), Some(Verdict::Different | Verdict::Continuation)));
        }
        let groups = duplicates::groups(texts.entries.len(), &pairs);
        let records = record::records(&texts, &pairs);
        let shown: Vec<_> = records.iter().filter(|(_, r)| decisions.pair(&r.fp).is_none()).map(|(i, r)| (&pairs[*i], r)).collect();
        let counts = Counts { groups: groups.len(), left_out };
        let mut out = io::BufWriter::new(io::stdout().lock());
        match args.format {
            PairFormat::Jsonl => {
                counts.left_out().filter(|_| !args.input.quiet).inspect(|line| eprintln!("{line}"));
                record::write(&mut out, &texts, shown.iter().map(|s| s.1), &groups)?;
            }
            PairFormat::Human if args.input.quiet => {}
            PairFormat::Human => show::human(&mut out, &texts, &shown, counts, super::coloured(args.color))?,
            PairFormat::Html => show::html(&mut out, &texts, &shown, counts)?,
        }
        out.flush()?;
        Ok(ExitCode::from(if broken { 2 } else { 0 }))
    })
}
