//! Which of some objects a reader may not read.

use std::collections::HashSet;

use domain::platform::id::{Id, OrganizationId};

use super::object::column;
use crate::{
    identity::reader::Reader,
    platform::{Conn, Sql, StoreError, Value, over_rows, statements, values},
};

statements! {
    // The condition of the lists of objects, the other way round.
    const LIST: Sql = over_rows!(
        "SELECT o.id FROM",
        "JOIN object o ON o.id = given.value ->> 0 JOIN object a ON a.id = o.access_id \
         WHERE o.organization_id = $2 AND a.restricted \
         AND NOT EXISTS (SELECT 1 FROM acl_entry e WHERE e.object_id = a.id \
            AND (e.principal_id = $2 OR e.principal_id = $3 \
                 OR e.principal_id IN (SELECT m.team_id FROM team_member m WHERE m.user_id = $3)))"
    );
}

impl Conn {
    /// Those of these objects that the reader may not read.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_hidden_objects(
        &mut self,
        organization_id: OrganizationId,
        reader: Reader,
        ids: &HashSet<Id>,
    ) -> Result<HashSet<Id>, StoreError> {
        let (sees_everything, user_id) = reader.values();
        if sees_everything || ids.is_empty() {
            return Ok(HashSet::new());
        }
        let rows: Vec<[Id; 1]> = ids.iter().map(|id| [*id]).collect();
        let values = values![Value::rows(&rows)?, organization_id, user_id];
        let found = self.fetch_all::<(String,)>(LIST, values).await?;
        found.iter().map(|(id,)| column("id").id(id)).collect()
    }
}
