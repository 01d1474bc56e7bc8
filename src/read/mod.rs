//! Bytes to [`crate::model::Issue`]: the only place that opens input.

/// From offsets in the decoded text to bytes of the file.
#[derive(Clone, Debug, Default)]
pub struct ByteMap;
