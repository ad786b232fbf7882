//! Lists of objects (docs/contract.md#lists) that the reader may read.

use domain::{
    objects::object::Object,
    platform::page::{OffsetPage, Page},
};

use super::{
    object::columns,
    object_filter::{ObjectFilter, ObjectOrder},
};
use crate::platform::{Conn, Sql, StoreError, counted, directed, ordered, statements};

/// Each filter is a value to compare with, or the empty text for any: one condition for every combination.
///
/// An object is omitted when the object at its `access_id` is restricted and neither the user, nor one of their teams,
/// nor the organization is among the readers of that object.
macro_rules! filtered {
    () => {
        "FROM object o WHERE o.organization_id = $1 AND o.kind = $2 \
           AND ($3 = '' OR o.name_folded LIKE $3 ESCAPE '!') \
           AND ($4 = '' OR o.parent_id = $4) \
           AND ($5 = '' OR o.id = (SELECT child.parent_id FROM object child WHERE child.id = $5)) \
           AND ($6 = '' OR EXISTS (SELECT 1 FROM object_ref r WHERE r.object_id = o.id AND r.relation = 'team' AND r.value = $6)) \
           AND ($7 = '' OR EXISTS (SELECT 1 FROM object_ref r WHERE r.object_id = o.id AND r.relation = 'shows' AND r.value = $7)) \
           AND ($8 = '' OR EXISTS (SELECT 1 FROM object_ref r WHERE r.object_id = o.id AND r.relation = 'tag' \
                AND r.value IN ($8, $9, $10, $11, $12, $13, $14, $15, $16, $17))) \
           AND ($20 = '' OR EXISTS (SELECT 1 FROM object_ref r WHERE r.object_id = o.id AND r.relation = 'type' AND r.value = $20)) \
           AND ($21 = '' OR o.created_by = $21) \
           AND ($22 = '' OR EXISTS (SELECT 1 FROM object_ref r WHERE r.object_id = o.id AND r.relation = 'state' AND r.value = $22)) \
           AND ($23 = '' OR EXISTS (SELECT 1 FROM object_ref r WHERE r.object_id = o.id AND r.relation = 'tag' \
                AND (substr(r.value, 1, length($23)) = $23 OR substr(r.value, 1, length($24)) = $24 \
                     OR substr(r.value, 1, length($25)) = $25 OR substr(r.value, 1, length($26)) = $26 \
                     OR substr(r.value, 1, length($27)) = $27))) \
           AND ($28 = '' OR NOT EXISTS (SELECT 1 FROM object_ref r WHERE r.object_id = o.id AND r.relation = 'tag' \
                AND (substr(r.value, 1, length($28)) = $28 OR substr(r.value, 1, length($29)) = $29 \
                     OR substr(r.value, 1, length($30)) = $30 OR substr(r.value, 1, length($31)) = $31 \
                     OR substr(r.value, 1, length($32)) = $32))) \
           AND ($18 OR o.access_id IS NULL \
                OR NOT EXISTS (SELECT 1 FROM object a WHERE a.id = o.access_id AND a.restricted) \
                OR EXISTS (SELECT 1 FROM acl_entry e WHERE e.object_id = o.access_id \
                     AND (e.principal_id = $1 OR e.principal_id = $19 \
                          OR e.principal_id IN (SELECT m.team_id FROM team_member m WHERE m.user_id = $19))))"
    };
}

macro_rules! by {
    ($column:literal) => {
        ordered!(
            columns!("o."),
            filtered!(),
            [
                concat!($column, ", o.id"),
                concat!($column, " DESC, o.id DESC")
            ],
            "$33",
            "$34"
        )
    };
}

statements! {
    const COUNT: Sql = counted!(filtered!(), "$33");
    const BY_UPDATE: [Sql; 2] = by!("o.updated_at");
    const BY_CREATION: [Sql; 2] = by!("o.created_at");
    const BY_NAME: [Sql; 2] = by!("o.name_folded");
    const BY_CREATOR: [Sql; 2] = by!("o.created_by");
    const BY_UPDATER: [Sql; 2] = by!("o.updated_by");
    const BY_TAG: [Sql; 2] = by!(
        "COALESCE((SELECT MIN(r.value) FROM object_ref r WHERE r.object_id = o.id AND r.relation = 'tag'), '')"
    );
    const BY_DESCRIPTION: [Sql; 2] = by!(
        "COALESCE((SELECT MIN(r.value) FROM object_ref r WHERE r.object_id = o.id AND r.relation = 'description'), '')"
    );
}

const fn list(order: ObjectOrder) -> [Sql; 2] {
    match order {
        ObjectOrder::Updated => BY_UPDATE,
        ObjectOrder::Created => BY_CREATION,
        ObjectOrder::Name => BY_NAME,
        ObjectOrder::Creator => BY_CREATOR,
        ObjectOrder::Updater => BY_UPDATER,
        ObjectOrder::Tags => BY_TAG,
        ObjectOrder::Description => BY_DESCRIPTION,
    }
}

impl Conn {
    /// A page of the matching objects, and their number, at most [`limits::PAGE_OBJECTS`].
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    ///
    /// [`limits::PAGE_OBJECTS`]: domain::platform::limits::PAGE_OBJECTS
    pub async fn page_objects(
        &mut self,
        filter: &ObjectFilter,
        page: OffsetPage,
    ) -> Result<Page<Object>, StoreError> {
        let list = directed(list(filter.order), filter.descending);
        self.page(COUNT, list, filter.values(), page).await
    }
}
