//! The open database: [`Store::open`], and the three ways to use it, [`Store::read`], [`Store::write`] and
//! [`Store::housekeep`].

use std::{path::Path, sync::Arc};

use crate::{
    audit::{
        commit_batch::CommitBatches,
        states::{
            state::{RowState, Stater},
            tables::CheckedRow,
        },
        write::Write,
    },
    objects::object_change,
    platform::{
        Conn, Housekeeping, StoreError,
        access::Access,
        cipher::{Cipher, DocumentCipher},
        conn::Read,
        dialect::{
            listener::ChangeListener,
            pool_state::PoolState,
            pools::{Pools, place},
            schema::Schema,
            transfer::{Transfer, TransferError},
        },
    },
    tokens::org_token_change,
};

/// The number of rows of each table that one transaction fills.
const BACKFILL_ROWS: i64 = 500;

/// An open database.
#[derive(Debug, Clone)]
pub struct Store {
    pools: Pools,
    batches: CommitBatches,
    cipher: DocumentCipher,
}

impl Store {
    /// Opens the database at this URL, `sqlite:FILE` or `postgres://…`, and brings its schema up to date.
    /// A SQLite file and its folder are created when they are missing.
    ///
    /// # Errors
    /// As [`Self::open_with`].
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        Self::open_with(url, Access::Migrate).await
    }

    /// Opens the database at this URL, `sqlite:FILE` or `postgres://…`.
    ///
    /// # Errors
    /// [`StoreError::Address`] when the URL is neither, [`StoreError::Unavailable`] when the database does not
    /// answer, [`StoreError::Missing`] when it is missing and not created, [`StoreError::Outdated`],
    /// [`StoreError::TooNew`] and [`StoreError::Migration`] when the schema is not that of this program.
    pub async fn open_with(url: &str, access: Access) -> Result<Self, StoreError> {
        let store = Self {
            pools: Pools::open(url, access).await?,
            batches: CommitBatches::default(),
            cipher: DocumentCipher::default(),
        };
        if access == Access::Migrate {
            store.migrate().await?;
            return Ok(store);
        }
        match store.pools.schema().await? {
            Schema::Current => {}
            Schema::Missing if access == Access::SetUp => store.migrate().await?,
            Schema::Missing => return Err(StoreError::Missing(place(url).to_owned())),
            Schema::Earlier => return Err(StoreError::Outdated),
            Schema::Later(version) => return Err(StoreError::TooNew(version)),
        }
        Ok(store)
    }

    /// Whether the database was opened to be read only.
    #[must_use]
    pub fn only_reads(&self) -> bool {
        self.pools.only_reads()
    }

    /// Brings the schema and stored rows up to date.
    async fn migrate(&self) -> Result<(), StoreError> {
        self.pools.migrate().await?;
        self.backfill().await
    }

    /// The same database with a cipher for the secrets inside documents. Without one, documents with secrets can be
    /// neither stored nor read.
    #[must_use]
    pub fn with_cipher(self, cipher: Arc<dyn Cipher>) -> Self {
        let cipher = DocumentCipher::new(cipher);
        Self {
            pools: self.pools,
            batches: CommitBatches::new(cipher.clone()),
            cipher,
        }
    }

    /// Encrypts the secrets that earlier versions stored in plain text inside documents, once.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn encrypt_plain_secrets(&self) -> Result<(), StoreError> {
        if self.read().await?.are_documents_encrypted().await? {
            return Ok(());
        }
        for table in [object_change::DOCUMENTS, org_token_change::DOCUMENTS] {
            let mut after = Some(String::new());
            while let Some(id) = after {
                let mut housekeeping = self.housekeep().await?;
                after = housekeeping
                    .encrypt_documents(table, &id, BACKFILL_ROWS)
                    .await?;
                housekeeping.finish().await?;
            }
        }
        let mut housekeeping = self.housekeep().await?;
        housekeeping.note_encrypted_documents().await?;
        housekeeping.finish().await
    }

    /// The number of rows with encrypted values: documents of objects and org tokens, and secrets of org tokens.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn count_encrypted_rows(&self) -> Result<i64, StoreError> {
        let mut read = self.read().await?;
        let objects = read
            .count_encrypted_documents(object_change::DOCUMENTS)
            .await?;
        let org_tokens = read
            .count_encrypted_documents(org_token_change::DOCUMENTS)
            .await?;
        Ok(objects + org_tokens + read.count_org_token_secrets().await?)
    }

    /// Fills columns of rows that were stored before the columns existed, where SQL cannot compute the value, such as
    /// folded names. Small transactions let other nodes write in between.
    async fn backfill(&self) -> Result<(), StoreError> {
        loop {
            let mut housekeeping = self.housekeep().await?;
            let filled = housekeeping.fold_member_names(BACKFILL_ROWS).await?
                + housekeeping.fold_token_names(BACKFILL_ROWS).await?
                + housekeeping.index_org_tokens(BACKFILL_ROWS).await?;
            housekeeping.finish().await?;
            if filled == 0 {
                return Ok(());
            }
        }
    }

    /// A connection for reading.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if no connection becomes free in time.
    pub async fn read(&self) -> Result<Read, StoreError> {
        let connection = self.pools.read().await?;
        Ok(Read::new(Conn::new(connection, self.cipher.clone())))
    }

    /// Begins a write. Writes are serial: this waits until the write before has ended, so that what is read here is
    /// still true at the commit. Writes that wait for one another are committed together.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database does not answer or the write before does not end in time.
    pub async fn write(&self) -> Result<Write, StoreError> {
        Write::begin(&self.batches, &self.pools).await
    }

    /// Begins a transaction without audit events.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database does not answer.
    pub async fn housekeep(&self) -> Result<Housekeeping, StoreError> {
        Housekeeping::begin(&self.pools, &self.cipher).await
    }

    /// Listens for new audit events of any node; `None` where the database cannot notify (SQLite).
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database does not answer.
    pub async fn listen(&self) -> Result<Option<ChangeListener>, StoreError> {
        self.pools.listen().await
    }

    /// The state of the connection pools.
    #[must_use]
    pub fn pools(&self) -> Vec<PoolState> {
        self.pools.states()
    }

    /// The size of the write-ahead log in bytes; `None` where the database server manages it.
    #[must_use]
    pub fn wal_bytes(&self) -> Option<u64> {
        self.pools.wal_bytes()
    }

    /// Empties the write-ahead log, unless a reader needs it.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database does not answer.
    pub async fn truncate_wal(&self) -> Result<(), StoreError> {
        self.pools.truncate_wal().await
    }

    /// Returns some of the unused space of the database to the file system, where the database server does not manage
    /// it. Returns whether more is left.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database does not answer.
    pub async fn return_space(&self) -> Result<bool, StoreError> {
        self.pools.return_space().await
    }

    /// Writes the database as it is at this moment into a new file, while others write. The database must be only read.
    /// Returns `false` where the database is not a file.
    ///
    /// # Errors
    /// [`StoreError`] when the file cannot be written.
    pub async fn back_up(&self, file: &Path) -> Result<bool, StoreError> {
        self.pools.back_up(file).await
    }

    /// Begins to move all rows to an empty database server at this URL. The database must be a file that is only read.
    ///
    /// # Errors
    /// [`TransferError`]; then the destination has no rows.
    pub async fn transfer_to(&self, url: &str) -> Result<Transfer, TransferError> {
        Transfer::begin(&self.pools, url).await
    }

    /// What is wrong with the structure of the file, where the database is a file.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_damage(&self) -> Result<Vec<String>, StoreError> {
        self.pools.list_damage().await
    }

    /// Fails when a file that no program had open, and that was only read, has changed since it was opened.
    ///
    /// # Errors
    /// [`StoreError::Changed`]: what was read may be wrong.
    pub fn check_unchanged(&self) -> Result<(), StoreError> {
        self.pools.check_unchanged()
    }

    /// The columns in which a row differs from a state of the audit log: none when the row is as the state says.
    #[must_use]
    pub fn differences_of(&self, row: &CheckedRow, state: &RowState) -> Vec<&'static str> {
        let stater = Stater::new(&self.cipher);
        stater.map_or_else(Vec::new, |stater| stater.differences(row, state))
    }

    /// Closes all connections.
    pub async fn close(&self) {
        self.pools.close().await;
    }

    /// `SQLite` or `PostgreSQL`, for display.
    #[must_use]
    pub fn database(&self) -> &'static str {
        self.pools.product()
    }
}
