//! `/access-tokens`: the organization's own tokens, for sending data and for calling the API as the organization.

use domain::{audit::event::ObjectType, tokens::token::TokenState};
use leptos::prelude::*;

use crate::{
    error::UiError,
    model::{
        platform::{list::ListPage, paths::ACCESS_TOKENS, viewer::administrates},
        tokens::access_token::AccessTokenRow,
    },
    pages::{
        audit::info::InfoDialog, platform::frame::Frame, tokens::org_tokens::actions::AskedAction,
    },
    ui::{
        list::{
            listing::{Column, Filter, Listing, Table},
            place::ListPlace,
        },
        object::{Actions, Offer},
        page::{empty::Empty, head::PageHead, load::loaded, navigation::Section},
        time::{Ago, DateTime, Day},
        token_row::State,
    },
};

const COLUMNS: &[Column] = &[
    Column::sorted("Name", "name"),
    Column::sorted("State", "state"),
    Column::plain("For"),
    Column::newest("Expires", "expiry"),
    Column::newest("Last updated", "lastUpdated"),
    Column::sorted("By", "lastUpdatedBy"),
    Column::ACTIONS,
];

/// All access tokens.
#[component]
pub fn AccessTokensPage() -> impl IntoView {
    let place = ListPlace::read(ACCESS_TOKENS, &["state"], "name");
    let found = list_access_tokens(
        place.search.clone(),
        place.filter("state").to_owned(),
        place.sort.clone(),
        place.page,
    );
    view! {
        <Frame title="Access tokens" section=Section::AccessTokens>
            <PageHead title="Access tokens"><CreateTokenLink /></PageHead>
            <p class="prose">
                "Tokens of the organization: they send data, or call the API on behalf of the organization. For calls as yourself, generate "
                "a token on your " <a href="/account">"Account Settings"</a> "."
            </p>
            {loaded(found, |list| view! { <AccessTokenListing list place /> })}
        </Frame>
    }
}

#[component]
fn CreateTokenLink() -> impl IntoView {
    if administrates() {
        view! { <a class="button button-main" href="/access-tokens/new">"New access token"</a> }
            .into_any()
    } else {
        view! { <p class="quiet">"Administrators create access tokens."</p> }.into_any()
    }
}

#[component]
fn AccessTokenListing(list: ListPage<AccessTokenRow>, place: ListPlace) -> impl IntoView {
    let (here, asked) = (place.here(), place.asked.clone());
    let asked_row = asked
        .as_ref()
        .and_then(|asked| list.rows.iter().find(|row| row.id == asked.of))
        .cloned();
    let rows = list
        .rows
        .into_iter()
        .map(|row| view! { <AccessTokenTableRow row here=here.clone() /> })
        .collect_view();
    let empty = if administrates() {
        view! { <Empty title="No access tokens">"Create one to send data, or for a script that calls the API as the organization."</Empty> }.into_any()
    } else {
        view! { <Empty title="No access tokens">"This page lists the access tokens that an administrator lets you see."</Empty> }.into_any()
    };
    let choices = [
        ("", "Any state"),
        ("live", "Live"),
        ("soon", "Expires within a week"),
        ("disabled", "Disabled"),
        ("expired", "Expired"),
    ]
    .map(|(value, words)| (value.to_owned(), words.to_owned()))
    .to_vec();
    let filters = view! { <Filter place=place.clone() name="state" label="State" choices /> };
    view! {
        <Listing
            place=place.clone()
            noun=("access token", "access tokens")
            count=list.count
            columns=COLUMNS
            filters=Some(filters.into_any())
            empty
        >
            <Table place columns=COLUMNS>{rows}</Table>
        </Listing>
        <InfoDialog asked=asked.clone() kind=ObjectType::OrgToken here=here.clone() />
        {asked.zip(asked_row).map(|(asked, row)| view! { <AskedAction asked row here /> })}
    }
}

#[component]
fn AccessTokenTableRow(row: AccessTokenRow, here: String) -> impl IntoView {
    let dead = row.state != TokenState::Active;
    let purposes = row.purposes();
    view! {
        <tr class:dead=dead>
            <th scope="row" data-label="Name">
                <a href=format!("{ACCESS_TOKENS}/{}", row.id)>{row.name.clone()}</a>
            </th>
            <td data-label="State"><StateOf state=row.state expires_soon=row.expires_soon /></td>
            <td data-label="For">{purposes}</td>
            <td data-label="Expires"><Day at=row.expires_at /> " " <Ago at=row.expires_at /></td>
            <td data-label="Last updated"><DateTime at=row.updated_at /></td>
            <td data-label="By">{row.updated_by.clone()}</td>
            <td class="table-action"><AccessTokenActions row here /></td>
        </tr>
    }
}

/// The state of an access token, and whether it expires soon.
#[component]
pub(crate) fn StateOf(state: TokenState, expires_soon: bool) -> impl IntoView {
    view! {
        <State state />
        {(expires_soon && state == TokenState::Active).then(|| view! { " " <span class="state state-soon">"Expires soon"</span> })}
    }
}

/// The Actions menu of an access token: what the viewer may do with it.
#[component]
pub(crate) fn AccessTokenActions(row: AccessTokenRow, here: String) -> impl IntoView {
    let mut offers = vec![Offer::INFO];
    if administrates() {
        offers.push(Offer::Page(
            "Edit",
            format!("{ACCESS_TOKENS}/{}/edit", row.id),
        ));
        if row.state != TokenState::Expired {
            offers.push(Offer::Dialog("Rotate", "rotate"));
        }
        offers.push(if row.state == TokenState::Disabled {
            Offer::Dialog("Enable", "enable")
        } else {
            Offer::Dialog("Disable", "disable")
        });
        offers.push(Offer::Dialog("Delete", "delete"));
    }
    view! { <Actions id=row.id name=row.name here offers /> }
}

/// A page of the access tokens that the signed-in user may read.
///
/// # Errors
/// [`UiError::Unavailable`] when the database cannot be reached.
#[server(prefix = "/ui", endpoint = "access-token/list")]
pub async fn list_access_tokens(
    /// Text to find in names and descriptions.
    search: String,
    /// The state to filter by; empty for any.
    state: String,
    /// Sort field, with `-` in front for descending order.
    sort: String,
    /// Page number; the first is 1.
    page: i64,
) -> Result<ListPage<AccessTokenRow>, UiError> {
    use crate::{pages::tokens::org_tokens::server, request};
    let (service, caller) = request::signed_in()?;
    server::list(&service, &caller, (&search, &state), &sort, page).await
}
