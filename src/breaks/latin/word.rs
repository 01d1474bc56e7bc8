//! Whether a word goes on over a line end, from the sign at the end, the words on both sides, and what the issue does elsewhere.

use std::borrow::Cow;

use smallvec::SmallVec;

use super::document::{Document, Witness};
use super::feature::Word;
use super::line::{Lead, LineView, Opening};
use super::pairs::{adjective_pair, is_clitic, is_conjunction, number_pair};
use super::seam;
use super::sign::Sign;
use crate::breaks::loglinear::Feature;
use crate::dictionary::{IssueWords, Lexicon, fold_latin};
use crate::model::Language;

/// Features of one case; most have fewer.
pub type Features = SmallVec<[Feature; 56]>;

/// The words a case is looked up in.
#[derive(Clone, Copy)]
pub struct Words<'a> {
    pub language: Language,
    pub lexicon: Option<&'a Lexicon>,
    pub issue: &'a IssueWords,
}

/// Which model weighs the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A split sign stands at the end.
    Sign,
    /// A mark that may be a misread split sign.
    Mark,
    /// No mark at all.
    Bare,
}

impl Kind {
    /// The kind of a line end.
    pub fn of(sign: Sign) -> Kind {
        match sign {
            Sign::Bare => Kind::Bare,
            s if s.is_hyphen() => Kind::Sign,
            _ => Kind::Mark,
        }
    }
}

/// The Zipf value of words so common that they are seldom half of another: one in a hundred thousand.
const COMMON: f32 = 4.0;

/// The two parts of a word that may be one, looked up.
#[derive(Clone, Debug)]
pub struct Parts<'a> {
    /// As printed.
    pub before: &'a str,
    pub after: &'a str,
    pub before_folded: Cow<'a, str>,
    pub after_folded: Cow<'a, str>,
    pub joined: String,
    pub before_zipf: Option<f32>,
    pub after_zipf: Option<f32>,
    pub joined_zipf: Option<f32>,
    /// How often the joined form, the form with a hyphen, and each part stand whole elsewhere in the issue.
    pub joined_issue: u32,
    pub hyphenated_issue: u32,
    pub before_issue: u32,
    pub after_issue: u32,
    /// Of these, how often the part after has a capital.
    pub after_capital: u32,
}

impl<'a> Parts<'a> {
    /// Looks the parts up.
    pub fn new(text: &'a str, before: &LineView, after: &LineView, words: &Words) -> Parts<'a> {
        let (a, b) = (before.tail_word(text), after.head_word(text));
        let (before_folded, after_folded) = (fold_latin(a), fold_latin(b));
        let mut joined = String::with_capacity(before_folded.len() + after_folded.len() + 1);
        joined.push_str(&before_folded);
        joined.push('-');
        joined.push_str(&after_folded);
        let hyphenated_issue = words.issue.count(&joined);
        joined.remove(before_folded.len());
        let zipf = |word: &str| words.lexicon.and_then(|l| l.zipf(word));
        // Neither part may count for its own case: where no hyphen is, both stand at the edges of their lines.
        Parts {
            before: a,
            after: b,
            before_zipf: zipf(&before_folded),
            after_zipf: zipf(&after_folded),
            joined_zipf: zipf(&joined),
            joined_issue: words.issue.count(&joined),
            hyphenated_issue,
            before_issue: words.issue.inner_count(&before_folded),
            after_issue: words.issue.inner_count(&after_folded),
            after_capital: words.issue.capital_count(&after_folded),
            before_folded,
            after_folded,
            joined,
        }
    }
}

impl Parts<'_> {
    /// Whether both parts are common words and the joined form is none: most line ends, and none that a word is cut at.
    pub fn two_words(text: &str, before: &LineView, after: &LineView, words: &Words) -> bool {
        let Some(lexicon) = words.lexicon else { return false };
        let common = |word: &str| lexicon.zipf(word).is_some_and(|zipf| zipf >= COMMON);
        let (a, b) = (fold_latin(before.tail_word(text)), fold_latin(after.head_word(text)));
        if !common(&a) || !common(&b) {
            return false;
        }
        let joined = [&*a, &*b].concat();
        !lexicon.contains(&joined) && words.issue.count(&joined) == 0
    }

