//! Reads access tokens from the service for their pages.

use domain::{
    identity::{actor::Caller, role::Role},
    platform::timestamp::Timestamp,
    tokens::org_token::Rotation,
};
use service::{
    OrgTokenDetail, OrgTokenOrder, OrgTokenSearch, OrgTokenState, OrgTokenWithState, Service,
};

use crate::{
    error::UiError,
    model::{
        document::text,
        platform::list::ListPage,
        tokens::{
            access_token::{AccessTokenDetail, AccessTokenRow, SecretRow},
            access_token_input::LIMITS,
        },
    },
    pages::{objects::permissions::server, tokens::org_tokens::limits},
    request::{
        parameters::{self, sorted_by},
        report,
    },
};

/// Days before its expiry from which a token expires soon.
const SOON_DAYS: i64 = 7;

/// Seconds per day.
const DAY: i64 = 86_400;

/// A page of the tokens that match a query.
pub(crate) async fn list(
    service: &Service,
    caller: &Caller,
    (search, state): (&str, &str),
    sort: &str,
    page: i64,
) -> Result<ListPage<AccessTokenRow>, UiError> {
    let now = service.now();
    let (field, descending) = sorted_by(sort);
    let search = OrgTokenSearch {
        text: search.to_owned(),
        state: match state {
            "live" => Some(OrgTokenState::Live),
            "soon" => Some(OrgTokenState::LiveUntil(soon(now))),
            "disabled" => Some(OrgTokenState::Disabled),
            "expired" => Some(OrgTokenState::Expired),
            _ => None,
        },
        order: match field {
            "state" => OrgTokenOrder::State,
            "expiry" => OrgTokenOrder::Ends,
            "lastUpdated" => OrgTokenOrder::Updated,
            "lastUpdatedBy" => OrgTokenOrder::Updater,
            _ => OrgTokenOrder::Name,
        },
        descending,
    };
    let page = parameters::page(page);
    let found = report(service.tokens().org().page(caller, &search, page).await)?;
    Ok(ListPage {
        count: found.count,
        rows: found
            .results
            .iter()
            .map(|found_row| row(found_row, now))
            .collect(),
    })
}

/// The time before which a token that expires soon expires.
const fn soon(now: Timestamp) -> Timestamp {
    now.plus_days(SOON_DAYS)
}

/// A token with its secrets, readers and history.
pub(crate) async fn detail(
    service: &Service,
    caller: &Caller,
    found: OrgTokenDetail,
) -> Result<AccessTokenDetail, UiError> {
    let token = &found.org_token.token;
    let history = if caller.is_administrator() {
        let history = report(service.tokens().org().history(caller, token.id).await)?;
        Some(history.into_iter().map(|recorded| recorded.event).collect())
    } else {
        None
    };
    let limits = limits::of(&token.document);
    let limits = LIMITS.iter().filter_map(|(_, field, words)| {
        let most = limits.get(*field)?.parse().ok()?;
        Some(((*words).to_owned(), most))
    });
    let secrets = found.secrets.iter().map(|secret| SecretRow {
        last4: secret.last4.clone(),
        created_at: secret.created_at,
        expires_at: secret.expires_at,
        last_used: secret.last_used.clone(),
    });
    Ok(AccessTokenDetail {
        row: row(&found.org_token, service.now()),
        secrets: secrets.collect(),
        may_reveal: found.may_reveal,
        limits: limits.collect(),
        readers: server::readers_of(service, caller, token.acl.clone().unwrap_or_default()).await?,
        history,
    })
}

fn row(found: &OrgTokenWithState, now: Timestamp) -> AccessTokenRow {
    let token = &found.token;
    AccessTokenRow {
        id: token.id.to_string(),
        name: token.name.clone(),
        description: text(&token.document, "description").to_owned(),
        scopes: token.auth_scopes.clone(),
        role: role_words(token.role),
        state: found.state,
        expires_at: token.expires_at,
        expires_soon: token.expires_at < soon(now),
        created_at: token.created.at,
        created_by: token.created.by.actor_name.to_string(),
        updated_at: token.updated.at,
        updated_by: token.updated.by.actor_name.to_string(),
    }
}

fn role_words(role: Role) -> (String, String) {
    (role.title().to_owned(), role.label().to_owned())
}

/// The name of the token with this id.
pub(crate) async fn name_of(
    service: &Service,
    caller: &Caller,
    id: &str,
) -> Result<String, UiError> {
    let found = service
        .tokens()
        .org()
        .find_detail(caller, parameters::id(id)?)
        .await;
    Ok(report(found)?.org_token.token.name)
}

/// Parses the form of a rotation.
pub(crate) fn rotation(graceful: &str, days: &str) -> Result<Rotation, UiError> {
    let seconds = seconds(days, "days")?;
    let parsed = Rotation::parse(Some(graceful), Some(&seconds.to_string()));
    report(parsed.map_err(Into::into))
}

/// Converts days to seconds.
pub(crate) fn seconds(days: &str, field: &str) -> Result<i64, UiError> {
    let days = days.trim().parse::<i64>().ok().filter(|days| *days > 0);
    days.and_then(|days| days.checked_mul(DAY))
        .ok_or_else(|| UiError::rejected(field, "A whole number of days, at least one."))
}

/// Disables or enables a token and changes nothing else.
pub(crate) async fn switch(
    service: &Service,
    caller: &Caller,
    id: &str,
    disabled: bool,
) -> Result<(), UiError> {
    let found = service
        .tokens()
        .org()
        .find_detail(caller, parameters::id(id)?)
        .await;
    let token = report(found)?.org_token.token;
    let mut given = token.document.clone();
    given.insert("disabled".to_owned(), disabled.into());
    report(
        service
            .tokens()
            .org()
            .update(caller, &token.name, &given)
            .await,
    )
    .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_whole_and_at_least_one() {
        assert_eq!(seconds(" 30 ", "days"), Ok(2_592_000));
        for days in ["", "0", "-1", "1.5", "x", "9223372036854775807"] {
            assert!(seconds(days, "days").is_err(), "{days:?}");
        }
    }
}
