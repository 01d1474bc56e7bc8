//! galleyproof repairs what scanning and OCR broke in newspaper and magazine text, and says why.

pub mod breaks;
pub mod dictionary;
pub mod edit;
pub mod model;
pub mod pipeline;
pub mod read;
pub mod rules;
pub mod structure;
