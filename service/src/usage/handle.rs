//! The handle of the usage room.

use crate::{
    audit::handle::Audit, ingest::handle::Ingest, platform::handle::Platform,
    tokens::handle::Tokens,
};

/// Counts of calls, and measurements of this process. Cheap to clone.
#[derive(Debug, Clone)]
pub struct UsageCounts {
    pub(super) platform: Platform,
    pub(super) audit: Audit,
    pub(super) tokens: Tokens,
    pub(super) ingest: Ingest,
}

impl UsageCounts {
    pub(crate) const fn new(
        platform: Platform,
        audit: Audit,
        tokens: Tokens,
        ingest: Ingest,
    ) -> Self {
        Self {
            platform,
            audit,
            tokens,
            ingest,
        }
    }
}
