//! Pages, regions, lines, languages and roles.

use galleyproof::model::{Issue, Language, Role, Source};
use galleyproof::read::ByteMap;
use galleyproof::structure::{Jump, JumpDirection, detect, final_mark, jump_line, opens_with_byline, structure};
use proptest::prelude::*;

#[path = "structure/measure.rs"]
mod measure;

fn issue(text: &str) -> Issue {
    let mut issue = Issue { text: text.to_string(), ..Issue::default() };
    structure(&mut issue, None);
    issue
}

fn lines_of(issue: &Issue, role: Role) -> Vec<&str> {
    (0..issue.lines.len()).filter(|&l| issue.lines[l].role == role).map(|l| issue.line_text(l)).collect()
}

/// Pages with their furniture, and the rest of the lines.
fn furniture(issue: &Issue) -> Vec<&str> {
    (0..issue.lines.len()).filter(|&l| issue.lines[l].role.is_furniture()).map(|l| issue.line_text(l)).collect()
}

#[test]
fn form_feeds_part_pages_wherever_they_stand() {
    for text in
        ["eins\nzwei\x0cdrei", "eins\nzwei\n\x0c\ndrei", "eins\nzwei\n\x0cdrei\n", "eins\nzwei\x0c\ndrei\n\x0c", "\x0ceins\nzwei\x0cdrei"]
    {
        let issue = issue(text);
        assert_eq!(issue.pages.len(), 2, "{text:?}");
        let lines: Vec<(&str, u32)> = (0..issue.lines.len()).map(|l| (issue.line_text(l), issue.lines[l].page)).collect();
        assert_eq!(lines, [("eins", 0), ("zwei", 0), ("drei", 1)], "{text:?}");
        assert!(issue.pages.iter().all(|p| !issue.text[p.span.clone()].contains('\x0c')));
    }
    assert_eq!(issue("eins\x0c\n\x0cdrei").pages.len(), 3, "a blank page is a page");
    assert_eq!(issue("").pages.len(), 1);
}

#[test]
fn empty_lines_part_regions_and_lines_leave_out_their_ends() {
    let issue = issue("甲\r\n乙\r\n\u{3000}\r\n 丙\n\u{feff}\n\n丁");
    let regions: Vec<Vec<&str>> = issue.regions.iter().map(|r| r.lines.clone().map(|l| issue.line_text(l)).collect()).collect();
    assert_eq!(regions, [vec!["甲", "乙"], vec![" 丙"], vec!["丁"]]);
    assert_eq!(issue.pages[0].regions, 0..3);
    assert_eq!(issue.lines[3].region, 2);
}

#[test]
fn each_source_begins_a_page() {
    let text = "一版\n\x0c二版\n\x0c三版";
    let cut = text.find("三").unwrap();
    let source = |span| Source { path: "p".into(), span, bytes: ByteMap::default() };
    let mut issue = Issue { text: text.into(), sources: vec![source(0..cut - 1), source(cut..text.len())], ..Issue::default() };
    structure(&mut issue, None);
    let pages: Vec<(&str, u32)> = issue.pages.iter().map(|p| (issue.text[p.span.clone()].trim(), p.source)).collect();
    assert_eq!(pages, [("一版", 0), ("二版", 0), ("三版", 1)]);
}

#[test]
fn languages_of_clean_and_damaged_text() {
    for (text, language) in [
        ("市民在公园里散步，孩子们追着风筝跑，老人们坐在长椅上说话。", Language::ZhHans),
        ("市民在公園裡散步，孩子們追著風箏跑，老人們坐在長椅上說話。", Language::ZhHant),
        ("上下左右", Language::Zh),
        ("Die Verſammlung beſchloß geſtern, daß der Bau des Hauſes im Fruͤhling beginnen ſoll.", Language::De),
        ("vnnd iſt auch zů wiſſen das der künig nit allein vil volcks verlor, ſunder auch die ſtat", Language::De),
        ("The council met on Tuesday and decided that the bridge should be closed for repairs.", Language::En),
        ("Tho counoil mot on Tuosday aud docidod tbat tlie bridge shonld be closcd for ropairs.", Language::En),
        ("Le conseil s'est réuni mardi et a décidé que le pont serait fermé pour des travaux.", Language::Fr),
        ("Senatus die Martis convenit atque decrevit ut pons propter opera clauderetur, quod populo non placuit.", Language::Unknown),
        ("Il consiglio si è riunito martedì e ha deciso che il ponte sarà chiuso per i lavori della città.", Language::Unknown),
        ("De raad kwam dinsdag bijeen en besloot dat de brug voor het herstel gesloten zou worden.", Language::Unknown),
        ("市議会は火曜日に集まり、橋を閉めることに決めました。", Language::Unknown),
        ("Совет собрался во вторник и решил закрыть мост.", Language::Unknown),
        ("No. 12", Language::Unknown),
    ] {
        assert_eq!(detect(text), language, "{text}");
    }
}

