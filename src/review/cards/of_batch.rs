//! The cards of findings about a batch.

use std::path::Path;

use rustc_hash::FxHashMap;

use super::of_issue::of_finding;
use super::{Card, Matter};
use crate::batch::Digest;
use crate::duplicates::archive::Archive;
use crate::duplicates::archive::run::Stored;
use crate::duplicates::batch::ArticleDigest;
use crate::duplicates::load::read_again;
use crate::duplicates::record::pair_key;
use crate::messages::say;
use crate::record::FindingRecord;
use crate::review::sides::Sides;

/// The articles that findings about a batch name, by path and line.
struct Articles<'a>(FxHashMap<(String, usize), (&'a Digest, &'a ArticleDigest)>);

impl<'a> Articles<'a> {
    fn of(batch: &'a [Digest]) -> Self {
        let place = |a: &ArticleDigest| (a.path.to_string_lossy().into_owned(), a.line);
        Articles(batch.iter().flat_map(|d| d.articles.iter().map(move |a| (place(a), (d, a)))).collect())
    }

    /// The article a finding is at, and the copy in the batch it is about, if it is about one.
    fn pair(&self, record: &FindingRecord) -> (Option<&(&'a Digest, &'a ArticleDigest)>, Option<&'a ArticleDigest>) {
        let here = self.0.get(&(record.path.to_string_lossy().into_owned(), record.line));
        let there = record.related.first().and_then(|r| self.0.get(&(r.path.to_string(), r.line)));
        (here, here.and(there).map(|(_, article)| *article))
    }
}

/// The copy in the archive that a finding is about, if it is about one.
fn stored(record: &FindingRecord, archive: Option<&Archive>) -> Option<Stored> {
    archive?.text(record.evidence.iter().find_map(|e| e.strip_prefix("archive:"))?)
}

/// What decisions name each of the findings about a batch by: the pair of copies, or the finding.
pub fn batch_keys(found: &[FindingRecord], batch: &[Digest], archive: Option<&Archive>) -> Vec<String> {
    let articles = Articles::of(batch);
    let key = |record: &FindingRecord| match (articles.pair(record), stored(record, archive)) {
        ((Some((_, here)), _), Some(there)) => pair_key(here.sketch.exact, there.exact),
        ((Some((_, here)), Some(there)), None) => pair_key(here.sketch.exact, there.sketch.exact),
        _ => record.fp.clone(),
    };
    found.iter().map(key).collect()
}

/// The cards of findings about a batch; those about copies have both texts side by side, also where one is of the archive.
pub fn batch_cards(found: &[FindingRecord], batch: &[Digest], archive: Option<&Archive>) -> Vec<Card> {
    let articles = Articles::of(batch);
    let card = |(number, (record, key)): (usize, (&FindingRecord, String))| {
        let mut card = of_finding(record);
        card.id = format!("batch#{}", number + 1);
        card.fp = key;
        let (here, there) = articles.pair(record);
        if let Some((digest, here)) = here {
            card.issue = digest.issue.clone();
            let both = match (stored(record, archive), there) {
                (Some(there), _) => here.text().map(|text| beside_archive(place(here), &text, &there)),
                (None, Some(there)) => here.text().zip(there.text()).map(|(a, b)| Sides::of([place(here), place(there)], [&a, &b])),
                (None, None) => None,
            };
            if let (Some(both), Matter::Finding { sides, .. }) = (both, &mut card.matter) {
                *sides = Some(both);
                card.before = here.title.clone();
            }
        }
        card.key_issue = card.issue.clone();
        card
    };
    found.iter().zip(batch_keys(found, batch, archive)).enumerate().map(card).collect()
}

fn place(article: &ArticleDigest) -> String {
    format!("{}:{}", article.path.to_string_lossy(), article.line)
}

/// A text beside its copy in the archive. An index has no texts: the copy's is read where it came from, or what the index keeps is told,
/// and why there is no more.
fn beside_archive(place: String, text: &str, there: &Stored) -> Sides {
    let other = format!("{}:{}", there.path, there.line);
    if let Some(copy) = read_again(there) {
        return Sides::of([place, other], [text, &copy.text]);
    }
    let why = match () {
        () if there.path.is_empty() => "sides.no-path",
        () if !Path::new(&there.path).exists() => "sides.gone",
        () => "sides.changed",
    };
    let told = say("sides.kept", &[("id", &there.id), ("n", &there.units), ("why", &say(why, &[]))]);
    Sides::untold([place, other], text, told, there.units as usize)
}
