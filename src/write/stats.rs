//! A batch at a glance: for a terminal, as JSON, CSV, or one page for a browser with a plot. No script, no network.

use std::io::{self, Write};

use serde::Serialize;

use super::report::escaped;
use crate::articles::Status;
use crate::messages::{say, spoken};
use crate::model::Language;
use crate::pipeline::Processed;
use crate::rules::RULES;

/// Bins of the quality histogram, each a twentieth.
pub const BINS: usize = 20;

/// Sums over the issues of a run; they do not depend on the order of the issues.
#[derive(Clone, Debug, Default)]
pub struct Stats {
    pub issues: u64,
    pub pages: u64,
    pub articles: u64,
    /// White space left out.
    pub characters: u64,
    /// Bytes of text by language, in the order of [`Language::ALL`].
    pub languages: [u64; Language::ALL.len()],
    /// Articles by status, in the order of [`STATUSES`].
    pub status: [u64; STATUSES.len()],
    /// Pages by their quality.
    pub quality: [u64; BINS],
    /// Pages with too little text to judge.
    pub unjudged: u64,
    /// The quality of the worst page in thousandths, its issue and its number.
    pub worst: Option<(u32, String, u32)>,
    /// For each of [`RULES`]: edits applied, held, rejected, displaced, findings.
    pub by_rule: Vec<[usize; 5]>,
}

/// Statuses as they are listed.
pub const STATUSES: [Status; 5] = [Status::Complete, Status::JumpPaired, Status::JumpUnmatched, Status::Truncated, Status::Duplicate];

impl Stats {
    /// Of one issue; without what rules found.
    pub fn of(processed: &Processed) -> Stats {
        let (issue, articles) = (&*processed.clean, &*processed.articles);
        let mut stats = Stats { issues: 1, pages: issue.pages.len() as u64, articles: articles.list.len() as u64, ..Stats::default() };
        stats.characters = issue.text.chars().filter(|c| !c.is_whitespace()).count() as u64;
        for (index, line) in issue.lines.iter().enumerate() {
            let language = issue.line_language(index);
            stats.languages[Language::ALL.iter().position(|l| *l == language).unwrap_or(0)] += line.span.len() as u64;
        }
        for number in 0..articles.list.len() {
            let status = articles.status(issue, number);
            stats.status[STATUSES.iter().position(|s| *s == status).unwrap_or(0)] += 1;
        }
        for (number, page) in processed.measured.pages.iter().enumerate() {
            let Some(score) = page.score() else {
                stats.unjudged += 1;
                continue;
            };
            stats.quality[((score * BINS as f32) as usize).min(BINS - 1)] += 1;
            let worst = ((score * 1000.0) as u32, processed.read.id.clone(), articles.pages.get(number).map_or(0, |p| p.number));
            stats.worst = stats.worst.take().into_iter().chain([worst]).min();
        }
        stats
    }

    /// Adds those of another issue.
    pub fn add(&mut self, other: &Stats) {
        self.issues += other.issues;
        self.pages += other.pages;
        self.articles += other.articles;
        self.characters += other.characters;
        self.unjudged += other.unjudged;
        let sum = |a: &mut [u64], b: &[u64]| a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
        sum(&mut self.languages, &other.languages);
        sum(&mut self.status, &other.status);
        sum(&mut self.quality, &other.quality);
        self.worst = self.worst.take().into_iter().chain(other.worst.clone()).min();
    }

    fn rules(&self) -> impl Iterator<Item = (&'static str, &[usize; 5])> {
        RULES.iter().map(|r| r.meta().name).zip(&self.by_rule).filter(|(_, n)| n.iter().any(|n| *n > 0))
    }

    fn languages(&self) -> Vec<(&'static str, u64)> {
        let mut all: Vec<_> = Language::ALL.iter().map(|l| l.code()).zip(self.languages).filter(|(_, n)| *n > 0).collect();
        all.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        all
    }

    fn statuses(&self) -> impl Iterator<Item = (String, u64)> {
        STATUSES.iter().map(|s| status_name(*s)).zip(self.status)
    }

    /// From the first bin that holds a page to the last, at least the upper half.
    fn shown_bins(&self) -> std::ops::Range<usize> {
        self.quality.iter().position(|n| *n > 0).unwrap_or(BINS).min(BINS / 2)..BINS
    }
}

/// As in records.
fn status_name(status: Status) -> String {
    status.name().to_owned()
}

fn bin_name(bin: usize) -> String {
    format!("{:.2}–{:.2}", bin as f64 / BINS as f64, (bin + 1) as f64 / BINS as f64)
}

/// One character for each number, its height by the largest; nothing for none.
pub fn sparkline(numbers: &[u64]) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let most = numbers.iter().copied().max().unwrap_or(0).max(1);
    numbers.iter().map(|n| if *n == 0 { ' ' } else { BARS[((*n * 8).div_ceil(most) as usize).clamp(1, 8) - 1] }).collect()
}

