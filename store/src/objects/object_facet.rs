//! The values that a list of objects can be filtered by: tags, teams, types and creators. They are not restricted to
//! the objects that the caller may read, so only kinds that the whole organization may read use them.

use domain::{
    audit::event::{Attribution, ObjectType},
    objects::object::Relation,
    platform::id::{Id, OrganizationId},
};

use super::object::column;
use crate::platform::{Conn, Sql, StoreError, statements, values};

statements! {
    const VALUES: Sql = "SELECT DISTINCT r.value FROM object_ref r JOIN object o ON o.id = r.object_id \
        WHERE r.relation = $1 AND o.organization_id = $2 AND o.kind = $3 ORDER BY r.value LIMIT $4";
    const CREATORS: Sql = "SELECT created_by, MAX(created_via) FROM object WHERE organization_id = $1 AND kind = $2 \
        GROUP BY created_by ORDER BY created_by LIMIT $3";
}

/// The maximum number of values; a search finds the others.
const CHOICES: i64 = 500;

impl Conn {
    /// The distinct values that objects of a kind refer to in this relation, in order.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_referred(
        &mut self,
        organization_id: OrganizationId,
        kind: ObjectType,
        relation: Relation,
    ) -> Result<Vec<String>, StoreError> {
        let values = values![relation.label(), organization_id, kind.label(), CHOICES];
        let found = self.fetch_all::<(String,)>(VALUES, values).await?;
        Ok(found.into_iter().map(|(value,)| value).collect())
    }

    /// The creators of objects of a kind: the id, and the attribution of one of the objects.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_creators(
        &mut self,
        organization_id: OrganizationId,
        kind: ObjectType,
    ) -> Result<Vec<(Id, Attribution)>, StoreError> {
        let values = values![organization_id, kind.label(), CHOICES];
        let found = self.fetch_all::<(String, String)>(CREATORS, values).await?;
        found
            .into_iter()
            .map(|(id, via)| {
                let id = column("created_by").id(&id)?;
                Ok((id, column("created_via").parse_json(&via)?))
            })
            .collect()
    }
}
