//! Names of months and days of the week.

use std::sync::LazyLock;

use compact_str::CompactString;
use rustc_hash::FxHashMap;

static DATES: LazyLock<FxHashMap<&'static str, bool>> = LazyLock::new(|| {
    include_str!("../../dictionaries/structure/dates.tsv")
        .lines()
        .filter_map(|row| {
            let mut columns = row.split('\t');
            Some((columns.next()?, columns.next()? == "month"))
        })
        .collect()
});

/// A word as the tables have it: lower case, long s written as s.
pub(super) fn folded(word: &str) -> CompactString {
    let mut folded = CompactString::new("");
    word.chars().flat_map(|c| if c == 'ſ' { 's' } else { c }.to_lowercase()).for_each(|c| folded.push(c));
    folded
}

/// A month's name or its abbreviation (without the full stop): German with the old Swiss names, English, French.
pub(super) fn is_month(folded: &str) -> bool {
    DATES.get(folded) == Some(&true)
}

/// A day of the week: German, English, French.
pub(super) fn is_weekday(folded: &str) -> bool {
    DATES.get(folded) == Some(&false)
}