#[test]
fn short_regions_follow_their_neighbours_only_if_those_agree() {
    let german = "Der Gemeinderat hat gestern beschlossen, die alte Brücke im Frühling zu erneuern.";
    let french = "Le conseil communal a décidé hier que le vieux pont serait refait au printemps.";
    let issue = issue(&format!("{german}\n\nXaver Huber, 12.50\n\n{german}\n\nA. Muller 3.–\n\n{french}\n\n区长出席"));
    let languages: Vec<Language> = issue.regions.iter().map(|r| r.language).collect();
    assert_eq!(languages, [Language::De, Language::De, Language::De, Language::Unknown, Language::Fr, Language::ZhHans]);
    let mut issue = issue;
    structure(&mut issue, Some(Language::En));
    assert!(issue.regions.iter().all(|r| r.language == Language::En));
}

const ZH: &str = "河边的小路修好以后，来这里散步的人一天比一天多，附近的小店也重新开了门";
const DE: &str = "Der Weg am Fluß ist seit dem Herbst wieder offen, und die Leute gehen\nabends gern dort spazieren, auch wenn es schon dunkel ist und die Lam-";

#[test]
fn furniture_between_two_pages() {
    for head in [
        "第3版",
        "第三版",
        "3版",
        "— 3 —",
        "3",
        "·3·",
        "A03",
        "第 3 版　文 化",
        "3　综合新闻",
        "2019年4月6日　星期六　第3版",
        "临江晚报 2019年4月6日 3版",
        "2019.4.6 星期六 责编：方 圆",
        "二〇一九年四月六日 星期六 第三版",
        "责任编辑：方 圆　美编：余 音",
        "要闻 03",
    ] {
        let pages = issue(&format!("{ZH}\n\n{head}\n\x0c{ZH}。"));
        assert_eq!(furniture(&pages), [head], "below");
        let pages = issue(&format!("{ZH}\n\x0c{head}\n\n{ZH}。"));
        assert_eq!(furniture(&pages), [head], "above");
    }
    for head in [
        "Seite 3",
        "PAGE 3",
        "— 3 —",
        "3",
        "[3]",
        "Blatt 3.",
        "Talbote. Nr. 18.",
        "Samstag, den 6. April.",
        "Samedi 6 avril 1889.",
        "THE VALLEY HERALD, SATURDAY, APRIL 6, 1889.",
        "VOL. XII. No. 81.",
        "3 Der Landbote 6. April 1889",
    ] {
        let pages = issue(&format!("{DE}\n\n{head}\n\x0c{DE}"));
        assert_eq!(furniture(&pages), [head], "below");
        let pages = issue(&format!("{DE}\n\x0c{head}\n\n{DE}"));
        assert_eq!(furniture(&pages), [head], "above");
    }
    let two = issue(&format!("{ZH}\n\x0c城 南 事\n2019年4月6日 A03\n\n{ZH}"));
    assert_eq!(furniture(&two), ["城 南 事", "2019年4月6日 A03"]);
}

