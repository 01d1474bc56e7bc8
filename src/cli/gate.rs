//! The gate: whether a batch passes, and if not, why and what to do.

use std::io::{self, Write};

use super::counts::Counts;
use crate::config::{Config, FailLevel};
use crate::edit::Severity;
use crate::rules::RULES;

/// One reason why the gate is red.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// What was counted.
    pub what: String,
    pub found: String,
    pub limit: String,
    /// What to do about it.
    pub remedy: String,
}

impl Reason {
    /// On one line, for reports.
    pub fn line(&self) -> String {
        format!("{}: {} found, {} allowed; {}", self.what, self.found, self.limit, self.remedy)
    }
}

/// Every reason there is, in a fixed order; none where the gate is green. What a baseline knows counts only for shares.
pub fn judge(config: &Config, counts: &Counts) -> Vec<Reason> {
    let gate = &config.gate;
    let mut reasons = Vec::new();
    let severities = [Severity::Note, Severity::Warning, Severity::Error];
    let failing: usize = severities.iter().filter(|s| gate.fail_level.fails(**s)).map(|s| counts.new_findings(*s)).sum();
    let edits = if gate.fail_level == FailLevel::Note { counts.new_edits } else { 0 };
    let findings: usize = severities.iter().map(|s| counts.new_findings(*s)).sum();
    if failing + edits > 0 {
        let mut rules: Vec<&str> = Vec::new();
        for (rule, by_severity) in RULES.iter().zip(&counts.new) {
            if severities.iter().any(|s| gate.fail_level.fails(*s) && by_severity[*s as usize] > 0) {
                rules.push(rule.meta().name);
            }
        }
        let remedy = match rules.first() {
            Some(rule) => format!("repair the texts (`galley explain {rule}`), or `galley baseline write` what stays"),
            None => "`galley clean` repairs; or set fail-level higher".to_string(),
        };
        let kind = if edits > 0 { "findings and proposed edits" } else { "findings" };
        let what = format!(
            "{kind} at or over {}{}",
            gate.fail_level.name(),
            if rules.is_empty() { String::new() } else { format!(" ({})", rules.join(", ")) }
        );
        reasons.push(Reason { what, found: (failing + edits).to_string(), limit: "0".into(), remedy });
    }
    if let Some(most) = gate.max_findings.filter(|most| findings > *most) {
        let remedy = "look at the findings, or raise max-findings".into();
        reasons.push(Reason { what: "findings of all rules".into(), found: findings.to_string(), limit: most.to_string(), remedy });
    }
    for (rule, by_severity) in RULES.iter().zip(&counts.new) {
        let name = rule.meta().name;
        let limit = config.rules.iter().find(|(n, _)| n.0 == name).and_then(|(_, r)| r.max_findings);
        let found: usize = by_severity.iter().sum();
        if let Some(most) = limit.filter(|most| found > *most) {
            let remedy = format!("`galley explain {name}` says what it is; rules.{name}.max-findings is the limit");
            reasons.push(Reason { what: format!("findings of {name}"), found: found.to_string(), limit: most.to_string(), remedy });
        }
    }
    let share = counts.truncated_issues as f64 / counts.issues.max(1) as f64;
    if let Some(most) = gate.max_truncated_share.filter(|most| share > *most) {
        let found = format!("{:.2} % ({} of {})", share * 100.0, counts.truncated_issues, counts.issues);
        let remedy = "pages may be missing, or the scans cut off; see `galley check --select truncated-article`".into();
        reasons.push(Reason { what: "issues with a truncated article".into(), found, limit: format!("{:.2} %", most * 100.0), remedy });
    }
    reasons
}

/// The table at the end of `check`: one screen, whatever was found.
pub fn table(out: &mut dyn Write, reasons: &[Reason], known: usize) -> io::Result<()> {
    if known > 0 {
        writeln!(out, "{known} known to the baseline, not held against this run")?;
    }
    if reasons.is_empty() {
        return writeln!(out, "gate: green");
    }
    writeln!(out, "gate: red")?;
    for reason in reasons {
        writeln!(out, "  {}\n    found {}, allowed {}\n    {}", reason.what, reason.found, reason.limit, reason.remedy)?;
    }
    Ok(())
}
