//! Physical lines: how wide each one is, and how wide the column is it stands in.
//!
//! All widths are in half-widths: a Han character is two, a half-width digit one. Nothing is known of the column but its
//! lines, so its width is the one most lines agree with; where they agree with none, there is no column and the text has
//! to speak for itself (a whole paragraph on each line).

use super::characters::{Class, width};

/// What the arithmetic of a column needs to know of one line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// From the edge of the column to the last character: the indent counts.
    pub width: u16,
    /// White space the line begins with.
    pub indent: u16,
    /// Marks at its end that may not open a line: printers let them hang over the edge.
    pub hanging: u16,
    /// Its first character: what would have gone on the line before, had there been room.
    pub first: u16,
    /// The same with what cannot be parted from it: openers, the rest of a number, closing marks.
    pub unit: u16,
    /// It ends with 。！？ (and a closing quote).
    pub stopped: bool,
    /// It ends with ， or 、.
    pub paused: bool,
}

impl Shape {
    /// Measures a line; white space at its end is nothing.
    pub fn of(line: &str) -> Shape {
        let line = line.trim_end();
        let text = line.trim_start();
        let measure = |text: &str| text.chars().map(width).sum::<u32>().min(u32::from(u16::MAX)) as u16;
        let indent = measure(&line[..line.len() - text.len()]);
        let mut shape = Shape { width: indent.saturating_add(measure(text)), indent, ..Shape::default() };
        for c in text.chars().rev() {
            let class = Class::of(c);
            if !class.closes() {
                break;
            }
            if shape.hanging == 0 {
                shape.paused = matches!(class, Class::Comma | Class::Enumeration);
            }
            shape.hanging += width(c) as u16;
            shape.stopped |= class == Class::Stop;
        }
        (shape.first, shape.unit) = first_unit(text);
        shape
    }
}

/// The width of the first character, and of all that has to stand on one line with it.
fn first_unit(text: &str) -> (u16, u16) {
    /// Characters of a number or a Latin word that are looked at.
    const LONG: usize = 8;
    let mut classes = text.chars().map(|c| (Class::of(c), width(c) as u16)).peekable();
    let first = classes.peek().map_or(0, |(_, w)| *w);
    let mut unit = 0;
    let mut take = |test: &dyn Fn(Class) -> bool, most: usize| {
        for _ in 0..most {
            match classes.next_if(|(class, _)| test(*class)) {
                Some((_, w)) => unit += w,
                None => return,
            }
        }
    };
    take(&Class::opens, 3);
    match text.chars().map(Class::of).find(|c| !c.opens()) {
        Some(class @ (Class::Digit | Class::Latin)) => take(&|c| c == class, LONG),
        _ => take(&|_| true, 1),
    }
    take(&Class::closes, 2);
    (first, unit)
}

/// The columns that are looked for: half-widths.
const WIDTHS: std::ops::Range<usize> = 12..161;
/// A column wider than this is rare in print: more of its lines have to agree.
const WIDE: usize = 56;

/// The width of the column that these lines fill; `None` where they fill none.
///
/// `near`: the width of the column before, which this one probably shares.
pub fn column_width(shapes: &[Shape], near: Option<u16>) -> Option<u16> {
    // Lines by their width, those apart that end with marks that may hang.
    let mut plain = [0u16; WIDTHS.end + 8];
    let mut marked = [0u16; WIDTHS.end + 8];
    let mut beyond = 0u32;
    for shape in shapes {
        let of = if shape.hanging > 0 { &mut marked } else { &mut plain };
        match of.get_mut(usize::from(shape.width)) {
            Some(count) => *count += 1,
            None => beyond += 1,
        }
    }
    let mut wider: u32 = beyond + plain.iter().chain(&marked).map(|c| u32::from(*c)).sum::<u32>();
    let (mut best, mut best_score, mut best_exact, mut best_agree) = (None, f32::MIN, 0, 0);
    for at in 0..WIDTHS.end {
        wider -= u32::from(plain[at] + marked[at]);
        let agree = plain[at] + marked[at] + marked[at + 2];
        if agree == 0 || !WIDTHS.contains(&at) {
            continue;
        }
        let at_most = |by: usize| at.checked_sub(by).map_or(0, |w| plain[w] + marked[w]);
        let hanging = f32::from(marked[at + 2] + marked[at + 4]);
        let over = (wider as f32 - hanging).max(0.0);
        let narrow = f32::from(at_most(1)) + 0.4 * f32::from(at_most(4) + at_most(5)) + 0.3 * f32::from(at_most(2));
        let shared = if near == Some(at as u16) { 1.5 } else { 0.0 };
        let score = f32::from(plain[at] + marked[at]) + 0.7 * hanging + narrow + shared - 1.2 * over;
        if score > best_score {
            // Full first lines count as well: a column of short paragraphs has hardly any others.
            let full = agree + at_most(1) + at_most(4) + at_most(5) + marked[at + 4];
            (best, best_score, best_exact, best_agree) = (Some(at), score, u32::from(agree + at_most(1)), u32::from(full));
        }
    }
    let at = best?;
    let lines = shapes.len() as u32;
    let (share, least) = match (near == Some(at as u16), at > WIDE) {
        (true, false) => (0.3, 1),
        (true, true) => (0.4, 3),
        (false, false) => (0.4, 2),
        (false, true) => (0.5, 4),
    };
    let wide = shapes.iter().filter(|s| usize::from(s.width) > at + usize::from(s.hanging.min(4)) + 1).count();
    (best_exact >= least && best_agree as f32 >= share * lines as f32 && 2 * wide as u32 <= lines).then_some(at as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes() {
        let shape = Shape::of("　　今年的雨水比往年多，");
        assert_eq!((shape.width, shape.indent, shape.hanging), (24, 4, 2));
        assert!(shape.paused && !shape.stopped);
        let shape = Shape::of("“1998年。”");
        assert_eq!((shape.first, shape.unit, shape.hanging), (2, 6, 4));
        assert!(shape.stopped);
    }

    #[test]
    fn whole_paragraphs_on_lines_fill_no_column() {
        let shapes: Vec<Shape> = [40, 96, 33, 71, 120, 58].iter().map(|n| Shape::of(&"字".repeat(n / 2))).collect();
        assert_eq!(column_width(&shapes, None), None);
    }
}
