//! What a list of objects can be narrowed by: the tags, teams and types there are among them, and who made them. Asked
//! only of kinds that everybody may read: what nobody may know of is not left out here.

use domain::{
    audit::event::{Attribution, ObjectType},
    objects::object::Relation,
    platform::id::{Id, OrganizationId},
};

use crate::platform::{dialect::on, error::StoreError, row::Column, transaction::Conn};

const VALUES: &str = "SELECT DISTINCT r.value FROM object_ref r JOIN object o ON o.id = r.object_id \
    WHERE r.relation = $1 AND o.organization_id = $2 AND o.kind = $3 ORDER BY r.value LIMIT $4";
const CREATORS: &str = "SELECT created_by, MAX(created_via) FROM object WHERE organization_id = $1 AND kind = $2 \
    GROUP BY created_by ORDER BY created_by LIMIT $3";

/// So many choices are offered at most: nobody reads more, and a search finds the others.
const CHOICES: i64 = 500;

impl Conn {
    /// What objects of a kind refer to in this way, each once, in order.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_referred(
        &mut self,
        organization_id: OrganizationId,
        kind: ObjectType,
        relation: Relation,
    ) -> Result<Vec<String>, StoreError> {
        Ok(on!(self, c => sqlx::query_scalar::<_, String>(VALUES)
            .bind(relation.label())
            .bind(organization_id.to_string())
            .bind(kind.label())
            .bind(CHOICES)
            .fetch_all(c)
            .await)?)
    }

    /// Who made objects of a kind: the id, and what one of them was made by.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_creators(
        &mut self,
        organization_id: OrganizationId,
        kind: ObjectType,
    ) -> Result<Vec<(Id, Attribution)>, StoreError> {
        let rows = on!(self, c => sqlx::query_as::<_, (String, String)>(CREATORS)
            .bind(organization_id.to_string())
            .bind(kind.label())
            .bind(CHOICES)
            .fetch_all(c)
            .await)?;
        rows.into_iter()
            .map(|(id, via)| {
                let id = Column("object", "created_by").id(&id)?;
                Ok((id, Column("object", "created_via").parse(&via)?))
            })
            .collect()
    }
}
