//! The list of open invitations: searched, paged and counted.

use domain::platform::{
    id::OrganizationId,
    page::{OffsetPage, Page},
    timestamp::Timestamp,
};

use super::invitation::{Invitation, columns};
use crate::platform::{
    Conn, NameFilter, NarrowedList, Selection, Sql, StoreError, containing, counted_narrowed,
    listed_narrowed, statements, values,
};

/// The text is a value to compare with, or the empty text for any.
macro_rules! condition {
    () => {
        "organization_id = $1 AND ended_at IS NULL AND expires_at > $2 \
           AND ($3 = '' OR email LIKE $3 ESCAPE '!' OR name_folded LIKE $3 ESCAPE '!')"
    };
}

statements! {
    const COUNT: [Sql; 2] = counted_narrowed!("invitation", condition!(), "$4", "$5");
    const LIST: [Sql; 4] = listed_narrowed!(
        columns!(),
        "invitation",
        condition!(),
        ["created_at, id", "created_at DESC, id DESC"],
        "$4",
        "$5",
        "$6"
    );
    const WITH_TEXT: Sql = containing!("invitation", "email", "name_folded");
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
        let list = NarrowedList::new(COUNT, LIST, true);
        let selections = Selection::of_text(WITH_TEXT, search);
        self.page_narrowed(list, values, selections, page).await
    }
}
