//! Page furniture: running heads and folios at the edges of pages.
//!
//! Only lines at an edge are looked at, and only an unbroken run of them from the edge inwards. A line is furniture
//! because of what it is made of ([`parts`]) or because the other pages have it too.

use std::hash::Hasher;

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};
use smallvec::SmallVec;

use super::marks::{final_mark, is_han, number};
use super::parts::{Parts, parts};
use crate::model::{Issue, Role};

/// Lines of one edge that are looked at.
const DEPTH: usize = 4;

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Edge {
    Top,
    Bottom,
}

/// One line at an edge.
struct Candidate {
    line: usize,
    page: usize,
    edge: Edge,
    /// 0 at the edge itself.
    depth: usize,
    parts: Option<Parts>,
    /// Only where there are several pages to compare.
    folded: Folded,
    /// The line's region holds nothing but lines of this edge.
    own_region: bool,
    furniture: bool,
}

/// Gives the furniture of all pages its roles.
pub(super) fn mark(issue: &mut Issue) {
    let mut candidates = Vec::new();
    for page in 0..issue.pages.len() {
        edge(issue, page, Edge::Top, &mut candidates);
        edge(issue, page, Edge::Bottom, &mut candidates);
    }
    by_parts(issue, &mut candidates);
    by_repetition(issue, &mut candidates);
    by_likeness(issue, &mut candidates);
    let mut blocked: Option<(usize, Edge)> = None;
    for candidate in &candidates {
        // A run ends at the first line that is none.
        if blocked == Some((candidate.page, candidate.edge)) {
            continue;
        }
        if !candidate.furniture {
            blocked = Some((candidate.page, candidate.edge));
            continue;
        }
        let folio = candidate.parts.as_ref().is_some_and(Parts::is_folio);
        issue.lines[candidate.line].role = if folio { Role::Folio } else { Role::RunningHead };
    }
}

/// The lines of one edge, from the edge inwards.
fn edge(issue: &Issue, page: usize, edge: Edge, candidates: &mut Vec<Candidate>) {
    let regions = issue.pages[page].regions.clone();
    if regions.is_empty() {
        return;
    }
    let lines = issue.regions[regions.start].lines.start..issue.regions[regions.end - 1].lines.end;
    let inwards: Vec<usize> = match edge {
        Edge::Top => lines.clone().take(DEPTH).collect(),
        Edge::Bottom => lines.clone().rev().take(DEPTH).collect(),
    };
    for (depth, line) in inwards.into_iter().enumerate() {
        let text = issue.line_text(line).trim();
        if text.len() > 160 || is_prose(text) {
            return;
        }
        let region = &issue.regions[issue.lines[line].region as usize].lines;
        let folded = if issue.pages.len() > 1 { Folded::of(text) } else { Folded::default() };
        candidates.push(Candidate {
            line,
            page,
            edge,
            depth,
            parts: parts(text),
            folded,
            own_region: match edge {
                Edge::Top => region.end <= lines.start + DEPTH,
                Edge::Bottom => region.start + DEPTH >= lines.end,
            },
            furniture: false,
        });
    }
}

/// Surely a line of running text: no run of furniture goes over it.
fn is_prose(text: &str) -> bool {
    text.ends_with(['-', '¬', '⸗', ',', '，', '、'])
        || text.len() > 20 && text.starts_with(|c: char| c.is_ascii_lowercase())
        || text.len() > 20 && !text.is_ascii() && (text.contains('，') || text.contains('。'))
}

/// What is compared between pages: a line with its digits folded to `#` and its white space gone.
#[derive(Default)]
struct Folded {
    hash: u64,
    letters: usize,
    /// Nothing but numbers and signs.
    bare: bool,
    numbers: SmallVec<[u32; 4]>,
}

impl Folded {
    fn of(text: &str) -> Folded {
        let mut folded = Folded { bare: true, ..Folded::default() };
        let mut hasher = FxHasher::default();
        fold(text, |c, number| {
            hasher.write_u32(c as u32);
            folded.letters += 1;
            folded.bare &= !(is_han(c) || c.is_alphanumeric());
            folded.numbers.extend(number);
        });
        folded.hash = hasher.finish();
        folded
    }

    fn key(text: &str) -> Vec<char> {
        let mut key = Vec::new();
        fold(text, |c, _| key.push(c));
        key
    }
}

