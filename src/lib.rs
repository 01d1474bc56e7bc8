//! galleyproof repairs what scanning and OCR broke in newspaper and magazine text, and says why.

pub mod batch;
pub mod breaks;
pub mod cli;
pub mod dictionary;
pub mod edit;
pub mod error;
pub mod inputs;
pub mod model;
pub mod pipeline;
pub mod read;
pub mod rules;
pub mod structure;
pub mod write;
