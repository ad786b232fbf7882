//! Table `ingest_count`: totals of the data that each org token has sent.

use domain::platform::{id::Id, timestamp::Timestamp};

use crate::platform::{
    Column, Conn, Housekeeping, Sql, StoreError, Stored, Value, over_rows, statements, values,
};

statements! {
    const FIND: Sql = "SELECT org_token_id, requests, refused, datapoints, events, spans, dropped, bytes, last_at, \
        limited_at FROM ingest_count WHERE org_token_id = $1";
    /// Adds nothing when the token was deleted meanwhile. Ordered, because transactions of two nodes could deadlock
    /// otherwise.
    const ADD: Sql = over_rows!(
        "INSERT INTO ingest_count (org_token_id, requests, refused, datapoints, events, spans, dropped, bytes, last_at, \
         limited_at) SELECT org_token.id, CAST(given.value ->> 1 AS BIGINT), CAST(given.value ->> 2 AS BIGINT), \
         CAST(given.value ->> 3 AS BIGINT), CAST(given.value ->> 4 AS BIGINT), CAST(given.value ->> 5 AS BIGINT), \
         CAST(given.value ->> 6 AS BIGINT), CAST(given.value ->> 7 AS BIGINT), CAST(given.value ->> 8 AS BIGINT), \
         CAST(given.value ->> 9 AS BIGINT) FROM",
        "JOIN org_token ON org_token.id = given.value ->> 0 WHERE true ORDER BY org_token.id \
         ON CONFLICT (org_token_id) DO UPDATE SET \
         requests = ingest_count.requests + excluded.requests, refused = ingest_count.refused + excluded.refused, \
         datapoints = ingest_count.datapoints + excluded.datapoints, events = ingest_count.events + excluded.events, \
         spans = ingest_count.spans + excluded.spans, dropped = ingest_count.dropped + excluded.dropped, \
         bytes = ingest_count.bytes + excluded.bytes, last_at = CASE WHEN excluded.last_at > ingest_count.last_at \
         THEN excluded.last_at ELSE ingest_count.last_at END, \
         limited_at = COALESCE(excluded.limited_at, ingest_count.limited_at)"
    );
}

/// Totals of the data that an org token has sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IngestCount {
    /// The org token.
    pub org_token_id: Id,
    /// Requests, rejected ones too.
    pub requests: i64,
    /// Requests of which nothing was accepted.
    pub rejected: i64,
    /// Accepted datapoints.
    pub datapoints: i64,
    /// Accepted events.
    pub events: i64,
    /// Accepted spans.
    pub spans: i64,
    /// Invalid datapoints, events and spans in requests that were accepted.
    pub dropped: i64,
    /// Bytes of the accepted bodies, after decompression.
    pub bytes: i64,
    /// When it was last used.
    pub last_at: Timestamp,
    /// When it was last rejected for sending more than its limit.
    pub limited_at: Option<Timestamp>,
}

impl IngestCount {
    /// Totals of zero.
    #[must_use]
    pub const fn nothing(org_token_id: Id, at: Timestamp) -> Self {
        Self {
            org_token_id,
            requests: 0,
            rejected: 0,
            datapoints: 0,
            events: 0,
            spans: 0,
            dropped: 0,
            bytes: 0,
            last_at: at,
            limited_at: None,
        }
    }

    /// Adds further data.
    pub fn add(&mut self, more: &Self) {
        self.requests += more.requests;
        self.rejected += more.rejected;
        self.datapoints += more.datapoints;
        self.events += more.events;
        self.spans += more.spans;
        self.dropped += more.dropped;
        self.bytes += more.bytes;
        self.last_at = self.last_at.max(more.last_at);
        self.limited_at = self.limited_at.max(more.limited_at);
    }
}

#[derive(sqlx::FromRow)]
pub(crate) struct IngestCountRow {
    org_token_id: String,
    requests: i64,
    refused: i64,
    datapoints: i64,
    events: i64,
    spans: i64,
    dropped: i64,
    bytes: i64,
    last_at: i64,
    limited_at: Option<i64>,
}

impl Stored for IngestCount {
    type Row = IngestCountRow;

    fn from_row(row: IngestCountRow) -> Result<Self, StoreError> {
        Ok(Self {
            org_token_id: Column("ingest_count", "org_token_id").id(&row.org_token_id)?,
            requests: row.requests,
            rejected: row.refused,
            datapoints: row.datapoints,
            events: row.events,
            spans: row.spans,
            dropped: row.dropped,
            bytes: row.bytes,
            last_at: Timestamp::from_micros(row.last_at),
            limited_at: row.limited_at.map(Timestamp::from_micros),
        })
    }
}

impl Conn {
    /// The totals of an org token; `None` when it never sent data.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_ingest_count(
        &mut self,
        org_token_id: Id,
    ) -> Result<Option<IngestCount>, StoreError> {
        self.find(FIND, values![org_token_id]).await
    }
}

impl Housekeeping {
    /// Adds to the totals of org tokens, each given once.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn add_ingest_counts(&mut self, counts: &[IngestCount]) -> Result<(), StoreError> {
        if counts.is_empty() {
            return Ok(());
        }
        let rows: Vec<_> = counts
            .iter()
            .map(|count| {
                (
                    count.org_token_id,
                    count.requests,
                    count.rejected,
                    count.datapoints,
                    count.events,
                    count.spans,
                    count.dropped,
                    count.bytes,
                    count.last_at.as_micros(),
                    count.limited_at.map(Timestamp::as_micros),
                )
            })
            .collect();
        self.execute(ADD, values![Value::rows(&rows)?]).await?;
        Ok(())
    }
}
