//! The rules, and how to add one.
//!
//! A rule is one file named after the defect in kebab-case, with its fixtures in `testdata/rules/<rule>/`. To add one: write the file,
//! implement [`Rule`], list it in [`RULES`], add a changing and a `keep-` fixture. Nothing else knows a rule by name.
//!
//! Its words in Chinese: the rows `<rule>.summary`, `<rule>.why` and `<rule>.caution` of `src/messages/zh.tsv`. What a finding says comes
//! from the tables in both languages: `message: say("<rule>.found", &[("n", &n)])`, and a row `<rule>.found` in `en.tsv` and `zh.tsv`.
//! `cargo test --lib messages` tells what is missing.

use crate::articles::Articles;
use crate::breaks::Break;
use crate::dictionary::Dictionaries;
use crate::duplicates::batch::Batch;
use crate::edit::{Edit, Finding, Severity, SourceMap};
use crate::messages::say;
use crate::model::{Issue, Language};
use crate::quality::IssueQuality;
use crate::record::FindingRecord;

mod blank_page;
mod broken_dash;
mod broken_ellipsis;
mod broken_paragraph;
mod compatibility_form;
mod document_number_bracket;
mod duplicate_article;
mod duplicate_page;
mod encoding_damage;
mod half_width_mark;
mod headline_order;
mod interleaved_columns;
mod invisible_character;
mod issue_order;
mod long_s;
mod look_alike_character;
mod look_alike_digit;
mod low_quality_text;
mod missing_page;
mod mixed_script;
mod old_letter_form;
mod page_order;
mod reading;
mod space_before_mark;
mod split_word;
mod straight_quote;
mod stray_space;
mod truncated_article;
mod typed_quote;
mod undecided_break;
mod unknown_character;
mod unmatched_jump_line;
mod unpaired_quote;
mod unwanted_script;
mod user_replacement;
mod validation;
mod wrong_issue_page;
mod wrong_language;
mod wrong_middle_dot;

/// All rules. The order matters: stage by stage, and within a stage the one that goes first wins a tie for the same place.
pub const RULES: &[&dyn Rule] = &[
    &invisible_character::InvisibleCharacter,
    &compatibility_form::CompatibilityForm,
    &split_word::SplitWord,
    &broken_paragraph::BrokenParagraph,
    &undecided_break::UndecidedBreak,
    &broken_ellipsis::BrokenEllipsis,
    &broken_dash::BrokenDash,
    &document_number_bracket::DocumentNumberBracket,
    &wrong_middle_dot::WrongMiddleDot,
    &half_width_mark::HalfWidthMark,
    &straight_quote::StraightQuote,
    &look_alike_character::LookAlikeCharacter,
    &look_alike_digit::LookAlikeDigit,
    &space_before_mark::SpaceBeforeMark,
    &user_replacement::UserReplacement,
    &unwanted_script::UnwantedScript,
    &long_s::LongS,
    &old_letter_form::OldLetterForm,
    &typed_quote::TypedQuote,
    &stray_space::StraySpace,
    &mixed_script::MixedScript,
    &unpaired_quote::UnpairedQuote,
    &unknown_character::UnknownCharacter,
    &encoding_damage::EncodingDamage,
    &low_quality_text::LowQualityText,
    &wrong_language::WrongLanguage,
    &truncated_article::TruncatedArticle,
    &unmatched_jump_line::UnmatchedJumpLine,
    &duplicate_article::DuplicateArticle,
    &headline_order::HeadlineOrder,
    &interleaved_columns::InterleavedColumns,
    &missing_page::MissingPage,
    &duplicate_page::DuplicatePage,
    &blank_page::BlankPage,
    &wrong_issue_page::WrongIssuePage,
    &page_order::PageOrder,
    &issue_order::IssueOrder,
    &reading::UnreadableFile,
    &reading::UndecodableBytes,
    &reading::InternalError,
    &validation::MALFORMED_XML,
    &validation::WRONG_NAMESPACE,
    &validation::DUPLICATE_ID,
    &validation::DANGLING_REFERENCE,
    &validation::BROKEN_BOX,
    &validation::BOX_OUTSIDE_PAGE,
    &validation::BROKEN_HYPHENATION,
    &validation::REGION_TEXT_DIFFERS,
    &validation::MISSING_FILE,
    &validation::WRONG_SIZE,
    &validation::WRONG_CHECKSUM,
    &validation::EXTRA_FILE,
    &validation::BROKEN_MANIFEST,
];

