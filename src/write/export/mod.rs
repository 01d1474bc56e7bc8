//! What `galley export` writes: articles or pages as plain text, TEI, ALTO and Parquet; JSON Lines are the records themselves.

pub mod alto;
mod links;
#[cfg(feature = "parquet")]
pub mod parquet;
pub mod tei;
pub mod text;

pub use links::Links;
