//! The expiry of tokens as audit events, by the server itself: a token that expires makes no request that could leave
//! one. Each node looks for expired tokens; the mark that moves with the events lets one of them record each expiry.

use std::time::Duration;

use domain::{
    audit::event::{Action, AuditEvent, FieldChange, ObjectType},
    identity::actor::Caller,
    platform::timestamp::Timestamp,
    tokens::token::{Token, TokenFamily},
};
use serde_json::{Value, json};
use store::{Conn, ExpiryMark, OrgToken};

use crate::{
    audit::commit::{done, object},
    platform::{error::ServiceError, handle::Platform, tasks::Tasks},
    tokens::{handle::Tokens, user_tokens::token_event},
};

/// Interval between two searches for expired tokens.
const INTERVAL: Duration = Duration::from_secs(20);

/// How long after its expiry a token is looked for, in seconds: one with a short lifetime may be stored a little late,
/// and its place must not be before the mark then.
const DELAY_SECONDS: i64 = 10;

/// Maximum number of tokens of each family in one transaction, which bounds how long other writers wait.
const BATCH: i64 = 250;

/// The expired tokens of a family after its mark, in the order of their expiry.
struct Expired<T> {
    mark: ExpiryMark,
    tokens: Vec<T>,
}

/// Stores that tokens that expire from now on have an event, once.
pub(crate) async fn start_expiries(platform: &Platform) -> Result<(), ServiceError> {
    let mut read = platform.store().read().await?;
    let is_started = read
        .find_expiry_mark(TokenFamily::Organization)
        .await?
        .is_some();
    drop(read);
    if is_started {
        return Ok(());
    }
    let mut housekeeping = platform.store().housekeep().await?;
    housekeeping.start_expiries(platform.now()).await?;
    Ok(housekeeping.finish().await?)
}

impl Tokens {
    /// Starts the background task that records expiries.
    pub(crate) fn start_recording_expiries(&self, tasks: &Tasks) {
        let tokens = self.clone();
        tasks.every("record expired tokens", INTERVAL, move || {
            let tokens = tokens.clone();
            async move { tokens.record_expiries().await.map(drop) }
        });
    }

    /// Records the expiry of each token that expired since the last one, as a server does every few seconds: in the
    /// order of expiry, each once, whichever node does it. Returns how many were recorded.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn record_expiries(&self) -> Result<usize, ServiceError> {
        if self
            .platform
            .store()
            .read()
            .await?
            .find_organization()
            .await?
            .is_none()
        {
            return Ok(0);
        }
        let system = self.platform.system_caller().await?;
        let until = self.platform.now().plus_seconds(-DELAY_SECONDS);
        let mut recorded = 0;
        loop {
            let count = self.record_some(&system, until).await?;
            if count == 0 {
                return Ok(recorded);
            }
            recorded += count;
        }
    }

    async fn record_some(&self, system: &Caller, until: Timestamp) -> Result<usize, ServiceError> {
        // Most of the time no token has expired, and then nothing is written.
        let mut read = self.platform.store().read().await?;
        let (users, orgs) = next_expired(&mut read, system, until).await?;
        drop(read);
        if users.tokens.is_empty() && orgs.tokens.is_empty() {
            return Ok(0);
        }
        let mut write = self.platform.store().write().await?;
        // Read again, because another node or an operation may have come before.
        let (users, orgs) = next_expired(&mut write, system, until).await?;
        let now = self.platform.now();
        let mut events = Vec::with_capacity(users.tokens.len() + orgs.tokens.len());
        for token in &users.tokens {
            let owner = write.find_member(token.user_id).await?;
            let owner = owner.map(|owner| json!(owner.email));
            events.push((
                token.expires_at,
                user_token_expiry(system, now, token, owner),
            ));
        }
        for token in &orgs.tokens {
            events.push((token.expires_at, org_token_expiry(system, now, token)));
        }
        events.sort_by_key(|(at, _)| *at);
        let last_user = users.tokens.last();
        let to_user = last_user.map(|token| ExpiryMark::of(token.expires_at, token.id.0));
        let last_org = orgs.tokens.last();
        let to_org = last_org.map(|token| ExpiryMark::of(token.expires_at, token.id));
        for (family, from, to) in [
            (TokenFamily::User, users.mark, to_user),
            (TokenFamily::Organization, orgs.mark, to_org),
        ] {
            if let Some(to) = to
                && !write.move_expiry_mark(family, &from, &to).await?
            {
                return Ok(0);
            }
        }
        let events: Vec<AuditEvent> = events.into_iter().map(|(_, event)| event).collect();
        let count = events.len();
        self.audit.commit_changes(write, events).await?;
        Ok(count)
    }
}

/// The next expired tokens of both families. When one has more than a batch, the other waits at the end of it, so that
/// the events are in the order of expiry.
async fn next_expired(
    read: &mut Conn,
    system: &Caller,
    until: Timestamp,
) -> Result<(Expired<Token>, Expired<OrgToken>), ServiceError> {
    let organization_id = system.organization_id();
    let nothing_before = || ExpiryMark {
        at: until,
        token_id: String::new(),
    };
    let mark = read.find_expiry_mark(TokenFamily::User).await?;
    let mark = mark.unwrap_or_else(nothing_before);
    let tokens = read
        .list_expired_tokens(organization_id, &mark, until, BATCH)
        .await?;
    let mut users = Expired { mark, tokens };
    let mark = read.find_expiry_mark(TokenFamily::Organization).await?;
    let mark = mark.unwrap_or_else(nothing_before);
    let tokens = read
        .list_expired_org_tokens(organization_id, &mark, until, BATCH)
        .await?;
    let mut orgs = Expired { mark, tokens };
    let full = usize::try_from(BATCH).unwrap_or(usize::MAX);
    let user_end = users.tokens.last().filter(|_| users.tokens.len() == full);
    let user_end = user_end.map(|last| last.expires_at);
    let org_end = orgs.tokens.last().filter(|_| orgs.tokens.len() == full);
    let org_end = org_end.map(|last| last.expires_at);
    if let Some(end) = user_end.into_iter().chain(org_end).min() {
        users.tokens.retain(|token| token.expires_at <= end);
        orgs.tokens.retain(|token| token.expires_at <= end);
    }
    Ok((users, orgs))
}

fn user_token_expiry(
    system: &Caller,
    now: Timestamp,
    token: &Token,
    owner: Option<Value>,
) -> AuditEvent {
    let mut event = token_event(system, now, Action::Expire, token);
    event.changes = [
        ("expiresAt", Some(json!(token.expires_at.to_rfc3339()))),
        ("userId", Some(json!(token.user_id))),
        ("userEmail", owner),
    ]
    .into_iter()
    .filter_map(|(field, value)| Some(fact(field, value?)))
    .collect();
    event
}

fn org_token_expiry(system: &Caller, now: Timestamp, token: &OrgToken) -> AuditEvent {
    let about = object(ObjectType::OrgToken, token.id, token.name.clone());
    let expires_at = json!(token.expires_at.to_rfc3339());
    done(
        system,
        now,
        Action::Expire,
        about,
        vec![fact("expiresAt", expires_at)],
    )
}

fn fact(field: &str, value: Value) -> FieldChange {
    FieldChange {
        field: field.to_owned(),
        before: None,
        after: Some(value),
    }
}
