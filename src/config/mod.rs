//! `galley.toml`: what a collection says about itself, its rules and its gate.
//!
//! Precedence, the first that says something wins: flags, `GALLEY_*` variables, the matching `[[overrides]]` of the nearest
//! `galley.toml` (the later one first), that file, the files it `extends`, the defaults documented on the fields here. The nearest file
//! is looked for from each input upward; there is no merging of files by folder, only by `extends`. What is about the whole run, `[gate]`
//! and `[report]`, comes from the file nearest to the first path of the command line.
//!
//! To add a setting: one field here with its default, one line where flags are laid over it (`cli::settings`), one where it is used.

mod init;
mod load;

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de};

use crate::edit::{Applicability, Severity};
use crate::messages::say;
use crate::model::Language;
use crate::pipeline::RulePolicy;
use crate::rules::{self, Layout};
use crate::write::encode::RenderOptions;
use crate::write::splice::WriteMode;

pub use init::{COMMENTED, schema};
pub use load::{Configs, FILE_NAME, Loaded, page_pattern};

/// Everything a `galley.toml` can say.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// Files whose settings stand where this one says nothing; relative to this file. Of several the later one wins.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "one_or_many")]
    #[schemars(with = "OneOrMany")]
    pub extends: Vec<String>,
    /// The versions of galley this file is meant for, as in Cargo: `>=0.1, <0.3`. Another version stops with an error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required_version: Option<String>,
    /// What the texts are.
    pub collection: Collection,
    /// What the collection has already.
    pub archive: ArchiveConfig,
    /// What `clean` does.
    pub clean: Clean,
    pub forms: Forms,
    /// What `export` writes.
    pub export: Export,
    /// What people decide.
    pub review: Review,
    /// What `check` prints.
    pub report: Report,
    /// When `check` fails.
    pub gate: Gate,
    /// For each rule: `off`, `report`, `review` or `safe`, or a table that says more.
    #[schemars(with = "BTreeMap<String, RuleEntry>")]
    pub rules: BTreeMap<RuleName, RuleConfig>,
    /// Other settings for some of the files.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<Override>,
}

/// `[collection]`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Collection {
    /// A short name for machines; it stands in SARIF and JUnit reports.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// A name for people; it heads the HTML report.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The language of all text; found for each region where left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// The encoding of the files (a WHATWG label); found for each file where left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// A regular expression for file stems that are page numbers; its first group is the number. Such files of a folder are one issue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_pattern: Option<String>,
    /// A file made by `galley vocabulary`, relative to this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vocabulary: Option<PathBuf>,
    /// A folder of weights made by `galley train`, relative to this file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weights: Option<PathBuf>,
    /// Replacements of the collection, relative to this file: rows of from, to, `safe` or `review`, note, parted by tabs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_dictionary: Option<PathBuf>,
    /// Text that is right as it is, relative to this file: rows of the text, a tab, and the reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allow: Option<PathBuf>,
    /// Names and words of the project, one a line, relative to this file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<PathBuf>,
}

/// `[archive]`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct ArchiveConfig {
    /// The folder of an index made by `galley index add`, relative to this file: `check` reports articles it has already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<PathBuf>,
}

/// `[clean]`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Clean {
    /// Which edits are made: `safe` ones (the default), or `all`, also those that wait for review.
    pub apply: Apply,
    /// Each paragraph on a line (`paragraphs`, the default), or the printed `lines`.
    pub layout: Layout,
    /// Write in the encoding of the input instead of UTF-8.
    pub keep_encoding: bool,
    /// How repairs stand in ALTO, PAGE XML, hOCR, …: beside the text as recognized (`annotate`, the default), or with characters changed in
    /// their place (`correct`).
    pub write_mode: WriteMode,
}

impl Clean {
    /// How files are written.
    pub fn rendering(&self) -> RenderOptions {
        RenderOptions { keep_encoding: self.keep_encoding, write_mode: self.write_mode }
    }
}

/// Which edits are made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Apply {
    /// Safe ones.
    #[default]
    Safe,
    /// Also those that wait for review.
    All,
}

impl Apply {
    /// Edits from here on are made.
    pub fn policy(self) -> Applicability {
        match self {
            Apply::Safe => Applicability::Safe,
            Apply::All => Applicability::Review,
        }
    }
}

