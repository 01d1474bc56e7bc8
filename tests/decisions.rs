//! Decisions outlive other text around them, and are never applied where they were not meant.

use std::sync::Arc;

use galleyproof::dictionary::Dictionaries;
use galleyproof::edit::Outcome;
use galleyproof::model::Issue;
use galleyproof::pipeline::{Processed, Settings, process};
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
