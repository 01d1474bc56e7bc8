//! The rules: fixtures of `testdata/rules`, the examples of their documentation, and the laws every rule keeps.
//!
//! `found-<case>.txt` gives a finding of its rule, `keep-<case>.txt` none.
//! `<case>.in.txt` becomes `<case>.out.txt` with everything applied, `keep-<case>.txt` stays as it is. A `<case>.args` beside them
//! holds `apply=safe`, `layout=lines`, `lang=<code>`, `script=<name>`, `variants=<name>`, `long-s=fold`, `letter-forms=fold`, `typed-quotes=print`, `user=from:to:safe` or `allow=<text>`
//! where a case needs them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use galleyproof::batch::Digest;
use galleyproof::dictionary::{AllowList, Dictionaries, UserDictionary};
use galleyproof::duplicates::batch::Batch;
use galleyproof::edit::{Applicability, Edit, Outcome};
use galleyproof::model::{Issue, Language};
use galleyproof::pipeline::{Processed, Settings, process};
use galleyproof::rules::{Layout, RULES, Stage, rule};
use galleyproof::scripts::{Profile, Target};
use proptest::prelude::*;

const ROOT: &str = "testdata/rules";

fn run(text: &str, settings: &Settings) -> Processed {
    run_with(text, settings, &Dictionaries::builtin())
}

fn run_with(text: &str, settings: &Settings, dictionaries: &Dictionaries) -> Processed {
    process(Issue::from_text("case.txt", text), dictionaries, settings)
}

/// What `script=`, `variants=`, `long-s=fold`, `letter-forms=fold`, `typed-quotes=print`, `user=from:to:safe` and `allow=` of a case's `.args` ask for.
fn dictionaries(args: &str) -> Dictionaries {
    let (mut user, mut allowed) = (String::new(), String::new());
    let mut profile = Profile::default();
    for arg in args.split_whitespace() {
        match arg.split_once('=') {
            Some(("script", name)) => profile.target = Some(Target::script(name, None).unwrap()),
            Some(("variants", name)) => profile.target = Some(Target::variants(name).unwrap()),
            Some(("long-s", "fold")) => profile.fold_long_s = true,
            Some(("letter-forms", "fold")) => profile.fold_letter_forms = true,
            Some(("typed-quotes", "print")) => profile.print_typed_quotes = true,
            Some(("user", row)) => user += &format!("{}\n", row.replace(':', "\t")),
            Some(("allow", text)) => allowed += &format!("{text}\tit is right\n"),
            _ => {}
        }
    }
    let dictionaries = Dictionaries::builtin().with_profile(profile);
    let dictionaries = dictionaries.with_user(UserDictionary::parse(user.as_bytes()).unwrap());
    dictionaries.with_allowed(AllowList::parse(allowed.as_bytes()).unwrap())
}

fn all() -> Settings {
    Settings { apply: Applicability::Review, ..Settings::default() }
}

struct Case {
    rule: String,
    name: String,
    before: String,
    after: String,
    settings: Settings,
    dictionaries: Dictionaries,
}

impl Case {
    fn changes(&self) -> bool {
        self.before != self.after
    }
}

fn folders() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = fs::read_dir(ROOT).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir()).collect();
    folders.sort();
    folders
}

const ON_REQUEST: &[&str] = &["unwanted-script", "long-s", "old-letter-form", "typed-quote", "user-replacement"];

fn file_name(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}

/// Rules that only report, whose cases are printed lines with breaks in them: these are rightly repaired, so that there the rule stands alone.
const PRINTED_LINES: [&str; 2] = ["interleaved-columns", "low-quality-text"];

/// All cases; a file that is none of the kinds fails.
fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for folder in folders() {
        let mut files: Vec<String> = fs::read_dir(&folder).unwrap().map(|e| file_name(&e.unwrap().path())).collect();
        files.sort();
        for file in &files {
            let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap_or_else(|e| panic!("{folder:?} {name}: {e}"));
            let (name, after) = if let Some(name) = file.strip_suffix(".in.txt") {
                (name, read(&format!("{name}.out.txt")))
            } else if let Some(name) = file.strip_suffix(".txt").filter(|n| n.starts_with("keep-")) {
                (name, read(file))
            } else if file.starts_with("found-") {
                continue;
            } else {
                let partner = file.replace(".out.txt", ".in.txt").replace(".args", ".in.txt");
                let kept = file.replace(".args", ".txt");
                assert!(partner != *file && (files.contains(&partner) || files.contains(&kept)), "{folder:?}: what is {file}?");
                continue;
            };
            let args = fs::read_to_string(folder.join(format!("{name}.args"))).unwrap_or_default();
            let (mut settings, dictionaries) = (settings(&args), dictionaries(&args));
            if PRINTED_LINES.contains(&file_name(&folder).as_str()) {
                settings.select = vec![file_name(&folder)];
            }
            let (rule, name) = (file_name(&folder), name.to_owned());
            cases.push(Case { rule, name, before: read(file), after, settings, dictionaries });
        }
    }
    cases
}

