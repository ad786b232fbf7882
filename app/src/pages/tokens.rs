//! `/tokens`: an administrator's view of all user API access tokens.

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;

use super::account::AskRevoke;
use crate::{
    error::UiError,
    ui::{
        empty::{Empty, Failure},
        frame::{Frame, Section},
        paging::{PAGE_SIZE, Pages, Search, asked_page, counted},
        token_row::{TokenRow, TokenTable},
    },
};

/// Everybody's tokens.
#[component]
pub fn TokensPage() -> impl IntoView {
    let (search, page, revoke) = use_query_map().with_untracked(|query| {
        let page = asked_page(query.get_str("page"));
        (
            query.get("q").unwrap_or_default(),
            page,
            query.get("revoke"),
        )
    });
    view! {
        <Frame title="User tokens" section=Section::Tokens>
            <h1>"User tokens"</h1>
            {Suspend::new(async move {
                match all_tokens().await {
                    Ok(rows) => view! { <Tokens rows search page revoke /> }.into_any(),
                    Err(error) => view! { <Failure error /> }.into_any(),
                }
            })}
        </Frame>
    }
}

#[component]
fn Tokens(rows: Vec<TokenRow>, search: String, page: i64, revoke: Option<String>) -> impl IntoView {
    let asked = revoke.and_then(|id| {
        rows.iter()
            .find(|row| row.token.id.to_string() == id)
            .cloned()
    });
    let found: Vec<_> = rows
        .into_iter()
        .filter(|row| is_found(row, &search))
        .collect();
    let count = i64::try_from(found.len()).unwrap_or(i64::MAX);
    let first = usize::try_from((page - 1) * PAGE_SIZE).unwrap_or_default();
    let shown: Vec<_> = found
        .into_iter()
        .skip(first)
        .take(PAGE_SIZE as usize)
        .collect();
    let empty = shown.is_empty();
    view! {
        <Search label="Search tokens" action="/tokens" query=search.clone() count=counted(count, "token", "tokens") />
        {if empty {
            view! {
                <Empty title="No tokens here">
                    "People generate tokens on their Account Settings, programs with POST /v2/session. Ended ones stay listed for 90 days."
                </Empty>
            }
            .into_any()
        } else {
            view! { <TokenTable rows=shown page="/tokens" of_everybody=true /> }.into_any()
        }}
        <Pages path="/tokens" query=search page count />
        {asked.map(|row| view! { <AskRevoke row page="/tokens" action=RevokeToken::url() /> })}
    }
}

/// Whether what was searched for is in the token's name, its owner's, or its last four.
fn is_found(row: &TokenRow, search: &str) -> bool {
    let search = search.trim().to_lowercase();
    [
        &row.token.name,
        &row.owner_name,
        &row.owner_email,
        &row.token.last4,
    ]
    .into_iter()
    .any(|text| text.to_lowercase().contains(&search))
}

/// All user tokens, newest first.
///
/// # Errors
/// [`UiError::Denied`] for whoever is not an administrator.
#[server(prefix = "/ui", endpoint = "token/all")]
pub async fn all_tokens() -> Result<Vec<TokenRow>, UiError> {
    use crate::host;
    let (service, caller) = host::signed_in()?;
    let tokens = host::told(service.list_all_tokens(&caller).await)?;
    Ok(tokens.into_iter().map(TokenRow::from).collect())
}

/// Revokes anybody's token.
///
/// # Errors
/// [`UiError::NotFound`] when there is none, or it may not be known to exist.
#[server(prefix = "/ui", endpoint = "token/revoke")]
pub async fn revoke_token(
    /// The token.
    id: String,
) -> Result<(), UiError> {
    use crate::host;
    let (service, caller) = host::signed_in()?;
    let done = host::told(service.revoke_token(&caller, host::token_id(&id)?).await);
    host::Form::on("revoke", "/tokens")
        .saying("The token is revoked.")
        .ends(done)
}
