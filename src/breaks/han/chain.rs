//! The arithmetic of a column: a line that has room for what opens the next one ends a paragraph, a line narrower by an
//! indent begins one.
//!
//! Each line is the first of a paragraph or not, and the last or not; whether line i+1 is a first line is whether the
//! break before it is a paragraph's end. So the lines are a chain of two states, summed over forwards and backwards.

use super::column::Shape;

/// One line of a chain, measured.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    pub shape: Shape,
    /// The width of its column.
    pub column: u16,
    /// Its column sets the first lines of paragraphs in, by white space that is there to see.
    pub indents: bool,
    /// Log-odds of a join after it for other reasons than its width.
    pub text: f32,
}

/// The indent of first lines whose white space is lost: two characters.
const LOST_INDENT: i32 = 4;
/// How often a first line is not set in where others are: titles, bylines, after a picture.
const NOT_SET_IN: f64 = 0.15;

/// What a chain says of the break after each line but the last: log-odds of a join.
#[derive(Clone, Debug, Default)]
pub struct Odds {
    /// From the widths and the other breaks, without [`Link::text`] of this one.
    pub layout: Vec<f32>,
    /// With it.
    pub all: Vec<f32>,
}

/// Sums over all ways to cut a chain of lines into paragraphs. `trust`: how much the widths count.
pub fn sum(links: &[Link], trust: f32, odds: &mut Odds) {
    let narrow = likelihood(links, trust, LOST_INDENT, odds);
    let chosen = std::mem::take(odds);
    let plain = likelihood(links, trust, 0, odds);
    // Nearly all newspapers set first lines in; only what speaks clearly against it counts.
    if plain < narrow + 2.0 {
        *odds = chosen;
    }
}

/// [`sum`] for one indent, and the logarithm of the likelihood of all widths.
fn likelihood(links: &[Link], trust: f32, indent: i32, odds: &mut Odds) -> f64 {
    odds.layout.clear();
    odds.all.clear();
    let n = links.len();
    let breaks = n.saturating_sub(1);
    // [first line or not][the text goes on or a paragraph ends]
    let emissions: Vec<[[f64; 2]; 2]> = (0..n).map(|i| emission(links, i, f64::from(trust), indent)).collect();
    let text = |i: usize| {
        let p = 1.0 / (1.0 + (-f64::from(links[i].text)).exp());
        [p, 1.0 - p]
    };
    // behind[i][state of line i]: likelihood of all that comes after its break.
    let mut behind = vec![[1.0f64; 2]; n];
    for i in (0..breaks).rev() {
        let t = text(i);
        let mut sums = [0.0; 2];
        for (first, sum) in sums.iter_mut().enumerate() {
            *sum = (0..2).map(|ends| emissions[i][first][ends] * t[ends] * behind[i + 1][ends]).sum();
        }
        let scale = sums[0].max(sums[1]).max(f64::MIN_POSITIVE);
        behind[i] = [sums[0] / scale, sums[1] / scale];
    }
    let (mut forward, mut total) = ([0.5, 0.5], 0.0);
    for i in 0..breaks {
        let t = text(i);
        let reach = |ends: usize| (0..2).map(|first| forward[first] * emissions[i][first][ends]).sum::<f64>();
        let here = [reach(0), reach(1)];
        let layout = (here[0] * behind[i + 1][0]).max(1e-30).ln() - (here[1] * behind[i + 1][1]).max(1e-30).ln();
        odds.layout.push(layout as f32);
        odds.all.push(layout as f32 + links[i].text);
        let next = [here[0] * t[0], here[1] * t[1]];
        let scale = (next[0] + next[1]).max(f64::MIN_POSITIVE);
        total += scale.ln();
        forward = [next[0] / scale, next[1] / scale];
    }
    total
}

