//! Chinese breaks.
pub mod association;
pub mod characters;
pub mod features;
pub mod names;
pub mod opening;
pub mod window;

