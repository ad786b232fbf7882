//! What the database knows of the master keys. `master_key` reads and stores it.

/// What the database knows of a master key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownKey {
    /// The id of the key, which is derived from it.
    pub id: String,
    /// The id, encrypted under the key; `None` until a server of a version with check values starts.
    pub check_value: Option<Vec<u8>>,
    /// The key ring, encrypted under the key; `None` until the first rotation.
    pub ring: Option<Vec<u8>>,
}

/// The master keys that the database accepts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownKeys {
    /// The version of the key ring.
    pub version: i64,
    /// The keys: none before the first start, two during a rotation, of which the first is the old one.
    pub keys: Vec<KnownKey>,
}
