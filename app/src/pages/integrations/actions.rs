//! What the Actions menu of an integration offers: Info, Edit and Delete.

use domain::audit::event::ObjectType;
use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    error::UiError,
    model::{
        integrations::integration::IntegrationRow,
        platform::{paths::INTEGRATIONS, viewer::administrates},
    },
    pages::audit::info::InfoDialog,
    ui::{
        dialog::{ask::Ask, request::Asked},
        object::{Actions, Offer, return_to},
    },
};

/// Shown to users who are not administrators.
pub(super) const ADMINISTRATORS_ONLY: &str = "Only administrators can see and change integrations, because they hold credentials for other systems.";

/// The Actions menu.
#[component]
pub(super) fn IntegrationActions(id: String, name: String, here: String) -> impl IntoView {
    let offers = vec![
        Offer::INFO,
        Offer::Page("Edit", format!("{INTEGRATIONS}/{id}/edit")),
        Offer::DELETE,
    ];
    view! { <Actions id name here offers /> }
}

/// The dialog that the address asks for, over a page with these integrations.
#[component]
pub(super) fn IntegrationDialogs(
    asked: Option<Asked>,
    rows: Vec<IntegrationRow>,
    here: String,
) -> impl IntoView {
    let deletes = asked
        .as_ref()
        .filter(|asked| asked.show == "delete" && administrates());
    let deleted = deletes.and_then(|asked| rows.into_iter().find(|row| row.id == asked.of));
    view! {
        <InfoDialog asked=asked.clone() kind=ObjectType::Integration here=here.clone() />
        {deleted.map(|row| view! { <IntegrationDeleteDialog id=row.id name=row.name here /> })}
    }
}

#[component]
fn IntegrationDeleteDialog(id: String, name: String, here: String) -> impl IntoView {
    view! {
        <Ask
            heading=format!("Delete {name}?")
            here
            return_to=return_to(&id)
            action=DeleteIntegration::url()
            fields=vec![("id", id)]
            button="Delete"
            cancel="Keep it"
        >
            <p>"Detectors that notify through it no longer do so; their rules do not change. Its credentials are deleted with it."</p>
            <p>"This cannot be undone. To stop it temporarily, disable it."</p>
        </Ask>
    }
}

/// Deletes an integration.
///
/// # Errors
/// [`UiError::NotFound`]; [`UiError::Denied`] unless the caller is an administrator.
#[server(prefix = "/ui", endpoint = "integration/delete")]
pub async fn delete_integration(
    /// The integration.
    id: String,
) -> Result<(), UiError> {
    use crate::request::{self, parameters};
    let (service, caller) = request::signed_in()?;
    let id = parameters::id(&id)?;
    let done = service.integrations().delete(&caller, id).await;
    request::Form::on("delete", INTEGRATIONS)
        .saying("The integration is deleted.")
        .ends(request::report(done))
}