/// For a terminal.
///
/// # Errors
/// Those of `out`.
pub fn human(out: &mut dyn Write, stats: &Stats) -> io::Result<()> {
    writeln!(
        out,
        "{}",
        say(
            "stats.totals",
            &[
                ("issues", &stats.issues),
                ("pages", &stats.pages),
                ("articles", &stats.articles),
                ("characters", &grouped(stats.characters))
            ]
        )
    )?;
    let bytes: u64 = stats.languages.iter().sum();
    let languages: Vec<String> =
        stats.languages().iter().map(|(l, n)| format!("{l} {:.1} %", 100.0 * *n as f64 / bytes.max(1) as f64)).collect();
    writeln!(out, "{}  {}", say("stats.languages", &[]), languages.join("  "))?;
    let statuses: Vec<String> = stats.statuses().filter(|(_, n)| *n > 0).map(|(s, n)| format!("{s} {n}")).collect();
    writeln!(out, "{}  {}", say("stats.articles", &[]), statuses.join("  "))?;
    let bins = stats.shown_bins();
    let low = bins.start as f64 / BINS as f64;
    writeln!(out, "{}  {low:.2} |{}| 1.00", say("stats.quality", &[]), sparkline(&stats.quality[bins]))?;
    if let Some((score, issue, page)) = &stats.worst {
        writeln!(
            out,
            "  {}",
            say("stats.worst", &[("score", &format!("{:.2}", f64::from(*score) / 1000.0)), ("issue", issue), ("page", page)])
        )?;
    }
    if stats.unjudged > 0 {
        writeln!(out, "  {}", say("stats.unjudged", &[("n", &stats.unjudged)]))?;
    }
    if stats.rules().next().is_some() {
        let columns = ["applied", "held", "rejected", "displaced", "findings"];
        writeln!(out, "{:24}{}", say("stats.rule", &[]), columns.map(|c| format!("{c:>10}")).concat())?;
    }
    for (name, counts) in stats.rules() {
        let cells = counts.map(|n| if n == 0 { format!("{:>10}", "") } else { format!("{n:>10}") });
        writeln!(out, "{name:24}{}", cells.concat().trim_end())?;
    }
    Ok(())
}

/// 1234567 as 1,234,567.
fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[derive(Serialize)]
struct Record<'a> {
    kind: &'static str,
    v: u8,
    issues: u64,
    pages: u64,
    articles: u64,
    characters: u64,
    languages: serde_json::Map<String, serde_json::Value>,
    status: serde_json::Map<String, serde_json::Value>,
    quality: Vec<Bin>,
    pages_not_judged: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    worst_page: Option<Worst<'a>>,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
struct Bin {
    from: f64,
    to: f64,
    pages: u64,
}

#[derive(Serialize)]
struct Worst<'a> {
    quality: f64,
    issue: &'a str,
    page: u32,
}

#[derive(Serialize)]
struct Rule {
    rule: &'static str,
    applied: usize,
    held: usize,
    rejected: usize,
    displaced: usize,
    findings: usize,
}

/// One JSON object.
///
/// # Errors
/// Those of `out`.
pub fn json(out: &mut dyn Write, stats: &Stats) -> io::Result<()> {
    let record = Record {
        kind: "stats",
        v: 1,
        issues: stats.issues,
        pages: stats.pages,
        articles: stats.articles,
        characters: stats.characters,
        languages: stats.languages().into_iter().map(|(l, n)| (l.to_string(), n.into())).collect(),
        status: stats.statuses().map(|(s, n)| (s, n.into())).collect(),
        quality: (0..BINS)
            .map(|b| Bin { from: b as f64 / BINS as f64, to: (b + 1) as f64 / BINS as f64, pages: stats.quality[b] })
            .collect(),
        pages_not_judged: stats.unjudged,
        worst_page: stats.worst.as_ref().map(|(q, issue, page)| Worst { quality: f64::from(*q) / 1000.0, issue, page: *page }),
        rules: stats
            .rules()
            .map(|(rule, n)| Rule { rule, applied: n[0], held: n[1], rejected: n[2], displaced: n[3], findings: n[4] })
            .collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &record)?;
    writeln!(out)
}

/// Rows of what, name, number.
///
/// # Errors
/// Those of `out`.
pub fn csv(out: &mut dyn Write, stats: &Stats) -> io::Result<()> {
    writeln!(out, "what,name,n")?;
    for (name, n) in [("issues", stats.issues), ("pages", stats.pages), ("articles", stats.articles), ("characters", stats.characters)] {
        writeln!(out, "total,{name},{n}")?;
    }
    stats.languages().iter().try_for_each(|(l, n)| writeln!(out, "language-bytes,{l},{n}"))?;
    stats.statuses().try_for_each(|(s, n)| writeln!(out, "status,{s},{n}"))?;
    for (bin, n) in stats.quality.iter().enumerate() {
        writeln!(out, "pages-of-quality,{},{n}", bin_name(bin))?;
    }
    writeln!(out, "pages-of-quality,not-judged,{}", stats.unjudged)?;
    for (rule, counts) in stats.rules() {
        for (what, n) in ["applied", "held", "rejected", "displaced", "findings"].iter().zip(counts) {
            writeln!(out, "{what},{rule},{n}")?;
        }
    }
    Ok(())
}

