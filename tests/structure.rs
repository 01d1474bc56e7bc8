//! Pages, regions, lines, languages and roles.

use std::fs;
use std::path::{Path, PathBuf};

use galleyproof::model::{Issue, Language, Role, Source};
use galleyproof::read::ByteMap;
use galleyproof::structure::structure;

fn issue(text: &str) -> Issue {
    let mut issue = Issue { text: text.to_string(), ..Issue::default() };
    structure(&mut issue, None);
    issue
}

/// The evaluation sets beside the repository (or where `GALLEY_EVAL` says); they are not part of it.
fn eval() -> Option<PathBuf> {
    let folder =
        std::env::var_os("GALLEY_EVAL").map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/eval"), PathBuf::from);
    if !folder.is_dir() {
        eprintln!("skipped: no evaluation sets at {} (set GALLEY_EVAL)", folder.display());
        return None;
    }
    Some(folder)
}

fn texts(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "txt")).collect();
    paths.sort();
    paths
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphabetic()).count()
}

/// What the regions of a file are in, as its name tells.
fn expected_language(set: &str, file: &str) -> Option<Language> {
    // Books whose text is Latin; the grammar of 1515 teaches Latin in German, line by line.
    const LATIN: [&str; 6] = ["alberti", "ballenstedt", "basilius", "vespucci", "petrarca", "pinder"];
    Some(match set.split('-').next()? {
        "zh" => Language::ZhHans,
        "gtst" if LATIN.iter().any(|l| file.starts_with(l)) => Language::Unknown,
        "gtst" if file.starts_with("aventinus") => return None,
        "overproof" => Language::En,
        "snippets" if set.contains("-en") => Language::En,
        "snippets" if set.contains("-fr") => Language::Fr,
        _ => Language::De,
    })
}

#[test]
fn languages_of_the_evaluation_sets() {
    let Some(eval) = eval() else { return };
    let mut all = (0, 0);
    let mut sets: Vec<PathBuf> = fs::read_dir(eval.join("joins")).unwrap().flatten().map(|e| e.path()).collect();
    sets.sort();
    for folder in sets {
        let set = folder.file_name().unwrap().to_string_lossy().into_owned();
        let (mut right, mut of) = (0, 0);
        for path in texts(&folder) {
            let file = path.file_name().unwrap().to_string_lossy().into_owned();
            let Some(expected) = expected_language(&set, &file) else { continue };
            let issue = issue(&fs::read_to_string(&path).unwrap());
            for region in &issue.regions {
                let text = &issue.text[issue.lines[region.lines.start].span.start..issue.lines[region.lines.end - 1].span.end];
                if letters(text) < 100 {
                    continue;
                }
                of += 1;
                if region.language == expected {
                    right += 1;
                } else {
                    println!(
                        "  {set}/{file}: {} not {}: {}",
                        region.language.code(),
                        expected.code(),
                        text.chars().take(150).collect::<String>()
                    );
                }
            }
        }
        println!("{set}: {right} of {of}");
        all = (all.0 + right, all.1 + of);
    }
    println!("all: {} of {} = {:.4}", all.0, all.1, all.0 as f64 / all.1 as f64);
    assert!(all.0 as f64 >= all.1 as f64 * 0.99);
}

struct Row {
    before: usize,
    after: usize,
    kind: String,
}

/// The gold rows of a file, as indices into the issue's lines.
fn gold(path: &Path, issue: &Issue) -> Vec<Row> {
    let mut number = std::collections::HashMap::new();
    let (mut at, mut count) = (0, 1);
    for (i, line) in issue.lines.iter().enumerate() {
        count += issue.text[at..line.span.start].matches('\n').count();
        at = line.span.start;
        number.entry(count).or_insert(i);
    }
    let rows = fs::read_to_string(path.with_extension("gold.tsv")).unwrap();
    rows.lines()
        .skip(1)
        .filter_map(|row| {
            let columns: Vec<&str> = row.split('\t').collect();
            let line = |i: usize| number.get(&columns[i].parse().ok()?).copied();
            Some(Row { before: line(0)?, after: line(1)?, kind: columns[2].to_string() })
        })
        .collect()
}

