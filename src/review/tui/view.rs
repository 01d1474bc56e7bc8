//! The terminal review as it looks: a head line, the card or what is before it, two lines of help.
//!
//! With `NO_COLOR` there is no colour and no need of it: what goes stands in `[-…-]`, what comes in `{+…+}`.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Wrap};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::state::{App, GroupRow, Mode, Typing, verdict_name};
use crate::messages::say;
use crate::review::cards::{Card, Matter};
use crate::review::decisions::{Ruling, Verdict};
use crate::review::sides::Sides;
use crate::write::human::{outcome_said, severity_said, visible};
use crate::write::marks::{Mark, marks};

/// Cells before the text of a card.
const LABEL: usize = 9;
/// Graphemes of context of a card in a sample.
const SHORT: usize = 14;

/// Draws everything.
pub fn draw(frame: &mut Frame, app: &App) {
    let [head, body, foot] = Layout::vertical([Constraint::Length(1), Constraint::Min(1), Constraint::Length(2)]).areas(frame.area());
    frame.render_widget(Paragraph::new(head_line(app)).style(Style::new().add_modifier(Modifier::REVERSED)), head);
    match &app.mode {
        Mode::Groups => groups(frame, app, body),
        Mode::Help => show(frame, help(), 0, body),
        Mode::Ask(verdict, sample) => show(frame, asked(app, *verdict, sample), app.scroll, body),
        Mode::Card | Mode::Type(..) => match app.card() {
            Some((i, card)) => show(frame, card_lines(app, i, card, body.width), app.scroll, body),
            None => show(frame, empty(app), 0, body),
        },
    }
    frame.render_widget(Paragraph::new(vec![message(app), keys(app)]), foot);
}

fn show(frame: &mut Frame, lines: Vec<Line>, scroll: u16, area: Rect) {
    frame.render_widget(Paragraph::new(lines).wrap(Wrap { trim: false }).scroll((scroll, 0)), area);
}

fn head_line(app: &App) -> String {
    let progress = app.review().progress(|c| c.rule != "undecided-break");
    let (at, of) = app.place();
    let mut parts = vec![say("tui.place", &[("at", &at), ("of", &of)]), app.order.name()];
    if let Some(pattern) = app.pattern {
        parts.push(say("tui.of-pattern", &[("rule", &app.review().patterns[pattern as usize].rule)]));
    }
    if !app.filter.is_empty() {
        parts.push(say("tui.filtered", &[("filter", &visible(&app.filter))]));
    }
    if app.mine {
        parts.push(say("tui.yours", &[]));
    }
    parts.push(say("tui.done", &[("done", &progress.done), ("all", &progress.cards)]));
    parts.push(app.user().to_owned());
    format!(" {}", parts.join(" · "))
}

fn empty(app: &App) -> Vec<Line<'static>> {
    let filtered = !app.filter.is_empty() || app.mine || app.pattern.is_some();
    let news = app.news();
    let mut lines = vec![Line::from(""), Line::from(say("tui.empty", &[]))];
    if filtered {
        lines.push(Line::from(say("tui.empty-filtered", &[])));
    }
    if news.since.is_some() {
        lines.push(Line::from(say("tui.decided-since", &[("n", &news.decided.len())])));
    }
    lines.push(Line::from(say("tui.empty-keys", &[])));
    lines
}

/// How text that goes or comes looks.
fn marked(app: &App, mark: Mark, text: &str) -> Vec<Span<'static>> {
    let text = visible(text).into_owned();
    let (open, close, colour, modifier) = match mark {
        Mark::Same => return vec![Span::raw(text)],
        Mark::Gone => ("[-", "-]", Color::Red, Modifier::CROSSED_OUT),
        Mark::Come => ("{+", "+}", Color::Green, Modifier::UNDERLINED),
    };
    match app.colour() {
        true => vec![Span::styled(text, Style::new().fg(colour).add_modifier(modifier))],
        false => vec![Span::raw(format!("{open}{text}{close}"))],
    }
}

fn label(text: &str) -> Span<'static> {
    let space = " ".repeat(LABEL.saturating_sub(text.width()).max(1));
    Span::styled(format!("{text}{space}"), Style::new().add_modifier(Modifier::BOLD))
}

