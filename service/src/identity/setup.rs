//! Set-up: a link that creates the first administrator, once.

pub(crate) mod claim_secret;

use std::sync::Arc;

use domain::{
    audit::{
        event::{Action, ObjectType},
        events::Events,
    },
    identity::{
        actor::{Actor, Caller, Identity, RequestMeta},
        role::{Role, RoleSet},
    },
    platform::{
        id::{Id, OrganizationId},
        limits,
        name::Name,
        rejection::Rejected,
    },
};
use store::{Organization, Write};

use crate::{
    audit::commit::{done, object},
    identity::{handle::Identities, members::view::NewMember, setup::claim_secret::ClaimSecret},
    platform::{encryption, error::ServiceError},
};

impl Identities {
    /// Whether this installation is not set up yet.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn needs_setup(&self) -> Result<bool, ServiceError> {
        Ok(self
            .platform
            .store()
            .read()
            .await?
            .find_organization()
            .await?
            .is_none())
    }

    /// Issues a set-up claim. Earlier claims become invalid.
    ///
    /// # Errors
    /// [`ServiceError::Conflict`] once the installation is set up.
    pub async fn issue_claim(&self) -> Result<ClaimSecret, ServiceError> {
        if !self.needs_setup().await? {
            return Err(already_set_up());
        }
        let claim = ClaimSecret::new();
        let now = self.platform.now();
        let mut housekeeping = self.platform.store().housekeep().await?;
        let expires_at = now.plus_seconds(limits::CLAIM_LIFETIME_SECONDS);
        housekeeping
            .replace_claims(&claim.digest(), now, expires_at)
            .await?;
        housekeeping.finish().await?;
        Ok(claim)
    }

    /// Whether a claim is valid.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn is_claim_valid(&self, claim: &str) -> Result<bool, ServiceError> {
        let mut read = self.platform.store().read().await?;
        let expires_at = read
            .find_claim(&encryption::digest(claim.as_bytes()))
            .await?;
        Ok(expires_at.is_some_and(|expires_at| self.platform.now() < expires_at))
    }

    /// Sets the installation up: creates the organization and its first administrator. The claim becomes invalid.
    ///
    /// # Errors
    /// [`ServiceError::Rejected`] when a field breaks a rule or the claim is invalid,
    /// [`ServiceError::Conflict`] when the installation was set up in the meantime.
    pub async fn set_up(
        &self,
        claim: &str,
        organization: &str,
        administrator: &NewMember,
        request: &RequestMeta,
    ) -> Result<(), ServiceError> {
        if !self.is_claim_valid(claim).await? {
            return Err(
                Rejected::field("claim", "The set-up link was used or has expired.").into(),
            );
        }
        let organization = Name::parse("organization", organization)?;
        let administrator = NewMember {
            roles: RoleSet::of(&[Role::Admin]),
            ..administrator.clone()
        };
        let member = self.members.prepare(&administrator).await?;
        let mut write = self.platform.store().write().await?;
        // Checked again in the transaction, so that two concurrent requests set up only once.
        let digest = encryption::digest(claim.as_bytes());
        let good = write
            .find_claim(&digest)
            .await?
            .is_some_and(|expires_at| self.platform.now() < expires_at);
        if !good || write.find_organization().await?.is_some() {
            return Err(already_set_up());
        }
        let caller = self
            .insert_organization(&mut write, &organization, request.clone())
            .await?;
        write.delete_claims().await?;
        let created = self.members.insert(&mut write, &caller, member).await?;
        let default_token = self
            .tokens
            .org()
            .insert_default(&mut write, &caller)
            .await?;
        let name = organization.as_str();
        let object = object(ObjectType::Organization, caller.organization_id(), name);
        let event = done(
            &caller,
            self.platform.now(),
            Action::Create,
            object,
            Vec::new(),
        );
        let events = Events::of(event, [created, default_token]);
        self.audit.commit(write, events).await
    }

    /// Creates the organization from the command line. No claim is needed, because its caller controls the machine.
    ///
    /// # Errors
    /// [`ServiceError::Conflict`] when it exists.
    pub async fn create_organization(&self, name: &str) -> Result<(), ServiceError> {
        let name = Name::parse("organization", name)?;
        let mut write = self.platform.store().write().await?;
        if write.find_organization().await?.is_some() {
            return Err(already_set_up());
        }
        let caller = self
            .insert_organization(&mut write, &name, self.platform.system_meta())
            .await?;
        write.delete_claims().await?;
        let default_token = self
            .tokens
            .org()
            .insert_default(&mut write, &caller)
            .await?;
        let object = object(
            ObjectType::Organization,
            caller.organization_id(),
            name.as_str(),
        );
        let event = done(
            &caller,
            self.platform.now(),
            Action::Create,
            object,
            Vec::new(),
        );
        self.audit
            .commit(write, Events::of(event, [default_token]))
            .await
    }

    async fn insert_organization(
        &self,
        write: &mut Write,
        name: &Name,
        request: RequestMeta,
    ) -> Result<Caller, ServiceError> {
        let id = OrganizationId(self.platform.new_id());
        let now = self.platform.now();
        write
            .insert_organization(&Organization {
                id,
                name: name.as_str().to_owned(),
                created_at: now,
                updated_at: now,
                updated_by: Id::SYSTEM,
            })
            .await?;
        let identity = Identity {
            organization_id: id,
            actor: Actor::System,
            credential: None,
            token: None,
            authenticated_at: None,
        };
        Ok(Caller {
            identity: Arc::new(identity),
            request,
            keyed: None,
            origin: None,
        })
    }
}

fn already_set_up() -> ServiceError {
    ServiceError::Conflict("This installation is set up already.".to_owned())
}
