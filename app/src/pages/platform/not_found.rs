//! The page for unknown URLs.

use leptos::prelude::*;

use crate::{
    error::UiError,
    pages::platform::frame::{Frame, is_signed_in},
    ui::page::{
        failure::{FailedPage, Failure},
        navigation::Section,
    },
};

/// The page for unknown URLs.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::request::set_status(404);
    let error = UiError::NotFound("There is no page at this address.".to_owned());
    Suspend::new(async move {
        if is_signed_in().await.unwrap_or_default() {
            view! { <Frame title="Not found" section=Section::Nowhere><Failure error /></Frame> }
                .into_any()
        } else {
            view! { <FailedPage error /> }.into_any()
        }
    })
}
