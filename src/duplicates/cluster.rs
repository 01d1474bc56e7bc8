//! Groups of texts that copies link.

/// Which texts belong together (union-find; the smallest number stands for its group).
pub struct Groups {
    parent: Vec<u32>,
}

impl Groups {
    /// Every text by itself.
    pub fn new(texts: usize) -> Groups {
        Groups { parent: (0..texts as u32).collect() }
    }

    /// The text that stands for the group.
    pub fn find(&mut self, mut text: u32) -> u32 {
        while self.parent[text as usize] != text {
            let above = self.parent[self.parent[text as usize] as usize];
            self.parent[text as usize] = above;
            text = above;
        }
        text
    }

    /// Makes one group of two.
    pub fn unite(&mut self, a: u32, b: u32) {
        let (a, b) = (self.find(a), self.find(b));
        let (low, high) = (a.min(b), a.max(b));
        self.parent[high as usize] = low;
    }

    /// The groups of two and more, by their first text, each ascending.
    pub fn groups(mut self) -> Vec<Vec<u32>> {
        let mut members: Vec<(u32, u32)> = (0..self.parent.len() as u32).map(|t| (self.find(t), t)).collect();
        members.sort_unstable();
        members.chunk_by(|x, y| x.0 == y.0).filter(|g| g.len() > 1).map(|g| g.iter().map(|m| m.1).collect()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_make_groups() {
        let mut groups = Groups::new(6);
        groups.unite(4, 2);
        groups.unite(2, 0);
        groups.unite(3, 5);
        assert_eq!(groups.groups(), [vec![0, 2, 4], vec![3, 5]]);
    }
}
