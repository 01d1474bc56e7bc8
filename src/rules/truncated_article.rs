//! `truncated-article`: an article whose text stops inside a sentence.

use smallvec::smallvec;

use super::{Example, Meta, Proposals, Rule, Stage, View};
use crate::batch::Digest;
use crate::duplicates::batch::{Wanted, findings};
use crate::edit::{Evidence, EvidenceList, Finding, Severity};
use crate::model::{Issue, Role};
use crate::record::FindingRecord;
use crate::structure::{final_mark, jump_line};

pub struct TruncatedArticle;

/// Characters a Chinese block needs to be running text and not a title, a caption or a signature.
const HAN_TEXT: usize = 30;
/// The same for Latin text.
const LATIN_TEXT: usize = 80;

impl Rule for TruncatedArticle {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "truncated-article",
            stage: Stage::Findings,
            severity: Severity::Warning,
            summary: "Reports an article whose text stops inside a sentence, or where a longer copy in the batch goes on.",
            why: "A column or a page was not scanned, or its text was lost between scanning and delivery.",
            caution: "OCR loses full stops: in Latin text only a split word or a comma at the end counts. Captions, lists and verse end without a mark by right.",
            source: "GB/T 15834 for the marks that end a sentence.",
            examples: &[Example { before: "The members of the com-\nmittee met.", after: "The members of the committee met." }],
        }
    }

    fn check_issue(&self, view: &View, out: &mut Proposals) {
        let issue = view.issue;
        let lines: Vec<usize> = (0..issue.lines.len()).filter(|l| !issue.lines[*l].role.is_furniture()).collect();
        for (i, &line) in lines.iter().enumerate() {
            let next = lines.get(i + 1).map(|l| &issue.lines[*l]);
            // Only where an article surely ends: before a title, or at the end of the issue.
            let ends = next.is_none_or(|n| matches!(n.role, Role::Headline | Role::Kicker | Role::Deck | Role::Banner));
            if !ends || issue.lines[line].role != Role::Body {
                continue;
            }
            let Some(evidence) = cut(issue, line) else { continue };
            let span = issue.lines[line].span.clone();
            let tail = issue.text[span.clone()].char_indices().rev().take(8).last().map_or(span.start, |(at, _)| span.start + at);
            out.findings.push(Finding {
                rule: self.meta().name,
                severity: self.meta().severity,
                places: smallvec![tail..span.end],
                message: format!("the article stops inside a sentence (…{}): its end is missing", issue.text[tail..span.end].trim_end()),
                evidence,
                related: Vec::new(),
            });
        }
    }

    fn check_batch(&self, batch: &[Digest], out: &mut Vec<FindingRecord>) {
        findings(batch, Wanted::Cut, self.meta().name, self.meta().severity, out);
    }
}

/// Why the text of a block stops short; `None` if it does not, or nobody could tell.
fn cut(issue: &Issue, line: usize) -> Option<EvidenceList> {
    let text = issue.line_text(line).trim_end();
    let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
    if final_mark(text) || jump_line(text).is_some() || text.ends_with(['）', ')', '】', '〕', ']']) {
        return None;
    }
    if issue.line_language(line).is_chinese() {
        let name = if text.ends_with(['，', '、', '；', '：']) { "mark-inside-a-sentence" } else { "no-final-mark" };
        return (letters >= HAN_TEXT).then(|| [Evidence::named(name)].into_iter().collect());
    }
    let name = if text.ends_with(['-', '¬', '⸗', '\u{ad}']) { "line-end-hyphen" } else { "mark-inside-a-sentence" };
    let ends_short = text.ends_with(['-', '¬', '⸗', '\u{ad}', ',', ';']);
    (ends_short && letters >= LATIN_TEXT).then(|| [Evidence::named(name)].into_iter().collect())
}
