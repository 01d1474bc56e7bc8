//! Two copies side by side, aligned, with the graphemes marked that differ: for a terminal and for a browser.

use std::fmt::Write as _;
use std::io::{self, Write};

use unicode_segmentation::UnicodeSegmentation;

use super::candidates::NEAREST;
use super::fold::{Folded, is_han};
use super::load::{Full, Texts};
use super::record::{PairRecord, Place};
use super::{Kind, Pair};
use crate::messages::{say, spoken};

/// Columns of each side in a terminal.
const COLUMNS: usize = 52;
/// Graphemes of a stretch that are compared; what follows is left out and said so.
const LONGEST: usize = 20_000;
/// Letters before or after what two texts share that are worth a word.
const REST: usize = 12;
/// Stands where the other side has something.
const GAP: &str = "·";

/// What stands on each side, and whether both are the same but for case and script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cell<'a> {
    left: &'a str,
    right: &'a str,
    same: bool,
}

/// A row of the table, grapheme by grapheme.
type Row<'a> = Vec<Cell<'a>>;

/// Aligned rows of two texts, each at most so many columns wide. White space of any kind and length is one space.
fn rows<'a>(a: &'a str, b: &'a str, columns: usize) -> Vec<Row<'a>> {
    let (a, b) = (graphemes(a), graphemes(b));
    let mut rows: Vec<Row> = vec![Vec::new()];
    let mut used = 0;
    let mut push = |left: &'a str, right: &'a str, same: bool| {
        let wide = width(left).max(width(right));
        if used + wide > columns {
            rows.push(Vec::new());
            used = 0;
        }
        used += wide;
        if let Some(row) = rows.last_mut() {
            row.push(Cell { left, right, same });
        }
    };
    // Compared as they were when the copy was found: 头 and 頭, ſ and S are no difference to look at.
    let folded = |of: &[&str]| -> Vec<String> { of.iter().map(|g| folded(g)).collect() };
    for op in similar::capture_diff_slices(similar::Algorithm::Myers, &folded(&a), &folded(&b)) {
        let (left, right) = (&a[op.old_range()], &b[op.new_range()]);
        for i in 0..left.len().max(right.len()) {
            push(left.get(i).copied().unwrap_or(""), right.get(i).copied().unwrap_or(""), op.tag() == similar::DiffTag::Equal);
        }
    }
    rows.retain(|r| !r.is_empty());
    rows
}

fn graphemes(text: &str) -> Vec<&str> {
    let mut graphemes: Vec<&str> = Vec::new();
    for grapheme in text.graphemes(true) {
        let grapheme = if grapheme.chars().all(|c| c.is_whitespace() || c.is_control()) { " " } else { grapheme };
        if grapheme != " " || graphemes.last() != Some(&" ") {
            graphemes.push(grapheme);
        }
        if graphemes.len() == LONGEST {
            break;
        }
    }
    graphemes
}

/// A grapheme as copies are compared; marks, which are not compared, as they are, and letters with accents too.
fn folded(grapheme: &str) -> String {
    let mut chars = grapheme.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) if c.is_alphanumeric() => Folded::of(grapheme).units.iter().filter_map(|u| char::from_u32(*u)).collect(),
        _ => grapheme.into(),
    }
}

/// Columns in a terminal: two for Han characters and full-width marks, one for anything else.
fn width(grapheme: &str) -> usize {
    let wide = |c: char| {
        is_han(c as u32)
            || matches!(c, '\u{1100}'..='\u{115f}' | '\u{3000}'..='\u{30ff}' | '\u{ac00}'..='\u{d7a3}' | '\u{ff01}'..='\u{ff60}')
    };
    match grapheme.chars().next() {
        None => 0,
        Some(c) if wide(c) => 2,
        Some(_) => 1,
    }
}

/// The stretches of a pair, in bytes of both texts.
fn stretches(pair: &PairRecord) -> Vec<[[usize; 2]; 2]> {
    if pair.stretches.is_empty() { vec![[pair.span_a, pair.span_b]] } else { pair.stretches.clone() }
}

/// What the pair is, in a line.
fn verdict(pair: &PairRecord) -> String {
    let mut more = String::new();
    if pair.error_rate > 0.0 {
        more += &say("copies.differ", &[("percent", &format_args!("{:.1}", pair.error_rate * 100.0))]);
    }
    for (key, which) in [("copies.longer", pair.longer), ("copies.cleaner", pair.cleaner)] {
        more += &which.map(|which| say(key, &[("side", &side(which == "a"))])).unwrap_or_default();
    }
    if pair.weak {
        more += &say("copies.weak", &[]);
    }
    let kind = say(&format!("kind.{}", pair.kind.name()), &[]);
    say("copies.verdict", &[("kind", &kind), ("score", &format_args!("{:.3}", pair.score)), ("more", &more)])
}

