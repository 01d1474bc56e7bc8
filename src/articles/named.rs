//! Articles that a METS document names: their blocks are known and need not be guessed.

use std::collections::BTreeMap;

use super::{Article, Part, Status};
use crate::edit::SourceMap;
use crate::model::{Issue, Span};
use crate::ocr::OcrArticle;

/// Gives lines the roles that the named articles give their blocks. Page furniture stays furniture.
pub fn name_roles(issue: &mut Issue) {
    let ocr = issue.ocr.clone();
    for (span, role) in ocr.articles.iter().flat_map(|a| &a.blocks) {
        let Some(role) = *role else { continue };
        let first = issue.lines.partition_point(|l| l.span.end <= span.start);
        for line in issue.lines[first..].iter_mut().take_while(|l| l.span.start < span.end) {
            if !line.role.is_furniture() {
                line.role = role;
                issue.regions[line.region as usize].role = role;
            }
        }
    }
}

/// For each line of the repaired issue the named article it belongs to, with the block's place in it.
pub(super) fn assigned(issue: &Issue, named: &[OcrArticle], map: &SourceMap) -> Vec<Option<(usize, usize)>> {
    let mut of = vec![None; issue.lines.len()];
    if named.is_empty() {
        return of;
    }
    let mut blocks: Vec<(Span, usize, usize)> = Vec::new();
    for (article, named) in named.iter().enumerate() {
        blocks.extend(named.blocks.iter().enumerate().map(|(place, (span, _))| (map.to_new(span.clone()), article, place)));
    }
    blocks.sort_by_key(|(span, article, place)| (span.start, span.end, *article, *place));
    for (line, of) in issue.lines.iter().zip(&mut of) {
        // A line that was put together belongs where it begins.
        let at = blocks.partition_point(|(span, _, _)| span.start <= line.span.start);
        let holds = blocks[..at].iter().rev().take(8).find(|(span, _, _)| line.span.start < span.end);
        *of = holds.filter(|_| !line.role.is_furniture()).map(|(_, article, place)| (*article, *place));
    }
    of
}

/// The named articles with their lines in the order of their blocks.
pub(super) fn articles(issue: &Issue, named: &[OcrArticle], assigned: &[Option<(usize, usize)>]) -> Vec<Article> {
    let mut lines: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
    for (line, of) in assigned.iter().enumerate() {
        if let Some((article, place)) = of {
            lines.entry(*article).or_default().push((*place, line));
        }
    }
    let article = |(of, mut lines): (usize, Vec<(usize, usize)>)| {
        lines.sort_unstable();
        let mut parts: Vec<Part> = Vec::new();
        for (_, line) in lines {
            let page = issue.lines[line].page as usize;
            match parts.last_mut().filter(|p| p.page == page) {
                Some(part) => part.lines.push(line),
                None => parts.push(Part { page, lines: vec![line], to: None, from: None }),
            }
        }
        Article { parts, status: Status::Complete, label: named[of].label.clone() }
    };
    lines.into_iter().map(article).collect()
}
