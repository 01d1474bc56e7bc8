//! Roles from what an OCR format says beside the text: the type of a block, and lines set in large type.

use super::marks::final_mark;
use crate::model::{Issue, Role};

/// A line of a title is taller than most lines of its page by this much.
const LARGE: f32 = 1.45;
/// Lines with a box or a type size that a page needs to tell what is large.
const LINES: usize = 12;
/// Lines and bytes of a block that may be a title.
const MOST_LINES: usize = 4;
const MOST_BYTES: usize = 200;

/// Marks blocks of lines that are `Body` so far.
pub(super) fn mark(issue: &mut Issue) {
    if issue.ocr.is_empty() {
        return;
    }
    for page in 0..issue.pages.len() {
        let usual = usual_size(issue, page);
        for region in issue.pages[page].regions.clone() {
            let lines = issue.regions[region].lines.clone();
            if issue.lines[lines.clone()].iter().any(|l| l.role != Role::Body) {
                continue;
            }
            let role = typed(issue, lines.start).or_else(|| usual.filter(|u| is_large(issue, region, *u)).map(|_| Role::Headline));
            if let Some(role) = role {
                issue.lines[lines].iter_mut().for_each(|l| l.role = role);
            }
        }
    }
}

/// What the format calls the block, where that is one of our roles (PAGE XML's names, and those of ALTO tags).
fn typed(issue: &Issue, line: usize) -> Option<Role> {
    let printed = issue.printed_line(line)?;
    let kind = &issue.ocr.regions.get(printed.region as usize)?.kind;
    Some(match kind.to_ascii_lowercase().as_str() {
        "heading" | "headline" | "title" => Role::Headline,
        "subheadline" | "subheading" => Role::Deck,
        "caption" => Role::Caption,
        "page-number" | "pagenum" => Role::Folio,
        "header" | "running-head" | "running-title" => Role::RunningHead,
        _ => return None,
    })
}

/// The type size of a printed line, or the height of its box; `None` for boxes that stand upright.
fn size(issue: &Issue, line: usize) -> Option<f32> {
    let printed = issue.printed_line(line)?;
    if let Some(size) = printed.font_size {
        return Some(size);
    }
    let rect = printed.rect?;
    let letters = issue.line_text(line).chars().count();
    (letters < 3 || rect.width() > rect.height()).then(|| rect.height())
}

/// The median of a page's lines.
fn usual_size(issue: &Issue, page: usize) -> Option<f32> {
    let lines = issue.pages[page].regions.clone().flat_map(|r| issue.regions[r].lines.clone());
    let mut sizes: Vec<f32> = lines.filter_map(|l| size(issue, l)).collect();
    sizes.sort_by(f32::total_cmp);
    (sizes.len() >= LINES).then(|| sizes[sizes.len() / 2])
}

/// All lines of a short block of Latin text are large. Chinese titles are found by what they say.
fn is_large(issue: &Issue, region: usize, usual: f32) -> bool {
    let lines = issue.regions[region].lines.clone();
    let text = &issue.text[issue.lines[lines.start].span.start..issue.lines[lines.end - 1].span.end];
    lines.len() <= MOST_LINES
        && text.len() <= MOST_BYTES
        && text.chars().filter(|c| c.is_alphabetic()).count() >= 3
        && !issue.regions[region].language.is_chinese()
        && !(final_mark(text) && text.contains(','))
        && lines.clone().all(|l| size(issue, l).is_some_and(|s| s >= usual * LARGE))
}
