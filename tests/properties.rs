//! What must hold for any text at all.

use galleyproof::dictionary::Dictionaries;
use galleyproof::edit::Applicability;
use galleyproof::model::Issue;
use galleyproof::pipeline::{Processed, Settings, process};
use galleyproof::rules::Layout;
use proptest::prelude::*;

/// Pieces that make breaks, marks, forms, furniture and pages meet in every order.
const PIECES: [&str; 44] = [
    "com-",
    "mittee ",
    "the ",
    "Hoch- ",
    "und ",
    "Tiefbau",
    "Vize-",
    "Admiral",
    "met",
    ". ",
    ", ",
    "\n",
    "\n",
    "\n\n",
    "\n\u{c}\n",
    "\u{c}",
    "\r",
    " ",
    "\u{3000}\u{3000}",
    "示",
    "范，",
    "会议",
    "指出，",
    "带头",
    "。",
    "（下转2版）",
    "本报讯（记者 方心怡）",
    "—— ",
    "--",
    "...",
    "\"",
    "“",
    "”",
    ",",
    "⽂",
    "\u{ad}",
    "\u{200b}",
    "\u{feff}",
    "- 3 -",
    "第2版",
    "ſeyn⸗",
    "e\u{301}",
    "𠀀",
    "2022年7月26日",
];

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(0..PIECES.len(), 0..60).prop_map(|pieces| pieces.into_iter().map(|i| PIECES[i]).collect())
}

fn settings() -> impl Strategy<Value = Settings> {
    (any::<bool>(), any::<bool>()).prop_map(|(all, lines)| Settings {
        apply: if all { Applicability::Review } else { Applicability::Safe },
        layout: if lines { Layout::Lines } else { Layout::Paragraphs },
        ..Settings::default()
    })
}

fn run(text: &str, settings: &Settings) -> Processed {
    process(Issue::from_text("any.txt", text), &Dictionaries::builtin(), settings)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_was_applied_can_be_taken_back(text in text(), settings in settings()) {
        let done = run(&text, &settings);
        let mut undone = done.clean.text.clone();
        for r in done.map.undo(&done.read.text).into_iter().rev() {
            undone.replace_range(r.span, &r.text);
        }
        prop_assert_eq!(undone, text);
    }

    #[test]
    fn no_letter_is_lost_or_invented(text in text(), settings in settings()) {
        // Forms are folded by NFKC on both sides: a radical and its character count as one.
        let letters = |t: &str| {
            use unicode_normalization::UnicodeNormalization;
            let mut letters: Vec<char> = t.nfkc().filter(|c| c.is_alphanumeric()).collect();
            letters.sort_unstable();
            letters
        };
        prop_assert_eq!(letters(&run(&text, &settings).clean.text), letters(&text));
    }

    #[test]
    fn spans_lead_back_to_the_source(text in text(), settings in settings()) {
        let done = run(&text, &settings);
        for (step, edit, _) in done.changes() {
            prop_assert!(!edit.evidence.is_empty(), "{:?}", edit);
            for r in &edit.replacements {
                let source = step.back.to_old(r.span.clone());
                prop_assert!(done.read.text.get(source).is_some());
                prop_assert!(step.issue.text.get(r.span.clone()).is_some());
            }
        }
    }
}
