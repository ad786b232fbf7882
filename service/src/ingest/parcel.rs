//! What one request sends.

use domain::ingest::Kind;

/// What one request hands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    /// What it is, and in which form.
    pub kind: Kind,
    /// How many datapoints, events or spans are in it.
    pub items: u32,
    /// How many were left out as unfit.
    pub dropped: u32,
    /// Bytes of the body it came in, after inflation.
    pub bytes: usize,
    /// What is kept and forwarded.
    pub payload: Vec<u8>,
}
