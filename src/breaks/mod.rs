//! What becomes of each line, column and page end: join, keep, space or paragraph, with a probability from named evidence.
//!
//! The rules `split-word` and `broken-paragraph` turn these decisions into edits; `galley explain --at` prints them.

use std::cell::OnceCell;

use crate::dictionary::{Dictionaries, IssueWords, fold_han, fold_han_text};
use crate::edit::{Applicability, EvidenceList};
use crate::inputs::{default_page_pattern, page_number};
use crate::model::{Issue, Language, Line, Role};
use crate::structure::{jump_line, opens_with_byline};

pub mod han;
pub mod latin;
pub mod loglinear;
pub mod render;
pub mod weights;

pub use weights::Weights;

/// What stands between the two lines of a boundary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BoundaryKind {
    /// Only a line end: both lines are of one region.
    Line,
    /// An empty line: two regions of one page (a new paragraph, a column end, a headline).
    Region,
    /// A form feed; folios and running heads that stood between are skipped.
    Page,
}

/// Two lines that follow each other in reading order once page furniture is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Boundary {
    /// Index into [`Issue::lines`].
    pub before: usize,
    /// Index into [`Issue::lines`]; greater than `before`.
    pub after: usize,
    pub kind: BoundaryKind,
}

/// What should stand between the two lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Joint {
    /// Nothing: the word, or a sentence without word spaces, goes on. A split sign goes.
    Join,
    /// Nothing, and the hyphen stays: `Vize-/Admiral`.
    Keep,
    /// The hyphen and a space: `Hoch- und Tiefbauten`.
    Hanging,
    /// A space: the sentence goes on with the next word.
    Space,
    /// A new paragraph, or a new block of any kind.
    Paragraph,
}

/// The decision at one boundary.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// The likeliest joint.
    pub joint: Joint,
    /// Its probability, 0 to 1, calibrated.
    pub confidence: f32,
    /// `None`: nothing is proposed (too doubtful even for review, or nothing to change).
    pub applicability: Option<Applicability>,
    /// Why, the weightiest first.
    pub evidence: EvidenceList,
    /// Bytes to remove at the end of the line before (a split sign, a misread one); spaces around the break not counted.
    pub drop_before: usize,
    /// Bytes to remove at the start of the line after (a repeated quotation mark, a doubled hyphen); indentation not counted.
    pub drop_after: usize,
}

/// What the models may look at besides the lines.
pub struct Context<'a> {
    pub issue: &'a Issue,
    pub dictionaries: &'a Dictionaries,
    /// Evidence is wanted for every boundary, not only where something is proposed or in doubt.
    pub thorough: bool,
    words: OnceCell<IssueWords>,
}

impl<'a> Context<'a> {
    /// Nothing is counted yet.
    pub fn new(issue: &'a Issue, dictionaries: &'a Dictionaries) -> Self {
        Context { issue, dictionaries, thorough: false, words: OnceCell::new() }
    }

    /// The words of the issue, counted when first asked for.
    pub fn words(&self) -> &IssueWords {
        self.words.get_or_init(|| IssueWords::new(&self.issue.text))
    }
}

/// A boundary with what was decided there.
#[derive(Clone, Debug)]
pub struct Break {
    pub boundary: Boundary,
    pub decision: Decision,
    /// Where a word is cut: the bytes of the line after that complete it, [`Decision::drop_after`] not counted.
    pub word_tail: Option<usize>,
}

/// The least probability of a join that is worth a person's look where nothing is proposed.
pub const WORTH_A_LOOK: f32 = 0.12;

/// Decides every boundary of an issue, in reading order.
pub fn decide(issue: &Issue, dictionaries: &Dictionaries) -> Vec<Break> {
    decide_all(Context::new(issue, dictionaries))
}

/// The same with the evidence of every boundary, joined or not.
pub fn explain(issue: &Issue, dictionaries: &Dictionaries) -> Vec<Break> {
    decide_all(Context { thorough: true, ..Context::new(issue, dictionaries) })
}

