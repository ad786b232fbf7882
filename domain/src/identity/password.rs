//! The form and the length of passwords. How easily one is guessed is estimated where it is hashed. There are no rules
//! about kinds of characters (ASVS 6.2).

use std::fmt;

use unicode_normalization::UnicodeNormalization as _;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::platform::{limits, rejection::Rejected};

/// A new password of the right length, in Unicode normalization form C: keyboards differ in how they write the same
/// letter. It does not print.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct NewPassword(String);

impl NewPassword {
    /// Parses a new password.
    ///
    /// # Errors
    /// [`Rejected`] when it is too short or too long.
    pub fn parse(text: &str) -> Result<Self, Rejected> {
        let text: String = text.nfc().collect();
        let characters = text.chars().count();
        if characters < limits::PASSWORD_MIN_CHARACTERS {
            Err(rejected(format!(
                "The password is shorter than {} characters.",
                limits::PASSWORD_MIN_CHARACTERS
            )))
        } else if characters > limits::PASSWORD_MAX_CHARACTERS {
            Err(rejected(format!(
                "The password is longer than {} characters.",
                limits::PASSWORD_MAX_CHARACTERS
            )))
        } else {
            Ok(Self(text))
        }
    }

    /// The text, for the hash function.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for NewPassword {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("NewPassword(…)")
    }
}

fn rejected(message: String) -> Rejected {
    Rejected::field("password", message)
}

/// Whether a text is at most as long as a password.
#[must_use]
pub fn has_length_of_password(text: &str) -> bool {
    text.nfc().count() <= limits::PASSWORD_MAX_CHARACTERS
}

/// The forms in which a password that is typed now may have been hashed: form C, and for a password from before
/// normalization the text as it is and form D. For most passwords they are the same.
#[must_use]
pub fn typed_forms(text: &str) -> Vec<Zeroizing<String>> {
    let mut forms: Vec<Zeroizing<String>> = Vec::new();
    for form in [text.nfc().collect(), text.to_owned(), text.nfd().collect()] {
        let form = Zeroizing::new(form);
        if !forms.contains(&form) {
            forms.push(form);
        }
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_is_counted_in_characters_of_form_c() {
        let decomposed = "a\u{308}".repeat(15);
        let parsed = NewPassword::parse(&decomposed).unwrap();
        assert_eq!(parsed.reveal(), "ä".repeat(15));
        for text in [
            "",
            "fourteen chars",
            &"a\u{308}".repeat(14),
            &"x".repeat(129),
        ] {
            assert_eq!(
                NewPassword::parse(text).unwrap_err().field,
                "password",
                "{text}"
            );
        }
        assert!(NewPassword::parse(&"x".repeat(128)).is_ok());
    }

    #[test]
    fn a_text_is_tried_in_all_forms() {
        let forms = |text| -> Vec<String> {
            typed_forms(text)
                .iter()
                .map(|form| form.to_string())
                .collect()
        };
        assert_eq!(forms("plain"), ["plain"]);
        assert_eq!(forms("pä"), ["pä", "pa\u{308}"]);
        assert_eq!(forms("pa\u{308}"), ["pä", "pa\u{308}"]);
    }

    #[test]
    fn a_password_does_not_print() {
        let password = NewPassword::parse("granite lanterns over quiet water").unwrap();
        assert_eq!(format!("{password:?}"), "NewPassword(…)");
    }
}
