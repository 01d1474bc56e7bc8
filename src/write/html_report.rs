//! One page for a browser: the gate, a table of the rules, and for each rule the worst of what it found. No script, no network.

use std::io::{self, Write};

use super::human::{severity_name, severity_said, visible};
use super::report::{About, IssueItems, Item, Report, Worst, escaped, open};
use crate::messages::{self, say};
use crate::rules::RULES;

/// Items shown for each rule.
const SHOWN: usize = 100;

#[derive(Default)]
pub struct HtmlReport {
    /// In the order of [`RULES`].
    rules: Vec<Option<Worst>>,
}

impl Report for HtmlReport {
    fn issue(&mut self, _: &mut dyn Write, issue: &IssueItems) -> io::Result<()> {
        self.rules.resize_with(RULES.len(), || None);
        for item in issue.items.iter().filter(|i| open(i)) {
            if let Some(i) = RULES.iter().position(|r| r.meta().name == item.rule) {
                self.rules[i].get_or_insert_with(|| Worst::new(SHOWN)).add(item);
            }
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Write, about: &About) -> io::Result<()> {
        let title = escaped(about.title.as_deref().or(about.id.as_deref()).unwrap_or("galley"));
        write!(out, "{}", HEAD.replace("TITLE", &title).replace("LANG", messages::spoken().code()))?;
        match &about.red {
            None => writeln!(out, "<p>{}</p>", say("report.issues", &[("n", &about.issues)]))?,
            Some(red) if red.is_empty() => writeln!(out, "<p class=\"green\">{}</p>", say("report.green", &[("n", &about.issues)]))?,
            Some(red) => {
                writeln!(out, "<div class=\"red\"><p>{}</p><ul>", say("report.red", &[]))?;
                red.iter().try_for_each(|line| writeln!(out, "<li>{}</li>", escaped(line)))?;
                writeln!(out, "</ul></div>")?;
            }
        }
        about.notes.iter().try_for_each(|note| writeln!(out, "<p>{}</p>", escaped(note)))?;
        let found = || RULES.iter().zip(&self.rules).filter_map(|(r, w)| Some((r.meta(), w.as_ref()?)));
        let columns = ["report.columns-rule", "report.columns-worst", "report.columns-found"].map(|key| say(key, &[]));
        writeln!(out, "<table><thead><tr><th>{}</th></tr></thead><tbody>", columns.join("</th><th>"))?;
        for (meta, worst) in found() {
            for (rule, n, severity) in worst.counts() {
                let summary = escaped(messages::summary(meta));
                writeln!(
                    out,
                    "<tr><td><a href=\"#{rule}\" title=\"{summary}\">{rule}</a></td><td>{}</td><td>{n}</td></tr>",
                    severity_said(severity)
                )?;
            }
        }
        writeln!(out, "</tbody></table>")?;
        for (meta, worst) in found() {
            writeln!(out, "<section id=\"{0}\"><h2>{0}</h2><p>{1}</p><ul class=\"items\">", meta.name, escaped(messages::summary(meta)))?;
            worst.items().try_for_each(|item| show(out, item))?;
            writeln!(out, "</ul>")?;
            for (_, n, ..) in worst.rest() {
                writeln!(out, "<p>… {}</p>", say("report.and-more", &[("n", &n)]))?;
            }
            writeln!(out, "</section>")?;
        }
        writeln!(out, "</body></html>")
    }
}

fn show(out: &mut dyn Write, item: &Item) -> io::Result<()> {
    let place = format!("{}:{}:{}", item.place.path, item.place.start.line, item.place.start.column);
    let known = if item.known { format!(" ({})", say("report.known", &[])) } else { String::new() };
    write!(out, "<li class=\"{}\"><code>{}</code>{known} ", severity_name(item.severity), escaped(&place))?;
    match item.outcome {
        Some(_) => write!(out, "<del>{}</del> → <ins>{}</ins>", escaped(&visible(&item.before)), escaped(&visible(&item.after)))?,
        None => write!(out, "{}", escaped(&item.message))?,
    }
    if !item.evidence.is_empty() {
        write!(out, " <small>{}</small>", escaped(&say("report.because", &[("evidence", &item.evidence.join(", "))])))?;
    }
    writeln!(out, "</li>")
}

const HEAD: &str = "<!DOCTYPE html>
<html lang=\"LANG\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">
<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">
<title>TITLE</title><style>
:root { color-scheme: light dark } body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse } th, td { text-align: start; padding: .2rem 1rem .2rem 0; border-bottom: 1px solid #8886 }
.red { border-inline-start: .4rem solid #c33; padding-inline-start: 1rem } .green { border-inline-start: .4rem solid #393; padding-inline-start: 1rem }
.items { padding: 0; list-style: none } .items li { padding: .3rem 0 .3rem .6rem; border-inline-start: .2rem solid #8886; margin: .3rem 0 }
.items .error { border-color: #c33 } .items .warning { border-color: #c90 } small { opacity: .75 } code { overflow-wrap: anywhere }
del { text-decoration: line-through; background: #c332 } ins { text-decoration: underline; background: #3932 }
</style></head><body><h1>TITLE</h1>
";
