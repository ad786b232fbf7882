//! The handle of the objects room.

use crate::{audit::handle::Audit, platform::handle::Platform};

/// Dashboards, dashboard groups, charts, detectors and shared objects. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Objects {
    pub(super) platform: Platform,
    pub(super) audit: Audit,
}

impl Objects {
    pub(crate) const fn new(platform: Platform, audit: Audit) -> Self {
        Self { platform, audit }
    }
}
