//! The straight path: structure → forms → breaks → marks → articles → findings, one issue at a time.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use crate::articles::{Articles, late_titles, name_roles};
use crate::breaks::{self, Boundary, BoundaryKind, Break};
use crate::dictionary::Dictionaries;
use crate::edit::{Applicability, Edit, Evidence, Finding, Outcome, Severity, SourceMap, apply, select};
use crate::model::{Issue, Language, Source, Span};
use crate::quality::IssueQuality;
use crate::review::decisions::{Decisions, Ruling};
use crate::review::key::{self, Key};
use crate::rules::{Layout, Proposals, RULES, Rule, Stage, View};
use crate::structure;

/// What the config says of a rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct RulePolicy {
    /// It does not run.
    pub off: bool,
    /// Where its edits stand; as the rule itself says where left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applicability: Option<Applicability>,
    /// Edits less sure than this wait for review.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_confidence: Option<f32>,
    /// The severity of its findings; as the rule itself says where left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
}

/// What a run does to every issue.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Settings {
    /// Edits from here on are applied.
    pub apply: Applicability,
    pub layout: Layout,
    /// Takes the place of the language found, for all regions.
    pub language: Option<Language>,
    /// Names of the rules that run; all where empty.
    pub select: Vec<String>,
    /// Names of rules that do not run.
    pub ignore: Vec<String>,
    /// By the rule's name; rules that are not there do as they say themselves.
    pub rules: BTreeMap<&'static str, RulePolicy>,
    /// What people decided about changes; recorded by its hash.
    #[serde(serialize_with = "decisions_hash")]
    pub decisions: Option<Arc<Decisions>>,
}

fn decisions_hash<S: serde::Serializer>(decisions: &Option<Arc<Decisions>>, serializer: S) -> Result<S::Ok, S::Error> {
    serde::Serialize::serialize(&decisions.as_deref(), serializer)
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            apply: Applicability::Safe,
            layout: Layout::default(),
            language: None,
            select: Vec::new(),
            ignore: Vec::new(),
            rules: BTreeMap::new(),
            decisions: None,
        }
    }
}

impl Settings {
    /// Whether a rule is asked.
    pub fn runs(&self, rule: &dyn Rule) -> bool {
        let name = rule.meta().name;
        let named = self.select.iter().any(|s| s == name);
        // A rule that is asked for by name runs even where the config has it off.
        (named || self.select.is_empty() && !self.policy(name).off) && !self.ignore.iter().any(|s| s == name)
    }

    /// What the config says of a rule.
    pub fn policy(&self, rule: &str) -> RulePolicy {
        self.rules.get(rule).copied().unwrap_or_default()
    }

    /// Puts an edit where the config wants it.
    fn place(&self, edit: &mut Edit) {
        let policy = self.policy(edit.rule);
        if let Some(applicability) = policy.applicability {
            edit.applicability = applicability;
        }
        if policy.min_confidence.is_some_and(|least| edit.confidence < least) {
            edit.applicability = edit.applicability.min(Applicability::Review);
        }
    }
}

/// One stage of one issue: the text it saw, what was proposed and what became of it.
#[derive(Clone, Debug)]
pub struct Step {
    pub stage: Stage,
    /// The text the stage saw; edits have their spans in it.
    pub issue: Arc<Issue>,
    /// The way from that text back to the text as read.
    pub back: Arc<SourceMap>,
    pub edits: Vec<Edit>,
    /// One for each edit: what people said about it.
    pub rulings: Vec<Option<Ruling>>,
    /// One for each edit.
    pub outcomes: Vec<Outcome>,
}

impl Step {
    /// The edits that were made.
    pub fn applied(&self) -> impl Iterator<Item = &Edit> {
        self.edits.iter().zip(&self.outcomes).filter(|(_, o)| **o == Outcome::Applied).map(|(e, _)| e)
    }
}

/// What became of an issue.
#[derive(Clone, Debug)]
pub struct Processed {
    /// As it was read, with its structure.
    pub read: Arc<Issue>,
    /// The stages in order; only those that proposed something.
    pub steps: Vec<Step>,
    /// The repaired issue.
    pub clean: Arc<Issue>,
    /// From the repaired text back to the text as read.
    pub map: Arc<SourceMap>,
    pub findings: Vec<Finding>,
    /// The articles of the repaired issue.
    pub articles: Arc<Articles>,
    /// The estimated share of right characters in the repaired issue, 0 to 1; `None` for too little text.
    pub quality: Option<f32>,
    /// The counts behind it, by page and region.
    pub measured: Arc<IssueQuality>,
    /// What identifies the changes, step by step, once somebody has asked.
    pub(crate) keys: OnceLock<Vec<Vec<Key>>>,
}

