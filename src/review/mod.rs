//! How a person decides, and how the decision lasts: keys of changes, the decisions file, the log of what was written, the review.

pub mod applied;
pub mod cards;
pub mod decisions;
pub mod gold;
pub mod key;
pub mod lists;
pub mod page;
pub mod people;
pub mod scans;
pub mod serve;
pub mod sides;
pub mod store;
pub mod tui;
