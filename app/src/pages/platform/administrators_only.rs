//! Content that only administrators see.

use leptos::prelude::*;

use crate::{error::UiError, model::platform::viewer::administrates, ui::page::failure::Failure};

/// Content for administrators only; other members see these words instead.
#[component]
pub fn ForAdministrators(
    /// Text of the error.
    words: &'static str,
    /// Content for administrators.
    children: Children,
) -> impl IntoView {
    if administrates() {
        children().into_any()
    } else {
        let error = UiError::Denied(words.to_owned());
        #[cfg(feature = "ssr")]
        crate::request::set_status(error.status());
        view! { <Failure error /> }.into_any()
    }
}
