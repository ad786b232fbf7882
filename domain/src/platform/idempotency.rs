//! Idempotency keys: a client that sends a creating request again with the same key gets the result of the first
//! (draft-ietf-httpapi-idempotency-key-header, docs/api.md).

use std::{
    fmt,
    sync::atomic::{AtomicBool, Ordering},
};

use sha2::{Digest, Sha256};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::platform::limits;

/// The text is not an idempotency key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error(
    "An idempotency key is 1 to {max} visible ASCII characters, with or without double quotes around them.",
    max = limits::IDEMPOTENCY_KEY_CHARACTERS
)]
pub struct InvalidIdempotencyKey;

/// A key that the client chose for one request. Results are encrypted under it, so it is a secret: never stored, never
/// logged.
#[derive(Clone, PartialEq, Eq)]
pub struct IdempotencyKey(Zeroizing<String>);

impl IdempotencyKey {
    /// Parses a structured string in double quotes, or the same characters without quotes: both are one key.
    ///
    /// # Errors
    /// [`InvalidIdempotencyKey`] for another length, other characters, or quotes that do not match.
    pub fn parse(text: &str) -> Result<Self, InvalidIdempotencyKey> {
        let key = match text.trim().strip_prefix('"') {
            Some(quoted) => {
                let quoted = quoted.strip_suffix('"').ok_or(InvalidIdempotencyKey)?;
                Zeroizing::new(unescaped(quoted).ok_or(InvalidIdempotencyKey)?)
            }
            None if text.contains('"') => return Err(InvalidIdempotencyKey),
            None => Zeroizing::new(text.trim().to_owned()),
        };
        let has_length = (1..=limits::IDEMPOTENCY_KEY_CHARACTERS).contains(&key.len());
        if has_length && key.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self(key))
        } else {
            Err(InvalidIdempotencyKey)
        }
    }

    /// The bytes of the key, to derive other keys from.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// Removes the backslashes of a structured string (RFC 8941); `None` if a quote has none, or one precedes another
/// character.
fn unescaped(quoted: &str) -> Option<String> {
    let mut text = String::with_capacity(quoted.len());
    let mut characters = quoted.chars();
    while let Some(character) = characters.next() {
        text.push(match character {
            '"' => return None,
            '\\' => characters
                .next()
                .filter(|next| matches!(next, '"' | '\\'))?,
            other => other,
        });
    }
    Some(text)
}

impl fmt::Debug for IdempotencyKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("IdempotencyKey(…)")
    }
}

/// A request with an idempotency key.
#[derive(Debug)]
pub struct KeyedRequest {
    /// The key.
    pub key: IdempotencyKey,
    /// The operation: the method and template of a route, the path and digest of a form, or the name of a command. The
    /// same key may be used for another operation.
    pub operation: String,
    /// SHA-256 of everything else that the request depends on: its path, query and body.
    pub digest: [u8; 32],
    is_repeat: AtomicBool,
}

impl KeyedRequest {
    /// A request of an operation, with the parts that the result depends on.
    #[must_use]
    pub fn new(key: IdempotencyKey, operation: impl Into<String>, parts: &[&[u8]]) -> Self {
        let mut digest = Sha256::new();
        for part in parts {
            // With the length of each part, no two lists of parts have the same digest.
            digest.update((part.len() as u64).to_le_bytes());
            digest.update(part);
        }
        Self {
            key,
            operation: operation.into(),
            digest: digest.finalize().into(),
            is_repeat: AtomicBool::new(false),
        }
    }

    /// A form with these fields, posted to a path. A form with other fields is a new request and not a conflict,
    /// because the user changed the form.
    #[must_use]
    pub fn of_form(key: IdempotencyKey, path: &str, fields: &[&[u8]]) -> Self {
        let form = Self::new(key, String::new(), fields);
        Self {
            operation: format!("form {path} {:?}", form.digest),
            ..form
        }
    }

    /// Marks the request as a repeat, which returns the result of the first request.
    pub fn mark_repeat(&self) {
        self.is_repeat.store(true, Ordering::Relaxed);
    }

    /// Whether the result is that of an earlier request.
    #[must_use]
    pub fn is_repeat(&self) -> bool {
        self.is_repeat.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_may_be_quoted() {
        let key = IdempotencyKey::parse("8e03978e-40d5").unwrap();
        assert_eq!(IdempotencyKey::parse("\"8e03978e-40d5\""), Ok(key));
        assert_eq!(
            IdempotencyKey::parse(r#""a\"b\\c""#).unwrap().as_bytes(),
            br#"a"b\c"#
        );
        assert!(IdempotencyKey::parse(&"k".repeat(255)).is_ok());
    }

    #[test]
    fn other_texts_are_no_keys() {
        let long = "k".repeat(256);
        for text in [
            "", "\"\"", "\"", "\"a", "a\"", "\"a\"b\"", r#""a\n""#, "a b", "ä", "a\u{7f}", &long,
        ] {
            assert_eq!(
                IdempotencyKey::parse(text),
                Err(InvalidIdempotencyKey),
                "{text:?}"
            );
        }
    }

    #[test]
    fn a_key_is_not_printed() {
        let key = IdempotencyKey::parse("a-secret-key").unwrap();
        let request = KeyedRequest::new(key, "POST /v2/chart", &[b"{}"]);
        assert!(!format!("{request:?}").contains("a-secret-key"));
    }

    #[test]
    fn a_changed_form_is_another_operation() {
        let form = |fields: &[&[u8]]| {
            KeyedRequest::of_form(IdempotencyKey::parse("k").unwrap(), "/teams", fields).operation
        };
        assert_eq!(form(&[b"name", b"a"]), form(&[b"name", b"a"]));
        assert_ne!(form(&[b"name", b"a"]), form(&[b"name", b"b"]));
    }

    #[test]
    fn the_digest_depends_on_where_a_part_ends() {
        let digest = |parts: &[&[u8]]| {
            KeyedRequest::new(IdempotencyKey::parse("k").unwrap(), "", parts).digest
        };
        assert_eq!(digest(&[b"ab", b"c"]), digest(&[b"ab", b"c"]));
        assert_ne!(digest(&[b"ab", b"c"]), digest(&[b"a", b"bc"]));
    }
}
