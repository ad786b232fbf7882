//! A text with a button that copies it: ids, links, lines to paste. Without scripts it is selected by hand.

use leptos::{prelude::*, task::spawn_local};

use super::browser;

/// The text in a field, and Copy.
#[island]
pub(crate) fn CopyText(
    /// The text.
    text: String,
    /// What it is.
    label: String,
) -> impl IntoView {
    let said = RwSignal::new("");
    let copied = text.clone();
    let on_copy = move |_| {
        let text = copied.clone();
        spawn_local(async move {
            said.set(if browser::copy(&text).await {
                "Copied to the clipboard"
            } else {
                "This browser does not let a page copy. Select the text and press Ctrl+C."
            });
        });
    };
    view! {
        <div class="copy">
            <input class="fresh-secret" type="text" readonly autocomplete="off" spellcheck="false" aria-label=label value=text />
            <button type="button" class="button needs-scripts" on:click=on_copy>"Copy"</button>
            <span class="fresh-said" role="status">{said}</span>
        </div>
    }
}
