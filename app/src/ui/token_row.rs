//! A table of user API access tokens.

use domain::{
    identity::credential::TokenKind,
    platform::timestamp::Timestamp,
    tokens::token::{Token, TokenState},
};
use leptos::prelude::*;

use crate::{
    model::{
        platform::paths::USER_TOKENS,
        tokens::user_token::{TokenRow, masked},
    },
    ui::{
        isolated::Isolated,
        time::{Ago, DateTime, Day, Origin},
    },
};

/// Where a token of this kind is created.
#[must_use]
pub const fn made_where(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::Ui => "Account Settings",
        TokenKind::ApiSession => "POST /v2/session",
        TokenKind::UiLogin => "Sign-in",
        TokenKind::Org => "Org token",
    }
}

/// Tokens of one member, or of all members.
#[component]
pub fn TokenTable(
    /// The tokens in their order.
    rows: Vec<TokenRow>,
    /// Page that confirms `Revoke`: `<page>?revoke=<id>`.
    page: &'static str,
    /// Whether the table shows owners.
    #[prop(optional)]
    of_all_members: bool,
    /// The id of the form that is sent the tokens that are ticked; without one nothing can be ticked.
    #[prop(optional)]
    ticks: &'static str,
) -> impl IntoView {
    view! {
        <table class="table tokens">
            <thead>
                <tr>
                    {(!ticks.is_empty()).then(|| view! { <th scope="col"><span class="visually-hidden">"Tick"</span></th> })}
                    <th scope="col">"Name"</th>
                    {of_all_members.then(|| view! { <th scope="col">"Owner"</th> })}
                    <th scope="col">"Token"</th>
                    <th scope="col">"Created in"</th>
                    <th scope="col">"Created"</th>
                    <th scope="col">"Expires"</th>
                    <th scope="col">"Last used"</th>
                    <th scope="col">"State"</th>
                    <th scope="col"><span class="visually-hidden">"Revoke"</span></th>
                </tr>
            </thead>
            <tbody>
                {rows.into_iter().map(|row| view! { <Row row page of_all_members ticks /> }).collect_view()}
            </tbody>
        </table>
    }
}

#[component]
fn Row(
    row: TokenRow,
    page: &'static str,
    of_all_members: bool,
    ticks: &'static str,
) -> impl IntoView {
    let title = row.title();
    let token = row.token;
    let name_id = format!("token-{}", token.id);
    let live = row.state == TokenState::Active;
    let now = row.now;
    let name = view! { <a href=format!("{USER_TOKENS}/{}", token.id)><Isolated text=title /></a> };
    view! {
        <tr class:dead=!live>
            {(!ticks.is_empty()).then(|| view! {
                <td class="table-tick">
                    {live.then(|| view! {
                        <label>
                            <input type="checkbox" name="id" form=ticks value=token.id.to_string() aria-labelledby=name_id.clone() />
                        </label>
                    })}
                </td>
            })}
            <th scope="row" data-label="Name" id=name_id.clone()>{name}</th>
            {of_all_members.then(|| view! {
                <td data-label="Owner"><Isolated text=row.owner_name />" "<span class="quiet">{row.owner_email}</span></td>
            })}
            <td data-label="Token"><code>{masked(&token.prefix, &token.last4)}</code></td>
            <td data-label="Created in">{made_where(token.kind)}</td>
            <td data-label="Created"><DateTime at=token.created_at now /></td>
            <td data-label="Expires"><Ends token=token.clone() state=row.state now /></td>
            <td data-label="Last used"><LastUsed token=token.clone() now /></td>
            <td data-label="State"><State state=row.state /></td>
            <td class="table-action">
                {live.then(|| view! {
                    <form method="get" action=page>
                        <input type="hidden" name="revoke" value=token.id.to_string() />
                        <button type="submit" class="button" id=format!("revoke-{}", token.id) aria-describedby=name_id>
                            "Revoke"
                        </button>
                    </form>
                })}
            </td>
        </tr>
    }
}

/// The state of a token.
#[component]
pub fn State(
    /// The state.
    state: TokenState,
) -> impl IntoView {
    let live = state == TokenState::Active;
    view! { <span class="state" class:state-live=live>{state.words()}</span> }
}

/// Time and origin of the last use of a token.
#[component]
pub fn LastUsed(
    /// The token.
    token: Token,
    /// Current time by the server's clock.
    now: Timestamp,
) -> impl IntoView {
    match token.last_used {
        Some(used) => view! {
            <DateTime at=used.at now />
            " "
            <Origin address=used.address client=used.client />
        }
        .into_any(),
        None => view! { <span class="quiet">"Never"</span> }.into_any(),
    }
}

/// When a token expires or ended.
#[component]
pub fn Ends(
    /// The token.
    token: Token,
    /// Current state.
    state: TokenState,
    /// Current time by the server's clock.
    now: Timestamp,
) -> impl IntoView {
    let (words, at) = end_of(&token, state);
    view! { {words} " " <Day at /> " " <Ago at now=Some(now) /> }
}

/// The text before the day on which a token expires or ended, and that day.
#[must_use]
pub fn end_of(token: &Token, state: TokenState) -> (&'static str, Timestamp) {
    match (state, token.ended, token.session_id) {
        (TokenState::Active, _, Some(_)) => ("when you sign out, or on", token.expires_at),
        (TokenState::Active, _, None) => ("on", token.expires_at),
        (TokenState::Revoked | TokenState::LoggedOut, Some((at, _)), _) => ("ended on", at),
        (
            TokenState::Expired
            | TokenState::Revoked
            | TokenState::LoggedOut
            | TokenState::Disabled
            | TokenState::Rotated
            | TokenState::Deleted,
            _,
            _,
        ) => ("at the latest on", token.expires_at),
    }
}
