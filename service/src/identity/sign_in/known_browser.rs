//! Browsers that an account has signed in with: each has a cookie that states so, encrypted under the master key. It
//! signs no one in. Failed sign-ins of others do not limit an attempt from such a browser.

use domain::platform::network::ClientNetwork;
use store::Member;

use crate::{
    identity::handle::Identities,
    platform::{error::ServiceError, random},
};

/// The purpose of the encryption.
const PURPOSE: &str = "known browser";

/// Bytes of the random id of a browser.
const ID_BYTES: usize = 16;

impl Identities {
    /// Returns the text of the cookie of a browser that this member has just signed in with.
    pub(super) fn remember_browser(&self, member: &Member) -> String {
        let id = hex::encode(random::bytes::<ID_BYTES>());
        let text = format!("{} {id}", member.id);
        hex::encode(self.vault.encrypt(PURPOSE, &text))
    }

    /// Returns the browser of this cookie as a network of its own; `None` unless this account has signed in with it.
    pub(super) async fn find_known_browser(
        &self,
        cookie: &str,
        account: &str,
    ) -> Result<Option<ClientNetwork>, ServiceError> {
        let decrypted = hex::decode(cookie)
            .ok()
            .and_then(|encrypted| self.vault.decrypt(PURPOSE, &encrypted));
        let Some(text) = decrypted else {
            return Ok(None);
        };
        let Some((owner, id)) = text.split_once(' ') else {
            return Ok(None);
        };
        let mut read = self.platform.store().read().await?;
        let member = read.find_member_by_email(account).await?;
        let is_owner = member.is_some_and(|member| member.id.to_string() == owner);
        Ok(is_owner.then(|| ClientNetwork::of(&format!("browser {id}"))))
    }
}