#[test]
fn roles_of_the_evaluation_sets() {
    let Some(eval) = eval() else { return };
    let mut sets: Vec<PathBuf> = fs::read_dir(eval.join("joins")).unwrap().flatten().map(|e| e.path()).collect();
    sets.sort();
    let mut wrong_furniture = 0;
    for folder in sets {
        let set = folder.file_name().unwrap().to_string_lossy().into_owned();
        let (mut over, mut clear, mut furniture, mut lines) = (0, 0, 0, 0);
        // Role → lines, and how many of them the gold joins to a neighbour (join, keep, hanging) or runs on from (space).
        let mut roles: std::collections::BTreeMap<String, [usize; 3]> = Default::default();
        for path in texts(&folder) {
            let issue = issue(&fs::read_to_string(&path).unwrap());
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let mut linked = vec![0; issue.lines.len()];
            for row in gold(&path, &issue) {
                let weight = match row.kind.as_str() {
                    "join" | "keep" | "hanging" => 2,
                    "space" => 1,
                    _ => 0,
                };
                let bits = |i: usize| issue.lines[i].role.is_furniture();
                if issue.lines[row.before].page != issue.lines[row.after].page {
                    over += 1;
                    let between = (row.before + 1..row.after).all(bits);
                    if between && !bits(row.before) && !bits(row.after) {
                        clear += 1;
                    } else {
                        println!("  {set}/{name}: over a page, {}", row.kind);
                        (row.before..=row.after).for_each(|i| println!("      {:?} {}", issue.lines[i].role, issue.line_text(i)));
                    }
                }
                for i in [row.before, row.after] {
                    linked[i] = linked[i].max(weight);
                    if bits(i) && weight > 0 && bits(row.before) != bits(row.after) {
                        println!("  {set}/{name}: furniture? {:?} {} ({})", issue.lines[i].role, issue.line_text(i), row.kind);
                        furniture += 1;
                    }
                }
            }
            lines += issue.lines.len();
            for (i, line) in issue.lines.iter().enumerate() {
                if line.role != Role::Body {
                    let counts = roles.entry(format!("{:?}", line.role)).or_default();
                    counts[0] += 1;
                    if linked[i] > 0 {
                        counts[3 - linked[i]] += 1;
                        println!("  {set}/{name}: linked {} {:?}: {}", linked[i], line.role, issue.line_text(i));
                    }
                    if std::env::var_os("GALLEY_SHOW").is_some() {
                        println!("  {set}/{name}: {:?}: {}", line.role, issue.line_text(i));
                    }
                }
            }
        }
        println!(
            "{set}: {lines} lines, over a page {clear} of {over}, furniture in text {furniture}; role [lines, joined, spaced]: {roles:?}"
        );
        if !set.ends_with("-pages") {
            wrong_furniture += furniture;
        } else {
            assert!(f64::from(clear) >= f64::from(over) * 0.99, "{set}: {clear} of {over}");
        }
    }
    assert!(wrong_furniture <= 5, "{wrong_furniture} lines of text called furniture");
}

/// The pages of a folder as one issue.
fn issue_of_pages(paths: &[PathBuf]) -> Issue {
    let mut issue = Issue::default();
    for path in paths {
        if !issue.text.is_empty() {
            issue.text.push('\x0c');
        }
        let start = issue.text.len();
        issue.text.push_str(&fs::read_to_string(path).unwrap());
        issue.sources.push(Source { path: path.clone(), span: start..issue.text.len(), bytes: ByteMap::default() });
    }
    structure(&mut issue, None);
    issue
}