/// Old or new text in its context, below its name: Chinese has no spaces to wrap at, and text beside the name would begin anywhere.
fn side(app: &App, name: String, card: &Card, new: &str, not_here: Mark) -> [Line<'static>; 2] {
    let mut spans = vec![Span::raw(visible(&card.context[0]).into_owned())];
    for (mark, text) in marks(&card.before, new).into_iter().filter(|(mark, _)| *mark != not_here) {
        spans.extend(marked(app, mark, text));
    }
    spans.push(Span::raw(visible(&card.context[1]).into_owned()));
    [Line::from(label(&name)), Line::from(spans)]
}

fn card_lines(app: &App, i: u32, card: &Card, width: u16) -> Vec<Line<'static>> {
    let bold = Style::new().add_modifier(Modifier::BOLD);
    let alike = app.review().patterns[card.pattern as usize].cards.len();
    let mut lines = vec![Line::from("")];
    let state = match &card.matter {
        Matter::Change { applicability, outcome, confidence, .. } => {
            let applicability = format!("{applicability:?}").to_lowercase();
            format!("{applicability}, {confidence:.3}, {} · {}", outcome_said(*outcome, true), say("tui.alike", &[("n", &alike)]))
        }
        Matter::Finding { severity, .. } => severity_said(*severity),
    };
    lines.push(Line::from(vec![Span::styled(card.rule, bold), Span::raw(format!("  {state}"))]));
    let owner = app.owner(card).map_or(String::new(), |who| format!(" · {}", say("tui.has-it", &[("who", &who)])));
    let page = if card.page > 0 { format!(" · {}", say("tui.page", &[("n", &card.page)])) } else { String::new() };
    lines.push(Line::from(format!("{}:{}:{}{page} · {}{owner}", visible(&card.path), card.line, card.column, card.lang)));
    lines.push(Line::from(""));
    match &card.matter {
        Matter::Change { parts, .. } => {
            lines.extend(side(app, say("tui.before", &[]), card, &card.after, Mark::Come));
            lines.extend(side(app, say("tui.after", &[]), card, &card.after, Mark::Gone));
            if let Some(Ruling::Edit(text)) = &card.ruling {
                lines.extend(side(app, say("tui.edited", &[]), card, text, Mark::Gone));
            }
            for part in parts {
                let mut spans = vec![label(&say("tui.and", &[])), Span::raw(format!("{}:{}  ", visible(&part.path), part.line))];
                marks(&part.before, &part.after).into_iter().for_each(|(mark, text)| spans.extend(marked(app, mark, text)));
                lines.push(Line::from(spans));
            }
        }
        Matter::Finding { message, related, sides, .. } => {
            lines.push(Line::from(visible(message).into_owned()));
            if sides.is_none() && !(card.before.is_empty() && card.context.iter().all(String::is_empty)) {
                let text = format!("{}{}{}", visible(&card.context[0]), visible(&card.before), visible(&card.context[1]));
                lines.push(Line::from(vec![label(&say("tui.text", &[])), Span::raw(text)]));
            }
            for r in related {
                lines.push(Line::from(vec![label(r.role), Span::raw(format!(" {}:{}  {}", r.path, r.line, visible(&r.text)))]));
            }
            if let Some(sides) = sides {
                lines.extend(beside(app, sides, width));
            }
        }
    }
    let why = if card.rule == "undecided-break" { say("tui.why-not", &[]) } else { say("tui.because", &[]) };
    lines.push(Line::from(""));
    lines.push(Line::from(vec![
        label(&why),
        Span::raw(card.evidence.iter().map(|e| visible(e).into_owned()).collect::<Vec<_>>().join(", ")),
    ]));
    lines.push(Line::from(""));
    if let Some(ruling) = &card.ruling {
        lines.push(Line::from(vec![label(&say("tui.decided", &[])), Span::styled(ruling.name(), bold)]));
    }
    for event in app.review().said(i as usize) {
        let scope = if event.fp.is_some() { String::new() } else { format!(" {}", say("tui.whole-pattern", &[])) };
        let text = event.text.as_ref().map_or(String::new(), |t| format!(" “{}”", visible(t)));
        lines.push(Line::from(format!("         {} {}{text}{scope}, {}", visible(&event.by), verdict_name(event.decision), event.at)));
    }
    lines
}

