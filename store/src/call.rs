//! Table `call`: every request to the API. Written in batches, many rows a statement: a statement a row would cost more
//! than the request itself.

use std::sync::LazyLock;

use domain::{
    id::{Id, OrganizationId, RequestId},
    timestamp::Timestamp,
};

use crate::{
    call_source::{CallSource, SourceRow},
    dialect::{Spelled, on},
    error::StoreError,
    housekeeping::Housekeeping,
    row::Column,
    transaction::Conn,
};

const COLUMNS: usize = 9;

/// Rows in one statement. SQLite takes 32,766 values and PostgreSQL 65,535; past a few hundred rows nothing is gained.
const ROWS: usize = 256;

/// Rows in one statement of what is left over: at most fifteen rows then go one by one.
const SOME_ROWS: usize = 16;

static INSERT_MANY: LazyLock<Spelled> = LazyLock::new(|| insert(ROWS));
static INSERT_SOME: LazyLock<Spelled> = LazyLock::new(|| insert(SOME_ROWS));
static INSERT_ONE: LazyLock<Spelled> = LazyLock::new(|| insert(1));

macro_rules! select {
    ($condition:literal) => {
        concat!(
            "SELECT at, organization_id, actor_id, actor_name, token_id, token_kind, request_id, method, route, path, ",
            "status, duration_us, bytes, address, client FROM call JOIN call_source ON call_source.id = source_id WHERE ",
            $condition,
            " AND at >= $1 AND at < $2 AND organization_id = $3 AND (at, request_id) > ($4, $5) ",
            "ORDER BY at, request_id LIMIT $6"
        )
    };
}

const LIST_WRITES: &str = select!("method <> 'GET'");
const LIST_READS: &str = select!("method = 'GET'");

/// Which calls to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallFilter {
    /// From this moment.
    pub from: Timestamp,
    /// To before this moment.
    pub to: Timestamp,
    /// After this call, by its moment and request; `None` for all.
    pub after: Option<(Timestamp, RequestId)>,
    /// Calls that read, instead of calls that ask for a change.
    pub reads: bool,
    /// So many at most.
    pub limit: i64,
}

/// One request to the API, to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCall {
    /// When it came in.
    pub at: Timestamp,
    /// Who called from where: the id of a [`crate::CallSource`] that is stored before, or with, it.
    pub source_id: Id,
    /// The request's id.
    pub request_id: RequestId,
    /// The HTTP method.
    pub method: &'static str,
    /// The route's template.
    pub route: &'static str,
    /// The path asked for; `None` when it is the route.
    pub path: Option<String>,
    /// The status answered.
    pub status: u16,
    /// How long it took, in microseconds.
    pub duration_us: i64,
    /// Bytes of the answer's body.
    pub bytes: i64,
}

/// One request to the API, as it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// When it came in.
    pub at: Timestamp,
    /// Who called, with what, from where.
    pub source: CallSource,
    /// The request's id.
    pub request_id: RequestId,
    /// The HTTP method.
    pub method: String,
    /// The route's template.
    pub route: String,
    /// The path asked for.
    pub path: String,
    /// The status answered.
    pub status: u16,
    /// How long it took, in microseconds.
    pub duration_us: i64,
    /// Bytes of the answer's body.
    pub bytes: i64,
}

/// The statement that adds so many rows. Made of constants alone.
fn insert(rows: usize) -> Spelled {
    Spelled::with_places(|place| {
        let mut text = String::from(
            "INSERT INTO call (at, source_id, request_id, method, route, path, status, duration_us, bytes) VALUES ",
        );
        for row in 0..rows {
            text.push_str(if row == 0 { "(" } else { ", (" });
            for column in 1..=COLUMNS {
                text.push_str(if column == 1 { "" } else { ", " });
                place(&mut text, row * COLUMNS + column);
            }
            text.push(')');
        }
        text
    })
}

impl Housekeeping {
    /// Adds calls whose sources are stored.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not take them.
    pub async fn insert_calls(&mut self, calls: &[NewCall]) -> Result<(), StoreError> {
        let (many, rest) = calls.as_chunks::<ROWS>();
        for chunk in many {
            self.insert_chunk(&INSERT_MANY, chunk).await?;
        }
        let (some, rest) = rest.as_chunks::<SOME_ROWS>();
        for chunk in some {
            self.insert_chunk(&INSERT_SOME, chunk).await?;
        }
        for call in rest.chunks(1) {
            self.insert_chunk(&INSERT_ONE, call).await?;
        }
        Ok(())
    }

    async fn insert_chunk(
        &mut self,
        statement: &Spelled,
        calls: &[NewCall],
    ) -> Result<(), StoreError> {
        let text = self.spelling(statement);
        on!(self, c => {
            let mut query = sqlx::query(text);
            for call in calls {
                query = query
                    .bind(call.at.as_micros())
                    .bind(call.source_id.bits().cast_signed())
                    .bind(call.request_id.0.bits().cast_signed())
                    .bind(call.method)
                    .bind(call.route)
                    .bind(call.path.as_deref())
                    .bind(i32::from(call.status))
                    .bind(call.duration_us)
                    .bind(call.bytes);
            }
            query.execute(c).await.map(drop)
        })?;
        Ok(())
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    at: i64,
    request_id: i64,
    method: String,
    route: String,
    path: Option<String>,
    status: i32,
    duration_us: i64,
    bytes: i64,
    #[sqlx(flatten)]
    source: SourceRow,
}

fn column(name: &'static str) -> Column {
    Column("call", name)
}

impl TryFrom<Row> for Call {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            at: Timestamp::from_micros(row.at),
            source: row.source.try_into()?,
            request_id: RequestId(Id::from_bits(row.request_id.cast_unsigned())),
            method: row.method,
            path: row.path.unwrap_or_else(|| row.route.clone()),
            route: row.route,
            status: u16::try_from(row.status).map_err(|_| column("status").corrupt())?,
            duration_us: row.duration_us,
            bytes: row.bytes,
        })
    }
}

impl Conn {
    /// The calls of an organization that the filter lets through, refused ones too, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_calls(
        &mut self,
        organization_id: OrganizationId,
        filter: &CallFilter,
    ) -> Result<Vec<Call>, StoreError> {
        let statement = if filter.reads {
            LIST_READS
        } else {
            LIST_WRITES
        };
        let (after_at, after_id) = match &filter.after {
            Some((at, id)) => (at.as_micros(), id.0.bits().cast_signed()),
            None => (i64::MIN, i64::MIN),
        };
        on!(self, c => sqlx::query_as::<_, Row>(statement)
            .bind(filter.from.as_micros())
            .bind(filter.to.as_micros())
            .bind(organization_id.to_string())
            .bind(after_at)
            .bind(after_id)
            .bind(filter.limit)
            .fetch_all(c)
            .await)?
        .into_iter()
        .map(Call::try_from)
        .collect()
    }
}
