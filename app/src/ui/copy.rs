//! A text with a button that copies it: ids, links, lines to paste. Without scripts it is selected by hand.

use leptos::{ev::MouseEvent, prelude::*, task::spawn_local};

use crate::ui::browser;

/// The text in a field, and Copy.
#[component]
pub fn CopyText(
    /// The text.
    text: String,
    /// What it is.
    label: String,
) -> impl IntoView {
    view! {
        <Copying>
            <input class="new-secret-field" type="text" readonly autocomplete="off" spellcheck="false" aria-label=label value=text />
            <button type="button" class="button needs-scripts">"Copy"</button>
        </Copying>
    }
}

/// Copies from the field before the button that was pressed.
#[island]
fn Copying(
    /// The field and its button.
    children: Children,
) -> impl IntoView {
    let said = RwSignal::new("");
    let on_press = move |event: MouseEvent| {
        let field = browser::before_pressed(&event);
        let Some(text) = field.and_then(|field| field.get_attribute("value")) else {
            return;
        };
        spawn_local(async move {
            said.set(if browser::copy(&text).await {
                "Copied to the clipboard"
            } else {
                "This browser does not let a page copy. Select the text and press Ctrl+C."
            });
        });
    };
    view! {
        <div class="copy" on:click=on_press>
            {children()}
            <span class="new-secret-status" role="status">{said}</span>
        </div>
    }
}
