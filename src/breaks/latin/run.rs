//! A run of boundaries with what is known of its lines and of the whole issue, before anything is decided.

use std::borrow::Cow;

use super::boxes;
use super::document::{self, Document, Witness};
use super::line::{LineView, Opening};
use super::paragraph::{self, Around, Habits, Measure};
use super::sign::Sign;
use super::word::{self, Features, Kind, Parts, Words};
use crate::breaks::{Boundary, BoundaryKind, Context, Joint};
use crate::model::Language;

/// More lines than this in one region are more than one paragraph.
const LONGEST_PARAGRAPH: usize = 60;

/// The lines of a run of boundaries, read once.
pub struct Run<'a> {
    pub ctx: &'a Context<'a>,
    pub text: &'a str,
    pub boundaries: &'a [Boundary],
    pub views: Vec<LineView>,
    pub document: Document,
    first: usize,
    columns: Vec<f32>,
    /// Of each line, the parts at the boundary after it, looked up; [`Parts::two_words`] are not kept.
    parts: Vec<Option<Box<Parts<'a>>>>,
    /// At most one region of the issue has more than one line.
    single_block: bool,
    /// Most boundaries stand inside regions: the lines are printed lines.
    mostly_lines: bool,
    /// Wider lines have been put together from printed ones, it seems.
    widest: u16,
    /// So many are wider that the whole issue has been repaired before.
    pub repaired: bool,
}

impl<'a> Run<'a> {
    /// Reads the lines of a run.
    pub fn new(ctx: &'a Context<'a>, boundaries: &'a [Boundary]) -> Run<'a> {
        let text = ctx.issue.text.as_str();
        let first = boundaries.first().map_or(0, |b| b.before);
        let last = boundaries.last().map_or(0, |b| b.after + 1);
        let views: Vec<LineView> = ctx.issue.lines[first..last].iter().map(|l| LineView::new(text, l.span.clone())).collect();
        let document = Document::new(text, &views, boundaries, |line| line - first);
        let columns = document::columns(&views);
        let inside = boundaries.iter().filter(|b| b.kind == BoundaryKind::Line).count();
        let mostly_lines = inside * 2 >= boundaries.len();
        // Where most regions are one line, empty lines do set paragraphs apart.
        let single_block = mostly_lines && ctx.issue.regions.iter().filter(|r| r.lines.len() > 1).nth(1).is_none();
        let widest = widest(&views);
        let repaired = views.iter().filter(|v| v.width > widest).count() * 10 >= views.len();
        let mut run =
            Run { ctx, text, boundaries, views, document, first, columns, single_block, mostly_lines, widest, repaired, parts: Vec::new() };
        run.look_up();
        run
    }

    /// The line of the issue.
    pub fn view(&self, line: usize) -> &LineView {
        &self.views[line - self.first]
    }

    /// Where the words at a line are looked up.
    pub fn words(&self, line: usize) -> Words<'a> {
        let language = self.ctx.issue.line_language(line);
        Words { language, lexicon: self.ctx.dictionaries.lexicon(language), issue: self.ctx.words() }
    }

    /// The language whose models decide at a line.
    pub fn language(&self, line: usize) -> Language {
        self.ctx.issue.line_language(line)
    }

    /// The two parts at a boundary, looked up, and the features of the word models.
    pub fn word(&self, b: &Boundary) -> (Cow<'_, Parts<'a>>, Features) {
        let (before, after) = (self.view(b.before), self.view(b.after));
        let words = self.words(b.before);
        let parts = match &self.parts[b.before - self.first] {
            Some(parts) => Cow::Borrowed(&**parts),
            None => Cow::Owned(Parts::new(self.text, before, after, &words)),
        };
        // Only line ends inside a region are witnesses: see `look_up`.
        let own = if b.kind == BoundaryKind::Line { parts.witness() } else { Witness::Nothing };
        let column = self.columns[b.before - self.first];
        let features = word::features(self.text, before, after, &parts, &words, &self.document, (column, own));
        (parts, features)
    }