/// Likelihood of line i's width and of the next one's indent: `[first line or not][goes on or ends]`.
fn emission(links: &[Link], i: usize, trust: f64, indent: i32) -> [[f64; 2]; 2] {
    let mut out = [[1.0; 2]; 2];
    let Link { shape, column, indents, .. } = links[i];
    let next = links.get(i + 1);
    let slack = i32::from(column) - i32::from(shape.width);
    if !foreign(slack, &shape) {
        // Where indents are seen, the width has them in it already.
        let indent = if indents || shape.indent > 0 { 0 } else { indent };
        for (ends, filled) in [(0, true), (1, false)] {
            let at = |slack: i32| if filled { full(slack, &shape, next) } else { ending(slack, column) };
            out[0][ends] = at(slack);
            out[1][ends] = if indent == 0 { at(slack) } else { (1.0 - NOT_SET_IN) * at(slack - indent) + NOT_SET_IN * at(slack) };
        }
    }
    if let Some(next) = next.filter(|n| n.indents) {
        let seen = next.shape.indent >= 2;
        let likely = if seen { [0.01, 0.88] } else { [0.99, 0.12] };
        for row in &mut out {
            row[0] *= likely[0];
            row[1] *= likely[1];
        }
    }
    if trust != 1.0 {
        out.iter_mut().flatten().for_each(|p| *p = p.powf(trust));
    }
    out
}

/// Far wider than its column: a title over it, or lines that were joined before. Its width tells nothing.
fn foreign(slack: i32, shape: &Shape) -> bool {
    slack < -3 - i32::from(shape.hanging)
}

/// How likely a line that the text fills is to leave so much room.
fn full(slack: i32, shape: &Shape, next: Option<&Link>) -> f64 {
    let (first, unit) = next.map_or((2, 2), |n| (i32::from(n.shape.first.max(1)), i32::from(n.shape.unit.max(1))));
    match slack {
        s if s < 0 && -s <= i32::from(shape.hanging) => 0.85,
        -1 => 0.05,
        s if s < 0 => 0.02,
        s if s < first => 0.85,
        s if s < unit => 0.3,
        // There was room: characters lost by OCR, or a printer's whim.
        s => 0.05 * (-f64::from(s - first.min(unit) + 1) / 2.5).exp() + 1e-6,
    }
}

/// How likely the last line of a paragraph is to leave so much room: any.
fn ending(slack: i32, column: u16) -> f64 {
    let even = 2.0 / f64::from(column.max(2));
    if slack < -2 { 0.4 * even } else { even }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(widths: &[(u16, u16)]) -> Odds {
        let shape = |(width, indent): (u16, u16)| Shape { width, indent, first: 2, unit: 2, ..Shape::default() };
        let indents = widths.iter().any(|w| w.1 > 0);
        let links: Vec<Link> = widths.iter().map(|w| Link { shape: shape(*w), column: 32, indents, text: 0.0 }).collect();
        let mut odds = Odds::default();
        sum(&links, 1.0, &mut odds);
        odds
    }

    #[test]
    fn a_line_with_room_ends_a_paragraph() {
        let odds = chain(&[(32, 0), (32, 0), (18, 0), (28, 0), (32, 0)]);
        let joins: Vec<bool> = odds.all.iter().map(|o| *o > 0.0).collect();
        assert_eq!(joins, [true, true, false, true]);
    }

    #[test]
    fn a_full_line_before_a_narrow_one_ends_a_paragraph() {
        let odds = chain(&[(28, 0), (32, 0), (32, 0), (28, 0), (32, 0), (32, 0)]);
        assert!(odds.all[2] < 0.0 && odds.all[1] > 0.0 && odds.all[3] > 0.0, "{odds:?}");
    }

    #[test]
    fn an_indent_ends_the_paragraph_before() {
        let odds = chain(&[(32, 4), (32, 0), (32, 0), (32, 4), (32, 0)]);
        assert!(odds.all[2] < -1.0 && odds.all[3] > 2.0, "{odds:?}");
    }
}
