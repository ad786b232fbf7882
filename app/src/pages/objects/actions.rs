//! What dashboards, dashboard groups and detectors have in common on their pages: where they are, what can be done with
//! one, and why something cannot.

use domain::objects::permissions::ItemKind;
use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    error::UiError,
    model::{
        objects::object::{May, ObjectRow},
        platform::viewer::Viewer,
    },
    pages::objects::kind::list_path,
    ui::{
        ask::Ask,
        dialog_request::Asked,
        failure::Failure,
        object::{Actions, Offer, return_to},
    },
};

/// The Actions menu of a dashboard, dashboard group or detector: what the reader may do with it.
#[component]
pub fn ObjectActions(
    /// What it is.
    kind: ItemKind,
    /// Its id.
    id: String,
    /// Its name.
    name: String,
    /// What the reader may do.
    may: May,
    /// The page without a dialog.
    here: String,
) -> impl IntoView {
    let mut offers = vec![Offer::INFO, Offer::PERMISSIONS];
    if may.edit {
        let page = format!("{}/{id}", list_path(kind));
        offers.push(Offer::Page("Edit", format!("{page}/edit")));
        offers.push(Offer::Page("Edit as JSON", format!("{page}/document")));
    }
    if may.delete {
        offers.push(Offer::DELETE);
    }
    view! { <Actions id name here offers /> }
}

/// Why the reader cannot do with an object what its Actions menu does not offer.
#[component]
pub fn WhyNot(
    /// What it is.
    kind: ItemKind,
    /// What the reader may do.
    may: May,
    /// The page without a dialog.
    here: String,
) -> impl IntoView {
    let is_writer = use_context::<Viewer>().is_some_and(|viewer| viewer.is_writer);
    let words = match (may.edit, may.permit, may.delete) {
        (true, _, true) => return ().into_any(),
        (true, _, false) => {
            "You may change it. Deleting it needs write permission on its group too."
        }
        (false, true, _) => {
            "As an administrator you may change its permissions. To change or delete it, give yourself write permission first."
        }
        (false, false, _) if is_writer => {
            "You may read it. Changing or deleting it needs write permission, which whoever may write it can give you."
        }
        (false, false, _) => {
            "You may read it. Changing or deleting it needs the role power user and write permission."
        }
    };
    let permissions = format!("{here}?show=permissions");
    view! {
        <p class="prose">
            {words} " " <a href=permissions>"Who may write this " {kind.words()}</a>
        </p>
    }
    .into_any()
}

/// The link that makes a new one, for whoever may; others are told who does.
#[component]
pub fn MakeNew(
    /// What it is.
    kind: ItemKind,
) -> impl IntoView {
    let words = kind.words();
    if may_make() {
        let href = format!("{}/new", list_path(kind));
        view! { <a class="button button-main" href=href>"New " {words}</a> }.into_any()
    } else {
        view! { <p class="quiet">"Power users and administrators make " {words} "s."</p> }
            .into_any()
    }
}

/// Something only people may do whose role lets them change things; others are told so.
#[component]
pub fn ForWriters(
    /// What is made.
    kind: ItemKind,
    /// How: a form.
    children: Children,
) -> impl IntoView {
    if may_make() {
        return children().into_any();
    }
    let words = kind.words();
    let error = UiError::Denied(format!(
        "Making a {words} needs the role power user or administrator."
    ));
    #[cfg(feature = "ssr")]
    crate::request::set_status(error.status());
    view! { <Failure error /> }.into_any()
}

fn may_make() -> bool {
    use_context::<Viewer>().is_some_and(|viewer| viewer.is_writer)
}

/// An object that the address asks to delete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoomedObject {
    id: String,
    name: String,
}

impl DoomedObject {
    /// The one of these that the address asks to delete, where the reader may.
    #[must_use]
    pub fn among<'a>(
        asked: Option<&Asked>,
        rows: impl IntoIterator<Item = &'a ObjectRow>,
    ) -> Option<Self> {
        let asked = asked.filter(|asked| asked.show == "delete")?;
        let row = rows.into_iter().find(|row| row.id == asked.of)?;
        row.may.delete.then(|| Self::of(&row.id, &row.name))
    }

    /// This one.
    #[must_use]
    pub fn of(id: &str, name: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
        }
    }
}

/// Asks once whether an object shall be deleted, saying what goes with it.
#[component]
pub fn AskDelete(
    /// What it is.
    kind: ItemKind,
    /// Which one.
    object: DoomedObject,
    /// The page without the question.
    here: String,
) -> impl IntoView {
    let DoomedObject { id, name } = object;
    let words = match kind {
        ItemKind::DashboardGroup => {
            "The dashboards in it go too, whoever may write them; one that another group shows moves there. Charts stay, on no dashboard."
        }
        ItemKind::Detector => "It watches nothing from then on. Charts that name it stay.",
        ItemKind::Dashboard => "Its charts stay, on no dashboard.",
    };
    view! {
        <Ask
            heading=format!("Delete {name}?")
            here
            return_to=return_to(&id)
            action=DeleteObject::url()
            fields=vec![("kind", kind.label().to_owned()), ("id", id)]
            button="Delete"
            cancel="Keep it"
        >
            <p>{words} " The record of what was done with it stays. This cannot be undone."</p>
        </Ask>
    }
}

/// Deletes a dashboard, dashboard group or detector.
///
/// # Errors
/// [`UiError::NotFound`], [`UiError::Denied`] for whoever may not.
#[server(prefix = "/ui", endpoint = "object/delete")]
pub async fn delete_object(
    /// What it is.
    kind: String,
    /// Which one.
    id: String,
) -> Result<(), UiError> {
    use crate::{
        pages::objects::form::server,
        request::{self, parameters},
    };
    let (service, caller) = request::signed_in()?;
    let kind = parameters::item_kind(&kind)?;
    let done = server::delete(&service, &caller, kind, parameters::id(&id)?).await;
    request::Form::on("delete", list_path(kind))
        .saying(format!("The {} is deleted.", kind.words()))
        .ends(done)
}
