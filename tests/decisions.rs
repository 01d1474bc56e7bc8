//! Decisions outlive other text around them, and are never applied where they were not meant.

use std::sync::Arc;

use galleyproof::dictionary::Dictionaries;
use galleyproof::edit::{Applicability, Outcome};
use galleyproof::model::Issue;
use galleyproof::pipeline::{Processed, RulePolicy, Settings, process};
use galleyproof::record::Records;
use galleyproof::review::decisions::{Decisions, Event, Verdict};

const DECIDED: usize = 1000;

fn line(n: usize) -> String {
    format!("编号{n}号\u{200b}文字在此说明情况。")
}

fn run(lines: &[String], decisions: Option<Decisions>) -> Processed {
    let settings = Settings { decisions: decisions.map(Arc::new), select: vec!["invisible-character".into()], ..Settings::default() };
    process(Issue::from_text("a.txt", lines.join("\n\n")), &Dictionaries::builtin(), &settings)
}

/// Odd numbers are rejected, even ones accepted.
fn decide(processed: &Processed) -> Decisions {
    let records = Records::of(processed);
    let events = records.changes.iter().enumerate().map(|(n, c)| Event {
        v: 1,
        decision: if n % 2 == 1 { Verdict::Reject } else { Verdict::Accept },
        fp: Some(c.fp.into()),
        near: Some(c.near.into()),
        equals: Some(c.equals),
        pat: c.pat.into(),
        by: "a".into(),
        at: "2026-01-01T00:00:00Z".into(),
        issue: c.key.issue.into(),
        rule: c.rule.into(),
        before: c.before.into(),
        after: c.after.into(),
        context: c.key.context.map(str::to_owned),
        text: None,
        sampled: None,
    });
    Decisions::of(events.collect(), 1)
}

#[test]
fn decisions_hold_while_lines_come_go_and_move() {
    let lines: Vec<String> = (0..DECIDED).map(line).collect();
    let first = run(&lines, None);
    assert_eq!(first.changes().count(), DECIDED);
    let decisions = decide(&first);
    // New lines between the old ones, every tenth old line gone, the rest in another order.
    let mut changed: Vec<String> = (0..DECIDED).filter(|n| n % 10 != 3).map(line).collect();
    changed.rotate_left(317);
    changed.reverse();
    for i in (0..changed.len()).step_by(3).rev() {
        changed.insert(i, format!("新的一行文字{i}。"));
    }
    let second = run(&changed, Some(decisions));
    let (mut kept, mut wrong) = (0, 0);
    for c in &Records::of(&second).changes {
        let n: usize = c.context[0].chars().filter(char::is_ascii_digit).collect::<String>().parse().expect("a number");
        let meant = if n % 2 == 1 { Outcome::Rejected } else { Outcome::Applied };
        match c.decision {
            Some("accept" | "reject") if c.outcome == meant => kept += 1,
            Some("accept" | "reject") => wrong += 1,
            _ => {}
        }
    }
    assert_eq!((kept, wrong), (900, 0));
}

#[test]
fn equals_follow_their_neighbours_and_are_stale_when_nobody_can_tell() {
    let same = || "编号号\u{200b}文字在此说明情况。".to_owned();
    let text = vec!["甲甲甲。".to_owned(), same(), "乙乙乙。".to_owned(), same(), "丙丙丙。".to_owned()];
    let decisions = decide(&run(&text, None));
    let outcomes = |text: &[String]| -> Vec<_> { run(text, Some(decisions.clone())).changes().map(|(_, _, o)| o).collect() };
    assert_eq!(outcomes(&text), [Outcome::Applied, Outcome::Rejected]);
    let swapped = vec![
        "乙乙乙。".to_owned(),
        same(),
        "丙丙丙。".to_owned(),
        "丁丁。".to_owned(),
        "甲甲甲。".to_owned(),
        same(),
        "乙乙乙。".to_owned(),
    ];
    let swapped = outcomes(&swapped);
    assert!(!swapped.contains(&Outcome::Applied) || swapped[1] == Outcome::Applied && swapped[0] != Outcome::Applied, "{swapped:?}");
    assert_eq!(outcomes(&[same(), "别的。".to_owned()]), [Outcome::Held], "one of two, elsewhere: which?");
}

#[test]
fn a_decision_about_changed_text_is_stale_and_holds_even_a_safe_edit() {
    let decisions = decide(&run(&[line(0), line(1)], None));
    let second = run(&["编号9号\u{200b}文字在此说明情况。".to_owned()], Some(decisions));
    assert!(second.troubled());
    assert_eq!(second.changes().next().expect("a change").2, Outcome::Held);
}

#[test]
fn a_rejected_change_is_not_made_where_both_sides_are_other_ones() {
    let decisions = decide(&run(&[line(0), line(1)], None));
    let other = ["甲乙丙\u{200b}丁戊己。".to_owned()];
    let second = run(&other, Some(decisions));
    assert!(second.troubled());
    assert_eq!(second.changes().next().expect("a change").2, Outcome::Held);
    assert_eq!(run(&other, None).changes().next().expect("a change").2, Outcome::Applied, "the policy alone makes it");
}

