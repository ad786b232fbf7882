//! Which calls are meant by whoever asks for some.

use domain::{
    audit::query::OutcomeFilter,
    platform::{
        id::{Id, OrganizationId},
        timestamp::Timestamp,
    },
};

use crate::audit::call::CallSource;

/// Which calls are meant: those for which everything said holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallFilter {
    /// In this organization.
    pub organization_id: OrganizationId,
    /// Those too of whom it cannot be told in which organization they are.
    pub of_strangers: bool,
    /// From this moment.
    pub from: Timestamp,
    /// To before this moment.
    pub to: Timestamp,
    /// Those that ask for a change, or those that do not.
    pub writes: Option<bool>,
    /// By this actor.
    pub actor_id: Option<Id>,
    /// With this token.
    pub token_id: Option<Id>,
    /// From this network address.
    pub address: Option<String>,
    /// Answered so.
    pub ending: Option<OutcomeFilter>,
}

impl CallFilter {
    /// All calls of an organization from one moment to before another.
    #[must_use]
    pub const fn between(organization_id: OrganizationId, from: Timestamp, to: Timestamp) -> Self {
        Self {
            organization_id,
            of_strangers: false,
            from,
            to,
            writes: None,
            actor_id: None,
            token_id: None,
            address: None,
            ending: None,
        }
    }

    /// Whether few blocks hold a call that is meant.
    pub(crate) const fn is_sparse(&self) -> bool {
        self.token_id.is_some() || self.actor_id.is_some() || self.address.is_some()
    }

    /// What the sources of a block look like when somebody who is asked for is among them. `_` is any character here,
    /// so that a block may be looked into for nothing.
    pub(crate) fn pattern(&self) -> String {
        let id = self.token_id.or(self.actor_id).map(|id| id.to_string());
        id.as_ref()
            .or(self.address.as_ref())
            .map_or_else(|| "%".to_owned(), |text| format!("%\"{text}\"%"))
    }

    pub(crate) fn is_meant(&self, source: &CallSource) -> bool {
        let token_id = source.credential.as_ref().map(|credential| credential.id);
        let here = source.organization_id == Some(self.organization_id)
            || (self.of_strangers && source.organization_id.is_none());
        here && (self.actor_id.is_none() || self.actor_id == source.actor_id)
            && (self.token_id.is_none() || self.token_id == token_id)
            && self
                .address
                .as_ref()
                .is_none_or(|address| *address == source.address)
    }
}
