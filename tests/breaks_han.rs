//! Breaks in Chinese text: what becomes of blocks and of physical lines.

use galleyproof::breaks::{self, Break, Joint};
use galleyproof::dictionary::Dictionaries;
use galleyproof::model::{Issue, Language};
use galleyproof::structure;

fn decide(text: &str) -> Vec<Break> {
    let mut issue = Issue { text: text.to_owned(), ..Issue::default() };
    structure::structure(&mut issue, Some(Language::Zh));
    let found = breaks::decide(&issue, &Dictionaries::builtin());
    for b in found.iter().filter(|b| b.decision.applicability.is_some()) {
        assert!(!b.decision.evidence.is_empty(), "a proposal without a reason: {b:?}");
    }
    found
}

/// `+` for each break that is joined, `|` for each that is not.
fn joints(text: &str) -> String {
    let joined = |b: &Break| b.decision.applicability.is_some() && b.decision.joint == Joint::Join;
    decide(text).iter().map(|b| if joined(b) { '+' } else { '|' }).collect()
}

/// Lays out paragraphs as lines of `column` characters; a mark that may not open a line hangs.
fn lay_out(paragraphs: &[&str], column: usize, indent: &str) -> (String, String) {
    let (mut text, mut expected) = (String::new(), String::new());
    for paragraph in paragraphs {
        let mut room = column - 2;
        text.push_str(indent);
        for c in paragraph.chars() {
            if room == 0 && !"，。、；：”」".contains(c) {
                text.push('\n');
                expected.push('+');
                room = column;
            }
            text.push(c);
            room = room.saturating_sub(1);
        }
        text.push('\n');
        expected.push('|');
    }
    expected.pop();
    (text, expected)
}

const HARVEST: [&str; 4] = [
    "入秋以来，青石镇的三千亩晚稻陆续成熟，镇里组织的十二支农机服务队连日下田，帮助缺少劳力的农户抢收，全镇的收割进度比上年同期快了六天。",
    "老农陈德福种了四十年水稻，今年第一次没有弯腰割稻。他站在田埂上看着收割机来回奔跑，说这在过去是想都不敢想的事情。",
    "镇农技站站长说，机械作业每亩只收六十元，比请人收割便宜一半，而且当天就能归仓，不怕遇到连阴雨。",
    "目前，全镇已有八成稻田收割完毕，预计本月中旬可以全部结束，随后将转入冬小麦的播种。",
];

#[test]
fn lines_whose_indent_is_seen() {
    let (text, expected) = lay_out(&HARVEST, 16, "　　");
    assert_eq!(joints(&text), expected);
}

#[test]
fn lines_whose_indent_is_lost() {
    let (text, expected) = lay_out(&HARVEST, 15, "");
    assert_eq!(joints(&text), expected);
}

#[test]
fn a_title_and_a_byline_stand_over_the_lines() {
    let (body, expected) = lay_out(&HARVEST, 18, "　　");
    assert_eq!(joints(&format!("农机下田稻谷归仓\n本报记者　林晓东\n{body}")), format!("||{expected}"));
}

#[test]
fn the_lines_of_a_paragraph_go_on_in_the_next_column() {
    let (body, expected) = lay_out(&HARVEST, 16, "　　");
    let cut = body.match_indices('\n').nth(2).expect("a paragraph of several lines").0;
    assert_eq!(joints(&format!("{}\n{}", &body[..cut], &body[cut..])), expected);
}

#[test]
fn whole_paragraphs_on_lines_are_left_alone() {
    assert_eq!(joints(&HARVEST.join("\n")), "|||");
    assert!(decide(&HARVEST.join("\n")).iter().all(|b| b.decision.applicability.is_none()));
}

#[test]
fn a_comma_at_the_end_of_a_block_means_more() {
    assert_eq!(joints("经过两年的修缮，始建于清代的古戏台重新对游人开放，\n\n台柱上的楹联由当地书法家补写。"), "+");
}

#[test]
fn a_word_cut_by_a_column_end() {
    assert_eq!(joints("市里要求各区在汛期到来之前完成河道清淤，并把责任落实到每一个单\n\n位和每一名干部，确保安全度汛。"), "+");
}

#[test]
fn the_same_in_traditional_characters() {
    assert_eq!(joints("市裡要求各區在汛期到來之前完成河道清淤，並把責任落實到每一個單\n\n位和每一名幹部，確保安全度汛。"), "+");
}

#[test]
fn finished_paragraphs_stay_apart() {
    assert_eq!(joints("大桥合龙后，两岸居民过江只需要十分钟。\n\n据了解，引桥工程将在年底之前全部完成。"), "|");
}

#[test]
fn a_title_is_not_joined_to_its_text() {
    let text = "农机下田稻谷归仓\n\n本报讯（记者　林晓东）入秋以来，青石镇的农机服务队连日下田，帮助农户抢收晚稻。";
    assert_eq!(joints(text), "|");
}

#[test]
fn items_of_a_list_stay_apart() {
    assert_eq!(joints("一、清理河道两岸的违章建筑；\n\n二、修复被洪水冲毁的堤坝；\n\n三、建立汛期值班制度。"), "||");
}

#[test]
fn a_short_rest_of_a_sentence_is_joined() {
    assert_eq!(joints("他在信里写道，等到明年春天桃花开的时候，一定要带着孩子们回到这座小城来看\n\n一看。"), "+");
}
