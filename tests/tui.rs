//! The terminal review, driven by keys, as it stands on the screen and in the file.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use galleyproof::dictionary::Dictionaries;
use galleyproof::edit::Applicability;
use galleyproof::model::Issue;
use galleyproof::pipeline::{RulePolicy, Settings, process};
use galleyproof::review::cards::{Review, cards};
use galleyproof::review::decisions::{Decisions, Event, Verdict};
use galleyproof::review::people::News;
use galleyproof::review::store;
use galleyproof::review::tui::state::{Mode, Order};
use galleyproof::review::tui::{App, Session, view};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

const TEXT: &str = "区四套班子领导要带头示\n\n范，当好支持者、参与者，不当评论者、空谈者、反对者。\n\n今天\u{200b}说明情况。\n\n明天\u{200b}再说明情况。\n\n\
    后天\u{200b}还说明情况。\n";

struct Bench {
    dir: tempfile::TempDir,
    app: App,
}

impl Bench {
    fn at(dir: tempfile::TempDir, colour: bool, lists: bool) -> Bench {
        let file = dir.path().join("decisions.jsonl");
        let held = Decisions::load(&file, 1).expect("decisions");
        // Nothing is applied by the policy: all waits for a person.
        let settings = Settings {
            rules: ["invisible-character", "split-word"]
                .map(|rule| (rule, RulePolicy { applicability: Some(Applicability::Review), ..RulePolicy::default() }))
                .into(),
            decisions: Some(held.clone().into()),
            ..Settings::default()
        };
        let processed = process(Issue::from_text("a.txt", TEXT), &Dictionaries::builtin(), &settings);
        let list = |name: &str| lists.then(|| dir.path().join(name));
        let app = App::new(Session {
            review: Review::new(cards(&processed), Some(&held)),
            journal: store::journal(&file, "anna").expect("a journal"),
            user: "anna".into(),
            words: list("words.txt"),
            allow: list("allow.tsv"),
            news: News::default(),
            assigned: BTreeMap::new(),
            colour,
        });
        Bench { dir, app }
    }

    fn new() -> Bench {
        Bench::at(tempfile::tempdir().expect("a folder"), false, true)
    }

    fn key(&mut self, code: KeyCode) {
        self.app.key(KeyEvent::new(code, KeyModifiers::NONE));
    }

    fn keys(&mut self, keys: &str) {
        keys.chars().for_each(|c| self.key(KeyCode::Char(c)));
    }

    fn save(&mut self) {
        self.app.key(KeyEvent::new(KeyCode::Char('s'), KeyModifiers::CONTROL));
    }

    fn screen(&self, width: u16, height: u16) -> String {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("a terminal");
        terminal.draw(|frame| view::draw(frame, &self.app)).expect("drawn");
        let buffer = terminal.backend().buffer();
        let mut screen = String::new();
        for y in 0..height {
            let mut x = 0;
            while x < width {
                let symbol = buffer[(x, y)].symbol();
                screen.push_str(symbol);
                // A wide character covers the cell after it.
                x += u16::try_from(unicode_width::UnicodeWidthStr::width(symbol)).expect("a width").max(1);
            }
            screen.push('\n');
        }
        screen
    }

    fn events(&self) -> Vec<Event> {
        let bytes = fs::read(self.dir.path().join("decisions.jsonl")).expect("decisions");
        galleyproof::review::decisions::parse(Path::new("d"), &bytes).expect("events")
    }

    fn said(&self) -> Vec<Verdict> {
        self.events().iter().map(|e| e.decision).collect()
    }
}

#[test]
fn each_decision_is_in_the_file_when_the_card_shows_it() {
    let mut bench = Bench::new();
    assert_eq!(bench.app.place(), (1, 4));
    bench.keys("a");
    assert_eq!(bench.said(), [Verdict::Accept]);
    bench.keys("r");
    bench.keys("d");
    assert_eq!(bench.said(), [Verdict::Accept, Verdict::Reject, Verdict::Defer]);
    assert_eq!(bench.app.saved(), 3);
    let events = bench.events();
    assert!(events.iter().all(|e| e.by == "anna" && e.fp.is_some() && e.near.is_some()));
    // Back at the first card, which is decided now.
    bench.keys("kkk");
    assert!(bench.screen(100, 24).contains("anna accept"));
}

#[test]
fn enter_escape_and_space_never_decide() {
    let mut bench = Bench::new();
    for code in [KeyCode::Enter, KeyCode::Esc, KeyCode::Char(' ')] {
        bench.key(code);
        // Nor in front of the groups, the help, a question or a text.
        for open in ["g", "?", "A", "R", "e", "w", "/"] {
            bench.keys(open);
            bench.key(code);
            bench.key(KeyCode::Esc);
            bench.key(KeyCode::Esc);
        }
    }
    assert!(bench.events().is_empty());
    assert_eq!(bench.app.mode, Mode::Card);
}

#[test]
fn undo_takes_back_and_goes_back() {
    let mut bench = Bench::new();
    let first = bench.app.card().expect("a card").0;
    bench.keys("ar");
    bench.keys("u");
    bench.keys("u");
    assert_eq!(bench.said(), [Verdict::Accept, Verdict::Reject, Verdict::Clear, Verdict::Clear]);
    assert_eq!(bench.app.card().expect("a card").0, first);
    assert!(bench.app.review().cards.iter().all(|c| c.ruling.is_none()));
    bench.keys("u");
    assert_eq!(bench.said().len(), 4, "nothing more to undo");
    let held = Decisions::of(bench.events(), 1);
    assert!(held.is_empty());
}

