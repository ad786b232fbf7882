//! Reveals a new token once in browsers without scripts: the form redirects to a page that shows it.
//!
//! Between the two the secret is in a cookie, encrypted under the master key for this session. The database stores only
//! that it was revealed. Any node can decrypt it, once, within [`limits::REVEAL_LIFETIME_SECONDS`].

use domain::{
    identity::actor::Caller,
    platform::{id::TokenId, limits, timestamp::Timestamp},
    tokens::token::TokenSecret,
};

use crate::{
    platform::error::ServiceError,
    tokens::{handle::Tokens, token_issue::IssuedToken},
};

/// The purpose of the encryption, which decryption requires.
const PURPOSE: &str = "reveal";

impl Tokens {
    /// Encrypts a token that was just generated, as the text of a cookie.
    #[must_use]
    pub fn encrypt_reveal(&self, caller: &Caller, issued: &IssuedToken) -> String {
        let text = format!("{} {}", issued.token.id, issued.secret.reveal());
        hex::encode(self.vault.encrypt(&purpose_for(caller), &text))
    }

    /// Decrypts what was encrypted for the session of the caller; `None` when it was revealed before, is too old, or
    /// belongs to another session.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn decrypt_reveal(
        &self,
        caller: &Caller,
        encrypted: &str,
    ) -> Result<Option<IssuedToken>, ServiceError> {
        let Some((id, secret)) = self.decrypt_pair(caller, encrypted) else {
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

    /// Encrypts a text for the next page of the caller's session: the link of an invitation.
    #[must_use]
    pub fn encrypt_for_next_page(&self, caller: &Caller, text: &str) -> String {
        let until = self
            .platform
            .now()
            .plus_seconds(limits::REVEAL_LIFETIME_SECONDS);
        let text = format!("{} {text}", until.as_millis());
        hex::encode(self.vault.encrypt(&next_page_of(caller), &text))
    }

    /// Decrypts what was encrypted for the next page of the caller's session; `None` when it is too old or belongs to
    /// another session.
    #[must_use]
    pub fn decrypt_for_next_page(&self, caller: &Caller, encrypted: &str) -> Option<String> {
        let text = self
            .vault
            .decrypt(&next_page_of(caller), &hex::decode(encrypted).ok()?)?;
        let (until, text) = text.split_once(' ')?;
        let until = Timestamp::from_millis(until.parse().ok()?);
        (self.platform.now() < until).then(|| text.to_owned())
    }

    fn decrypt_pair(&self, caller: &Caller, encrypted: &str) -> Option<(TokenId, TokenSecret)> {
        let text = self
            .vault
            .decrypt(&purpose_for(caller), &hex::decode(encrypted).ok()?)?;
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
