//! `/dashboards/new`, `/dashboards/{id}/edit` and their likes: what most people change of a dashboard, dashboard group or
//! detector, by form. All else of it is a document ([`crate::pages::objects::document::page`]).

use domain::objects::permissions::ItemKind;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::{
    error::UiError,
    model::objects::form::{Alert, FORM, ObjectForm},
    pages::{
        objects::{
            actions::ForWriters,
            kind::{list_path, list_title, section_of},
        },
        platform::frame::Frame,
    },
    ui::{
        failure::Failure,
        field::{Choice, Field, Lines},
        head::{PageHead, step},
        notice::Banner,
    },
};

/// How bad an alert can be, the worst first.
const SEVERITIES: &[&str] = &["Critical", "Major", "Minor", "Warning", "Info"];

/// A new dashboard.
#[component]
pub fn NewDashboardPage() -> impl IntoView {
    view! { <NewPage kind=ItemKind::Dashboard /> }
}

/// A new dashboard group.
#[component]
pub fn NewGroupPage() -> impl IntoView {
    view! { <NewPage kind=ItemKind::DashboardGroup /> }
}

/// A new detector.
#[component]
pub fn NewDetectorPage() -> impl IntoView {
    view! { <NewPage kind=ItemKind::Detector /> }
}

/// Another name, description or tags for a dashboard.
#[component]
pub fn EditDashboardPage() -> impl IntoView {
    view! { <EditPage kind=ItemKind::Dashboard /> }
}

/// Another name or description for a dashboard group.
#[component]
pub fn EditGroupPage() -> impl IntoView {
    view! { <EditPage kind=ItemKind::DashboardGroup /> }
}

/// Another name, description, program or tags for a detector.
#[component]
pub fn EditDetectorPage() -> impl IntoView {
    view! { <EditPage kind=ItemKind::Detector /> }
}

#[component]
fn NewPage(kind: ItemKind) -> impl IntoView {
    view! {
        <Frame title=format!("New {}", kind.words()) section=section_of(kind)>
            <ForWriters kind><Filling kind id=String::new() /></ForWriters>
        </Frame>
    }
}

#[component]
fn EditPage(kind: ItemKind) -> impl IntoView {
    let id = use_params_map()
        .with_untracked(|params| params.get("id"))
        .unwrap_or_default();
    view! {
        <Frame title=format!("Edit {}", kind.words()) section=section_of(kind)>
            <Filling kind id />
        </Frame>
    }
}

#[component]
fn Filling(kind: ItemKind, id: String) -> impl IntoView {
    Suspend::new(async move {
        match fill_object(kind.label().to_owned(), id).await {
            Ok(form) => {
                provide_context(form.notice.clone());
                view! { <Whole form /> }.into_any()
            }
            Err(error) => view! { <Failure error /> }.into_any(),
        }
    })
}

#[component]
fn Whole(form: ObjectForm) -> impl IntoView {
    let (list, words) = (list_path(form.kind), form.kind.words());
    let is_new = form.id.is_empty();
    let mut trail = vec![step(list, list_title(form.kind))];
    let page = if is_new {
        list.to_owned()
    } else {
        let page = format!("{list}/{}", form.id);
        trail.push(step(&page, &form.stored_name));
        page
    };
    let (title, submit, document) = if is_new {
        (
            format!("New {words}"),
            format!("Create {words}"),
            format!("{list}/new/document"),
        )
    } else {
        (
            format!("Edit {}", form.stored_name),
            "Save".to_owned(),
            format!("{page}/document"),
        )
    };
    view! {
        <PageHead title trail />
        <Banner />
        <form method="post" class="form object-form">
            <input type="hidden" name="seen" value=form.seen_at.to_string() />
            <Fields form is_new />
            <div class="form-actions">
                <button type="submit" class="button button-main">{submit}</button>
                <a class="button" href=page>"Cancel"</a>
            </div>
        </form>
        <p class="prose">"Everything else of it is in its document. " <a href=document>"Edit as JSON"</a></p>
    }
}

#[component]
fn Fields(form: ObjectForm, is_new: bool) -> impl IntoView {
    let kind = form.kind;
    let is_detector = kind == ItemKind::Detector;
    let name_length = domain::platform::limits::OBJECT_NAME_CHARACTERS;
    let program_hint =
        "SignalFlow. What it finds is published under a label: detect(…).publish('CPU is high').";
    view! {
        <Field form=FORM name="name" label="Name" given=form.name focused=true max_length=name_length />
        <Lines form=FORM name="description" label="Description (optional)" given=form.description max_length=10_000 />
        {(is_new && kind == ItemKind::Dashboard).then(|| {
            let own = (String::new(), "A new group of the same name".to_owned());
            let choices = std::iter::once(own).chain(form.groups).collect();
            view! { <Choice form=FORM name="groupId" label="Group" choices given=form.group hint="Those you may write." /> }
        })}
        {is_detector.then(|| view! {
            <div class="code">
                <Lines form=FORM name="programText" label="Program" given=form.program rows=8 max_length=500_000 hint=program_hint />
            </div>
        })}
        {(is_new && is_detector).then(|| view! { <FirstRule alert=form.alert /> })}
        {(kind != ItemKind::DashboardGroup).then(|| view! {
            <Lines form=FORM name="tags" label="Tags (optional)" given=form.tags max_length=20_000 hint="One a line." />
        })}
    }
}

#[component]
fn FirstRule(alert: Alert) -> impl IntoView {
    let severities = SEVERITIES
        .iter()
        .map(|severity| ((*severity).to_owned(), (*severity).to_owned()))
        .collect();
    view! {
        <fieldset class="field item">
            <legend>"First rule"</legend>
            <div class="form">
                <Field form=FORM name="label" label="Label (optional)" given=alert.label may_be_empty=true hint="One that the program publishes. Without one the detector has no rule yet." />
                <Choice form=FORM name="severity" label="Severity" choices=severities given=alert.severity />
                <Field form=FORM name="email" label="Email of whom it tells (optional)" kind="email" given=alert.email may_be_empty=true />
            </div>
        </fieldset>
    }
}

/// The form of an object, or of a new one. Posted to its page, the object is stored.
///
/// # Errors
/// [`UiError::NotFound`], [`UiError::Denied`] for whoever may not write it.
#[server(prefix = "/ui", endpoint = "object/form")]
pub async fn fill_object(
    /// The kind of object.
    kind: String,
    /// The object; empty for a new one.
    id: String,
) -> Result<ObjectForm, UiError> {
    use crate::{
        pages::objects::form::server,
        request::{self, parameters},
    };
    let (service, caller) = request::signed_in()?;
    server::fill(&service, &caller, parameters::item_kind(&kind)?, &id).await
}
