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

/// Runs of lines of some 64 KB, as the files of a batch are.
fn pieces(text: &str) -> Vec<&str> {
    let mut rest = text;
    std::iter::from_fn(|| {
        let end = rest.as_bytes().get(1 << 16..).and_then(|more| memchr::memchr(b'\n', more)).map_or(rest.len(), |at| (1 << 16) + at + 1);
        let (piece, after) = rest.split_at(end);
        rest = after;
        (!piece.is_empty()).then_some(piece)
    })
    .collect()
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
        let pieces = pieces(text);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
        group.bench_function(format!("{name}, two threads"), |b| {
            b.iter(|| pool.install(|| pieces.par_iter().map(|t| converter.convert(t).len()).sum::<usize>()));
        });
    }
    // What two threads are to one on this machine: at arithmetic, eight sums side by side, and at copying.
    let sums = |t: &&str| {
        let mut sums = [1u64; 8];
        for (sum, byte) in (0..16).flat_map(|_| t.as_bytes().chunks_exact(8)).flat_map(|eight| (0..8).zip(eight)) {
            sums[sum] = (sums[sum] ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
        }
        sums.into_iter().sum::<u64>()
    };
    let copy = |t: &&str| black_box(t.to_string()).len() as u64;
    let pieces = pieces(&simplified);
    for threads in [1, 2] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        group.bench_function(format!("the machine's arithmetic, threads: {threads}"), |b| {
            b.iter(|| pool.install(|| black_box(pieces.par_iter().map(sums).reduce(|| 0, u64::wrapping_add))));
        });
        group.bench_function(format!("the machine's copying, threads: {threads}"), |b| {
            b.iter(|| pool.install(|| black_box(pieces.par_iter().map(copy).sum::<u64>())));
        });
    }
    group.finish();
}

criterion_group!(benches, convert);
criterion_main!(benches);