fn decide_all(context: Context) -> Vec<Break> {
    let issue = context.issue;
    let boundaries = boundaries(issue);
    let mut decisions: Vec<Decision> = Vec::with_capacity(boundaries.len());
    for run in runs(issue, &boundaries) {
        match issue.line_language(run[0].before).is_chinese() {
            true => han::decide(&context, run, &mut decisions),
            false => latin::decide(&context, run, &mut decisions),
        }
    }
    debug_assert_eq!(boundaries.len(), decisions.len());
    hold_half_flowed_blocks(issue, &boundaries, &mut decisions);
    boundaries
        .into_iter()
        .zip(decisions)
        .map(|(boundary, mut decision)| {
            let alone = [boundary.before, boundary.after].iter().any(|l| forbids_joins(issue.lines[*l].role));
            if (alone || page_is_missing(issue, &boundary) || opens_an_article(issue, &boundary) || is_jump(issue, &boundary))
                && decision.joint != Joint::Paragraph
            {
                decision.applicability = None;
            }
            let word_tail = if decision.applicability.is_some() { word_tail(&context, &boundary, &decision) } else { None };
            Break { boundary, decision, word_tail }
        })
        .collect()
}

/// The boundaries by the models that decide them: those of Chinese lines, those of others, in turn.
pub fn runs<'a>(issue: &'a Issue, boundaries: &'a [Boundary]) -> impl Iterator<Item = &'a [Boundary]> {
    let is_han = |b: &Boundary| issue.line_language(b.before).is_chinese();
    boundaries.chunk_by(move |a, b| is_han(a) == is_han(b))
}

/// How much wider than the usual line of an issue a printed line may be; a wider one is two lines that were joined.
const WIDEST: f32 = 1.5;

/// A block of Latin lines is flowed into paragraphs as a whole or not at all without a person: where one line end is in doubt, or lines were
/// joined before, printed lines and paragraphs would stand mixed, and nobody, nor a second run, could tell them apart. Split words are
/// joined all the same.
fn hold_half_flowed_blocks(issue: &Issue, boundaries: &[Boundary], decisions: &mut [Decision]) {
    let region = |b: &Boundary| issue.lines[b.before].region;
    let in_block = |b: &Boundary| b.kind == BoundaryKind::Line && !issue.line_language(b.before).is_chinese();
    let width = |b: &Boundary| issue.line_text(b.before).chars().count();
    let mut widths: Vec<usize> = boundaries.iter().filter(|b| in_block(b)).map(width).collect();
    if widths.is_empty() {
        return;
    }
    let middle = widths.len() / 2;
    let widest = (*widths.select_nth_unstable(middle).1 as f32 * WIDEST) as usize;
    let mut start = 0;
    for block in boundaries.chunk_by(|a, b| in_block(a) && in_block(b) && region(a) == region(b)) {
        let decisions = &mut decisions[start..start + block.len()];
        start += block.len();
        let sure = decisions.iter().all(|d| d.applicability == Some(Applicability::Safe));
        if !in_block(&block[0]) || sure && block.iter().all(|b| width(b) <= widest) {
            continue;
        }
        let flows = |d: &&mut Decision| matches!(d.joint, Joint::Space | Joint::Paragraph) && d.applicability.is_some();
        decisions.iter_mut().filter(flows).for_each(|d| d.applicability = Some(Applicability::Review));
    }
}

/// Text that stands for itself: whatever the models think, nothing is joined to it.
pub(crate) fn forbids_joins(role: Role) -> bool {
    role.stands_alone() || role == Role::JumpLine
}

/// Whether a Chinese block opens with a title after running text, or with a byline: an article begins, however the text before it ends.
fn opens_an_article(issue: &Issue, boundary: &Boundary) -> bool {
    let is_title = |line: usize| matches!(issue.lines[line].role, Role::Headline | Role::Kicker | Role::Deck | Role::Banner);
    boundary.kind != BoundaryKind::Line
        && issue.line_language(boundary.after).is_chinese()
        && (is_title(boundary.after) && !is_title(boundary.before) || opens_with_byline(issue.line_text(boundary.after)))
}

/// Whether the text before ends in a jump line, or the text after begins with one: the article goes on elsewhere.
fn is_jump(issue: &Issue, boundary: &Boundary) -> bool {
    let (before, after) = (issue.line_text(boundary.before).trim_end(), issue.line_text(boundary.after).trim_start());
    // The brackets first: every line end is asked.
    before.ends_with(['）', ')', '】']) && jump_line(before).is_some_and(|j| j.span.end == before.len())
        || after.starts_with(['（', '(', '【']) && jump_line(after).is_some_and(|j| j.span.start == 0)
}

