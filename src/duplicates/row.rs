//! The best rows of anchors in the order of two texts, as minimap2 makes them (Li, "Minimap2: pairwise alignment for nucleotide sequences",
//! 2018): longer anchors are better, gaps cost a little, gaps of unlike length more.

/// Anchors looked back at when a chain is prolonged.
const LOOK_BACK: usize = 24;
/// Best chains so far that are looked at besides.
const BEST: usize = 12;
/// The widest gap within a chain, in units.
pub const WIDEST: u32 = 320;
/// What a unit of a gap costs, in units of anchor.
const GAP: f32 = 0.2;
/// What a unit of difference between the two sides of a gap costs.
const SHIFT: f32 = 0.5;

/// A run that both texts have.
#[derive(Clone, Copy, Debug)]
pub struct Anchor {
    pub a: u32,
    pub b: u32,
    pub length: u32,
}

/// For each anchor the worth of the best chain that ends there, and the anchor before it.
pub fn score(anchors: &[Anchor]) -> (Vec<f32>, Vec<Option<usize>>) {
    let mut scores: Vec<f32> = Vec::with_capacity(anchors.len());
    let mut window = Window::default();
    // The best score up to each anchor: behind it nothing is worth more.
    let mut peaks: Vec<f32> = Vec::with_capacity(anchors.len());
    let mut before = vec![None; anchors.len()];
    // The best chains that may still go on, best first: a long anchor has many short ones after its start.
    let mut best_so_far: Vec<usize> = Vec::with_capacity(BEST + 1);
    for (i, anchor) in anchors.iter().enumerate() {
        let length = anchor.length as f32;
        let (mut best, mut last) = (length, None);
        best_so_far.retain(|&j| anchors[j].b + anchors[j].length + WIDEST >= anchor.b);
        let mut look = |j: usize, best: &mut f32| {
            // An anchor far off the line costs more than it brings.
            if scores[j] + (length - SHIFT * shift(&anchors[j], anchor) as f32) > *best {
                let worth = scores[j] + gain(&anchors[j], anchor);
                if worth > *best {
                    (*best, last) = (worth, Some(j));
                }
            }
        };
        if window.reach(anchor) > 0.0 {
            for j in (i.saturating_sub(LOOK_BACK)..i).rev() {
                if peaks[j] + length <= best {
                    break;
                }
                look(j, &mut best);
            }
        }
        for &j in &best_so_far {
            if scores[j] + length <= best {
                break;
            }
            look(j, &mut best);
        }
        before[i] = last;
        scores.push(best);
        window.push(anchor, best);
        peaks.push(peaks.last().map_or(best, |peak| best.max(*peak)));
        // A chain that goes on where it was going stands for what it goes on from; a chance anchor beside it does not.
        let stands_for = last.filter(|&j| best >= scores[j] && shift(&anchors[j], anchor) <= 2);
        if let Some(at) = stands_for.and_then(|j| best_so_far.iter().position(|k| *k == j)) {
            best_so_far.remove(at);
        }
        let at = best_so_far.partition_point(|&j| scores[j] >= best);
        if at < BEST {
            best_so_far.insert(at, i);
            best_so_far.truncate(BEST);
        }
    }
    (scores, before)
}

/// The anchors that are looked back at, side by side, so that all are asked at once. Most anchors are chance, and none of them reaches.
struct Window {
    diagonals: [f32; LOOK_BACK],
    scores: [f32; LOOK_BACK],
    at: usize,
}

impl Default for Window {
    fn default() -> Window {
        Window { diagonals: [0.0; LOOK_BACK], scores: [f32::MIN; LOOK_BACK], at: 0 }
    }
}

impl Window {
    fn push(&mut self, anchor: &Anchor, score: f32) {
        (self.diagonals[self.at], self.scores[self.at]) = (anchor.diagonal() as f32, score);
        self.at = (self.at + 1) % LOOK_BACK;
    }

    /// What a chain that goes on with an anchor brings at most, besides the anchor itself.
    fn reach(&self, anchor: &Anchor) -> f32 {
        const LANES: usize = 8;
        let to = anchor.diagonal() as f32;
        let mut most = [f32::MIN; LANES];
        for (diagonals, scores) in self.diagonals.chunks_exact(LANES).zip(self.scores.chunks_exact(LANES)) {
            for lane in 0..LANES {
                let reach = scores[lane] - SHIFT * (diagonals[lane] - to).abs();
                most[lane] = if reach > most[lane] { reach } else { most[lane] };
            }
        }
        most.into_iter().fold(f32::MIN, f32::max)
    }
}

impl Anchor {
    fn diagonal(&self) -> i64 {
        i64::from(self.a) - i64::from(self.b)
    }
}

/// How much longer one side of the gap is than the other.
fn shift(p: &Anchor, anchor: &Anchor) -> u32 {
    p.diagonal().abs_diff(anchor.diagonal()) as u32
}

/// What an anchor adds to a chain that ends with another one; nothing good if it cannot follow there.
fn gain(p: &Anchor, anchor: &Anchor) -> f32 {
    if anchor.a <= p.a || anchor.b <= p.b || anchor.a + anchor.length <= p.a + p.length || anchor.b + anchor.length <= p.b + p.length {
        return f32::NEG_INFINITY;
    }
    let (gap_a, gap_b) = (i64::from(anchor.a) - i64::from(p.a + p.length), i64::from(anchor.b) - i64::from(p.b + p.length));
    if gap_a.max(gap_b) > i64::from(WIDEST) {
        return f32::NEG_INFINITY;
    }
    let over = (-gap_a).max(-gap_b).max(0);
    (i64::from(anchor.length) - over) as f32 - GAP * gap_a.min(gap_b).max(0) as f32 - SHIFT * shift(p, anchor) as f32
}
