//! Decisions about breaks as labelled boundaries, for `galley evaluate` and `galley train`.
//!
//! What a person accepted is what the text reads then. What a person rejected is known only where one thing is left: a Chinese text that
//! does not go on, or a sentence that does not, is another paragraph. Where several are left (a hyphen that goes, stays or hangs) there is
//! no row: no label is better than a guessed one.

use std::fmt::Write as _;

use crate::edit::Edit;
use crate::evaluate::Kind;
use crate::pipeline::{Processed, Step};
use crate::review::decisions::Ruling;
use crate::rules::Stage;

/// One labelled boundary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// 1-based physical line of the issue's text as read.
    pub line_a: usize,
    /// The line that follows once page furniture is left out.
    pub line_b: usize,
    pub kind: Kind,
    /// accept, reject or edit.
    pub decision: &'static str,
    pub fp: String,
}

/// The decided breaks of an issue, by line. The issue has gone down the path in the layout of paragraphs, with the decisions.
pub fn rows(processed: &Processed) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let steps = processed.steps.iter().zip(processed.keys());
    for (step, keys) in steps.filter(|(s, _)| matches!(s.stage, Stage::Breaks | Stage::Pages)) {
        for ((edit, ruling), key) in step.edits.iter().zip(&step.rulings).zip(keys) {
            let Some(ruling) = ruling.as_ref() else { continue };
            let Some((a, b, said)) = boundary(step, edit) else { continue };
            let kind = match ruling {
                Ruling::Accept | Ruling::Edit(_) => said,
                Ruling::Reject => said.and_then(|kind| instead(step, a, kind)),
                _ => None,
            };
            let line =
                |at: usize| 1 + memchr::memchr_iter(b'\n', &processed.read.text.as_bytes()[..step.back.to_old(at..at).start]).count();
            rows.extend(kind.map(|kind| Row { line_a: line(a), line_b: line(b), kind, decision: ruling.name(), fp: key.fp.clone() }));
        }
    }
    rows.sort_by_key(|r| (r.line_a, r.line_b));
    rows.dedup_by_key(|r| (r.line_a, r.line_b));
    rows
}

/// The table of `NAME.gold.tsv`.
pub fn table(rows: &[Row]) -> String {
    let mut table = "line_a\tline_b\tkind\tdecision\tfp\n".to_owned();
    for r in rows {
        let _ = writeln!(table, "{}\t{}\t{}\t{}\t{}", r.line_a, r.line_b, r.kind.name(), r.decision, r.fp);
    }
    table
}

/// Signs that split a word, at the end of a line.
fn is_sign(c: char) -> bool {
    matches!(c, '-' | '\u{ad}' | '\u{2010}' | '\u{2011}' | '¬' | '=' | '⸗')
}

/// Where a break is, in the text the step saw, and what the edit makes of it: an offset in the line before, one in the line after.
fn boundary(step: &Step, edit: &Edit) -> Option<(usize, usize, Option<Kind>)> {
    let text = &step.issue.text;
    if !matches!(edit.rule, "split-word" | "broken-paragraph") {
        return None;
    }
    let first = &edit.replacements[0];
    let a = first.span.start;
    let b = match edit.replacements.get(1) {
        // A part that moves over a page end; of a paragraph over three pages the first break alone.
        Some(moved) => moved.span.end - text[moved.span.clone()].trim_start().len(),
        None if first.span.is_empty() => {
            let next = step.issue.lines.partition_point(|l| l.span.end <= a);
            step.issue.lines.get(next)?.span.start
        }
        None => first.span.end,
    };
    let gone = text[first.span.clone()].starts_with(is_sign);
    let sign = text[..a].ends_with(is_sign) && edit.rule == "split-word";
    let put = match edit.replacements.len() {
        1 => first.text.as_str(),
        _ => &first.text[..first.text.len() - first.text.trim_start().len()],
    };
    let kind = match put {
        put if put.contains('\n') => Some(Kind::Para),
        "" if gone || !sign => Some(Kind::Join),
        "" => Some(Kind::Keep),
        put if put.trim().is_empty() => Some(if sign { Kind::Hanging } else { Kind::Space }),
        put if put.trim_end().chars().eq(put.trim_end().chars().take(1).filter(|c| is_sign(*c))) => {
            Some(if put.ends_with(char::is_whitespace) { Kind::Hanging } else { Kind::Keep })
        }
        // Somebody wrote other text between the two lines.
        _ => None,
    };
    Some((a, b, kind))
}

