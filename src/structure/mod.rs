//! Roles of blocks, language and script of regions.
