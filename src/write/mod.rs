//! One file an output format; nothing here decides anything.

pub mod articles;
pub mod concise;
pub mod diff;
pub mod encode;
pub mod files;
pub mod human;
pub mod jsonl;
pub mod run_record;
