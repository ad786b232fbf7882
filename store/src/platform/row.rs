//! Reading stored text back into the types it was written from.

use domain::platform::{id::Id, timestamp::Timestamp};
use serde::{Deserialize, Serialize};

use crate::platform::error::StoreError;

/// One column of one table, for the error when its value cannot be read.
#[derive(Clone, Copy)]
pub(crate) struct Column(pub(crate) &'static str, pub(crate) &'static str);

impl Column {
    pub(crate) fn corrupt(self) -> StoreError {
        StoreError::Corrupt {
            table: self.0,
            column: self.1,
        }
    }

    pub(crate) fn id(self, text: &str) -> Result<Id, StoreError> {
        Id::parse(text).map_err(|_| self.corrupt())
    }

    pub(crate) fn parse<'a, T: Deserialize<'a>>(self, text: &'a str) -> Result<T, StoreError> {
        serde_json::from_str(text).map_err(|_| self.corrupt())
    }

    pub(crate) fn written<T: Serialize>(self, value: &T) -> Result<String, StoreError> {
        serde_json::to_string(value).map_err(|_| self.corrupt())
    }

    /// The same for what takes so many bytes, about: what is long is not moved while it is written.
    pub(crate) fn written_in<T: Serialize>(
        self,
        bytes: usize,
        value: &T,
    ) -> Result<String, StoreError> {
        let mut text = Vec::with_capacity(bytes);
        serde_json::to_writer(&mut text, value).map_err(|_| self.corrupt())?;
        String::from_utf8(text).map_err(|_| self.corrupt())
    }

    pub(crate) fn read<T>(self, value: Option<T>) -> Result<T, StoreError> {
        value.ok_or_else(|| self.corrupt())
    }
}

/// The moment in a column that may be empty.
pub(crate) fn moment(micros: Option<i64>) -> Option<Timestamp> {
    micros.map(Timestamp::from_micros)
}
