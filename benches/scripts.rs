//! Conversion between scripts, in bytes of input: `cargo bench --bench scripts -- [FILTER]`.
//!
//! `GALLEY_BENCH_TEXT=FILE` names a text of your own; without it the sample page is repeated. With `--features opencc` OpenCC's own
//! library converts the same text beside it.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use galleyproof::scripts::Converter;
use rayon::prelude::*;

const MEGABYTES: usize = 4;

fn text() -> String {
    let page = match std::env::var_os("GALLEY_BENCH_TEXT") {
        Some(path) => std::fs::read_to_string(path).expect("GALLEY_BENCH_TEXT names a readable UTF-8 file"),
        None => std::fs::read_to_string("testdata/issues/kecheng-2022-07.txt").expect("the sample page"),
    };
    page.repeat((MEGABYTES << 20) / page.len() + 1)
}

fn convert(c: &mut Criterion) {
    let simplified = text();
    let traditional = Converter::script("s2t").unwrap().convert(&simplified);
    let mut group = c.benchmark_group("scripts");
    group.sample_size(10);
    for name in ["s2t", "t2s", "s2tw", "s2twp", "tw2sp", "s2hk"] {
        let text = if name.starts_with('s') { &simplified } else { &traditional };
        let converter = Converter::script(name).unwrap();
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |b| b.iter(|| black_box(converter.convert(text))));
        #[cfg(feature = "opencc")]
        {
            let library = galleyproof::scripts::OpenccEngine::new(name, None).unwrap();
            group.bench_function(format!("{name}, OpenCC's library"), |b| b.iter(|| black_box(library.convert(text).unwrap())));
        }
        // What the machine gives two threads is what it gives any work; the pieces are lines.
        let half = text.char_indices().map(|(i, _)| i).find(|i| *i >= text.len() / 2).unwrap_or(0);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
        group.bench_function(format!("{name}, two threads"), |b| {
            b.iter(|| pool.install(|| [&text[..half], &text[half..]].par_iter().map(|t| converter.convert(t).len()).sum::<usize>()));
        });
    }
    group.finish();
}

criterion_group!(benches, convert);
criterion_main!(benches);