fn side(left: bool) -> String {
    say(if left { "copies.left" } else { "copies.right" }, &[])
}

/// The date and title of a text, its file and line.
fn described(place: &Place) -> String {
    let known = [place.date.as_deref(), place.title.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(", ");
    format!("{known}{}{}:{}", if known.is_empty() { "" } else { "  " }, place.path, place.line)
}

/// What is said of a run besides its pairs.
#[derive(Clone, Copy, Debug)]
pub struct Counts {
    pub groups: usize,
    /// Likely pairs that were not compared.
    pub left_out: usize,
}

impl Counts {
    /// How many pairs were not compared, and why; nothing where all were.
    pub fn left_out(self) -> Option<String> {
        left_out(self.left_out)
    }
}

/// How many likely pairs were not compared, and why; nothing where all were.
pub fn left_out(pairs: usize) -> Option<String> {
    (pairs > 0).then(|| say("duplicate-article.left-out", &[("n", &pairs), ("nearest", &NEAREST)]))
}

/// Writes all pairs for a terminal, then how many there are.
pub fn human(out: &mut impl Write, texts: &Texts, pairs: &[(&Pair, &PairRecord)], counts: Counts, colour: bool) -> io::Result<()> {
    let bold = |text: &str| if colour { format!("\x1b[1m{text}\x1b[0m") } else { text.to_string() };
    for (pair, record) in pairs {
        writeln!(out, "{}  {}", bold(&format!("{} ↔ {}", clean(&record.a), clean(&record.b))), verdict(record))?;
        writeln!(out, "  {}", say("copies.pair", &[("key", &record.fp)]))?;
        writeln!(out, "  {}\n  {}", clean(&described(&record.place_a)), clean(&described(&record.place_b)))?;
        let (Some(a), Some(b)) = (texts.full(pair.a), texts.full(pair.b)) else { continue };
        if record.kind == Kind::Exact {
            writeln!(out, "  {}\n", clean(&a.text.chars().take(COLUMNS * 2).collect::<String>()))?;
            continue;
        }
        for [of_a, of_b] in stretches(record) {
            for row in rows(&a.text[of_a[0]..of_a[1]], &b.text[of_b[0]..of_b[1]], COLUMNS) {
                terminal_row(out, &row, colour)?;
            }
        }
        for (left, text, span) in [(true, &a.text, record.span_a), (false, &b.text, record.span_b)] {
            let letters = |of: &str| of.chars().filter(|c| c.is_alphanumeric()).count();
            for (rest, key) in [(letters(&text[..span[0]]), "copies.begins"), (letters(&text[span[1]..]), "copies.goes-on")] {
                if rest > REST {
                    writeln!(out, "  {}", say(key, &[("side", &side(left)), ("n", &rest)]))?;
                }
            }
        }
        writeln!(out)?;
    }
    writeln!(out, "{}", summary(texts, pairs, counts))?;
    counts.left_out().map_or(Ok(()), |line| writeln!(out, "{line}"))
}

/// How many there are.
fn summary(texts: &Texts, pairs: &[(&Pair, &PairRecord)], counts: Counts) -> String {
    say("copies.counts", &[("texts", &texts.entries.len()), ("pairs", &pairs.len()), ("clusters", &counts.groups)])
}

fn terminal_row(out: &mut impl Write, row: &Row, colour: bool) -> io::Result<()> {
    let side = |of: fn(&Cell) -> String, paint: &str| {
        let (mut text, mut marks, mut used) = (String::new(), String::new(), 0);
        for pair in row {
            let wide = width(pair.left).max(width(pair.right));
            let shown = of(pair);
            let shown = if shown.is_empty() { GAP.to_string() } else { clean(&shown) };
            let padding = " ".repeat(wide.saturating_sub(width(&shown)));
            if colour && !pair.same {
                let _ = write!(text, "\x1b[{paint}m{shown}\x1b[0m{padding}");
            } else {
                text += &shown;
                text += &padding;
            }
            marks += &if pair.same { " " } else { "^" }.repeat(wide);
            used += wide;
        }
        let rest = " ".repeat(COLUMNS.saturating_sub(used));
        (text + &rest, marks + &rest)
    };
    let (left, left_marks) = side(|p| p.left.to_string(), "31");
    let (right, right_marks) = side(|p| p.right.to_string(), "32");
    writeln!(out, "  {left} │ {}", right.trim_end())?;
    if !colour && left_marks.contains('^') {
        writeln!(out, "  {left_marks} │ {}", right_marks.trim_end())?;
    }
    Ok(())
}

/// Without control characters, on one line.
fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Writes a page for a browser: no scripts, nothing from elsewhere.
pub fn html(out: &mut impl Write, texts: &Texts, pairs: &[(&Pair, &PairRecord)], counts: Counts) -> io::Result<()> {
    writeln!(
        out,
        "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{}</title>\n<style>{STYLE}</style></head><body>",
        spoken().code(),
        say("copies.title", &[])
    )?;
    writeln!(out, "<h1>{}</h1>", summary(texts, pairs, counts))?;
    counts.left_out().map_or(Ok(()), |line| writeln!(out, "<p>{line}</p>"))?;
    for (pair, record) in pairs {
        let (Some(a), Some(b)) = (texts.full(pair.a), texts.full(pair.b)) else { continue };
        writeln!(
            out,
            "<section id=\"{}\"><h2>{} ↔ {}</h2><p>{}<br>{}</p>",
            record.fp,
            escaped(&record.a),
            escaped(&record.b),
            verdict(record),
            say("copies.pair", &[("key", &record.fp)])
        )?;
        writeln!(
            out,
            "<table><tr><th>{}</th><th>{}</th></tr>",
            escaped(&described(&record.place_a)),
            escaped(&described(&record.place_b))
        )?;
        let mut last = [0, 0];
        for [of_a, of_b] in stretches(record) {
            only(out, &a, last[0].min(of_a[0])..of_a[0], &b, last[1].min(of_b[0])..of_b[0])?;
            last = [of_a[1], of_b[1]];
            for row in rows(&a.text[of_a[0]..of_a[1]], &b.text[of_b[0]..of_b[1]], 80) {
                writeln!(out, "<tr><td>{}</td><td>{}</td></tr>", cell(&row, |p| p.left, "del"), cell(&row, |p| p.right, "ins"))?;
            }
        }
        only(out, &a, last[0]..a.text.len(), &b, last[1]..b.text.len())?;
        writeln!(out, "</table></section>")?;
    }
    writeln!(out, "</body></html>")
}

const STYLE: &str = "body{font:16px/1.5 serif;margin:2em auto;max-width:75em;padding:0 1em}table{width:100%;border-collapse:collapse;table-layout:fixed}\
td,th{vertical-align:top;text-align:left;padding:0 .8em;border-left:3px solid #ddd;overflow-wrap:anywhere}h2{font-size:1.1em;margin:2em 0 0}\
del{background:#fdd;text-decoration:none}ins{background:#dfd;text-decoration:none}.only{color:#666}@media(prefers-color-scheme:dark){\
body{background:#222;color:#ddd}del{background:#622}ins{background:#252}}";

/// What only one of them has.
fn only(out: &mut impl Write, a: &Full, of_a: std::ops::Range<usize>, b: &Full, of_b: std::ops::Range<usize>) -> io::Result<()> {
    let (left, right) = (a.text[of_a].trim(), b.text[of_b].trim());
    if left.is_empty() && right.is_empty() {
        return Ok(());
    }
    writeln!(out, "<tr class=\"only\"><td>{}</td><td>{}</td></tr>", escaped(left), escaped(right))
}

fn cell<'a>(row: &Row<'a>, side: fn(&Cell<'a>) -> &'a str, tag: &str) -> String {
    let mut cell = String::new();
    for run in row.chunk_by(|x, y| x.same == y.same) {
        let text = escaped(&run.iter().map(side).collect::<String>());
        if run[0].same || text.is_empty() {
            cell += &text;
        } else {
            let _ = write!(cell, "<{tag}>{text}</{tag}>");
        }
    }
    cell
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_keep_both_sides_in_step() {
        let rows = rows("Die Sitzung\nwurde eröffnet", "Die Sitzang wurde  eröfnet", 12);
        assert_eq!(rows.len(), 3);
        let left: String = rows.iter().flatten().map(|p| p.left).collect();
        let right: String = rows.iter().flatten().map(|p| p.right).collect();
        assert_eq!((left.as_str(), right.as_str()), ("Die Sitzung wurde eröffnet", "Die Sitzang wurde eröfnet"));
        assert_eq!(rows.iter().flatten().filter(|p| !p.same).count(), 2);
    }

    #[test]
    fn whole_graphemes_are_marked() {
        let rows = rows("cafe\u{301}", "cafe", 40);
        assert_eq!(rows[0].last(), Some(&Cell { left: "e\u{301}", right: "e", same: false }));
    }

    #[test]
    fn scripts_and_case_are_no_difference() {
        let rows = rows("头髮。Ausſchuß", "頭发，AUSSCHUß", 40);
        assert_eq!(rows.iter().flatten().filter(|p| !p.same).map(|p| p.left).collect::<Vec<_>>(), ["。"]);
    }
}
