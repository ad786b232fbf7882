//! `/dashboards/{id}/document`, `/dashboards/new/document` and their likes: the whole document of a dashboard, dashboard
//! group or detector as JSON, judged as the API judges it, with what would change told before it is stored.

use domain::objects::permissions::ItemKind;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::{
    error::UiError,
    model::objects::{
        document::{DiffLine, Difference, DocumentForm, FIELD, FORM},
        permissions::Preview,
    },
    pages::{
        objects::{
            actions::ForWriters,
            kind::{list_path, list_title, section_of},
        },
        platform::frame::Frame,
    },
    ui::{
        failure::Failure,
        field::{Lines, in_textarea},
        head::{PageHead, step},
        notice::Banner,
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

/// A new dashboard by its document.
#[component]
pub fn NewDashboardDocumentPage() -> impl IntoView {
    view! { <NewDocumentPage kind=ItemKind::Dashboard /> }
}

/// A new dashboard group by its document.
#[component]
pub fn NewGroupDocumentPage() -> impl IntoView {
    view! { <NewDocumentPage kind=ItemKind::DashboardGroup /> }
}

/// A new detector by its document.
#[component]
pub fn NewDetectorDocumentPage() -> impl IntoView {
    view! { <NewDocumentPage kind=ItemKind::Detector /> }
}

#[component]
fn NewDocumentPage(kind: ItemKind) -> impl IntoView {
    view! {
        <Frame title=format!("New {}", kind.words()) section=section_of(kind)>
            <ForWriters kind><Filling kind id=String::new() /></ForWriters>
        </Frame>
    }
}

#[component]
fn DocumentPage(kind: ItemKind) -> impl IntoView {
    let id = use_params_map()
        .with_untracked(|params| params.get("id"))
        .unwrap_or_default();
    view! {
        <Frame title="Document" section=section_of(kind)><Filling kind id /></Frame>
    }
}

#[component]
fn Filling(kind: ItemKind, id: String) -> impl IntoView {
    Suspend::new(async move {
        match fill_document(kind.label().to_owned(), id).await {
            Ok(form) => {
                provide_context(form.notice.clone());
                view! { <Document form /> }.into_any()
            }
            Err(error) => view! { <Failure error /> }.into_any(),
        }
    })
}

#[component]
fn Document(form: DocumentForm) -> impl IntoView {
    let list = list_path(form.kind);
    let mut trail = vec![step(list, list_title(form.kind))];
    let (title, page) = if form.id.is_empty() {
        trail.push(step(
            format!("{list}/new"),
            format!("New {}", form.kind.words()),
        ));
        ("As JSON".to_owned(), format!("{list}/new"))
    } else {
        let page = format!("{list}/{}", form.id);
        trail.push(step(&page, &form.stored_name));
        (format!("Document of {}", form.stored_name), page)
    };
    view! {
        <PageHead title trail />
        <Banner />
        {match form.difference.clone() {
            Some(difference) => view! { <Asking form difference page /> }.into_any(),
            None => view! { <Typing form page /> }.into_any(),
        }}
    }
}

#[component]
fn Typing(form: DocumentForm, page: String) -> impl IntoView {
    let (words, button) = if form.id.is_empty() {
        ("What POST takes in the API. The same rules judge it.", view! { <button type="submit" class="button button-main" name="step" value="create">"Create"</button> }.into_any())
    } else {
        ("What PUT takes in the API, and the same rules judge it: what is left out is not kept.", view! { <button type="submit" class="button button-main" name="step" value="preview">"See what will change"</button> }.into_any())
    };
    view! {
        <p class="prose">{words}</p>
        <form method="post" class="form document-form code">
            <input type="hidden" name="seen" value=form.seen_at.to_string() />
            <Lines form=FORM name=FIELD label="Document" given=form.text rows=26 max_length=1_000_000 />
            <div class="form-actions">
                {button}
                <a class="button" href=page>"Cancel"</a>
            </div>
        </form>
    }
}

#[component]
fn Asking(form: DocumentForm, difference: Difference, page: String) -> impl IntoView {
    let Difference {
        lines,
        unknown,
        permissions,
    } = difference;
    let nothing = lines.is_empty() && permissions == Preview::default();
    let same = lines.is_empty();
    let unknown = (!unknown.is_empty()).then(|| {
        let words = format!("Not known, and not kept: {}.", unknown.join(", "));
        view! { <p class="warnings">{words}</p> }
    });
    let text = in_textarea(&form.text);
    view! {
        <section class="panel" aria-labelledby="changes-heading">
            <h2 id="changes-heading">"What will change"</h2>
            {if nothing {
                view! { <p>"Nothing changes."</p> }.into_any()
            } else if same {
                ().into_any()
            } else {
                view! { <Lined lines /> }.into_any()
            }}
            {unknown}
            <OfPermissions permissions />
            <form method="post">
                <input type="hidden" name="seen" value=form.seen_at.to_string() />
                <textarea name=FIELD hidden>{text}</textarea>
                <div class="form-actions">
                    {(!nothing).then(|| view! { <button type="submit" class="button button-main" name="step" value="save">"Save"</button> })}
                    <button type="submit" class="button" name="step" value="change">"Change more"</button>
                    <a class="button" href=page>"Cancel"</a>
                </div>
            </form>
        </section>
    }
}

/// What changes of the permissions, since a document may say them too.
#[component]
fn OfPermissions(permissions: Preview) -> impl IntoView {
    let Preview { changes, warnings } = permissions;
    let list = |items: Vec<String>| {
        items
            .into_iter()
            .map(|words| view! { <li>{words}</li> })
            .collect_view()
    };
    let changes = (!changes.is_empty()).then(|| {
        view! {
            <h3>"Permissions"</h3>
            <ul class="places">{list(changes)}</ul>
        }
    });
    let warnings =
        (!warnings.is_empty()).then(|| view! { <ul class="warnings">{list(warnings)}</ul> });
    (changes, warnings)
}

#[component]
fn Lined(lines: Vec<DiffLine>) -> impl IntoView {
    let lines = lines
        .into_iter()
        .map(|line| match line {
            DiffLine::Same(text) => view! { <span>{format!("  {text}\n")}</span> }.into_any(),
            DiffLine::Gone(text) => view! { <del>{format!("- {text}\n")}</del> }.into_any(),
            DiffLine::New(text) => view! { <ins>{format!("+ {text}\n")}</ins> }.into_any(),
            DiffLine::Gap => view! { <span class="quiet">"  …\n"</span> }.into_any(),
        })
        .collect_view();
    view! {
        <pre class="diff" tabindex="0" role="region" aria-label="Changed lines"><code>{lines}</code></pre>
    }
}

/// The document of an object, or of a new one. Posted to its page, it tells what would change, or stores it.
///
/// # Errors
/// [`UiError::NotFound`], [`UiError::Denied`] for whoever may not write it.
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
    server::fill(&service, &caller, parameters::item_kind(&kind)?, &id).await
}
