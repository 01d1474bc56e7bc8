//! One part of a run that several machines share: `--shard 2/4` takes a fixed quarter of the issues.

use std::path::Path;
use std::str::FromStr;

use crate::inputs::IssueInput;
use crate::messages::say;

/// The part `index` of `of`, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    index: u64,
    of: u64,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parse = || {
            let (index, of) = text.split_once('/')?;
            let shard = Shard { index: index.parse().ok()?, of: of.parse().ok()? };
            (1..=shard.of).contains(&shard.index).then_some(shard)
        };
        parse().ok_or_else(|| say("usage.shard", &[("text", &text)]))
    }
}

impl Shard {
    /// Whether the issue is of this part. Its name below the folder given decides, not its text and not what else is there, so each
    /// issue is in one part and stays in it.
    pub fn has(self, issue: &IssueInput) -> bool {
        let Some(first) = issue.files.first() else { return false };
        let alone = Path::new(&issue.id) == first.path;
        let name = if alone { &first.relative } else { first.relative.parent().unwrap_or(Path::new("")) };
        let mut hasher = blake3::Hasher::new();
        for part in name {
            hasher.update(part.as_encoded_bytes());
            hasher.update(b"/");
        }
        let mut number = [0; 8];
        number.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
        u64::from_le_bytes(number) % self.of == self.index - 1
    }

    /// A file name of its own, so that parts that run at the same time leave each other's records alone:
    /// `galley-run.json` is `galley-run.2-of-4.json`.
    pub fn name(self, file: &str) -> String {
        let (stem, ending) = file.rsplit_once('.').unwrap_or((file, ""));
        format!("{stem}.{}-of-{}.{ending}", self.index, self.of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inputs::InputFile;

    fn issue(id: &str, files: &[&str]) -> IssueInput {
        let file = |f: &&str| InputFile { path: Path::new("in").join(f), relative: f.into() };
        IssueInput { id: format!("in/{id}"), files: files.iter().map(file).collect(), mets: None }
    }

    #[test]
    fn each_issue_is_in_one_part_whatever_else_is_there() {
        let issues: Vec<IssueInput> = (0..1000).map(|i| issue(&format!("{i}.txt"), &[&format!("{i}.txt")])).collect();
        let parts: Vec<usize> = (1..=4).map(|i| issues.iter().filter(|x| Shard { index: i, of: 4 }.has(x)).count()).collect();
        assert_eq!(parts.iter().sum::<usize>(), 1000);
        assert!(parts.iter().all(|n| (200..300).contains(n)), "{parts:?}");
        // A page more makes no other issue of it.
        let (one, two) = (issue("1938", &["1938/p2.txt"]), issue("1938", &["1938/p1.txt", "1938/p2.txt"]));
        assert!((1..=4).all(|i| Shard { index: i, of: 4 }.has(&one) == Shard { index: i, of: 4 }.has(&two)));
    }

    #[test]
    fn what_is_no_part_is_refused() {
        assert_eq!("2/4".parse(), Ok(Shard { index: 2, of: 4 }));
        for wrong in ["", "2", "0/4", "5/4", "1/0", "-1/4", "a/b", "1/2/3"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
        assert_eq!(Shard { index: 2, of: 4 }.name(".galley-progress.jsonl"), ".galley-progress.2-of-4.jsonl");
    }
}
