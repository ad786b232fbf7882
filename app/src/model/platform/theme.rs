//! The colour scheme of the pages in one browser.

use serde::{Deserialize, Serialize};

/// Colour scheme of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Theme {
    /// The setting of the operating system.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// Every theme, in the order of the form.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// Name in forms, cookies and style sheets.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme with this label.
    #[must_use]
    pub fn from_label(label: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.label() == label)
    }

    /// The theme in the browser's cookie. Without a valid cookie the operating system decides.
    #[must_use]
    pub fn from_cookie(label: Option<&str>) -> Self {
        label.and_then(Self::from_label).unwrap_or_default()
    }

    /// Label on screen.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::System => "System",
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }

    /// Value of the `color-scheme` meta element.
    #[must_use]
    pub const fn color_scheme(self) -> &'static str {
        match self {
            Self::System => "light dark",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_label_of_a_theme_is_parsed() {
        for theme in Theme::ALL {
            assert_eq!(Theme::from_label(theme.label()), Some(theme));
        }
        assert_eq!(Theme::from_label("sepia"), None);
        assert_eq!(Theme::from_label(""), None);
        let parsed = [Some("dark"), Some("sepia"), None].map(Theme::from_cookie);
        assert_eq!(parsed, [Theme::Dark, Theme::System, Theme::System]);
    }
}
