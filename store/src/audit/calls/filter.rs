//! The filter of queries of the call log.

use domain::{
    audit::query::OutcomeFilter,
    platform::{
        id::{Id, OrganizationId, RequestId},
        timestamp::Timestamp,
    },
};

use super::call::{Call, CallSource};

/// A filter on calls. All given conditions must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallFilter {
    /// In this organization.
    pub organization_id: OrganizationId,
    /// Calls whose organization is unknown too.
    pub with_unknown_callers: bool,
    /// At or after this time.
    pub from: Timestamp,
    /// Before this time.
    pub to: Timestamp,
    /// Calls that may change something, or those that only read.
    pub writes: Option<bool>,
    /// By this actor.
    pub actor_id: Option<Id>,
    /// With this token.
    pub token_id: Option<Id>,
    /// From this network address.
    pub address: Option<String>,
    /// With this outcome.
    pub outcome: Option<OutcomeFilter>,
    /// With this request id.
    pub request_id: Option<RequestId>,
}

impl CallFilter {
    /// All calls of an organization from one time to before another.
    #[must_use]
    pub const fn between(organization_id: OrganizationId, from: Timestamp, to: Timestamp) -> Self {
        Self {
            organization_id,
            with_unknown_callers: false,
            from,
            to,
            writes: None,
            actor_id: None,
            token_id: None,
            address: None,
            outcome: None,
            request_id: None,
        }
    }

    /// Whether few blocks contain a match.
    pub(crate) const fn is_sparse(&self) -> bool {
        self.token_id.is_some() || self.actor_id.is_some() || self.address.is_some()
    }

    /// The LIKE pattern for the sources of blocks that may contain a match. A `_` in an address stands for any
    /// character, so a block may pass without a match.
    pub(crate) fn pattern(&self) -> String {
        let id = self.token_id.or(self.actor_id).map(|id| id.to_string());
        id.as_ref()
            .or(self.address.as_ref())
            .map_or_else(|| "%".to_owned(), |text| format!("%\"{text}\"%"))
    }

    /// Whether calls from this source can match.
    pub(crate) fn has_source(&self, source: &CallSource) -> bool {
        let token_id = source.credential.as_ref().map(|credential| credential.id);
        let is_here = source.organization_id == Some(self.organization_id)
            || (self.with_unknown_callers && source.organization_id.is_none());
        is_here
            && (self.actor_id.is_none() || self.actor_id == source.actor_id)
            && (self.token_id.is_none() || self.token_id == token_id)
            && self
                .address
                .as_ref()
                .is_none_or(|address| *address == source.address)
    }

    /// Whether a call matches, apart from [`Self::writes`].
    #[must_use]
    pub fn has(&self, call: &Call) -> bool {
        let (at, status) = (call.at, call.status);
        at >= self.from
            && at < self.to
            && self
                .outcome
                .is_none_or(|outcome| outcome.has_status(status))
            && self.request_id.is_none_or(|id| id == call.request_id)
            && self.has_source(&call.source)
    }
}
