//! `/integrations`: what detectors tell people and programs through, where metrics come from, how people sign in. For
//! administrators.

use domain::audit::event::ObjectType;
use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    error::UiError,
    model::{
        integrations::integration::{IntegrationList, IntegrationQuery, IntegrationRow, Validated},
        platform::{list::Choices, viewer::administrates},
    },
    pages::{
        audit::info::InfoDialog,
        integrations::types::{GROUPS, type_in_words},
    },
    ui::{
        ask::Ask,
        empty::{Empty, Failure, ForAdministrators},
        frame::{Frame, Section},
        head::PageHead,
        list::{Column, Filter, Listing, Table},
        list_place::ListPlace,
        moment::Moment,
        object::{Actions, Asked, Offer, return_to},
    },
};

/// Where the list is.
pub(crate) const PATH: &str = "/integrations";

/// Who may see and change them.
pub(crate) const WORDS: &str =
    "Only administrators see and change integrations: they hold the keys to other systems.";

const COLUMNS: &[Column] = &[
    Column::sorted("Name", "name"),
    Column::plain("Type"),
    Column::plain("State"),
    Column::plain("Validated"),
    Column::newest("Created", "created"),
    Column::newest("Last updated", "lastUpdated"),
    Column::ACTIONS,
];

/// All integrations.
#[component]
pub fn IntegrationsPage() -> impl IntoView {
    let place = ListPlace::read(PATH, &["type", "state", "creator"], "name");
    view! {
        <Frame title="Integrations" section=Section::Integrations>
            <PageHead title="Integrations">
                {administrates().then(|| view! { <a class="button button-main" href="/integrations/new">"New integration"</a> })}
            </PageHead>
            <ForAdministrators words=WORDS>
                {Suspend::new(async move {
                    match list_integrations(query_of(&place)).await {
                        Ok(list) => view! { <List list place /> }.into_any(),
                        Err(error) => view! { <Failure error /> }.into_any(),
                    }
                })}
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
fn List(list: IntegrationList, place: ListPlace) -> impl IntoView {
    let (here, asked) = (place.here(), place.asked.clone());
    let doomed = doomed(asked.as_ref(), &list.rows);
    let rows = list
        .rows
        .into_iter()
        .map(|row| view! { <Row row here=here.clone() /> })
        .collect_view();
    let filters = filters(&place, list.creators);
    let empty = view! {
        <Empty title="No integrations yet">
            "Detectors tell people through integrations, " <a href="/integrations/new">"make the first one"</a> "."
        </Empty>
    };
    view! {
        <Listing
            place=place.clone()
            noun=("integration", "integrations")
            count=list.count
            columns=COLUMNS
            filters=Some(filters)
            empty=empty.into_any()
        >
            <Table place columns=COLUMNS>{rows}</Table>
        </Listing>
        <InfoDialog asked kind=ObjectType::Integration here=here.clone() />
        {doomed.map(|row| view! { <AskDelete row here /> })}
    }
}

fn filters(place: &ListPlace, creators: Choices) -> AnyView {
    let types = GROUPS.iter().flat_map(|(_, names)| names.iter());
    let types = types.map(|name| ((*name).to_owned(), type_in_words(name)));
    let states = [("enabled", "Enabled"), ("disabled", "Disabled")];
    let states = states.map(|(value, words)| (value.to_owned(), words.to_owned()));
    let filters = [
        ("type", "Type", "Any type", types.collect()),
        ("state", "State", "Any state", states.to_vec()),
        ("creator", "Made by", "Made by anybody", creators),
    ];
    let filters = filters.map(|(name, label, any, choices): (_, _, _, Choices)| {
        let choices = std::iter::once((String::new(), any.to_owned()))
            .chain(choices)
            .collect();
        view! { <Filter place=place.clone() name label choices /> }
    });
    filters.into_any()
}

#[component]
fn Row(row: IntegrationRow, here: String) -> impl IntoView {
    let dead = !row.enabled;
    view! {
        <tr class:dead=dead>
            <th scope="row" data-label="Name">
                <a href=format!("{PATH}/{}", row.id)>{row.name.clone()}</a>
            </th>
            <td data-label="Type">{type_in_words(&row.kind)}</td>
            <td data-label="State"><EnabledState enabled=row.enabled /></td>
            <td data-label="Validated"><ValidatedState validated=row.validated.clone() /></td>
            <td data-label="Created"><Moment at=row.created_at /> " by " {row.created_by.clone()}</td>
            <td data-label="Last updated"><Moment at=row.updated_at /> " by " {row.updated_by.clone()}</td>
            <td class="table-action"><IntegrationActions row here /></td>
        </tr>
    }
}

/// Whether it is enabled, in a word.
#[component]
pub(crate) fn EnabledState(enabled: bool) -> impl IntoView {
    if enabled {
        view! { <span class="state state-live">"Enabled"</span> }
    } else {
        view! { <span class="state">"Disabled"</span> }
    }
}

/// What came of the last validation, in a few words.
#[component]
pub(crate) fn ValidatedState(validated: Validated) -> impl IntoView {
    match validated {
        Validated::Not => view! { <span class="quiet">"Not yet"</span> }.into_any(),
        Validated::Sound(at) => {
            view! { <span class="state state-live">"Sound"</span> " " <Moment at /> }.into_any()
        }
        Validated::Failed(at, _) => {
            view! { <span class="state state-soon">"Failed"</span> " " <Moment at /> }.into_any()
        }
    }
}

/// The Actions menu of an integration.
#[component]
pub(crate) fn IntegrationActions(row: IntegrationRow, here: String) -> impl IntoView {
    let offers = vec![
        Offer::INFO,
        Offer::Page("Edit", format!("{PATH}/{}/edit", row.id)),
        Offer::DELETE,
    ];
    view! { <Actions id=row.id name=row.name here offers /> }
}

/// The integration that the address asks to delete.
pub(crate) fn doomed(asked: Option<&Asked>, rows: &[IntegrationRow]) -> Option<IntegrationRow> {
    let asked = asked.filter(|asked| asked.show == "delete" && administrates())?;
    rows.iter().find(|row| row.id == asked.of).cloned()
}

/// Asks once whether an integration shall be deleted.
#[component]
pub(crate) fn AskDelete(row: IntegrationRow, here: String) -> impl IntoView {
    view! {
        <Ask
            heading=format!("Delete {}?", row.name)
            here
            return_to=return_to(&row.id)
            action=DeleteIntegration::url()
            fields=vec![("id", row.id)]
            button="Delete"
            cancel="Keep it"
        >
            <p>"Detectors that tell somebody through it tell them no more; their rules stay as they are. Its keys are deleted with it."</p>
            <p>"This cannot be undone. To stop it for a while, disable it."</p>
        </Ask>
    }
}

/// A page of the integrations.
///
/// # Errors
/// [`UiError`] when the database cannot say.
#[server(prefix = "/ui", endpoint = "integration/list")]
pub async fn list_integrations(
    /// Which are asked for.
    query: IntegrationQuery,
) -> Result<IntegrationList, UiError> {
    use crate::{pages::integrations::server, request::context};
    let (service, caller) = context::signed_in()?;
    server::list(&service, &caller, query).await
}

/// Deletes an integration.
///
/// # Errors
/// [`UiError::NotFound`], [`UiError::Denied`] unless the user is an administrator.
#[server(prefix = "/ui", endpoint = "integration/delete")]
pub async fn delete_integration(
    /// The integration.
    id: String,
) -> Result<(), UiError> {
    use crate::request::{context, parameters};
    let (service, caller) = context::signed_in()?;
    let done = service
        .integrations()
        .delete(&caller, parameters::id(&id)?)
        .await;
    context::Form::on("delete", PATH)
        .saying("The integration is deleted.")
        .ends(context::told(done))
}
