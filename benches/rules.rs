//! Each rule of the stages forms and marks alone: `cargo bench --bench rules`. Bytes a second on one core.
//!
//! The text is made of words drawn by their frequency, with the marks, numbers and line lengths of newspaper text; `clean` has
//! no damage, `damaged` one place in two hundred characters.

use std::fs;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use galleyproof::articles::Articles;
use galleyproof::dictionary::Dictionaries;
use galleyproof::edit::SourceMap;
use galleyproof::model::Issue;
use galleyproof::rules::{Layout, Proposals, RULES, Stage, View};
use galleyproof::structure;

/// Bytes of the text.
const SIZE: usize = 1_500_000;

/// A small generator of numbers: the same text on every machine.
struct Draw(u64);

impl Draw {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % n
    }
}

fn text(damage: bool) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("dictionaries/zh/words.tsv");
    let rows = fs::read_to_string(file).expect("the word list");
    let mut words: Vec<(&str, usize)> = Vec::new();
    let mut total = 0;
    for row in rows.lines() {
        let mut fields = row.split('\t');
        let (Some(word), Some(count)) = (fields.next(), fields.next()) else { continue };
        total += count.parse::<usize>().unwrap_or(0);
        words.push((word, total));
    }
    let mut draw = Draw(7);
    let mut text = String::with_capacity(SIZE + 64);
    let damaged = [",", ".", "\u{200b}", "\u{ad}", " ", "⼈", "\"", "...", "--"];
    while text.len() < SIZE {
        let wanted = draw.below(total);
        text.push_str(words[words.partition_point(|w| w.1 <= wanted)].0);
        match draw.below(24) {
            0..=2 => text.push('，'),
            3 => text.push('。'),
            4 => text.push('、'),
            5 if draw.below(2) == 0 => text.push_str("“改革”"),
            6 => text.push_str("2022年"),
            7 if draw.below(4) == 0 => text.push_str("。\n\n"),
            8 if draw.below(4) == 0 => text.push_str("（记者 王芳）"),
            _ => {}
        }
        if damage && draw.below(100) == 0 {
            text.push_str(damaged[draw.below(damaged.len())]);
        }
    }
    text
}

fn rules(c: &mut Criterion) {
    let dictionaries = Dictionaries::builtin();
    for (name, damage) in [("clean", false), ("damaged", true)] {
        let mut issue = Issue::from_text("bench.txt", text(damage));
        structure::structure(&mut issue, None);
        let mut group = c.benchmark_group(name);
        group.sample_size(20);
        group.throughput(Throughput::Bytes(issue.text.len() as u64));
        let (articles, back) = (Articles::default(), SourceMap::default());
        for rule in RULES.iter().filter(|r| matches!(r.meta().stage, Stage::Forms | Stage::Marks)) {
            let stage = rule.meta().stage;
            group.bench_function(rule.meta().name, |b| {
                b.iter(|| {
                    let mut proposals = Proposals::default();
                    let (issue, dictionaries, articles, back) = (&issue, &dictionaries, &articles, &back);
                    let view = View {
                        issue,
                        dictionaries,
                        layout: Layout::Paragraphs,
                        stage,
                        breaks: &[],
                        articles,
                        quality: &Default::default(),
                        expected: None,
                        read: issue,
                        back,
                    };
                    rule.check_issue(&view, &mut proposals);
                    proposals
                });
            });
        }
        group.finish();
    }
}

criterion_group!(benches, rules);
criterion_main!(benches);
