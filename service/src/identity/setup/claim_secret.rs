//! The secret of a link for set-up or for an invitation.

use domain::tokens::token::{TokenDigest, TokenFamily};
use zeroize::Zeroizing;

use crate::platform::{encryption, random};

/// The secret of a set-up or invitation link. Stored only in the result of a request with an
/// idempotency key, encrypted; never logged.
#[derive(Clone)]
pub struct ClaimSecret(Zeroizing<String>);

impl ClaimSecret {
    /// A new secret.
    pub(crate) fn new() -> Self {
        let text = random::secret(TokenFamily::User).reveal()[4..].to_owned();
        Self(Zeroizing::new(text))
    }

    /// The secret of a link that was issued before.
    pub(crate) fn from_stored(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// Its digest, which is stored.
    pub(crate) fn digest(&self) -> TokenDigest {
        encryption::digest(self.0.as_bytes())
    }

    /// The text, for the link.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for ClaimSecret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("ClaimSecret(…)")
    }
}
