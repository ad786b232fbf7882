//! Snippets: text to paste that contains a secret, each with its own Copy. The server renders them with a mask; a
//! script replaces it with the secret while the secret is shown.

use leptos::{
    ev::MouseEvent, html::Div, prelude::*, wasm_bindgen::JsCast, web_sys::HtmlTextAreaElement,
};

use crate::{
    model::tokens::user_token::Snippet,
    ui::{browser, form::field::in_textarea},
};

/// Snippets in a section that is closed at first, so that the Copy of the secret stands out.
#[component]
pub fn Snippets(
    /// The snippets, with the mask.
    snippets: Vec<Snippet>,
) -> impl IntoView {
    let items = snippets
        .into_iter()
        .map(|(label, text)| {
            view! {
                <div class="snippet" role="group" aria-label=label.clone()>
                    <p aria-hidden="true">{label.clone()}</p>
                    <textarea rows="4" readonly spellcheck="false" aria-label=label.clone()>{in_textarea(&text)}</textarea>
                    <button type="button" class="button">"Copy"</button>
                </div>
            }
        })
        .collect_view();
    view! {
        <details class="disclosure">
            <summary>"Ready to paste: curl and Terraform"</summary>
            {items}
        </details>
    }
}

/// The snippet of the pressed Copy button.
pub(crate) fn pressed(event: &MouseEvent) -> Option<HtmlTextAreaElement> {
    browser::before_pressed(event)?.dyn_into().ok()
}

/// The text of a snippet with its mask replaced.
pub(crate) fn filled(area: &HtmlTextAreaElement, mask: &str, text: &str) -> String {
    let written = area.text_content().unwrap_or_default();
    written.replace(mask, text)
}

/// Replaces the mask in every snippet.
pub(crate) fn show(part: NodeRef<Div>, mask: &str, text: &str) {
    let Some(part) = part.get() else {
        return;
    };
    let areas = part.get_elements_by_tag_name("textarea");
    for place in 0..areas.length() {
        if let Some(area) = areas.item(place) {
            let area: HtmlTextAreaElement = area.unchecked_into();
            area.set_value(&filled(&area, mask, text));
        }
    }
}
