//! Names of months and days of the week.

use std::sync::LazyLock;

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

fn look_up(word: &str) -> Option<bool> {
    (word.len() <= 24).then(|| DATES.get(word.replace('ſ', "s").to_lowercase().as_str()).copied()).flatten()
}

/// A month's name or its abbreviation (without the full stop): German with the old Swiss names, English, French.
pub(super) fn is_month(word: &str) -> bool {
    look_up(word) == Some(true)
}

/// A day of the week: German, English, French.
pub(super) fn is_weekday(word: &str) -> bool {
    look_up(word) == Some(false)
}
