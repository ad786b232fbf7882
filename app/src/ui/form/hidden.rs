//! Hidden fields of a form.

use leptos::prelude::*;

/// Hidden fields with these names and values.
pub(crate) fn hidden_fields(
    fields: impl IntoIterator<Item = (&'static str, String)>,
) -> impl IntoView {
    fields
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect_view()
}
