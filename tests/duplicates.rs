//! Copies: what is found, and what looks alike and is none.

use std::path::Path;
use std::process::Command;

use galleyproof::duplicates::fold::Folded;
use galleyproof::duplicates::sketch::Sketch;
use galleyproof::duplicates::{Kind, Pair, groups, pairs, verify};

fn found(texts: &[&str]) -> Vec<Pair> {
    let sketches: Vec<Sketch> = texts.iter().map(|t| Sketch::of(&Folded::of(t))).collect();
    pairs(&sketches, |n| Some(texts[n as usize].to_string())).pairs
}

fn kinds(texts: &[&str]) -> Vec<(u32, u32, Kind)> {
    found(texts).into_iter().map(|p| (p.a, p.b, p.found.kind)).collect()
}

const PARAGRAPHS: [&str; 4] = [
    "The members of the harbour committee met on Tuesday evening at the town hall, the mayor in the chair, to hear what the engineer had found below the eastern mole since the storms of the winter. ",
    "He told them that the oak piles driven in his grandfather's time were eaten through to the thickness of a wrist, and that nothing but the weight of the stones upon them kept the wall where it stood. ",
    "A merchant asked what a new wall would cost, and whether the railway would bear a share of it, as most of the coal that comes over the quay goes on by train to the mills of the valley. ",
    "It was resolved to send two members to the capital with the drawings, and to forbid until further notice that carts with more than one horse be driven out beyond the lamp at the bend. ",
];

#[test]
fn several_copies_are_one_group() {
    let text = PARAGRAPHS.concat();
    let noisy = text.replace("the ", "tbe ").replace("was", "vvas");
    let other = text.replace('m', "rn");
    let pairs = found(&[
        &text,
        &noisy,
        "Something else altogether, long enough to be a text of its own and not a copy.",
        &text.to_uppercase(),
        &other,
    ]);
    assert_eq!(groups(5, &pairs), [vec![0, 1, 3, 4]]);
    let of = |a, b| pairs.iter().find(|p| (p.a, p.b) == (a, b)).map(|p| p.found.kind);
    assert_eq!((of(0, 3), of(0, 1), of(1, 4)), (Some(Kind::Exact), Some(Kind::Near), Some(Kind::Near)));
}

#[test]
fn a_cut_copy_is_truncated_and_a_part_is_contained() {
    let text = PARAGRAPHS.concat();
    assert_eq!(kinds(&[&text, &PARAGRAPHS[..2].concat()]), [(0, 1, Kind::Truncated)]);
    assert_eq!(kinds(&[&PARAGRAPHS[1..3].concat(), &text]), [(0, 1, Kind::Contained)]);
}

#[test]
fn shared_paragraphs_are_an_overlap_with_their_places() {
    let a = format!(
        "{}{}",
        PARAGRAPHS[..2].concat(),
        "Of the weather at sea the pilots had nothing good to say, for the wind stood in the north and the herring boats lay idle behind the island all through the week, as they had in the year of the great frost and never since."
    );
    let b = format!(
        "{}{}",
        "From our correspondent in the valley. The mills have been short of coal since Martinmas, and in two of them the looms stand still; the weavers ask who will pay them for days on which there is no work to be had, and no answer was given.",
        PARAGRAPHS[..2].concat()
    );
    let pairs = found(&[&a, &b]);
    let [pair] = &pairs[..] else { panic!("{pairs:?}") };
    assert_eq!(pair.found.kind, Kind::Overlap);
    let (of_a, of_b) = pair.found.stretches[0].clone();
    assert_eq!(a[Folded::of(&a).span(&a, of_a)].get(..30), PARAGRAPHS[0].get(..30));
    assert_eq!(b[Folded::of(&b).span(&b, of_b)].get(..30), PARAGRAPHS[0].get(..30));
}

#[test]
fn scripts_make_no_difference() {
    let traditional =
        "區政府昨日召開會議，研究部署今年的防汛工作。會議要求各鄉鎮認真檢查水庫、堤壩和排澇設備，發現問題及時處理，確保群眾生命財產安全。";
    let simplified =
        "区政府昨日召开会议，研究部署今年的防汛工作。会议要求各乡镇认真检查水库、堤坝和排涝设备，发现问题及时处理，确保群众生命财产安全。";
    assert_eq!(kinds(&[traditional, simplified]), [(0, 1, Kind::Exact)]);
}