/// Two texts in two columns.
fn beside(app: &App, sides: &Sides, width: u16) -> Vec<Line<'static>> {
    let column = usize::from(width / 2).saturating_sub(2).max(4);
    let mut lines = vec![Line::from(""), Line::from(format!("{}{}", fitted(&sides.places[0], column), sides.places[1]))];
    for row in &sides.rows {
        let wrapped: Vec<Vec<Vec<Span>>> = row
            .iter()
            .enumerate()
            .map(|(i, stretches)| {
                let other = if i == 0 { Mark::Gone } else { Mark::Come };
                let marked: Vec<(Mark, &str)> =
                    stretches.iter().map(|s| (if s.same { Mark::Same } else { other }, s.text.as_str())).collect();
                columns(app, &marked, column)
            })
            .collect();
        for i in 0..wrapped[0].len().max(wrapped[1].len()) {
            let mut spans = wrapped[0].get(i).cloned().unwrap_or_default();
            let used: usize = spans.iter().map(|s| s.content.width()).sum();
            spans.push(Span::raw(" ".repeat((column + 2).saturating_sub(used))));
            spans.extend(wrapped[1].get(i).cloned().unwrap_or_default());
            lines.push(Line::from(spans));
        }
    }
    if sides.cut {
        lines.push(Line::from(say("tui.goes-on", &[])));
    }
    lines
}

/// The text cut into rows that fit a column, marks kept.
fn columns(app: &App, text: &[(Mark, &str)], width: usize) -> Vec<Vec<Span<'static>>> {
    let mut rows: Vec<Vec<Span>> = vec![Vec::new()];
    let mut used = 0;
    // Marks without colour take four cells of their own.
    let around = if app.colour() { 0 } else { 4 };
    for (mark, text) in text {
        let extra = if *mark == Mark::Same { 0 } else { around };
        let mut piece = String::new();
        let shown = visible(text).into_owned();
        for grapheme in shown.graphemes(true) {
            if used + piece.width() + grapheme.width() + extra > width && used + piece.width() > 0 {
                rows.last_mut()
                    .expect("a row")
                    .extend(marked(app, *mark, &std::mem::take(&mut piece)).into_iter().filter(|s| !s.content.is_empty()));
                rows.push(Vec::new());
                used = 0;
            }
            piece.push_str(grapheme);
        }
        used += piece.width() + extra;
        rows.last_mut().expect("a row").extend(marked(app, *mark, &piece));
    }
    rows
}

/// The text in exactly so many cells and two spaces.
fn fitted(text: &str, width: usize) -> String {
    let mut out = String::new();
    for grapheme in visible(text).graphemes(true) {
        if out.width() + grapheme.width() > width {
            break;
        }
        out.push_str(grapheme);
    }
    let used = out.width();
    out + &" ".repeat(width + 2 - used)
}

fn asked(app: &App, verdict: Verdict, sample: &[u32]) -> Vec<Line<'static>> {
    let Some((_, card)) = app.card() else { return Vec::new() };
    let of = app.review().patterns[card.pattern as usize].cards.len();
    let mut head = vec![Span::raw(say("tui.ask", &[("verdict", &verdict_name(verdict)), ("n", &of)]) + " ")];
    match card.matter {
        Matter::Change { .. } => marks(&card.before, &card.after).into_iter().for_each(|(mark, text)| head.extend(marked(app, mark, text))),
        Matter::Finding { .. } => head.push(Span::raw(card.rule)),
    }
    let mut lines = vec![Line::from(""), Line::from(head).style(Style::new().add_modifier(Modifier::BOLD))];
    lines.push(Line::from(match sample.len() {
        n if n < of => say("tui.sample", &[("n", &n)]),
        _ => say("tui.sample-all", &[]),
    }));
    lines.push(Line::from(""));
    for i in sample {
        let card = &app.review().cards[*i as usize];
        let [left, right] = [
            crate::record::left_context(&card.context[0], SHORT).to_owned(),
            crate::record::right_context(&card.context[1], SHORT).to_owned(),
        ];
        let mut spans = vec![Span::raw(format!("{}:{}  {}", visible(&card.path), card.line, visible(&left)))];
        match &card.matter {
            Matter::Change { .. } => {
                marks(&card.before, &card.after).into_iter().for_each(|(mark, text)| spans.extend(marked(app, mark, text)));
            }
            Matter::Finding { message, .. } => spans.push(Span::raw(visible(message).into_owned())),
        }
        spans.push(Span::raw(visible(&right).into_owned()));
        lines.push(Line::from(spans));
    }
    lines
}

