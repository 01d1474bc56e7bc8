//! Traditional, simplified and regional forms of Chinese: OpenCC's dictionaries and chains, with the place of every conversion.
//!
//! The algorithm is OpenCC's (<https://github.com/BYVoid/OpenCC>, 1.4.2): the text is cut into segments by forward maximum matching
//! over the phrases of the segmentation, runs between them are segments too; each step of the chain then converts within segments,
//! again by the longest match, from the first dictionary of a group that has one.

mod config;
mod convert;
#[cfg(feature = "opencc")]
mod opencc;
mod profile;
mod trie;

pub use config::{ConversionError, scripts, variants};
pub use convert::{Conversion, Converter};
#[cfg(feature = "opencc")]
pub use opencc::OpenccEngine;
pub use profile::{Profile, Target};
