//! How fast files become text: `cargo bench --bench read`.
//!
//! 50 MB of newspaper-like lines in each encoding, and one page, in memory; the best of seven runs, in bytes of the file a second.

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use galleyproof::read::decode;

const SIZE: usize = 50_000_000;
const HAN: &str = "昨夜一场大雪，北山公路暂时封闭；记者从市交通局获悉，跨江大桥将于下月通车。\n";
const LATIN: &str = "The façade of the old town hall fell on Tuesday; nobody was hurt, says the café owner.\n";

fn main() {
    let han = HAN.repeat(SIZE / HAN.len());
    let latin = LATIN.repeat(SIZE / LATIN.len());
    let utf_16: Vec<u8> = han[..han.len() / 2 / HAN.len() * HAN.len()].encode_utf16().flat_map(u16::to_le_bytes).collect();
    let files: [(&str, Vec<u8>); 8] = [
        ("UTF-8, Chinese", han.clone().into_bytes()),
        ("UTF-8, Chinese, 20 kB", HAN.repeat(20_000 / HAN.len()).into_bytes()),
        ("UTF-8, English", latin.clone().into_bytes()),
        ("UTF-8, Chinese, CRLF", han.replace('\n', "\r\n").into_bytes()),
        ("UTF-8, Chinese, one bad byte", [han.as_bytes(), b"\xFF\n"].concat()),
        ("UTF-16LE, Chinese", utf_16),
        ("GBK, Chinese", encoding_rs::GBK.encode(&han).0.into_owned()),
        ("windows-1252, English", encoding_rs::WINDOWS_1252.encode(&latin).0.into_owned()),
    ];
    for (name, bytes) in files {
        let best = (0..7).map(|_| time(&bytes)).min().unwrap_or_default();
        println!("{name:30} {:6.2} GB/s", bytes.len() as f64 / best.as_secs_f64() / 1e9);
    }
}

fn time(bytes: &[u8]) -> Duration {
    let bytes = bytes.to_vec();
    let start = Instant::now();
    let read = decode(Path::new("bench.txt"), bytes, None).expect("text");
    let time = start.elapsed();
    black_box(read);
    time
}
