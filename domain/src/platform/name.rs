//! Names and email addresses: parsed once, then trusted.

use serde::{Deserialize, Serialize};

use crate::platform::{limits, rejection::Rejected, visible::unfit_character};

/// A name: trimmed, not empty, without invisible characters, at most [`limits::NAME_CHARACTERS`]
/// (docs/contract.md#names).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Name(String);

impl Name {
    /// Parses a name; a rejection names `field`.
    ///
    /// # Errors
    /// [`Rejected`] when it is empty, too long or has a character that a name may not have.
    pub fn parse(field: &str, text: &str) -> Result<Self, Rejected> {
        let text = text.trim();
        let characters = text.chars().count();
        if characters == 0 {
            Err(Rejected::field(field, format!("The {field} is missing.")))
        } else if characters > limits::NAME_CHARACTERS {
            Err(Rejected::field(
                field,
                format!(
                    "The {field} is longer than {} characters.",
                    limits::NAME_CHARACTERS
                ),
            ))
        } else if let Some(unfit) = unfit_character(text) {
            let message = format!("The {field} {}.", unfit_in_words(unfit));
            Err(Rejected::field(field, message))
        } else {
            Ok(Self(text.to_owned()))
        }
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What is wrong with a name that has this character, after the word for the name.
pub(crate) fn unfit_in_words(unfit: char) -> String {
    let code = u32::from(unfit);
    format!("has the character U+{code:04X}, which is not visible or changes the direction of text")
}

/// An email address, in lower case: the case does not distinguish accounts (docs/contract.md#issue-a-token).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Email(String);

impl Email {
    /// Parses an address. Only its form is checked. Characters outside ASCII are rejected: they can look like others,
    /// or like nothing, so that two accounts look like one.
    ///
    /// # Errors
    /// [`Rejected`] when there is no single `@` between two non-empty halves, it has other characters than visible
    /// ones of ASCII, or it is too long (RFC 5321: 254).
    pub fn parse(text: &str) -> Result<Self, Rejected> {
        let text = text.trim().to_lowercase();
        if !text.is_ascii() {
            return Err(Rejected::field(
                "email",
                "The email has characters outside ASCII, which can look like others.",
            ));
        }
        let well_formed = text.len() <= 254
            && !text
                .chars()
                .any(|c| !c.is_ascii_graphic() || "<>()[],;:\\\"".contains(c))
            && text.split_once('@').is_some_and(|(local, host)| {
                !local.is_empty()
                    && !host.is_empty()
                    && !host.contains('@')
                    && !host.starts_with('.')
                    && !host.ends_with('.')
            });
        if well_formed {
            Ok(Self(text))
        } else {
            Err(Rejected::field(
                "email",
                "The email is not an email address.",
            ))
        }
    }

    /// The address as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_trimmed_and_bounded() {
        assert_eq!(Name::parse("name", "  Ada L. ").unwrap().as_str(), "Ada L.");
        assert!(Name::parse("name", &"x".repeat(100)).is_ok());
        for text in ["", "   ", "a\u{0}b", "a\u{200b}b", &"x".repeat(101)] {
            assert_eq!(
                Name::parse("name", text).unwrap_err().field,
                "name",
                "{text:?}"
            );
        }
    }

    #[test]
    fn addresses_ignore_case_and_require_two_halves() {
        assert_eq!(
            Email::parse(" Ada@Example.COM ").unwrap().as_str(),
            "ada@example.com"
        );
        for text in [
            "",
            "ada",
            "@example.com",
            "ada@",
            "a@b@c",
            "a b@c",
            "ada@.com",
            "<ada@example.com>",
            "\u{430}da@example.com",
            "ada\u{200b}@example.com",
            "ada@ex\u{e4}mple.com",
        ] {
            assert!(Email::parse(text).is_err(), "{text:?}");
        }
    }
}
