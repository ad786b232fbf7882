//! Converting between the text in a column and a type. Errors name the column.

use domain::platform::id::Id;
use serde::{Deserialize, Serialize};

use crate::platform::error::StoreError;

/// One column of one table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column(pub(crate) &'static str, pub(crate) &'static str);

impl Column {
    /// The error for a value that this program does not write.
    pub(crate) const fn corrupt(self) -> StoreError {
        StoreError::Corrupt {
            table: self.0,
            column: self.1,
        }
    }

    pub(crate) fn id(self, text: &str) -> Result<Id, StoreError> {
        Id::parse(text).map_err(|_| self.corrupt())
    }

    /// A value that could not be parsed when it is `None`.
    pub(crate) fn required<T>(self, value: Option<T>) -> Result<T, StoreError> {
        value.ok_or_else(|| self.corrupt())
    }

    pub(crate) fn parse_json<'a, T: Deserialize<'a>>(self, text: &'a str) -> Result<T, StoreError> {
        serde_json::from_str(text).map_err(|_| self.corrupt())
    }

    pub(crate) fn to_json<T: Serialize>(self, value: &T) -> Result<String, StoreError> {
        serde_json::to_string(value).map_err(|_| self.corrupt())
    }

    /// As [`Self::to_json`], for a text of about `bytes` bytes: a long text is not copied while it grows.
    pub(crate) fn to_json_of<T: Serialize>(
        self,
        bytes: usize,
        value: &T,
    ) -> Result<String, StoreError> {
        let mut text = Vec::with_capacity(bytes);
        serde_json::to_writer(&mut text, value).map_err(|_| self.corrupt())?;
        String::from_utf8(text).map_err(|_| self.corrupt())
    }
}
