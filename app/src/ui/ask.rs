//! A question before an act that cannot be taken back: a dialog that the address opens, with the form that does it.

use leptos::prelude::*;

use crate::ui::modal::Modal;

/// Asks once, and posts the answer.
#[component]
pub fn Ask(
    /// The question.
    #[prop(into)]
    heading: String,
    /// The page without the question.
    here: String,
    /// The id of the element that gets the focus when it closes.
    return_to: String,
    /// Where the answer is posted.
    action: &'static str,
    /// What is posted with it.
    fields: Vec<(&'static str, String)>,
    /// The words of the button that does it.
    button: &'static str,
    /// The words of the link that does not.
    #[prop(default = "Cancel")]
    cancel: &'static str,
    /// Whether it takes something away for good.
    #[prop(default = true)]
    is_danger: bool,
    /// What is said before: what will happen. Fields of the form too.
    children: Children,
) -> impl IntoView {
    let hidden = fields
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect_view();
    view! {
        <Modal heading close_href=here.clone() return_to>
            <form method="post" action=action class="dialog-form">
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
