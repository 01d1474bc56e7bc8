//! `look-alike-character`: a character taken for one that looks like it, where only the other makes a word.

use memchr::memmem;
use smallvec::{SmallVec, smallvec};

use super::{Example, Meta, Proposals, Rule, Stage, View};
use crate::characters::{chinese_text, is_han, most_gained, word_at};
use crate::dictionary::{Lexicon, Misread, fold_han};
use crate::edit::{Applicability, Edit, Evidence, Replacement, Severity};
use crate::model::{Language, Span};
use crate::structure::only_script;

pub struct LookAlikeCharacter;

impl Rule for LookAlikeCharacter {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "look-alike-character",
            stage: Stage::Marks,
            severity: Severity::Note,
            summary: "Proposes the look-alike of a character (己/已, 未/末, 日/曰, —/一 …) where it alone makes a word with its neighbours.",
            why: "OCR reads single shapes, not words: 己经, 周未, 第—次. Every search for the word misses the place, and a reader takes it for a \
                  misprint of the paper.",
            caution: "Always waits for a person: a rare name may be spelled so, and the print itself may have erred; pairs that sound alike \
                      (幕/慕), which writers mix up as well, are not looked for. Proposed only where the character stands in no word of its \
                      own, exactly one look-alike makes a common word, and the sentence with it is much likelier.",
            source: "Pairs: dictionaries/han/look-alikes.tsv; words and their frequency: jieba, see dictionaries/README.md.",
            examples: &[
                Example { before: "会议己经结束，第—次试点推广。", after: "会议已经结束，第一次试点推广。" },
                Example { before: "人口普查已经结束。", after: "人口普查已经结束。" },
            ],
        }
    }

    fn check_issue(&self, view: &View, out: &mut Proposals) {
        let Some(lexicon) = view.dictionaries.lexicon(Language::Zh) else { return };
        let misread = view.dictionaries.misread();
        for region in chinese_text(view.issue) {
            let text = &view.issue.text[region.clone()];
            let line = view.issue.lines.partition_point(|l| l.span.end <= region.start);
            let language = view.issue.line_language(line);
            for (at, c) in misread.places(text) {
                let end = at + c.len_utf8();
                if misread.may_be(text, at, c) {
                    let found = judge(misread, lexicon, text, at, c);
                    let found = found.filter(|f| language != Language::ZhHant || only_script(f.printed) != Some(Language::ZhHans));
                    out.edits.extend(found.map(|f| f.edit(&view.issue.text, region.start + at..region.start + end)));
                }
            }
        }
    }
}

/// What was printed, the word it stands in, and how much likelier the sentence is with it, in natural logarithms.
struct Found {
    printed: char,
    word: String,
    margin: f32,
}

/// Characters on each side that are looked at.
const REACH: usize = 6;
/// How much likelier the sentence must be.
const LEAST: f32 = 8.5;
/// The same where one stroke is longer or shorter, and nothing else tells the two apart.
const LEAST_STROKE: f32 = 5.5;
const STROKES: &str = "己已巳日曰未末戊戌戍";
/// The same where a dash is taken for 一: dashes are in no word list, so that any word outweighs them.
const LEAST_DASH: f32 = 15.5;

fn judge(misread: &Misread, lexicon: &Lexicon, text: &str, at: usize, c: char) -> Option<Found> {
    let mut window: SmallVec<[char; 2 * REACH + 1]> =
        text[..at].chars().rev().take_while(|&c| is_han(c)).take(REACH).map(fold_han).collect();
    window.reverse();
    let place = window.len();
    window.push(c);
    window.extend(text[at + c.len_utf8()..].chars().take_while(|&c| is_han(c)).take(REACH).map(fold_han));
    // A dash with nothing on one side parts or ends something.
    if !is_han(c) && (place == 0 || place + 1 == window.len()) {
        return None;
    }
    let &[printed] = misread.printed(&window, place).as_slice() else { return None };
    let least = match c {
        _ if !is_han(c) => LEAST_DASH,
        _ if STROKES.contains(c) && STROKES.contains(printed) => LEAST_STROKE,
        _ => LEAST,
    };
    window[place] = printed;
    // Divisions take time, and few places are worth them; the sums are not made in the same order, hence the small margin.
    if most_gained(lexicon, &window, place, c) < least - 0.01 {
        return None;
    }
    let (score, word) = word_at(lexicon, &window, place);
    // That a character stands twice tells nothing of another: no word list has most pairs of that kind (示示), and any word outweighs them.
    if word.len() == 1 || window[word.clone()].iter().all(|&other| other == printed || other == c) {
        return None;
    }
    window[place] = c;
    let (own, stands) = word_at(lexicon, &window, place);
    window[place] = printed;
    // A word of its own speaks for the character, unless the other word stands in the same place.
    let alone = stands.len() == 1 || stands == word;
    let margin = score - own;
    (alone && margin >= least).then(|| Found { printed, word: window[word].iter().collect(), margin })
}

impl Found {
    fn edit(self, issue: &str, span: Span) -> Edit {
        let change = format!("{}→{}", &issue[span.clone()], self.printed);
        let mut evidence = smallvec![Evidence::text("only-one-makes-a-word", self.word.as_str()).weighing(self.margin)];
        let elsewhere = memmem::find_iter(issue.as_bytes(), self.word.as_bytes()).count();
        if elsewhere > 0 {
            evidence.push(Evidence::count("elsewhere-in-issue", elsewhere as u32));
        }
        evidence.push(Evidence::text("look-alike", change));
        Edit {
            rule: "look-alike-character",
            replacements: smallvec![Replacement { span, text: self.printed.to_string().into() }],
            applicability: Applicability::Review,
            confidence: 0.9,
            evidence,
        }
    }
}