#[test]
fn text_at_a_page_edge_is_no_furniture() {
    for line in [
        "2019年4月6日",
        "全市共有3家",
        "星期六",
        "要闻",
        "一、二",
        "3月的风",
        "第三版图纸已经画好",
        "三",
        "记者 方圆",
        "2019年共植树3万棵",
        "中国",
    ] {
        assert_eq!(furniture(&issue(&format!("{ZH}\n\n{line}\n\x0c{ZH}。"))), [""; 0], "{line}");
    }
    for line in ["1889.", "April.", "Herald", "den 6. April 1889.", "Nr.", "Page", "3 Mann", "Die Post", "§ 3.", "in 3 Jahren", "Talbote"]
    {
        assert_eq!(furniture(&issue(&format!("{DE}\n\n{line}\n\x0c{DE}"))), [""; 0], "{line}");
    }
    // Inside a page nothing is furniture.
    assert_eq!(furniture(&issue(&format!("{ZH}\n\n{ZH}\n\n{ZH}\n\n第3版\n\n{ZH}\n\n{ZH}\n\n{ZH}"))), [""; 0]);
    // A number that opens a page and goes on as text in the same block.
    assert_eq!(furniture(&issue(&format!("{DE}\n\x0c12\nMann und {DE}"))), [""; 0]);
}

#[test]
fn what_returns_on_other_pages_is_a_running_head_unless_it_stands_elsewhere_too() {
    let body = |n: usize| format!("{ZH}{}", "好".repeat(n));
    let paged: Vec<String> = (2..6).map(|n| format!("周末的院子 {n}\n\n{}", body(n))).collect();
    assert_eq!(furniture(&issue(&paged.join("\n\x0c"))).len(), 4);
    let named: Vec<String> = (2..6).map(|n| format!("周末的院子\n\n{}", body(n))).collect();
    assert_eq!(furniture(&issue(&named.join("\n\x0c"))).len(), 4);
    let titles = format!("{}\n\n周末的院子\n\n{}", named.join("\n\x0c"), body(9));
    assert_eq!(furniture(&issue(&titles)), [""; 0]);
    // Pages without an empty line below the number: the numbers must count the pages.
    let glued: Vec<String> = (1..5).map(|n| format!("{n}\n{} {DE}", "abcd".repeat(n))).collect();
    assert_eq!(furniture(&issue(&glued.join("\n\x0c"))), ["1", "2", "3", "4"]);
    let other: Vec<String> = [7, 3, 40, 8].map(|n| format!("{n}\n{} {DE}", "abcd".repeat(n))).into();
    assert_eq!(furniture(&issue(&other.join("\n\x0c"))), [""; 0]);
    // A damaged copy of a head.
    let damaged =
        format!("临江晚报 2019年4月6日 3版\n\n{ZH}\n\x0c临江晚报 2019年4月6日 4版\n\n{ZH}\n\x0c临江晚投 2019年4月6曰 5版\n\n{ZH}");
    assert_eq!(furniture(&issue(&damaged)).len(), 3);
}

#[test]
fn the_sample_page_has_its_titles_banner_and_jump_line() {
    let page = issue(include_str!("../testdata/issues/kecheng-2022-07.txt"));
    assert_eq!(lines_of(&page, Role::Banner), ["奋进新征程 建功新时代", "——践行“八八战略” 投身“两个先行”——"]);
    let titles: Vec<&str> = (0..page.lines.len())
        .filter(|&l| matches!(page.lines[l].role, Role::Headline | Role::Kicker | Role::Deck))
        .map(|l| page.line_text(l))
        .collect();
    assert_eq!(
        titles,
        [
            "坚定信心攻坚 咬定目标冲刺",
            "以重点专项攻坚突破带动全区工作提速提效",
            "柯城区重点专项工作克难攻坚推进大会召开",
            "暨『双清』『双治』工作部署会",
            "我区召开信访工作联席会议",
            "压紧压实责任链条 做实做细群众工作",
            "村里来了“00后”大学生宣讲员",
            "区十届政府召开第11次常务会议",
        ]
    );
    let headlines = lines_of(&page, Role::Headline);
    assert_eq!(
        headlines,
        [
            "柯城区重点专项工作克难攻坚推进大会召开",
            "我区召开信访工作联席会议",
            "村里来了“00后”大学生宣讲员",
            "区十届政府召开第11次常务会议"
        ]
    );
    assert_eq!(furniture(&page), [""; 0]);
    let bylines = (0..page.lines.len()).filter(|&l| opens_with_byline(page.line_text(l))).count();
    assert_eq!(bylines, 4);
    let last = page.line_text(page.lines.len() - 1);
    assert_eq!(jump_line(last).map(|j| (j.direction, j.page, &last[j.span])), Some((JumpDirection::To, Some(2), "（下转2版）")));
    assert_eq!(page.lines.last().unwrap().role, Role::Body, "the line holds text too");
}

