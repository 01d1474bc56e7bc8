//! BagIt (RFC 8493): a folder with `bagit.txt`, payload below `data/`, and manifests of its checksums.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

use ignore::WalkBuilder;
use rayon::prelude::*;

use super::digest::{Algorithm, digest};
use crate::inputs::natural_order;
use crate::messages::say;

/// A bag on disk.
#[derive(Clone, Debug)]
pub struct Bag {
    /// The folder with `bagit.txt`.
    pub root: PathBuf,
}

/// What is wrong with a bag.
#[derive(Clone, Debug, PartialEq)]
pub struct Trouble {
    pub rule: &'static str,
    /// The manifest, or the file that is not in it.
    pub file: PathBuf,
    /// 1-based.
    pub line: usize,
    pub message: String,
    pub evidence: String,
}

/// A line of a manifest.
struct Entry {
    line: usize,
    digest: String,
    path: PathBuf,
}

impl Bag {
    /// The bag in a folder, if it is one.
    pub fn at(folder: &Path) -> Option<Bag> {
        folder.join("bagit.txt").is_file().then(|| Bag { root: folder.to_owned() })
    }

    /// Everything the manifests say that is not so, in the order of manifests and lines; then payload that none of them lists.
    pub fn check(&self) -> Vec<Trouble> {
        let mut found = Vec::new();
        let manifests = self.manifests(&mut found);
        let payload = self.payload();
        let mut listed: BTreeMap<Algorithm, BTreeSet<&Path>> = BTreeMap::new();
        for (manifest, algorithm, entries) in &manifests {
            let tags = is_tags(manifest);
            let checked: Vec<Option<Trouble>> = entries.par_iter().map(|e| self.entry(manifest, *algorithm, e)).collect();
            found.extend(checked.into_iter().flatten());
            if !tags {
                listed.entry(*algorithm).or_default().extend(entries.iter().map(|e| e.path.as_path()));
            }
        }
        if listed.is_empty() {
            let message = say("broken-manifest.none", &[]);
            found.push(Trouble {
                rule: "broken-manifest",
                file: self.root.join("bagit.txt"),
                line: 1,
                message,
                evidence: "manifests:0".into(),
            });
            return found;
        }
        for path in &payload {
            if let Some((algorithm, _)) = listed.iter().find(|(_, l)| !l.contains(path.as_path())) {
                let evidence = format!("manifest-{}.txt", algorithm.name());
                let message = say("extra-file.found", &[("manifest", &evidence)]);
                found.push(Trouble { rule: "extra-file", file: self.root.join(path), line: 1, message, evidence });
            }
        }
        found
    }

    fn entry(&self, manifest: &Path, algorithm: Algorithm, entry: &Entry) -> Option<Trouble> {
        let path = self.root.join(&entry.path);
        let shown = entry.path.display();
        let trouble = |rule, message: String, evidence: String| {
            Some(Trouble { rule, file: manifest.to_owned(), line: entry.line, message, evidence })
        };
        if !path.is_file() {
            return trouble(
                "missing-file",
                say("missing-file.gone", &[("file", &shown)]),
                format!("{}:{}", algorithm.name(), entry.digest),
            );
        }
        match digest(&path, algorithm) {
            Ok(found) if found.eq_ignore_ascii_case(&entry.digest) => None,
            Ok(found) => {
                let message = say(
                    "wrong-checksum.found",
                    &[("algorithm", &algorithm.name()), ("file", &shown), ("found", &found), ("said", &entry.digest)],
                );
                trouble("wrong-checksum", message, format!("{}:{}", algorithm.name(), entry.digest))
            }
            Err(error) => {
                trouble("missing-file", say("missing-file.unread", &[("file", &shown), ("error", &error)]), error.kind().to_string())
            }
        }
    }

    /// `manifest-*.txt` and `tagmanifest-*.txt`, by name, with what they list.
    fn manifests(&self, found: &mut Vec<Trouble>) -> Vec<(PathBuf, Algorithm, Vec<Entry>)> {
        let names =
            fs::read_dir(&self.root).map(|d| d.flatten().map(|e| e.file_name().to_string_lossy().into_owned()).collect::<BTreeSet<_>>());
        let mut manifests = Vec::new();
        for name in names.unwrap_or_default() {
            let Some(kind) = name.strip_prefix("tag").unwrap_or(&name).strip_prefix("manifest-").and_then(|n| n.strip_suffix(".txt"))
            else {
                continue;
            };
            let path = self.root.join(&name);
            let trouble = |line, message: String| Trouble {
                rule: "broken-manifest",
                file: path.clone(),
                line,
                message,
                evidence: format!("algorithm:{kind}"),
            };
            let Some(algorithm) = Algorithm::named(kind) else {
                found.push(trouble(1, say("broken-manifest.algorithm", &[("name", &kind)])));
                continue;
            };
            let text = match fs::read(&path) {
                Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
                Err(error) => {
                    found.push(trouble(1, say("broken-manifest.unread", &[("error", &error)])));
                    continue;
                }
            };
            let mut entries = Vec::new();
            for (i, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
                match entry(i + 1, line) {
                    Some(entry) => entries.push(entry),
                    None => {
                        found.push(trouble(i + 1, say("broken-manifest.line", &[("line", &line.chars().take(60).collect::<String>())])))
                    }
                }
            }
            manifests.push((path, algorithm, entries));
        }
        manifests
    }

    /// All files below `data/`, from the root of the bag, in order.
    fn payload(&self) -> Vec<PathBuf> {
        let walk = WalkBuilder::new(self.root.join("data")).standard_filters(false).sort_by_file_name(natural_order).build();
        let files = walk.flatten().filter(|e| e.file_type().is_some_and(|t| !t.is_dir()));
        files.filter_map(|e| e.path().strip_prefix(&self.root).ok().map(Path::to_owned)).collect()
    }
}

fn is_tags(manifest: &Path) -> bool {
    manifest.file_name().is_some_and(|n| n.to_string_lossy().starts_with("tag"))
}

/// `d41d8cd9…  data/a.txt`; a path that leads out of the bag is none.
fn entry(line: usize, text: &str) -> Option<Entry> {
    let (digest, path) = text.trim_end().split_once([' ', '\t'])?;
    let path = path.trim_start().trim_start_matches('*');
    let path = path.replace("%0A", "\n").replace("%0a", "\n").replace("%0D", "\r").replace("%0d", "\r").replace("%25", "%");
    let path: PathBuf = Path::new(&path).components().filter(|c| *c != Component::CurDir).collect();
    let inside = path.components().all(|c| matches!(c, Component::Normal(_))) && !path.as_os_str().is_empty();
    (inside && !digest.is_empty() && digest.bytes().all(|b| b.is_ascii_hexdigit())).then(|| Entry { line, digest: digest.to_owned(), path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_manifest() {
        let path = |text: &str| entry(1, text).map(|e| e.path.to_string_lossy().into_owned());
        assert_eq!(path("d41d8cd98f00b204e9800998ecf8427e  data/a b.txt"), Some("data/a b.txt".into()));
        assert_eq!(path("d41d8 *./data/100%25.txt"), Some("data/100%.txt".into()));
        for wrong in ["d41d8", "xyz data/a", "d41d8 ../a", "d41d8 /etc/passwd", ""] {
            assert_eq!(path(wrong), None, "{wrong}");
        }
    }
}
