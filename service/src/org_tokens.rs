//! Org tokens: the organization's own, for sending data and for calling the API as the organization.

use domain::{
    actor::Caller,
    audit::{Action, Attribution, AuditEvent, ObjectType},
    limits,
    object::{Document, Stamp},
    refusal::Refused,
    role::Role,
    token::{TokenFamily, TokenSecret},
};
use store::{OrgToken, OrgTokenSecret, Write};

use crate::{
    error::ServiceError,
    open::Service,
    random,
    record::{done, object},
    vault,
};

/// What sealing an org token's secret is for; nothing else opens it.
const PURPOSE: &str = "org token";

/// The org token every organization starts with (contract 3.2).
const DEFAULT_NAME: &str = "Default";

/// An org token that was just made, with its secret.
#[derive(Debug, Clone)]
pub struct IssuedOrgToken {
    /// The secret.
    pub secret: TokenSecret,
    /// The token.
    pub token: OrgToken,
}

impl Service {
    /// Makes an org token with these scopes (`INGEST`, `API`, `RUM`) and this role on the API.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] when the caller is neither an administrator nor the system,
    /// [`ServiceError::Refused`] when the name is taken.
    pub async fn create_org_token(
        &self,
        caller: &Caller,
        name: &str,
        auth_scopes: &[&str],
        role: Role,
    ) -> Result<IssuedOrgToken, ServiceError> {
        if !caller.actor().is_administrator() && caller.identity.credential.is_some() {
            return Err(ServiceError::Denied("Unauthorized request.".to_owned()));
        }
        let mut write = self.store().write().await?;
        let (issued, event) = self
            .insert_org_token(&mut write, caller, name, auth_scopes, role)
            .await?;
        self.commit(write, event, Vec::new()).await?;
        Ok(issued)
    }

    /// The org token every organization starts with; what the record says about it.
    pub(crate) async fn insert_default_org_token(
        &self,
        write: &mut Write,
        caller: &Caller,
    ) -> Result<AuditEvent, ServiceError> {
        let scopes = ["INGEST", "API"];
        Ok(self
            .insert_org_token(write, caller, DEFAULT_NAME, &scopes, Role::Power)
            .await?
            .1)
    }

    async fn insert_org_token(
        &self,
        write: &mut Write,
        caller: &Caller,
        name: &str,
        auth_scopes: &[&str],
        role: Role,
    ) -> Result<(IssuedOrgToken, AuditEvent), ServiceError> {
        if write
            .find_org_token_by_name(caller.organization_id(), name)
            .await?
            .is_some()
        {
            return Err(Refused::field(
                "name",
                format!("An org token named {name} exists already."),
            )
            .into());
        }
        let now = self.now().to_whole_millis();
        let expires_at = now.plus_days(limits::TOKEN_LIFETIME_DAYS);
        let stamp = Stamp {
            at: now,
            by: Attribution::of(caller),
        };
        let token = OrgToken {
            id: self.new_id(),
            organization_id: caller.organization_id(),
            name: name.to_owned(),
            auth_scopes: auth_scopes
                .iter()
                .map(|scope| (*scope).to_owned())
                .collect(),
            role,
            disabled: false,
            document: Document::new(),
            acl: None,
            expires_at,
            rotated_at: now,
            created: stamp.clone(),
            updated: stamp,
        };
        let secret = random::secret(TokenFamily::Organization);
        let stored = OrgTokenSecret {
            digest: vault::digest(secret.reveal().as_bytes()),
            sealed: self.vault().seal(PURPOSE, secret.reveal()),
            last4: secret.last4().to_owned(),
            created_at: now,
            expires_at,
        };
        write.insert_org_token(&token, &stored).await?;
        let event = done(
            caller,
            now,
            Action::Create,
            object(ObjectType::OrgToken, token.id, name),
            Vec::new(),
        );
        Ok((IssuedOrgToken { secret, token }, event))
    }
}
