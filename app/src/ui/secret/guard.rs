//! Guards a page with a secret: it is hidden when the page is not in view, and dropped when the page is left.

use gloo_timers::callback::Timeout;
use leptos::{
    ev::{self, KeyboardEvent},
    prelude::*,
    web_sys,
};

use crate::ui::browser;

/// Milliseconds after which a revealed secret is hidden in a tab that is not visible.
const HIDDEN_TAB_MS: u32 = 60_000;

/// Hides a revealed secret when the page is not in view, drops it when the page is left, and asks once before something
/// is lost that was never copied.
pub(crate) fn guard(
    sign_out_channel: &'static str,
    hide: impl Fn() + Copy + 'static,
    forget: impl Fn() + Copy + 'static,
    is_lost: impl Fn() -> bool + Copy + 'static,
) {
    Effect::new(move |_| {
        // The listeners exist until the page is closed.
        window_event_listener(ev::keydown, move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                hide();
            }
        });
        window_event_listener_untyped("pagehide", move |_| forget());
        window_event_listener_untyped("beforeunload", move |event| {
            if is_lost() {
                event.prevent_default();
            }
        });
        let timeout = StoredValue::new_local(None::<Timeout>);
        let on_visibility = move |_| {
            let hidden = document().visibility_state() == web_sys::VisibilityState::Hidden;
            // Replacing a timeout cancels it.
            timeout.set_value(hidden.then(|| Timeout::new(HIDDEN_TAB_MS, hide)));
        };
        // The event is sent to the document and bubbles to the window.
        window_event_listener_untyped("visibilitychange", on_visibility);
        browser::on_sign_out(sign_out_channel, move || {
            forget();
            // After the reload the server decides what this tab may show.
            let _ = window().location().reload();
        })
    });
}