#[test]
fn a_decision_changed_and_undone_is_the_one_before() {
    let mut bench = Bench::new();
    bench.keys("ak");
    bench.keys("rk");
    bench.keys("u");
    let held = Decisions::of(bench.events(), 1);
    let counting: Vec<Verdict> = bench.said().into_iter().zip(held.counting()).filter(|(_, c)| *c).map(|(v, _)| v).collect();
    assert_eq!(counting, [Verdict::Accept]);
}

#[test]
fn a_pattern_is_asked_for_once_with_a_sample() {
    let mut bench = Bench::new();
    bench.keys("A");
    let screen = bench.screen(100, 24);
    assert!(screen.contains("accept the whole pattern? 3 alike in all") && screen.contains("[-<U+200B>-]"), "{screen}");
    bench.keys("a");
    assert!(bench.events().is_empty(), "only y says yes");
    bench.keys("y");
    let events = bench.events();
    assert_eq!(events.len(), 1);
    assert_eq!((events[0].fp.clone(), events[0].sampled), (None, Some([3, 3])));
    assert_eq!(bench.app.review().cards.iter().filter(|c| !c.is_open()).count(), 3);
}

#[test]
fn another_text_is_typed_and_saved() {
    let mut bench = Bench::new();
    bench.keys("e");
    bench.keys("——");
    bench.key(KeyCode::Backspace);
    bench.key(KeyCode::Enter);
    assert!(bench.screen(100, 24).contains("text instead: —⏎"));
    bench.save();
    let events = bench.events();
    assert_eq!((events[0].decision, events[0].text.as_deref()), (Verdict::Edit, Some("—\n")));
    assert_eq!(bench.app.place().0, 2, "on to the next");
}

#[test]
fn filters_groups_and_views_choose_cards() {
    let mut bench = Bench::new();
    bench.keys("/split");
    bench.key(KeyCode::Enter);
    assert_eq!(bench.app.place(), (1, 1));
    assert_eq!(bench.app.card().expect("a card").1.rule, "split-word");
    bench.key(KeyCode::Esc);
    assert_eq!(bench.app.place().1, 4);
    bench.keys("g");
    let screen = bench.screen(100, 24);
    assert!(screen.contains("invisible-character  3") && screen.contains("split-word  1"), "{screen}");
    while bench.app.group_at + 1 < bench.app.groups.len() {
        bench.keys("j");
    }
    bench.key(KeyCode::Enter);
    assert_eq!(bench.app.place(), (1, 1));
    bench.key(KeyCode::Esc);
    for order in Order::ALL.iter().skip(1).chain(&Order::ALL[..1]) {
        bench.keys("v");
        assert_eq!(bench.app.order, *order);
        assert!(bench.screen(100, 24).contains(&*order.name()));
    }
}

#[test]
fn words_and_allowed_texts_go_to_the_files_of_the_project() {
    let mut bench = Bench::new();
    bench.keys("w");
    bench.app.key(KeyEvent::new(KeyCode::Char('u'), KeyModifiers::CONTROL));
    bench.keys("余东");
    bench.save();
    let words = fs::read_to_string(bench.dir.path().join("words.txt")).expect("a list");
    assert!(words.starts_with("余东\tanna, "), "{words}");
    bench.keys("+");
    bench.save();
    bench.keys("as printed");
    bench.save();
    let allowed = fs::read_to_string(bench.dir.path().join("allow.tsv")).expect("a list");
    assert!(allowed.starts_with("今天\u{200b}说明情况\tas printed (anna, "), "{allowed}");
    assert!(bench.events().is_empty(), "neither is a decision");
    let mut bench = Bench::at(tempfile::tempdir().expect("a folder"), false, false);
    bench.keys("w");
    assert!(bench.screen(120, 24).contains("! galley.toml names no word list"));
}

#[test]
fn chinese_takes_two_cells_and_stays_within_its_lines() {
    let bench = Bench::new();
    for width in [24, 41, 80] {
        let screen = bench.screen(width, 40);
        let cells = unicode_width::UnicodeWidthStr::width;
        assert!(screen.lines().all(|l| cells(l) == usize::from(width)), "{screen}");
        let text: String = screen.chars().filter(|c| !c.is_whitespace()).collect();
        assert!(text.contains("今天[-<U+200B>-]说明情况") && text.contains("after"), "{screen}");
    }
}

#[test]
fn colour_only_where_it_is_wanted() {
    let coloured = |colour: bool| {
        let bench = Bench::at(tempfile::tempdir().expect("a folder"), colour, false);
        let mut terminal = Terminal::new(TestBackend::new(100, 24)).expect("a terminal");
        terminal.draw(|frame| view::draw(frame, &bench.app)).expect("drawn");
        let buffer = terminal.backend().buffer();
        buffer.content().iter().any(|cell| cell.fg != ratatui::style::Color::Reset || cell.bg != ratatui::style::Color::Reset)
    };
    assert!(coloured(true) && !coloured(false));
}

#[test]
fn what_was_decided_is_obeyed_by_the_next_run() {
    let mut bench = Bench::new();
    bench.keys("ar");
    let again = Bench::at(bench.dir, false, true);
    let done: Vec<&str> = again.app.review().cards.iter().filter_map(|c| c.ruling.as_ref()).map(|r| r.name()).collect();
    assert_eq!(done.len(), 2);
    assert_eq!(again.app.place().1, 2, "only what is left");
}
