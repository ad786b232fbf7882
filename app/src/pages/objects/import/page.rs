//! `/dashboards/import` and `/dashboard-groups/import`: creates an object from a document that was exported here or in
//! Splunk Observability Cloud. With `groupId` a dashboard is created in that group.

use domain::objects::permissions::ItemKind;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    error::UiError,
    model::objects::import::{FIELD, FORM, ImportForm},
    pages::{
        objects::{
            kind::{list_path, list_title, section_of},
            rights::ForWriters,
        },
        platform::frame::Frame,
    },
    ui::{
        form::{field::Lines, notice::Banner, token::FormToken},
        page::{
            head::{PageHead, step},
            load::loaded,
        },
    },
};

/// Imports a dashboard.
#[component]
pub fn ImportDashboardPage() -> impl IntoView {
    view! { <ImportPage kind=ItemKind::Dashboard /> }
}

/// Imports a dashboard group.
#[component]
pub fn ImportGroupPage() -> impl IntoView {
    view! { <ImportPage kind=ItemKind::DashboardGroup /> }
}

#[component]
fn ImportPage(kind: ItemKind) -> impl IntoView {
    let group_id = use_query_map().with_untracked(|query| query.get("groupId"));
    let form = fill_import(kind.label().to_owned(), group_id.unwrap_or_default());
    view! {
        <Frame title=title_of(kind) section=section_of(kind)>
            <ForWriters kind>{loaded(form, |form| view! { <ImportEditor form /> })}</ForWriters>
        </Frame>
    }
}

fn title_of(kind: ItemKind) -> String {
    format!("Import a {}", kind.words())
}

#[component]
fn ImportEditor(form: ImportForm) -> impl IntoView {
    provide_context(form.notice.clone());
    let list = list_path(form.kind);
    let place = match (form.kind, form.group) {
        (ItemKind::Dashboard, Some((_, name))) => format!("It is created in the group {name}."),
        (ItemKind::Dashboard, None) => "It is created in a new group with its name.".to_owned(),
        (ItemKind::DashboardGroup | ItemKind::Detector, _) => {
            "Its dashboards and charts are created with it.".to_owned()
        }
    };
    view! {
        <PageHead title=title_of(form.kind) breadcrumbs=vec![step(list, list_title(form.kind))] />
        <Banner />
        <p class="prose">
            "Paste a document that was exported here or in Splunk Observability Cloud. " {place}
        </p>
        <form method="post" class="form document-form code">
            <FormToken />
            <Lines form=FORM name=FIELD label="Document" given=form.text rows=26 max_length=1_000_000 />
            <div class="form-actions">
                <button type="submit" class="button button-main">"Import"</button>
                <a class="button" href=list>"Cancel"</a>
            </div>
        </form>
    }
}

/// The form. When it was posted, the object is created and the response redirects to its page, or the form has the
/// reason why it was rejected, and the posted text.
///
/// # Errors
/// [`UiError::NotFound`] without the group, [`UiError::Denied`] when the viewer may not read it.
#[server(prefix = "/ui", endpoint = "object/import")]
pub async fn fill_import(
    /// The kind of object.
    kind: String,
    /// The group of a dashboard; empty for a new one.
    group_id: String,
) -> Result<ImportForm, UiError> {
    use crate::{
        pages::objects::import::server,
        request::{self, parameters},
    };
    let (service, caller) = request::signed_in()?;
    server::fill(&service, &caller, parameters::item_kind(&kind)?, &group_id).await
}
