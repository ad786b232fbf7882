//! Why an object of the source is not imported.

/// Why an object is not imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotMapped {
    /// It has no counterpart here, which is no fault.
    Skipped(String),
    /// Something is missing here.
    Failed(String),
}
