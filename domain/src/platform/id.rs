//! Identifiers: eight bytes, written as eleven characters of URL-safe base64 (docs/contract.md#identifiers).
//!
//! An id does not encode what it identifies; the typed ids below keep a user's id apart from a token's. New ids need a
//! clock and randomness, so `service` generates them.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize, Serializer};
use thiserror::Error;

use crate::platform::timestamp::Timestamp;

/// The text is not an id. The message is part of the contract (docs/contract.md#identifiers and
/// docs/contract.md#errors).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("Invalid ID {0}")]
pub struct InvalidId(pub String);

/// An identifier, unique in the whole installation and never reused.
///
/// The high bits grow with time, so that ids of the same time are adjacent in an index.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Id(u64);

/// Length of an id's text, in characters.
const TEXT_LENGTH: usize = 11;

impl Id {
    /// The system itself as an actor: eight zero bytes, `AAAAAAAAAAA` (docs/contract.md#identifiers).
    pub const SYSTEM: Self = Self(0);

    /// Number of low bits that are random; the bits above are milliseconds since 1970 and last until the year 2109.
    pub const RANDOM_BITS: u32 = 22;

    /// When the id was created, by the clock of the node that created it.
    #[must_use]
    pub const fn created_at(self) -> Timestamp {
        Timestamp::from_millis((self.0 >> Self::RANDOM_BITS).cast_signed())
    }

    /// The id with these bits.
    #[must_use]
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// The bits of the id.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// Writes the text without allocation, because every response has several ids.
    fn written_to(self, text: &mut [u8; TEXT_LENGTH]) -> &str {
        let written = URL_SAFE_NO_PAD.encode_slice(self.0.to_be_bytes(), text.as_mut_slice());
        debug_assert_eq!(
            written,
            Ok(TEXT_LENGTH),
            "eight bytes are eleven characters"
        );
        std::str::from_utf8(text).unwrap_or_default()
    }

    /// Parses the eleven-character form.
    ///
    /// # Errors
    /// [`InvalidId`] for any other length, an invalid character, or a last character with unused bits set.
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        let mut bytes = [0_u8; 8];
        match URL_SAFE_NO_PAD.decode_slice(text, &mut bytes) {
            Ok(8) => Ok(Self(u64::from_be_bytes(bytes))),
            Ok(_) | Err(_) => Err(InvalidId(text.chars().take(64).collect())),
        }
    }
}

impl fmt::Display for Id {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [0; TEXT_LENGTH];
        formatter.write_str(self.written_to(&mut text))
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut text = [0; TEXT_LENGTH];
        serializer.serialize_str(self.written_to(&mut text))
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl TryFrom<String> for Id {
    type Error = InvalidId;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

macro_rules! typed_id {
    ($(#[$doc:meta] $name:ident;)*) => {$(
        #[$doc]
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Id);

        impl $name {
            /// Parses the eleven-character form.
            ///
            /// # Errors
            /// [`InvalidId`] when the text is not an id.
            pub fn parse(text: &str) -> Result<Self, InvalidId> {
                Id::parse(text).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, formatter)
            }
        }

        impl From<$name> for Id {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )*};
}

typed_id! {
    /// An organization's id.
    OrganizationId;
    /// A user's id within an organization; equals the member's id (docs/contract.md#members).
    UserId;
    /// A team's id.
    TeamId;
    /// The id of a user token or org token: public, in the audit log and in Info; it cannot authenticate.
    TokenId;
    /// The id of a session, a signed-in browser.
    SessionId;
    /// The id of a request, in its response and in the entries of the audit log and call log.
    RequestId;
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_system_is_eleven_letters_a() {
        assert_eq!(Id::SYSTEM.to_string(), "AAAAAAAAAAA");
    }

    #[test]
    fn texts_that_are_not_ids_are_rejected() {
        for text in [
            "",
            "AAAAAAAAAA",
            "AAAAAAAAAAAA",
            "AAAAAAAAAAB",
            "AAAAA AAAAA",
            "AAAAAAAAAA=",
            "ÄAAAAAAAAA",
        ] {
            assert_eq!(Id::parse(text), Err(InvalidId(text.to_owned())), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn an_id_parses_back(bits: u64) {
            let id = Id::from_bits(bits);
            prop_assert_eq!(Id::parse(&id.to_string()), Ok(id));
            prop_assert_eq!(id.to_string().len(), 11);
        }
    }
}
