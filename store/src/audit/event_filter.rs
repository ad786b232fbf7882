//! Which audit events a query asks for.

use domain::{
    audit::event::{Action, ObjectType, Outcome},
    platform::{
        id::{Id, OrganizationId, RequestId},
        timestamp::Timestamp,
    },
};

/// A filter on events. All given conditions must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventFilter {
    /// In this organization.
    pub organization_id: OrganizationId,
    /// At or after this time.
    pub from: Timestamp,
    /// Before this time.
    pub to: Timestamp,
    /// About objects of this kind.
    pub object_type: Option<ObjectType>,
    /// About this object.
    pub object_id: Option<Id>,
    /// By this actor.
    pub actor_id: Option<Id>,
    /// With this token.
    pub token_id: Option<Id>,
    /// With this action.
    pub action: Option<Action>,
    /// With this outcome.
    pub outcome: Option<Outcome>,
    /// From this network address.
    pub address: Option<String>,
    /// In this request.
    pub request_id: Option<RequestId>,
}

/// The index that a query follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lead {
    Object,
    Token,
    Denied,
    Actor,
    Address,
    Action,
    Kind,
    All,
}

impl EventFilter {
    /// All events of an organization.
    #[must_use]
    pub const fn all(organization_id: OrganizationId) -> Self {
        Self {
            organization_id,
            from: Timestamp::from_micros(i64::MIN),
            to: Timestamp::from_micros(i64::MAX),
            object_type: None,
            object_id: None,
            actor_id: None,
            token_id: None,
            action: None,
            outcome: None,
            address: None,
            request_id: None,
        }
    }

    /// The index of the most selective of the given conditions.
    pub(crate) fn lead(&self) -> Lead {
        let leads = [
            (self.object_id.is_some(), Lead::Object),
            (self.token_id.is_some(), Lead::Token),
            (self.outcome == Some(Outcome::Denied), Lead::Denied),
            (self.actor_id.is_some(), Lead::Actor),
            (self.address.is_some(), Lead::Address),
            (self.action.is_some(), Lead::Action),
            (self.object_type.is_some(), Lead::Kind),
        ];
        let given = leads.into_iter().find(|(is_given, _)| *is_given);
        given.map_or(Lead::All, |(_, lead)| lead)
    }

    /// Whether an index alone finds the events, so that every row that is read matches.
    #[must_use]
    pub fn is_indexed(&self) -> bool {
        let given = [
            self.object_id.is_some(),
            self.token_id.is_some(),
            // `done` narrows nothing, because nearly every event has it. `denied` together with another condition is
            // rare.
            self.outcome.is_some(),
            self.actor_id.is_some(),
            self.address.is_some(),
            self.action.is_some(),
            self.object_type.is_some(),
        ];
        // No index has the request.
        self.request_id.is_none() && given.into_iter().filter(|is_given| *is_given).count() <= 1
    }

    pub(crate) fn kind_label(&self) -> &'static str {
        self.object_type.map_or("", ObjectType::label)
    }

    pub(crate) fn action_label(&self) -> &'static str {
        self.action.map_or("", Action::label)
    }

    pub(crate) fn outcome_label(&self) -> &'static str {
        self.outcome.map_or("", Outcome::label)
    }
}
