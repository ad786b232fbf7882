//! The parameters of pages and server functions as the service reads them: ids, kinds of objects, list queries.

use domain::{
    audit::event::ObjectType,
    objects::permissions::ItemKind,
    platform::{
        id::{Id, SessionId, TokenId},
        page::OffsetPage,
    },
};
use service::ListQuery;

use crate::{
    error::UiError,
    model::{
        objects::content_kind::{ContentKind, SharedContentKind},
        platform::list::{Choices, PAGE_SIZE},
    },
    request::response::set_status,
};

/// Parses an object's id.
///
/// # Errors
/// [`UiError::NotFound`], with the status set: a malformed id names no object.
pub(crate) fn id(text: &str) -> Result<Id, UiError> {
    Id::parse(text).map_err(|error| {
        set_status(404);
        UiError::from(error)
    })
}

/// Parses a user token's id.
///
/// # Errors
/// [`UiError::NotFound`], with the status set.
pub(crate) fn token_id(text: &str) -> Result<TokenId, UiError> {
    TokenId::parse(text).map_err(|_| not_found("There is no such token."))
}

/// Parses a session's id.
///
/// # Errors
/// [`UiError::NotFound`], with the status set.
pub(crate) fn session_id(text: &str) -> Result<SessionId, UiError> {
    let parsed = Id::parse(text).map(SessionId);
    parsed.map_err(|_| not_found("There is no such session."))
}

/// Parses the label of an object type.
///
/// # Errors
/// [`UiError::NotFound`], with the status set.
pub(crate) fn kind(label: &str) -> Result<ObjectType, UiError> {
    ObjectType::from_label(label).ok_or_else(|| not_found("There is no such kind of object."))
}

/// Parses the label of an object type whose objects have permissions of their own.
///
/// # Errors
/// [`UiError::NotFound`], with the status set.
pub(crate) fn item_kind(label: &str) -> Result<ItemKind, UiError> {
    let kind = kind(label)?;
    ItemKind::of(kind).ok_or_else(|| {
        not_found(&format!(
            "A {} has no permissions of its own.",
            kind.words()
        ))
    })
}

/// Parses the label of an object type whose objects have pages and a document.
///
/// # Errors
/// [`UiError::NotFound`], with the status set.
pub(crate) fn content_kind(label: &str) -> Result<ContentKind, UiError> {
    let kind = kind(label)?;
    ContentKind::of(kind).ok_or_else(|| not_found(&format!("A {} has no document.", kind.words())))
}

/// Parses the label of a type of shared objects that have pages.
///
/// # Errors
/// [`UiError::NotFound`], with the status set.
pub(crate) fn shared_kind(label: &str) -> Result<SharedContentKind, UiError> {
    match content_kind(label)? {
        ContentKind::Shared(kind) => Ok(kind),
        ContentKind::Item(kind) => Err(not_found(&format!(
            "A {} is not shared.",
            kind.object_type().words()
        ))),
    }
}

fn not_found(message: &str) -> UiError {
    set_status(404);
    UiError::NotFound(message.to_owned())
}

/// Parses a sort order such as `-created`: the field, and whether it descends.
pub(crate) fn sorted_by(sort: &str) -> (&str, bool) {
    match sort.strip_prefix('-') {
        Some(field) => (field, true),
        None => (sort, false),
    }
}

/// A query for names that contain `search`, sorted by a field.
pub(crate) fn by_name(search: String, sort: String) -> ListQuery {
    ListQuery {
        name: search,
        order_by: sort,
        ..ListQuery::default()
    }
}

/// The id that a filter is set to; `None` for no filter. A malformed id becomes one that no object has, so that the
/// filter matches nothing.
pub(crate) fn chosen(text: &str) -> Option<Id> {
    match text {
        "" => None,
        text => Some(Id::parse(text).unwrap_or(Id::SYSTEM)),
    }
}

/// The rows of a list on the page of this number; the first page is 1.
pub(crate) fn page(page: i64) -> OffsetPage {
    OffsetPage {
        limit: PAGE_SIZE,
        offset: (page - 1).max(0) * PAGE_SIZE,
    }
}

/// The choices of a filter, from ids and names.
pub(crate) fn choices<I: ToString>(named: Vec<(I, String)>) -> Choices {
    let named = named.into_iter();
    named.map(|(id, name)| (id.to_string(), name)).collect()
}
