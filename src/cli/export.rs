//! `galley export`

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum};
use rustc_hash::FxHashMap;

use super::RunArgs;
use super::reported::Reported;
use super::run::{Purpose, Runner};
use crate::error::Error;
use crate::inputs::{InputOptions, IssueInput};
use crate::messages::say;
use crate::pipeline::Processed;
use crate::record::{self, FindingRecord};
use crate::rules::Layout;
use crate::write::articles::{self, Unit};
use crate::write::export::{self, Links};
use crate::write::{concise, files};

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  galley export batch/ > articles.jsonl\n  galley export --to txt --out articles/ batch/     a file an article\n  \
    galley export --to tei --out tei/ batch/          a file an issue\n  galley export --to alto --out alto/ batch/        a file a page\n  \
    galley export --to parquet --out articles.parquet batch/\n  \
    galley export --unit page --iiif-base 'https://images.example.org/iiif/{image}' batch/ > pages.jsonl"
)]
pub struct ExportArgs {
    #[command(flatten)]
    run: RunArgs,
    /// What is written.
    #[arg(long, value_enum, default_value_t = Target::Jsonl)]
    to: Target,
    /// What a record, a text or a division is about.
    #[arg(long, value_enum, default_value_t = Unit::Article)]
    unit: Unit,
    /// The file (jsonl, parquet) or folder (txt, tei, alto) to write, instead of standard output.
    #[arg(short, long, value_name = "PATH")]
    out: Option<PathBuf>,
    /// Address of an image on a IIIF server, with {image}, {page} and {issue} in it; boxes get the address of their region [config: export.iiif-base].
    #[arg(long, value_name = "URL")]
    iiif_base: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Target {
    /// A record a line: titles, byline, reading text with break offsets, words with their boxes, the lines it stands on.
    Jsonl,
    /// Paragraphs with an empty line between them, a form feed before the next article or page.
    Txt,
    /// TEI P5, with each break where it stood.
    Tei,
    /// Columns for DuckDB, Polars, Spark; only in a build with the feature `parquet`.
    Parquet,
    /// ALTO 4.4 pages, with SUBS_CONTENT for split words; without boxes where the input has none.
    Alto,
}

/// Prints or writes the articles of all issues, in input order. What could not be read or processed goes to standard
/// error, because the articles of such an issue are not all there.
pub fn run(args: &ExportArgs) -> anyhow::Result<ExitCode> {
    if args.to == Target::Alto && args.unit == Unit::Article && args.out.is_none() && args.run.input.paths.len() > 1 {
        bail!(say("export.alto-folder", &[]));
    }
    // Reading text has whole paragraphs, whatever the layout of cleaned files.
    let mut asked = args.run.clone();
    asked.layout = Some(Layout::Paragraphs);
    let runner = Runner::new(&asked, Purpose::Export)?;
    let folder = args.out.clone().filter(|_| matches!(args.to, Target::Txt | Target::Tei | Target::Alto));
    if let Some(folder) = &folder {
        check_folder(folder, &args.run.input.paths)?;
    }
    let options = InputOptions { skip_folder: folder.clone(), ..InputOptions::default() };
    let (inputs, missing) = runner.collect(&args.run.input, &options)?;
    if args.to == Target::Alto && folder.is_none() && inputs.len() > 1 {
        bail!(say("export.alto-folder", &[]));
    }
    let mut sink = Sink::new(args, folder.as_deref(), inputs.len())?;
    let work = |processed: &Processed, input: &IssueInput| {
        let mut reported = runner.report(processed);
        let iiif_base = args.iiif_base.clone().or_else(|| runner.profile(input).config.export.iiif_base.clone());
        let written = make(args, processed, input, &Links { iiif_base }, folder.is_some(), &mut reported)
            .and_then(|()| concise::findings(&mut reported.log, &errors(processed)));
        debug_assert!(written.is_ok(), "writing to memory cannot fail");
        reported
    };
    let mut counts = runner.run(
        &args.run.input,
        &inputs,
        false,
        work,
        |_| None,
        |input, reported| {
            io::stderr().write_all(&reported.log)?;
            sink.take(input, reported)
        },
    )?;
    sink.finish()?;
    counts.broken |= missing;
    Ok(counts.exit_code(false))
}

/// A folder that holds inputs is none to write to: the next run would read what this one wrote.
fn check_folder(out: &Path, paths: &[PathBuf]) -> anyhow::Result<()> {
    if out.exists() && !out.is_dir() {
        return Err(Error::NotAFolder { path: out.to_owned() }.into());
    }
    let Ok(real) = out.canonicalize() else { return Ok(()) };
    match paths.iter().find(|p| p.canonicalize().is_ok_and(|p| p.is_dir() && p.starts_with(&real))) {
        Some(path) => Err(Error::InsideOutput { path: path.clone(), out: out.to_owned() }.into()),
        None => Ok(()),
    }
}

/// What a worker makes of an issue.
fn make(
    args: &ExportArgs,
    processed: &Processed,
    input: &IssueInput,
    links: &Links,
    apart: bool,
    reported: &mut Reported,
) -> io::Result<()> {
    let name = name(input);
    let mut file = |ending: String, bytes: Vec<u8>| reported.files.push((PathBuf::from(format!("{name}{ending}")), bytes));
    if args.to == Target::Alto {
        let pages = processed.read.pages.len();
        if !apart {
            return export::alto::write(&mut reported.raw, processed, 0..pages);
        }
        for page in 0..pages {
            let mut bytes = Vec::new();
            export::alto::write(&mut bytes, processed, page..page + 1)?;
            file(format!("-p{:04}.xml", page + 1), bytes);
        }
        return Ok(());
    }
    let records = articles::records(processed, args.unit, links);
    match args.to {
        Target::Alto => {}
        Target::Jsonl => {
            let mut bytes = Vec::new();
            articles::write(&mut bytes, &records)?;
            match args.out {
                Some(_) => file(String::new(), bytes),
                None => reported.raw = bytes,
            }
        }
        Target::Parquet => reported.rows = records.into_iter().map(|r| r.record).collect(),
        Target::Tei => {
            let mut bytes = Vec::new();
            if apart {
                bytes.extend(export::tei::DECLARATION.bytes());
            }
            export::tei::write(&mut bytes, processed, &records)?;
            match apart {
                true => file(".tei.xml".into(), bytes),
                false => reported.raw = bytes,
            }
        }
        Target::Txt => {
            for exported in &records {
                let mut bytes = Vec::new();
                export::text::write(&mut bytes, &exported.record)?;
                if apart {
                    let number = exported.record.id.rsplit_once('#').map_or("", |(_, n)| n);
                    file(format!("-{}{:0>4}.txt", &number[..1], &number[1..]), bytes);
                } else {
                    reported.raw.extend(bytes);
                    reported.raw.extend(b"\x0c\n");
                }
            }
        }
    }
    Ok(())
}

/// What an issue's files are called, folders included: the file without its ending, or the folder of the page files.
fn name(input: &IssueInput) -> String {
    let first = input.files.first().map(|f| f.relative.clone()).unwrap_or_default();
    if let Some(mets) = &input.mets {
        return mets.relative.with_extension("").to_string_lossy().into_owned();
    }
    let name = match input.files.len() {
        1 => first.with_extension(""),
        _ => match first.parent().filter(|p| *p != Path::new("")) {
            Some(folder) => folder.to_owned(),
            None => Path::new(&input.id).canonicalize().ok().and_then(|p| p.file_name().map(PathBuf::from)).unwrap_or("issue".into()),
        },
    };
    name.to_string_lossy().into_owned()
}

/// Where it all goes.
enum Sink {
    /// Standard output; the text stands after the last issue.
    Stream(&'static str),
    /// One file that is there once it is whole.
    File(Box<tempfile::NamedTempFile>, PathBuf),
    /// Files, each with the issue it is of.
    Folder(PathBuf, FxHashMap<PathBuf, PathBuf>),
    #[cfg(feature = "parquet")]
    Table(Box<export::parquet::Table<TableFile>>, Option<PathBuf>),
}

#[cfg(feature = "parquet")]
type TableFile = tempfile::NamedTempFile;

impl Sink {
    fn new(args: &ExportArgs, folder: Option<&Path>, issues: usize) -> anyhow::Result<Sink> {
        if let Some(folder) = folder {
            return Ok(Sink::Folder(folder.to_owned(), FxHashMap::default()));
        }
        match (args.to, &args.out) {
            (Target::Parquet, out) => Sink::table(out.as_deref()),
            (_, Some(out)) => Ok(Sink::File(Box::new(beside(Some(out))?), out.clone())),
            (Target::Tei, None) => {
                write!(io::stdout(), "{}", export::tei::DECLARATION)?;
                if issues == 1 {
                    return Ok(Sink::Stream(""));
                }
                write!(io::stdout(), "{}", export::tei::CORPUS_START)?;
                Ok(Sink::Stream(export::tei::CORPUS_END))
            }
            _ => Ok(Sink::Stream("")),
        }
    }

