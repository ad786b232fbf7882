//! Table `ingest_count`: what each org token has handed in, in all.

use domain::platform::{id::Id, timestamp::Timestamp};

use crate::{
    audit::housekeeping::Housekeeping,
    platform::{
        dialect::on,
        error::StoreError,
        row::{Column, moment},
        transaction::Conn,
    },
};

const FIND: &str = "SELECT org_token_id, requests, refused, datapoints, events, spans, dropped, bytes, last_at, limited_at \
    FROM ingest_count WHERE org_token_id = $1";

/// Adds to nothing when the token was deleted meanwhile.
const ADD: &str = "INSERT INTO ingest_count (org_token_id, requests, refused, datapoints, events, spans, dropped, bytes, \
    last_at, limited_at) SELECT id, CAST($2 AS BIGINT), CAST($3 AS BIGINT), CAST($4 AS BIGINT), CAST($5 AS BIGINT), \
    CAST($6 AS BIGINT), CAST($7 AS BIGINT), CAST($8 AS BIGINT), CAST($9 AS BIGINT), CAST($10 AS BIGINT) \
    FROM org_token WHERE id = $1 \
    ON CONFLICT (org_token_id) DO UPDATE SET requests = ingest_count.requests + excluded.requests, \
    refused = ingest_count.refused + excluded.refused, datapoints = ingest_count.datapoints + excluded.datapoints, \
    events = ingest_count.events + excluded.events, spans = ingest_count.spans + excluded.spans, \
    dropped = ingest_count.dropped + excluded.dropped, bytes = ingest_count.bytes + excluded.bytes, \
    last_at = CASE WHEN excluded.last_at > ingest_count.last_at THEN excluded.last_at ELSE ingest_count.last_at END, \
    limited_at = COALESCE(excluded.limited_at, ingest_count.limited_at)";

/// What an org token has handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IngestCount {
    /// The org token.
    pub org_token_id: Id,
    /// Requests, refused ones too.
    pub requests: i64,
    /// Requests of which nothing was taken.
    pub refused: i64,
    /// Datapoints taken.
    pub datapoints: i64,
    /// Events taken.
    pub events: i64,
    /// Spans taken.
    pub spans: i64,
    /// Datapoints, events and spans of requests that were taken, themselves left out as unfit.
    pub dropped: i64,
    /// Bytes of the bodies taken, after inflation.
    pub bytes: i64,
    /// When it was last used.
    pub last_at: Timestamp,
    /// When it was last refused for having sent too much.
    pub limited_at: Option<Timestamp>,
}

impl IngestCount {
    /// Nothing yet.
    #[must_use]
    pub const fn nothing(org_token_id: Id, at: Timestamp) -> Self {
        Self {
            org_token_id,
            requests: 0,
            refused: 0,
            datapoints: 0,
            events: 0,
            spans: 0,
            dropped: 0,
            bytes: 0,
            last_at: at,
            limited_at: None,
        }
    }

    /// Adds what was handed in besides.
    pub fn add(&mut self, more: &Self) {
        self.requests += more.requests;
        self.refused += more.refused;
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
struct Row {
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

impl TryFrom<Row> for IngestCount {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            org_token_id: Column("ingest_count", "org_token_id").id(&row.org_token_id)?,
            requests: row.requests,
            refused: row.refused,
            datapoints: row.datapoints,
            events: row.events,
            spans: row.spans,
            dropped: row.dropped,
            bytes: row.bytes,
            last_at: Timestamp::from_micros(row.last_at),
            limited_at: moment(row.limited_at),
        })
    }
}

impl Conn {
    /// What this org token has handed in; `None` when it never did.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_ingest_count(
        &mut self,
        org_token_id: Id,
    ) -> Result<Option<IngestCount>, StoreError> {
        on!(self, c => sqlx::query_as::<_, Row>(FIND)
            .bind(org_token_id.to_string())
            .fetch_optional(c)
            .await)?
        .map(IngestCount::try_from)
        .transpose()
    }
}

impl Housekeeping {
    /// Adds to what org tokens have handed in. Given in the same order by all nodes, none waits for another for ever.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not take it.
    pub async fn add_ingest_counts(&mut self, counts: &[IngestCount]) -> Result<(), StoreError> {
        for count in counts {
            on!(self, c => sqlx::query(ADD)
                .bind(count.org_token_id.to_string())
                .bind(count.requests)
                .bind(count.refused)
                .bind(count.datapoints)
                .bind(count.events)
                .bind(count.spans)
                .bind(count.dropped)
                .bind(count.bytes)
                .bind(count.last_at.as_micros())
                .bind(count.limited_at.map(Timestamp::as_micros))
                .execute(c)
                .await
                .map(drop))?;
        }
        Ok(())
    }
}
