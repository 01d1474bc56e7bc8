//! The steps that find copies: `cargo bench --bench duplicates -- [FILTER]`.
//!
//! `GALLEY_BENCH_JSONL=FILE` names articles of your own (JSON Lines with `text`), such as those of `make_articles.py`; without it the paragraphs
//! of the sample page are articles. `compare_duplicates.py` measures the whole command beside other tools.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use galleyproof::duplicates::fold::Folded;
use galleyproof::duplicates::sketch::Sketch;
use galleyproof::duplicates::{pairs, verify};

const TEXTS: usize = 5000;

fn texts() -> Vec<String> {
    let text =
        |line: &str| serde_json::from_str::<serde_json::Value>(line).expect("JSON Lines")["text"].as_str().expect("a text").to_string();
    match std::env::var_os("GALLEY_BENCH_JSONL") {
        Some(path) => {
            std::fs::read_to_string(path).expect("GALLEY_BENCH_JSONL names a readable file").lines().take(TEXTS).map(text).collect()
        }
        None => {
            let page = std::fs::read_to_string("testdata/issues/kecheng-2022-07.txt").expect("the sample page");
            let parts: Vec<&str> = page.split("\n\n").collect();
            (0..TEXTS).map(|n| (0..6).map(|i| parts[(n * 7 + i * i * 5 + n / 11 * i) % parts.len()]).collect()).collect()
        }
    }
}

fn steps(c: &mut Criterion) {
    let texts = texts();
    let sketches: Vec<Sketch> = texts.iter().map(|t| Sketch::of(&Folded::of(t))).collect();
    let mut group = c.benchmark_group("duplicates");
    group.sample_size(10).throughput(Throughput::Elements(texts.len() as u64));
    group.bench_function("fold", |b| b.iter(|| texts.iter().map(|t| black_box(Folded::of(t)).units.len()).sum::<usize>()));
    let folded: Vec<Folded> = texts.iter().map(|t| Folded::of(t)).collect();
    group.bench_function("sketch", |b| b.iter(|| folded.iter().map(|f| black_box(Sketch::of(f)).hashes.len()).sum::<usize>()));
    // Without their texts candidates are found and none is compared.
    group.bench_function("candidates", |b| b.iter(|| black_box(pairs(&sketches, |_| None)).left_out));
    group.bench_function("pairs", |b| b.iter(|| black_box(pairs(&sketches, |n| Some(texts[n as usize].clone()))).pairs.len()));
    group.throughput(Throughput::Elements(1));
    group.bench_function("verify", |b| b.iter(|| black_box(verify(&texts[0], &texts[1]))));
    group.finish();
}

criterion_group!(benches, steps);
criterion_main!(benches);
