//! `/detectors`: the list with search and filters. All members can read all detectors.

use domain::objects::permissions::ItemKind;
use leptos::prelude::*;

use crate::{
    error::UiError,
    model::{
        objects::detector::{DetectorList, DetectorQuery, DetectorRow},
        platform::list::Choices,
    },
    pages::objects::{
        actions::ObjectActions,
        detectors::rules::rule_count,
        dialogs::ObjectDialogs,
        kind::{list_path, object_path},
        parts::ListFrame,
        text_link::Tags,
    },
    ui::{
        isolated::Isolated,
        list::{
            listing::{Column, Filter, Listing, Table},
            place::ListPlace,
        },
        page::{empty::Empty, load::loaded},
        time::DateTime,
    },
};

const KIND: ItemKind = ItemKind::Detector;

const COLUMNS: &[Column] = &[
    Column::sorted("Name", "name"),
    Column::plain("Rules"),
    Column::sorted("Tags", "tags"),
    Column::newest("Created", "created"),
    Column::newest("Last updated", "lastUpdated"),
    Column::ACTIONS,
];

/// The list of detectors.
#[component]
pub fn DetectorsPage() -> impl IntoView {
    let place = ListPlace::read(list_path(KIND), &["tag", "team", "creator"], "-lastUpdated");
    let list = list_detectors(query_of(&place));
    view! {
        <ListFrame kind=KIND>{loaded(list, move |list| view! { <DetectorListing list place /> })}</ListFrame>
    }
}

fn query_of(place: &ListPlace) -> DetectorQuery {
    let filter = |name: &str| place.filter(name).to_owned();
    DetectorQuery {
        search: place.search.clone(),
        tag: filter("tag"),
        team: filter("team"),
        creator: filter("creator"),
        sort: place.sort.clone(),
        page: place.page,
    }
}

#[component]
fn DetectorListing(list: DetectorList, place: ListPlace) -> impl IntoView {
    let (here, asked) = (place.here(), place.asked.clone());
    let objects = list.rows.iter().map(|row| row.object.clone()).collect();
    let rows = list
        .rows
        .into_iter()
        .map(|row| view! { <DetectorTableRow row here=here.clone() /> })
        .collect_view();
    let filters = view! {
        <DetectorFilterBar place=place.clone() tags=list.tags teams=list.teams creators=list.creators />
    };
    let empty = view! {
        <Empty title="No detectors yet">
            "Create one here, with " <code>"POST /v2/detector"</code> ", or with Terraform, using a token from your "
            <a href="/account">"Account Settings"</a> "."
        </Empty>
    };
    view! {
        <Listing
            place=place.clone()
            noun=("detector", "detectors")
            count=list.count
            columns=COLUMNS
            filters=Some(filters.into_any())
            empty=empty.into_any()
        >
            <Table place columns=COLUMNS>{rows}</Table>
        </Listing>
        <ObjectDialogs asked kind=KIND rows=objects here />
    }
}

#[component]
fn DetectorFilterBar(
    place: ListPlace,
    tags: Vec<String>,
    teams: Choices,
    creators: Choices,
) -> impl IntoView {
    let tags = tags.into_iter().map(|tag| (tag.clone(), tag)).collect();
    view! {
        <Filter place=place.clone() name="tag" label="Tag" any="Any tag" choices=tags />
        <Filter place=place.clone() name="team" label="Team" any="Any team" choices=teams />
        <Filter place name="creator" label="Created by" any="Created by anyone" choices=creators />
    }
}

#[component]
fn DetectorTableRow(row: DetectorRow, here: String) -> impl IntoView {
    let object = row.object;
    view! {
        <tr>
            <th scope="row" data-label="Name">
                <a href=object_path(KIND, &object.id)><Isolated text=object.name.clone() /></a>
            </th>
            <td data-label="Rules">{rule_count(row.rules, row.disabled)}</td>
            <td data-label="Tags"><Tags tags=row.tags /></td>
            <td data-label="Created"><DateTime at=row.created_at /> " by " {row.created_by}</td>
            <td data-label="Last updated"><DateTime at=object.updated_at /> " by " {object.updated_by.clone()}</td>
            <td class="table-action"><ObjectActions kind=KIND row=object here /></td>
        </tr>
    }
}

/// A page of the detectors that match the filters.
///
/// # Errors
/// [`UiError::Unavailable`] when the database cannot be read.
#[server(prefix = "/ui", endpoint = "detector/list")]
pub async fn list_detectors(
    /// Filters and page.
    query: DetectorQuery,
) -> Result<DetectorList, UiError> {
    use crate::{pages::objects::detectors::server, request};
    let (service, caller) = request::signed_in()?;
    server::list(&service, &caller, query).await
}