/// `[forms]`: what Chinese and Latin text is converted to; nothing where left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Forms {
    /// The script Chinese text is given, by OpenCC's names: `s2t`, `t2s`, `s2tw`, `tw2sp`, …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub script: Option<String>,
    /// The standard whose variants traditional text is given: `tw`, `hk`, `mainland`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variants: Option<String>,
    /// What becomes of ſ.
    pub long_s: LongS,
    /// What becomes of ligatures, ꝛ, ⸗ and vowels with an e above.
    pub letter_forms: LetterForms,
    /// What becomes of Latin quotation marks typed as two signs: ,, '' `` << >>.
    pub typed_quotes: TypedQuotes,
    /// A folder of OpenCC configs and text dictionaries, instead of those in the binary; relative to this file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opencc_dir: Option<PathBuf>,
    /// What converts.
    pub variant_engine: VariantEngine,
}

/// What becomes of ſ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LongS {
    /// It stays.
    #[default]
    Keep,
    /// It becomes s.
    Fold,
}

/// What becomes of old letters of the Latin script.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LetterForms {
    /// They stay.
    #[default]
    Keep,
    /// They become plain letters.
    Fold,
}

/// What becomes of Latin quotation marks typed as two signs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum TypedQuotes {
    /// They stay.
    #[default]
    Keep,
    /// They become the printed marks of the language.
    Print,
}

/// What converts between scripts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum VariantEngine {
    /// galleyproof's own, over OpenCC's dictionaries.
    #[default]
    Builtin,
    /// OpenCC's own library; only in a build with the feature `opencc`.
    Opencc,
}

/// `[export]`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Export {
    /// The address of an image on a IIIF server, with `{image}` (the image's file name without its ending), `{page}` or `{issue}` in it;
    /// boxes of exported words get the address of their region of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iiif_base: Option<String>,
}

/// `[review]`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Review {
    /// What people decided about changes, relative to this file: a file, or a folder (ending in `/`) with a file for each person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decisions: Option<PathBuf>,
    /// People who must accept a change before it is made. Default: 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_approvals: Option<usize>,
}

/// `[report]`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Report {
    /// Changes shown for each rule of an issue in the human format; 0 shows all. Default: 10.
    pub max_shown: usize,
}

impl Default for Report {
    fn default() -> Self {
        Report { max_shown: 10 }
    }
}

/// `[gate]`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Gate {
    /// A finding at or over this severity makes the gate red. Default: `error`.
    pub fail_level: FailLevel,
    /// Findings of any severity that are too many. Default: no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_findings: Option<usize>,
    /// The least quality of an issue, 0 to 1: the share of its text that reads like text. Default: no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_quality: Option<f32>,
    /// The share of issues with a truncated article that is too large, 0 to 1. Default: no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_truncated_share: Option<f64>,
    /// What was found before and is not held against new batches: a file of `galley baseline write`, relative to this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline: Option<PathBuf>,
    /// Leave what the baseline knows out of the reports.
    pub new_only: bool,
}

/// From which severity on a finding makes the gate red.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum FailLevel {
    /// Any finding, and any proposed edit.
    Note,
    /// Warnings and errors.
    Warning,
    /// Errors.
    #[default]
    Error,
    /// None.
    Never,
}

impl FailLevel {
    /// Whether that severity is at or over the level.
    pub fn fails(self, severity: Severity) -> bool {
        match self {
            FailLevel::Note => true,
            FailLevel::Warning => severity >= Severity::Warning,
            FailLevel::Error => severity >= Severity::Error,
            FailLevel::Never => false,
        }
    }

    /// As it is written.
    pub fn name(self) -> &'static str {
        match self {
            FailLevel::Note => "note",
            FailLevel::Warning => "warning",
            FailLevel::Error => "error",
            FailLevel::Never => "never",
        }
    }
}

/// `[[overrides]]`: other settings for the files that match.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Override {
    /// Globs, relative to the folder of this file: `1938/**`, `*.ocr.txt`. A glob without a slash matches file names in any folder.
    pub files: Vec<String>,
    /// As `[collection]`, without `page-pattern`, which is about folders.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collection: Option<Collection>,
    /// As `[clean]`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clean: Option<Clean>,
    /// As `[rules]`.
    #[schemars(with = "BTreeMap<String, RuleEntry>")]
    pub rules: BTreeMap<RuleName, RuleConfig>,
}

