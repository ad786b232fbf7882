//! The handles of the tokens room: user tokens, and org tokens.

use std::sync::Arc;

use crate::{
    audit::handle::Audit,
    ingest::handle::Ingest,
    platform::{encryption::Vault, handle::Platform},
    tokens::{cache::Cache, last_used::LastUses},
};

/// User tokens, and authentication by any token. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Tokens {
    pub(super) platform: Platform,
    pub(super) audit: Audit,
    pub(super) vault: Arc<Vault>,
    pub(super) cache: Arc<Cache>,
    pub(super) uses: LastUses,
    org_tokens: OrgTokens,
}

/// Org tokens. Cheap to clone.
#[derive(Debug, Clone)]
pub struct OrgTokens {
    pub(super) platform: Platform,
    pub(super) audit: Audit,
    pub(super) vault: Arc<Vault>,
    pub(super) uses: LastUses,
    pub(super) ingest: Ingest,
}

impl Tokens {
    pub(crate) fn new(
        platform: Platform,
        audit: Audit,
        vault: Arc<Vault>,
        cache: Arc<Cache>,
        ingest: Ingest,
    ) -> Self {
        let uses = LastUses::new(platform.clone(), Arc::clone(&cache));
        Self {
            org_tokens: OrgTokens {
                platform: platform.clone(),
                audit: audit.clone(),
                vault: Arc::clone(&vault),
                uses: uses.clone(),
                ingest,
            },
            platform,
            audit,
            vault,
            cache,
            uses,
        }
    }

    /// The org tokens of the organization.
    #[must_use]
    pub const fn org(&self) -> &OrgTokens {
        &self.org_tokens
    }

    /// Last uses of token secrets.
    pub(crate) const fn uses(&self) -> &LastUses {
        &self.uses
    }

    pub(crate) fn cache(&self) -> &Cache {
        &self.cache
    }
}
