//! `/muting-rules`, `/data-links`, `/slos`: the list of each kind of shared object, with search.

use leptos::prelude::*;

use crate::{
    error::UiError,
    model::objects::{
        content_kind::SharedContentKind,
        shared::{SharedList, SharedQuery, SharedRow},
    },
    pages::objects::{
        actions::ObjectActions,
        dialogs::ObjectDialogs,
        kind::{list_path, object_path},
        parts::ListFrame,
    },
    ui::{
        list::{
            listing::{Column, Filter, Listing, Noun, Table},
            place::ListPlace,
        },
        page::{empty::Empty, load::loaded},
        time::DateTime,
    },
};

/// What the lists of the kinds differ in.
struct Differences {
    noun: Noun,
    /// Names in the first column; the second says what an object does.
    columns: &'static [Column],
    /// What an empty list says below its title.
    call: &'static str,
    empty: &'static str,
}

const MUTING_RULES: Differences = Differences {
    noun: ("alert muting rule", "alert muting rules"),
    columns: &[
        Column::plain("Description"),
        Column::plain("Mutes"),
        Column::plain("State"),
        Column::newest("Last updated", "lastUpdated"),
        Column::ACTIONS,
    ],
    call: "POST /v2/alertmuting",
    empty: "No alert muting rules yet",
};

const DATA_LINKS: Differences = Differences {
    noun: ("data link", "data links"),
    columns: &[
        Column::plain("Property"),
        Column::plain("Leads to"),
        Column::newest("Last updated", "lastUpdated"),
        Column::ACTIONS,
    ],
    call: "POST /v2/crosslink",
    empty: "No data links yet",
};

const SLOS: Differences = Differences {
    noun: ("SLO", "SLOs"),
    columns: &[
        Column::sorted("Name", "name"),
        Column::plain("Target"),
        Column::newest("Last updated", "lastUpdated"),
        Column::ACTIONS,
    ],
    call: "POST /v2/slo",
    empty: "No SLOs yet",
};

const fn differences(kind: SharedContentKind) -> Differences {
    match kind {
        SharedContentKind::AlertMuting => MUTING_RULES,
        SharedContentKind::DataLink => DATA_LINKS,
        SharedContentKind::Slo => SLOS,
    }
}

/// The list of alert muting rules.
#[component]
pub fn MutingRulesPage() -> impl IntoView {
    view! { <SharedListPage kind=SharedContentKind::AlertMuting /> }
}

/// The list of data links.
#[component]
pub fn DataLinksPage() -> impl IntoView {
    view! { <SharedListPage kind=SharedContentKind::DataLink /> }
}

/// The list of SLOs.
#[component]
pub fn SlosPage() -> impl IntoView {
    view! { <SharedListPage kind=SharedContentKind::Slo /> }
}

#[component]
fn SharedListPage(kind: SharedContentKind) -> impl IntoView {
    let place = ListPlace::read(list_path(kind), &["state"], "-lastUpdated");
    let list = list_shared(SharedQuery {
        kind: kind.into(),
        search: place.search.clone(),
        state: place.filter("state").to_owned(),
        sort: place.sort.clone(),
        page: place.page,
    });
    view! {
        <ListFrame kind>{loaded(list, move |list| view! { <SharedListing kind list place /> })}</ListFrame>
    }
}

#[component]
fn SharedListing(kind: SharedContentKind, list: SharedList, place: ListPlace) -> impl IntoView {
    let (here, asked) = (place.here(), place.asked.clone());
    let differences = differences(kind);
    let objects = list.rows.iter().map(|row| row.object.clone()).collect();
    let columns = differences.columns;
    let rows = list
        .rows
        .into_iter()
        .map(|row| view! { <SharedTableRow kind row columns here=here.clone() /> })
        .collect_view();
    let filters = (kind == SharedContentKind::AlertMuting)
        .then(|| view! { <StateFilter place=place.clone() /> }.into_any());
    let empty = view! {
        <Empty title=differences.empty>
            "Create one here, with " <code>{differences.call}</code> ", or with Terraform, using a token from your "
            <a href="/account">"Account Settings"</a> "."
        </Empty>
    };
    view! {
        <Listing place=place.clone() noun=differences.noun count=list.count columns filters empty=empty.into_any()>
            <Table place columns>{rows}</Table>
        </Listing>
        <ObjectDialogs asked kind rows=objects here />
    }
}

/// The choices are the values of `include` in the API.
#[component]
fn StateFilter(place: ListPlace) -> impl IntoView {
    let choices = ["Open", "Ongoing", "Future", "Past"];
    let choices = choices.map(|state| (state.to_lowercase(), state.to_owned()));
    view! { <Filter place name="state" label="State" any="Any state" choices=choices.to_vec() /> }
}

#[component]
fn SharedTableRow(
    kind: SharedContentKind,
    row: SharedRow,
    columns: &'static [Column],
    here: String,
) -> impl IntoView {
    let SharedRow {
        object,
        state,
        summary,
    } = row;
    let [name_label, summary_label] = [0, 1].map(|place| columns[place].title());
    view! {
        <tr>
            <th scope="row" data-label=name_label>
                <a href=object_path(kind, &object.id)>{object.name.clone()}</a>
            </th>
            <td data-label=summary_label>{summary}</td>
            {(!state.is_empty()).then(|| view! { <td data-label="State"><span class="state">{state}</span></td> })}
            <td data-label="Last updated"><DateTime at=object.updated_at /> " by " {object.updated_by.clone()}</td>
            <td class="table-action"><ObjectActions kind row=object here /></td>
        </tr>
    }
}

/// A page of the shared objects of a kind.
///
/// # Errors
/// [`UiError::Unavailable`] when the database cannot be read.
#[server(prefix = "/ui", endpoint = "shared/list")]
pub async fn list_shared(
    /// Kind, filters and page.
    query: SharedQuery,
) -> Result<SharedList, UiError> {
    use crate::{
        model::objects::content_kind::ContentKind, pages::objects::shared::server, request,
    };
    let (service, caller) = request::signed_in()?;
    let ContentKind::Shared(kind) = query.kind else {
        return Err(UiError::NotFound("There is no such list.".to_owned()));
    };
    server::list(&service, &caller, kind, query).await
}