/// What a break is where this is not right.
fn instead(step: &Step, a: usize, said: Kind) -> Option<Kind> {
    let line = step.issue.lines.partition_point(|l| l.span.end < a).min(step.issue.lines.len().checked_sub(1)?);
    let sign = step.issue.line_text(line).trim_end().ends_with(is_sign);
    let chinese = step.issue.line_language(line).is_chinese();
    match said {
        Kind::Join if chinese => Some(Kind::Para),
        Kind::Join if !sign => Some(Kind::Apart),
        Kind::Space => Some(Kind::Para),
        Kind::Para if !sign => Some(if chinese { Kind::Join } else { Kind::Space }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::dictionary::Dictionaries;
    use crate::model::Issue;
    use crate::pipeline::{Settings, process};
    use crate::review::cards::{Card, cards};
    use crate::review::decisions::{Decisions, Verdict};

    fn run(text: &str, decisions: Option<Decisions>) -> Processed {
        let settings = Settings { decisions: decisions.map(Arc::new), ..Settings::default() };
        process(Issue::from_text("a.txt", text), &Dictionaries::builtin(), &settings)
    }

    /// The rows when somebody says this about every break.
    fn labelled(text: &str, decision: Verdict, other: Option<&str>) -> Vec<(usize, usize, Kind)> {
        let event = |c: &Card| c.event(decision, "a", "2026-01-01T00:00:00Z".into(), other.map(str::to_owned));
        let events = cards(&run(text, None)).iter().filter(|c| c.confidence().is_some()).map(event).collect();
        rows(&run(text, Some(Decisions::of(events, 1)))).into_iter().map(|r| (r.line_a, r.line_b, r.kind)).collect()
    }

    #[test]
    fn accepted_breaks_are_what_they_become() {
        let chinese = "区四套班子领导要带头示\n\n范，当好支持者、参与者，不当评论者、空谈者、反对者。\n";
        assert_eq!(labelled(chinese, Verdict::Accept, None), [(1, 3, Kind::Join)]);
        assert_eq!(labelled(chinese, Verdict::Reject, None), [(1, 3, Kind::Para)]);
        assert_eq!(labelled(chinese, Verdict::Edit, Some("\n")), [(1, 3, Kind::Para)]);
        let english = "The chairman of the com-\nmittee spoke on Monday, and the\nmembers agreed with him.\n";
        assert_eq!(labelled(english, Verdict::Accept, None), [(1, 2, Kind::Join), (2, 3, Kind::Space)]);
        assert_eq!(labelled(english, Verdict::Reject, None), [(2, 3, Kind::Para)], "a hyphen may be kept or hang: nobody said which");
        assert_eq!(labelled(english, Verdict::Edit, Some("-"))[0], (1, 2, Kind::Keep));
        assert_eq!(labelled(english, Verdict::Edit, Some("- "))[0], (1, 2, Kind::Hanging));
    }

    #[test]
    fn a_break_over_a_page_end_is_that_of_its_lines() {
        let text = "区四套班子领导要带头示\n\u{c}\n范，当好支持者、参与者，不当评论者、空谈者、反对者。\n\n大家一致表示，要把工作做好。\n";
        let found = labelled(text, Verdict::Accept, None);
        assert_eq!(found, [(1, 3, Kind::Join)], "{text:?}");
    }
}