/// Gives the folded characters one by one; Chinese numbers after 第 and 星期 are folded too.
fn fold(text: &str, mut each: impl FnMut(char, Option<u32>)) {
    let (mut at, mut before) = (0, ' ');
    while let Some(c) = text[at..].chars().next() {
        let counted = c.is_ascii_digit() || ('０'..='９').contains(&c) || matches!(before, '第' | '期');
        if counted && let Some((value, used)) = number(&text[at..]) {
            each('#', Some(value));
            (at, before) = (at + used, '#');
            continue;
        }
        if !c.is_whitespace() {
            each(c, None);
            before = c;
        }
        at += c.len_utf8();
    }
}

/// Lines made of page numbers, dates, names.
fn by_parts(issue: &Issue, candidates: &mut [Candidate]) {
    let offsets = folio_offsets(candidates);
    let pages = issue.pages.len();
    let mut start = 0;
    while start < candidates.len() {
        let (page, edge) = (candidates[start].page, candidates[start].edge);
        let end = candidates[start..].iter().position(|c| (c.page, c.edge) != (page, edge)).map_or(candidates.len(), |n| start + n);
        // A page turn next to it, or the issue's own edge.
        let turn = if edge == Edge::Top { page > 0 } else { page + 1 < pages };
        let run = &mut candidates[start..end];
        let mut last = None;
        for i in 0..run.len() {
            let candidate = &run[i];
            let Some(parts) = &candidate.parts else {
                // An unlisted section name in one block with the date below it.
                if section_like(issue, candidate) && i + 1 < run.len() && same_region(issue, candidate, &run[i + 1]) {
                    continue;
                }
                break;
            };
            let near = i == 0 || same_region(issue, candidate, &run[i - 1]);
            let strong =
                (candidate.own_region || turn && offsets.agree(candidate)) && accepts(parts, turn, edge) && (near || !parts.is_date());
            let number = parts.bare.is_some() && parts.is_folio();
            let alone = run.get(i + 1).is_none_or(|next| !next.parts.as_ref().is_some_and(|p| p.bare.is_some() && p.is_folio()));
            if strong || number && (offsets.agree(candidate) || candidate.own_region && alone && plausible(candidate, &offsets)) {
                last = Some(i);
            } else if !(parts.section || parts.paper || parts.date || parts.weekday || parts.issue || parts.year) {
                break;
            }
        }
        // A run that ends inside a block of text needs page numbers that agree, or is no run.
        while let Some(at) = last
            && !ends_region(issue, &run[at])
            && !offsets.agree(&run[at])
        {
            last = at.checked_sub(1);
        }
        if let Some(last) = last {
            run[..=last].iter_mut().for_each(|c| c.furniture = true);
        }
        start = end;
    }
}

/// What a line needs at the issue's own edge, where no page turns, is more than between two pages.
fn accepts(parts: &Parts, turn: bool, edge: Edge) -> bool {
    if !parts.strong() {
        return false;
    }
    match edge {
        Edge::Top if turn => true,
        // A date below a text may be its signature.
        Edge::Bottom if turn => {
            !parts.date || parts.page.is_some() || parts.bare.is_some() || parts.paper || parts.issue || parts.weekday || parts.staff
        }
        Edge::Top => {
            parts.page.is_some() || parts.framed || parts.bare.is_some() || parts.paper || parts.date && parts.year && parts.weekday
        }
        Edge::Bottom => parts.page.is_some() || parts.framed || parts.staff,
    }
}

/// The inward neighbour is in another block.
fn ends_region(issue: &Issue, candidate: &Candidate) -> bool {
    let region = &issue.regions[issue.lines[candidate.line].region as usize].lines;
    match candidate.edge {
        Edge::Top => region.end == candidate.line + 1,
        Edge::Bottom => region.start == candidate.line,
    }
}

fn same_region(issue: &Issue, a: &Candidate, b: &Candidate) -> bool {
    issue.lines[a.line].region == issue.lines[b.line].region
}

/// A short line without a sentence's marks.
fn section_like(issue: &Issue, candidate: &Candidate) -> bool {
    let text = issue.line_text(candidate.line).trim();
    candidate.own_region
        && text.len() <= 30
        && !final_mark(text)
        && !text.contains(['，', ',', '、', '：', ';', '-'])
        && text.chars().filter(|c| c.is_alphabetic()).count() <= 12
}

/// Differences between the bare numbers at the edges and the places of their pages: page numbers agree on one.
struct Offsets {
    pages: FxHashMap<i64, u32>,
    /// Some difference holds for three pages or more.
    settled: bool,
}

impl Offsets {
    fn of(candidate: &Candidate) -> Option<i64> {
        let parts = candidate.parts.as_ref().filter(|p| p.is_folio())?;
        parts.bare.or(parts.page).map(|number| i64::from(number) - candidate.page as i64)
    }

