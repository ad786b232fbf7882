//! A part of a page for administrators.

use leptos::prelude::*;

use crate::{error::UiError, model::platform::viewer::administrates, ui::failure::Failure};

/// Content for administrators only; other members see these words instead.
#[component]
pub fn ForAdministrators(
    /// Who does it.
    words: &'static str,
    /// What is done: a form.
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
