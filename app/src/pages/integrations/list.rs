//! `/integrations`: the list, for administrators.

use leptos::prelude::*;

use crate::{
    error::UiError,
    model::{
        integrations::integration::{IntegrationList, IntegrationQuery, IntegrationRow},
        platform::{list::Choices, paths::INTEGRATIONS, viewer::administrates},
    },
    pages::{
        integrations::{
            actions::{ADMINISTRATORS_ONLY, IntegrationActions, IntegrationDialogs},
            state::{EnabledState, ValidationState},
            types::{GROUPS, type_name},
        },
        platform::{administrators_only::ForAdministrators, frame::Frame},
    },
    ui::{
        list::{
            listing::{Column, Filter, Listing, Table},
            place::ListPlace,
        },
        page::{empty::Empty, head::PageHead, load::loaded, navigation::Section},
        time::DateTime,
    },
};

const COLUMNS: &[Column] = &[
    Column::sorted("Name", "name"),
    Column::plain("Type"),
    Column::plain("State"),
    Column::plain("Validation"),
    Column::newest("Created", "created"),
    Column::newest("Last updated", "lastUpdated"),
    Column::ACTIONS,
];

/// The list of integrations.
#[component]
pub fn IntegrationsPage() -> impl IntoView {
    let place = ListPlace::read(INTEGRATIONS, &["type", "state", "creator"], "name");
    let list = list_integrations(query_of(&place));
    view! {
        <Frame title="Integrations" section=Section::Integrations>
            <PageHead title="Integrations">
                {administrates().then(|| view! { <a class="button button-main" href="/integrations/new">"New integration"</a> })}
            </PageHead>
            <ForAdministrators words=ADMINISTRATORS_ONLY>
                {loaded(list, move |list| view! { <IntegrationListing list place /> })}
            </ForAdministrators>
        </Frame>
    }
}

fn query_of(place: &ListPlace) -> IntegrationQuery {
    let filter = |name: &str| place.filter(name).to_owned();
    IntegrationQuery {
        search: place.search.clone(),
        kind: filter("type"),
        state: filter("state"),
        creator: filter("creator"),
        sort: place.sort.clone(),
        page: place.page,
    }
}

#[component]
fn IntegrationListing(list: IntegrationList, place: ListPlace) -> impl IntoView {
    let (here, asked) = (place.here(), place.asked.clone());
    let rows = list
        .rows
        .iter()
        .map(|row| view! { <IntegrationTableRow row=row.clone() here=here.clone() /> })
        .collect_view();
    let filters = view! { <IntegrationFilterBar place=place.clone() creators=list.creators /> };
    let empty = view! {
        <Empty title="No integrations yet">
            "Detectors send notifications through integrations. "
            <a href="/integrations/new">"Create the first integration"</a> "."
        </Empty>
    };
    view! {
        <Listing
            place=place.clone()
            noun=("integration", "integrations")
            count=list.count
            columns=COLUMNS
            filters=Some(filters.into_any())
            empty=empty.into_any()
        >
            <Table place columns=COLUMNS>{rows}</Table>
        </Listing>
        <IntegrationDialogs asked rows=list.rows here />
    }
}

#[component]
fn IntegrationFilterBar(place: ListPlace, creators: Choices) -> impl IntoView {
    let types = GROUPS.iter().flat_map(|(_, names)| names.iter());
    let types = types.map(|name| ((*name).to_owned(), type_name(name)));
    let states = [("enabled", "Enabled"), ("disabled", "Disabled")];
    let states = states.map(|(value, words)| (value.to_owned(), words.to_owned()));
    view! {
        <Filter place=place.clone() name="type" label="Type" any="Any type" choices=types.collect() />
        <Filter place=place.clone() name="state" label="State" any="Any state" choices=states.to_vec() />
        <Filter place name="creator" label="Created by" any="Created by anyone" choices=creators />
    }
}

#[component]
fn IntegrationTableRow(row: IntegrationRow, here: String) -> impl IntoView {
    let dead = !row.enabled;
    view! {
        <tr class:dead=dead>
            <th scope="row" data-label="Name">
                <a href=format!("{INTEGRATIONS}/{}", row.id)>{row.name.clone()}</a>
            </th>
            <td data-label="Type">{type_name(&row.kind)}</td>
            <td data-label="State"><EnabledState enabled=row.enabled /></td>
            <td data-label="Validation"><ValidationState validation=row.validation /></td>
            <td data-label="Created"><DateTime at=row.created_at /> " by " {row.created_by}</td>
            <td data-label="Last updated"><DateTime at=row.updated_at /> " by " {row.updated_by}</td>
            <td class="table-action"><IntegrationActions id=row.id name=row.name here /></td>
        </tr>
    }
}

/// A page of the integrations.
///
/// # Errors
/// [`UiError::Unavailable`] when the database cannot be read.
#[server(prefix = "/ui", endpoint = "integration/list")]
pub async fn list_integrations(
    /// Filters and page.
    query: IntegrationQuery,
) -> Result<IntegrationList, UiError> {
    use crate::{pages::integrations::server, request};
    let (service, caller) = request::signed_in()?;
    server::list(&service, &caller, query).await
}
