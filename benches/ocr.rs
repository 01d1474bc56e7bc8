//! How fast ALTO is read and written back: `cargo bench --bench ocr [-- FILE]`; the peer is `benches/ocr_lxml.py FILE`.
//!
//! A page of 8,000 words (or FILE) is read to text, words and boxes; then each tenth line end is spliced. Bytes of the file a second, on one
//! core.

use std::path::Path;

use criterion::{Criterion, Throughput};
use galleyproof::read::{ReadOptions, read_bytes_as};
use galleyproof::write::splice::replace;

fn page() -> Vec<u8> {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<alto xmlns=\"http://www.loc.gov/standards/alto/ns-v3#\"><Description><MeasurementUnit>pixel</MeasurementUnit></Description>\n<Layout><Page ID=\"P1\" WIDTH=\"4000\" HEIGHT=\"6000\"><PrintSpace>\n",
    );
    for line in 0..1000 {
        if line % 40 == 0 {
            text.push_str(&format!("<TextBlock ID=\"B{line}\" HPOS=\"100\" VPOS=\"{line}\" WIDTH=\"700\" HEIGHT=\"2000\">\n"));
        }
        text.push_str(&format!("\t<TextLine ID=\"L{line}\" HPOS=\"100\" VPOS=\"{line}\" WIDTH=\"700\" HEIGHT=\"40\">\n"));
        for word in 0..8 {
            text.push_str(&format!(
                "\t\t<String ID=\"S{line}_{word}\" HPOS=\"{}\" VPOS=\"{line}\" WIDTH=\"80\" HEIGHT=\"38\" WC=\"0.93\" CC=\"01000000\" CONTENT=\"{}\"/>\n\t\t<SP WIDTH=\"9\" VPOS=\"{line}\" HPOS=\"{}\"/>\n",
                100 + word * 90,
                if word == 7 { "Ver\u{e4}nde-" } else { "Wort&amp;" },
                180 + word * 90,
            ));
        }
        text.push_str("\t</TextLine>\n");
        if line % 40 == 39 {
            text.push_str("</TextBlock>\n");
        }
    }
    text.push_str("</PrintSpace></Page></Layout></alto>\n");
    text.into_bytes()
}

fn main() {
    let given = std::env::args().skip(1).find(|a| !a.starts_with('-'));
    let bytes = given.map_or_else(page, |path| std::fs::read(path).expect("the file can be read"));
    let mut criterion = Criterion::default().sample_size(20);
    let mut group = criterion.benchmark_group("alto");
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    let path = Path::new("bench.xml");
    let read = |bytes: &[u8]| read_bytes_as(path, bytes.to_vec(), &ReadOptions::default()).expect("ALTO");
    group.bench_function("read", |b| b.iter(|| read(&bytes)));
    group.bench_function("read and splice", |b| {
        b.iter(|| {
            let (_, map, ocr) = read(&bytes);
            let ends = ocr.lines.iter().step_by(10).filter_map(|l| ocr.words.get(l.words.end as usize - 1));
            let edits =
                ends.map(|w| (w.tag.end - 2..w.tag.end - 2, " SUBS_TYPE=\"HypPart1\" SUBS_CONTENT=\"Veränderung\"".to_owned())).collect();
            replace(path, &map, edits).expect("written")
        })
    });
    group.finish();
    criterion.final_summary();
}
