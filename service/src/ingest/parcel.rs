//! A parcel: the data of one ingest request.

use domain::ingest::Kind;

use crate::ingest::catalog::gathered::Observation;

/// The data of one ingest request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    /// The kind and the format of the data.
    pub kind: Kind,
    /// The number of datapoints, events or spans.
    pub items: u32,
    /// The number of invalid items that were left out.
    pub dropped: u32,
    /// The size of the request body after decompression, in bytes.
    pub bytes: usize,
    /// The data that is stored and forwarded.
    pub payload: Vec<u8>,
    /// What an [`crate::Observer`] gathered from the data for the metric catalog.
    pub observations: Vec<Observation>,
}
