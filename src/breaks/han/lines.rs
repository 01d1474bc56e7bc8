//! Breaks between physical lines: what the columns say first, then what the text says of the paragraphs they make.

use super::chain::{self, Link, Odds};
use super::column::{Shape, column_width};
use super::evidence;
use super::names::Feature as F;
use super::run::Run;
use crate::breaks::BoundaryKind;
use crate::breaks::loglinear::{Feature, LogLinear};
use crate::edit::EvidenceList;

/// What the columns of a run say of its breaks.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    /// For each line, if it stands in a column.
    links: Vec<Option<Link>>,
    /// For each break, if both lines do: log-odds of a join from the widths and the other breaks.
    pub widths: Vec<Option<f32>>,
    /// The same with the text at this break.
    pub all: Vec<Option<f32>>,
    /// What the text says of each break between two lines, as it was weighed.
    pub texts: Vec<EvidenceList>,
}

impl Layout {
    /// Log-odds of a join between two lines of one region.
    pub fn line(&self, k: usize, kind: BoundaryKind) -> Option<f32> {
        self.all.get(k).copied().flatten().filter(|_| kind == BoundaryKind::Line)
    }

    /// What the widths add to a break between regions or pages. A short line before it takes nothing away: the block is judged
    /// by its text, as it will be once its lines are joined.
    pub fn between_regions(&self, k: usize, kind: BoundaryKind) -> f32 {
        let widths = self.widths.get(k).copied().flatten().filter(|_| kind != BoundaryKind::Line);
        widths.map_or(0.0, |w| w.clamp(0.0, 3.0))
    }

    /// The evidence of a column for or against a join.
    pub fn evidence(&self, k: usize) -> &'static str {
        let (Some(Some(before)), Some(Some(after))) = (self.links.get(k), self.links.get(k + 1)) else { return "line-layout" };
        let room = i32::from(before.column) - i32::from(before.shape.width);
        match self.widths[k].unwrap_or(0.0) {
            w if w > 0.0 && room < i32::from(after.shape.unit) => "line-is-full",
            w if w > 0.0 => "next-line-is-full",
            _ if after.indents && after.shape.indent >= 2 => "next-is-indented",
            _ if room >= i32::from(after.shape.unit) => "room-for-next",
            _ => "next-line-is-narrow",
        }
    }
}

impl Run<'_> {
    /// Finds the columns of the run and sums over them by their widths alone; `None` without physical lines.
    pub(super) fn columns(&self) -> Option<Layout> {
        if self.boundaries.iter().all(|b| b.kind != BoundaryKind::Line) {
            return None;
        }
        let lines = self.boundaries.iter().map(|b| b.before).chain(self.boundaries.last().map(|b| b.after));
        let shapes: Vec<Shape> = lines.map(|line| Shape::of(&self.ctx.issue.text[self.ctx.issue.lines[line].span.clone()])).collect();
        let mut layout = Layout { links: vec![None; shapes.len()], ..Layout::default() };
        let mut near = None;
        let mut from = 0;
        for end in 1..=shapes.len() {
            if end < shapes.len() && self.touches(end - 1) && self.boundaries[end - 1].kind == BoundaryKind::Line {
                continue;
            }
            let column = &shapes[from..end];
            if let Some(width) = column_width(column, near) {
                let set_in = column.iter().filter(|s| s.indent >= 2).count();
                let indents = set_in > 0 && 5 * set_in <= 4 * column.len() && (set_in > 1 || column.len() < 20);
                for (shape, link) in column.iter().zip(&mut layout.links[from..end]) {
                    *link = Some(Link { shape: *shape, column: width, indents, text: 0.0 });
                }
                near = Some(width);
            }
            from = end;
        }
        if layout.links.iter().all(Option::is_none) {
            return None;
        }
        for k in 0..self.boundaries.len() {
            let line = self.boundaries[k].kind == BoundaryKind::Line;
            if let Some(link) = &mut layout.links[k] {
                link.text = first_guess(&link.shape, line);
            }
        }
        self.sum(&mut layout, 1.0);
        Some(layout)
    }

    /// The break's line after is the line before of the next break.
    fn touches(&self, k: usize) -> bool {
        self.linked.get(k + 1).copied().unwrap_or(true)
    }

    fn sum(&self, layout: &mut Layout, trust: f32) {
        let n = self.boundaries.len();
        layout.widths = vec![None; n];
        layout.all = vec![None; n];
        let (mut chained, mut odds): (Vec<Link>, Odds) = Default::default();
        let mut from = 0;
        for end in 1..=layout.links.len() {
            if end < layout.links.len() && layout.links[end - 1].is_some() && layout.links[end].is_some() && self.touches(end - 1) {
                continue;
            }
            chained.clear();
            chained.extend(layout.links[from..end].iter().flatten());
            if chained.len() > 1 {
                chain::sum(&chained, trust, &mut odds);
                for (i, (widths, all)) in odds.layout.iter().zip(&odds.all).enumerate() {
                    layout.widths[from + i] = Some(*widths);
                    layout.all[from + i] = Some(*all);
                }
            }
            from = end;
        }
    }

    /// Decides the breaks between physical lines: the paragraphs that the widths make are read, and what their text says is
    /// summed over once more with the widths.
    pub(super) fn lay_out(&mut self, lines: &LogLinear) {
        let Some(mut layout) = self.columns() else { return };
        let trust = lines.contribution((F::Layout.index(), 1.0));
        self.join_by(&layout);
        let mut texts = Vec::with_capacity(self.boundaries.len());
        layout.texts = vec![EvidenceList::new(); self.boundaries.len()];
        for k in 0..self.boundaries.len() {
            let text = match layout.all[k] {
                None => 0.0,
                Some(_) if self.pieces[k].apart || self.after(k).apart => -9.0,
                Some(_) => {
                    self.collect(k);
                    let line = self.boundaries[k].kind == BoundaryKind::Line;
                    if line {
                        layout.texts[k] = evidence::weightiest(&self.row, &self.window, lines, self.ctx.thorough);
                    }
                    if line { lines } else { self.model }.log_odds(&self.row.features)
                }
            };
            texts.push(text);
        }
        for (link, text) in layout.links.iter_mut().zip(&texts) {
            if let Some(link) = link {
                link.text = *text;
            }
        }
        self.sum(&mut layout, trust);
        self.joined.fill(false);
        self.layout = layout;
    }

    /// The paragraphs as the columns make them.
    fn join_by(&mut self, layout: &Layout) {
        for (joined, odds) in self.joined.iter_mut().zip(&layout.all) {
            *joined = odds.is_some_and(|odds| odds > 0.0);
        }
    }

    /// Calls `each` with the features of every break between physical lines of a column, [`F::Layout`] among them.
    pub fn train_lines(mut self, mut each: impl FnMut(usize, &[Feature])) {
        let Some(layout) = self.columns() else { return };
        self.join_by(&layout);
        for (k, widths) in layout.widths.iter().enumerate() {
            if let Some(widths) = widths.filter(|_| self.boundaries[k].kind == BoundaryKind::Line) {
                self.collect(k);
                self.row.value(F::Layout, widths);
                each(k, &self.row.features);
            }
        }
    }
}

/// What the last mark of a line says before any text is read.
fn first_guess(shape: &Shape, line: bool) -> f32 {
    let within = if line { 0.0 } else { -3.0 };
    within
        + match (shape.stopped, shape.paused) {
            (true, _) => -0.9,
            (_, true) => 5.0,
            _ => 2.5,
        }
}
