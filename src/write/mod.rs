//! One file an output format; nothing here decides anything.

pub mod articles;
pub mod checkstyle;
pub mod cleaned;
pub mod concise;
pub mod csv;
pub mod diff;
pub mod encode;
pub mod export;
pub mod files;
pub mod github;
pub mod gitlab;
pub mod html_report;
pub mod human;
pub mod journal;
pub mod json;
pub mod jsonl;
pub mod junit;
pub mod marks;
pub mod patches;
pub mod rdjson;
pub mod report;
pub mod run_record;
pub mod sarif;
pub mod side_by_side;
pub mod splice;
pub mod stats;