#[test]
fn jump_lines_in_four_languages() {
    use JumpDirection::{From, To};
    for (line, direction, page, span) in [
        ("会议指出，（下转2版）", To, Some(2), "（下转2版）"),
        ("（下转第二版）", To, Some(2), "（下转第二版）"),
        ("水位明显下降下转第四版", To, Some(4), "下转第四版"),
        ("(下转A12版)", To, Some(12), "(下转A12版)"),
        ("▲（下轉第三版）", To, Some(3), "▲（下轉第三版）"),
        ("（上接第1版）水位明显下降。", From, Some(1), "（上接第1版）"),
        ("上接第一版水位明显下降。", From, Some(1), "上接第一版"),
        ("（紧接1版）", From, Some(1), "（紧接1版）"),
        ("（接第十二版）雨停了。", From, Some(12), "（接第十二版）"),
        ("（未完待续）", To, None, "（未完待续）"),
        ("Continued on page 3", To, Some(3), "Continued on page 3"),
        ("the water fell. (Continued on Page 7.)", To, Some(7), "(Continued on Page 7.)"),
        ("(Continued from first page.)", From, Some(1), "(Continued from first page.)"),
        ("(To be continued.)", To, None, "(To be continued.)"),
        ("Fortsetzung auf Seite 5", To, Some(5), "Fortsetzung auf Seite 5"),
        ("(Fortsetzung von Seite 1)", From, Some(1), "(Fortsetzung von Seite 1)"),
        ("(Fortſetzung folgt.)", To, None, "(Fortſetzung folgt.)"),
        ("(Schluß.)", From, None, "(Schluß.)"),
        ("(Suite page 4)", To, Some(4), "(Suite page 4)"),
        ("(A suivre.)", To, None, "(A suivre.)"),
        ("Voir la suite en page 2", To, Some(2), "Voir la suite en page 2"),
    ] {
        let span = line.find(span).map(|at| at..at + span.len()).unwrap();
        assert_eq!(jump_line(line), Some(Jump { direction, page, span }), "{line}");
    }
    for line in [
        "他把信转给了第二版的编辑",
        "接2版图纸",
        "下转",
        "火车由此转2号线",
        "（上接天光）",
        "Continued",
        "Suite",
        "Die Fortsetzung der Sitzung auf Seite der Linken",
        "to be continued in the spring of next year by the council",
        "See page",
        "La page 3",
        "（见第2版）",
        "",
    ] {
        assert_eq!(jump_line(line), None, "{line}");
    }
}

#[test]
fn openings_of_reports() {
    for line in [
        "本报讯（记者 方圆）昨日清晨",
        "　　本报4月6日讯 昨日清晨",
        "本报记者 余音 报道 今春以来",
        "新华社临江4月6日电（记者方圆）",
        "据新华社电　今春以来",
        "新华社电　今春以来",
        "央视网消息：今春以来",
        "记者 方圆 余音 报道",
        "临江讯（记者 方圆）",
        "本報訊　今晨",
        "中新社临江4月6日电",
        "London, 3. Okt. Das Parlament",
        "Paris, le 3 octobre. — La Chambre",
        "NEW YORK, June 5.—The mayor",
        "Frankfurt a. M., den 4. Mai. Die Meſſe",
        "(P. T. S.) Gestern abend",
        "By OUR CORRESPONDENT",
        "From our own Correspondent.",
    ] {
        assert!(opens_with_byline(line), "{line}");
    }
    for line in [
        "本报的读者都知道这条河",
        "本报电子版同日上线",
        "新华社区的居民说，今年",
        "记者从市水务局获悉，今年",
        "记者 方圆）7月26日上午",
        "（记者 方圆）7月26日",
        "根据条例，河道两岸",
        "通讯录上没有他的名字",
        "London und Paris haben im Oktober",
        "In London, 3 men were",
        "By the river the children",
        "Gestern, den 15. Juli, fiel",
        "(vgl. S. 3) wird",
        "",
    ] {
        assert!(!opens_with_byline(line), "{line}");
    }
}

