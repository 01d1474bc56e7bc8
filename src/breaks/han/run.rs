//! A run of breaks in reading order, and what is joined in it.
//!
//! The state is the set of joined breaks. A break is judged with the text as the joins leave it; when a join changes the
//! text next to an undecided break, that one is judged again, until nothing changes. So the answer is what a second run
//! over the joined text would say, and the safe joins alone are stable as well: they are made first.

use super::evidence;
use super::features::{Place, Row, extract};
use super::lines::Layout;
use super::names::Feature as F;
use super::window::{HEAD, TAIL, Window};
use crate::breaks::loglinear::{Feature, LogLinear, probability};
use crate::breaks::{Boundary, BoundaryKind, Context, Decision, Joint, WORTH_A_LOOK, forbids_joins};
use crate::edit::{Applicability, Evidence, EvidenceList};

/// A run with fewer bytes is a snippet: hardly anything besides the break.
const SNIPPET: usize = 900;
/// Characters of a short block.
const SHORT: usize = 18;

/// So many short blocks in a row are verse, or a list.
const VERSE: usize = 6;
/// What is taken from the log-odds of a join there. Labelled verse is too rare to fit a weight to, and one join makes the next likelier.
const VERSE_ODDS: f32 = -4.0;

/// One line of the run, white space at its ends left out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    start: usize,
    end: usize,
    indented: bool,
    /// Nothing may be joined to it.
    pub(super) apart: bool,
}

/// The breaks of a run and what is known of them.
pub struct Run<'a> {
    pub(super) ctx: &'a Context<'a>,
    pub(super) boundaries: &'a [Boundary],
    pub(super) model: &'a LogLinear,
    /// The line before each break, and at the end the line after the last one.
    pub(super) pieces: Vec<Piece>,
    /// Whether the break's line before is the line after of the break before it.
    pub(super) linked: Vec<bool>,
    pub(super) joined: Vec<bool>,
    log_odds: Vec<f32>,
    /// The break stands between two lines of verse, or two items of a list.
    verse: Vec<bool>,
    snippet: bool,
    pub(super) window: Window,
    pub(super) row: Row,
    /// What the columns of physical lines say.
    pub(super) layout: Layout,
}

