//! New texts against the archive.

use super::{Archive, Hit, Scratch};
use crate::dictionary::Dictionaries;
use crate::duplicates::align::Anchors;
use crate::duplicates::fold::Folded;
use crate::duplicates::load::{Full, read_again};
use crate::duplicates::record::{PairRecord, Side, pair_key};
use crate::duplicates::sketch::Sketch;
use crate::duplicates::{Kind, Match, Prepared, judge};

/// Share of the smaller sketch that both must have where a text can no longer be read and the sketches alone tell.
const ESTIMATE: f64 = 0.15;
/// Letters of a k-gram, for the estimate of errors.
const LETTERS: f64 = 7.0;

impl Archive {
    /// The copies of a text in the archive, in the order they were added: `a` is the text, `b` that of the archive.
    pub fn copies(&self, id: &str, sketch: &Sketch, full: &Full, scratch: &mut Scratch, dictionaries: &Dictionaries) -> Vec<PairRecord> {
        let hits = self.query(sketch, scratch);
        if hits.is_empty() {
            return Vec::new();
        }
        let text = Prepared::of(&full.text);
        let anchors = Anchors::of(&text);
        hits.iter().filter_map(|hit| compared(hit, &anchors, sketch, (id, full), dictionaries)).collect()
    }
}

fn compared(hit: &Hit, anchors: &Anchors, sketch: &Sketch, a: (&str, &Full), dictionaries: &Dictionaries) -> Option<PairRecord> {
    let folded = &anchors.text.folded;
    // What was entered twice under one name from one place is no copy.
    let same_place = hit.stored.id == a.0 && (hit.stored.path.ends_with(&a.1.path) && hit.stored.line as u64 == a.1.line);
    if same_place {
        return None;
    }
    if let Some(stored) = read_again(&hit.stored) {
        let other = Prepared::of(&stored.text);
        let exact = other.folded.units == folded.units;
        if exact || other.folded.exact() == hit.stored.exact || hit.stored.form != crate::duplicates::load::LINES_FORM {
            let whole = 0..folded.units.len();
            let found = if exact {
                Some(Match { kind: Kind::Exact, score: 1.0, error_rate: 0.0, stretches: vec![(whole.clone(), whole)], weak: false })
            } else {
                anchors.text.lines(&other).and_then(|lines| judge(anchors, &other, &lines))
            };
            return found.map(|found| PairRecord::of(&found, &Side::of(a.0, a.1), &Side::of(&hit.stored.id, &stored), dictionaries));
        }
    }
    estimate(hit, folded, sketch, a, dictionaries)
}

/// What the sketches say alone.
fn estimate(hit: &Hit, folded: &Folded, sketch: &Sketch, a: (&str, &Full), dictionaries: &Dictionaries) -> Option<PairRecord> {
    if !hit.exact && hit.containment < ESTIMATE {
        return None;
    }
    let (units, other) = (f64::from(sketch.units), f64::from(hit.stored.units));
    let kind = match hit.exact {
        true => Kind::Exact,
        false if units.min(other) >= 0.8 * units.max(other) => Kind::Near,
        false => Kind::Contained,
    };
    let score = hit.containment.powf(1.0 / LETTERS);
    let found = Match { kind, score, error_rate: 1.0 - score, stretches: Vec::new(), weak: !hit.exact };
    let place = Full { path: hit.stored.path.clone(), line: u64::from(hit.stored.line), ..Full::default() };
    let mut record = PairRecord::of(&found, &Side::of(a.0, a.1), &Side::of(&hit.stored.id, &place), dictionaries);
    record.fp = pair_key(folded.exact(), hit.stored.exact);
    record.longer = if units > other {
        Some("a")
    } else if other > units {
        Some("b")
    } else {
        None
    };
    record.cleaner = None;
    record.estimated = true;
    Some(record)
}
