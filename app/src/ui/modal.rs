//! A dialog that the server opens by the address (`?show=…`, `?revoke=…`). Awake, it becomes modal, closes with Escape
//! and gives the focus back to the button it came from; asleep, it is closed by its link.

use leptos::{
    ev::MouseEvent,
    html,
    prelude::*,
    wasm_bindgen::{JsCast, JsValue},
    web_sys,
};

/// The class of the link that closes it.
const CLOSE: &str = "dialog-close";

/// A dialog that is open.
#[component]
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

/// The dialog, with all that is in it.
#[island]
fn Dialog(
    /// The page without it.
    close_href: String,
    /// The id of the element that gets the focus when it closes.
    return_to: String,
    /// What is in it.
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
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

/// Takes the dialog out of the address and gives the focus back.
fn forget(close_href: &str, return_to: &str) {
    if let Ok(history) = window().history() {
        // Without a changed address a reload shows the dialog again: no harm.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(close_href));
    }
    let origin = document().get_element_by_id(return_to);
    if let Some(origin) = origin.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
    {
        // The element may be removed or disabled; then the focus falls back to the page.
        let _ = origin.focus();
    }
}
