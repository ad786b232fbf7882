//! Light or dark: as the reader's system says, or as they chose. The choice is kept in a cookie of the browser, since it is
//! about a screen and not about a person, and the server writes it into the document: nothing flickers, and no script is
//! needed.

use leptos::{prelude::*, server_fn::ServerFn};
use serde::{Deserialize, Serialize};

use crate::error::UiError;

/// How pages look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Theme {
    /// As the reader's system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// Its name in forms, cookies and style sheets.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of this name.
    #[must_use]
    pub fn from_label(label: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.label() == label)
    }

    /// The theme that a browser keeps under this name. What it does not say, or says wrongly, is as its system says.
    #[must_use]
    pub fn kept(label: Option<&str>) -> Self {
        label.and_then(Self::from_label).unwrap_or_default()
    }

    /// Its name as people read it.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::System => "System",
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }

    /// The colour schemes pages can be shown in, as a document declares them.
    #[must_use]
    pub const fn color_scheme(self) -> &'static str {
        match self {
            Self::System => "light dark",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

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
    use crate::request::context;
    context::signed_in()?;
    let chosen = Theme::from_label(&theme).ok_or_else(|| UiError::Rejected {
        field: "theme".to_owned(),
        message: "There is no such theme.".to_owned(),
    });
    context::Form::on("theme", "/account")
        .saying("The theme is changed in this browser.")
        .ends(chosen.map(context::keep_theme))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_theme_is_known_by_its_label_and_nothing_else_is() {
        for theme in Theme::ALL {
            assert_eq!(Theme::from_label(theme.label()), Some(theme));
        }
        assert_eq!(Theme::from_label("sepia"), None);
        assert_eq!(Theme::from_label(""), None);
        let kept = [Some("dark"), Some("sepia"), None].map(Theme::kept);
        assert_eq!(kept, [Theme::Dark, Theme::System, Theme::System]);
    }
}
