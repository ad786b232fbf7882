//! `/detectors`: the detectors of the organization, with search and filters. Everybody may read them all.

use domain::objects::permissions::ItemKind;
use leptos::prelude::*;

use crate::{
    error::UiError,
    model::objects::detector::{DetectorList, DetectorQuery, DetectorRow},
    pages::{
        objects::{
            actions::{DoomedObject, MakeNew, ObjectActions},
            dialogs::ObjectDialogs,
        },
        platform::frame::Frame,
    },
    ui::{
        dialog_request::Asked,
        empty::Empty,
        failure::Failure,
        head::PageHead,
        list::{Column, Filter, Listing, Table, counted},
        list_place::ListPlace,
        moment::Moment,
        navigation::Section,
    },
};

/// Where the list is.
pub(crate) const PATH: &str = "/detectors";

const COLUMNS: &[Column] = &[
    Column::sorted("Name", "name"),
    Column::plain("Rules"),
    Column::sorted("Tags", "tags"),
    Column::newest("Created", "created"),
    Column::newest("Last updated", "lastUpdated"),
    Column::ACTIONS,
];

/// All detectors.
#[component]
pub fn DetectorsPage() -> impl IntoView {
    let place = ListPlace::read(PATH, &["tag", "team", "creator"], "-lastUpdated");
    view! {
        <Frame title="Detectors" section=Section::Detectors>
            <PageHead title="Detectors"><MakeNew kind=ItemKind::Detector /></PageHead>
            {Suspend::new(async move {
                match list_detectors(query_of(&place)).await {
                    Ok(list) => view! { <List list place /> }.into_any(),
                    Err(error) => view! { <Failure error /> }.into_any(),
                }
            })}
        </Frame>
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
fn List(list: DetectorList, place: ListPlace) -> impl IntoView {
    let (here, asked) = (place.here(), place.asked.clone());
    let doomed = doomed(asked.as_ref(), &list.rows);
    let tags = list
        .tags
        .into_iter()
        .map(|tag| (tag.clone(), tag))
        .collect();
    let filters = [
        ("tag", "Tag", "Any tag", tags),
        ("team", "Team", "Any team", list.teams),
        ("creator", "Made by", "Made by anybody", list.creators),
    ]
    .map(|(name, label, any, choices)| {
        let choices = std::iter::once((String::new(), any.to_owned()))
            .chain(choices)
            .collect();
        view! { <Filter place=place.clone() name label choices /> }
    });
    let rows = list
        .rows
        .into_iter()
        .map(|row| view! { <Row row here=here.clone() /> })
        .collect_view();
    let empty = view! {
        <Empty title="No detectors yet">
            "Make one here, with " <code>"POST /v2/detector"</code> ", or with Terraform, using a token from your "
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
        <ObjectDialogs asked kind=ItemKind::Detector doomed here />
    }
}

/// The detector that the address asks to delete.
pub(crate) fn doomed(asked: Option<&Asked>, rows: &[DetectorRow]) -> Option<DoomedObject> {
    let asked = asked.filter(|asked| asked.show == "delete")?;
    let row = rows.iter().find(|row| row.id == asked.of)?;
    row.may.delete.then(|| DoomedObject::of(&row.id, &row.name))
}

#[component]
fn Row(row: DetectorRow, here: String) -> impl IntoView {
    view! {
        <tr>
            <th scope="row" data-label="Name">
                <a href=format!("{PATH}/{}", row.id)>{row.name.clone()}</a>
            </th>
            <td data-label="Rules">{rules_in_words(row.rules, row.disabled)}</td>
            <td data-label="Tags"><Tags tags=row.tags /></td>
            <td data-label="Created"><Moment at=row.created_at /> " by " {row.created_by}</td>
            <td data-label="Last updated"><Moment at=row.updated_at /> " by " {row.updated_by}</td>
            <td class="table-action">
                <ObjectActions kind=ItemKind::Detector id=row.id name=row.name may=row.may here />
            </td>
        </tr>
    }
}

/// "3 rules, 1 disabled".
pub(crate) fn rules_in_words(rules: i64, disabled: i64) -> String {
    let counted = counted(rules, "rule", "rules");
    if disabled == 0 {
        counted
    } else {
        format!("{counted}, {disabled} disabled")
    }
}

/// Tags, each by itself.
#[component]
pub(crate) fn Tags(tags: Vec<String>) -> impl IntoView {
    (!tags.is_empty()).then(|| {
        let items = tags
            .into_iter()
            .map(|tag| view! { <li>{tag}</li> })
            .collect_view();
        view! { <ul class="tags">{items}</ul> }
    })
}

/// A page of the detectors that the filters let through.
///
/// # Errors
/// [`UiError`] when the database cannot say.
#[server(prefix = "/ui", endpoint = "detector/list")]
pub async fn list_detectors(
    /// Which are asked for.
    query: DetectorQuery,
) -> Result<DetectorList, UiError> {
    use crate::{pages::objects::detectors::server, request};
    let (service, caller) = request::signed_in()?;
    server::list(&service, &caller, query).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_counted_and_so_are_those_that_are_off() {
        assert_eq!(rules_in_words(1, 0), "1 rule");
        assert_eq!(rules_in_words(3, 2), "3 rules, 2 disabled");
    }
}
