//! `/dashboards/{id}/document`, `/dashboards/new/document` and the same for other kinds: the JSON document of an object. The rules of the API apply. Changes of a stored object are previewed before they are saved.

use domain::objects::permissions::ItemKind;
use leptos::prelude::*;

use crate::{
    error::UiError,
    model::objects::{
        content_kind::{ContentKind, SharedContentKind},
        document::{DocumentForm, FIELD, FORM},
    },
    pages::{
        objects::{
            document::difference::Preview,
            kind::{list_path, list_title, object_path, section_of, steps_to},
            parts::{BaseUpdatedAt, NewFrame},
        },
        platform::frame::Frame,
    },
    ui::{
        form::{field::Lines, notice::Banner, token::FormToken},
        page::{
            head::{PageHead, step},
            load::{id_in_path, loaded},
        },
    },
};

/// The document of a dashboard.
#[component]
pub fn DashboardDocumentPage() -> impl IntoView {
    view! { <DocumentPage kind=ItemKind::Dashboard /> }
}

/// The document of a dashboard group.
#[component]
pub fn GroupDocumentPage() -> impl IntoView {
    view! { <DocumentPage kind=ItemKind::DashboardGroup /> }
}

/// The document of a detector.
#[component]
pub fn DetectorDocumentPage() -> impl IntoView {
    view! { <DocumentPage kind=ItemKind::Detector /> }
}

/// The document of a new dashboard.
#[component]
pub fn NewDashboardDocumentPage() -> impl IntoView {
    view! { <NewDocumentPage kind=ItemKind::Dashboard /> }
}

/// The document of a new dashboard group.
#[component]
pub fn NewGroupDocumentPage() -> impl IntoView {
    view! { <NewDocumentPage kind=ItemKind::DashboardGroup /> }
}

/// The document of a new detector.
#[component]
pub fn NewDetectorDocumentPage() -> impl IntoView {
    view! { <NewDocumentPage kind=ItemKind::Detector /> }
}

/// The document of an alert muting rule.
#[component]
pub fn MutingRuleDocumentPage() -> impl IntoView {
    view! { <DocumentPage kind=SharedContentKind::AlertMuting /> }
}

/// The document of a data link.
#[component]
pub fn DataLinkDocumentPage() -> impl IntoView {
    view! { <DocumentPage kind=SharedContentKind::DataLink /> }
}

/// The document of an SLO.
#[component]
pub fn SloDocumentPage() -> impl IntoView {
    view! { <DocumentPage kind=SharedContentKind::Slo /> }
}

/// The document of a new alert muting rule.
#[component]
pub fn NewMutingRulePage() -> impl IntoView {
    view! { <NewDocumentPage kind=SharedContentKind::AlertMuting /> }
}

/// The document of a new data link.
#[component]
pub fn NewDataLinkPage() -> impl IntoView {
    view! { <NewDocumentPage kind=SharedContentKind::DataLink /> }
}

/// The document of a new SLO.
#[component]
pub fn NewSloPage() -> impl IntoView {
    view! { <NewDocumentPage kind=SharedContentKind::Slo /> }
}

#[component]
fn NewDocumentPage(#[prop(into)] kind: ContentKind) -> impl IntoView {
    view! {
        <NewFrame kind><LoadedDocument kind id=String::new() /></NewFrame>
    }
}

#[component]
fn DocumentPage(#[prop(into)] kind: ContentKind) -> impl IntoView {
    view! {
        <Frame title="Document" section=section_of(kind)>
            <LoadedDocument kind id=id_in_path() />
        </Frame>
    }
}

#[component]
fn LoadedDocument(kind: ContentKind, id: String) -> impl IntoView {
    loaded(fill_document(kind.label().to_owned(), id), |form| {
        provide_context(form.notice.clone());
        if form.id.is_empty() {
            view! { <NewDocument form /> }.into_any()
        } else {
            view! { <StoredDocument form /> }.into_any()
        }
    })
}

#[component]
fn NewDocument(form: DocumentForm) -> impl IntoView {
    let list = list_path(form.kind);
    let new = format!("New {}", form.kind.words());
    let above = step(list, list_title(form.kind));
    // Shared objects have no other form.
    let (title, breadcrumbs, page) = match form.kind {
        ContentKind::Item(_) => {
            let page = format!("{list}/new");
            ("As JSON".to_owned(), vec![above, step(&page, new)], page)
        }
        ContentKind::Shared(_) => (new, vec![above], list.to_owned()),
    };
    view! {
        <PageHead title breadcrumbs />
        <Banner />
        <p class="prose">"The body of the API call POST. The same rules apply."</p>
        <DocumentEditor form button=("create", "Create") page />
    }
}

#[component]
fn StoredDocument(form: DocumentForm) -> impl IntoView {
    let page = object_path(form.kind, &form.id);
    let breadcrumbs = steps_to(form.kind, &form.id, &form.stored_name);
    view! {
        <PageHead title=format!("Document of {}", form.stored_name) breadcrumbs />
        <Banner />
        {match form.difference.clone() {
            Some(difference) => view! { <Preview form difference page /> }.into_any(),
            None => view! {
                <p class="prose">"The body of the API call PUT. The same rules apply: fields that are left out are removed."</p>
                <DocumentEditor form button=("preview", "See what will change") page />
            }
            .into_any(),
        }}
    }
}

#[component]
fn DocumentEditor(
    form: DocumentForm,
    /// Value and label of the button.
    button: (&'static str, &'static str),
    page: String,
) -> impl IntoView {
    let (step, label) = button;
    view! {
        <form method="post" class="form document-form code">
            <FormToken />
            <BaseUpdatedAt at=form.base_updated_at />
            <Lines form=FORM name=FIELD label="Document" given=form.text rows=26 max_length=1_000_000 />
            <div class="form-actions">
                <button type="submit" class="button button-main" name="step" value=step>{label}</button>
                <a class="button" href=page>"Cancel"</a>
            </div>
        </form>
    }
}

/// The document of an object, or of a new one. When it was posted, it has a preview, or the object is stored and the
/// response redirects to the object's page.
///
/// # Errors
/// [`UiError::NotFound`]; [`UiError::Denied`] without write permission or a writing role.
#[server(prefix = "/ui", endpoint = "object/document")]
pub async fn fill_document(
    /// The kind of object.
    kind: String,
    /// The object; empty for a new one.
    id: String,
) -> Result<DocumentForm, UiError> {
    use crate::{
        pages::objects::document::server,
        request::{self, parameters},
    };
    let (service, caller) = request::signed_in()?;
    server::fill(&service, &caller, parameters::content_kind(&kind)?, &id).await
}
