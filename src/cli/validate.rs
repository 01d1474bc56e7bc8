//! `galley validate`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use ignore::WalkBuilder;
use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::RunArgs;
use super::run::{Purpose, Runner};
use crate::batches::bagit::Bag;
use crate::error::Error;
use crate::inputs::{self, IGNORE_FILE, natural_order};
use crate::read::{Archives, is_archive_file, members};
use crate::record::FindingRecord;
use crate::validate;

#[derive(Debug, Args)]
#[command(
    about = "Check OCR and METS files and BagIt bags for defects of form: XML, namespaces, ids, boxes, hyphenation, files, checksums",
    after_help = "Looks at ALTO, PAGE XML, hOCR, METS and other XML, at JSON and TSV as far as galley reads them, and at what METS and the manifests of\n\
    a bag name: whether it is there, with the right size and checksum. The text is not judged: that is `galley check`.\n\n\
    Examples:\n  galley validate batch/\n  galley validate page.xml mets.xml --format jsonl\n  galley validate batch/ --report junit=galley.xml --fail-level warning\n  \
    galley explain broken-hyphenation"
)]
pub struct ValidateArgs {
    #[command(flatten)]
    run: RunArgs,
}

/// Files looked at together: results are printed as they come, in the order of the files.
const AT_ONCE: usize = 64;

/// Reports what is wrong with files as files.
pub fn run(args: &ValidateArgs) -> anyhow::Result<ExitCode> {
    let runner = Runner::new(&args.run, Purpose::Check)?;
    let mut paths = args.run.input.paths.clone();
    if let Some(list) = &args.run.input.file_list {
        paths.extend(inputs::file_list(list)?);
    }
    let (subjects, errors) = subjects(&paths);
    for error in &errors {
        eprintln!("galley: {}", error.chain());
    }
    let archives = Archives::default();
    let work = |subject: &Subject| match subject {
        Subject::File(path) => validate::file(path, &archives),
        Subject::Bag(bag) => validate::bag(bag),
    };
    // A panic in a check is one more finding; the default hook would print it in the middle of the results.
    let batches = subjects.chunks(AT_ONCE).map(|subjects| subjects.par_iter().map(work).collect::<Vec<Vec<FindingRecord>>>());
    let mut counts = runner.report_files(&args.run.input, subjects.len(), batches)?;
    counts.broken |= !errors.is_empty();
    let fails = runner.fails(&counts);
    Ok(counts.exit_code(fails))
}

/// What is looked at.
enum Subject {
    File(PathBuf),
    Bag(Bag),
}

/// Files named are taken whatever their name; of folders what [`validate::is_checked`], and bags as wholes besides.
fn subjects(paths: &[PathBuf]) -> (Vec<Subject>, Vec<Error>) {
    let (mut subjects, mut errors, mut seen) = (Vec::new(), Vec::new(), FxHashSet::default());
    let mut add = |path: PathBuf, subjects: &mut Vec<Subject>| {
        let real = path.canonicalize().unwrap_or_else(|_| path.clone());
        if seen.insert(real) {
            subjects.push(Subject::File(path));
        }
    };
    for path in paths {
        match std::fs::metadata(path) {
            _ if inputs::is_stdin(path) => add(path.clone(), &mut subjects),
            Ok(meta) if meta.is_dir() => {
                let walk = WalkBuilder::new(path)
                    .standard_filters(false)
                    .hidden(true)
                    .add_custom_ignore_filename(IGNORE_FILE)
                    .sort_by_file_name(natural_order)
                    .build();
                for entry in walk {
                    match entry {
                        Ok(entry) if entry.path().is_dir() => subjects.extend(Bag::at(entry.path()).map(Subject::Bag)),
                        Ok(entry) if validate::is_checked(entry.path()) => add(entry.path().to_owned(), &mut subjects),
                        Ok(_) => {}
                        Err(source) => errors.push(Error::Walk { path: path.clone(), source }),
                    }
                }
            }
            Ok(_) if is_archive_file(path) => match members(path) {
                Ok(names) => {
                    names.iter().filter(|n| validate::is_checked(n)).for_each(|n| subjects.push(Subject::File(path.join(n))));
                }
                Err(error) => errors.push(error),
            },
            Ok(_) => add(path.clone(), &mut subjects),
            Err(_) => errors.push(Error::NotFound { path: path.clone() }),
        }
    }
    if subjects.is_empty() && errors.is_empty() {
        errors.push(Error::NoInput { paths: paths.to_vec(), extensions: ".xml, .hocr, .html, .tsv, .json, .jsonl".into() });
    }
    (subjects, errors)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn a_folder_gives_its_documents_and_bags() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["bagit.txt", "data/a.xml", "data/b.jp2", "c.txt"] {
            let path = dir.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        let (found, errors) = subjects(&[dir.path().to_owned(), Path::new("nowhere").to_owned()]);
        let names: Vec<_> = found
            .iter()
            .map(|s| match s {
                Subject::File(path) => path.file_name().unwrap().to_string_lossy().into_owned(),
                Subject::Bag(_) => "bag".into(),
            })
            .collect();
        assert_eq!(names, ["bag", "a.xml"]);
        assert_eq!(errors.len(), 1);
    }
}
