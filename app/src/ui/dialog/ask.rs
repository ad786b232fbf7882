//! A confirmation dialog, with the form that performs the operation.

use leptos::prelude::*;

use crate::ui::{
    dialog::modal::Modal,
    form::{hidden::hidden_fields, token::FormToken},
};

/// A confirmation dialog that the URL opens.
#[component]
pub fn Ask(
    /// Heading, such as "Revoke deploy?".
    #[prop(into)]
    heading: String,
    /// URL of the page without the dialog.
    here: String,
    /// Id of the element that gets the focus when the dialog closes.
    return_to: String,
    /// URL that the form is posted to.
    action: &'static str,
    /// Hidden fields.
    fields: Vec<(&'static str, String)>,
    /// Label of the submit button.
    button: &'static str,
    /// Label of the link to cancel.
    #[prop(default = "Cancel")]
    cancel: &'static str,
    /// Whether the operation cannot be undone.
    #[prop(default = true)]
    is_danger: bool,
    /// The consequences, and further fields of the form.
    children: Children,
) -> impl IntoView {
    let hidden = hidden_fields(fields);
    view! {
        <Modal heading close_href=here.clone() return_to>
            <form method="post" action=action class="dialog-form">
                <FormToken action=action />
                {hidden}
                {children()}
                <div class="dialog-actions">
                    <button type="submit" class="button" class:button-danger=is_danger class:button-main=!is_danger>{button}</button>
                    <a class="button" href=here>{cancel}</a>
                </div>
            </form>
        </Modal>
    }
}
