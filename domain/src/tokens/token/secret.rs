//! The text form of tokens, and its digest.
//!
//! A secret is a prefix (`csu_` for a user token, `cso_` for an org token), thirty random base62 characters and six
//! characters of checksum (CRC-32 of the rest). The checksum rejects typing errors and truncated secrets without a
//! query, and lets scanners recognise leaks. Clients treat the text as opaque (docs/contract.md#identifiers).

use std::fmt;

use thiserror::Error;
use zeroize::{Zeroize, ZeroizeOnDrop};

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const PREFIX_LENGTH: usize = 4;
const RANDOM_LENGTH: usize = 30;
const CHECKSUM_LENGTH: usize = 6;

/// Length of a secret's text, in characters.
pub const SECRET_LENGTH: usize = PREFIX_LENGTH + RANDOM_LENGTH + CHECKSUM_LENGTH;

/// Number of leading characters of a secret that may be shown to recognise it.
pub const VISIBLE_PREFIX_LENGTH: usize = 8;

/// The family of a secret, given by its prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenFamily {
    /// A user API access token.
    User,
    /// An org token: sends data, or calls the API as the organization.
    Organization,
}

impl TokenFamily {
    /// The four characters that every secret of the family starts with.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::User => "csu_",
            Self::Organization => "cso_",
        }
    }
}

/// The text is not a secret. The error does not quote it, because it may be part of a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvalidSecret {
    /// Wrong length, prefix or alphabet.
    #[error("not a token")]
    Form,
    /// The form of a token, but a wrong checksum: a mistyped token.
    #[error("a mistyped token")]
    Checksum,
}

/// The secret of a token. Shown once, never stored; it does not print.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct TokenSecret(String);

impl TokenSecret {
    /// Builds a secret of this family from random bytes. Bytes beyond a multiple of the alphabet are skipped, so that
    /// all characters are equally likely; `None` when fewer than thirty remain.
    #[must_use]
    pub fn from_random(family: TokenFamily, random: &[u8]) -> Option<Self> {
        // 248 is the largest multiple of 62 in a byte.
        let characters: Vec<u8> = random
            .iter()
            .filter(|byte| **byte < 248)
            .map(|byte| ALPHABET[usize::from(*byte) % 62])
            .take(RANDOM_LENGTH)
            .collect();
        let random = std::str::from_utf8(&characters)
            .ok()
            .filter(|text| text.len() == RANDOM_LENGTH)?;
        let body = format!("{}{random}", family.prefix());
        let checksum = checksum_of(body.as_bytes());
        Some(Self(body + &String::from_utf8_lossy(&checksum)))
    }

    /// Parses a secret and its family.
    ///
    /// # Errors
    /// [`InvalidSecret`] for any other text.
    pub fn parse(text: &str) -> Result<(TokenFamily, Self), InvalidSecret> {
        let family = family_of(text.as_bytes())?;
        Ok((family, Self(text.to_owned())))
    }

    /// The text, for the one response that shows it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The first characters, to recognise the token in a list.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.0[..VISIBLE_PREFIX_LENGTH]
    }

    /// The last four characters, to distinguish two tokens.
    #[must_use]
    pub fn last4(&self) -> &str {
        &self.0[SECRET_LENGTH - 4..]
    }
}

impl fmt::Debug for TokenSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TokenSecret(…)")
    }
}

/// The family of a secret, if its form and checksum are valid. It allocates nothing, because it runs before the cache.
///
/// # Errors
/// [`InvalidSecret`] for any other text.
pub fn family_of(text: &[u8]) -> Result<TokenFamily, InvalidSecret> {
    if text.len() != SECRET_LENGTH || !text[PREFIX_LENGTH..].iter().all(u8::is_ascii_alphanumeric) {
        return Err(InvalidSecret::Form);
    }
    let family = match &text[..PREFIX_LENGTH] {
        b"csu_" => TokenFamily::User,
        b"cso_" => TokenFamily::Organization,
        _ => return Err(InvalidSecret::Form),
    };
    let (body, checksum) = text.split_at(SECRET_LENGTH - CHECKSUM_LENGTH);
    if checksum == checksum_of(body) {
        Ok(family)
    } else {
        Err(InvalidSecret::Checksum)
    }
}

fn checksum_of(body: &[u8]) -> [u8; CHECKSUM_LENGTH] {
    let mut rest = crc32fast::hash(body);
    let mut text = [b'0'; CHECKSUM_LENGTH];
    for place in text.iter_mut().rev() {
        *place = ALPHABET[(rest % 62) as usize];
        rest /= 62;
    }
    text
}

/// The SHA-256 of a secret, which is what is stored. Computed in `service`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenDigest(pub [u8; 32]);

impl TokenDigest {
    /// Its first characters in hexadecimal: enough to distinguish rejected secrets in the call log, too few to search
    /// for one.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let Self([a, b, c, d, e, f, ..]) = self;
        format!("{a:02x}{b:02x}{c:02x}{d:02x}{e:02x}{f:02x}")
    }
}

impl fmt::Debug for TokenDigest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TokenDigest(…)")
    }
}
