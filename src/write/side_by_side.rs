//! Old and new text side by side on one static page: for reading and for mail, nothing to decide, no script, no network.

use std::io::{self, Write};
use std::ops::Range;

use super::human::visible;
use super::marks::{Mark, marks};
use super::report::escaped;
use crate::edit::{Edit, Hunk};
use crate::messages::{say, spoken};
use crate::model::Source;
use crate::pipeline::Processed;
use crate::places::Places;

/// Lines of context on each side of a change.
const CONTEXT: usize = 2;

/// What stands before the first file. `title` may be any text.
pub fn begin(out: &mut impl Write, title: &str) -> io::Result<()> {
    out.write_all(HEAD.replace("LANGUAGE", spoken().code()).replace("TITLE", &escaped(title)).as_bytes())
}

/// What stands after the last; `files` is how many there were.
pub fn finish(out: &mut impl Write, files: usize) -> io::Result<()> {
    writeln!(out, "<p>{}</p></main></body></html>", escaped(&say("clean.would-change", &[("n", &files)])))
}

/// The files of an issue that change.
pub fn issue(out: &mut impl Write, processed: &Processed) -> io::Result<()> {
    let places = Places::new(&processed.read);
    // What the edits say of themselves, by where they stand in the text as read.
    let mut notes: Vec<(usize, &Edit)> = processed
        .steps
        .iter()
        .flat_map(|step| step.applied().map(|e| (step.back.to_old(e.replacements[0].span.clone()).start, e)))
        .collect();
    notes.sort_by_key(|(at, _)| *at);
    for source in processed.read.sources.iter().filter(|s| !s.bytes.is_unread()) {
        let hunks = processed.map.hunks();
        let from = hunks.partition_point(|h| h.old.start < source.span.start);
        let own = hunks[from..].iter().take_while(|h| h.old.end <= source.span.end).count();
        if own > 0 {
            file(out, processed, source, &hunks[from..from + own], &places, &notes)?;
        }
    }
    Ok(())
}

fn file(
    out: &mut impl Write,
    processed: &Processed,
    source: &Source,
    hunks: &[Hunk],
    places: &Places,
    notes: &[(usize, &Edit)],
) -> io::Result<()> {
    let (old, new) = (&processed.read.text, &processed.clean.text);
    let path = escaped(&visible(&source.path.to_string_lossy()));
    writeln!(
        out,
        "<details open><summary><h2>{path}</h2></summary>\n<table><thead><tr><th scope=\"col\" colspan=\"2\">{}</th>\
         <th scope=\"col\" colspan=\"2\">{}</th></tr></thead>",
        escaped(&say("tui.before", &[])),
        escaped(&say("tui.after", &[]))
    )?;
    // Whole lines around each hunk; hunks whose lines meet are one group.
    let mut groups: Vec<(Range<usize>, Vec<&Hunk>)> = Vec::new();
    for hunk in hunks {
        let span = widened(old, &hunk.old, &source.span);
        match groups.last_mut() {
            Some((last, of)) if span.start <= last.end => {
                last.end = last.end.max(span.end);
                of.push(hunk);
            }
            _ => groups.push((span, vec![hunk])),
        }
    }
    let mut shift = 0_isize;
    for (span, of) in groups {
        let said = notes.iter().skip(notes.partition_point(|(at, _)| *at < span.start)).take_while(|(at, _)| *at <= span.end);
        writeln!(out, "<tbody><tr class=\"why\"><td colspan=\"4\">")?;
        for (at, edit) in said {
            let because: Vec<String> = edit.evidence.iter().map(|e| visible(&e.to_string()).into_owned()).collect();
            let line = places.point(*at).line;
            let because = say("diff.because", &[("line", &line), ("evidence", &because.join(", "))]);
            write!(out, "<p><b>{}</b> {}</p>", edit.rule, escaped(&because))?;
        }
        writeln!(out, "</td></tr>")?;
        let (mut left, mut right) = (Side::default(), Side::default());
        let mut at = span.start;
        for hunk in of {
            for (mark, text) in
                std::iter::once((Mark::Same, &old[at..hunk.old.start])).chain(marks(&old[hunk.old.clone()], &new[hunk.new.clone()]))
            {
                left.add(mark, text, Mark::Come);
                right.add(mark, text, Mark::Gone);
            }
            at = hunk.old.end;
        }
        left.add(Mark::Same, &old[at..span.end], Mark::Come);
        right.add(Mark::Same, &old[at..span.end], Mark::Gone);
        let first = places.point(span.start).line;
        let issue = &processed.read;
        let line = issue.lines.partition_point(|l| l.span.end < span.start).min(issue.lines.len().saturating_sub(1));
        let lang = if issue.lines.is_empty() { "und" } else { issue.line_language(line).code() };
        let (left, right) = (left.lines(), right.lines());
        let cell = |lines: &[String], i: usize, first: usize| match lines.get(i) {
            Some(text) => format!("<td class=\"n\">{}</td><td lang=\"{lang}\">{text}</td>", first + i),
            None => "<td class=\"n\"></td><td class=\"none\"></td>".into(),
        };
        for i in 0..left.len().max(right.len()) {
            let class = if left.get(i) == right.get(i) && left.len() == right.len() { " class=\"same\"" } else { "" };
            writeln!(out, "<tr{class}>{}{}</tr>", cell(&left, i, first), cell(&right, i, first.saturating_add_signed(shift)))?;
        }
        shift += right.len() as isize - left.len() as isize;
        writeln!(out, "</tbody>")?;
    }
    writeln!(out, "</table></details>")
}