impl<'a> Run<'a> {
    /// Nothing joined yet.
    pub fn new(ctx: &'a Context<'a>, boundaries: &'a [Boundary], model: &'a LogLinear) -> Run<'a> {
        let piece = |line: usize| {
            let span = &ctx.issue.lines[line].span;
            let text = &ctx.issue.text[span.clone()];
            let start = span.end - text.trim_start().len();
            let end = span.start + text.trim_end().len();
            Piece { start, end: end.max(start), indented: text.starts_with('\u{3000}'), apart: forbids_joins(ctx.issue.lines[line].role) }
        };
        let mut pieces: Vec<Piece> = boundaries.iter().map(|b| piece(b.before)).collect();
        pieces.extend(boundaries.last().map(|b| piece(b.after)));
        let linked = (0..boundaries.len()).map(|k| k > 0 && boundaries[k - 1].after == boundaries[k].before).collect();
        let bytes: usize = pieces.iter().map(|p| p.end - p.start).sum();
        let verse = verse(ctx, boundaries, &pieces);
        Run {
            ctx,
            boundaries,
            model,
            pieces,
            linked,
            verse,
            joined: vec![false; boundaries.len()],
            log_odds: vec![0.0; boundaries.len()],
            snippet: bytes < SNIPPET,
            window: Window::default(),
            row: Row::default(),
            layout: Layout::default(),
        }
    }

    /// Decides every break.
    pub fn decide(mut self, lines: &LogLinear, out: &mut Vec<Decision>) {
        self.lay_out(lines);
        let n = self.boundaries.len();
        let (safe, review) = (log_odds(self.model.safe), log_odds(self.model.review));
        let mut pending = vec![true; n];
        self.join_lines(log_odds(lines.safe), &mut pending);
        self.settle(&mut pending, safe);
        let safely = self.joined.clone();
        for (k, open) in pending.iter_mut().enumerate() {
            *open = !self.joined[k] && self.log_odds[k] >= review;
        }
        self.join_lines(log_odds(lines.review), &mut pending);
        self.settle(&mut pending, review);
        out.extend(safely.into_iter().enumerate().map(|(k, safe)| self.decision(k, safe, lines)));
    }

    /// Joins the physical lines whose column says so at a threshold. The other breaks between them are judged like those of
    /// blocks: what a next run would join, when lines are blocks, is joined in this one.
    fn join_lines(&mut self, threshold: f32, pending: &mut [bool]) {
        for k in 0..pending.len() {
            let line = self.layout.line(k, self.boundaries[k].kind).filter(|odds| *odds >= threshold);
            if let Some(odds) = line.filter(|_| !self.joined[k] && !self.pieces[k].apart && !self.after(k).apart) {
                self.joined[k] = true;
                self.log_odds[k] = odds;
                self.mark_neighbours(k, pending);
            }
        }
    }

    /// Calls `each` with the features of every break, the breaks before it joined as `joined` says.
    pub fn train(mut self, joined: &[bool], mut each: impl FnMut(usize, &[Feature])) {
        for (k, join) in joined.iter().enumerate() {
            self.collect(k);
            each(k, &self.row.features);
            self.joined[k] = *join;
        }
    }

    /// Joins what reaches the threshold, until nothing does.
    fn settle(&mut self, pending: &mut [bool], threshold: f32) {
        loop {
            let mut again = false;
            for k in 0..pending.len() {
                if !pending[k] || self.joined[k] {
                    continue;
                }
                pending[k] = false;
                self.log_odds[k] = self.judge(k);
                if self.log_odds[k] >= threshold && !self.pieces[k].apart && !self.after(k).apart {
                    self.joined[k] = true;
                    again |= self.mark_neighbours(k, pending);
                }
            }
            if !again {
                return;
            }
        }
    }

    /// The text next to these breaks has changed. Says whether one of them was passed already.
    fn mark_neighbours(&self, k: usize, pending: &mut [bool]) -> bool {
        let open = |j: &usize| !self.joined[*j];
        for j in (k + 1..pending.len()).filter(open).take(2) {
            pending[j] = true;
        }
        let mut back = false;
        for j in (0..k).rev().filter(open).take(2) {
            pending[j] = true;
            back = true;
        }
        back
    }

    pub(super) fn after(&self, k: usize) -> Piece {
        if self.linked.get(k + 1).copied().unwrap_or(true) {
            return self.pieces[k + 1];
        }
        let span = &self.ctx.issue.lines[self.boundaries[k].after].span;
        Piece { start: span.start, end: span.end, indented: false, apart: true }
    }

    /// The log-odds of a join at a break, with the text as it is joined now.
    fn judge(&mut self, k: usize) -> f32 {
        let kind = self.boundaries[k].kind;
        self.collect(k);
        let verse = if self.verse[k] { VERSE_ODDS } else { 0.0 };
        self.model.log_odds(&self.row.features) + self.layout.between_regions(k, kind) + verse
    }

    /// Collects the features of a break into `self.row`.
    pub fn collect(&mut self, k: usize) {
        let place = self.fill(k);
        extract(&self.window, place, self.ctx.dictionaries, &mut self.row);
    }

    /// Puts the text around a break into the window.
    fn fill(&mut self, k: usize) -> Place {
        let text = self.ctx.issue.text.as_str();
        self.window.tail.clear();
        self.window.head.clear();
        let mut first = k;
        'tail: loop {
            let Piece { start, end, .. } = self.pieces[first];
            for c in text[start..end].chars().rev() {
                if !self.window.tail.push(c) {
                    break 'tail;
                }
            }
            if !self.linked[first] || !self.joined[first - 1] {
                break;
            }
            first -= 1;
        }
        let mut last = k;
        'head: loop {
            let Piece { start, end, .. } = self.after(last);
            for c in text[start..end].chars() {
                if !self.window.head.push(c) {
                    break 'head;
                }
            }
            last += 1;
            if last >= self.boundaries.len() || !self.linked[last] || !self.joined[last] {
                break;
            }
        }
        let short_tail = !self.window.tail.more && self.window.tail.chars().len() <= SHORT;
        let short_head = !self.window.head.more && self.window.head.chars().len() <= SHORT;
        let among_short = short_tail && short_head && (self.short_before(first) || self.short_after(last));
        Place {
            kind: self.boundaries[k].kind,
            lone: self.snippet,
            single: self.snippet && self.boundaries.len() == 1,
            indented: self.after(k).indented,
            first: first == 0 && !self.window.tail.more,
            among_short,
        }
    }

    /// The block before the block that begins with piece `first` is short.
    fn short_before(&self, first: usize) -> bool {
        first > 0 && self.linked[first] && !self.joined_into(first - 1) && self.is_short(self.pieces[first - 1])
    }

    /// The block after the one that ends before break `last` is short.
    fn short_after(&self, last: usize) -> bool {
        last < self.boundaries.len()
            && self.linked[last]
            && !self.joined.get(last + 1).copied().unwrap_or(false)
            && self.is_short(self.after(last))
    }

    fn joined_into(&self, piece: usize) -> bool {
        piece > 0 && self.linked[piece] && self.joined[piece - 1]
    }

    fn is_short(&self, piece: Piece) -> bool {
        let bytes = piece.end - piece.start;
        bytes <= SHORT || bytes <= 4 * SHORT && self.ctx.issue.text[piece.start..piece.end].chars().count() <= SHORT
    }

    fn decision(&mut self, k: usize, safe: bool, lines: &LogLinear) -> Decision {
        let kind = self.boundaries[k].kind;
        let line = self.layout.line(k, kind);
        let (odds, model) = match line {
            Some(odds) if self.joined[k] => (odds.max(self.log_odds[k]), lines),
            Some(odds) => (odds, lines),
            None => (self.log_odds[k], self.model),
        };
        let p = probability(odds);
        let mut decision = Decision {
            joint: Joint::Paragraph,
            confidence: 1.0 - p,
            applicability: None,
            evidence: EvidenceList::new(),
            drop_before: 0,
            drop_after: 0,
        };
        if self.joined[k] {
            decision.joint = Joint::Join;
            decision.confidence = if safe { p } else { p.min(model.safe) };
            decision.applicability = Some(if safe { Applicability::Safe } else { Applicability::Review });
        } else if line.is_some() && odds < log_odds(model.review) {
            // Where lines fill no column, each is a paragraph already: there is nothing to set apart.
            let certain = 1.0 - p >= model.safe;
            decision.applicability = Some(if certain { Applicability::Safe } else { Applicability::Review });
        } else if p < WORTH_A_LOOK && !self.ctx.thorough {
            return decision;
        }
        decision.evidence = match line {
            Some(_) if !self.layout.texts[k].is_empty() => std::mem::take(&mut self.layout.texts[k]),
            _ => {
                // What spoke at the break itself, not what was joined around it.
                let joined = std::mem::replace(&mut self.joined[k], false);
                self.collect(k);
                self.joined[k] = joined;
                evidence::weightiest(&self.row, &self.window, if line.is_some() { lines } else { self.model }, self.ctx.thorough)
            }
        };
        if let Some(widths) = self.layout.widths.get(k).copied().flatten().filter(|_| line.is_some()) {
            let weight = lines.contribution((F::Layout.index(), widths));
            evidence::add(&mut decision.evidence, Evidence::named(self.layout.evidence(k)).weighing(weight), self.ctx.thorough);
        }
        if self.verse[k] {
            evidence::add(&mut decision.evidence, Evidence::named("among-many-short-blocks").weighing(VERSE_ODDS), self.ctx.thorough);
        }
        decision
    }
}