/// `[rules.NAME]`
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(into = "RuleTable")]
pub struct RuleConfig {
    /// What becomes of its edits and findings.
    pub policy: RulePolicy,
    /// Findings of this rule that are too many for the gate.
    pub max_findings: Option<usize>,
}

/// The long form of [`RuleConfig`], as it is read and shown.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct RuleTable {
    #[serde(skip_serializing_if = "Option::is_none")]
    /// `off`: does not run. `report`: its edits are shown and never made. `review`: they wait for a person. `safe`: they are made.
    level: Option<Level>,
    /// The severity of its findings.
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<Severity>,
    /// Edits less sure than this, 0 to 1, wait for review.
    #[serde(skip_serializing_if = "Option::is_none")]
    min_confidence: Option<f32>,
    /// Findings of this rule that are too many for the gate.
    #[serde(skip_serializing_if = "Option::is_none")]
    max_findings: Option<usize>,
}

impl From<RuleConfig> for RuleTable {
    fn from(config: RuleConfig) -> Self {
        let RulePolicy { off, applicability, min_confidence, severity } = config.policy;
        let level = match applicability {
            _ if off => Some(Level::Off),
            None => None,
            Some(Applicability::Report) => Some(Level::Report),
            Some(Applicability::Review) => Some(Level::Review),
            Some(Applicability::Safe) => Some(Level::Safe),
        };
        RuleTable { level, severity, min_confidence, max_findings: config.max_findings }
    }
}

/// What a rule may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// It does not run.
    Off,
    /// Its edits are shown and never made.
    Report,
    /// Its edits wait for a person.
    Review,
    /// Its edits are made.
    Safe,
}

/// Both forms, for the schema.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "only its schema is used")]
enum RuleEntry {
    Level(Level),
    Table(RuleTable),
}

/// A string or a list of them, for the schema.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "only its schema is used")]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl<'de> Deserialize<'de> for RuleConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> de::Visitor<'de> for Visitor {
            type Value = RuleTable;

            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str(&say("config.level", &[]))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<RuleTable, E> {
                let level = Level::deserialize(de::value::StrDeserializer::new(text))?;
                Ok(RuleTable { level: Some(level), ..RuleTable::default() })
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<RuleTable, A::Error> {
                RuleTable::deserialize(de::value::MapAccessDeserializer::new(map))
            }
        }
        let table = deserializer.deserialize_any(Visitor)?;
        if table.min_confidence.is_some_and(|c| !(0.0..=1.0).contains(&c)) {
            return Err(de::Error::custom(say("config.probability", &[])));
        }
        let (off, applicability) = match table.level {
            None => (false, None),
            Some(Level::Off) => (true, None),
            Some(Level::Report) => (false, Some(Applicability::Report)),
            Some(Level::Review) => (false, Some(Applicability::Review)),
            Some(Level::Safe) => (false, Some(Applicability::Safe)),
        };
        let policy = RulePolicy { off, applicability, min_confidence: table.min_confidence, severity: table.severity };
        Ok(RuleConfig { policy, max_findings: table.max_findings })
    }
}

/// The name of a rule; an older name of it is understood and becomes the present one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct RuleName(pub &'static str);

impl<'de> Deserialize<'de> for RuleName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        rules::rule(&name).map(|r| RuleName(r.meta().name)).ok_or_else(|| de::Error::custom(rules::unknown(&name)))
    }
}

fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    struct Visitor;
    impl<'de> de::Visitor<'de> for Visitor {
        type Value = Vec<String>;

        fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
            f.write_str(&say("config.extends-form", &[]))
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<Vec<String>, E> {
            Ok(vec![text.to_string()])
        }

        fn visit_seq<A: de::SeqAccess<'de>>(self, seq: A) -> Result<Vec<String>, A::Error> {
            Vec::deserialize(de::value::SeqAccessDeserializer::new(seq))
        }
    }
    deserializer.deserialize_any(Visitor)
}