impl Processed {
    /// What identifies the changes: for each step one key for each edit. Found when first asked for: many a run only counts.
    pub fn keys(&self) -> &[Vec<Key>] {
        self.keys.get_or_init(|| {
            let mut seen = FxHashMap::default();
            self.steps.iter().map(|s| key::keys(&self.read, &s.issue, &s.back, &s.edits, &mut seen)).collect()
        })
    }

    /// A decision about one of its changes is stale or in conflict.
    pub fn troubled(&self) -> bool {
        self.steps.iter().any(|s| s.rulings.iter().flatten().any(Ruling::troubles))
    }

    /// What was proposed, stage by stage, with what became of it.
    pub fn changes(&self) -> impl Iterator<Item = (&Step, &Edit, Outcome)> {
        self.steps.iter().flat_map(|s| s.edits.iter().zip(&s.outcomes).map(move |(e, o)| (s, e, *o)))
    }
}

/// Takes one issue down the whole path.
pub fn process(mut issue: Issue, dictionaries: &Dictionaries, settings: &Settings) -> Processed {
    structure::structure(&mut issue, settings.language);
    name_roles(&mut issue);
    let read = Arc::new(issue);
    let mut path = Path {
        issue: read.clone(),
        read,
        map: Arc::default(),
        steps: Vec::new(),
        findings: Vec::new(),
        seen: FxHashMap::default(),
        keys: Vec::new(),
        articles: Arc::default(),
        measured: Arc::default(),
        dictionaries,
        settings,
    };
    path.stage(Stage::Forms, &[]);
    // Nobody asks about breaks where none of their rules runs.
    let asked = RULES.iter().any(|r| r.meta().stage == Stage::Breaks && settings.runs(*r));
    let breaks = if asked { breaks::decide(&path.issue, dictionaries) } else { Vec::new() };
    if let Some(joined) = path.stage(Stage::Breaks, &breaks) {
        let over_pages = follow(&breaks, &path.steps.last().map_or(&path.issue, |s| &s.issue).clone(), &path.issue, &joined);
        path.stage(Stage::Pages, &over_pages);
    } else {
        path.stage(Stage::Pages, &breaks);
    }
    path.stage(Stage::Marks, &[]);
    late_titles(Arc::make_mut(&mut path.issue));
    path.articles = Arc::new(Articles::of(&path.issue, &path.map));
    path.measured = Arc::new(IssueQuality::of(&path.issue, dictionaries));
    path.stage(Stage::Findings, &[]);
    let Path { issue: clean, map, steps, findings, articles, measured, read, keys, .. } = path;
    let keys = if settings.decisions.is_some() { keys.into() } else { OnceLock::new() };
    Processed { read, steps, clean, map, findings, articles, quality: measured.issue.score(), measured, keys }
}

struct Path<'a> {
    read: Arc<Issue>,
    issue: Arc<Issue>,
    map: Arc<SourceMap>,
    steps: Vec<Step>,
    findings: Vec<Finding>,
    /// What identifies the changes, where there are decisions, which go by it.
    keys: Vec<Vec<Key>>,
    /// Equal changes so far.
    seen: FxHashMap<String, u32>,
    articles: Arc<Articles>,
    measured: Arc<IssueQuality>,
    dictionaries: &'a Dictionaries,
    settings: &'a Settings,
}

