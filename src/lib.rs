//! galleyproof repairs what scanning and OCR broke in newspaper and magazine text, and says why.
//!
//! One straight path, the same for the command `galley` and for this library: bytes are [read] into an
//! [`Issue`](model::Issue); [structure] finds pages, regions, lines, languages and roles; [rules] propose
//! [`Edit`](edit::Edit)s with evidence in three stages (forms, breaks, marks); a policy [selects](edit::select) which are made; the
//! result is written ([`mod@write`]) or shown. Nothing is edited without evidence, and every edit leads back to the bytes it came from.
//!
//! ```
//! use galleyproof::dictionary::Dictionaries;
//! use galleyproof::model::Issue;
//! use galleyproof::pipeline::{Settings, process};
//!
//! let issue = Issue::from_text("sample", "区四套班子领导要带头示\n\n范，当好支持者、参与者，不当评论者、空谈者、反对者。");
//! let done = process(issue, &Dictionaries::builtin(), &Settings::default());
//! assert_eq!(done.clean.text, "区四套班子领导要带头示范，当好支持者、参与者，不当评论者、空谈者、反对者。");
//!
//! let (_, edit, _) = done.changes().next().unwrap();
//! assert_eq!(edit.rule, "split-word");
//! assert!(!edit.evidence.is_empty());
//! ```

pub mod articles;
pub mod batch;
pub mod batches;
pub mod breaks;
pub mod characters;
pub mod cli;
pub mod config;
pub mod dictionary;
pub mod duplicates;
pub mod edit;
pub mod error;
pub mod evaluate;
pub mod inputs;
pub mod list;
pub mod measure;
pub mod messages;
pub mod model;
pub mod ocr;
mod pack;
pub mod pipeline;
pub mod places;
pub mod quality;
pub mod read;
pub mod record;
pub mod review;
pub mod rules;
pub mod scripts;
pub mod shard;
pub mod spool;
pub mod structure;
pub mod train;
pub mod validate;
pub mod write;
