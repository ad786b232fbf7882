//! Light or dark: as the reader's system says, or as they chose. The choice is kept in a cookie of the browser, since it is
//! about a screen and not about a person, and the server writes it into the document: nothing flickers, and no script is
//! needed.

use leptos::prelude::*;

use crate::model::platform::theme::Theme;

/// The colour around a page, for the browser's own parts: for a reader who prefers light, and one who prefers dark.
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
    // `view!` knows no `media` of a `<meta>`.
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

/// The choice, as a part of Account Settings: one press each.
#[component]
pub fn ThemeChoice(
    /// The theme this browser has.
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
                <div class="themes" role="group" aria-labelledby="theme-heading">{choices}</div>
            </form>
        </section>
    }
}
