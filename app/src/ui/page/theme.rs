//! The theme: light, dark, or the setting of the operating system. It is stored in a cookie, because it belongs to a
//! screen and not to a user. The server writes it into the document, so no script is needed and nothing flickers.

use leptos::prelude::*;

use crate::{model::platform::theme::Theme, ui::form::token::FormToken};

/// The `theme-color` of the browser's own user interface, for each preferred colour scheme.
#[component]
pub fn ThemeColors(
    /// The theme.
    theme: Theme,
) -> impl IntoView {
    let (light, dark) = match theme {
        Theme::System => ("#fbfbfa", "#14171a"),
        Theme::Light => ("#fbfbfa", "#fbfbfa"),
        Theme::Dark => ("#14171a", "#14171a"),
    };
    // `view!` does not support `media` on `<meta>`.
    let color = |content, media| {
        leptos::html::meta()
            .name("theme-color")
            .content(content)
            .attr("media", media)
    };
    (
        color(light, "(prefers-color-scheme: light)"),
        color(dark, "(prefers-color-scheme: dark)"),
    )
}

/// The theme setting of Account Settings.
#[component]
pub fn ThemeChoice(
    /// Current theme of this browser.
    theme: Theme,
    /// Address that the form is posted to.
    action: &'static str,
) -> impl IntoView {
    let choices = Theme::ALL
        .map(|offered| {
            let chosen = if offered == theme { "true" } else { "false" };
            view! {
                <button type="submit" class="button" name="theme" value=offered.label() aria-pressed=chosen>
                    {offered.words()}
                </button>
            }
        })
        .collect_view();
    view! {
        <section class="panel" aria-labelledby="theme-heading">
            <h2 id="theme-heading">"Theme"</h2>
            <p>"How this browser shows Countersign. System follows what your device is set to."</p>
            <form method="post" action=action>
                <FormToken action=action />
                <div class="themes" role="group" aria-labelledby="theme-heading">{choices}</div>
            </form>
        </section>
    }
}
