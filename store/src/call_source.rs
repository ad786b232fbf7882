//! Table `call_source`: who calls, with what, from where, by what program. One row stands for many calls.

use domain::{
    actor::Credential,
    id::{Id, OrganizationId},
    token::TokenKind,
};

use crate::{dialect::on, error::StoreError, housekeeping::Housekeeping, row::Column};

const INSERT: &str = "INSERT INTO call_source (id, organization_id, actor_id, actor_name, token_id, token_kind, \
    address, client) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

/// Who calls, with what, from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallSource {
    /// The organization of the caller; `None` when there is no telling.
    pub organization_id: Option<OrganizationId>,
    /// The caller; `None` when there is no telling.
    pub actor_id: Option<Id>,
    /// A user's mail address, an org token's name; empty when there is no telling.
    pub actor_name: String,
    /// With which credential. Its last four characters are not kept here.
    pub credential: Option<Credential>,
    /// The client's network address.
    pub address: String,
    /// The program, as it named itself.
    pub client: String,
}

#[derive(sqlx::FromRow)]
pub(crate) struct SourceRow {
    organization_id: Option<String>,
    actor_id: Option<String>,
    actor_name: String,
    token_id: Option<String>,
    token_kind: Option<String>,
    address: String,
    client: String,
}

impl TryFrom<SourceRow> for CallSource {
    type Error = StoreError;

    fn try_from(row: SourceRow) -> Result<Self, StoreError> {
        let id = |name, text: Option<String>| {
            text.map(|text| Column("call_source", name).id(&text))
                .transpose()
        };
        let token_id = id("token_id", row.token_id)?;
        Ok(Self {
            organization_id: id("organization_id", row.organization_id)?.map(OrganizationId),
            actor_id: id("actor_id", row.actor_id)?,
            actor_name: row.actor_name,
            credential: token_id
                .zip(row.token_kind.as_deref().and_then(TokenKind::from_label))
                .map(|(id, kind)| Credential {
                    id,
                    kind,
                    last4: String::new(),
                }),
            address: row.address,
            client: row.client,
        })
    }
}

impl Housekeeping {
    /// Adds a source of calls under this id.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not take it.
    pub async fn insert_call_source(
        &mut self,
        id: Id,
        source: &CallSource,
    ) -> Result<(), StoreError> {
        on!(self, c => sqlx::query(INSERT)
            .bind(id.bits().cast_signed())
            .bind(source.organization_id.map(|id| id.to_string()))
            .bind(source.actor_id.map(|id| id.to_string()))
            .bind(&source.actor_name)
            .bind(source.credential.as_ref().map(|credential| credential.id.to_string()))
            .bind(source.credential.as_ref().map(|credential| credential.kind.label()))
            .bind(&source.address)
            .bind(&source.client)
            .execute(c)
            .await
            .map(drop))?;
        Ok(())
    }
}
