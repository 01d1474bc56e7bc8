//! The halves of articles that jump lines part, put together.
//!
//! Two halves must name each other's pages, and must be about the same: the title again, rare n-grams in common, a sentence that goes
//! on. Pages alone are no proof: two articles may jump between the same pages, and one half of each may be lost.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Article, Articles, Copy, Part, Status, Unmatched, is_title, without_jump};
use crate::characters::is_alphanumeric;
use crate::model::{Issue, Role};
use crate::structure::{JumpDirection, PageFacts, final_mark, opens_with_byline};

/// The least likeness of two halves whose pages fit.
const LEAST: f32 = 0.05;

/// What a half says, for comparing.
struct Half {
    /// Index of the piece.
    piece: usize,
    /// Number of the page it stands on.
    on: u32,
    names: u32,
    title: Vec<char>,
    grams: FxHashSet<u64>,
    /// Leading on: its text stops inside a sentence. Leading back: its text may be the rest of one.
    open: bool,
    /// Leading back: opens with a byline.
    afresh: bool,
}

pub(super) fn pair(issue: &Issue, pages: Vec<PageFacts>, copies: Vec<Copy>, mut pieces: Vec<Article>) -> Articles {
    let halves = |direction: JumpDirection, pieces: &[Article]| -> Vec<Half> {
        let mut halves = Vec::new();
        for (piece, article) in pieces.iter().enumerate().filter(|(_, a)| a.status != Status::Duplicate) {
            let part = if direction == JumpDirection::To { article.parts.last() } else { article.parts.first() };
            let Some(part) = part else { continue };
            let jump = if direction == JumpDirection::To { &part.to } else { &part.from };
            let Some(names) = jump.as_ref().and_then(|j| j.names) else { continue };
            halves.push(Half::new(issue, piece, article, pages[part.page].number, names, direction));
        }
        halves
    };
    let (to, from) = (halves(JumpDirection::To, &pieces), halves(JumpDirection::From, &pieces));
    let mut seen: FxHashMap<u64, u32> = FxHashMap::default();
    for half in to.iter().chain(&from) {
        half.grams.iter().for_each(|g| *seen.entry(*g).or_default() += 1);
    }
    let mut fits: Vec<(f32, usize, usize)> = Vec::new();
    for (i, a) in to.iter().enumerate() {
        for (j, b) in from.iter().enumerate().filter(|(_, b)| b.piece != a.piece) {
            if a.names == b.on && b.names == a.on {
                fits.push((likeness(a, b, &seen), i, j));
            }
        }
    }
    fits.sort_by(|x, y| y.0.total_cmp(&x.0).then(x.1.cmp(&y.1)).then(x.2.cmp(&y.2)));
    let (mut leads, mut follows) = (vec![None; to.len()], vec![None; from.len()]);
    // Where no other half could be meant, nothing that speaks against it is enough.
    let sole = |i: usize, j: usize| fits.iter().filter(|f| f.1 == i || f.2 == j).count() == 1;
    for &(score, i, j) in &fits {
        if (score >= LEAST || score >= 0.0 && sole(i, j)) && leads[i].is_none() && follows[j].is_none() {
            (leads[i], follows[j]) = (Some(j), Some(i));
        }
    }
    let unmatched = unmatched(&pieces, &to, &from, &leads, &follows, &seen);
    for half in to
        .iter()
        .zip(&leads)
        .filter(|(_, l)| l.is_none())
        .map(|(h, _)| h)
        .chain(from.iter().zip(&follows).filter(|(_, f)| f.is_none()).map(|(h, _)| h))
    {
        pieces[half.piece].status = Status::JumpUnmatched;
    }
    // A half may lead on in its turn: chains are put together from their first half.
    let next: FxHashMap<usize, usize> = to.iter().zip(&leads).filter_map(|(h, l)| l.map(|j| (h.piece, from[j].piece))).collect();
    let rests: FxHashSet<usize> = next.values().copied().collect();
    let mut list = Vec::new();
    for start in (0..pieces.len()).filter(|p| !rests.contains(p)) {
        let mut article = pieces[start].clone();
        let mut at = start;
        while let Some(&rest) = next.get(&at) {
            article.parts.extend(pieces[rest].parts.iter().cloned());
            if article.status != Status::JumpUnmatched {
                article.status = if pieces[rest].status == Status::JumpUnmatched { Status::JumpUnmatched } else { Status::JumpPaired };
            }
            at = rest;
        }
        list.push(article);
    }
    Articles { list, pages, copies, unmatched }
}

