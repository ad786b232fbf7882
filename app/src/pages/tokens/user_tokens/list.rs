//! `/tokens`: an administrator's list of all user API access tokens, with their owners and their recent use; finds
//! the owner of a token by its text, and revokes one token or several.

use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    error::UiError,
    model::{
        platform::{list::ListPage, paths::USER_TOKENS},
        tokens::user_token::{TokenQuery, TokenRow},
    },
    pages::{
        platform::{administrators_only::ForAdministrators, frame::Frame},
        tokens::{
            revoke::{AskRevoke, AskRevokeSelected, RevokeAsked, RevokeSelected, SELECTED},
            user_tokens::find::FindToken,
        },
    },
    ui::{
        list::{
            listing::{Column, Filter, Listing},
            place::ListPlace,
        },
        page::{empty::Empty, head::PageHead, load::loaded, navigation::Section},
        token_row::TokenTable,
    },
};

/// Sort orders.
const COLUMNS: &[Column] = &[
    Column::newest("Created", "created"),
    Column::newest("Last used", "used"),
    Column::newest("Expires", "ends"),
    Column::sorted("Owner", "owner"),
    Column::sorted("Name", "name"),
];

/// Options of a filter: value and label.
type FilterChoices = &'static [(&'static str, &'static str)];

/// The filters: query parameter, label and options.
const FILTERS: &[(&str, &str, FilterChoices)] = &[
    (
        "state",
        "State",
        &[("", "Any state"), ("live", "Live"), ("ended", "Ended")],
    ),
    (
        "kind",
        "Created in",
        &[
            ("", "Created anywhere"),
            ("ui", "Created in Account Settings"),
            ("api", "Created with POST /v2/session"),
        ],
    ),
    (
        "age",
        "Age",
        &[
            ("", "Any age"),
            ("1", "Older than a day"),
            ("7", "Older than a week"),
            ("21", "Older than three weeks"),
        ],
    ),
    (
        "unused",
        "Use",
        &[
            ("", "Used or not"),
            ("never", "Never used"),
            ("1", "Not used for a day"),
            ("7", "Not used for a week"),
        ],
    ),
];

/// The tokens of all members.
#[component]
pub fn TokensPage() -> impl IntoView {
    let names: Vec<_> = FILTERS.iter().map(|(name, ..)| *name).collect();
    let place = ListPlace::read(USER_TOKENS, &names, "-created");
    let asked = RevokeAsked::read();
    view! {
        <Frame title="User tokens" section=Section::Tokens>
            <PageHead title="User tokens" />
            <ForAdministrators words="Only administrators see the tokens of other members. Yours are in Account Settings.">
                {loaded(list_tokens(query_of(&place)), move |list| view! { <UserTokenListing list place asked /> })}
            </ForAdministrators>
        </Frame>
    }
}

fn query_of(place: &ListPlace) -> TokenQuery {
    let filter = |name: &str| place.filter(name).to_owned();
    TokenQuery {
        search: place.search.clone(),
        state: filter("state"),
        kind: filter("kind"),
        age: filter("age"),
        unused: filter("unused"),
        sort: place.sort.clone(),
        page: place.page,
    }
}

#[component]
fn UserTokenListing(
    list: ListPage<TokenRow>,
    place: ListPlace,
    asked: RevokeAsked,
) -> impl IntoView {
    let selected = asked.selected_of(&list.rows);
    let filters = FILTERS
        .iter()
        .map(|(name, label, choices)| {
            let choices = choices
                .iter()
                .map(|(value, words)| ((*value).to_owned(), (*words).to_owned()))
                .collect();
            view! { <Filter place=place.clone() name label choices /> }
        })
        .collect_view();
    let empty = view! {
        <Empty title="No tokens here">
            "People generate tokens on their Account Settings, programs with POST /v2/session. Ended tokens stay listed for 90 days."
        </Empty>
    };
    let (here, rows, count) = (place.here(), list.rows, list.count);
    view! {
        <FindToken />
        <div class="sorted-here">
            <Listing place=place.clone() noun=("token", "tokens") count columns=COLUMNS filters=Some(filters.into_any()) empty=empty.into_any()>
                <TokenTable rows page=USER_TOKENS of_all_members=true ticks=SELECTED />
                <RevokeSelected place />
            </Listing>
        </div>
        {asked.one.map(|id| view! { <AskOne id /> })}
        {asked.is_many.then(|| view! { <AskRevokeSelected selected here action=RevokeTokens::url() /> })}
    }
}

/// Confirmation for one token, on any page of the list.
#[component]
fn AskOne(id: String) -> impl IntoView {
    Suspend::new(async move {
        match crate::pages::tokens::user_tokens::detail::find_token(id).await {
            Ok(row) => {
                view! { <AskRevoke row here=USER_TOKENS action=RevokeToken::url() /> }.into_any()
            }
            Err(error) => {
                view! { <p class="banner banner-error" role="alert">{error.to_string()}</p> }
                    .into_any()
            }
        }
    })
}

/// A page of the user tokens that match a query.
///
/// # Errors
/// [`UiError::Denied`] for a caller who is not an administrator.
#[server(prefix = "/ui", endpoint = "token/all")]
pub async fn list_tokens(
    /// Search, filters and sort order.
    query: TokenQuery,
) -> Result<ListPage<TokenRow>, UiError> {
    use crate::{pages::tokens::user_tokens::server, request};
    let (service, caller) = request::signed_in()?;
    server::list(&service, &caller, &query).await
}

/// Revokes several tokens. Tokens that have ended stay as they are.
///
/// # Errors
/// [`UiError::NotFound`] for an unknown id, [`UiError::Denied`] unless the user is an administrator.
#[server(prefix = "/ui", endpoint = "token/revoke-many")]
pub async fn revoke_tokens(
    /// The tokens.
    #[server(default)]
    ids: Vec<String>,
) -> Result<(), UiError> {
    crate::pages::tokens::revoke::revoke_selected(&ids, USER_TOKENS).await
}

/// Revokes the token of any member.
///
/// # Errors
/// [`UiError::NotFound`], also for a token that the user may not read.
#[server(prefix = "/ui", endpoint = "token/revoke")]
pub async fn revoke_token(
    /// The token.
    id: String,
) -> Result<(), UiError> {
    crate::pages::tokens::revoke::revoke_one(&id, USER_TOKENS).await
}
