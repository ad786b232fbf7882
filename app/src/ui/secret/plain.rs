//! A secret without scripts, in a section that is closed at first.

use leptos::prelude::*;

use crate::{model::tokens::user_token::Snippet, ui::form::field::in_textarea};

/// The secret with its snippets.
#[component]
pub fn PlainSecret(
    /// The secret.
    secret: String,
    /// Label of the field.
    label: &'static str,
    /// Label of the control that opens the section.
    show: &'static str,
    /// Snippets with the secret.
    #[prop(optional)]
    snippets: Vec<Snippet>,
) -> impl IntoView {
    let snippets = snippets
        .into_iter()
        .map(|(label, text)| {
            view! {
                <label class="snippet">
                    {label}
                    <textarea rows="4" readonly autocomplete="off" spellcheck="false">{in_textarea(&text)}</textarea>
                </label>
            }
        })
        .collect_view();
    view! {
        <details class="new-secret-details">
            <summary class="button">{show}</summary>
            <label class="visually-hidden" for="secret">{label}</label>
            <input id="secret" class="new-secret-field" type="text" readonly autocomplete="off" spellcheck="false" value=secret />
            <p class="hint">"Click into the field, press Ctrl+A, then Ctrl+C (on a Mac: ⌘A, ⌘C). Close this part to hide it."</p>
            {snippets}
        </details>
    }
}
