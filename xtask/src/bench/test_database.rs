//! An empty database to measure on.

use anyhow::Result;
use tempfile::TempDir;

use super::options::Database;
use crate::{
    postgres::{Durability, Postgres},
    tools,
};

/// An empty database, and a folder for the server's other files. Dropping it removes both.
pub(super) struct TestDatabase {
    pub(super) folder: TempDir,
    pub(super) url: String,
    _postgres: Option<Postgres>,
}

impl TestDatabase {
    pub(super) fn create(kind: Database) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("countersign.db");
        Ok(match kind {
            Database::Sqlite => Self {
                url: format!("sqlite:{}", file.display()),
                folder,
                _postgres: None,
            },
            Database::Postgres => {
                tools::for_postgres()?;
                let postgres = Postgres::start(Durability::Kept)?;
                Self {
                    url: postgres.url().to_owned(),
                    folder,
                    _postgres: Some(postgres),
                }
            }
        })
    }
}
