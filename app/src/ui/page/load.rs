//! What most pages do: read the id in their path, load their data, and show why it could not be loaded.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::error::UiError;
use crate::ui::page::failure::Failure;

/// The id in the path of the current page; empty when its route has none.
#[must_use]
pub fn id_in_path() -> String {
    use_params_map()
        .with_untracked(|params| params.get("id"))
        .unwrap_or_default()
}

/// Waits for the data of a page and shows it, or the error that prevented it.
pub fn loaded<T, V>(
    reading: impl Future<Output = Result<T, UiError>> + Send + 'static,
    show: impl FnOnce(T) -> V + Send + 'static,
) -> impl IntoView
where
    T: Send + 'static,
    V: IntoView + 'static,
{
    Suspend::new(async move {
        match reading.await {
            Ok(data) => show(data).into_any(),
            Err(error) => view! { <Failure error /> }.into_any(),
        }
    })
}
