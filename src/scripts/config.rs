//! OpenCC's configs and dictionaries: which are there, and how they are read.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::trie::Trie;

macro_rules! files {
    ($folder:literal: $($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../dictionaries/", $folder, "/", $name)))),*]
    };
}

/// OpenCC 1.4.2's dictionaries and configs (Apache-2.0), as `dictionaries/make_opencc.py` writes them.
const OPENCC: &[(&str, &str)] = files!["opencc":
    "HKPhrases.txt", "HKPhrasesRev.txt", "HKVariants.txt", "HKVariantsPhrases.txt", "HKVariantsRev.txt", "HKVariantsRevPhrases.txt",
    "JPShinjitaiCharacters.txt", "JPShinjitaiCharactersRev.txt", "JPShinjitaiPhrases.txt", "STCharacters.txt", "STPhrasesUnion.txt",
    "TSCharacters.txt", "TSCharactersExt.txt", "TSPhrases.txt", "TWPhrases.txt", "TWPhrasesRev.txt", "TWVariants.txt",
    "TWVariantsPhrases.txt", "TWVariantsRev.txt", "TWVariantsRevPhrases.txt",
    "hk2s.json", "hk2sp.json", "hk2t.json", "jp2t.json", "s2hk.json", "s2hkp.json", "s2t.json", "s2tw.json", "s2twp.json",
    "t2hk.json", "t2jp.json", "t2s.json", "t2tw.json", "tw2s.json", "tw2sp.json", "tw2t.json",
];

/// Variants within one script, chains of our own over the same dictionaries.
const VARIANTS: &[(&str, &str)] = files!["variants": "MainlandVariants.txt", "hk.json", "mainland.json", "tw.json"];

/// A config or dictionary that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConversionError {
    #[error("no conversion is called {name}; there are {known}")]
    Unknown { name: String, known: String },
    #[error("{}: {source}", path.display())]
    Read { path: PathBuf, source: std::io::Error },
    #[error("{path}:{line}: {source}")]
    Config { path: String, line: usize, source: serde_json::Error },
    #[error("{path}:{line}: {what}")]
    Row { path: String, line: usize, what: &'static str },
    #[cfg(feature = "opencc")]
    #[error("OpenCC: {0}")]
    Opencc(String),
}

/// Segmentation and chain, with dictionaries shared where they are named twice.
pub(super) struct Loaded {
    pub segmentation: Group,
    pub chain: Vec<Group>,
}

/// Dictionaries asked in turn; the first that has a phrase wins, whatever its length (OpenCC's `short_circuit`).
pub(super) type Group = Vec<Arc<Dictionary>>;

/// A dictionary's text, of which every row is one.
pub(super) struct Dictionary(Cow<'static, str>);

impl Dictionary {
    fn rows(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.lines().filter_map(|row| row.split_once('\t'))
    }

    /// All phrases are single characters.
    pub fn is_of_characters(&self) -> bool {
        self.rows().all(|(key, _)| key.chars().nth(1).is_none())
    }

    /// All dictionaries of a group in one.
    pub fn merge(group: &Group) -> Trie {
        Trie::new(group.iter().enumerate().flat_map(|(rank, d)| d.rows().map(move |(key, value)| (key, rank, value))).collect())
    }
}

/// Puts OpenCC's configs and dictionaries where its own library can read them.
#[cfg(feature = "opencc")]
pub(super) fn unpack(folder: &Path) -> Result<(), ConversionError> {
    OPENCC.iter().try_for_each(|(name, text)| {
        let path = folder.join(name);
        std::fs::write(&path, text).map_err(|source| ConversionError::Read { path, source })
    })
}

/// Names of the conversions between scripts.
pub fn scripts() -> Vec<&'static str> {
    names(OPENCC)
}

/// Names of the standards a variant can be given in.
pub fn variants() -> Vec<&'static str> {
    names(VARIANTS)
}

