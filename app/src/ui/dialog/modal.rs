//! A dialog that the URL opens (`?show=…`, `?revoke=…`). With scripts it is modal, closes with Escape and returns the
//! focus to its button; without scripts its link closes it.

use leptos::{
    ev::MouseEvent,
    html,
    prelude::*,
    wasm_bindgen::{JsCast, JsValue},
    web_sys,
};

/// Class of the link that closes the dialog.
const CLOSE: &str = "dialog-close";

/// An open dialog with a heading and a link that closes it.
#[component]
pub(crate) fn Modal(
    /// Heading.
    heading: String,
    /// URL of the page without the dialog.
    close_href: String,
    /// Id of the element that gets the focus when the dialog closes.
    return_to: String,
    /// Content.
    children: Children,
) -> impl IntoView {
    view! {
        <Dialog close_href=close_href.clone() return_to>
            <header class="dialog-head">
                <h2 id="dialog-heading" tabindex="-1" autofocus>{heading}</h2>
                <a class=CLOSE href=close_href>"Close"</a>
            </header>
            <div class="dialog-body">{children()}</div>
        </Dialog>
    }
}

/// The `<dialog>` element.
#[island]
fn Dialog(
    /// URL of the page without the dialog.
    close_href: String,
    /// Id of the element that gets the focus when the dialog closes.
    return_to: String,
    /// Content.
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get() {
            // An open dialog cannot become modal, so it is closed without the event and opened again.
            let opened = dialog
                .remove_attribute("open")
                .and_then(|()| dialog.show_modal());
            if opened.is_err() {
                dialog.set_open(true);
            }
        }
    });
    let on_press = move |event: MouseEvent| {
        let pressed = event.target().map(JsCast::unchecked_into);
        let closes = pressed.is_some_and(|pressed: web_sys::Element| pressed.class_name() == CLOSE);
        if let Some(dialog) = dialog.get_untracked().filter(|_| closes) {
            event.prevent_default();
            dialog.close();
        }
    };
    let on_close = move |_| forget(&close_href, &return_to);
    view! {
        <dialog node_ref=dialog class="dialog" aria-labelledby="dialog-heading" open on:close=on_close on:click=on_press>
            {children()}
        </dialog>
    }
}

/// Removes the dialog from the URL and returns the focus.
fn forget(close_href: &str, return_to: &str) {
    if let Ok(history) = window().history() {
        // If this fails, a reload shows the dialog again.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(close_href));
    }
    let origin = document().get_element_by_id(return_to);
    if let Some(origin) = origin.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
    {
        // The element may be removed or disabled; then the focus falls back to the page.
        let _ = origin.focus();
    }
}
