//! How a person decides, and how the decision lasts: keys of changes, the decisions file, the log of what was written, the review.

pub mod applied;
pub mod cards;
pub mod decisions;
pub mod key;
pub mod sides;