    #[cfg(feature = "parquet")]
    fn table(out: Option<&Path>) -> anyhow::Result<Sink> {
        if out.is_none() && io::IsTerminal::is_terminal(&io::stdout()) {
            bail!(say("export.terminal", &[]));
        }
        Ok(Sink::Table(Box::new(export::parquet::Table::new(beside(out)?)?), out.map(Path::to_owned)))
    }

    #[cfg(not(feature = "parquet"))]
    fn table(_: Option<&Path>) -> anyhow::Result<Sink> {
        bail!(say("export.no-parquet", &[]))
    }

    fn take(&mut self, input: &IssueInput, reported: &Reported) -> anyhow::Result<()> {
        match self {
            Sink::Stream(_) => {}
            Sink::File(file, _) => reported.files.iter().try_for_each(|(_, bytes)| file.write_all(bytes))?,
            Sink::Folder(folder, known) => {
                for (name, bytes) in &reported.files {
                    let target = folder.join(name);
                    let first = || input.files.first().map(|f| f.path.clone()).unwrap_or_default();
                    if let Some(other) = known.insert(target.clone(), first()) {
                        return Err(Error::Collision { first: other, second: first(), target }.into());
                    }
                    if let Some(above) = target.parent() {
                        std::fs::create_dir_all(above).map_err(|source| Error::Write { path: target.clone(), source })?;
                    }
                    files::write_new(&target, bytes)?;
                }
            }
            #[cfg(feature = "parquet")]
            Sink::Table(table, _) => table.add(reported.rows.clone())?,
        }
        Ok(())
    }

