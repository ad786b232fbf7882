//! `/detectors/{id}`: the program and rules of a detector, and the teams and charts that refer to it.

use domain::objects::permissions::ItemKind;
use leptos::prelude::*;

use crate::{
    error::UiError,
    model::objects::detector::{DetectorDetail, DetectorRow, TextLink},
    pages::{
        objects::{
            actions::ObjectActions,
            detectors::rules::Rules,
            dialogs::ObjectDialogs,
            kind::{list_path, list_title, object_path},
            parts::{Description, LastUpdated, Program},
            rights::MissingRights,
            text_link::{Linked, Tags},
        },
        platform::frame::Frame,
    },
    ui::{
        dialog::request::Asked,
        page::{
            head::{PageHead, step},
            load::{id_in_path, loaded},
            navigation::Section,
        },
        time::DateTime,
    },
};

const KIND: ItemKind = ItemKind::Detector;

/// One detector.
#[component]
pub fn DetectorPage() -> impl IntoView {
    let id = id_in_path();
    let asked = Asked::read_of(&id);
    view! {
        <Frame title="Detector" section=Section::Detectors>
            {loaded(find_detector(id), move |detector| view! { <Detector detector asked /> })}
        </Frame>
    }
}

#[component]
fn Detector(detector: DetectorDetail, asked: Option<Asked>) -> impl IntoView {
    let DetectorDetail {
        row,
        program,
        rules,
        teams,
        charts,
        settings,
    } = detector;
    let here = object_path(KIND, &row.object.id);
    view! {
        <DetectorHead row=row.clone() here=here.clone() />
        <div class="columns">
            <div class="stack">
                <Rules row=row.clone() rules />
                <Program program />
            </div>
            <div class="stack">
                <DetectorLinks id="teams" title="Teams" links=teams empty="No linked teams." />
                <DetectorLinks id="charts" title="Charts" links=charts empty="No chart that you can read refers to it." />
                <DetectorSettings settings tags=row.tags.clone() />
            </div>
        </div>
        <ObjectDialogs asked kind=KIND rows=vec![row.object] here />
    }
}

#[component]
fn DetectorHead(row: DetectorRow, here: String) -> impl IntoView {
    let object = row.object;
    let breadcrumbs = vec![step(list_path(KIND), list_title(KIND))];
    view! {
        <PageHead title=object.name.clone() breadcrumbs clone:here clone:object>
            <ObjectActions kind=KIND row=object here />
        </PageHead>
        <Description text=object.description />
        <p class="prose">
            "Created " <DateTime at=row.created_at /> " by " {row.created_by} " · "
            <LastUpdated at=object.updated_at by=object.updated_by />
        </p>
        <MissingRights kind=KIND rights=object.rights here />
    }
}

#[component]
fn DetectorLinks(
    id: &'static str,
    title: &'static str,
    links: Vec<TextLink>,
    empty: &'static str,
) -> impl IntoView {
    let heading = format!("{id}-heading");
    let labelled_by = heading.clone();
    let items = links
        .into_iter()
        .map(|link| view! { <li><Linked link /></li> })
        .collect_view();
    view! {
        <section class="panel" aria-labelledby=labelled_by>
            <h2 id=heading>{title}</h2>
            {if items.is_empty() {
                view! { <p class="quiet">{empty}</p> }.into_any()
            } else {
                view! { <ul class="places">{items}</ul> }.into_any()
            }}
        </section>
    }
}

#[component]
fn DetectorSettings(settings: Vec<(String, String)>, tags: Vec<String>) -> impl IntoView {
    let settings = settings
        .into_iter()
        .map(|(label, value)| view! { <div><dt>{label}</dt><dd>{value}</dd></div> })
        .collect_view();
    view! {
        <section class="panel" aria-labelledby="settings-heading">
            <h2 id="settings-heading">"Settings"</h2>
            <dl class="definitions">
                {settings}
                {(!tags.is_empty()).then(|| view! { <div><dt>"Tags"</dt><dd><Tags tags /></dd></div> })}
            </dl>
        </section>
    }
}

/// A detector with its rules.
///
/// # Errors
/// [`UiError::NotFound`] when it does not exist.
#[server(prefix = "/ui", endpoint = "detector/find")]
pub async fn find_detector(
    /// The detector.
    id: String,
) -> Result<DetectorDetail, UiError> {
    use crate::{
        pages::objects::detectors::server,
        request::{self, parameters},
    };
    let (service, caller) = request::signed_in()?;
    server::detail(&service, &caller, parameters::id(&id)?).await
}
