//! Org tokens: they belong to the organization, and ingest data or call the API.

use domain::{
    audit::event::{Action, AuditEvent, ObjectType, changes_between},
    identity::{actor::Caller, role::Role},
    objects::permissions::AclEntry,
    platform::{
        document::Document, id::Id, limits, notification::without_secrets, rejection::Rejected,
    },
    tokens::{
        org_token::unescaped_forms,
        token::{TokenFamily, TokenSecret},
    },
};
use serde_json::json;
use store::{Conn, OrgToken, OrgTokenSecret, Write};

use crate::{
    audit::commit::{done, object},
    platform::{encryption, error::ServiceError, random},
    tokens::{handle::OrgTokens, org_token_api::find_named},
};

/// The org token that every organization has from the start (docs/contract.md#org-tokens).
const DEFAULT_NAME: &str = "Default";

/// The default lifetime of an org token (docs/contract.md#choices).
pub(crate) const USUAL_LIFETIME_SECONDS: i64 = limits::TOKEN_LIFETIME_DAYS * 86_400;

/// A new org token with its secret.
#[derive(Debug, Clone)]
pub(crate) struct IssuedOrgToken {
    /// The secret.
    pub(crate) secret: TokenSecret,
    /// The token.
    pub(crate) token: OrgToken,
}

impl OrgTokens {
    /// Inserts the org token that every organization has from the start. Returns its event.
    pub(crate) async fn insert_default(
        &self,
        write: &mut Write,
        caller: &Caller,
    ) -> Result<AuditEvent, ServiceError> {
        let new = NewOrgToken {
            name: DEFAULT_NAME.to_owned(),
            auth_scopes: ["INGEST", "API"].map(str::to_owned).into(),
            role: Role::Power,
            disabled: false,
            acl: None,
            lifetime_seconds: USUAL_LIFETIME_SECONDS,
            document: Document::new(),
        };
        Ok(self.insert(write, caller, new).await?.1)
    }

    pub(crate) async fn insert(
        &self,
        write: &mut Write,
        caller: &Caller,
        new: NewOrgToken,
    ) -> Result<(IssuedOrgToken, AuditEvent), ServiceError> {
        check_name(write, caller, &new.name, None).await?;
        let stamp = self.platform.stamp(caller);
        let token = OrgToken {
            id: self.platform.new_id(),
            organization_id: caller.organization_id(),
            name: new.name,
            auth_scopes: new.auth_scopes,
            role: new.role,
            disabled_at: new.disabled.then_some(stamp.at),
            document: new.document,
            acl: new.acl,
            expires_at: stamp.at.plus_seconds(new.lifetime_seconds),
            rotated_at: stamp.at,
            created: stamp.clone(),
            updated: stamp,
        };
        let (secret, stored) = self.new_secret(&token);
        write.insert_org_token(&token, &stored).await?;
        let event = org_token_event(caller, Action::Create, None, Some(&token), &token);
        Ok((IssuedOrgToken { secret, token }, event))
    }

    /// A secret that expires with its token, issued at the last rotation.
    pub(crate) fn new_secret(&self, token: &OrgToken) -> (TokenSecret, OrgTokenSecret) {
        let secret = random::secret(TokenFamily::Organization);
        let digest = encryption::digest(secret.reveal().as_bytes());
        let stored = OrgTokenSecret {
            digest,
            encrypted: self.encrypt(token.id, &digest, secret.reveal()),
            last4: secret.last4().to_owned(),
            created_at: token.rotated_at,
            expires_at: token.expires_at,
            last_used: None,
        };
        (secret, stored)
    }
}

/// The content of a new org token.
pub(crate) struct NewOrgToken {
    pub(crate) name: String,
    pub(crate) auth_scopes: Vec<String>,
    pub(crate) role: Role,
    pub(crate) disabled: bool,
    pub(crate) acl: Option<Vec<AclEntry>>,
    pub(crate) lifetime_seconds: i64,
    pub(crate) document: Document,
}

/// Checks that a name is free (docs/contract.md#errors: a taken one is a 400), and that no path means both it and
/// another one. The token `renamed` may lose such a name.
pub(crate) async fn check_name(
    conn: &mut Conn,
    caller: &Caller,
    name: &str,
    renamed: Option<Id>,
) -> Result<(), ServiceError> {
    let organization_id = caller.organization_id();
    let taken = find_named(conn, organization_id, name).await?;
    if taken.is_some_and(|token| Some(token.id) != renamed) {
        let message = format!("An org token named {name} exists already.");
        return Err(Rejected::field("name", message).into());
    }
    let mut others = conn.list_escaped_org_token_names(organization_id).await?;
    others.retain(|(_, other)| unescaped_forms(other).iter().any(|form| form == name));
    for form in unescaped_forms(name) {
        let other = find_named(conn, organization_id, &form).await?;
        others.extend(other.map(|other| (other.id, other.name)));
    }
    others.retain(|(id, _)| Some(*id) != renamed);
    others.first().map_or(Ok(()), |(_, other)| {
        let message =
            format!("The org token {other} exists already: the same path would mean both of them.");
        Err(Rejected::field("name", message).into())
    })
}

/// The event of an operation on an org token. It contains no secret.
pub(crate) fn org_token_event(
    caller: &Caller,
    action: Action,
    before: Option<&OrgToken>,
    after: Option<&OrgToken>,
    about: &OrgToken,
) -> AuditEvent {
    let fields = |token: Option<&OrgToken>| token.map(fields).unwrap_or_default();
    let changes = changes_between(&fields(before), &fields(after));
    let at = about.updated.at;
    let about = object(ObjectType::OrgToken, about.id, about.name.clone());
    done(caller, at, action, about, changes)
}

fn fields(token: &OrgToken) -> Document {
    let mut fields = Document::new();
    fields.insert("name".to_owned(), json!(token.name));
    fields.insert("authScopes".to_owned(), json!(token.auth_scopes));
    fields.insert("roles".to_owned(), json!([token.role.title()]));
    fields.insert("disabled".to_owned(), json!(token.disabled_at.is_some()));
    fields.insert("expiry".to_owned(), json!(token.expires_at.as_millis()));
    fields.insert("permissions".to_owned(), json!(token.acl));
    fields.extend(without_secrets(token.document.clone()));
    fields
}