impl Path<'_> {
    /// Lets the rules of a stage look, makes the selected edits, and returns their map if the text changed.
    fn stage(&mut self, stage: Stage, breaks: &[Break]) -> Option<SourceMap> {
        let (layout, policy) = (self.settings.layout, self.settings.apply);
        let (issue, articles, read, back) = (&*self.issue, &*self.articles, &*self.read, &*self.map);
        let (quality, expected) = (&*self.measured, self.settings.language);
        let view = View { issue, dictionaries: self.dictionaries, layout, stage, breaks, articles, quality, expected, read, back };
        let mut proposals = Proposals::default();
        let asked = if stage == Stage::Pages { Stage::Breaks } else { stage };
        for rule in RULES.iter().filter(|r| r.meta().stage == asked && self.settings.runs(**r)) {
            rule.check_issue(&view, &mut proposals);
        }
        proposals.edits.iter_mut().for_each(|edit| self.settings.place(edit));
        self.allow(&mut proposals.edits);
        for mut finding in proposals.findings {
            finding.places.iter_mut().for_each(|p| *p = self.map.to_old(p.clone()));
            self.findings.push(finding);
        }
        if proposals.edits.is_empty() {
            return None;
        }
        let mut rulings = vec![None; proposals.edits.len()];
        if let Some(decisions) = &self.settings.decisions {
            // As the rules proposed them, before an edit takes another text from a person.
            let keys = key::keys(&self.read, &self.issue, &self.map, &proposals.edits, &mut self.seen);
            rulings = decisions.rulings(self.read.name(), &keys);
            self.keys.push(keys);
        }
        for (edit, ruling) in proposals.edits.iter_mut().zip(&rulings) {
            if let Some(Ruling::Edit(text)) = ruling {
                edit.replacements[0].text = text.as_str().into();
            }
        }
        let outcomes = select(&proposals.edits, policy, &rulings);
        let step = Step { stage, issue: self.issue.clone(), back: self.map.clone(), edits: proposals.edits, rulings, outcomes };
        let (text, map) = apply(&self.issue.text, step.applied());
        self.steps.push(step);
        if map.is_identity() {
            return None;
        }
        self.issue = Arc::new(after(&self.issue, text, &map));
        self.map = Arc::new(SourceMap::clone(&self.map).then(map.clone()));
        Some(map)
    }
}

impl Path<'_> {
    /// Edits that touch allowed text are shown with the reason and never made.
    fn allow(&self, edits: &mut [Edit]) {
        let Some(allowed) = self.dictionaries.allowed().filter(|_| !edits.is_empty()) else { return };
        let places: Vec<_> = allowed.find(&self.issue.text).collect();
        for edit in edits {
            let touched = edit.replacements.iter().find_map(|r| {
                let at = places.partition_point(|(place, _)| place.end <= r.span.start);
                places.get(at).filter(|(place, _)| place.start < r.span.end.max(r.span.start + 1))
            });
            if let Some((_, reason)) = touched {
                edit.applicability = Applicability::Report;
                edit.evidence.push(Evidence::text("allowed", *reason));
            }
        }
    }
}

/// The issue with its new text: lines are found anew, roles and languages stay with the text they were found on.
fn after(old: &Issue, text: String, map: &SourceMap) -> Issue {
    let mut new = Issue { id: old.id.clone(), text, ocr: old.ocr.clone(), ..Issue::default() };
    new.sources = old.sources.iter().map(|s| Source { span: map.stretch(s.span.clone()), ..s.clone() }).collect();
    structure::layout(&mut new);
    if new.pages.len() == old.pages.len() {
        new.pages.iter_mut().zip(&old.pages).for_each(|(new, old)| new.apart = old.apart);
    }
    for line in &mut new.lines {
        let start = map.to_old(line.span.clone()).start;
        let from = old.lines.partition_point(|l| l.span.end <= start).min(old.lines.len().saturating_sub(1));
        line.role = old.lines[from].role;
        line.printed = old.lines[from].printed;
        let region = &mut new.regions[line.region as usize];
        region.language = old.line_language(from);
        region.role = line.role;
    }
    new
}

/// The breaks over page ends, with the line numbers of the text after the joins within pages.
fn follow(breaks: &[Break], old: &Issue, new: &Issue, map: &SourceMap) -> Vec<Break> {
    let line_at = |at: usize| new.lines.partition_point(|l| l.span.end < at);
    breaks
        .iter()
        .filter(|b| b.boundary.kind == BoundaryKind::Page)
        .filter_map(|b| {
            let before = line_at(map.to_new(old.lines[b.boundary.before].span.clone()).end);
            let after = line_at(map.to_new(old.lines[b.boundary.after].span.clone()).start + 1);
            (before < after && after < new.lines.len())
                .then(|| Break { boundary: Boundary { before, after, kind: BoundaryKind::Page }, ..b.clone() })
        })
        .collect()
}

/// What the repaired text has of a file, and of the file's own text.
pub fn source_hunks(processed: &Processed, source: usize) -> (Span, Span, Vec<(Span, Span)>) {
    let (old, new) = (processed.read.sources[source].span.clone(), processed.clean.sources[source].span.clone());
    let hunks = processed.map.hunks();
    let from = hunks.partition_point(|h| h.old.end < old.start || h.new.end < new.start);
    let hunks = hunks[from..].iter().take_while(|h| h.old.end <= old.end && h.new.end <= new.end);
    let relative = |s: &Span, base: usize| s.start - base..s.end - base;
    (old.clone(), new.clone(), hunks.map(|h| (relative(&h.old, old.start), relative(&h.new, new.start))).collect())
}