#[test]
fn issues_of_the_evaluation_sets() {
    let Some(eval) = eval() else { return };
    let mut folders: Vec<PathBuf> = fs::read_dir(eval.join("issues")).unwrap().flatten().map(|e| e.path()).filter(|p| p.is_dir()).collect();
    folders.sort();
    let (mut pages, mut found, mut alone, mut wrong) = (0, 0, 0, 0);
    let (mut titles, mut titled, mut called) = (0, 0, 0);
    for folder in folders {
        let paths = texts(&folder);
        let issue = issue_of_pages(&paths);
        assert_eq!(issue.pages.len(), paths.len());
        let gold: serde_json::Value = serde_json::from_str(&fs::read_to_string(folder.join("gold.json")).unwrap()).unwrap();
        let mut heads = Vec::new();
        for article in gold["articles"].as_array().unwrap() {
            let page = paths.iter().position(|p| p.ends_with(format!("p{}.txt", article["page"]))).unwrap();
            let start = issue.pages[page].span.start;
            let offset: usize =
                issue.text[start..].split_inclusive('\n').take(article["first_line"].as_u64().unwrap() as usize - 1).map(str::len).sum();
            heads.push(issue.lines.iter().position(|l| l.span.start == start + offset).unwrap());
        }
        for (number, page) in issue.pages.iter().enumerate() {
            let lines = issue.regions[page.regions.start].lines.start..issue.regions[page.regions.end - 1].lines.end;
            pages += 1;
            found += usize::from(issue.lines[lines.start].role.is_furniture());
            if !issue.lines[lines.start].role.is_furniture() {
                println!("  {}: missed {}", folder.display(), issue.line_text(lines.start));
            }
            for line in lines.start + 1..lines.end {
                if issue.lines[line].role.is_furniture() {
                    wrong += 1;
                    println!("  {}: furniture? {}", folder.display(), issue.line_text(line));
                }
            }
            let single = self::issue(&fs::read_to_string(&paths[number]).unwrap());
            alone += usize::from(single.lines[0].role.is_furniture());
        }
        let is_title = |role: Role| matches!(role, Role::Headline | Role::Kicker | Role::Deck);
        for &head in &heads {
            titles += 1;
            titled += usize::from(is_title(issue.lines[head].role));
            if !is_title(issue.lines[head].role) {
                println!("  missed title {:?} {}", issue.lines[head].role, issue.line_text(head));
            }
        }
        for (i, line) in issue.lines.iter().enumerate() {
            if line.role == Role::Headline && !heads.contains(&i) {
                called += 1;
                println!("  title? {}", issue.line_text(i));
            }
            if std::env::var_os("GALLEY_SHOW").is_some() && !matches!(line.role, Role::Body | Role::Headline) {
                println!("  {:?}: {}", line.role, issue.line_text(i));
            }
        }
    }
    println!(
        "issues: furniture on {found} of {pages} pages, {alone} with the page as its own issue, {wrong} wrong lines; {titled} of {titles} article heads are titles, {called} other headlines"
    );
    assert!(found * 100 >= pages * 99 && wrong == 0);
}

/// Seconds this thread ran, where the system tells; other work on the machine does not count.
fn processor_seconds() -> f64 {
    let ran = fs::read_to_string("/proc/thread-self/schedstat").ok().and_then(|s| s.split(' ').next()?.parse::<f64>().ok());
    static START: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    ran.map_or_else(|| START.elapsed().as_secs_f64(), |nanoseconds| nanoseconds / 1e9)
}

/// `cargo test --release --test structure -- --ignored --nocapture speed`
#[test]
#[ignore = "measures; needs the evaluation sets and a release build"]
fn speed() {
    let Some(eval) = eval() else { return };
    for set in ["zh-xwlb", "zh-lines-flat", "zh-pages", "nzz", "nzz-noblank", "overproof-ocr", "reichsanzeiger", "gtst"] {
        let mut text = String::new();
        for path in texts(&eval.join("joins").join(set)) {
            text.push_str(&fs::read_to_string(path).unwrap());
            text.push('\x0c');
        }
        while text.len() < 16_000_000 {
            text = text.repeat(2);
        }
        let megabytes = text.len() as f64 / 1e6;
        let mut issue = Issue { text, ..Issue::default() };
        let mut best = [f64::MAX; 4];
        for _ in 0..4 {
            let mut start = processor_seconds();
            let mut lap = |i: usize| {
                let now = processor_seconds();
                best[i] = best[i].min(now - start);
                start = now;
            };
            galleyproof::structure::layout(&mut issue);
            lap(0);
            galleyproof::structure::language(&mut issue, None);
            lap(1);
            galleyproof::structure::roles(&mut issue);
            lap(2);
            structure(&mut issue, None);
            lap(3);
        }
        let [layout, language, roles, all] = best.map(|seconds| megabytes / seconds);
        println!("{set}: MB/s layout {layout:.0}, language {language:.0}, roles {roles:.0}, all {all:.0}");
    }
}