fn groups(frame: &mut Frame, app: &App, area: Rect) {
    let height = usize::from(area.height);
    let from = app.group_at.saturating_sub(height / 2).min(app.groups.len().saturating_sub(height));
    let line = |(i, row): (usize, &GroupRow)| {
        let line = match row {
            GroupRow::Rule(rule, cards) => Line::from(format!("{rule}  {cards}")).style(Style::new().add_modifier(Modifier::BOLD)),
            GroupRow::Pattern(p) => {
                let pattern = &app.review().patterns[*p as usize];
                let open = pattern.cards.iter().filter(|c| app.review().cards[**c as usize].is_open()).count();
                let mut spans =
                    vec![Span::raw(format!("{:6}  {}  ", pattern.cards.len(), say("tui.open", &[("n", &format!("{open:6}"))])))];
                match (pattern.before.is_empty(), pattern.after.is_empty()) {
                    (true, true) => spans.push(Span::raw(say("tui.findings", &[]))),
                    _ => marks(&pattern.before, &pattern.after).into_iter().for_each(|(mark, text)| spans.extend(marked(app, mark, text))),
                }
                Line::from(spans)
            }
        };
        if from + i == app.group_at { line.style(Style::new().add_modifier(Modifier::REVERSED)) } else { line }
    };
    let lines: Vec<Line> = app.groups[from..].iter().take(height).enumerate().map(line).collect();
    frame.render_widget(Paragraph::new(lines), area);
}

fn message(app: &App) -> Line<'static> {
    if let Mode::Type(what, field) = &app.mode {
        let name = match what {
            Typing::Edit => say("tui.type-edit", &[]),
            Typing::Filter => say("tui.type-filter", &[]),
            Typing::Word => say("tui.type-word", &[]),
            Typing::Allowed => say("tui.type-allowed", &[]),
            Typing::Reason(text) => say("tui.type-reason", &[("text", &visible(text))]),
        };
        let [before, after] = field.halves().map(|half| visible(&half).into_owned());
        let mut rest = after.graphemes(true);
        let under = rest.next().unwrap_or(" ").to_owned();
        let cursor = Span::styled(under, Style::new().add_modifier(Modifier::REVERSED));
        return Line::from(vec![Span::raw(format!("{name}: {before}")), cursor, Span::raw(rest.as_str().to_owned())]);
    }
    match &app.message {
        Some((true, text)) if app.colour() => Line::styled(visible(text).into_owned(), Style::new().fg(Color::Red)),
        Some((true, text)) => Line::from(format!("! {}", visible(text))),
        Some((false, text)) => Line::from(visible(text).into_owned()),
        None => Line::from(""),
    }
}

fn keys(app: &App) -> Line<'static> {
    let pair = app.card().is_some_and(|(_, c)| c.is_pair());
    Line::from(match &app.mode {
        Mode::Card if pair => say("tui.keys-pair", &[]),
        Mode::Card => say("tui.keys-card", &[]),
        Mode::Groups => say("tui.keys-groups", &[]),
        Mode::Ask(..) => say("tui.keys-ask", &[]),
        Mode::Type(Typing::Filter, _) => say("tui.keys-filter", &[]),
        Mode::Type(Typing::Edit, _) => say("tui.keys-edit", &[]),
        Mode::Type(..) => say("tui.keys-type", &[]),
        Mode::Help => say("tui.keys-help", &[]),
    })
}

fn help() -> Vec<Line<'static>> {
    say("tui.help", &[]).lines().map(|line| Line::from(line.to_owned())).collect()
}
