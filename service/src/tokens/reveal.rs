//! Showing a fresh token once where the browser runs no scripts: the form's answer redirects to a page that shows it.
//!
//! Between the two the secret travels in a cookie, sealed under the master key for this session alone; the database
//! keeps nothing of it but that it was shown. Any node can open it, once, within [`limits::REVEAL_LIFETIME_SECONDS`].

use domain::{
    identity::actor::Caller,
    platform::{id::TokenId, limits, timestamp::Timestamp},
    tokens::token::TokenSecret,
};

use crate::{
    platform::error::ServiceError,
    tokens::{handle::Tokens, user_tokens::IssuedToken},
};

/// What the sealed text is for; nothing else opens it.
const PURPOSE: &str = "reveal";

impl Tokens {
    /// Seals a token that was just generated, as text for a cookie.
    #[must_use]
    pub fn encrypt_reveal(&self, caller: &Caller, issued: &IssuedToken) -> String {
        let text = format!("{} {}", issued.token.id, issued.secret.reveal());
        hex::encode(self.vault.seal(&purpose_for(caller), &text))
    }

    /// Opens what was sealed for the calling browser; `None` when it was shown before, is too old, or is not its own.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database cannot be asked.
    pub async fn decrypt_reveal(
        &self,
        caller: &Caller,
        sealed: &str,
    ) -> Result<Option<IssuedToken>, ServiceError> {
        let Some((id, secret)) = self.unseal(caller, sealed) else {
            return Ok(None);
        };
        let now = self.platform.now();
        let mut housekeeping = self.platform.store().housekeep().await?;
        let token = housekeeping.find_token(id).await?.filter(|token| {
            token.ended.is_none()
                && now
                    < token
                        .created_at
                        .plus_seconds(limits::REVEAL_LIFETIME_SECONDS)
        });
        let Some(token) = token else { return Ok(None) };
        if !housekeeping.reveal_token(id, now).await? {
            return Ok(None);
        }
        housekeeping.finish().await?;
        Ok(Some(IssuedToken { secret, token }))
    }

    /// Seals a text that the calling browser's next page shows: the link of an invitation.
    #[must_use]
    pub fn encrypt_for_next_page(&self, caller: &Caller, text: &str) -> String {
        let until = self
            .platform
            .now()
            .plus_seconds(limits::REVEAL_LIFETIME_SECONDS);
        let text = format!("{} {text}", until.as_millis());
        hex::encode(self.vault.seal(&next_page_of(caller), &text))
    }

    /// Opens what was sealed for the calling browser's next page; `None` when it is too old, or not its own.
    #[must_use]
    pub fn decrypt_for_next_page(&self, caller: &Caller, sealed: &str) -> Option<String> {
        let text = self
            .vault
            .open_sealed(&next_page_of(caller), &hex::decode(sealed).ok()?)?;
        let (until, text) = text.split_once(' ')?;
        let until = Timestamp::from_millis(until.parse().ok()?);
        (self.platform.now() < until).then(|| text.to_owned())
    }

    fn unseal(&self, caller: &Caller, sealed: &str) -> Option<(TokenId, TokenSecret)> {
        let text = self
            .vault
            .open_sealed(&purpose_for(caller), &hex::decode(sealed).ok()?)?;
        let (id, secret) = text.split_once(' ')?;
        Some((TokenId::parse(id).ok()?, TokenSecret::parse(secret).ok()?.1))
    }
}

fn purpose_for(caller: &Caller) -> String {
    let session = caller
        .session_id()
        .map(|id| id.to_string())
        .unwrap_or_default();
    format!("{PURPOSE} {session}")
}

fn next_page_of(caller: &Caller) -> String {
    format!("next page {}", purpose_for(caller))
}