    /// Whether nothing at the boundary hints at a word that goes on, so that no model has to be asked.
    pub fn plain(&self, b: &Boundary) -> bool {
        let (before, after) = (self.view(b.before), self.view(b.after));
        match Kind::of(before.sign) {
            Kind::Sign => false,
            Kind::Bare => after.opening != Opening::Lower || self.parts[b.before - self.first].is_none(),
            Kind::Mark => after.opening != Opening::Lower && !before.sign.has_hyphen(),
        }
    }

    /// Looks up the parts at line ends before a small letter, and lets them say how this issue uses its marks.
    fn look_up(&mut self) {
        self.parts.resize_with(self.views.len(), || None);
        for b in self.boundaries {
            let (before, after) = (self.view(b.before), self.view(b.after));
            if b.kind != BoundaryKind::Line || after.opening != Opening::Lower {
                continue;
            }
            let (sign, words) = (before.sign, self.words(b.before));
            let witness = if sign == Sign::Bare && Parts::two_words(self.text, before, after, &words) {
                Witness::Whole
            } else {
                let parts = Parts::new(self.text, before, after, &words);
                let witness = parts.witness();
                self.parts[b.before - self.first] = Some(Box::new(parts));
                witness
            };
            self.document.witness(sign, witness);
        }
    }

    /// Whether paragraphs have to be found between the lines of this boundary: no empty lines in the issue, or far too few, or lines whose
    /// boxes show where they end.
    pub fn paragraphs_are_open(&self, b: &Boundary) -> bool {
        if b.kind != BoundaryKind::Line {
            return false;
        }
        let issue = self.ctx.issue;
        let region = &issue.regions[issue.lines[b.before].region as usize];
        let boxed = || [b.before, b.after].iter().all(|line| boxes::of_line(issue, *line).is_some());
        self.single_block || region.lines.len() > LONGEST_PARAGRAPH || boxed()
    }

    /// Whether the line is a printed line: in text that has been cleaned, lines are paragraphs.
    pub fn is_wrapped(&self, line: usize) -> bool {
        self.mostly_lines && self.view(line).width <= 160
    }

    /// Whether the line leaves much of the column around it empty.
    pub fn is_short(&self, line: usize) -> bool {
        f32::from(self.view(line).width) < 0.9 * self.columns[line - self.first]
    }

    /// Whether a line at the boundary seems to have been repaired before: what was left for a person then is left for a person now.
    ///
    /// A word whose split the lexicon proves is the same whatever became of the other lines.
    pub fn was_repaired(&self, b: &Boundary, joint: Joint) -> bool {
        let (before, after) = (self.view(b.before), self.view(b.after));
        let wide = before.width.max(after.width) > self.widest;
        match joint {
            Joint::Space | Joint::Paragraph => wide || self.repaired || !self.mostly_lines,
            _ if !wide => false,
            _ if before.sign.is_hyphen() && after.opening == Opening::Lower => !self.word(b).0.joined_is_the_better_reading(),
            _ => true,
        }
    }

    /// The measures of all lines.
    pub fn measures(&self) -> (Vec<Measure>, Habits) {
        let mut measures: Vec<Measure> = self.views.iter().map(|v| Measure::new(self.text, v)).collect();
        let habits = paragraph::columns(&mut measures, &self.views);
        (measures, habits)
    }

    /// The features of the paragraph model at a boundary.
    pub fn paragraph(&self, b: &Boundary, (measures, habits): &(Vec<Measure>, Habits)) -> Features {
        let (before, after) = (b.before - self.first, b.after - self.first);
        let role = |line: usize| self.ctx.issue.lines[line].role;
        let around = Around {
            previous: before.checked_sub(1).and_then(|i| measures.get(i)),
            before: (&self.views[before], &measures[before], role(b.before)),
            after: (&self.views[after], &measures[after], role(b.after)),
            next: measures.get(after + 1),
            habits: *habits,
        };
        paragraph::features(self.text, &around)
    }
}

/// How wide a printed line can be: half as much again as three lines in four are at least, within what newspapers and books have.
fn widest(views: &[LineView]) -> u16 {
    let mut widths: Vec<u16> = views.iter().map(|v| v.width).collect();
    if widths.is_empty() {
        return u16::MAX;
    }
    let at = widths.len() / 4;
    let quarter = *widths.select_nth_unstable(at).1;
    quarter.saturating_add(quarter / 2).clamp(84, 130)
}