/// One page for a browser, the histogram as a drawing in it.
///
/// # Errors
/// Those of `out`.
pub fn html(out: &mut dyn Write, stats: &Stats) -> io::Result<()> {
    let title = say("stats.title", &[]);
    write!(out, "{}", HEAD.replace("LANG", spoken().code()).replace("TITLE", &escaped(&title)))?;
    let totals = say(
        "stats.totals",
        &[("issues", &stats.issues), ("pages", &stats.pages), ("articles", &stats.articles), ("characters", &grouped(stats.characters))],
    );
    writeln!(out, "<p>{}</p>", escaped(&totals))?;
    writeln!(out, "<h2>{}</h2>", escaped(&say("stats.quality-pages", &[])))?;
    plot(out, stats)?;
    if let Some((score, issue, page)) = &stats.worst {
        let worst = say("stats.worst", &[("score", &format!("{:.2}", f64::from(*score) / 1000.0)), ("issue", issue), ("page", page)]);
        writeln!(out, "<p>{}</p>", escaped(&worst))?;
    }
    if stats.unjudged > 0 {
        writeln!(out, "<p>{}</p>", escaped(&say("stats.unjudged", &[("n", &stats.unjudged)])))?;
    }
    let languages = stats.languages().into_iter().map(|(l, n)| (l.to_string(), n)).collect::<Vec<_>>();
    for (key, rows) in [("stats.languages", languages), ("stats.articles", stats.statuses().collect())] {
        writeln!(out, "<h2>{}</h2><table>", escaped(&say(key, &[])))?;
        rows.iter().try_for_each(|(name, n)| writeln!(out, "<tr><td>{name}</td><td>{}</td></tr>", grouped(*n)))?;
        writeln!(out, "</table>")?;
    }
    writeln!(
        out,
        "<h2>{}</h2><table><tr><th></th><th>applied</th><th>held</th><th>rejected</th><th>displaced</th><th>findings</th></tr>",
        escaped(&say("stats.rule", &[]))
    )?;
    for (name, counts) in stats.rules() {
        writeln!(out, "<tr><td>{name}</td>{}</tr>", counts.map(|n| format!("<td>{n}</td>")).concat())?;
    }
    writeln!(out, "</table></body></html>")
}

/// Bars with their numbers, and the scores below.
fn plot(out: &mut dyn Write, stats: &Stats) -> io::Result<()> {
    let most = stats.quality.iter().copied().max().unwrap_or(0).max(1) as f64;
    writeln!(out, "<svg viewBox=\"0 0 640 200\" role=\"img\" aria-label=\"{}\">", escaped(&say("stats.quality-pages", &[])))?;
    for (bin, n) in stats.quality.iter().enumerate() {
        let (x, height) = (bin * 32, *n as f64 / most * 150.0);
        if *n > 0 {
            writeln!(
                out,
                "<rect x=\"{}\" y=\"{:.1}\" width=\"28\" height=\"{height:.1}\"><title>{}: {n}</title></rect>",
                x + 2,
                170.0 - height,
                bin_name(bin)
            )?;
            writeln!(out, "<text x=\"{}\" y=\"{:.1}\">{n}</text>", x + 16, 165.0 - height)?;
        }
        if bin % 2 == 0 {
            writeln!(out, "<text x=\"{}\" y=\"188\">{:.2}</text>", x + 2, bin as f64 / BINS as f64)?;
        }
    }
    writeln!(out, "<line x1=\"0\" y1=\"170\" x2=\"640\" y2=\"170\"/></svg>")
}

const HEAD: &str = "<!DOCTYPE html>
<html lang=\"LANG\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">
<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">
<title>TITLE</title><style>
:root { color-scheme: light dark } body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse } th, td { text-align: start; padding: .2rem 1rem .2rem 0; border-bottom: 1px solid #8886 }
td + td, th + th { text-align: end; font-variant-numeric: tabular-nums } svg { max-width: 40rem; width: 100% }
rect { fill: #48a } line { stroke: currentColor } text { font-size: 11px; text-anchor: middle; fill: currentColor }
</style></head><body><h1>TITLE</h1>
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sparklines() {
        assert_eq!(sparkline(&[0, 1, 4, 8]), " ▁▄█");
        assert_eq!(sparkline(&[0, 0]), "  ");
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!((grouped(7), grouped(1234), grouped(1_234_567)), ("7".into(), "1,234".into(), "1,234,567".into()));
    }
}
