//! What METS documents and BagIt manifests name: whether it is there, as long and with the checksum that they say, and whether pages are
//! complete. Files on other machines are not looked for.

use std::fs;
use std::path::Path;

use super::{Problem, Problems, record};
use crate::batches::bagit::{Bag, Trouble};
use crate::batches::digest::{Algorithm, digest};
use crate::messages::say;
use crate::read::mets::{Mets, MetsFile, MetsPage};
use crate::record::FindingRecord;

/// The files and pages of a METS document.
pub(super) fn mets(path: &Path, document: &str, out: &mut Problems) {
    let Ok(mets) = Mets::parse(document) else { return };
    let folder = path.parent().unwrap_or(Path::new(""));
    for file in &mets.files {
        check(file, folder, out);
    }
    pages(&mets, document, out);
}

fn check(file: &MetsFile, folder: &Path, out: &mut Problems) {
    let Some(path) = file.path(folder) else { return };
    let mut problem = |rule: &'static str, message: String, evidence: String| {
        out.push(Problem::new(rule, file.at..file.at, message).because(evidence));
    };
    let meta = match fs::metadata(&path) {
        Ok(meta) if meta.is_file() => meta,
        _ => return problem("missing-file", say("missing-file.gone", &[("file", &file.href)]), format!("file:{}", file.id)),
    };
    if let Some(size) = file.size.filter(|size| *size != meta.len()) {
        problem(
            "wrong-size",
            say("wrong-size.found", &[("file", &file.href), ("found", &meta.len()), ("said", &size)]),
            format!("SIZE:{size}"),
        );
    } else if let Some((kind, sum)) = &file.checksum
        && let Some(algorithm) = Algorithm::named(kind)
    {
        match digest(&path, algorithm) {
            Ok(found) if found.eq_ignore_ascii_case(sum.trim()) => {}
            Ok(found) => {
                let message = say(
                    "wrong-checksum.found",
                    &[("algorithm", &algorithm.name()), ("file", &file.href), ("found", &found), ("said", &sum.trim())],
                );
                problem("wrong-checksum", message, format!("CHECKSUM:{}", sum.trim()));
            }
            Err(error) => {
                problem("missing-file", say("missing-file.unread", &[("file", &file.href), ("error", &error)]), format!("file:{}", file.id))
            }
        }
    }
}

/// Each page has its text where any has, and none is left out of the count.
fn pages(mets: &Mets, document: &str, out: &mut Problems) {
    let pages = mets.pages();
    let text = |page: &MetsPage| mets.text_of(page, &|_| true).is_some();
    let with_text = pages.iter().filter(|p| text(p)).count();
    let divs: Vec<_> = mets.divs.iter().filter(|d| !d.logical && d.kind.ends_with("page")).collect();
    if with_text > 0 {
        for page in pages.iter().filter(|p| !text(p)) {
            let name =
                if page.label.is_empty() { say("missing-page.some", &[]) } else { say("missing-page.named", &[("label", &page.label)]) };
            out.push(
                Problem::new("missing-page", page.at..page.at, say("missing-page.no-text", &[("page", &name), ("n", &with_text)]))
                    .because(format!("pages:{}", pages.len())),
            );
        }
    }
    let mut orders: Vec<(u64, usize)> =
        divs.iter().filter_map(|d| d.order.filter(|o| o.fract() == 0.0 && *o >= 0.0).map(|o| (o as u64, d.at))).collect();
    orders.sort_unstable();
    if orders.len() < divs.len() || orders.is_empty() {
        return;
    }
    for pair in orders.windows(2) {
        let ((before, _), (after, at)) = (pair[0], pair[1]);
        if after > before + 1 {
            let missing = if after == before + 2 {
                say("missing-page.order-one", &[("page", &(before + 1))])
            } else {
                say("missing-page.order-more", &[("from", &(before + 1)), ("to", &(after - 1))])
            };
            let at = at.min(document.len());
            out.push(Problem::new("missing-page", at..at, missing).because(format!("ORDER:{after}")));
        }
    }
}

/// The manifests of a bag.
pub fn bag(bag: &Bag) -> Vec<FindingRecord> {
    bag.check()
        .into_iter()
        .map(|Trouble { rule, file, line, message, evidence }| record(&file, rule, line, 1, 0..0, message, vec![evidence]))
        .collect()
}