    /// At least two pages, or the plain count of pages, say the same.
    fn agree(&self, candidate: &Candidate) -> bool {
        Offsets::of(candidate).is_some_and(|offset| self.pages.get(&offset).is_some_and(|&n| n >= 2))
    }
}

fn folio_offsets(candidates: &[Candidate]) -> Offsets {
    let mut offsets: FxHashMap<i64, u32> = FxHashMap::default();
    // Top and bottom of a page count once.
    let mut before = None;
    for candidate in candidates {
        if let Some(offset) = Offsets::of(candidate)
            && before != Some((candidate.page, offset))
        {
            before = Some((candidate.page, offset));
            *offsets.entry(offset).or_default() += 1;
        }
    }
    Offsets { settled: offsets.values().any(|&n| n >= 3), pages: offsets }
}

/// A lone number may be the page's if no other number is agreed on.
fn plausible(candidate: &Candidate, offsets: &Offsets) -> bool {
    candidate.depth == 0 && !candidate.parts.as_ref().is_some_and(|p| p.pointed) && !offsets.settled
}

/// Lines that other pages have at the same edge: with digits that count the pages, or on a third of all pages.
fn by_repetition(issue: &Issue, candidates: &mut [Candidate]) {
    if issue.pages.len() < 2 {
        return;
    }
    let mut groups: FxHashMap<(Edge, u64), Vec<usize>> = FxHashMap::default();
    for (i, candidate) in candidates.iter().enumerate() {
        if (2..=60).contains(&candidate.folded.letters) && !candidate.folded.bare {
            groups.entry((candidate.edge, candidate.folded.hash)).or_default().push(i);
        }
    }
    let mut repeated = Vec::new();
    for group in groups.into_values() {
        if group.len() < 2 {
            continue;
        }
        let pages = group.iter().map(|&i| candidates[i].page).collect::<FxHashSet<_>>().len();
        let counts_pages = group.windows(2).filter(|w| {
            let (a, b) = (&candidates[w[0]], &candidates[w[1]]);
            let turned = (b.page - a.page) as i64;
            turned > 0 && a.folded.numbers.iter().zip(&b.folded.numbers).any(|(x, y)| i64::from(*y) - i64::from(*x) == turned)
        });
        let counted = pages >= 2 && counts_pages.count() * 2 >= group.len() - 1;
        let often = pages >= 3 && pages * 3 >= issue.pages.len() && only_there(issue, candidates, &group);
        if counted || often {
            repeated.extend(group);
        }
    }
    repeated.into_iter().for_each(|i| candidates[i].furniture = true);
}

/// The text of a repeated line stands nowhere else in the issue: a title that returns is no running head.
fn only_there(issue: &Issue, candidates: &[Candidate], group: &[usize]) -> bool {
    let text = issue.line_text(candidates[group[0]].line).trim();
    let same = group.iter().filter(|&&i| issue.line_text(candidates[i].line).trim() == text).count();
    memchr::memmem::find_iter(issue.text.as_bytes(), text.as_bytes()).take(same + 1).count() <= same
}

/// Damaged copies of furniture that was found: no more than one character in six differs.
fn by_likeness(issue: &Issue, candidates: &mut [Candidate]) {
    let mut known: Vec<(Edge, Vec<char>)> = Vec::new();
    for candidate in candidates.iter().filter(|c| c.furniture && c.folded.letters >= 6) {
        let key = Folded::key(issue.line_text(candidate.line));
        if known.len() < 32 && !known.iter().any(|k| k.1 == key && k.0 == candidate.edge) {
            known.push((candidate.edge, key));
        }
    }
    for candidate in candidates.iter_mut().filter(|c| !c.furniture && c.depth < 2 && (6..=70).contains(&c.folded.letters)) {
        let near = |k: &[char]| k.len().abs_diff(candidate.folded.letters) * 6 <= k.len();
        if known.iter().any(|(edge, k)| *edge == candidate.edge && near(k)) {
            let key = Folded::key(issue.line_text(candidate.line));
            candidate.furniture = known.iter().any(|(edge, k)| *edge == candidate.edge && near(k) && alike(k, &key));
        }
    }
}

/// At most one character in six differs, and the ends are not both damaged.
fn alike(a: &[char], b: &[char]) -> bool {
    let most = a.len() / 6;
    let ends = a.first() == b.first() || a.get(1) == b.get(1) || a.last() == b.last();
    if !ends || a.len().abs_diff(b.len()) > most {
        return false;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = (corner + usize::from(x != y)).min(above + 1).min(row[j] + 1);
            corner = above;
        }
        if row.iter().all(|&edits| edits > most) {
            return false;
        }
    }
    row[b.len()] <= most
}