    /// What the words say by themselves.
    pub fn witness(&self) -> Witness {
        let joined = self.joined_zipf.unwrap_or(0.0).max(if self.joined_issue > 0 { 3.0 } else { 0.0 });
        let least = self.before_zipf.unwrap_or(0.5).min(self.after_zipf.unwrap_or(0.5));
        if joined >= 2.5 && joined > least + 0.5 && self.joined.len() > 3 {
            Witness::Split
        } else if joined == 0.0 && self.before_zipf.is_some() && self.after_zipf.is_some() {
            Witness::Whole
        } else {
            Witness::Nothing
        }
    }
}

impl Parts<'_> {
    /// The joined form is a word, and the parts are none, or it is commoner than the rarer of them.
    pub fn joined_is_the_better_reading(&self) -> bool {
        let least = self.before_zipf.unwrap_or(0.5).min(self.after_zipf.unwrap_or(0.5));
        self.joined.len() > 3 && self.joined_zipf.is_some_and(|zipf| zipf > least)
    }
}

/// The features of a case. `column` is the width around it, `own` what it has added to the issue's witnesses itself.
pub fn features(
    text: &str,
    before: &LineView,
    after: &LineView,
    parts: &Parts,
    words: &Words,
    document: &Document,
    (column, own): (f32, Witness),
) -> Features {
    let mut f = Features::new();
    let ln = |n: u32| (n as f32).ln_1p();
    let capitals = all_capitals(parts.before) && all_capitals(parts.after) && parts.after.chars().count() > 1;
    f.push(
        match after.opening {
            _ if capitals => Word::AllCapitals,
            Opening::Lower => Word::NextLower,
            Opening::Upper => Word::NextCapital,
            Opening::Digit | Opening::None => Word::NextDigit,
        }
        .is(1.0),
    );
    match after.lead {
        Lead::None => {}
        Lead::Quote if after.opening == Opening::Lower => f.push(Word::QuoteRepeated.is(1.0)),
        _ => f.push(Word::LeadOther.is(1.0)),
    }
    if let Some(sign) = sign_feature(before.sign) {
        f.push(sign.is(1.0));
    }
    if !matches!(before.sign, Sign::Bare | Sign::Other) {
        f.push(Word::SignExcess.is(document.excess(before.sign).clamp(-3.0, 5.0)));
    }
    if after.opening == Opening::Lower {
        let (splitting, seen) = document.splitting(before.sign, own);
        f.push(Word::SignSplits.is(splitting));
        if seen < 3 {
            f.push(Word::SignUnsure.is(1.0));
        }
    }
    // Where much is misread, so is the mark, and the capital after it.
    if !matches!(before.sign, Sign::Bare | Sign::Other) {
        let damage = document.damage();
        f.push(if damage > 0.0 { Word::Damage.is(damage) } else { Word::NoDamage.is(1.0) });
        if after.opening == Opening::Upper {
            f.push(Word::NoisyCapital.is(damage));
        }
    }
    let rate = document.hyphen_rate();
    f.push(Word::HyphenRate.is((rate * 5.0).min(2.0)));
    f.push(Word::LostRate.is(document.missing_hyphens()));
    if rate < 0.01 {
        f.push(Word::NoHyphens.is(1.0));
    }
    if document.has_virgules() {
        f.push(Word::Virgules.is(1.0));
    }
    if words.lexicon.is_none() {
        f.push(Word::NoLexicon.is(1.0));
    } else {
        lexicon_features(parts, words, &mut f);
        // A split sign and a known word need no further proof.
        if parts.joined_zipf.is_none() || !before.sign.is_hyphen() {
            piece_features(parts, words, &mut f);
        }
    }
    for (feature, count) in [
        (Word::JoinedIssue, parts.joined_issue),
        (Word::HyphenatedIssue, parts.hyphenated_issue),
        (Word::BeforeIssue, parts.before_issue),
        (Word::AfterIssue, parts.after_issue),
    ] {
        if count > 0 {
            f.push(feature.is(ln(count)));
        }
    }
    if after.opening == Opening::Lower && words.language == Language::De && parts.after_issue > 0 {
        let (capital, small) = (parts.after_capital, parts.after_issue - parts.after_capital);
        match capital > small {
            true => f.push(Word::AfterNoun.is(ln(capital))),
            false => f.push(Word::AfterNotNoun.is(ln(small))),
        }
    }
    let (a, b) = (parts.before_folded.chars().count(), parts.after_folded.chars().count());
    if a <= 2 {
        f.push(Word::BeforeShort.is(1.0));
    }
    if b <= 2 {
        f.push(Word::AfterShort.is(1.0));
    }
    if a >= 5 && b >= 5 {
        f.push(Word::LongBoth.is(1.0));
    }
    let first = parts.before.chars().next();
    if first.is_some_and(char::is_uppercase) {
        f.push(Word::BeforeCapital.is(1.0));
    }
    if parts.before.ends_with(|c: char| c.is_numeric()) {
        f.push(Word::BeforeDigit.is(1.0));
    }
    if text[..before.tail.0 as usize].ends_with(['-', '⸗', '¬']) {
        f.push(Word::HyphenBefore.is(1.0));
    }
    if text[after.head.1 as usize..after.end as usize].starts_with(['-', '⸗']) {
        f.push(Word::HyphenAfter.is(1.0));
    }
    if a <= 2 && before.sign == Sign::Period {
        f.push(Word::Abbreviation.is(1.0));
    }
    if parts.joined_zipf.is_some() && after.opening == Opening::Upper {
        f.push(Word::CapitalAfterKnown.is(1.0));
    }
    if column > 0.0 {
        f.push(Word::Fullness.is((1.0 - f32::from(before.width) / column).clamp(-0.2, 0.6)));
    }
    if is_conjunction(&parts.after_folded) {
        f.push(Word::Conjunction.is(1.0));
        if document.damage() == 0.0 {
            f.push(Word::ConjunctionClean.is(1.0));
        }
    }
    if adjective_pair(&parts.before_folded, &parts.after_folded) {
        f.push(Word::AdjectivePair.is(1.0));
    }
    if number_pair(&parts.before_folded, &parts.after_folded) {
        f.push(Word::NumberPair.is(1.0));
    }
    if is_clitic(&parts.after_folded) {
        f.push(Word::Clitic.is(1.0));
    }
    if text[before.tail.1 as usize..before.end as usize].starts_with('.') && before.sign == Sign::HyphenAnd {
        f.push(Word::PeriodBeforeHyphen.is(1.0));
    }
    f
}

