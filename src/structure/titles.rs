//! Headlines, kickers, decks and banners.

use crate::model::Issue;

/// Marks the titles.
pub(super) fn mark(_issue: &mut Issue) {}
