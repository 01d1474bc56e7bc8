//! Articles as `galley export` prints them.

use std::path::Path;

use serde_json::Value;

mod common;
use common::{folder, galley, text};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/issues/kecheng-2022-07.txt");

fn export(dir: &Path, paths: &[&str]) -> Vec<Value> {
    let output = galley(dir, &[&["export", "--to", "jsonl"], paths].concat());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    text(&output.stdout).lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

#[test]
fn the_sample_page_has_four_articles_with_their_bylines() {
    let dir = folder(&[]);
    let articles = export(dir.path(), &[PAGE]);
    let bylines: Vec<&str> = articles.iter().map(|a| a["byline"].as_str().unwrap()).collect();
    assert_eq!(bylines, ["本报讯（记者 方心怡）", "本报讯（记者 赖小兰 缪艺璇）", "本报讯（记者 赖小兰）", "本报讯（记者 方心怡）"]);
    // The labels made by hand: lines of the file as it is on disk.
    let lines: Vec<(u64, u64)> = articles
        .iter()
        .map(|a| {
            let parts = a["parts"].as_array().unwrap();
            assert_eq!(parts.len(), 1);
            (parts[0]["first_line"].as_u64().unwrap(), parts[0]["last_line"].as_u64().unwrap())
        })
        .collect();
    assert_eq!(lines, [(5, 25), (27, 37), (39, 53), (55, 67)]);
}

#[test]
fn the_fourth_article_of_the_sample_page_is_continued_elsewhere_and_its_banner_is_no_headline() {
    let dir = folder(&[]);
    let articles = export(dir.path(), &[PAGE]);
    let status: Vec<&str> = articles.iter().map(|a| a["status"].as_str().unwrap()).collect();
    assert_eq!(status, ["complete", "complete", "complete", "jump-unmatched"]);
    assert_eq!(articles[3]["title"], "区十届政府召开第11次常务会议");
    assert_eq!(articles[3]["banner"], "奋进新征程 建功新时代 ——践行“八八战略” 投身“两个先行”——");
    let body = articles[3]["text"].as_str().unwrap();
    assert!(body.starts_with("本报讯") && body.ends_with("会议指出，"), "{body}");
}

#[test]
fn the_breaks_of_an_exported_text_stand_where_it_was_joined() {
    let dir = folder(&[]);
    let articles = export(dir.path(), &[PAGE]);
    let mut joints = Vec::new();
    for article in &articles {
        let body = article["text"].as_str().unwrap();
        for found in article["breaks"].as_array().unwrap() {
            let at = found["at"].as_u64().unwrap() as usize;
            joints.push((body[..at].chars().next_back().unwrap(), body[at..].chars().next().unwrap()));
        }
    }
    assert_eq!(joints, [('示', '范'), ('工', '作'), ('团', '成'), ('天', '下'), ('示', '指')]);
}

#[test]
fn what_cannot_be_read_is_said_on_standard_error() {
    let dir = folder(&[("a.txt", "本报讯 区里昨天召开会议。\n".as_bytes())]);
    let output = galley(dir.path(), &["export", "a.txt", "missing.txt"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("missing.txt"), "{}", text(&output.stderr));
    assert_eq!(text(&output.stdout).lines().count(), 1);
}

#[test]
fn bytes_that_are_no_text_are_said_on_standard_error() {
    let mut bytes = "本报讯 区里昨天召开会议。".repeat(40).into_bytes();
    bytes.extend([0xff, b'\n']);
    let dir = folder(&[("a.txt", &bytes)]);
    let output = galley(dir.path(), &["export", "--encoding", "utf-8", "a.txt"]);
    assert!(text(&output.stderr).contains("undecodable-bytes"), "{}", text(&output.stderr));
}
