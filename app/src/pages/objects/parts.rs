//! Parts that the pages of all kinds of objects have.

use domain::platform::timestamp::Timestamp;
use leptos::prelude::*;

use crate::{
    model::objects::content_kind::ContentKind,
    pages::{
        objects::{
            kind::{list_title, section_of},
            rights::{CreateLink, ForWriters},
        },
        platform::frame::Frame,
    },
    ui::{form::token::FormToken, page::head::PageHead, time::DateTime},
};

/// The name of the field with the version that a form shows.
pub(super) const BASE_UPDATED_AT: &str = "baseUpdatedAt";

/// The frame of a list, with the link that creates an object.
#[component]
pub(super) fn ListFrame(#[prop(into)] kind: ContentKind, children: Children) -> impl IntoView {
    let title = list_title(kind);
    view! {
        <Frame title section=section_of(kind)>
            <PageHead title><CreateLink kind /></PageHead>
            {children()}
        </Frame>
    }
}

/// The frame of a form that creates an object.
#[component]
pub(super) fn NewFrame(#[prop(into)] kind: ContentKind, children: Children) -> impl IntoView {
    view! {
        <Frame title=format!("New {}", kind.words()) section=section_of(kind)>
            <ForWriters kind>{children()}</ForWriters>
        </Frame>
    }
}

/// The SignalFlow program of an object.
#[component]
pub(super) fn Program(program: String) -> impl IntoView {
    view! {
        <section class="panel" aria-labelledby="program-heading">
            <h2 id="program-heading">"Program"</h2>
            <pre class="program" tabindex="0" role="region" aria-label="Program text"><code>{program}</code></pre>
        </section>
    }
}

/// The description of an object, if it has one.
#[component]
pub(super) fn Description(text: String) -> impl IntoView {
    (!text.is_empty()).then(|| view! { <p class="prose">{text}</p> })
}

/// When an object was last updated, and by which user or token.
#[component]
pub(super) fn LastUpdated(at: Timestamp, by: String) -> impl IntoView {
    view! { "Last updated " <DateTime at /> " by " {by} }
}

/// The confirmation after a preview: save, change more, or cancel.
#[component]
pub(super) fn Confirmation(
    /// When the stored object was updated, as the preview read it.
    base_updated_at: i64,
    /// The label of the button that saves; `None` when there is nothing to save.
    save: Option<&'static str>,
    /// The address of the object's page.
    page: String,
    /// The posted fields, hidden.
    children: Children,
) -> impl IntoView {
    view! {
        <form method="post">
            <FormToken />
            <BaseUpdatedAt at=base_updated_at />
            {children()}
            <div class="form-actions">
                {save.map(|label| view! { <button type="submit" class="button button-main" name="step" value="save">{label}</button> })}
                <button type="submit" class="button" name="step" value="change">"Change more"</button>
                <a class="button" href=page>"Cancel"</a>
            </div>
        </form>
    }
}

/// The field of a form for an object: when the version that the form shows was updated, in microseconds since 1970.
#[component]
pub(super) fn BaseUpdatedAt(
    /// When it was updated.
    at: i64,
) -> impl IntoView {
    view! { <input type="hidden" name=BASE_UPDATED_AT value=at.to_string() /> }
}
