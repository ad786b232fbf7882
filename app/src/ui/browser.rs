//! Browser APIs for secrets: the clipboard, and the message of other tabs that the user signed out.

use leptos::{
    ev::MouseEvent,
    prelude::*,
    wasm_bindgen::{JsCast, closure::Closure},
    web_sys,
};
use wasm_bindgen_futures::JsFuture;

use crate::model::platform::address::address;
use crate::model::platform::paths::CONFIRM;

/// Copies a text to the clipboard; `false` when the browser does not allow it.
///
/// The async Clipboard API is missing on plain http other than localhost; there the older copy command copies what is
/// selected, from a temporary field that keeps line breaks, as an `input` would not.
pub(super) async fn copy(text: &str) -> bool {
    let clipboard = window().navigator().clipboard();
    // The binding always returns a value, which is `undefined` on plain http.
    if !clipboard.is_undefined() && JsFuture::from(clipboard.write_text(text)).await.is_ok() {
        return true;
    }
    copy_by_command(text).unwrap_or(false)
}

/// Leads to the page that asks for the password again, which leads back to this one.
pub(super) fn go_confirm() {
    let location = window().location();
    let page = [location.pathname(), location.search()];
    let page: String = page.into_iter().filter_map(Result::ok).collect();
    let confirm = address(CONFIRM, [("next", page.as_str())]);
    // A browser that stays on the page shows the error.
    let _ = location.assign(&confirm);
}

/// The element before the pressed one: the field that a Copy button belongs to.
pub(super) fn before_pressed(event: &MouseEvent) -> Option<web_sys::Element> {
    let pressed: web_sys::Element = event.target()?.unchecked_into();
    pressed.previous_element_sibling()
}

fn copy_by_command(text: &str) -> Option<bool> {
    let document = document();
    let focused = document.active_element();
    let field: web_sys::HtmlTextAreaElement =
        document.create_element("textarea").ok()?.dyn_into().ok()?;
    field.set_value(text);
    field.set_read_only(true);
    field.set_class_name("visually-hidden");
    document.body()?.append_child(&field).ok()?;
    field.select();
    let copied = document
        .dyn_ref::<web_sys::HtmlDocument>()
        .and_then(|document| document.exec_command("copy").ok())
        .unwrap_or(false);
    field.set_value("");
    field.remove();
    if let Some(focused) =
        focused.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
    {
        // The focus returns to the button, or else to the page.
        let _ = focused.focus();
    }
    Some(copied)
}

/// Calls back when another tab of this browser signs out.
pub(super) fn on_sign_out(
    channel_name: &str,
    action: impl Fn() + 'static,
) -> Option<web_sys::BroadcastChannel> {
    let channel = web_sys::BroadcastChannel::new(channel_name).ok()?;
    let heard = Closure::<dyn Fn()>::new(action);
    channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    // The listener exists until the page is closed.
    heard.forget();
    Some(channel)
}
