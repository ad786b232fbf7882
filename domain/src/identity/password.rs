//! Rules for passwords: long, and not common. There are no rules about kinds of characters (ASVS 6.2).

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::platform::{limits, rejection::Rejected};

/// Fragments of common long passwords. A password that consists only of these is common, whatever its length.
const COMMON: [&str; 34] = [
    "password",
    "passwort",
    "letmein",
    "welcome",
    "qwertyuiop",
    "qwertyuiop[]",
    "qwertzuiop",
    "qwerty",
    "asdfghjkl",
    "zxcvbnm",
    "1q2w3e4r5t",
    "1q2w3e4r",
    "1qaz2wsx",
    "abcdefghijklmnopqrstuvwxyz",
    "abcdefgh",
    "abc",
    "0123456789",
    "1234567890",
    "123456789",
    "12345678",
    "123456",
    "12345",
    "1234",
    "123",
    "987654321",
    "iloveyou",
    "administrator",
    "admin",
    "countersign",
    "changeme",
    "secret",
    "trustno1",
    "monkey",
    "dragon",
];

/// A new password that follows the rules. It does not print.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct NewPassword(String);

impl NewPassword {
    /// Parses a new password. `about_user` are words about its owner that it must not consist of: name, address.
    ///
    /// # Errors
    /// [`Rejected`] when it is too short, too long or too common.
    pub fn parse(text: &str, about_user: &[&str]) -> Result<Self, Rejected> {
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
        } else if is_common(&text.to_lowercase(), about_user) {
            Err(rejected(
                "The password is one that is tried first. Choose several unrelated words."
                    .to_owned(),
            ))
        } else {
            Ok(Self(text.to_owned()))
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

/// Whether little remains after common fragments, the owner's own words and repetition are removed.
fn is_common(text: &str, about_user: &[&str]) -> bool {
    let mut words: Vec<String> = COMMON.iter().map(|word| (*word).to_owned()).collect();
    words.extend(
        about_user
            .iter()
            .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()))
            .filter(|word| word.chars().count() >= 3)
            .map(str::to_lowercase),
    );
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let rest = words.iter().fold(text.to_owned(), |rest, word| {
        rest.replace(word.as_str(), "")
    });
    let distinct = |text: &str| text.chars().collect::<std::collections::HashSet<_>>().len();
    rest.chars().filter(|c| c.is_alphanumeric()).count() < 4 || distinct(text) < 5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_and_uncommon_passwords_are_accepted() {
        for text in [
            "correct horse battery staple",
            "four unrelated words",
            "ein Pferd, ein Tisch!",
            &"xyzuvw".repeat(21),
        ] {
            assert!(
                NewPassword::parse(text, &["Ada L.", "ada@example.com"]).is_ok(),
                "{text}"
            );
        }
    }

    #[test]
    fn short_long_and_common_passwords_are_rejected() {
        for text in [
            "",
            "fourteen chars",
            &"x".repeat(129),
            "passwordpassword",
            "Password123456789",
            "aaaaaaaaaaaaaaaaaaaa",
            "qwertyuiop1234567890",
            "ada@example.com1",
            "countersign-admin-1",
        ] {
            assert_eq!(
                NewPassword::parse(text, &["Ada L.", "ada@example.com"])
                    .unwrap_err()
                    .field,
                "password",
                "{text}"
            );
        }
    }

    #[test]
    fn a_password_does_not_print() {
        let password = NewPassword::parse("correct horse battery staple", &[]).unwrap();
        assert_eq!(format!("{password:?}"), "NewPassword(…)");
    }
}
