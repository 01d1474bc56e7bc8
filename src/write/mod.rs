//! One file an output format; nothing here decides anything.

pub mod concise;
pub mod diff;
pub mod files;
pub mod human;
pub mod jsonl;
pub mod places;
