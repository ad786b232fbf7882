//! The text of a token: what it looks like, and what is kept of it.
//!
//! It is a prefix (`csu_` for a user's, `cso_` for an organization's), thirty base62 characters of chance and six of
//! checksum (CRC-32 of all before them), so that a typing slip or a leaked half is refused without asking the database,
//! and scanners can recognise a leak. Clients treat it as opaque (docs/contract.md#identifiers).

use std::fmt;

use thiserror::Error;
use zeroize::{Zeroize, ZeroizeOnDrop};

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const PREFIX_LENGTH: usize = 4;
const RANDOM_LENGTH: usize = 30;
const CHECKSUM_LENGTH: usize = 6;

/// Length of a secret's text, in characters.
pub const SECRET_LENGTH: usize = PREFIX_LENGTH + RANDOM_LENGTH + CHECKSUM_LENGTH;

/// How many characters from the start of a secret may be shown to recognise it.
pub const VISIBLE_PREFIX_LENGTH: usize = 8;

/// Which family a secret belongs to; its prefix says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenFamily {
    /// A user API access token.
    User,
    /// An org token: sends data, or calls the API as the organization.
    Organization,
}

impl TokenFamily {
    /// The four characters every secret of the family starts with.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::User => "csu_",
            Self::Organization => "cso_",
        }
    }
}

/// The text is not a secret: wrong length, prefix, alphabet or checksum. It says no more, for it may be half a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not a token")]
pub struct InvalidSecret;

/// A token's text. Shown once, never stored, never printed.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct TokenSecret(String);

impl TokenSecret {
    /// Makes the secret of this family from chance. Bytes outside the alphabet's range are skipped, so that each
    /// character is equally likely; `None` when that left fewer than thirty: bring more bytes.
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

    /// Reads a secret and tells its family.
    ///
    /// # Errors
    /// [`InvalidSecret`] for any text that no secret can have.
    pub fn parse(text: &str) -> Result<(TokenFamily, Self), InvalidSecret> {
        let family = family_of(text.as_bytes())?;
        Ok((family, Self(text.to_owned())))
    }

    /// The text itself, for the one answer that shows it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The first characters, to recognise the token in a list.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.0[..VISIBLE_PREFIX_LENGTH]
    }

    /// The last four characters, to tell two tokens apart.
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

/// The family of a secret's text, if its shape and checksum are right. Allocates nothing: it stands before the cache.
///
/// # Errors
/// [`InvalidSecret`] for any text that no secret can have.
pub fn family_of(text: &[u8]) -> Result<TokenFamily, InvalidSecret> {
    if text.len() != SECRET_LENGTH || !text[PREFIX_LENGTH..].iter().all(u8::is_ascii_alphanumeric) {
        return Err(InvalidSecret);
    }
    let family = match &text[..PREFIX_LENGTH] {
        b"csu_" => TokenFamily::User,
        b"cso_" => TokenFamily::Organization,
        _ => return Err(InvalidSecret),
    };
    let (body, checksum) = text.split_at(SECRET_LENGTH - CHECKSUM_LENGTH);
    if checksum == checksum_of(body) {
        Ok(family)
    } else {
        Err(InvalidSecret)
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

/// What is kept of a secret: its SHA-256. Computed in `service`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenDigest(pub [u8; 32]);

impl TokenDigest {
    /// Its first characters in hexadecimal: enough to tell refused texts apart in the record, too few to find one by.
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
