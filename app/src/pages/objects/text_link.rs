//! Texts with and without links, and tags.

use leptos::prelude::*;

use crate::model::objects::detector::TextLink;

/// A text, as a link where it has an address.
#[component]
pub(super) fn Linked(link: TextLink) -> impl IntoView {
    if link.href.is_empty() {
        link.text.into_any()
    } else {
        view! { <a href=link.href rel="noreferrer">{link.text}</a> }.into_any()
    }
}

/// Tags as a list; nothing without tags.
#[component]
pub(super) fn Tags(tags: Vec<String>) -> impl IntoView {
    (!tags.is_empty()).then(|| {
        let items = tags
            .into_iter()
            .map(|tag| view! { <li>{tag}</li> })
            .collect_view();
        view! { <ul class="tags">{items}</ul> }
    })
}