#[test]
fn final_marks_with_what_closes_after_them() {
    for text in
        ["下雨了。", "下雨了！”", "“下雨了。”）", "下雨了……", "Es regnet.", "Es regnet.“", "„Es regnet!\" ", "Il pleut. »", "It rains.*)"]
    {
        assert!(final_mark(text), "{text}");
    }
    for text in ["下雨了，", "下雨了：", "下雨了；", "下雨了——", "“下雨”", "Es reg-", "It rains,", "", "”"] {
        assert!(!final_mark(text), "{text}");
    }
}

#[test]
fn captions_lists_verse_and_bylines() {
    let page = issue(&format!(
        "{ZH}。\n\n图为修好的小路。（本报记者 方圆 摄）\n\n本报记者 余音\n\n{ZH}。\n\n一等奖\n李 明 王小红 张大山\n陈 晨 林小雨 何 川\n周 立 吴小芳 郑 平\n\n小河流过门前树，\n春雨敲窗到天明。\n老翁移杖看新笋，\n稚子追鸭过石桥。"
    ));
    assert_eq!(lines_of(&page, Role::Caption), ["图为修好的小路。（本报记者 方圆 摄）"]);
    assert_eq!(lines_of(&page, Role::Byline), ["本报记者 余音"]);
    assert_eq!(lines_of(&page, Role::List).len(), 3);
    assert_eq!(lines_of(&page, Role::Verse).len(), 4);
    assert_eq!(page.regions.last().unwrap().role, Role::Verse);
    let latin = issue(
        "Das Waſſer rauſcht im Mühlental,\nDer Nebel ſteigt vom Grunde,\nDie Sonne ſcheint auf einmal,\nEs ſchlägt die ſiebte Stunde.\n\nDie Mühle am Bach wurde im letzten Jahr ver-\nkauft und ſteht jetzt leer, wie der neue Beſitzer\nam Sonntag bei einem Gang durch das Tal ſagte.",
    );
    assert_eq!(lines_of(&latin, Role::Verse).len(), 4);
    assert_eq!(latin.regions[1].role, Role::Body);
}

#[test]
fn a_cut_paragraph_is_no_title() {
    let page = issue(&format!(
        "{ZH}。\n\n近年来新修的小路已经\n\n连成一片，河边散步的人一天比一天多，附近的小店也都重新开了门，晚上灯火通明，一直热闹到很晚才慢慢安静下来。"
    ));
    assert_eq!(page.lines[1].role, Role::Body);
    let told = issue("河边小路修好重新开放\n\n本报讯（记者 方圆）河边的小路修好以后，昨日重新开放。");
    assert_eq!(told.lines[0].role, Role::Headline);
}

proptest! {
    /// Whatever the text: lines in order inside regions inside pages, on character boundaries, without line ends.
    #[test]
    fn every_text_has_a_sound_structure(text in "([a-zäſ。，版第转下接0-9（）—.\u{3000} -]{0,12}(\n|\r\n|\x0c|\n\n)){0,30}") {
        let issue = issue(&text);
        let mut at = 0;
        for (i, line) in issue.lines.iter().enumerate() {
            prop_assert!(line.span.start >= at && line.span.end <= text.len());
            at = line.span.end;
            let content = issue.line_text(i);
            prop_assert!(!content.trim().is_empty() && !content.contains(['\n', '\x0c']));
            let region = &issue.regions[line.region as usize];
            prop_assert!(region.lines.contains(&i) && region.page == line.page);
            let page = &issue.pages[line.page as usize];
            prop_assert!(page.regions.contains(&(line.region as usize)) && page.span.start <= line.span.start && line.span.end <= page.span.end);
            if let Some(jump) = jump_line(content) {
                prop_assert!(content.get(jump.span).is_some());
            }
        }
        prop_assert_eq!(issue.regions.iter().map(|r| r.lines.len()).sum::<usize>(), issue.lines.len());
        let seen: usize = text.split(['\n', '\x0c']).filter(|l| !l.trim().is_empty()).count();
        prop_assert_eq!(seen, issue.lines.len());
    }
}
