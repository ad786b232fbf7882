//! Table `call`: every request to the API. Written in batches, many rows a statement: a statement a row would cost more
//! than the request itself.

use std::{borrow::Cow, fmt::Write as _, sync::LazyLock};

use domain::{
    actor::Credential,
    id::{Id, OrganizationId, RequestId},
    timestamp::Timestamp,
    token::TokenKind,
};

use crate::{
    dialect::on, error::StoreError, housekeeping::Housekeeping, row::Column, transaction::Conn,
};

const COLUMNS: usize = 15;

/// Rows in one statement. SQLite takes 32,766 values and PostgreSQL 65,535; past a few hundred rows nothing is gained.
const ROWS: usize = 256;

/// Rows in one statement of what is left over: at most fifteen rows then go one by one.
const SOME_ROWS: usize = 16;

static INSERT_MANY: LazyLock<&'static str> = LazyLock::new(|| insert(ROWS).leak());
static INSERT_SOME: LazyLock<&'static str> = LazyLock::new(|| insert(SOME_ROWS).leak());
static INSERT_ONE: LazyLock<&'static str> = LazyLock::new(|| insert(1).leak());

macro_rules! select {
    ($condition:literal) => {
        concat!(
            "SELECT at, organization_id, actor_id, actor_email, token_id, token_kind, request_id, method, route, path, ",
            "status, duration_us, bytes, address, client FROM call WHERE ",
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

/// One request to the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// When it came in.
    pub at: Timestamp,
    /// The organization of the caller; `None` when there is no telling.
    pub organization_id: Option<OrganizationId>,
    /// The caller; `None` when there is no telling.
    pub actor_id: Option<Id>,
    /// A user's mail address, an org token's name.
    pub actor_email: String,
    /// With which credential.
    pub credential: Option<Credential>,
    /// The request's id.
    pub request_id: RequestId,
    /// The HTTP method.
    pub method: Cow<'static, str>,
    /// The route's template.
    pub route: Cow<'static, str>,
    /// The path asked for.
    pub path: String,
    /// The status answered.
    pub status: u16,
    /// How long it took, in microseconds.
    pub duration_us: i64,
    /// Bytes of the answer's body.
    pub bytes: i64,
    /// The client's network address.
    pub address: String,
    /// The program, as it named itself.
    pub client: String,
}

/// The statement that adds so many rows. Made of constants alone.
fn insert(rows: usize) -> String {
    let mut text = String::from(
        "INSERT INTO call (at, organization_id, actor_id, actor_email, token_id, token_kind, request_id, method, \
         route, path, status, duration_us, bytes, address, client) VALUES ",
    );
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 1..=COLUMNS {
            let separator = if column == 1 { "" } else { ", " };
            write!(text, "{separator}${}", row * COLUMNS + column)
                .expect("writing to a string cannot fail");
        }
        text.push(')');
    }
    text
}

impl Housekeeping {
    /// Adds calls.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not take them.
    pub async fn insert_calls(&mut self, calls: &[Call]) -> Result<(), StoreError> {
        let (many, rest) = calls.as_chunks::<ROWS>();
        for chunk in many {
            self.insert_chunk(*INSERT_MANY, chunk).await?;
        }
        let (some, rest) = rest.as_chunks::<SOME_ROWS>();
        for chunk in some {
            self.insert_chunk(*INSERT_SOME, chunk).await?;
        }
        for call in rest.chunks(1) {
            self.insert_chunk(*INSERT_ONE, call).await?;
        }
        Ok(())
    }

    async fn insert_chunk(
        &mut self,
        statement: &'static str,
        calls: &[Call],
    ) -> Result<(), StoreError> {
        on!(self, c => {
            let mut query = sqlx::query(statement);
            for call in calls {
                query = query
                    .bind(call.at.as_micros())
                    .bind(call.organization_id.map(|id| id.to_string()))
                    .bind(call.actor_id.map(|id| id.to_string()))
                    .bind(call.actor_email.as_str())
                    .bind(call.credential.as_ref().map(|credential| credential.id.to_string()))
                    .bind(call.credential.as_ref().map(|credential| credential.kind.label()))
                    .bind(call.request_id.to_string())
                    .bind(call.method.as_ref())
                    .bind(call.route.as_ref())
                    .bind(call.path.as_str())
                    .bind(i32::from(call.status))
                    .bind(call.duration_us)
                    .bind(call.bytes)
                    .bind(call.address.as_str())
                    .bind(call.client.as_str());
            }
            query.execute(c).await.map(drop)
        })?;
        Ok(())
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    at: i64,
    organization_id: Option<String>,
    actor_id: Option<String>,
    actor_email: String,
    token_id: Option<String>,
    token_kind: Option<String>,
    request_id: String,
    method: String,
    route: String,
    path: String,
    status: i32,
    duration_us: i64,
    bytes: i64,
    address: String,
    client: String,
}

fn column(name: &'static str) -> Column {
    Column("call", name)
}

impl TryFrom<Row> for Call {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let id = |name, text: Option<String>| text.map(|text| column(name).id(&text)).transpose();
        let token_id = id("token_id", row.token_id)?;
        let token_kind = row.token_kind.as_deref().and_then(TokenKind::from_label);
        Ok(Self {
            at: Timestamp::from_micros(row.at),
            organization_id: id("organization_id", row.organization_id)?.map(OrganizationId),
            actor_id: id("actor_id", row.actor_id)?,
            actor_email: row.actor_email,
            credential: token_id.zip(token_kind).map(|(id, kind)| Credential {
                id,
                kind,
                last4: String::new(),
            }),
            request_id: RequestId(column("request_id").id(&row.request_id)?),
            method: row.method.into(),
            route: row.route.into(),
            path: row.path,
            status: u16::try_from(row.status).map_err(|_| column("status").corrupt())?,
            duration_us: row.duration_us,
            bytes: row.bytes,
            address: row.address,
            client: row.client,
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
            Some((at, id)) => (at.as_micros(), id.to_string()),
            None => (i64::MIN, String::new()),
        };
        on!(self, c => sqlx::query_as::<_, Row>(statement)
            .bind(filter.from.as_micros())
            .bind(filter.to.as_micros())
            .bind(organization_id.to_string())
            .bind(after_at)
            .bind(&after_id)
            .bind(filter.limit)
            .fetch_all(c)
            .await)?
        .into_iter()
        .map(Call::try_from)
        .collect()
    }
}
