//! What saving permissions changes, as lists.

use leptos::prelude::*;

use crate::model::objects::permissions::Preview;

/// The changed rights, and the consequences to check before saving.
#[component]
pub fn PermissionChanges(
    /// The changes.
    preview: Preview,
) -> impl IntoView {
    let Preview { changes, warnings } = preview;
    let list = |class: &'static str, texts: Vec<String>| {
        (!texts.is_empty()).then(|| {
            let items = texts
                .into_iter()
                .map(|text| view! { <li>{text}</li> })
                .collect_view();
            view! { <ul class=class>{items}</ul> }
        })
    };
    (list("places", changes), list("warnings", warnings))
}