fn settings(args: &str) -> Settings {
    let mut settings = all();
    for arg in args.split_whitespace() {
        match arg.split_once('=') {
            Some(("apply", "safe")) => settings.apply = Applicability::Safe,
            Some(("layout", "lines")) => settings.layout = Layout::Lines,
            Some(("lang", code)) => settings.language = Some(Language::from_code(code).unwrap()),
            Some(("script" | "variants" | "long-s" | "letter-forms" | "typed-quotes" | "user" | "allow", _)) => {}
            _ => panic!("{arg}: not an argument of a case"),
        }
    }
    settings
}

#[test]
fn cases_become_what_they_should() {
    let mut wrong = Vec::new();
    for case in cases() {
        let place = format!("{ROOT}/{}/{}", case.rule, case.name);
        assert_eq!(case.changes(), !case.name.starts_with("keep-"), "{place}: a case changes, a keep-case does not");
        wrong.extend(difference(&place, &case.before, &case.after, &case.settings, &case.dictionaries));
        if case.changes() {
            let processed = run_with(&case.before, &case.settings, &case.dictionaries);
            assert!(processed.changes().any(|(_, e, _)| e.rule == case.rule), "{place}: another rule did it");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What came out if it is not what should, with all edits.
fn difference(place: &str, before: &str, after: &str, settings: &Settings, dictionaries: &Dictionaries) -> Option<String> {
    let processed = run_with(before, settings, dictionaries);
    let told = |(_, e, o): (_, &Edit, Outcome)| {
        let evidence: Vec<String> = e.evidence.iter().map(ToString::to_string).collect();
        format!("  {} {:?} {o:?}: {}", e.rule, e.replacements, evidence.join(", "))
    };
    let edits: Vec<String> = processed.changes().map(told).collect();
    let clean = &processed.clean.text;
    (clean != after).then(|| format!("{place}:\n  is        {clean:?}\n  should be {after:?}\n{}", edits.join("\n")))
}

#[test]
fn documented_examples_are_true() {
    let examples = RULES.iter().map(|r| r.meta()).flat_map(|m| m.examples.iter().map(move |e| (m.name, e)));
    let wrong: Vec<String> =
        examples.filter_map(|(name, e)| difference(name, e.before, e.after, &all(), &Dictionaries::builtin())).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_is_documented_and_has_its_file_and_cases() {
    let cases = cases();
    let mut names = BTreeSet::new();
    for meta in RULES.iter().map(|r| r.meta()) {
        let name = meta.name;
        assert!(names.insert(name), "{name} twice");
        assert!(name.split('-').all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_lowercase())), "{name} is not kebab-case");
        for (field, text) in [("summary", meta.summary), ("why", meta.why), ("caution", meta.caution), ("source", meta.source)] {
            assert!(!text.trim().is_empty(), "{name}: empty {field}");
        }
        if REPORTED_BY_READING.contains(&name) {
            continue;
        }
        if ABOUT_COLLECTIONS.contains(&name) {
            continue;
        }
        assert!(Path::new(&format!("src/rules/{}.rs", name.replace('-', "_"))).exists(), "{name}: no file of that name");
        if finds(name) {
            continue;
        }
        // What is only done on request shows in the cases; an example has no request.
        assert!(ON_REQUEST.contains(&name) || meta.examples.iter().any(|e| e.before != e.after), "{name}: no changing example");
        let own = |changes: bool| cases.iter().any(|c| c.rule == name && c.changes() == changes);
        assert!(own(true) && own(false), "{name}: needs a changing and a keep case");
    }
    for folder in folders() {
        assert!(rule(&file_name(&folder)).is_some(), "{folder:?}: no such rule");
    }
}

/// Rules whose findings come from reading and running, not from a text: tested with the readers and the command line.
const REPORTED_BY_READING: [&str; 16] = [
    "unreadable-file",
    "undecodable-bytes",
    "internal-error",
    "malformed-xml",
    "wrong-namespace",
    "duplicate-id",
    "dangling-reference",
    "broken-box",
    "box-outside-page",
    "broken-hyphenation",
    "region-text-differs",
    "missing-file",
    "wrong-size",
    "wrong-checksum",
    "extra-file",
    "broken-manifest",
];

/// Rules that need more than one issue, or to be told what the collection is: tested in `collection.rs`.
const ABOUT_COLLECTIONS: [&str; 2] = ["issue-order", "wrong-language"];

/// Whether a rule has cases of findings.
fn finds(rule: &str) -> bool {
    fs::read_dir(Path::new(ROOT).join(rule))
        .is_ok_and(|files| files.flatten().any(|f| f.file_name().to_string_lossy().starts_with("found-")))
}

#[test]
fn findings_are_found_and_nothing_else_is() {
    for meta in RULES.iter().map(|r| r.meta()).filter(|m| finds(m.name)) {
        let mut kept = 0;
        for file in fs::read_dir(Path::new(ROOT).join(meta.name)).unwrap().map(|e| e.unwrap().path()) {
            let processed =
                process(Issue::from_text("case.txt", fs::read_to_string(&file).unwrap()), &Dictionaries::builtin(), &Settings::default());
            let found: Vec<_> = processed.findings.iter().filter(|f| f.rule == meta.name).collect();
            let mut of_batch = Vec::new();
            let mut batch = Batch::new(None).unwrap();
            batch.take(&Digest::of(&processed, true)).and_then(|()| batch.complete()).unwrap();
            rule(meta.name).unwrap().check_batch(&batch, &mut of_batch);
            let any = !found.is_empty() || !of_batch.is_empty();
            assert_eq!(any, file_name(&file).starts_with("found-"), "{file:?}: {found:?} {of_batch:?}");
            kept += usize::from(!any);
            assert!(of_batch.iter().all(|f| !f.evidence.is_empty() && !f.message.is_empty() && !f.related.is_empty()), "{of_batch:?}");
            for finding in found {
                assert!(!finding.evidence.is_empty() && !finding.message.is_empty(), "{file:?}: {finding:?}");
                assert!(finding.places.iter().all(|p| processed.read.text.get(p.clone()).is_some()), "{file:?}: {finding:?}");
            }
        }
        assert!(kept > 0, "{}: no keep case", meta.name);
    }
}

#[test]
fn stages_are_in_order() {
    assert!(RULES.windows(2).all(|pair| pair[0].meta().stage <= pair[1].meta().stage));
}

/// What is clean stays clean, whatever was asked for.
#[test]
fn cleaning_twice_changes_nothing() {
    for case in cases() {
        for apply in [Applicability::Safe, Applicability::Review] {
            let settings = Settings { apply, ..case.settings.clone() };
            let once = run(&case.before, &settings).clean.text.clone();
            let twice = run(&once, &settings).clean.text.clone();
            assert_eq!(once, twice, "{}/{} ({apply:?})", case.rule, case.name);
        }
    }
}

#[test]
fn edits_have_evidence_and_bounds() {
    for case in cases() {
        for (step, edit, _) in run_with(&case.before, &case.settings, &case.dictionaries).changes() {
            let place = format!("{}/{}: {edit:?}", case.rule, case.name);
            assert!(rule(edit.rule).is_some() && !edit.evidence.is_empty() && !edit.replacements.is_empty(), "{place}");
            assert!((0.0..=1.0).contains(&edit.confidence), "{place}");
            let mut last = 0;
            for replacement in &edit.replacements {
                let span = &replacement.span;
                assert!(last <= span.start, "{place}: not in order");
                let old = step.issue.text.get(span.clone()).unwrap_or_else(|| panic!("{place}: inside a character"));
                assert_ne!(old, replacement.text, "{place}: changes nothing");
                last = span.end;
            }
        }
    }
}

/// Pieces of Chinese text and of its damage that meet in every order.
const PIECES: [&str; 46] = [
    "会议",
    "指出",
    "青溪镇",
    "老街",
    "生产",
    "记者",
    "一",
    "二",
    "克林顿",
    "托尔斯泰",
    "社会主义",
    "的",
    "5",
    "2022",
    "3.5%",
    "GDP",
    "Mr. ",
    "，",
    "。",
    "：",
    "“",
    "”",
    "（",
    "）",
    "《",
    "》",
    "……",
    "——",
    "\n",
    "\n\n",
    " ",
    "  ",
    ",",
    ".",
    ":",
    "!",
    "(",
    ")",
    "\"",
    "...",
    "--",
    "一一",
    "•",
    "⼈",
    "\u{200b}",
    "e\u{301}",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    /// The rules of forms and marks leave nothing to themselves, whatever the text. Breaks are left out: they have tests of their own.
    #[test]
    fn forms_and_marks_need_one_pass(pieces in prop::collection::vec(0..PIECES.len(), 1..50), all in any::<bool>()) {
        let text: String = pieces.into_iter().map(|i| PIECES[i]).collect();
        let own = RULES.iter().map(|r| r.meta()).filter(|m| matches!(m.stage, Stage::Forms | Stage::Marks));
        let settings = Settings {
            apply: if all { Applicability::Review } else { Applicability::Safe },
            language: Some(Language::ZhHans),
            select: own.map(|m| m.name.to_owned()).collect(),
            ..Settings::default()
        };
        let once = run(&text, &settings).clean.text.clone();
        let twice = run(&once, &settings).clean.text.clone();
        prop_assert_eq!(once, twice, "{:?}", text);
    }
}
