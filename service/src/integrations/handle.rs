//! The handle of the integrations room.

use std::sync::Arc;

use crate::{
    audit::handle::Audit,
    integrations::probe::Probe,
    objects::handle::Objects,
    platform::{encryption::Vault, handle::Platform},
};

/// Integrations. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Integrations {
    pub(super) platform: Platform,
    pub(super) audit: Audit,
    pub(super) objects: Objects,
    pub(super) vault: Arc<Vault>,
    pub(super) probe: Arc<Probe>,
    /// The account that AWS integrations must trust.
    pub(super) aws_account_arn: Arc<str>,
}

impl Integrations {
    pub(crate) fn new(
        platform: Platform,
        audit: Audit,
        objects: Objects,
        vault: Arc<Vault>,
        probe: Probe,
        aws_account_arn: String,
    ) -> Self {
        Self {
            platform,
            audit,
            objects,
            vault,
            probe: Arc::new(probe),
            aws_account_arn: aws_account_arn.into(),
        }
    }
}
