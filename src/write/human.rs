//! For a person at a terminal: grouped by rule, counted, each change in its context with the evidence.

use std::borrow::Cow;
use std::io::{self, Write};

use unicode_segmentation::UnicodeSegmentation;

use crate::edit::{Edit, Outcome, Severity};
use crate::error::Shown;
use crate::messages::say;
use crate::pipeline::{Processed, Step};
use crate::places::Places;
use crate::record::{self, FindingRecord, left_context, right_context};
use crate::rules::RULES;

use super::marks::{Mark, marks};

/// Graphemes of context on each side of a change.
const CONTEXT: usize = 16;
/// Graphemes of a long replacement that are shown at each end.
const LONG: usize = 14;

/// How the report looks.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// ANSI colours; without them changes stand as `[-old-]{+new+}`.
    pub colour: bool,
    /// Changes shown for each rule and outcome of an issue; 0 shows all.
    pub max_shown: usize,
    /// Whether the selected edits are made or only proposed.
    pub written: bool,
    /// Names of rules lead to what is written about them (OSC 8).
    pub links: bool,
}

/// Writes the report of one issue; nothing if there is nothing to say.
pub fn write(out: &mut impl Write, processed: &Processed, style: Style) -> io::Result<()> {
    let places = Places::new(&processed.read);
    let changes: Vec<(&Step, &Edit, Outcome)> = processed.changes().collect();
    if changes.is_empty() && processed.findings.is_empty() {
        return Ok(());
    }
    writeln!(out, "{}", paint(style, "1", &visible(&processed.read.id)))?;
    findings(out, &record::findings(processed), processed.read.sources.len() > 1, style)?;
    for rule in RULES.iter().map(|r| r.meta().name) {
        for outcome in [Outcome::Applied, Outcome::Held, Outcome::Rejected, Outcome::Displaced] {
            let group: Vec<_> = changes.iter().filter(|(_, e, o)| e.rule == rule && *o == outcome).collect();
            if group.is_empty() {
                continue;
            }
            writeln!(out, "  {}: {} {}", linked(style, rule), group.len(), outcome_said(outcome, style.written))?;
            let shown = if style.max_shown == 0 { group.len() } else { style.max_shown.min(group.len()) };
            for (step, edit, _) in &group[..shown] {
                change(out, processed, &places, step, edit, style)?;
            }
            if shown < group.len() {
                writeln!(out, "    {}", say("report.more", &[("n", &(group.len() - shown))]))?;
            }
        }
    }
    writeln!(out)
}

/// Findings under a heading; each has the name of its file, where that is not the heading.
pub fn group(out: &mut impl Write, heading: &str, found: &[FindingRecord], style: Style) -> io::Result<()> {
    if found.is_empty() {
        return Ok(());
    }
    writeln!(out, "{}", paint(style, "1", heading))?;
    findings(out, found, found.iter().any(|f| Shown(&f.path).to_string() != heading), style)?;
    writeln!(out)
}

/// `files` says whether each place needs the name of its file.
fn findings(out: &mut impl Write, findings: &[FindingRecord], files: bool, style: Style) -> io::Result<()> {
    for finding in findings {
        let severity = severity_said(finding.severity);
        let colour = if finding.severity == Severity::Error { "31" } else { "33" };
        let file = if files { format!("{}:", Shown(&finding.path)) } else { String::new() };
        writeln!(
            out,
            "  {} {}  {file}{}:{}  {}",
            paint(style, colour, &severity),
            linked(style, finding.rule),
            finding.line,
            finding.column,
            finding.message
        )?;
        if !finding.evidence.is_empty() {
            writeln!(out, "      {}", say("report.because", &[("evidence", &join(finding.evidence.iter()))]))?;
        }
        for related in &finding.related {
            writeln!(
                out,
                "      {} {}:{}  {}",
                say(&format!("role.{}", related.role), &[]),
                related.path,
                related.line,
                visible(&related.text)
            )?;
        }
    }
    Ok(())
}

