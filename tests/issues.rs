//! Whole issues: what a digitization team would look at first.

use galleyproof::dictionary::Dictionaries;
use galleyproof::edit::Outcome;
use galleyproof::inputs::{InputFile, IssueInput};
use galleyproof::model::Language;
use galleyproof::pipeline::{Processed, Settings, process};
use galleyproof::read::{ReadOptions, read_issue};

const PAGE: &str = "testdata/issues/kecheng-2022-07.txt";

fn processed(path: &str, settings: &Settings) -> Processed {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let input = IssueInput { id: "page".into(), files: vec![InputFile { relative: path.file_name().unwrap().into(), path }], mets: None };
    let read = read_issue(&input, &ReadOptions::default());
    assert!(read.errors.is_empty(), "{:?}", read.errors);
    process(read.issue, &Dictionaries::builtin(), settings)
}

/// The five column breaks, as labelled by hand: the text before, the text after.
const JOINS: [(&str, &str); 5] =
    [("要带头示", "范，当好"), ("中间的工", "作机制"), ("志愿宣讲团", "成员"), ("反响。当天", "下午"), ("论述和批示", "指示精神")];

#[test]
fn exactly_the_five_column_breaks_of_the_sample_page_are_repaired() {
    let page = processed(PAGE, &Settings::default());
    let mut expected = page.read.text.clone();
    for (before, after) in JOINS {
        let broken = format!("{before}\n\n{after}");
        assert_eq!(expected.matches(&broken).count(), 1, "{broken}");
        expected = expected.replace(&broken, &format!("{before}{after}"));
    }
    // Byte for byte: no headline joined, no space lost, no other character changed.
    assert_eq!(page.clean.text, expected);
    let applied = page.changes().filter(|(_, _, o)| *o == Outcome::Applied).count();
    assert_eq!(applied, 5);
    let words = page.changes().filter(|(_, e, o)| *o == Outcome::Applied && e.rule == "split-word").count();
    assert_eq!(words, 3, "示|范, 工|作 and 当天|下午 cut a dictionary word");
}

#[test]
fn the_sample_page_goes_on_on_a_page_that_is_not_there() {
    let page = processed(PAGE, &Settings::default());
    let found: Vec<&str> = page.findings.iter().map(|f| f.rule).collect();
    assert_eq!(found, ["unmatched-jump-line", "headline-order"]);
    assert_eq!(&page.read.text[page.findings[0].places[0].clone()], "（下转2版）");
    assert!(page.findings[0].message.contains("page 2"), "{}", page.findings[0].message);
}

#[test]
fn the_swapped_headline_of_the_sample_page_is_reported_with_the_order_its_text_tells() {
    let page = processed(PAGE, &Settings::default());
    let finding = page.findings.iter().find(|f| f.rule == "headline-order").expect("a finding");
    assert_eq!(&page.read.text[finding.places[0].clone()], "暨『双清』『双治』工作部署会");
    let order = "我区召开信访工作联席会议 / 暨『双清』『双治』工作部署会 / 压紧压实责任链条 做实做细群众工作";
    assert!(finding.message.ends_with(order), "{}", finding.message);
    assert!(finding.evidence.iter().any(|e| e.name == "told-in-this-order"), "{:?}", finding.evidence);
    assert_eq!(finding.related[0].line, 29);
}

#[test]
fn the_sample_page_is_simplified_chinese_throughout() {
    let page = processed(PAGE, &Settings::default());
    for region in &page.read.regions {
        assert!(region.language.is_chinese() && region.language != Language::ZhHant, "{:?}", region);
    }
}

#[test]
fn every_applied_edit_of_the_sample_page_says_why_and_where() {
    let page = processed(PAGE, &Settings::default());
    for (step, edit, _) in page.changes() {
        assert!(!edit.evidence.is_empty());
        for r in &edit.replacements {
            assert!(step.issue.text.is_char_boundary(r.span.start) && step.issue.text.is_char_boundary(r.span.end));
        }
    }
    // And what was applied can be taken back.
    let mut undone = page.clean.text.clone();
    for r in page.map.undo(&page.read.text).into_iter().rev() {
        undone.replace_range(r.span, &r.text);
    }
    assert_eq!(undone, page.read.text);
}
