//! The list of open invitations: searched, paged and counted.

use domain::platform::{
    id::OrganizationId,
    page::{OffsetPage, Page},
    timestamp::Timestamp,
};

use super::invitation::{Invitation, columns};
use crate::platform::{Conn, NameFilter, Sql, StoreError, counted, listed, statements, values};

/// The text is a value to compare with, or the empty text for any.
macro_rules! filtered {
    () => {
        "FROM invitation WHERE organization_id = $1 AND ended_at IS NULL AND expires_at > $2 \
           AND ($3 = '' OR email LIKE $3 ESCAPE '!' OR name_folded LIKE $3 ESCAPE '!')"
    };
}

statements! {
    const COUNT: Sql = counted!(filtered!(), "$4");
    const LIST: Sql = listed!(columns!(), filtered!(), "created_at DESC, id DESC", "$4", "$5");
}

impl Conn {
    /// A page of the invitations that can be accepted at `now` and have `search` in their address or name, ignoring
    /// case, newest first; and their number, at most [`limits::PAGE_OBJECTS`].
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    ///
    /// [`limits::PAGE_OBJECTS`]: domain::platform::limits::PAGE_OBJECTS
    pub async fn page_open_invitations(
        &mut self,
        organization_id: OrganizationId,
        now: Timestamp,
        search: &str,
        page: OffsetPage,
    ) -> Result<Page<Invitation>, StoreError> {
        let pattern = NameFilter::containing(search).pattern();
        let values = values![organization_id, now, pattern];
        self.page(COUNT, LIST, values, page).await
    }
}