/// Whether a page between the two lines could not be read or is not there: what follows is not what followed.
fn page_is_missing(issue: &Issue, boundary: &Boundary) -> bool {
    let (first, last) = (issue.lines[boundary.before].page as usize, issue.lines[boundary.after].page as usize);
    if issue.pages[first..=last].iter().skip(1).any(|p| p.apart) {
        return true;
    }
    let source = |line: usize| issue.pages[issue.lines[line].page as usize].source as usize;
    let (before, after) = (source(boundary.before), source(boundary.after));
    if before == after {
        return false;
    }
    let numbers = (before..=after).map(|s| page_number(&issue.sources[s].path, default_page_pattern())).collect::<Option<Vec<u32>>>();
    issue.sources[before..=after].iter().any(|s| s.bytes.is_unread()) || numbers.is_some_and(|n| n.windows(2).any(|w| w[1] != w[0] + 1))
}

/// Pairs of lines that follow each other once page furniture is left out.
pub fn boundaries(issue: &Issue) -> Vec<Boundary> {
    let text_lines: Vec<usize> = (0..issue.lines.len()).filter(|i| !issue.lines[*i].role.is_furniture()).collect();
    let kind = |a: &Line, b: &Line| match (a.page == b.page, a.region == b.region) {
        (false, _) => BoundaryKind::Page,
        (true, false) => BoundaryKind::Region,
        (true, true) => BoundaryKind::Line,
    };
    text_lines
        .windows(2)
        .map(|pair| Boundary { before: pair[0], after: pair[1], kind: kind(&issue.lines[pair[0]], &issue.lines[pair[1]]) })
        .collect()
}

/// The bytes after the break that belong to a word begun before it; `None` if no word is cut there.
fn word_tail(context: &Context, boundary: &Boundary, decision: &Decision) -> Option<usize> {
    let after = context.issue.line_text(boundary.after).trim_start();
    let after = after.get(decision.drop_after..)?;
    match decision.joint {
        Joint::Join if context.issue.line_language(boundary.before).is_chinese() => {
            han_word_across(context.dictionaries, context.issue.line_text(boundary.before).trim_end(), after)
        }
        Joint::Join | Joint::Keep => Some(after.find(char::is_whitespace).unwrap_or(after.trim_end().len())),
        Joint::Hanging | Joint::Space | Joint::Paragraph => None,
    }
}

/// Characters of a Chinese word that are looked at on one side of a break: longer words are names, found by other evidence.
const HAN_WORD: usize = 3;

/// The bytes of `after` that complete a word begun at the end of `before`, with the marks that may not open a line.
///
/// Where the end of that word begins another (中国人 | 人民), that one is completed too: the new line end cuts no word either.
fn han_word_across(dictionaries: &Dictionaries, before: &str, after: &str) -> Option<usize> {
    if never_in_a_word(dictionaries, before.chars().next_back()?, after.chars().next()?) {
        return None;
    }
    let end = floor_of_last(before, HAN_WORD);
    let mut line = before[end..].to_owned();
    let mut tail = 0;
    while let Some(more) = longest_word_across(dictionaries, &line, &after[tail..]) {
        line.push_str(&after[tail..tail + more]);
        tail += more;
    }
    let closing = |c: &char| "，。、；：！？”’）》〉」』】〕…".contains(*c);
    (tail > 0).then(|| tail + after[tail..].chars().take_while(closing).map(char::len_utf8).sum::<usize>())
}

/// Whether no word has these Han characters side by side: nothing has to be looked up then.
fn never_in_a_word(dictionaries: &Dictionaries, a: char, b: char) -> bool {
    let known = |c: char| ('\u{3400}'..='\u{9fff}').contains(&c);
    known(a) && known(b) && dictionaries.han().inside(fold_han(a), fold_han(b)) == 0.0
}

/// Where the last `n` characters of a text begin.
fn floor_of_last(text: &str, n: usize) -> usize {
    text.char_indices().rev().take(n).last().map_or(text.len(), |(i, _)| i)
}

/// The bytes of `after` in the longest dictionary word over the break.
fn longest_word_across(dictionaries: &Dictionaries, before: &str, after: &str) -> Option<usize> {
    let lexicon = dictionaries.lexicon(Language::Zh)?;
    let head: String = after.chars().take(HAN_WORD).collect();
    // Folding keeps byte lengths, so lengths in the folded text are lengths in the text.
    let text = fold_han_text(&format!("{before}{head}")).into_owned();
    let starts = before.char_indices().rev().take(HAN_WORD).map(|(i, _)| i);
    let over = |start: usize| {
        lexicon.words_at(&text[start..]).map(move |(length, _)| (length, start + length)).filter(|(_, end)| *end > before.len())
    };
    starts.flat_map(over).max().map(|(_, end)| end - before.len())
}
