//! `galley decisions export`

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::bail;
use clap::{Args, ValueEnum};

use super::{each, load};
use crate::cli::{RunArgs, language};
use crate::error::{Error, Shown};
use crate::messages::say;
use crate::model::Language;
use crate::review::decisions::Decisions;
use crate::review::gold;
use crate::rules::Layout;
use crate::write::csv::field;
use crate::write::files::write_atomic;

#[derive(Debug, Args)]
#[command(
    after_help = "gold writes NAME.txt and NAME.gold.tsv for each issue with a decided break: what `galley evaluate` and `galley train` take.\n\n\
    Examples:\n  galley decisions export decisions.jsonl --format csv > decisions.csv\n  \
    galley decisions export decisions.jsonl --format gold --out gold/ batch/ && galley train gold/ --out weights/"
)]
pub struct ExportArgs {
    /// The decisions.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// What is written.
    #[arg(long, value_enum)]
    format: Target,
    /// The folder that takes the labelled texts (gold).
    #[arg(long, value_name = "DIR", required_if_eq("format", "gold"))]
    out: Option<PathBuf>,
    /// The texts that were decided about (gold); settings come from their galley.toml.
    #[arg(value_name = "PATH", required_if_eq("format", "gold"))]
    paths: Vec<PathBuf>,
    /// Language of all text (gold) instead of detecting it.
    #[arg(long, value_name = "CODE", value_parser = language)]
    language: Option<Language>,
    /// Encoding of the texts (gold) instead of detecting it.
    #[arg(long, value_name = "LABEL")]
    encoding: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Target {
    /// A table of all decisions (RFC 4180), to standard output.
    Csv,
    /// The decided breaks of the issues named, as labelled texts.
    Gold,
}

/// Writes the decisions in another form.
pub fn run(args: &ExportArgs, out: &mut impl Write) -> anyhow::Result<()> {
    let decisions = load(&args.file)?;
    match args.format {
        Target::Csv => csv(out, &decisions)?,
        Target::Gold => labelled(args, out)?,
    }
    Ok(())
}

const COLUMNS: &str = "at,by,decision,scope,issue,rule,left,before,after,right,text,sampled,of,counts,fp,pat";

fn csv(out: &mut impl Write, decisions: &Decisions) -> io::Result<()> {
    write!(out, "{COLUMNS}\r\n")?;
    for (e, counts) in decisions.events().iter().zip(decisions.counting()) {
        let [sampled, of] = e.sampled.map_or_else(Default::default, |s| s.map(|n| n.to_string()));
        let row = [
            e.at.as_str(),
            &e.by,
            e.decision.name(),
            if e.fp.is_some() { "change" } else { "pattern" },
            &e.issue,
            &e.rule,
            &e.context[0],
            &e.before,
            &e.after,
            &e.context[1],
            e.text.as_deref().unwrap_or_default(),
            &sampled,
            &of,
            if counts { "true" } else { "false" },
            e.fp.as_deref().unwrap_or_default(),
            &e.pat,
        ];
        write!(out, "{}\r\n", row.map(field).join(","))?;
    }
    Ok(())
}

fn labelled(args: &ExportArgs, out: &mut impl Write) -> anyhow::Result<()> {
    let mut run = RunArgs::of(&args.paths)?;
    // Rows are read off edits that join; the other layout moves parts of words.
    run.layout = Some(Layout::Paragraphs);
    run.language = args.language;
    run.input.encoding = args.encoding.clone();
    let (issues, broken) = each(&run, &args.file, |p| {
        let rows = gold::rows(p);
        (p.read.name().to_owned(), if rows.is_empty() { String::new() } else { p.read.text.clone() }, rows)
    })?;
    let folder = args.out.clone().unwrap_or_default();
    std::fs::create_dir_all(&folder).map_err(|source| Error::Write { path: folder.clone(), source })?;
    let (mut taken, mut breaks) = (BTreeMap::new(), 0);
    for (issue, text, rows) in issues.iter().filter(|(.., rows)| !rows.is_empty()) {
        let name = issue.strip_suffix(".txt").unwrap_or(issue).replace(['/', '\\'], "-");
        let name = name.trim_start_matches(['.', '-']).to_owned();
        if let Some(other) = taken.insert(name.clone(), issue) {
            bail!(say("decisions.one-name", &[("first", other), ("second", issue), ("name", &name)]));
        }
        write_atomic(&folder.join(format!("{name}.txt")), text.as_bytes())?;
        write_atomic(&folder.join(format!("{name}.gold.tsv")), gold::table(rows).as_bytes())?;
        breaks += rows.len();
    }
    writeln!(out, "{}", say("decisions.labelled", &[("n", &breaks), ("issues", &taken.len()), ("folder", &Shown(&folder))]))?;
    if broken {
        bail!(say("decisions.partly", &[]));
    }
    Ok(())
}
