//! Where an imported object comes from, so that a repeated import finds it again.

/// An object of another organization, from which one of ours is created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportOrigin {
    /// The URL of the API that it was read from.
    pub source: String,
    /// The label of its type.
    pub kind: &'static str,
    /// Its id there.
    pub source_id: String,
    /// The keyed digest of the document that it becomes here.
    pub digest: [u8; 32],
    /// The keyed digest of its content there.
    pub source_digest: [u8; 32],
}