    fn finish(self) -> anyhow::Result<()> {
        match self {
            Sink::Stream(end) => write!(io::stdout(), "{end}")?,
            Sink::File(file, path) => keep(*file, path)?,
            Sink::Folder(..) => {}
            #[cfg(feature = "parquet")]
            Sink::Table(table, path) => {
                let mut file = table.finish()?;
                match path {
                    Some(path) => keep(file, path)?,
                    None => {
                        io::Seek::rewind(&mut file)?;
                        io::copy(&mut file, &mut io::stdout())?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// A temporary file in the folder of the file it becomes.
fn beside(out: Option<&Path>) -> anyhow::Result<tempfile::NamedTempFile> {
    let Some(out) = out else { return Ok(tempfile::NamedTempFile::new()?) };
    let folder = out.parent().filter(|p| *p != Path::new("")).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".galley-").suffix(".tmp");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder).map_err(|source| Error::Write { path: out.to_owned(), source }).context("--out")
}

fn keep(mut file: tempfile::NamedTempFile, path: PathBuf) -> anyhow::Result<()> {
    file.flush()?;
    file.persist(&path).map_err(|e| Error::Write { path, source: e.error })?;
    Ok(())
}

/// What could not be read or processed, whatever severity the config gives it.
fn errors(processed: &Processed) -> Vec<FindingRecord> {
    let of_reading = |rule: &str| matches!(rule, "unreadable-file" | "undecodable-bytes" | "internal-error");
    record::findings(processed).into_iter().filter(|f| of_reading(f.rule)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::run::panicked;
    use crate::inputs::InputFile;

    #[test]
    fn an_issue_that_made_us_panic_has_no_articles_and_is_said() {
        let input =
            IssueInput { id: "a.txt".into(), files: vec![InputFile { path: "a.txt".into(), relative: "a.txt".into() }], mets: None };
        let processed = panicked(&input, "boom");
        assert!(articles::records(&processed, Unit::Article, &Links::default()).is_empty());
        let said = errors(&processed);
        assert_eq!(said.len(), 1);
        assert!(said[0].rule == "internal-error" && said[0].message.contains("boom"), "{:?}", said[0]);
    }

    #[test]
    fn an_issue_names_its_files_by_its_file_or_folder() {
        let file = |relative: &str| InputFile { path: relative.into(), relative: relative.into() };
        let issue = |names: &[&str]| IssueInput { id: "x".into(), files: names.iter().map(|n| file(n)).collect(), mets: None };
        assert_eq!(name(&issue(&["a/b.txt"])), "a/b");
        assert_eq!(name(&issue(&["a/1.txt", "a/2.txt"])), "a");
    }
}
