//! The values of the placeholders of a statement, `$1` first.

use std::borrow::Cow;

use domain::platform::{
    id::{Id, OrganizationId, SessionId, TeamId, TokenId, UserId},
    timestamp::Timestamp,
};
use serde::Serialize;
use sqlx::{Arguments, Database, Encode, Type};

use crate::platform::{column::Column, error::StoreError};

/// One value. Both databases store each kind natively.
#[derive(Debug, Clone)]
pub(crate) enum Value<'a> {
    Text(Option<Cow<'a, str>>),
    Integer(Option<i64>),
    Boolean(bool),
    Bytes(Option<&'a [u8]>),
}

/// The values of a statement, in the order of its placeholders: `values![id, name, expires_at]`.
macro_rules! values {
    ($($value:expr),* $(,)?) => {
        vec![$($crate::platform::dialect::value::Value::from($value)),*]
    };
}

pub(crate) use values;

impl Value<'_> {
    /// The rows of an [`over_rows!`] statement, as one JSON array.
    ///
    /// [`over_rows!`]: crate::platform::over_rows
    pub(crate) fn rows(rows: &impl Serialize) -> Result<Self, StoreError> {
        Ok(Self::from(Column("given", "value").to_json(rows)?))
    }

    /// Ids as rows of one field.
    pub(crate) fn id_rows(ids: &[Id]) -> Result<Self, StoreError> {
        let rows: Vec<[Id; 1]> = ids.iter().map(|id| [*id]).collect();
        Self::rows(&rows)
    }

    /// Numbers as rows of one field.
    pub(crate) fn number_rows(numbers: &[i64]) -> Result<Self, StoreError> {
        let rows: Vec<[i64; 1]> = numbers.iter().map(|number| [*number]).collect();
        Self::rows(&rows)
    }

    /// The id of a filter; without an id the empty text, which disables the filter.
    pub(crate) fn id_or_empty(id: Option<Id>) -> Self {
        id.map_or_else(|| Self::from(""), Self::from)
    }
}

/// The values as arguments of one database.
pub(super) fn arguments<'v, DB>(values: Vec<Value<'v>>) -> sqlx::Result<DB::Arguments>
where
    DB: Database,
    Option<Cow<'v, str>>: Encode<'v, DB> + Type<DB>,
    Option<i64>: Encode<'v, DB> + Type<DB>,
    bool: Encode<'v, DB> + Type<DB>,
    Option<&'v [u8]>: Encode<'v, DB> + Type<DB>,
{
    let mut arguments = DB::Arguments::default();
    for value in values {
        match value {
            Value::Text(text) => arguments.add(text),
            Value::Integer(number) => arguments.add(number),
            Value::Boolean(boolean) => arguments.add(boolean),
            Value::Bytes(bytes) => arguments.add(bytes),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Some(Cow::Borrowed(text)))
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Some(Cow::Owned(text)))
    }
}

impl<'a> From<&'a Option<String>> for Value<'a> {
    fn from(text: &'a Option<String>) -> Self {
        Self::Text(text.as_deref().map(Cow::Borrowed))
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Integer(Some(number))
    }
}

impl From<Timestamp> for Value<'_> {
    fn from(at: Timestamp) -> Self {
        Self::from(at.as_micros())
    }
}

impl From<Option<Timestamp>> for Value<'_> {
    fn from(at: Option<Timestamp>) -> Self {
        Self::Integer(at.map(Timestamp::as_micros))
    }
}

impl From<bool> for Value<'_> {
    fn from(boolean: bool) -> Self {
        Self::Boolean(boolean)
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Bytes(Some(bytes))
    }
}

impl<'a, const N: usize> From<&'a Option<[u8; N]>> for Value<'a> {
    fn from(bytes: &'a Option<[u8; N]>) -> Self {
        Self::Bytes(bytes.as_ref().map(<[u8; N]>::as_slice))
    }
}

macro_rules! from_id {
    ($($id:ty),+) => {$(
        impl From<$id> for Value<'_> {
            fn from(id: $id) -> Self {
                Self::from(id.to_string())
            }
        }

        impl From<Option<$id>> for Value<'_> {
            fn from(id: Option<$id>) -> Self {
                Self::Text(id.map(|id| Cow::Owned(id.to_string())))
            }
        }
    )+};
}

from_id!(Id, OrganizationId, SessionId, TeamId, TokenId, UserId);