fn lexicon_features(parts: &Parts, words: &Words, f: &mut Features) {
    if let Some(zipf) = parts.joined_zipf {
        f.push(Word::JoinedKnown.is(1.0));
        f.push(Word::JoinedZipf.is(zipf - 3.0));
    }
    match parts.before_zipf {
        Some(zipf) => f.push(Word::BeforeZipf.is(zipf - 3.0)),
        None => f.push(Word::BeforeUnknown.is(1.0)),
    }
    match parts.after_zipf {
        Some(zipf) => f.push(Word::AfterZipf.is(zipf - 3.0)),
        None => f.push(Word::AfterUnknown.is(1.0)),
    }
    // A word the list does not have is taken as rarer than its rarest.
    let least = parts.before_zipf.unwrap_or(0.5).min(parts.after_zipf.unwrap_or(0.5));
    if parts.before_zipf.is_some() && parts.after_zipf.is_some() {
        f.push(Word::BothKnown.is(1.0));
        f.push(Word::LeastZipf.is(least - 3.0));
        if least >= 4.0 {
            f.push(Word::CommonParts.is(1.0));
        }
        if least >= 5.0 {
            f.push(Word::PartsCommon4.is(1.0));
        }
    }
    if let Some(zipf) = parts.joined_zipf {
        f.push(Word::JoinedOverParts.is((zipf - least).clamp(-3.0, 3.0)));
        // The frequency the two words would have side by side by chance: 10^(zipf - 9) each.
        let chance = parts.before_zipf.unwrap_or(0.5) + parts.after_zipf.unwrap_or(0.5) - 9.0;
        f.push(Word::JoinedOverChance.is((zipf - chance).clamp(-2.0, 8.0) / 2.0));
        if zipf - chance < 2.0 {
            f.push(Word::JoinedRare.is(1.0));
        }
    }
    if let Some(lexicon) = words.lexicon.filter(|_| parts.joined_zipf.is_none()) {
        let (a, b) = (parts.before_folded.len(), parts.after_folded.len().max(1));
        let reach = lexicon.prefix_length(&parts.joined).saturating_sub(a);
        let alone = lexicon.prefix_length(&parts.after_folded);
        f.push(Word::Reach.is(reach as f32 / b as f32));
        f.push(Word::ReachLead.is(((reach as f32 - alone as f32) / 3.0).clamp(-2.0, 2.0)));
        if reach == 0 {
            f.push(Word::ReachNone.is(1.0));
        }
    }
    if parts.before_zipf.is_none() && words.lexicon.is_some_and(|l| l.is_prefix(&parts.before_folded)) {
        f.push(Word::Prefix.is(1.0));
    }
    f.push(Word::Seam.is((seam::gain(words.language, &parts.before_folded, &parts.after_folded) / 4.0).clamp(-3.0, 3.0)));
    if parts.after.chars().next().is_some_and(char::is_uppercase) && parts.after_zipf.is_some() {
        f.push(Word::CapitalKnownLower.is(1.0));
    }
}

