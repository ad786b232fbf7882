//! A dialog that the server opens by the address (`?show=…`, `?revoke=…`). Awake, it becomes modal, closes with Escape
//! and gives the focus back to the button it came from; asleep, it is closed by its link.

use leptos::{
    ev::MouseEvent,
    html::Dialog,
    prelude::*,
    wasm_bindgen::{JsCast, JsValue},
    web_sys,
};

/// A dialog that is open.
#[island]
pub(crate) fn Modal(
    /// Its heading.
    heading: String,
    /// The page without it.
    close_href: String,
    /// The id of the element that gets the focus when it closes.
    return_to: String,
    /// What it says.
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get() {
            // A dialog that is open already cannot become modal: it is closed without the event, then opened again.
            let opened = dialog
                .remove_attribute("open")
                .and_then(|()| dialog.show_modal());
            if opened.is_err() {
                dialog.set_open(true);
            }
        }
    });
    let on_link = move |event: MouseEvent| {
        if let Some(dialog) = dialog.get_untracked() {
            event.prevent_default();
            dialog.close();
        }
    };
    let left = close_href.clone();
    let on_close = move |_| forget(&left, &return_to);
    view! {
        <dialog node_ref=dialog class="dialog" aria-labelledby="dialog-heading" open on:close=on_close>
            <header class="dialog-head">
                <h2 id="dialog-heading" tabindex="-1" autofocus>{heading}</h2>
                <a class="dialog-close" href=close_href on:click=on_link>"Close"</a>
            </header>
            <div class="dialog-body">{children()}</div>
        </dialog>
    }
}

/// Takes the dialog out of the address and gives the focus back.
fn forget(close_href: &str, return_to: &str) {
    if let Ok(history) = window().history() {
        // Without a changed address a reload shows the dialog again: no harm.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(close_href));
    }
    let origin = document().get_element_by_id(return_to);
    if let Some(origin) = origin.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
    {
        // The element may be gone or disabled; then the focus is on the page, where it would be anyway.
        let _ = origin.focus();
    }
}
