//! The gate: whether a batch passes, and if not, why and what to do.

use std::io::{self, Write};

use super::counts::Counts;
use crate::config::{Config, FailLevel};
use crate::edit::Severity;
use crate::messages::say;
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
        say("gate.line", &[("what", &self.what), ("found", &self.found), ("limit", &self.limit), ("remedy", &self.remedy)])
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
            Some(rule) => say("gate.repair", &[("rule", rule)]),
            None => say("gate.clean", &[]),
        };
        let of = if rules.is_empty() { String::new() } else { say("gate.rules", &[("rules", &rules.join(", "))]) };
        let key = if edits > 0 { "gate.findings-and-edits" } else { "gate.findings" };
        let what = say(key, &[("level", &gate.fail_level.name()), ("rules", &of)]);
        reasons.push(Reason { what, found: (failing + edits).to_string(), limit: "0".into(), remedy });
    }
    if let Some(most) = gate.max_findings.filter(|most| findings > *most) {
        let (what, remedy) = (say("gate.all-findings", &[]), say("gate.look", &[]));
        reasons.push(Reason { what, found: findings.to_string(), limit: most.to_string(), remedy });
    }
    for (rule, by_severity) in RULES.iter().zip(&counts.new) {
        let name = rule.meta().name;
        let limit = config.rules.iter().find(|(n, _)| n.0 == name).and_then(|(_, r)| r.max_findings);
        let found: usize = by_severity.iter().sum();
        if let Some(most) = limit.filter(|most| found > *most) {
            let (what, remedy) = (say("gate.of-rule", &[("rule", &name)]), say("gate.explain", &[("rule", &name)]));
            reasons.push(Reason { what, found: found.to_string(), limit: most.to_string(), remedy });
        }
    }
    let share = counts.truncated_issues as f64 / counts.issues.max(1) as f64;
    if let Some(most) = gate.max_truncated_share.filter(|most| share > *most) {
        let percent = format!("{:.2}", share * 100.0);
        let found = say("gate.truncated-found", &[("share", &percent), ("n", &counts.truncated_issues), ("all", &counts.issues)]);
        let (what, remedy) = (say("gate.truncated", &[]), say("gate.truncated-remedy", &[]));
        reasons.push(Reason { what, found, limit: format!("{:.2} %", most * 100.0), remedy });
    }
    if let Some(least) = gate.min_quality.filter(|_| counts.poor > 0) {
        let (worst, issue) = counts.worst.clone().unwrap_or_default();
        let worst = format!("{worst:.3}");
        let found = say("gate.quality-found", &[("n", &counts.poor), ("worst", &worst), ("issue", &issue)]);
        let (what, remedy) = (say("gate.quality", &[("least", &least)]), say("gate.quality-remedy", &[]));
        reasons.push(Reason { what, found, limit: "0".into(), remedy });
    }
    reasons
}

/// The table at the end of `check`: one screen, whatever was found.
pub fn table(out: &mut dyn Write, reasons: &[Reason], known: usize) -> io::Result<()> {
    if known > 0 {
        writeln!(out, "{}", say("gate.known", &[("n", &known)]))?;
    }
    if reasons.is_empty() {
        return writeln!(out, "{}", say("gate.green", &[]));
    }
    writeln!(out, "{}", say("gate.red", &[]))?;
    for reason in reasons {
        let counts = say("gate.counts", &[("found", &reason.found), ("limit", &reason.limit)]);
        writeln!(out, "  {}\n    {counts}\n    {}", reason.what, reason.remedy)?;
    }
    Ok(())
}
