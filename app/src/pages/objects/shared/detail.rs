//! `/muting-rules/{id}`, `/data-links/{id}`, `/slos/{id}`: what a shared object does.

use leptos::prelude::*;

use crate::{
    error::UiError,
    model::objects::{
        content_kind::SharedContentKind,
        shared::{Fact, Section, SharedDetail},
    },
    pages::{
        objects::{
            actions::ObjectActions,
            dialogs::ObjectDialogs,
            kind::{list_path, list_title, object_path, section_of},
            parts::{Description, LastUpdated, Program},
            text_link::Linked,
        },
        platform::frame::Frame,
    },
    ui::{
        dialog::request::Asked,
        page::{
            head::{PageHead, step},
            load::{id_in_path, loaded},
        },
        time::DateTime,
    },
};

/// One alert muting rule.
#[component]
pub fn MutingRulePage() -> impl IntoView {
    view! { <SharedPage kind=SharedContentKind::AlertMuting title="Alert muting rule" /> }
}

/// One data link.
#[component]
pub fn DataLinkPage() -> impl IntoView {
    view! { <SharedPage kind=SharedContentKind::DataLink title="Data link" /> }
}

/// One SLO.
#[component]
pub fn SloPage() -> impl IntoView {
    view! { <SharedPage kind=SharedContentKind::Slo title="SLO" /> }
}

#[component]
fn SharedPage(kind: SharedContentKind, title: &'static str) -> impl IntoView {
    let id = id_in_path();
    let asked = Asked::read_of(&id);
    let found = find_shared(kind.kind().label().to_owned(), id);
    view! {
        <Frame title section=section_of(kind)>
            {loaded(found, move |detail| view! { <SharedObject kind detail asked /> })}
        </Frame>
    }
}

#[component]
fn SharedObject(
    kind: SharedContentKind,
    detail: SharedDetail,
    asked: Option<Asked>,
) -> impl IntoView {
    let SharedDetail {
        row,
        created_at,
        created_by,
        facts,
        sections,
        program,
    } = detail;
    let object = row.object;
    let here = object_path(kind, &object.id);
    let breadcrumbs = vec![step(list_path(kind), list_title(kind))];
    let settings = Section {
        title: "Settings".to_owned(),
        facts,
    };
    let sections = std::iter::once(settings)
        .chain(sections)
        .enumerate()
        .map(|(index, section)| view! { <SectionPanel index section /> })
        .collect_view();
    view! {
        <PageHead title=object.name.clone() breadcrumbs clone:here clone:object>
            {(!row.state.is_empty()).then(|| view! { <span class="state">{row.state}</span> })}
            <ObjectActions kind row=object here />
        </PageHead>
        <Description text=object.description.clone() />
        <p class="prose">
            "Created " <DateTime at=created_at /> " by " {created_by} " · "
            <LastUpdated at=object.updated_at by=object.updated_by.clone() />
        </p>
        <div class="stack">
            {sections}
            {(!program.is_empty()).then(|| view! { <Program program /> })}
        </div>
        <ObjectDialogs asked kind rows=vec![object] here />
    }
}

#[component]
fn SectionPanel(index: usize, section: Section) -> impl IntoView {
    let heading = format!("section-{index}");
    let labelled_by = heading.clone();
    let facts = section
        .facts
        .into_iter()
        .map(|fact| view! { <FactRow fact /> })
        .collect_view();
    view! {
        <section class="panel" aria-labelledby=labelled_by>
            <h2 id=heading>{section.title}</h2>
            <dl class="definitions">{facts}</dl>
        </section>
    }
}

#[component]
fn FactRow(fact: Fact) -> impl IntoView {
    let values = fact
        .values
        .into_iter()
        .map(|link| view! { <li><Linked link /></li> })
        .collect_view();
    view! { <div><dt>{fact.label}</dt><dd><ul class="plain-list">{values}</ul></dd></div> }
}

/// A shared object with what it does.
///
/// # Errors
/// [`UiError::NotFound`] when it does not exist.
#[server(prefix = "/ui", endpoint = "shared/find")]
pub async fn find_shared(
    /// The kind of the object.
    kind: String,
    /// The object.
    id: String,
) -> Result<SharedDetail, UiError> {
    use crate::{
        pages::objects::shared::server,
        request::{self, parameters},
    };
    let (service, caller) = request::signed_in()?;
    let (kind, id) = (parameters::shared_kind(&kind)?, parameters::id(&id)?);
    server::detail(&service, &caller, kind, id).await
}
