//! Light or dark: as the reader's system says, or as they chose. The choice is kept in a cookie of the browser, since it is
//! about a screen and not about a person, and the server writes it into the document: nothing flickers, and no script is
//! needed.

use leptos::{prelude::*, server_fn::ServerFn};

use crate::{error::UiError, model::platform::theme::Theme};

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
            <form method="post" action=ChooseTheme::url()>
                <div class="themes" role="group" aria-labelledby="theme-heading">{choices}</div>
            </form>
        </section>
    }
}

/// Chooses the theme of this browser.
///
/// # Errors
/// [`UiError::Rejected`] for one there is not, [`UiError::SignedOut`] when nobody is signed in.
#[server(prefix = "/ui", endpoint = "theme/choose")]
pub async fn choose_theme(
    /// Which.
    theme: String,
) -> Result<(), UiError> {
    use crate::request;
    request::signed_in()?;
    let chosen = Theme::from_label(&theme).ok_or_else(|| UiError::Rejected {
        field: "theme".to_owned(),
        message: "There is no such theme.".to_owned(),
    });
    request::Form::on("theme", "/account")
        .saying("The theme is changed in this browser.")
        .ends(chosen.map(request::keep_theme))
}