/// Breaks among many short blocks that are not all as wide as a column.
fn verse(ctx: &Context, boundaries: &[Boundary], pieces: &[Piece]) -> Vec<bool> {
    let length = |p: &Piece| {
        let bytes = p.end - p.start;
        if bytes > 4 * SHORT { bytes } else { ctx.issue.text[p.start..p.end].chars().count() }
    };
    let short: Vec<bool> = pieces.iter().map(|p| length(p) <= SHORT).collect();
    let inside = |k: usize| {
        short[k]
            && short[k + 1]
            && boundaries[k].kind == BoundaryKind::Region
            && (k == 0 || boundaries[k - 1].after == boundaries[k].before)
    };
    let mut verse = vec![false; boundaries.len()];
    let mut from = 0;
    while from < boundaries.len() {
        let breaks = (from..boundaries.len()).take_while(|k| inside(*k)).count();
        if breaks + 1 >= VERSE {
            let mut widths: Vec<usize> = pieces[from..=from + breaks].iter().map(length).collect();
            widths.sort_unstable();
            let most_alike = widths.chunk_by(|a, b| a == b).map(<[usize]>::len).max().unwrap_or(0);
            verse[from..from + breaks].fill(2 * most_alike <= widths.len());
        }
        from += breaks + 1;
    }
    verse
}

fn log_odds(p: f32) -> f32 {
    (p / (1.0 - p)).ln()
}

const _: () = assert!(TAIL > SHORT && HEAD > SHORT);
