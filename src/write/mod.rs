//! Text to files. Decides nothing: what is written was selected before.

mod encode;
pub mod files;

pub use encode::{Hunk, RenderOptions};
