//! `/tokens/{id}`: the facts of one token and what was done with it, newest first. Where Info leads.

use domain::audit::AuditEvent;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::{
    error::UiError,
    ui::{
        empty::{Empty, Failure},
        events::Events,
        frame::{Frame, Section, administrates},
        head::{PageHead, step},
        moment::{Moment, Origin},
        token_row::{Ends, LastUsed, State, TokenRow, masked},
    },
};

/// One token.
#[component]
pub fn TokenPage() -> impl IntoView {
    let id = use_params_map()
        .with_untracked(|params| params.get("id"))
        .unwrap_or_default();
    view! {
        <Frame title="Token" section=Section::Tokens>
            {Suspend::new(async move {
                match (find_token(id.clone()).await, token_history(id).await) {
                    (Ok(row), Ok(events)) => view! { <Facts row /> <History events /> }.into_any(),
                    (Err(error), _) | (_, Err(error)) => view! { <Failure error /> }.into_any(),
                }
            })}
        </Frame>
    }
}

#[component]
fn Facts(row: TokenRow) -> impl IntoView {
    let title = row.title();
    let trail = vec![if administrates() {
        step("/tokens", "User tokens")
    } else {
        step("/account", "Account Settings")
    }];
    let token = row.token;
    view! {
        <PageHead title trail>
            <State state=row.state />
        </PageHead>
        <dl class="facts facts-wide">
            <div><dt>"Owner"</dt><dd>{row.owner_name} " " <span class="quiet">{row.owner_email}</span></dd></div>
            <div><dt>"Token"</dt><dd><code>{masked(&token.prefix, &token.last4)}</code></dd></div>
            <div><dt>"Kind"</dt><dd>{token.kind.words()}</dd></div>
            <div><dt>"Created"</dt><dd><Moment at=token.created_at /></dd></div>
            <div><dt>"Created from"</dt><dd><Origin address=token.created_address.clone() client=token.created_client.clone() /></dd></div>
            <div><dt>"Ends"</dt><dd><Ends token=token.clone() state=row.state /></dd></div>
            <div><dt>"Last used"</dt><dd><LastUsed token=token.clone() /></dd></div>
            <div><dt>"Token ID"</dt><dd><code>{token.id.to_string()}</code></dd></div>
        </dl>
    }
}

#[component]
fn History(events: Vec<AuditEvent>) -> impl IntoView {
    view! {
        <h2>"What was done with it"</h2>
        {if events.is_empty() {
            view! { <Empty title="Nothing yet">"Every change made with this token will be listed here."</Empty> }.into_any()
        } else {
            view! { <Events events with_object=true /> }.into_any()
        }}
    }
}

/// One token: one's own, or anybody's for an administrator.
///
/// # Errors
/// [`UiError::NotFound`] when there is none, or it may not be known to exist.
#[server(prefix = "/ui", endpoint = "token/find")]
pub async fn find_token(
    /// The token.
    id: String,
) -> Result<TokenRow, UiError> {
    use crate::host;
    let (service, caller) = host::signed_in()?;
    host::told(service.find_token(&caller, host::token_id(&id)?).await).map(TokenRow::from)
}

/// What was done with a token, newest first.
///
/// # Errors
/// As [`find_token`].
#[server(prefix = "/ui", endpoint = "token/history")]
pub async fn token_history(
    /// The token.
    id: String,
) -> Result<Vec<AuditEvent>, UiError> {
    use crate::host;
    let (service, caller) = host::signed_in()?;
    let events = host::told(service.token_history(&caller, host::token_id(&id)?).await)?;
    Ok(events.into_iter().map(|recorded| recorded.event).collect())
}