fn change(out: &mut impl Write, processed: &Processed, places: &Places, step: &Step, edit: &Edit, style: Style) -> io::Result<()> {
    let text = &step.issue.text;
    let first = &edit.replacements[0];
    let place = places.of(&step.back.to_old(first.span.clone()));
    let file = if processed.read.sources.len() > 1 { format!("{}:", Shown(place.path)) } else { String::new() };
    let left = left_context(&text[..first.span.start], CONTEXT);
    let right = right_context(&text[first.span.end..], CONTEXT);
    let marked = marked(&text[first.span.clone()], &first.text, style);
    writeln!(out, "    {file}{}:{}  {}{marked}{}", place.line, place.column, visible(last_line(left)), visible(first_line(right)))?;
    write!(out, "      {} ({:.3})", say("report.because", &[("evidence", &join(edit.evidence.iter()))]), edit.confidence)?;
    for moved in &edit.replacements[1..] {
        let from = places.of(&step.back.to_old(moved.span.clone()));
        write!(out, "{}", say("report.moved", &[("place", &format_args!("{}:{}", Shown(from.path), from.line))]))?;
    }
    writeln!(out)
}

fn last_line(text: &str) -> &str {
    text.rsplit('\n').next().unwrap_or(text)
}

fn first_line(text: &str) -> &str {
    text.split('\n').next().unwrap_or(text)
}

/// Old and new as one text with the differences marked.
fn marked(old: &str, new: &str, style: Style) -> String {
    let mut out = String::new();
    for (mark, text) in marks(old, new) {
        let (open, close, colour) = match mark {
            Mark::Same => {
                out.push_str(&visible(text));
                continue;
            }
            Mark::Gone => ("[-", "-]", "9;31"),
            Mark::Come => ("{+", "+}", "4;32"),
        };
        let text = shortened(text);
        out.push_str(&if style.colour { paint(style, colour, &text) } else { format!("{open}{text}{close}") });
    }
    out
}

/// A long text by its two ends.
fn shortened(text: &str) -> String {
    let shown = visible(text);
    if shown.graphemes(true).count() <= 2 * LONG + 1 {
        return shown.into_owned();
    }
    let tail = shown.graphemes(true).rev().take(LONG).collect::<Vec<_>>().into_iter().rev().collect::<String>();
    format!("{}…{tail}", shown.graphemes(true).take(LONG).collect::<String>())
}

/// The text with line ends, form feeds and invisible characters made visible.
pub fn visible(text: &str) -> Cow<'_, str> {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
    };
    if !text.contains(hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' => out.push('⏎'),
            '\u{c}' => out.push('␌'),
            '\t' => out.push('→'),
            c if hidden(c) => out.push_str(&format!("<U+{:04X}>", u32::from(c))),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

fn join(items: impl Iterator<Item = impl std::fmt::Display>) -> String {
    items.map(|e| visible(&e.to_string()).into_owned()).collect::<Vec<_>>().join(", ")
}

/// The name of a rule, as a link to the documentation where the terminal makes links of them.
fn linked(style: Style, rule: &str) -> String {
    match style.links {
        true => {
            format!("\x1b]8;;https://docs.rs/galleyproof/{}/galleyproof/rules/#{rule}\x1b\\{rule}\x1b]8;;\x1b\\", env!("CARGO_PKG_VERSION"))
        }
        false => rule.to_string(),
    }
}

fn paint(style: Style, code: &str, text: &str) -> String {
    if style.colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_string() }
}

/// The outcome as people read it; `written` tells whether the run makes the selected edits.
pub fn outcome_said(outcome: Outcome, written: bool) -> String {
    let key = match outcome {
        Outcome::Applied if written => "outcome.applied",
        Outcome::Applied => "outcome.would-be-applied",
        Outcome::Held => "outcome.held",
        Outcome::Rejected => "outcome.rejected",
        Outcome::Displaced => "outcome.displaced",
    };
    say(key, &[])
}

/// The severity as people read it.
pub fn severity_said(severity: Severity) -> String {
    say(&format!("severity.{}", severity_name(severity)), &[])
}

/// The severity as machines read it.
pub fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Style = Style { colour: false, max_shown: 0, written: false, links: false };

    #[test]
    fn marks_whole_graphemes() {
        assert_eq!(marked("e\u{301}a", "ea", PLAIN), "[-e\u{301}-]{+e+}a");
        assert_eq!(marked("\n\n", "", PLAIN), "[-⏎⏎-]");
    }

    #[test]
    fn names_of_rules_are_links_where_wanted() {
        assert_eq!(linked(PLAIN, "split-word"), "split-word");
        let link = linked(Style { links: true, ..PLAIN }, "split-word");
        assert!(link.starts_with("\x1b]8;;https://") && link.ends_with("#split-word\x1b\\split-word\x1b]8;;\x1b\\"), "{link:?}");
    }

    #[test]
    fn shows_what_cannot_be_seen() {
        assert_eq!(visible("a\u{200b}b\u{c}"), "a<U+200B>b␌");
    }
}
