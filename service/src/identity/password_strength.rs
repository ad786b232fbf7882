//! How easily a password is guessed: by an estimate that knows common passwords, names, words, keyboard patterns, dates
//! and repetitions (ASVS 6.2.4 and 6.2.11).

use domain::platform::rejection::Rejected;
use zxcvbn::{Score, zxcvbn};

/// Words about this product, and a passphrase that every list of examples contains. They are tried first.
const TRIED_FIRST: [&str; 7] = [
    "countersign",
    "token",
    "splunk",
    "signalfx",
    "correct horse battery staple",
    "correct-horse-battery-staple",
    "correcthorsebatterystaple",
];

/// Rejects a password that 10^10 guesses find. `about_user` are texts about its owner: name and address.
///
/// # Errors
/// [`Rejected`] with the reason, if the estimate has one.
pub(crate) fn check_strength(password: &str, about_user: &[String]) -> Result<(), Rejected> {
    let words: Vec<&str> = about_user
        .iter()
        .flat_map(|text| {
            let parts = text.split(|c: char| !c.is_alphanumeric());
            parts.filter(|part| !part.is_empty()).chain([text.as_str()])
        })
        .chain(TRIED_FIRST)
        .collect();
    let estimate = zxcvbn(password, &words);
    if estimate.score() >= Score::Four {
        return Ok(());
    }
    let reason = estimate
        .feedback()
        .and_then(|feedback| feedback.warning())
        .map(|warning| format!(" {warning}"))
        .unwrap_or_default();
    Err(Rejected::field(
        "password",
        format!("The password is easy to guess. Choose several unrelated words.{reason}"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_strong(password: &str) -> bool {
        let about = ["Ada Lovelace".to_owned(), "ada@example.com".to_owned()];
        check_strength(password, &about).is_ok()
    }

    #[test]
    fn unrelated_words_are_accepted() {
        for password in [
            "granite lanterns over quiet water",
            "four unrelated words",
            "ein Pferd, ein Tisch!",
            "xK4!mv0pQz81Lr7",
        ] {
            assert!(is_strong(password), "{password}");
        }
    }

    #[test]
    fn common_passwords_patterns_and_own_names_are_rejected() {
        for password in [
            "passwordpassword",
            "Password123456789",
            "aaaaaaaaaaaaaaaaaaaa",
            "qwertyuiop1234567890",
            "ada@example.com1",
            "adalovelaceadalovelace",
            "countersign-token",
            "iloveyouiloveyou",
            "1q2w3e4r5t6y7u8i9o",
            "abcabcabcabcabcabc",
            "michaelmichael1",
            "correct horse battery staple",
            "Correct-Horse-Battery-Staple",
        ] {
            assert!(!is_strong(password), "{password}");
        }
    }
}