/// Names that rules had before, and the present ones. A renamed rule gets a row, so that configs, baselines and decisions go on to hold.
#[cfg(not(test))]
pub const RENAMED: &[(&str, &str)] = &[];
/// No rule has another name yet: in tests one has, so that all that reads names is held to it.
#[cfg(test)]
pub const RENAMED: &[(&str, &str)] = &[("fix-hyphen", "cut-word"), ("cut-word", "split-word")];

/// The rule of that name, present or former.
pub fn rule(name: &str) -> Option<&'static dyn Rule> {
    let name = present_name(RENAMED, name);
    RULES.iter().copied().find(|r| r.meta().name == name)
}

/// The present name of a rule that may have been renamed, more than once even.
fn present_name<'a>(renamed: &'a [(&str, &str)], mut name: &'a str) -> &'a str {
    while let Some((_, now)) = renamed.iter().find(|(before, _)| *before == name) {
        name = now;
    }
    name
}

/// The name a rule had first. Fingerprints are made with it, so that they outlast a new name.
pub fn first_name(name: &str) -> &str {
    original_name(RENAMED, name)
}

fn original_name<'a>(renamed: &'a [(&str, &str)], mut name: &'a str) -> &'a str {
    while let Some((before, _)) = renamed.iter().find(|(_, now)| *now == name) {
        name = before;
    }
    name
}

/// What to say of a name that no rule has.
pub fn unknown(name: &str) -> String {
    match nearest_of(name, RULES.iter().map(|r| r.meta().name)) {
        Some(near) => say("name.rule-near", &[("name", &name), ("near", &near)]),
        None => say("name.rule", &[("name", &name)]),
    }
}

/// The name nearest to a mistyped one, if any is near.
pub fn nearest_of<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|k| (similar::TextDiff::from_chars(name, k).ratio(), k))
        .filter(|(ratio, _)| *ratio >= 0.6)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, k)| k)
}

/// When a rule looks at the text. Each stage sees the text as the one before left it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Invisible characters, radicals, compatibility forms.
    Forms,
    /// Words and paragraphs cut by a line, column or page end.
    Breaks,
    /// The same over page ends, once each page's own paragraphs stand whole. Rules of the breaks stage are asked again.
    Pages,
    /// Punctuation, spaces, variants.
    Marks,
    /// Findings about the repaired text; no edits.
    Findings,
}

/// What a rule is: shown by `galley rules` and `galley explain`.
#[derive(Debug)]
pub struct Meta {
    /// The defect, kebab-case.
    pub name: &'static str,
    pub stage: Stage,
    /// The severity of its findings; proposed edits are notes.
    pub severity: Severity,
    /// What it does, one sentence.
    pub summary: &'static str,
    /// Why the defect is one, and where it comes from.
    pub why: &'static str,
    /// When the rule may be wrong itself.
    pub caution: &'static str,
    /// The standard or source it follows.
    pub source: &'static str,
    /// Run by a test: `before` becomes `after` with `--apply all`.
    pub examples: &'static [Example],
}

/// One example of a rule; equal sides show what it leaves alone.
#[derive(Debug)]
pub struct Example {
    pub before: &'static str,
    pub after: &'static str,
}

/// How the cleaned text is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// A paragraph on one line, paragraphs and headlines apart by an empty line.
    #[default]
    Paragraphs,
    /// The printed lines; only the tail of a split word moves up.
    Lines,
}

