//! The secret of a link for set-up or for an invitation.

use domain::tokens::token::{TokenDigest, TokenFamily};
use zeroize::Zeroizing;

use crate::platform::{encryption, random};

/// The secret of a set-up or invitation link. Never stored, never logged.
#[derive(Clone)]
pub struct ClaimSecret(Zeroizing<String>);

impl ClaimSecret {
    /// A new secret.
    pub(crate) fn new() -> Self {
        let text = random::secret(TokenFamily::User).reveal()[4..].to_owned();
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
