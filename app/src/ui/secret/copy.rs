//! A text with a button that copies it, such as an id or a link. Without scripts users select it by hand.

use leptos::{ev::MouseEvent, prelude::*, task::spawn_local};

use crate::ui::browser;

/// A read-only field with the button Copy.
#[component]
pub fn CopyText(
    /// The text.
    text: String,
    /// Accessible name of the field.
    label: String,
) -> impl IntoView {
    view! {
        <Copying>
            <input class="new-secret-field" type="text" readonly autocomplete="off" spellcheck="false" aria-label=label value=text />
            <button type="button" class="button needs-scripts">"Copy"</button>
        </Copying>
    }
}

/// Copies the field before the pressed button.
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