/// The same text so many times, each with other errors.
fn many_copies(copies: usize) -> Vec<String> {
    let text = PARAGRAPHS.concat();
    let misread = |copy: usize| move |(i, c): (usize, char)| if (i * 31 + copy * 7 + i * copy).is_multiple_of(59) { 'x' } else { c };
    (0..copies).map(|copy| text.char_indices().map(misread(copy)).collect()).collect()
}

#[test]
fn twenty_copies_have_all_their_pairs_and_many_are_still_one_group() {
    let of = |copies: usize| {
        let texts = many_copies(copies);
        let sketches: Vec<Sketch> = texts.iter().map(|t| Sketch::of(&Folded::of(t))).collect();
        let found = pairs(&sketches, |n| Some(texts[n as usize].clone()));
        assert_eq!(groups(copies, &found.pairs), [(0..copies as u32).collect::<Vec<_>>()]);
        (found.pairs.len(), found.left_out)
    };
    assert_eq!(of(20), (190, 0));
    // Each later one is compared with the nearest of those before it.
    assert_eq!(of(50), (190 + 30 * 19, (20..50).map(|before| before - 19).sum::<usize>()));
}

#[test]
fn what_was_not_compared_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let lines: String = many_copies(22).iter().map(|text| serde_json::json!({ "text": text }).to_string() + "\n").collect();
    std::fs::write(folder.path().join("a.jsonl"), lines).unwrap();
    let (_, out, _) = galley(&["duplicates", "a.jsonl"], folder.path());
    assert!(
        out.ends_with(
            "22 texts, 228 pairs, 1 cluster\n3 more likely pairs not compared: of each text only those with its 19 nearest are\n"
        )
    );
    let (_, out, err) = galley(&["duplicates", "a.jsonl", "--format", "jsonl"], folder.path());
    assert!(out.lines().count() == 229 && err.starts_with("3 more likely pairs not compared"), "{err}");
}

fn field(line: &str, name: &str) -> String {
    serde_json::from_str::<serde_json::Value>(line).unwrap()[name].as_str().unwrap().to_string()
}

#[test]
fn all_copies_of_the_samples_are_found_and_nothing_else() {
    let lines: Vec<&str> = include_str!("../testdata/duplicates/copies.jsonl").lines().collect();
    let texts: Vec<String> = lines.iter().map(|l| field(l, "text")).collect();
    let pairs = found(&texts.iter().map(String::as_str).collect::<Vec<_>>());
    let mut rows: Vec<String> = pairs
        .iter()
        .map(|p| format!("{}\t{}\t{}", field(lines[p.a as usize], "id"), field(lines[p.b as usize], "id"), p.found.kind.name()))
        .collect();
    rows.sort();
    assert_eq!(rows, include_str!("../testdata/duplicates/copies.tsv").lines().collect::<Vec<_>>());
    // An overlap is reported and merges nothing.
    let of = |n: &u32| field(lines[*n as usize], "id");
    let named: Vec<Vec<String>> = groups(lines.len(), &pairs).iter().map(|g| g.iter().map(of).collect()).collect();
    assert_eq!(named.iter().map(Vec::len).collect::<Vec<_>>(), [5, 3], "{named:?}");
}

#[test]
fn a_pair_compared_alone_is_the_pair_of_the_run() {
    let lines = include_str!("../testdata/duplicates/copies.jsonl");
    let texts: Vec<String> = lines.lines().map(|l| field(l, "text")).collect();
    let of_run = found(&texts.iter().map(String::as_str).collect::<Vec<_>>());
    for pair in of_run {
        assert_eq!(verify(&texts[pair.a as usize], &texts[pair.b as usize]), Some(pair.found));
    }
}

fn galley(args: &[&str], folder: &Path) -> (i32, String, String) {
    let out = Command::new(env!("CARGO_BIN_EXE_galley")).args(args).current_dir(folder).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (out.status.code().unwrap_or(-1), text(&out.stdout), text(&out.stderr))
}