impl Half {
    fn new(issue: &Issue, piece: usize, article: &Article, on: u32, names: u32, direction: JumpDirection) -> Half {
        let title = article.lines().filter(|l| is_title(issue.lines[*l].role)).flat_map(|l| issue.line_text(l).chars());
        let title = title.filter(|c| is_alphanumeric(*c)).collect();
        let body = || article.lines().filter(|l| issue.lines[*l].role == Role::Body).map(|l| without_jump(issue.line_text(l)).1);
        let mut grams = FxHashSet::default();
        for line in article.lines().map(|l| without_jump(issue.line_text(l)).1) {
            grams_of(line, &mut grams);
        }
        let (open, afresh) = match direction {
            JumpDirection::To => (body().rfind(|t| !t.trim().is_empty()).is_some_and(|t| !final_mark(t)), false),
            JumpDirection::From => {
                let first = body().find(|t| !t.trim().is_empty()).unwrap_or("");
                (!opens_with_byline(first), opens_with_byline(first))
            }
        };
        Half { piece, on, names, title, grams, open, afresh }
    }
}

/// Character pairs of Chinese, words of four letters or more of other text.
fn grams_of(text: &str, grams: &mut FxHashSet<u64>) {
    let hash = |bytes: &mut dyn Iterator<Item = u64>| bytes.fold(7u64, |h, c| (h.rotate_left(17) ^ c).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    for word in text.split(|c: char| !is_alphanumeric(c)) {
        if word.starts_with(|c: char| c >= '\u{2e80}') {
            let letters: Vec<u64> = word.chars().map(|c| c as u64).collect();
            grams.extend(letters.windows(2).map(|w| hash(&mut w.iter().copied())));
        } else if word.chars().count() >= 4 {
            grams.insert(hash(&mut word.chars().flat_map(char::to_lowercase).map(|c| c as u64)));
        }
    }
}

/// How much two halves have in common, 0 to about 2. Grams weigh by how few of the issue's halves have them.
fn likeness(a: &Half, b: &Half, seen: &FxHashMap<u64, u32>) -> f32 {
    let pairs = |title: &[char]| title.windows(2).map(|w| (w[0], w[1])).collect::<FxHashSet<_>>();
    let (one, two) = (pairs(&a.title), pairs(&b.title));
    let title = if one.len() > 2 && two.len() > 2 {
        let common = one.intersection(&two).count() as f32 / one.len().min(two.len()) as f32;
        // Both have a title: they say themselves whether they are one article.
        if common >= 0.6 { 1.0 } else { -0.5 + common }
    } else {
        0.0
    };
    let weight = |g: &u64| 1.0 / (seen.get(g).copied().unwrap_or(1).max(2) as f32 - 1.0);
    let (small, large) = if a.grams.len() < b.grams.len() { (&a.grams, &b.grams) } else { (&b.grams, &a.grams) };
    // Summed in the order of the hashes: addition of floats is not associative, and sets have no order of their own.
    let mut common: Vec<u64> = small.intersection(large).copied().collect();
    common.sort_unstable();
    let told = common.iter().map(weight).sum::<f32>() / (small.len() as f32).max(12.0);
    let joint = if a.open && b.afresh { -0.3 } else { 0.0 };
    title + told + joint
}

/// The jump lines that nothing answers, each with the half that comes nearest: one that names either page and says the like.
fn unmatched(
    pieces: &[Article],
    to: &[Half],
    from: &[Half],
    leads: &[Option<usize>],
    follows: &[Option<usize>],
    seen: &FxHashMap<u64, u32>,
) -> Vec<Unmatched> {
    let mut all = Vec::new();
    let first_line = |half: &Half| pieces[half.piece].parts.first().and_then(|p| p.lines.first().copied());
    let mut add = |half: &Half, direction: JumpDirection, others: Vec<&Half>| {
        let article = &pieces[half.piece];
        let part: Option<&Part> = if direction == JumpDirection::To { article.parts.last() } else { article.parts.first() };
        let jump = part.and_then(|p| if direction == JumpDirection::To { p.to.as_ref() } else { p.from.as_ref() });
        let Some(jump) = jump else { return };
        let scored = others.iter().map(|o| (likeness(half, o, seen), *o));
        let near = scored.filter(|(s, o)| *s >= 0.3 && (o.on == half.names || o.names == half.on)).max_by(|x, y| x.0.total_cmp(&y.0));
        let nearest = near.and_then(|(_, o)| first_line(o));
        all.push(Unmatched { direction, on: half.on, names: half.names, span: jump.span.clone(), nearest });
    };
    for (half, _) in to.iter().zip(leads).filter(|(_, l)| l.is_none()) {
        add(half, JumpDirection::To, from.iter().zip(follows).filter(|(_, f)| f.is_none()).map(|(h, _)| h).collect());
    }
    for (half, _) in from.iter().zip(follows).filter(|(_, f)| f.is_none()) {
        add(half, JumpDirection::From, to.iter().zip(leads).filter(|(_, l)| l.is_none()).map(|(h, _)| h).collect());
    }
    all.sort_by_key(|u| u.span.start);
    all
}
