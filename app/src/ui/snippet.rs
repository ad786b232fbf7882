//! Ready ways to use a secret, each a text to paste with a Copy of its own. The server writes them out with a mask where
//! the secret belongs; a script puts the secret there for as long as it is shown.

use leptos::{
    ev::MouseEvent, html::Div, prelude::*, wasm_bindgen::JsCast, web_sys::HtmlTextAreaElement,
};

use crate::{
    model::tokens::user_token::Snippet,
    ui::{browser, field::in_textarea},
};

/// Snippets of which each has a Copy, in a part that is closed at first: the one Copy people come for is the secret's.
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

/// The text of the snippet whose Copy was pressed.
pub(super) fn pressed(event: &MouseEvent) -> Option<HtmlTextAreaElement> {
    browser::before_pressed(event)?.dyn_into().ok()
}

/// A snippet with this where its mask is written.
pub(super) fn filled(area: &HtmlTextAreaElement, mask: &str, text: &str) -> String {
    let written = area.text_content().unwrap_or_default();
    written.replace(mask, text)
}

/// Shows this in every snippet where its mask is written.
pub(super) fn show(part: NodeRef<Div>, mask: &str, text: &str) {
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