fn names(files: &[(&'static str, &str)]) -> Vec<&'static str> {
    files.iter().filter_map(|(name, _)| name.strip_suffix(".json")).collect()
}

#[derive(Deserialize)]
struct Config {
    segmentation: Segmentation,
    conversion_chain: Vec<Step>,
}

#[derive(Deserialize)]
struct Segmentation {
    dict: Dict,
}

#[derive(Deserialize)]
struct Step {
    dict: Dict,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Dict {
    Text { file: String },
    Group { dicts: Vec<Dict> },
}

/// Where configs and dictionaries come from.
pub(super) enum Folder<'a> {
    Scripts,
    Variants,
    Disk(&'a Path),
}

impl Folder<'_> {
    /// The text of a file, and the path that messages name.
    fn read(&self, name: &str) -> Result<Option<(String, Cow<'static, str>)>, ConversionError> {
        let builtin = |files: &[(&str, &'static str)]| files.iter().find(|(n, _)| *n == name).map(|(_, text)| *text);
        Ok(match self {
            Folder::Scripts => builtin(OPENCC).map(|text| (name.to_string(), text.into())),
            // A variant's config is its own; the dictionaries are OpenCC's.
            Folder::Variants => builtin(VARIANTS).or_else(|| builtin(OPENCC)).map(|text| (name.to_string(), text.into())),
            Folder::Disk(folder) => {
                let path = folder.join(name);
                match std::fs::read_to_string(&path) {
                    Ok(text) => Some((path.display().to_string(), text.into())),
                    Err(e) if e.kind() == std::io::ErrorKind::NotFound && name.ends_with(".json") => None,
                    Err(source) => return Err(ConversionError::Read { path, source }),
                }
            }
        })
    }

    fn known(&self) -> String {
        match self {
            Folder::Scripts => scripts().join(", "),
            Folder::Variants => variants().join(", "),
            Folder::Disk(folder) => {
                let names = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.file_name().to_string_lossy().into_owned());
                let mut names: Vec<String> = names.filter_map(|n| n.strip_suffix(".json").map(str::to_string)).collect();
                names.sort();
                if names.is_empty() { format!("none in {}", folder.display()) } else { names.join(", ") }
            }
        }
    }
}

/// Reads a conversion by the name of its config.
pub(super) fn load(folder: &Folder, name: &str) -> Result<Loaded, ConversionError> {
    let file = format!("{name}.json");
    let unknown = || ConversionError::Unknown { name: name.to_string(), known: folder.known() };
    // A name is a name, never a path to elsewhere.
    let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    let (path, text) = if plain { folder.read(&file)? } else { None }.ok_or_else(unknown)?;
    let config: Config = serde_json::from_str(&text).map_err(|source| ConversionError::Config { path, line: source.line(), source })?;
    let mut loaded = FxHashMap::default();
    let segmentation = group(folder, &config.segmentation.dict, &mut loaded)?;
    let chain = config.conversion_chain.iter().map(|s| group(folder, &s.dict, &mut loaded)).collect::<Result<_, _>>()?;
    Ok(Loaded { segmentation, chain })
}

fn group(folder: &Folder, dict: &Dict, loaded: &mut FxHashMap<String, Arc<Dictionary>>) -> Result<Group, ConversionError> {
    match dict {
        Dict::Group { dicts } => {
            let mut all = Group::new();
            for dict in dicts {
                all.extend(group(folder, dict, loaded)?);
            }
            Ok(all)
        }
        Dict::Text { file } => {
            if let Some(dictionary) = loaded.get(file) {
                return Ok(vec![dictionary.clone()]);
            }
            let (path, text) = folder
                .read(file)?
                .ok_or_else(|| ConversionError::Read { path: file.into(), source: std::io::ErrorKind::NotFound.into() })?;
            check(&path, &text)?;
            let dictionary = Arc::new(Dictionary(text));
            loaded.insert(file.clone(), dictionary.clone());
            Ok(vec![dictionary])
        }
    }
}

/// Whether all rows are `phrase TAB candidate candidate …`.
fn check(path: &str, text: &str) -> Result<(), ConversionError> {
    for (i, row) in text.lines().enumerate() {
        let bad = |what| ConversionError::Row { path: path.to_string(), line: i + 1, what };
        let (key, value) = row.split_once('\t').ok_or_else(|| bad("a row is a phrase, a tab, and what it becomes"))?;
        if key.is_empty() || value.is_empty() {
            return Err(bad("the phrase or what it becomes is empty"));
        }
    }
    Ok(())
}
