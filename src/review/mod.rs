//! How a person decides, and how the decision lasts: keys of changes, the decisions file, the log of what was written.

pub mod applied;
pub mod decisions;
pub mod gold;
pub mod key;
pub mod lists;
pub mod people;
pub mod store;