/// Numbers that look random and are the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }
}

/// A piece of a page with exactly one proposed edit, of one of four kinds.
fn piece(n: usize) -> String {
    // One in twenty stands there again, as headings and stock phrases do.
    let n = if n % 20 == 19 { n - 10 } else { n };
    match n % 4 {
        0 => format!("编号{n}号\u{200b}文字在此说明情况。"),
        1 => format!("代表第{n}组说......大家都同意。"),
        2 => format!("第{n}次会议,大家讨论了工作。"),
        _ => format!("领导班子第{n}组带头示\n\n范，当好支持者、参与者，不当评论者、空谈者、反对者。"),
    }
}

/// The page as people and OCR change it: pieces go, move and come in between.
#[test]
fn a_thousand_decisions_on_a_changed_page() {
    const RULES: [&str; 4] = ["invisible-character", "broken-ellipsis", "half-width-mark", "split-word"];
    let run = |lines: &[String], decisions: Option<Decisions>| {
        let settings = Settings {
            decisions: decisions.map(Arc::new),
            select: RULES.map(str::to_owned).to_vec(),
            language: Some(galleyproof::model::Language::ZhHans),
            // Nothing is made without a person.
            rules: RULES.map(|rule| (rule, RulePolicy { applicability: Some(Applicability::Review), ..RulePolicy::default() })).into(),
            ..Settings::default()
        };
        process(Issue::from_text("a.txt", lines.join("\n\n")), &Dictionaries::builtin(), &settings)
    };
    // The number of the piece that a change stands in, by line of the text as read; decisions must not move that.
    let owner = |ids: &[Option<usize>], lines: &[String], line: usize| {
        let mut at = 1;
        ids.iter().zip(lines).find_map(|(id, text)| {
            at += text.matches('\n').count() + 2;
            (line < at).then_some(*id)
        })
    };
    let ids: Vec<Option<usize>> = (0..DECIDED).map(Some).collect();
    let lines: Vec<String> = (0..DECIDED).map(piece).collect();
    let first = run(&lines, None);
    let records = Records::of(&first);
    assert_eq!(records.changes.len(), DECIDED, "one edit a piece");
    // What stands there twice is decided alike, but for one pair in ten, which nothing but its neighbours tells apart.
    let accepted = |id: usize| (if id % 20 == 19 && id % 200 != 199 { id - 10 } else { id }) % 3 != 0;
    let decided = |c: &galleyproof::record::ChangeRecord| accepted(owner(&ids, &lines, c.line).flatten().expect("a piece"));
    let events = records.changes.iter().map(|c| {
        let verdict = if decided(c) { Verdict::Accept } else { Verdict::Reject };
        Event {
            v: 1,
            decision: verdict,
            fp: Some(c.fp.into()),
            near: Some(c.near.into()),
            equals: Some(c.equals),
            pat: c.pat.into(),
            by: "a".into(),
            at: "2026-01-01T00:00:00Z".into(),
            issue: c.key.issue.into(),
            rule: c.rule.into(),
            before: c.before.into(),
            after: c.after.into(),
            context: c.key.context.map(str::to_owned),
            text: None,
            sampled: None,
        }
    });
    let decisions = Decisions::of(events.collect(), 1);
    let (mut kept, mut wrong, mut all) = (0, 0, 0);
    for seed in 1..=4_u64 {
        let mut chance = Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let mut page: Vec<(Option<usize>, String)> = ids.iter().copied().zip(lines.clone()).collect();
        // One in ten pieces goes, five stretches of the page change places, one new line in ten comes.
        page.retain(|_| chance.below(10) > 0);
        for _ in 0..5 {
            let (from, length, to) = (chance.below(page.len() - 60), 1 + chance.below(50), chance.below(page.len() - 60));
            let moved: Vec<_> = page.drain(from..from + length).collect();
            page.splice(to..to, moved);
        }
        for n in 0..100 {
            let at = chance.below(page.len());
            page.insert(at, (None, format!("这是第{n}条新加的消息。")));
        }
        let (ids, lines): (Vec<_>, Vec<_>) = page.into_iter().unzip();
        let second = run(&lines, Some(decisions.clone()));
        all += ids.iter().flatten().count();
        for c in &Records::of(&second).changes {
            let Some(id) = owner(&ids, &lines, c.line).flatten() else { continue };
            let meant = if accepted(id) { Outcome::Applied } else { Outcome::Rejected };
            kept += usize::from(c.outcome == meant);
            wrong += usize::from(c.outcome != meant && c.outcome != Outcome::Held);
        }
    }
    println!("{kept} of {all} kept, {wrong} wrong");
    assert_eq!(wrong, 0);
    assert!(kept * 100 >= all * 99, "{kept} of {all} kept");
}
