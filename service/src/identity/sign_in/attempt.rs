//! An attempt to sign in: its account, where it comes from, and the comparison of its password.

use domain::{
    identity::{actor::RequestMeta, password::has_length_of_password},
    platform::network::ClientNetwork,
    tokens::token::OwnerState,
};
use store::Member;
use zeroize::Zeroizing;

use crate::{
    identity::{handle::Identities, sign_in::places::SignInPlace},
    platform::{error::ServiceError, tasks::detached},
};

/// An attempt to sign in.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    /// The address of the account, in lower case. There may be no such account.
    pub(crate) account: String,
    /// The network whose failures count for the attempt. A browser that the account has signed in with counts as a
    /// network of its own, so that failures of others do not limit it.
    pub(crate) network: ClientNetwork,
    /// Whether the account has signed in with this browser.
    pub(crate) is_known_browser: bool,
    /// The request.
    pub(crate) request: RequestMeta,
}

/// An attempt whose password was right.
#[derive(Debug)]
pub(crate) struct PasswordMatch {
    /// The member, as they were when the password was compared.
    pub(crate) member: Member,
    /// The attempt.
    pub(crate) attempt: Attempt,
    /// Held until the outcome is stored.
    _place: SignInPlace,
}

impl Identities {
    /// Finds the member with this address and compares the password. The result is to be held until the outcome is
    /// stored. A failure is counted even when the client disconnects.
    ///
    /// # Errors
    /// [`ServiceError::SignInFailed`] when the account or the password is wrong, [`ServiceError::Limited`] after too
    /// many failures.
    pub(crate) async fn authenticate_password(
        &self,
        email: &str,
        password: &str,
        known_browser: Option<&str>,
        request: &RequestMeta,
    ) -> Result<PasswordMatch, ServiceError> {
        let attempt = self.attempt(email, known_browser, request).await?;
        let (identities, password) = (self.clone(), Zeroizing::new(password.to_owned()));
        let work = async move { identities.compare_password(attempt, &password).await };
        detached(work).await?
    }

    async fn attempt(
        &self,
        email: &str,
        known_browser: Option<&str>,
        request: &RequestMeta,
    ) -> Result<Attempt, ServiceError> {
        let account = normalized(email);
        let browser = match known_browser {
            Some(cookie) => self.find_known_browser(cookie, &account).await?,
            None => None,
        };
        Ok(Attempt {
            account,
            is_known_browser: browser.is_some(),
            network: browser.unwrap_or_else(|| ClientNetwork::of(&request.address)),
            request: request.clone(),
        })
    }

    async fn compare_password(
        &self,
        attempt: Attempt,
        password: &str,
    ) -> Result<PasswordMatch, ServiceError> {
        let (account, subnet) = (attempt.account.as_str(), attempt.network.subnet.as_str());
        let place = self.places.reserve(account, subnet).await?;
        self.check_failures(&attempt).await?;
        let found = self
            .platform
            .store()
            .read()
            .await?
            .find_member_by_email(account)
            .await?;
        let able = found
            .as_ref()
            .filter(|member| member.state() == OwnerState::Active);
        let hash = able
            .map(|member| member.password_hash.as_str())
            .filter(|hash| !hash.is_empty());
        let right =
            has_length_of_password(password) && self.passwords.matches(password, hash).await?;
        match found {
            Some(member) if right => Ok(PasswordMatch {
                member,
                attempt,
                _place: place,
            }),
            found => {
                self.store_failure(&attempt, found.as_ref()).await?;
                Err(ServiceError::SignInFailed)
            }
        }
    }
}

/// The address as accounts are counted. No address contains a control character, and PostgreSQL rejects U+0000 in a
/// text.
fn normalized(email: &str) -> String {
    let account = email.trim().to_lowercase();
    account
        .chars()
        .filter(|c| !c.is_control())
        .take(254)
        .collect()
}
