//! `large-log URL EVENTS CALLS`: enlarges the audit log and the call log to at least so many events and calls.
//! Statements inside the database repeat the stored rows at earlier and earlier times, each event for a new object.
//! `cargo xtask bench` measures the product with such logs.

use sqlx::{
    Connection as _, Executor as _, PgConnection, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

/// The number of events that are repeated: the first ones.
const EVENTS: i64 = 1_000;

/// The maximum number of full blocks of calls that are repeated.
const BLOCKS: i64 = 32;

/// Calls of a full block.
const CALLS_PER_BLOCK: i64 = 1_024;

/// Repetitions in one transaction: tens of thousands of rows.
const REPETITIONS: i64 = 50;

const NEWEST_EVENT: &str = "SELECT max(number) FROM audit_event";
const CALLS: &str = "SELECT CAST(coalesce(sum(call_count), 0) AS BIGINT) FROM call_block";
const FULL_BLOCKS: &str = "SELECT count(*) FROM (SELECT id FROM call_block WHERE id > 0 AND call_count = $1 LIMIT $2) AS full_block";
const REPEATED_BLOCKS: &str = "SELECT count(*) FROM call_block WHERE id < 0";
/// Marks the repeated rows as covered by a checkpoint and as announced to other nodes, which they are not.
const SETTLE: [&str; 2] = [
    "UPDATE counter SET value = (SELECT max(number) FROM audit_event) WHERE name = 'audit_event'",
    "UPDATE seal SET last_event = (SELECT max(number) FROM audit_event) WHERE number = (SELECT max(number) FROM seal)",
];

/// Repetitions `$1` to `$2` of events; the newest number before them is `$3`. Each repetition is a minute earlier.
macro_rules! repeat_events {
    ($repetitions:literal, $object:literal) => {
        concat!(
            "INSERT INTO audit_event (number, at, organization_id, actor_type, actor_id, actor_name, actor_email, token_id, \
             token_kind, token_last4, request_id, method, path, address, client, action, object_type, object_id, \
             object_name, outcome, changes, token_name) \
             SELECT $3 + (n - $1) * 1000 + number, at - n * 60000000, organization_id, actor_type, actor_id, actor_name, \
             actor_email, token_id, token_kind, token_last4, request_id, method, path, address, client, action, \
             object_type, substr(object_id, 1, 1) || ",
            $object,
            " || substr(object_id, 8), object_name, outcome, changes, token_name \
             FROM audit_event CROSS JOIN ",
            $repetitions,
            " WHERE number <= 1000"
        )
    };
}

/// Repetitions `$1` to `$2` of the `$3` full blocks of `$4` calls. Each block is ten seconds earlier than the one
/// before. Their ids are negative, which ids of the product never are.
macro_rules! repeat_blocks {
    ($repetitions:literal) => {
        concat!(
            "INSERT INTO call_block (id, writes, first_at, last_at, call_count, sources, targets, calls) \
             SELECT -(n * $3 + place), writes, first_at - (n * $3 + place) * 10000000, \
             last_at - (n * $3 + place) * 10000000, call_count, sources, targets, calls \
             FROM (SELECT call_block.*, row_number() OVER (ORDER BY id) - 1 AS place FROM call_block \
             WHERE id > 0 AND call_count = $4 ORDER BY id LIMIT $3) AS full_block CROSS JOIN ",
            $repetitions
        )
    };
}

/// Fills one database. Expanded for each, so that types stay native.
macro_rules! fill {
    ($connection:expr, $repetitions:literal, $object:literal, $events:expr, $calls:expr) => {{
        let connection = $connection;
        loop {
            let newest: i64 = sqlx::query_scalar(NEWEST_EVENT)
                .fetch_one(&mut *connection)
                .await?;
            let first = newest / EVENTS;
            let last = (first + REPETITIONS).min(($events + EVENTS - 1) / EVENTS) - 1;
            if last < first {
                break;
            }
            sqlx::query(repeat_events!($repetitions, $object))
                .bind(first)
                .bind(last)
                .bind(newest)
                .execute(&mut *connection)
                .await?;
        }
        let full: i64 = sqlx::query_scalar(FULL_BLOCKS)
            .bind(CALLS_PER_BLOCK)
            .bind(BLOCKS)
            .fetch_one(&mut *connection)
            .await?;
        assert!(full > 0, "there is a full block of calls to repeat");
        loop {
            let calls: i64 = sqlx::query_scalar(CALLS)
                .fetch_one(&mut *connection)
                .await?;
            let missing = ($calls - calls).div_euclid(CALLS_PER_BLOCK * full) + 1;
            if calls >= $calls {
                break;
            }
            let repeated: i64 = sqlx::query_scalar(REPEATED_BLOCKS)
                .fetch_one(&mut *connection)
                .await?;
            let first = repeated / full + 1;
            sqlx::query(repeat_blocks!($repetitions))
                .bind(first)
                .bind(first + missing.min(REPETITIONS) - 1)
                .bind(full)
                .bind(CALLS_PER_BLOCK)
                .execute(&mut *connection)
                .await?;
        }
        for statement in SETTLE {
            connection.execute(statement).await?;
        }
        Ok(())
    }};
}

async fn fill_sqlite(file: &str, events: i64, calls: i64) -> sqlx::Result<()> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Off);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let filled: sqlx::Result<()> = fill!(
        &mut connection,
        "(WITH RECURSIVE repetition(n) AS (VALUES($1) UNION ALL SELECT n + 1 FROM repetition WHERE n < $2) \
         SELECT n FROM repetition) AS repetitions",
        "substr('000000' || n, -6)",
        events,
        calls
    );
    filled?;
    connection.close().await?;
    // Synced here, so that the disk is idle during the measurement.
    Ok(std::fs::File::open(file)?.sync_all()?)
}

async fn fill_postgres(url: &str, events: i64, calls: i64) -> sqlx::Result<()> {
    let mut connection = PgConnection::connect(url).await?;
    let filled: sqlx::Result<()> = fill!(
        &mut connection,
        "generate_series($1, $2) AS repetition(n)",
        "right('000000' || n, 6)",
        events,
        calls
    );
    filled?;
    connection.execute("VACUUM (ANALYZE)").await?;
    connection.close().await
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().ok_or("large-log URL EVENTS CALLS");
    let (url, events, calls) = (next()?, next()?.parse()?, next()?.parse()?);
    testbed::run(async move {
        let filled = match url.strip_prefix("sqlite:") {
            Some(file) => fill_sqlite(file, events, calls).await,
            None => fill_postgres(&url, events, calls).await,
        };
        filled.expect("the database accepts the rows");
    });
    Ok(())
}
