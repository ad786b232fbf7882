//! Items of a request after parsing, in the form in which they are queued.

use domain::{ingest::Kind, platform::timestamp::Timestamp};
use service::Observer;

use super::body::DataBody;
use crate::api::platform::error::ApiError;

/// The items of a request, and how many of its items were dropped because they break a rule.
pub(super) struct ParsedItems {
    pub(super) kind: Kind,
    pub(super) items: usize,
    pub(super) dropped: usize,
    /// The items in the form in which they are queued.
    pub(super) payload: Vec<u8>,
}

/// Parses the body of one route, and notes its series. The time is that of items without one.
pub(super) type Parser = fn(&DataBody, Timestamp, &mut Observer) -> Result<ParsedItems, ApiError>;