#[test]
fn a_decided_pair_is_not_asked_about_again() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    std::fs::write(dir.join("a.jsonl"), include_str!("../testdata/duplicates/copies.jsonl")).unwrap();
    let shown = |decisions: &str| {
        std::fs::write(dir.join("decisions.jsonl"), decisions).unwrap();
        galley(&["duplicates", "a.jsonl", "--format", "jsonl", "--decisions", "decisions.jsonl"], dir)
    };
    let (_, all, _) = shown("");
    let key = field(all.lines().find(|l| l.contains("\"lock-ocr-20\"")).unwrap(), "fp");
    let said =
        |what: &str| format!("{{\"v\":1,\"decision\":\"{what}\",\"fp\":\"{key}\",\"by\":\"ann\",\"at\":\"2026-01-01T00:00:00Z\"}}\n");
    let pairs = |out: &str| out.lines().filter(|l| l.contains("\"fp\"")).count();
    for what in ["same", "different", "continuation", "keep-longer"] {
        let (code, out, err) = shown(&said(what));
        assert!(code == 0 && pairs(&out) == pairs(&all) - 1 && !out.contains(&key), "{out}{err}");
    }
    let (code, out, _) = galley(&["decisions", "list", "decisions.jsonl"], dir);
    assert!(code == 0 && out.contains(&key) && out.contains("keep-longer"), "{out}");
    // Who disagrees is asked again.
    let other = said("different").replace("\"ann\"", "\"bob\"");
    assert!(shown(&(said("same") + &other)).1.contains(&key));
    let (code, _, err) = shown("{\"v\":1,\"decision\":\"same\",\"by\":\"ann\",\"at\":\"\"}\n");
    assert!(code == 2 && err.contains("decisions.jsonl:1"), "{err}");
}

#[test]
fn the_archive_of_the_config_is_looked_into() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    std::fs::create_dir(dir.join("new")).unwrap();
    let texts: Vec<String> = include_str!("../testdata/duplicates/copies.jsonl").lines().map(|l| field(l, "text")).collect();
    std::fs::write(dir.join("old.txt"), &texts[0]).unwrap();
    std::fs::write(dir.join("new/issue.txt"), &texts[3]).unwrap();
    assert_eq!(galley(&["index", "add", "ar", "old.txt"], dir).0, 0);
    assert!(!galley(&["check", "new"], dir).1.contains("duplicate-article"));
    std::fs::write(dir.join("new/galley.toml"), "[archive]\nindex = \"../ar\"\n").unwrap();
    let (_, out, err) = galley(&["check", "new"], dir);
    assert!(out.contains("duplicate-article"), "{out}{err}");
    std::fs::write(dir.join("new/galley.toml"), "[archive]\nindex = \"../none\"\n").unwrap();
    let (code, _, err) = galley(&["check", "new"], dir);
    assert!(code == 2 && err.contains("archive.index"), "{err}");
}

#[test]
fn what_is_no_text_is_named_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    std::fs::create_dir(dir.join("empty")).unwrap();
    std::fs::write(dir.join("a.jsonl"), "{\"id\":\"x\",\"text\":\"a\"}\n{\"id\":\"y\"\n{\"id\":\"z\"}\n{\"text\":\"no name\"}\n").unwrap();
    let (code, out, err) = galley(&["duplicates", "a.jsonl"], dir);
    assert!(code == 2 && err.contains("a.jsonl:2") && err.contains("a.jsonl:3") && out.contains("2 texts"), "{out}{err}");
    let (code, _, err) = galley(&["duplicates", "empty"], dir);
    assert!(code == 2 && err.contains("empty"), "{err}");
    let (code, _, err) = galley(&["duplicates", "nowhere.jsonl"], dir);
    assert!(code == 2 && err.contains("nowhere.jsonl"), "{err}");
}

#[test]
fn notices_of_one_form_are_no_copies() {
    let lines = include_str!("../testdata/duplicates/notices.jsonl");
    let texts: Vec<String> =
        lines.lines().map(|l| serde_json::from_str::<serde_json::Value>(l).unwrap()["text"].as_str().unwrap().to_string()).collect();
    assert!(texts.len() >= 40);
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    assert_eq!(kinds(&texts), []);
}
