//! The targets of `fuzz/` without libFuzzer: seeds changed by chance, the same on every run. `GALLEY_FUZZ_SECONDS=600 cargo test --test fuzz`
//! runs each for ten minutes; without it each seed is taken as it is and a few changes are made to it.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

#[path = "../fuzz/targets.rs"]
mod targets;

/// Changes to each seed where no time is given.
const FEW: usize = 3;
/// Larger seeds are left out: a change in a small one reaches as much.
const LARGEST: u64 = 40 << 10;
/// What breaks readers: pieces of the formats, and of attacks.
const WORDS: &[&str] = &[
    "<!DOCTYPE a [<!ENTITY b \"c\">]>",
    "&b;",
    "&amp;",
    "&#x2E17;",
    "&#xD800;",
    "&#0;",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "<?x ?>",
    "<a>",
    "</a>",
    "<a/>",
    "<",
    ">",
    "\"",
    "'",
    "=",
    "NaN",
    "inf",
    "-1",
    "1e400",
    "99999999999",
    "-",
    "\u{ad}",
    "¬",
    "⸗",
    "\u{fffd}",
    "\u{feff}",
    "\u{0}",
    "\r\n",
    "\t",
    "\n\n",
    "\u{c}",
    "<SP/>",
    "<HYP CONTENT=\"-\"/>",
    "<String CONTENT=\"x\"/>",
    "<TextLine>",
    "</TextLine>",
    "<TextBlock ID=\"a\">",
    "<TextEquiv index=\"0\"><Unicode>x</Unicode></TextEquiv>",
    "SUBS_TYPE=\"HypPart1\"",
    "SUBS_CONTENT=\"x\"",
    "points=\"0,0 1,1\"",
    "title=\"bbox 0 0 1 1\"",
    "class='ocrx_word'",
    "\\u00ad",
    "\\ud800",
    "\\n",
    "{",
    "}",
    "[",
    "]",
    ",",
    "null",
    "5\t1\t1\t1\t1\t1\t0\t0\t1\t1\t9\tx\n",
    "<div TYPE=\"page\">",
    "<fptr FILEID=\"x\"/>",
    "<smLinkGrp>",
    "头",
    "示\n范",
];

/// Xorshift: the same changes on every machine.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n.max(1) as u64) as usize
    }
}

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut entries: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
    entries.sort();
    for path in entries {
        match path.is_dir() {
            true => files(&path, out),
            false => out.push(path),
        }
    }
}

/// Samples of the target's format, and what once broke it.
fn seeds(target: &str) -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let of = |folder: &str| {
        let mut found = Vec::new();
        files(&root.join(folder), &mut found);
        found
    };
    let wanted: &[&str] = match target {
        "alto" => &["<alto", "<String"],
        "page" => &["<PcGts"],
        "hocr" => &["ocr_page"],
        "tsv" => &["level\tpage_num"],
        "impresso" => &["\"hy\"", "\"rb\""],
        "jsonl" => &["{\"text", "\"text\":"],
        "mets" => &["METS"],
        "text" => &[""],
        _ => &["<alto", "<PcGts", "ocr_page", "level\tpage_num", "METS"],
    };
    let small = |path: &PathBuf| fs::metadata(path).is_ok_and(|m| m.len() <= LARGEST);
    let samples = of("testdata/formats").into_iter().chain(of("testdata/mets")).filter(small).filter_map(|p| fs::read(p).ok());
    let fits = |bytes: &Vec<u8>| wanted.iter().any(|w| memchr::memmem::find(bytes, w.as_bytes()).is_some());
    let mut seeds: Vec<Vec<u8>> = samples.filter(fits).collect();
    seeds.extend(of(&format!("fuzz/regressions/{target}")).into_iter().filter_map(|p| fs::read(p).ok()));
    seeds.extend(match target {
        "jsonl" => vec!["{\"id\":\"a\",\"text\":\"示\\n范 com-\\nmittee \\u00ad\",\"x\":[1,2.50]}\n{\"text\":\"\"}\n".into()],
        "impresso" => vec![b"{\"id\":\"a-1\",\"r\":[{\"c\":[1,2,3,4],\"p\":[{\"l\":[{\"c\":[1,2,3,4],\"t\":[{\"c\":[1,2,3,4],\"tx\":\"com-\",\"hy\":true},{\"c\":[1,2,3,4],\"tx\":\"mittee\",\"nf\":\"committee\"}]}]}]}]}".to_vec()],
        "mets" => vec![include_bytes!("../fuzz/seed-mets.xml").to_vec()],
        _ => Vec::new(),
    });
    seeds
}

fn change(seed: &[u8], seeds: &[Vec<u8>], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=chance.below(5) {
        let at = chance.below(bytes.len() + 1);
        let end = (at + chance.below(60)).min(bytes.len());
        match chance.below(9) {
            0 if at < bytes.len() => bytes[at] ^= 1 << chance.below(8),
            1 => drop(bytes.drain(at..end)),
            2 | 3 => drop(bytes.splice(at..at, WORDS[chance.below(WORDS.len())].bytes())),
            4 => drop(bytes.splice(at..end, WORDS[chance.below(WORDS.len())].bytes())),
            5 => {
                let again = bytes[at..end].repeat(1 + chance.below(4));
                bytes.splice(at..at, again);
            }
            6 => {
                let other = &seeds[chance.below(seeds.len())];
                let from = chance.below(other.len() + 1);
                let to = (from + chance.below(400)).min(other.len());
                bytes.splice(at..at, other[from..to].iter().copied());
            }
            7 if chance.below(8) == 0 => bytes.truncate(at),
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = chance.below(256) as u8;
                }
            }
        }
    }
    bytes
}

#[test]
fn no_target_stops_at_anything() {
    let seconds: Option<u64> = std::env::var("GALLEY_FUZZ_SECONDS").ok().and_then(|s| s.parse().ok());
    let only = std::env::var("GALLEY_FUZZ_TARGET").ok();
    let mut broken = Vec::new();
    for (name, target) in targets::TARGETS.iter().filter(|(name, _)| only.as_deref().is_none_or(|only| only == *name)) {
        let seeds = seeds(name);
        assert!(!seeds.is_empty(), "{name}: no seed");
        let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
        let (start, mut runs) = (Instant::now(), 0usize);
        let mut attempt = |bytes: &[u8]| {
            runs += 1;
            if let Err(panic) = catch_unwind(AssertUnwindSafe(|| target(bytes))) {
                let said =
                    panic.downcast_ref::<String>().cloned().or(panic.downcast_ref::<&str>().map(|s| s.to_string())).unwrap_or_default();
                let path = std::env::temp_dir().join(format!("galley-fuzz-{name}-{}", broken.len()));
                let _ = fs::write(&path, bytes);
                broken.push(format!("{name}: {said} ({})", path.display()));
            }
            broken.len() < 20
        };
        let mut go_on = seeds.iter().all(|seed| attempt(seed));
        let many = if seconds.is_some() { usize::MAX } else { seeds.len() * FEW };
        let limit = Duration::from_secs(seconds.unwrap_or(u64::MAX));
        let mut n = 0;
        while go_on && n < many && start.elapsed() < limit {
            let bytes = change(&seeds[n % seeds.len()], &seeds, &mut chance);
            go_on = attempt(&bytes);
            n += 1;
        }
        println!("{name}: {runs} inputs from {} seeds", seeds.len());
    }
    assert!(broken.is_empty(), "{broken:#?}");
}
