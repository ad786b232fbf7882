//! Table `counter`: numbers of the whole installation. Those of one room are in its files.

use super::{
    dialect::{
        sql::{Sql, statements},
        value::values,
    },
    error::StoreError,
    housekeeping::Housekeeping,
};

statements! {
    const PROVE_WRITABLE: Sql = "UPDATE counter SET value = value + 1 WHERE name = 'readiness'";
}

impl Housekeeping {
    /// Changes a row, so that a commit proves that the database can be written to.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot.
    pub async fn prove_writable(&mut self) -> Result<(), StoreError> {
        self.execute(PROVE_WRITABLE, values![]).await.map(drop)
    }
}
