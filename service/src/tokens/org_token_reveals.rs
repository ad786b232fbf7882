//! Who has read the secrets of org tokens. A person who leaves may still have them.

use std::collections::BTreeMap;

use domain::{
    audit::{
        event::{Action, ObjectType, Outcome},
        query::PageDirection,
    },
    identity::actor::Caller,
    platform::{
        id::{Id, UserId},
        timestamp::Timestamp,
    },
};
use store::{EventFilter, OrgToken};

use crate::{platform::error::ServiceError, tokens::handle::OrgTokens};

/// Limit on the events of one action that are searched for secrets, newest first.
const SEARCHED_EVENTS: i64 = 10_000;

/// Limit on the secrets of one token that are searched.
const SEARCHED_SECRETS: i64 = 50;

/// An org token with a secret that a member has read and that has not expired.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadSecret {
    /// The token.
    pub token: OrgToken,
    /// When the member last read its secret: at its creation, at a rotation, or later.
    pub at: Timestamp,
}

impl OrgTokens {
    /// Lists the org tokens with a secret that this member has read and that has not expired, by name. Disabled tokens
    /// are listed, because they can be enabled again.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] unless the caller is an administrator.
    pub async fn list_read_secrets(
        &self,
        caller: &Caller,
        member: UserId,
    ) -> Result<Vec<ReadSecret>, ServiceError> {
        caller.authorize_administrator()?;
        let now = self.platform.now();
        let mut read = self.platform.store().read().await?;
        let mut newest: BTreeMap<Id, Timestamp> = BTreeMap::new();
        for action in [Action::Create, Action::Rotate, Action::Reveal] {
            let filter = EventFilter {
                actor_id: Some(member.0),
                object_type: Some(ObjectType::OrgToken),
                action: Some(action),
                outcome: Some(Outcome::Done),
                ..EventFilter::all(caller.organization_id())
            };
            let events = read
                .list_events(&filter, PageDirection::NEWEST, SEARCHED_EVENTS)
                .await?;
            for event in events.into_iter().map(|recorded| recorded.event) {
                let at = newest.entry(event.object.id).or_insert(event.at);
                *at = event.at.max(*at);
            }
        }
        let mut found = Vec::new();
        for (id, at) in newest {
            let Some(token) = read.find_org_token(id).await? else {
                continue;
            };
            let secrets = read.list_org_token_secrets(id, SEARCHED_SECRETS).await?;
            if secrets
                .iter()
                .any(|secret| secret.created_at <= at && now < secret.expires_at)
            {
                found.push(ReadSecret { token, at });
            }
        }
        found.sort_by(|one, other| one.token.name.cmp(&other.token.name));
        Ok(found)
    }
}
