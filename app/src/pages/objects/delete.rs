//! The dialog that deletes an object.

use domain::objects::permissions::ItemKind;
use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    error::UiError,
    model::objects::{
        content_kind::{ContentKind, SharedContentKind},
        object::ObjectRow,
    },
    ui::{dialog::ask::Ask, object::return_to},
};

/// Asks for confirmation and says what is deleted with the object.
#[component]
pub(super) fn DeleteDialog(kind: ContentKind, row: ObjectRow, here: String) -> impl IntoView {
    let ObjectRow { id, name, .. } = row;
    let consequences = match kind {
        ContentKind::Item(ItemKind::DashboardGroup) => {
            "Its dashboards are deleted with it, including those that you cannot write. A dashboard that another group shows too moves there. Charts stay, without a dashboard."
        }
        ContentKind::Item(ItemKind::Detector) => {
            "Its rules no longer notify anyone. Charts that refer to it stay."
        }
        ContentKind::Item(ItemKind::Dashboard) => "Its charts stay, without a dashboard.",
        ContentKind::Shared(SharedContentKind::AlertMuting) => {
            "Alerts that it mutes are sent again."
        }
        ContentKind::Shared(SharedContentKind::DataLink) => "Charts no longer show it.",
        ContentKind::Shared(SharedContentKind::Slo) => "Its alert rules no longer notify anyone.",
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
            <p>{consequences} " Its audit events stay. This cannot be undone."</p>
        </Ask>
    }
}

/// Deletes an object.
///
/// # Errors
/// [`UiError::NotFound`]; [`UiError::Denied`] without write permission or a writing role.
#[server(prefix = "/ui", endpoint = "object/delete")]
pub async fn delete_object(
    /// The kind of object.
    kind: String,
    /// The object.
    id: String,
) -> Result<(), UiError> {
    use crate::{
        pages::objects::{editing, kind::list_path},
        request::{self, parameters},
    };
    let (service, caller) = request::signed_in()?;
    let kind = parameters::content_kind(&kind)?;
    let done = editing::delete(&service, &caller, kind, parameters::id(&id)?).await;
    request::Form::on("delete", list_path(kind))
        .saying(format!("The {} is deleted.", kind.words()))
        .ends(done)
}
