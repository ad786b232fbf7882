//! The open database: [`Store::open`], and the three ways to use it, [`Store::read`], [`Store::write`] and
//! [`Store::housekeep`].

use std::sync::Arc;

use crate::{
    audit::{commit_batch::CommitBatches, write::Write},
    objects::object_change,
    platform::{
        Conn, Housekeeping, StoreError,
        cipher::{Cipher, DocumentCipher},
        conn::Read,
        dialect::{listener::ChangeListener, pool_state::PoolState, pools::Pools},
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
    /// [`StoreError::Address`] when the URL is neither, [`StoreError::Unavailable`] when the database does not
    /// answer, [`StoreError::Migration`] when the schema is unknown to this program.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let store = Self {
            pools: Pools::open(url).await?,
            batches: CommitBatches::default(),
            cipher: DocumentCipher::default(),
        };
        store.pools.migrate().await?;
        store.backfill().await?;
        Ok(store)
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
