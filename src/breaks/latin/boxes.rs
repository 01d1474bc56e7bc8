//! What the boxes of printed lines say of paragraph ends: an indented line, a short last line, a wide gap, another column, other type.
//!
//! All is measured against the column a line stands in: the lines around it that lie over and under it. Heights are those of its lines, so
//! the unit does not matter.

use super::feature::Boxes;
use super::run::Run;
use super::word::Features;
use crate::breaks::Boundary;
use crate::breaks::loglinear::{Feature, LogLinear};
use crate::edit::Evidence;
use crate::model::Issue;
use crate::ocr::Rect;

/// Lines before and after that are looked at.
const REACH: usize = 14;
/// An indent, and the room a last line leaves, in heights of a line.
const INDENTED: f32 = 0.45;
const SHORT: f32 = 0.8;

/// The column around a line.
struct Column {
    left: f32,
    right: f32,
    height: f32,
    /// From a line to the next.
    pitch: f32,
}

/// The box of a line.
pub fn of_line(issue: &Issue, line: usize) -> Option<Rect> {
    issue.lines.get(line)?;
    issue.printed_line(line)?.rect.filter(|r| r.height() > 0.0)
}

/// The value that this share of the others do not go over.
fn quantile(mut values: Vec<f32>, share: f32) -> f32 {
    let at = ((values.len() as f32 * share) as usize).min(values.len() - 1);
    *values.select_nth_unstable_by(at, f32::total_cmp).1
}

fn column(issue: &Issue, line: usize, own: Rect) -> Column {
    let page = issue.lines[line].page;
    let over = |r: &Rect| r.x1.min(own.x1) - r.x0.max(own.x0) > 0.5 * r.width().min(own.width());
    let near: Vec<(usize, Rect)> = (line.saturating_sub(REACH)..(line + REACH + 1).min(issue.lines.len()))
        .filter(|i| issue.lines[*i].page == page)
        .filter_map(|i| Some((i, of_line(issue, i).filter(|r| i == line || over(r))?)))
        .collect();
    let all = |value: fn(&Rect) -> f32| near.iter().map(|(_, r)| value(r)).collect::<Vec<f32>>();
    let height = quantile(all(Rect::height), 0.5);
    let steps: Vec<f32> = near.windows(2).filter(|w| w[1].0 == w[0].0 + 1).map(|w| w[1].1.y0 - w[0].1.y0).filter(|d| *d > 0.0).collect();
    let pitch = if steps.is_empty() { height * 1.2 } else { quantile(steps, 0.5) };
    Column { left: quantile(all(|r| r.x0), 0.35), right: quantile(all(|r| r.x1), 0.65), height, pitch }
}

/// The feature of the first bound that is over the value.
fn bin(first: Boxes, bounds: &[f32], value: f32) -> (u16, f32) {
    (first as u16 + bounds.iter().position(|b| value < *b).unwrap_or(bounds.len()) as u16, 1.0)
}

/// What the text says, as a feature: the first of every boundary.
pub fn text_says(odds: f32) -> Feature {
    Boxes::TextSays.is(odds.clamp(-6.0, 6.0) / 4.0)
}

/// The features of a boundary, with what the text alone says of it; `None` where a line has no box.
pub fn features(issue: &Issue, b: &Boundary, text_odds: f32) -> Option<Features> {
    let (before, after) = (of_line(issue, b.before)?, of_line(issue, b.after)?);
    let (own, next) = (column(issue, b.before, before), column(issue, b.after, after));
    let mut f = Features::new();
    f.push(text_says(text_odds));
    let indent = (after.x0 - next.left) / next.height;
    f.push(bin(Boxes::Indent0, &[-0.15, 0.25, 0.6, 1.2, 2.0], indent));
    if after.y0 < before.y0 - 2.0 * next.height || after.x0 > before.x1 || after.x1 < before.x0 {
        f.push(Boxes::NewColumn.is(1.0));
    } else {
        f.push(bin(Boxes::FromLine0, &[-1.0, -0.4, 0.25, 0.7, 1.5], (after.x0 - before.x0) / next.height));
        let step = ((after.y0 + after.y1) - (before.y0 + before.y1)) / 2.0;
        f.push(bin(Boxes::Gap0, &[-0.15, 0.1, 0.3, 0.6, 1.2], step / next.pitch - 1.0));
    }
    let below = of_line(issue, b.after + 1).filter(|r| (r.y0 - after.y0 - next.pitch).abs() < next.pitch);
    if let Some(below) = below {
        f.push(bin(Boxes::FromNext0, &[-1.0, -0.4, 0.25, 0.7, 1.5], (after.x0 - below.x0) / next.height));
    }
    let short = (own.right - before.x1) / own.height;
    f.push(bin(Boxes::Short0, &[0.4, 0.8, 1.5, 3.0, 8.0, 16.0], short));
    f.push(bin(Boxes::Height0, &[0.6, 0.8, 1.25, 1.6], after.height() / before.height()));
    f.push(bin(Boxes::Was0, &[0.25, 0.6], (before.x0 - own.left) / own.height));
    let line = issue.line_text(b.before).trim_end().trim_end_matches([')', '»', '«', '"', '“', '”', '\'']);
    let both = match (indent > INDENTED, short > SHORT, line.ends_with(['.', '!', '?'])) {
        (false, false, false) => Boxes::NotIndentedFull,
        (false, false, true) => Boxes::NotIndentedFullFinal,
        (false, true, false) => Boxes::NotIndentedShort,
        (false, true, true) => Boxes::NotIndentedShortFinal,
        (true, false, false) => Boxes::IndentedFull,
        (true, false, true) => Boxes::IndentedFullFinal,
        (true, true, false) => Boxes::IndentedShort,
        (true, true, true) => Boxes::IndentedShortFinal,
    };
    f.push(both.is(1.0));
    if indent > 0.8 && (next.right - after.x1) / next.height > SHORT {
        f.push(Boxes::Centred.is(1.0));
    }
    Some(f)
}

/// The log-odds that a paragraph ends, by text and boxes; those of the text where there are no boxes.
pub fn odds(run: &Run, b: &Boundary, text_odds: f32, model: Option<&LogLinear>) -> f32 {
    let Some(model) = model else { return text_odds };
    // Where a word is cut no paragraph ends, however the lines stand.
    if run.view(b.before).sign.is_hyphen() && run.view(b.after).opening == super::line::Opening::Lower {
        return text_odds;
    }
    features(run.ctx.issue, b, text_odds).map_or(text_odds, |f| model.log_odds(&f))
}

/// What of the boxes a person would look at first.
pub fn evidence(issue: &Issue, b: &Boundary, ends: bool) -> Option<Evidence> {
    let (before, after) = (of_line(issue, b.before)?, of_line(issue, b.after)?);
    let (own, next) = (column(issue, b.before, before), column(issue, b.after, after));
    let indented = (after.x0 - next.left) / next.height > INDENTED;
    let short = (own.right - before.x1) / own.height > SHORT;
    match (ends, indented, short) {
        (true, true, _) => Some(Evidence::named("box-of-next-line-indented")),
        (true, false, true) => Some(Evidence::named("box-of-line-short")),
        (false, false, false) => Some(Evidence::named("boxes-of-lines-full")),
        _ => None,
    }
}
