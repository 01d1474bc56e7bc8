//! Decisions on one line each, and the table of how people decided.

use std::io::{self, Write};

use super::Form;
use crate::review::decisions::{Decisions, Event, Verdict};
use crate::review::people;
use crate::write::human::visible;

/// `2026-01-31T12:00:00Z  anna  accept  split-word  示[-⏎⏎-]范  kecheng.txt`
pub fn event(out: &mut impl Write, event: &Event, form: Form) -> io::Result<()> {
    if form == Form::Jsonl {
        serde_json::to_writer(&mut *out, event)?;
        return writeln!(out);
    }
    let after = if event.decision == Verdict::Edit { event.text.as_deref().unwrap_or_default() } else { &event.after };
    let mark = |text: &str, open: &str, close: &str| {
        if text.is_empty() { String::new() } else { format!("{open}{}{close}", visible(text)) }
    };
    let change = format!("{}{}", mark(&event.before, "[-", "-]"), mark(after, "{+", "+}"));
    let place = match (&event.fp, event.sampled) {
        // A pair of copies is in no issue: its key is all it has.
        (Some(fp), _) if event.issue.is_empty() => format!("pair {fp}"),
        (Some(_), _) => visible(&event.issue).into_owned(),
        (None, Some([seen, of])) => format!("the whole pattern ({seen} of {of} looked at)"),
        (None, None) => "the whole pattern".to_owned(),
    };
    writeln!(
        out,
        "{}  {}  {}  {}  {}{change}{}  {place}",
        event.at,
        visible(&event.by),
        event.decision.name(),
        visible(&event.rule),
        visible(&event.context[0]),
        visible(&event.context[1]),
    )
}

/// How people decided, by rule and by person.
pub fn rates(out: &mut impl Write, decisions: &Decisions) -> io::Result<()> {
    let (rules, people) = people::rates(decisions);
    for (title, rows) in [("rule", rules), ("person", people)] {
        writeln!(out, "{title:24} accepted  edited  rejected  deferred  of them patterns  accepted as proposed")?;
        for (name, r) in rows {
            let share = r.accepted_share().map_or("-".into(), |s| format!("{:.1} %", 100.0 * s));
            writeln!(
                out,
                "{:24} {:8}  {:6}  {:8}  {:8}  {:16}  {share:>20}",
                visible(&name),
                r.accepted,
                r.edited,
                r.rejected,
                r.deferred,
                r.patterns
            )?;
        }
    }
    Ok(())
}
