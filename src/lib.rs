//! galleyproof repairs what scanning and OCR broke in newspaper and magazine text, and says why.

pub mod breaks;
pub mod dictionary;
pub mod edit;
pub mod error;
pub mod inputs;
pub mod model;
pub mod read;
pub mod structure;
pub mod write;
