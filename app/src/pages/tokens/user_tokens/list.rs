//! `/tokens`: an administrator's list of all user API access tokens, with their owners and their recent use; finds
//! the owner of a token by its text, and revokes one token or several.

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;

use crate::{
    error::UiError,
    model::{
        platform::{list::ListPage, paths::USER_TOKENS},
        tokens::user_token::{TokenQuery, TokenRow, masked},
    },
    pages::{
        platform::{administrators_only::ForAdministrators, frame::Frame},
        tokens::{account::page::AskRevoke, user_tokens::find::FindToken},
    },
    ui::{
        dialog::ask::Ask,
        form::hidden::hidden_fields,
        list::{
            listing::{Column, Filter, Listing, counted},
            place::ListPlace,
        },
        page::{empty::Empty, head::PageHead, load::loaded, navigation::Section},
        token_row::TokenTable,
    },
};

/// The form with the selected tokens.
const MANY: &str = "many";

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
    let asked = AskedFor::read();
    view! {
        <Frame title="User tokens" section=Section::Tokens>
            <PageHead title="User tokens" />
            <ForAdministrators words="Only administrators see the tokens of other members. Yours are in Account Settings.">
                {loaded(list_tokens(query_of(&place)), move |list| view! { <UserTokenListing list place asked /> })}
            </ForAdministrators>
        </Frame>
    }
}

/// The dialog that the address opens: revoke one token, revoke the selected tokens, or find the owner of a token.
#[derive(Debug, Clone, Default)]
struct AskedFor {
    revoke: Option<String>,
    ticked: Vec<String>,
    asks_many: bool,
}

impl AskedFor {
    fn read() -> Self {
        use_query_map().with_untracked(|query| Self {
            revoke: query.get("revoke"),
            ticked: query.get_all("id").unwrap_or_default(),
            asks_many: query.get("ask").is_some(),
        })
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
fn UserTokenListing(list: ListPage<TokenRow>, place: ListPlace, asked: AskedFor) -> impl IntoView {
    let ticked: Vec<_> = list
        .rows
        .iter()
        .filter(|row| asked.ticked.contains(&row.token.id.to_string()))
        .cloned()
        .collect();
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
    let state = hidden_fields(place.fields());
    view! {
        <FindToken />
        <div class="sorted-here">
            <Listing place noun=("token", "tokens") count columns=COLUMNS filters=Some(filters.into_any()) empty=empty.into_any()>
                <TokenTable rows page=USER_TOKENS of_all_members=true ticks=MANY />
                <form id=MANY method="get" action=USER_TOKENS class="form-line">
                    {state}
                    <input type="hidden" name="ask" value="many" />
                    <button type="submit" class="button button-danger" id="revoke-many">"Revoke selected"</button>
                </form>
            </Listing>
        </div>
        {asked.revoke.map(|id| view! { <AskOne id /> })}
        {asked.asks_many.then(|| view! { <AskMany ticked here /> })}
    }
}

/// Confirmation for one token, on any page of the list.
#[component]
fn AskOne(id: String) -> impl IntoView {
    Suspend::new(async move {
        match crate::pages::tokens::user_tokens::detail::find_token(id).await {
            Ok(row) => {
                view! { <AskRevoke row page=USER_TOKENS action=RevokeToken::url() /> }.into_any()
            }
            Err(error) => {
                view! { <p class="banner banner-error" role="alert">{error.to_string()}</p> }
                    .into_any()
            }
        }
    })
}

#[component]
fn AskMany(ticked: Vec<TokenRow>, here: String) -> impl IntoView {
    let count = i64::try_from(ticked.len()).unwrap_or(i64::MAX);
    let items = ticked
        .iter()
        .map(|row| {
            let text = masked(&row.token.prefix, &row.token.last4);
            view! { <li>{row.title()} " " <code>{text}</code> " of " {row.owner_name.clone()}</li> }
        })
        .collect_view();
    let fields = ticked
        .iter()
        .map(|row| ("ids[]", row.token.id.to_string()))
        .collect();
    if ticked.is_empty() {
        return view! {
            <p class="banner banner-error" role="alert">"No token is selected. Select the tokens to revoke."</p>
        }
        .into_any();
    }
    view! {
        <Ask
            heading=format!("Revoke {}?", counted(count, "token", "tokens"))
            here
            return_to="revoke-many".to_owned()
            action=RevokeTokens::url()
            fields
            button="Revoke them"
            cancel="Keep them"
        >
            <p>"Every call that uses one of them is rejected from then on. This cannot be undone."</p>
            <ul class="places">{items}</ul>
        </Ask>
    }
    .into_any()
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
    use crate::{pages::tokens::user_tokens::server, request};
    let (service, caller) = request::signed_in()?;
    let count = i64::try_from(ids.len()).unwrap_or(i64::MAX);
    let done = server::revoke_all(&service, &caller, &ids).await;
    request::Form::on("revoke", USER_TOKENS)
        .saying(format!(
            "{} revoked.",
            counted(count, "token is", "tokens are")
        ))
        .ends(done)
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
    use crate::request::{self, parameters};
    let (service, caller) = request::signed_in()?;
    let done = request::report(
        service
            .tokens()
            .revoke(&caller, parameters::token_id(&id)?)
            .await,
    );
    request::Form::on("revoke", "/tokens")
        .saying("The token is revoked.")
        .ends(done)
}
