//! `/catalog/metrics` and `/catalog/dimensions`: what data was sent for, with search.

use domain::audit::event::{CatalogKind, ObjectType};
use leptos::prelude::*;

use crate::{
    error::UiError,
    model::{
        ingest::catalog::{CatalogList, CatalogQuery, CatalogRow},
        platform::paths::{ACCESS_TOKENS, DIMENSIONS, METRICS},
    },
    pages::{audit::info::InfoDialog, platform::frame::Frame},
    ui::{
        list::{
            listing::{Column, Listing, Noun, Table},
            place::ListPlace,
        },
        object::{Actions, Offer},
        page::{empty::Empty, head::PageHead, load::loaded, navigation::Section},
        time::DateTime,
    },
};

/// What the two lists differ in.
#[derive(Clone, Copy)]
struct Differences {
    kind: CatalogKind,
    path: &'static str,
    title: &'static str,
    noun: Noun,
    columns: &'static [Column],
    example: &'static str,
    /// The other list: address and title.
    other: (&'static str, &'static str),
}

const OF_METRICS: Differences = Differences {
    kind: CatalogKind::Metric,
    path: METRICS,
    title: "Metrics",
    noun: ("metric", "metrics"),
    columns: &[
        Column::sorted("Metric", "name"),
        Column::plain("Description"),
        Column::plain("Properties and tags"),
        Column::sorted("Type", "type"),
        Column::newest("First sent", "created"),
        Column::ACTIONS,
    ],
    example: "name:cpu.* AND type:GAUGE",
    other: (DIMENSIONS, "Dimensions"),
};

const OF_DIMENSIONS: Differences = Differences {
    kind: CatalogKind::Dimension,
    path: DIMENSIONS,
    title: "Dimensions",
    noun: ("dimension", "dimensions"),
    columns: &[
        Column::sorted("Dimension", "name"),
        Column::plain("Description"),
        Column::plain("Properties and tags"),
        Column::newest("First sent", "created"),
        Column::ACTIONS,
    ],
    example: "host:web-* AND NOT tags:old",
    other: (METRICS, "Metrics"),
};

/// The list of metrics.
#[component]
pub fn MetricsPage() -> impl IntoView {
    view! { <CatalogPage differences=OF_METRICS /> }
}

/// The list of dimensions.
#[component]
pub fn DimensionsPage() -> impl IntoView {
    view! { <CatalogPage differences=OF_DIMENSIONS /> }
}

#[component]
fn CatalogPage(differences: Differences) -> impl IntoView {
    let place = ListPlace::read(differences.path, &[], "name");
    let list = list_catalog(CatalogQuery {
        kind: ObjectType::Catalog(differences.kind),
        search: place.search.clone(),
        sort: place.sort.clone(),
        page: place.page,
    });
    let (other, other_title) = differences.other;
    view! {
        <Frame title=differences.title section=Section::Metrics>
            <PageHead title=differences.title>
                <a class="button" href=other>{other_title}</a>
            </PageHead>
            <p class="prose">
                "Search for parts of names, or with a query: " <code>{differences.example}</code>
            </p>
            {loaded(list, move |list| view! { <CatalogListing differences list place /> })}
        </Frame>
    }
}

#[component]
fn CatalogListing(differences: Differences, list: CatalogList, place: ListPlace) -> impl IntoView {
    let (here, asked) = (place.here(), place.asked.clone());
    let rows = list
        .rows
        .into_iter()
        .map(|row| view! { <CatalogTableRow differences row here=here.clone() /> })
        .collect_view();
    let empty = view! {
        <Empty title=format!("No {} yet", differences.noun.1)>
            "They are listed when data is sent with an " <a href=ACCESS_TOKENS>"access token"</a> "."
        </Empty>
    };
    let columns = differences.columns;
    view! {
        {(!list.mistake.is_empty()).then(|| view! { <p class="banner banner-error" role="alert">{list.mistake}</p> })}
        <Listing place=place.clone() noun=differences.noun count=list.count columns empty=empty.into_any()>
            <Table place columns>{rows}</Table>
        </Listing>
        <InfoDialog asked kind=ObjectType::Catalog(differences.kind) here />
    }
}

#[component]
fn CatalogTableRow(differences: Differences, row: CatalogRow, here: String) -> impl IntoView {
    let labels = row
        .labels
        .into_iter()
        .map(|label| view! { <li>{label}</li> })
        .collect_view();
    let name_label = differences.columns[0].title();
    view! {
        <tr>
            <th scope="row" data-label=name_label><code>{row.name.clone()}</code></th>
            <td data-label="Description">{row.description}</td>
            <td data-label="Properties and tags"><ul class="plain-list">{labels}</ul></td>
            {(!row.metric_type.is_empty()).then(|| view! { <td data-label="Type">{row.metric_type}</td> })}
            <td data-label="First sent"><DateTime at=row.created_at /> " by " {row.created_by}</td>
            <td class="table-action"><Actions id=row.id name=row.name here offers=vec![Offer::INFO] /></td>
        </tr>
    }
}

/// A page of the metrics or dimensions.
///
/// # Errors
/// [`UiError::NotFound`] for another type, [`UiError::Unavailable`] when the database cannot be read.
#[server(prefix = "/ui", endpoint = "catalog/list")]
pub async fn list_catalog(
    /// Type, search and page.
    query: CatalogQuery,
) -> Result<CatalogList, UiError> {
    use crate::{pages::ingest::server, request};
    let (service, caller) = request::signed_in()?;
    server::list(&service, &caller, query).await
}