/// What a word list takes as absent.
const ABSENT: f32 = 0.5;

/// How the parts do as pieces of other words, and what they may be when they are misread.
fn piece_features(parts: &Parts, words: &Words, f: &mut Features) {
    let Some(lexicon) = words.lexicon else { return };
    let (before, after) = (&*parts.before_folded, &*parts.after_folded);
    let (before_zipf, after_zipf) = (parts.before_zipf.unwrap_or(ABSENT), parts.after_zipf.unwrap_or(ABSENT));
    let (opens, closes) = (lexicon.opens(before), lexicon.closes(after));
    match opens {
        Some(zipf) => {
            f.push(Word::Opens.is(zipf - 4.0));
            f.push(Word::OpensOverAlone.is((zipf - before_zipf).clamp(-4.0, 4.0) / 2.0));
        }
        None => f.push(Word::OpensNone.is(1.0)),
    }
    match closes {
        Some(zipf) => {
            f.push(Word::Closes.is(zipf - 4.0));
            f.push(Word::ClosesOverAlone.is((zipf - after_zipf).clamp(-4.0, 4.0) / 2.0));
        }
        None => f.push(Word::ClosesNone.is(1.0)),
    }
    let pieces = opens.unwrap_or(1.5) + closes.unwrap_or(1.5) - before_zipf - after_zipf;
    f.push(Word::PiecesOverWords.is((pieces / 3.0).clamp(-2.0, 2.0)));
    if parts.joined_zipf.is_none() && parts.joined.len() >= 7 {
        match lexicon.looks_like(&parts.joined) {
            Some(zipf) => {
                f.push(Word::LooksKnown.is(1.0));
                f.push(Word::LooksZipf.is(zipf - 3.0));
            }
            None => f.push(Word::LooksNone.is(1.0)),
        }
    }
    if parts.before_zipf.is_none() && lexicon.looks_like(before).is_some() {
        f.push(Word::BeforeLooks.is(1.0));
    }
    if parts.after_zipf.is_none() && lexicon.looks_like(after).is_some() {
        f.push(Word::AfterLooks.is(1.0));
    }
    if before_zipf > 5.0 {
        f.push(Word::BeforeVeryCommon.is(before_zipf - 5.0));
    }
    if after_zipf > 5.0 {
        f.push(Word::AfterVeryCommon.is(after_zipf - 5.0));
    }
    if let Some(zipf) = parts.joined_zipf.filter(|z| *z > 4.0) {
        f.push(Word::JoinedCommon.is(zipf - 4.0));
    }
}

fn sign_feature(sign: Sign) -> Option<Word> {
    Some(match sign {
        Sign::Bare | Sign::Other => return None,
        Sign::Hyphen => Word::Ascii,
        Sign::NotSign => Word::NotSign,
        Sign::DoubleHyphen => Word::DoubleHyphen,
        Sign::Soft => Word::Soft,
        Sign::Equals => Word::Equals,
        Sign::HyphenAnd => Word::HyphenAnd,
        Sign::SpacedHyphen => Word::SpacedHyphen,
        Sign::Dash => Word::Dash,
        Sign::Comma => Word::Comma,
        Sign::Period => Word::Period,
        Sign::Colon | Sign::Semicolon => Word::ColonLike,
        Sign::Exclaim => Word::Exclaim,
        Sign::Guillemet => Word::Guillemet,
        Sign::Apostrophe => Word::Apostrophe,
        Sign::Quote => Word::Quote,
        Sign::Bracket => Word::Bracket,
        Sign::Slash => Word::Slash,
        Sign::Odd => Word::Odd,
        Sign::Mixed => Word::Mixed,
    })
}

fn all_capitals(word: &str) -> bool {
    word.chars().all(|c| c.is_uppercase() || super::line::is_combining(c)) && !word.is_empty()
}
