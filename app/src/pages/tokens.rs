//! `/tokens`: an administrator's view of all user API access tokens.

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;

use super::account::AskRevoke;
use crate::{
    error::UiError,
    ui::{
        empty::{Empty, Failure},
        frame::{Frame, Section},
        head::PageHead,
        list::{ListPlace, Listing, PAGE_SIZE},
        token_row::{TokenRow, TokenTable},
    },
};

const PATH: &str = "/tokens";

/// Everybody's tokens.
#[component]
pub fn TokensPage() -> impl IntoView {
    let place = ListPlace::read(PATH, &[], "");
    let revoke = use_query_map().with_untracked(|query| query.get("revoke"));
    view! {
        <Frame title="User tokens" section=Section::Tokens>
            <PageHead title="User tokens" />
            {Suspend::new(async move {
                match all_tokens().await {
                    Ok(rows) => view! { <Tokens rows place revoke /> }.into_any(),
                    Err(error) => view! { <Failure error /> }.into_any(),
                }
            })}
        </Frame>
    }
}

#[component]
fn Tokens(rows: Vec<TokenRow>, place: ListPlace, revoke: Option<String>) -> impl IntoView {
    let asked = revoke.and_then(|id| {
        rows.iter()
            .find(|row| row.token.id.to_string() == id)
            .cloned()
    });
    let found: Vec<_> = rows
        .into_iter()
        .filter(|row| is_found(row, &place.search))
        .collect();
    let count = i64::try_from(found.len()).unwrap_or(i64::MAX);
    let first = usize::try_from((place.page - 1) * PAGE_SIZE).unwrap_or_default();
    let shown: Vec<_> = found
        .into_iter()
        .skip(first)
        .take(PAGE_SIZE as usize)
        .collect();
    let empty = view! {
        <Empty title="No tokens here">
            "People generate tokens on their Account Settings, programs with POST /v2/session. Ended ones stay listed for 90 days."
        </Empty>
    };
    view! {
        <Listing place noun=("token", "tokens") count empty=empty.into_any()>
            <TokenTable rows=shown page=PATH of_everybody=true />
        </Listing>
        {asked.map(|row| view! { <AskRevoke row page=PATH action=RevokeToken::url() /> })}
    }
}

/// Whether what was searched for is in the token's name, its owner's, or its last four.
fn is_found(row: &TokenRow, search: &str) -> bool {
    let search = search.to_lowercase();
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
