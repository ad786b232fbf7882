//! Records who reads a stored secret: of an org token or an integration.

use std::collections::HashMap;

use domain::{
    audit::{
        event::{Action, AuditEvent, ObjectRef, Outcome},
        query::PageDirection,
    },
    identity::actor::Caller,
    platform::{id::Id, timestamp::Timestamp},
};
use store::{Conn, EventFilter, Read};

use crate::{
    audit::{commit::done, handle::Audit},
    platform::error::ServiceError,
};

/// Events of one token that are searched for earlier reads, newest first. Older ones are recorded again.
const SEARCHED_EVENTS: i64 = 10_000;

/// A stored secret that is about to be read.
#[derive(Debug, Clone)]
pub(crate) struct RevealedSecret {
    /// The object that it belongs to.
    pub(crate) object: ObjectRef,
    /// When it was issued or replaced; for an integration, when the integration was last changed.
    pub(crate) since: Timestamp,
}

impl Audit {
    /// Records that the caller reads these secrets. To be called before they are returned.
    pub(crate) async fn record_reveals(
        &self,
        mut read: Read,
        caller: &Caller,
        secrets: Vec<RevealedSecret>,
    ) -> Result<(), ServiceError> {
        let events = self.reveal_events(&mut read, caller, secrets).await?;
        drop(read);
        if events.is_empty() {
            return Ok(());
        }
        let write = self.platform.store().write().await?;
        self.commit_changes(write, events).await
    }

    /// The events of a caller who reads these secrets.
    ///
    /// A browser adds one event for each object. A token adds one for each object until the secret is replaced, because
    /// programs such as Terraform read the same secrets at each run.
    pub(crate) async fn reveal_events(
        &self,
        conn: &mut Conn,
        caller: &Caller,
        mut secrets: Vec<RevealedSecret>,
    ) -> Result<Vec<AuditEvent>, ServiceError> {
        let known = find_reveals(conn, caller, &secrets).await?;
        secrets.retain(|secret| {
            known
                .get(&secret.object.id)
                .is_none_or(|at| *at < secret.since)
        });
        let at = self.platform.now();
        let events = secrets
            .into_iter()
            .map(|secret| done(caller, at, Action::Reveal, secret.object, Vec::new()));
        Ok(events.collect())
    }
}

/// The last time the token of the caller read the secret of each object, if not before the oldest of these secrets.
async fn find_reveals(
    conn: &mut Conn,
    caller: &Caller,
    secrets: &[RevealedSecret],
) -> Result<HashMap<Id, Timestamp>, ServiceError> {
    let token = caller.identity.credential.as_ref();
    let oldest = secrets.iter().map(|secret| secret.since).min();
    let (Some(token), Some(oldest), None) = (token, oldest, caller.session_id()) else {
        return Ok(HashMap::new());
    };
    // The events of one object are usually fewer than those of the token.
    let object_id = match secrets {
        [secret] => Some(secret.object.id),
        _ => None,
    };
    let filter = EventFilter {
        object_id,
        token_id: Some(token.id),
        outcome: Some(Outcome::Done),
        action: Some(Action::Reveal),
        from: oldest,
        ..EventFilter::all(caller.organization_id())
    };
    let events = conn
        .list_events(&filter, PageDirection::NEWEST, SEARCHED_EVENTS)
        .await?;
    let newest_last = events.into_iter().rev();
    Ok(newest_last
        .map(|recorded| (recorded.event.object.id, recorded.event.at))
        .collect())
}