/// What a rule may look at.
pub struct View<'a> {
    /// The text as the stage before left it.
    pub issue: &'a Issue,
    pub dictionaries: &'a Dictionaries,
    pub layout: Layout,
    pub stage: Stage,
    /// What the break models decided; empty outside of the stages [`Stage::Breaks`], [`Stage::Pages`] and [`Stage::Findings`].
    pub breaks: &'a [Break],
    /// The articles and pages of the issue; empty before [`Stage::Findings`].
    pub articles: &'a Articles,
    /// What was counted in its pages and regions; empty before [`Stage::Findings`].
    pub quality: &'a IssueQuality,
    /// The language the collection is said to be in.
    pub expected: Option<Language>,
    /// The issue as it was read.
    pub read: &'a Issue,
    /// From the text of the stage back to the text as read.
    pub back: &'a SourceMap,
}

/// What rules hand in.
#[derive(Debug, Default)]
pub struct Proposals {
    pub edits: Vec<Edit>,
    pub findings: Vec<Finding>,
}

/// Looks at the text and proposes; never writes, prints or keeps state.
pub trait Rule: Sync {
    fn meta(&self) -> &'static Meta;

    /// Proposes edits and findings for one issue, spans in bytes of `view.issue.text`.
    fn check_issue(&self, _view: &View, _out: &mut Proposals) {}

    /// Finds what only the whole batch shows, after all issues are done.
    fn check_batch(&self, _batch: &Batch, _out: &mut Vec<FindingRecord>) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_renamed_rule_is_found_by_every_name_it_had() {
        for name in ["fix-hyphen", "cut-word", "split-word"] {
            assert_eq!(rule(name).map(|r| r.meta().name), Some("split-word"));
        }
        assert_eq!((first_name("split-word"), first_name("stray-space")), ("fix-hyphen", "stray-space"));
    }

    #[test]
    fn a_config_and_a_decision_made_under_a_former_name_hold() {
        use crate::review::decisions::{Decisions, Event, Ruling, Verdict};
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("galley.toml");
        std::fs::write(&path, "rules.cut-word = \"review\"\n[[overrides]]\nfiles = [\"*\"]\nrules.fix-hyphen.max-findings = 3\n").unwrap();
        let config = crate::config::Loaded::read(&path).unwrap();
        let merged = config.with(&[0]);
        let rule = merged.rules.iter().find(|(name, _)| name.0 == "split-word").unwrap().1;
        assert_eq!((rule.policy.applicability, rule.max_findings), (Some(crate::edit::Applicability::Review), Some(3)));

        // The pattern as it was written down when the rule had its first name.
        let pat = crate::record::hash(&["fix-hyphen", "-\n", ""]);
        let event = Event {
            v: 1,
            decision: Verdict::Reject,
            fp: None,
            near: None,
            equals: None,
            pat,
            by: "a".into(),
            at: "2026-01-01T00:00:00Z".into(),
            issue: String::new(),
            rule: "fix-hyphen".into(),
            before: "-\n".into(),
            after: String::new(),
            context: Default::default(),
            text: None,
            sampled: None,
        };
        let decisions = Some(std::sync::Arc::new(Decisions::of(vec![event], 1)));
        let settings = crate::pipeline::Settings { decisions, ..Default::default() };
        let issue = Issue::from_text("a", "The chairman of the com-\nmittee spoke on Monday, and the members agreed.");
        let done = crate::pipeline::process(issue, &Dictionaries::builtin(), &settings);
        let rulings: Vec<_> = done.steps.iter().flat_map(|s| s.rulings.iter().flatten()).collect();
        assert!(rulings.iter().any(|r| matches!(r, Ruling::Reject)), "{rulings:?}");
    }

    #[test]
    fn former_names_lead_to_rules_and_are_not_names_of_others() {
        for (before, _) in RENAMED {
            assert!(rule(before).is_some_and(|r| r.meta().name != *before), "{before}");
        }
    }
}
