//! `truncated-article`: an article whose text starts or stops inside a sentence.

use smallvec::smallvec;

use super::{Example, Meta, Proposals, Rule, Stage, View};
use crate::articles::{Article, Status};
use crate::characters::is_alphanumeric;
use crate::duplicates::batch::{Batch, Wanted, findings};
use crate::edit::{Evidence, EvidenceList, Finding, Severity};
use crate::messages::say;
use crate::model::{Issue, Role};
use crate::record::FindingRecord;
use crate::structure::{final_mark, jump_line, opening_byline, opens_with_byline};

pub struct TruncatedArticle;

/// Letters a Chinese block needs to be running text where no title says that an article stands here.
const HAN_TEXT: usize = 30;
/// The same under a title: fewer are a name or a place that signs.
const HAN_UNDER_TITLE: usize = 5;
/// Letters a block of Latin text needs.
const LATIN_TEXT: usize = 80;

impl Rule for TruncatedArticle {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "truncated-article",
            stage: Stage::Findings,
            severity: Severity::Warning,
            summary: "Reports an article whose text stops or starts inside a sentence, or where a longer copy in the batch goes on.",
            why: "A column or a page was not scanned, or its text was lost between scanning and delivery.",
            caution: "OCR loses full stops: in Latin text only a split word or a comma at the end counts. Captions, lists, verse and signatures end without a mark by right. Where a jump line leads on, it is unmatched-jump-line that speaks.",
            source: "GB/T 15834 for the marks that end a sentence.",
            examples: &[Example { before: "The members of the com-\nmittee met.", after: "The members of the committee met." }],
        }
    }

    fn check_issue(&self, view: &View, out: &mut Proposals) {
        let issue = view.issue;
        for (number, article) in view.articles.list.iter().enumerate().filter(|(_, a)| a.status != Status::Duplicate) {
            if let Some(evidence) = starts_inside(issue, article)
                && let Some(line) = first_body(issue, article)
            {
                let span = issue.lines[line].span.clone();
                let head = issue.text[span.clone()].char_indices().nth(8).map_or(span.end, |(at, _)| span.start + at);
                out.findings.push(Finding {
                    rule: self.meta().name,
                    severity: self.meta().severity,
                    places: smallvec![span.start..head],
                    message: say("truncated-article.start", &[("text", &&issue.text[span.start..head])]),
                    evidence,
                    related: Vec::new(),
                });
            }
            let Some((line, evidence)) = view.articles.stops_inside(issue, number) else { continue };
            let span = issue.lines[line].span.clone();
            let tail = issue.text[span.clone()].char_indices().rev().take(8).last().map_or(span.start, |(at, _)| span.start + at);
            out.findings.push(Finding {
                rule: self.meta().name,
                severity: self.meta().severity,
                places: smallvec![tail..span.end],
                message: say("truncated-article.end", &[("text", &issue.text[tail..span.end].trim_end())]),
                evidence,
                related: Vec::new(),
            });
        }
    }

    fn check_batch(&self, batch: &Batch, out: &mut Vec<FindingRecord>) {
        findings(batch, Wanted::Cut, self.meta().name, self.meta().severity, out);
    }
}

impl crate::articles::Articles {
    /// What an article is known to be, the end of its text considered.
    pub fn status(&self, issue: &Issue, article: usize) -> Status {
        match self.list[article].status {
            status @ (Status::Duplicate | Status::JumpUnmatched) => status,
            status if self.stops_inside(issue, article).is_none() => status,
            _ => Status::Truncated,
        }
    }

    /// The line where the article's text stops short, and why one thinks so; `None` if it does not, or nobody could tell.
    pub fn stops_inside(&self, issue: &Issue, article: usize) -> Option<(usize, EvidenceList)> {
        let article = &self.list[article];
        if article.parts.last()?.to.is_some() {
            return None;
        }
        if let Some(line) = byline_alone(issue, article).filter(|l| self.text_is_gone(issue, *l)) {
            return Some((line, [Evidence::named("nothing-after-byline")].into_iter().collect()));
        }
        let line = article.last_body(issue)?;
        // A line of running text that more of its block stands above is judged with it.
        if issue.lines[line].role != Role::Body {
            return None;
        }
        cut(issue, article, line).map(|evidence| (line, evidence))
    }
}

/// The byline of a Chinese article that has a headline and no text.
fn byline_alone(issue: &Issue, article: &Article) -> Option<usize> {
    let mut found = None;
    for line in article.lines() {
        let text = issue.line_text(line).trim();
        match issue.lines[line].role {
            Role::Headline | Role::Kicker | Role::Deck | Role::Banner => {}
            Role::Byline | Role::Body if opens_with_byline(text) || issue.lines[line].role == Role::Byline => {
                let rest = &text[opening_byline(text).len()..];
                let cut = text.contains('（') && !text.contains('）');
                if issue.lines[line].role == Role::Body && !cut && rest.chars().any(is_alphanumeric) || text.chars().count() > 30 {
                    return None;
                }
                found = Some(line);
            }
            _ => return None,
        }
    }
    found.filter(|l| issue.line_language(*l).is_chinese() && article.with_role(issue, Role::Headline).next().is_some())
}

