//! The whole path over one issue in memory: `cargo bench --bench path`. Bytes a second on one core.

use std::fs;
use std::path::Path;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use galleyproof::dictionary::Dictionaries;
use galleyproof::model::Issue;
use galleyproof::pipeline::{Settings, process};
use galleyproof::rules::{RULES, Stage};

fn issue(file: &str, bytes: usize) -> Issue {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/issues").join(file)).expect("a page");
    let text = format!("{}\n\n", page.trim()).repeat(bytes / page.len() + 1);
    Issue::from_text(file, text)
}

fn path(c: &mut Criterion) {
    let dictionaries = Dictionaries::builtin();
    let of_stages =
        |stages: &[Stage]| RULES.iter().filter(|r| stages.contains(&r.meta().stage)).map(|r| r.meta().name.to_string()).collect();
    let all = Settings::default();
    let forms_and_marks = Settings { select: of_stages(&[Stage::Forms, Stage::Marks]), ..Settings::default() };
    let mut group = c.benchmark_group("path");
    group.sample_size(20);
    for (name, file) in [("zh", "kecheng-2022-07.txt"), ("de", "reichsanzeiger/1912_1_0031.txt")] {
        let issue = issue(file, 200_000);
        group.throughput(Throughput::Bytes(issue.text.len() as u64));
        for (what, settings) in [("all", &all), ("forms-and-marks", &forms_and_marks)] {
            group.bench_function(format!("{name}/{what}"), |b| {
                b.iter_batched(|| issue.clone(), |issue| process(issue, &dictionaries, settings), BatchSize::LargeInput);
            });
        }
    }
    group.finish();
}

criterion_group!(benches, path);
criterion_main!(benches);
