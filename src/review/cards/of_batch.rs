//! The cards of findings about a batch.

use std::path::Path;

use rustc_hash::{FxHashMap, FxHashSet};

use super::of_issue::of_finding;
use super::{Card, Matter};
use crate::duplicates::archive::Archive;
use crate::duplicates::archive::run::Stored;
use crate::duplicates::batch::{ArticleDigest, Articles};
use crate::duplicates::load::read_again;
use crate::duplicates::record::pair_key;
use crate::messages::say;
use crate::record::FindingRecord;
use crate::review::sides::Sides;

/// An article of the batch, by its number.
type Numbered = (u32, ArticleDigest);

/// The articles that findings about a batch name, with their numbers, by path and line.
struct Named(FxHashMap<(String, usize), Numbered>);

impl Named {
    fn of(found: &[FindingRecord], articles: &Articles) -> Self {
        let mut places: FxHashSet<(String, usize)> = FxHashSet::default();
        for record in found {
            places.insert((record.path.to_string_lossy().into_owned(), record.line));
            places.extend(record.related.first().map(|r| (r.path.to_string(), r.line)));
        }
        // Nothing is read where nothing was found.
        let all = if places.is_empty() { 0 } else { articles.len() };
        let numbered = (0..all).filter_map(|number| Some((number, articles.get(number)?)));
        let placed = numbered.map(|(number, a)| ((a.path.to_string_lossy().into_owned(), a.line), (number, a)));
        Named(placed.filter(|(place, _)| places.contains(place)).collect())
    }

    /// The article a finding is at, and the copy in the batch it is about, if it is about one.
    fn pair(&self, record: &FindingRecord) -> (Option<&Numbered>, Option<&Numbered>) {
        let here = self.0.get(&(record.path.to_string_lossy().into_owned(), record.line));
        let there = record.related.first().and_then(|r| self.0.get(&(r.path.to_string(), r.line)));
        (here, here.and(there))
    }
}

/// The copy in the archive that a finding is about, if it is about one.
fn stored(record: &FindingRecord, archive: Option<&Archive>) -> Option<Stored> {
    archive?.text(record.evidence.iter().find_map(|e| e.strip_prefix("archive:"))?)
}

/// What decisions name each of the findings about a batch by: the pair of copies, or the finding.
pub fn batch_keys(found: &[FindingRecord], articles: &Articles, archive: Option<&Archive>) -> Vec<String> {
    let named = Named::of(found, articles);
    found.iter().map(|record| key(record, &named, articles, archive)).collect()
}

fn key(record: &FindingRecord, named: &Named, articles: &Articles, archive: Option<&Archive>) -> String {
    match (named.pair(record), stored(record, archive)) {
        ((Some((here, _)), _), Some(there)) => pair_key(articles.exact(*here), there.exact),
        ((Some((here, _)), Some((there, _))), None) => pair_key(articles.exact(*here), articles.exact(*there)),
        _ => record.fp.clone(),
    }
}

/// The cards of findings about a batch; those about copies have both texts side by side, also where one is of the archive.
pub fn batch_cards(found: &[FindingRecord], articles: &Articles, archive: Option<&Archive>) -> Vec<Card> {
    let named = Named::of(found, articles);
    let card = |(number, record): (usize, &FindingRecord)| {
        let mut card = of_finding(record);
        card.id = format!("batch#{}", number + 1);
        card.fp = key(record, &named, articles, archive);
        let (here, there) = named.pair(record);
        if let Some((_, here)) = here {
            card.issue = here.issue.clone();
            let both = match (stored(record, archive), there) {
                (Some(there), _) => Some(beside_archive(place(here), &here.text, &there)),
                (None, Some((_, there))) => Some(Sides::of([place(here), place(there)], [&here.text, &there.text])),
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
    found.iter().enumerate().map(card).collect()
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