impl crate::articles::Articles {
    /// Whether what stands below a byline shows that its text is missing. Under the byline of a round-up come its items, each with a title
    /// and none with a byline.
    fn text_is_gone(&self, issue: &Issue, byline: usize) -> bool {
        let text = issue.line_text(byline).trim();
        let open = opened(text) > 0 || text.split_whitespace().next_back().is_some_and(|name| name.chars().count() == 1);
        let below = (byline + 1..issue.lines.len()).filter(|l| !issue.lines[*l].role.is_furniture());
        let mut below = below.skip_while(|l| matches!(issue.lines[*l].role, Role::Headline | Role::Kicker | Role::Deck | Role::Banner));
        open || below.next().is_none_or(|l| {
            let text = issue.line_text(l);
            issue.lines[l].page != issue.lines[byline].page || opens_with_byline(text) || jump_line(text).is_some_and(|j| j.span.start < 4)
        })
    }
}

fn first_body(issue: &Issue, article: &Article) -> Option<usize> {
    article.with_role(issue, Role::Body).next()
}

/// The first words of a Chinese article are marks that nothing starts with.
fn starts_inside(issue: &Issue, article: &Article) -> Option<EvidenceList> {
    let part = article.parts.first().filter(|p| p.from.is_none())?;
    let line = first_body(issue, article).filter(|l| issue.lines[*l].page as usize == part.page)?;
    let text = issue.line_text(line).trim();
    let inside = issue.line_language(line).is_chinese()
        && text.starts_with(['，', '。', '、', '；', '！', '？', '”', '）', '》'])
        && text.chars().filter(|c| is_alphanumeric(*c)).count() >= HAN_TEXT;
    inside.then(|| [Evidence::named("starts-with-a-mark")].into_iter().collect())
}

fn cut(issue: &Issue, article: &Article, line: usize) -> Option<EvidenceList> {
    let text = issue.line_text(line).trim_end();
    if final_mark(text) || jump_line(text).is_some() || text.ends_with(['）', ')', '】', '〕', ']', '』', '」']) || signed(text) {
        return None;
    }
    let letters = text.chars().filter(|c| is_alphanumeric(*c)).count();
    if !issue.line_language(line).is_chinese() {
        let name = if text.ends_with(['-', '¬', '⸗', '\u{ad}']) { "line-end-hyphen" } else { "mark-inside-a-sentence" };
        let ends_short = text.ends_with(['-', '¬', '⸗', '\u{ad}', ',', ';']);
        return (ends_short && letters >= LATIN_TEXT).then(|| [Evidence::named(name)].into_iter().collect());
    }
    let titled = article.lines().any(|l| issue.lines[l].role == Role::Headline);
    let least = if titled { HAN_UNDER_TITLE } else { HAN_TEXT };
    if letters < least || signature(issue, article, line, text, letters) {
        return None;
    }
    // What a colon announces (a table, a letter) is often left out, or set as an article of its own.
    if text.ends_with('：') {
        return None;
    }
    let name = if text.ends_with(['，', '、', '；']) { "mark-inside-a-sentence" } else { "no-final-mark" };
    let mut evidence: EvidenceList = [Evidence::named(name)].into_iter().collect();
    if opened(text) > 0 {
        evidence.push(Evidence::named("open-quote-or-bracket"));
    }
    Some(evidence)
}

/// Quotes and brackets that are opened and not closed.
fn opened(text: &str) -> i32 {
    text.chars().fold(0, |n, mark| n + i32::from("“《（「『".contains(mark)) - i32::from("”》）」』".contains(mark)))
}

/// `……线索和建议。———编者`: a sentence ends, a dash, and who says it.
fn signed(text: &str) -> bool {
    text.rfind('—').is_some_and(|at| {
        let name = &text[at + '—'.len_utf8()..];
        final_mark(text[..at].trim_end_matches('—')) && (2..=8).contains(&name.chars().count())
    })
}

/// Lines under a text that end without a mark by right: who wrote it, where and when; rows of a table.
fn signature(issue: &Issue, article: &Article, line: usize, text: &str, letters: usize) -> bool {
    let bare = text.trim();
    if bare.ends_with(['年', '月', '日', '摄', '电', '版', '图', '文', '%']) && letters <= 16
        || bare.starts_with(['—', '（', '(', '注', '附', '●', '■', '▲', '△', '◆'])
    {
        return true;
    }
    // The title of an item without a text, or of the next column: `给黄土地“拜年”`.
    if bare.ends_with(['”', '》']) && letters <= 20 && !bare.contains(['，', '、', '；', '：']) && opened(bare) == 0 {
        return true;
    }
    // Names and figures set apart by spaces, and no word of a sentence.
    let parts = bare.split_whitespace().count();
    let marks = bare.chars().any(|c| matches!(c, '，' | '。' | '、' | '；' | '：' | '！' | '？'));
    if !marks && parts >= 2 && letters <= parts * 6 {
        return true;
    }
    // Several short lines in a row are no paragraphs.
    let short =
        |l: &usize| issue.line_text(*l).chars().count() < 24 && !final_mark(issue.line_text(*l)) && issue.lines[*l].role == Role::Body;
    let before: Vec<usize> = article.lines().filter(|l| *l < line).rev().take(2).collect();
    letters < 24 && before.len() == 2 && before.iter().all(short)
}