/// The lines a span stands in with those around, without the end of the last.
fn widened(text: &str, span: &Range<usize>, within: &Range<usize>) -> Range<usize> {
    let (mut start, mut end) = (span.start, span.end);
    for i in 0..=CONTEXT {
        start = text[within.start..start].rfind('\n').map_or(within.start, |at| within.start + at + usize::from(i == CONTEXT));
        if start == within.start {
            break;
        }
    }
    for i in 0..=CONTEXT {
        let from = (end + usize::from(i > 0)).min(within.end);
        end = text[from..within.end].find('\n').map_or(within.end, |at| from + at);
    }
    start..end
}

/// One side of the page as it grows: HTML, with line ends where lines end.
#[derive(Default)]
struct Side {
    html: String,
}

impl Side {
    fn add(&mut self, mark: Mark, text: &str, not_here: Mark) {
        if mark == not_here || text.is_empty() {
            return;
        }
        let tag = match mark {
            Mark::Same => None,
            Mark::Gone => Some("del"),
            Mark::Come => Some("ins"),
        };
        for piece in text.split_inclusive('\n') {
            let (line, end) = piece.strip_suffix('\n').map_or((piece, false), |line| (line, true));
            let shown = escaped(&visible(line));
            match tag {
                None => self.html.push_str(&shown),
                Some(tag) => self.html.push_str(&format!("<{tag}>{shown}{}</{tag}>", if end { "⏎" } else { "" })),
            }
            if end {
                self.html.push('\n');
            }
        }
    }

    fn lines(self) -> Vec<String> {
        self.html.split('\n').map(str::to_owned).collect()
    }
}

const HEAD: &str = "<!DOCTYPE html>
<html lang=\"LANGUAGE\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">
<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">
<title>TITLE</title><style>
:root { color-scheme: light dark } body { font: 16px/1.6 system-ui, sans-serif; margin: 1rem } h1 { font-size: 1.3rem }
h2 { font-size: 1rem; display: inline; overflow-wrap: anywhere } details { margin-block: 1rem }
table { border-collapse: collapse; table-layout: fixed; width: 100% } thead th:not(:empty) { text-align: start; font-weight: normal; opacity: .8 }
td { vertical-align: top; white-space: pre-wrap; overflow-wrap: anywhere; padding: .1rem .5rem; border-top: 1px solid #8883 }
.n { width: 3.5rem; text-align: end; opacity: .7; user-select: none } thead th { padding: .1rem .5rem }
tbody { border-top: .6rem solid transparent } .why td { white-space: normal; font-size: .85rem; border: 0 } .why p { margin: 0 } .none { background: #8882 }
del { text-decoration: line-through; background: #d33a } ins { text-decoration: underline; background: #3a38 } del, ins { color: inherit }
@media print { details, tbody { break-inside: avoid } body { font-size: 11px } }
</style></head><body><main><h1>TITLE</h1>
";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dictionary::Dictionaries;
    use crate::model::Issue;
    use crate::pipeline::{Settings, process};

    fn page(text: &str) -> String {
        let processed = process(Issue::from_text("a<b>.txt", text), &Dictionaries::builtin(), &Settings::default());
        let mut out = Vec::new();
        begin(&mut out, "t").unwrap();
        issue(&mut out, &processed).unwrap();
        finish(&mut out, 1).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_join_shows_its_line_ends_and_its_reason() {
        let page = page("区四套班子领导要带头示\n\n范，当好支持者、参与者，不当评论者、空谈者、反对者。");
        assert!(page.contains("带头示<del>⏎</del></td>"), "{page}");
        assert!(page.contains("带头示范，当好"), "{page}");
        assert!(page.contains("<b>split-word</b> line 1, because ") && page.contains("a&lt;b&gt;.txt"), "{page}");
        assert!(page.contains("lang=\"zh-Hans\""));
    }

    #[test]
    fn text_is_never_markup() {
        let page = page("<script>alert(1)</script>今天\u{200b}说明情况。");
        assert!(!page.contains("<script") && page.contains("&lt;script&gt;") && page.contains("<del>&lt;U+200B&gt;</del>"), "{page}");
    }
}
