//! `two-rows URL CLIENTS SECONDS`: clients write pairs of rows, an object and an event of the usual size, one pair in
//! each transaction, into separate tables: the lower bound for the cost of a change with an audit event. Prints the
//! microseconds of each transaction, one per line. `cargo xtask bench` compares the product with it.

use std::time::{Duration, Instant};

use sqlx::{
    PgPool, SqlitePool,
    postgres::PgPoolOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::task::JoinSet;

const TABLES: [&str; 2] = [
    "CREATE TABLE IF NOT EXISTS bench_object (id TEXT NOT NULL PRIMARY KEY, document TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS bench_event (id TEXT NOT NULL PRIMARY KEY, by_whom TEXT NOT NULL, change TEXT NOT NULL)",
];
const OBJECT: &str = "INSERT INTO bench_object (id, document) VALUES ($1, $2)";
const EVENT: &str = "INSERT INTO bench_event (id, by_whom, change) VALUES ($1, $2, $3)";

/// One transaction of two rows. Spelled for each database, so that types stay native.
macro_rules! write_both {
    ($pool:expr, $begin:literal, $id:expr, $text:expr) => {{
        let mut transaction = $pool.begin_with($begin).await?;
        sqlx::query(OBJECT)
            .bind($id)
            .bind($text)
            .execute(&mut *transaction)
            .await?;
        sqlx::query(EVENT)
            .bind($id)
            .bind("ada@example.com")
            .bind($text)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await
    }};
}

/// A database, opened as the product opens it.
#[derive(Clone)]
enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Pool {
    async fn open(url: &str, clients: u32) -> sqlx::Result<Self> {
        let Some(file) = url.strip_prefix("sqlite:") else {
            let options = PgPoolOptions::new().max_connections(clients);
            return Ok(Self::Postgres(options.connect(url).await?));
        };
        let options = SqliteConnectOptions::new()
            .filename(file)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(5));
        // One writer: more would only wait for the file.
        let pool = SqlitePoolOptions::new().max_connections(1);
        Ok(Self::Sqlite(pool.connect_with(options).await?))
    }

    async fn make_tables(&self) -> sqlx::Result<()> {
        for table in TABLES {
            match self {
                Self::Sqlite(pool) => sqlx::query(table).execute(pool).await.map(drop)?,
                Self::Postgres(pool) => sqlx::query(table).execute(pool).await.map(drop)?,
            }
        }
        Ok(())
    }

    async fn write(&self, id: &str, text: &str) -> sqlx::Result<()> {
        match self {
            Self::Sqlite(pool) => write_both!(pool, "BEGIN IMMEDIATE", id, text),
            Self::Postgres(pool) => write_both!(pool, "BEGIN", id, text),
        }
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().ok_or("two-rows URL CLIENTS SECONDS");
    let (url, clients, seconds) = (next()?, next()?.parse()?, next()?.parse()?);
    testbed::run(async move {
        let driven = drive(url, clients, Duration::from_secs(seconds)).await;
        driven.expect("the database takes the rows");
    });
    Ok(())
}

async fn drive(url: String, clients: u32, time: Duration) -> sqlx::Result<()> {
    let pool = Pool::open(&url, clients).await?;
    pool.make_tables().await?;
    let text = "x".repeat(400);
    let mut running = JoinSet::new();
    let end = Instant::now() + time;
    for client in 0..clients {
        let (pool, text) = (pool.clone(), text.clone());
        running.spawn(async move {
            let mut took = Vec::new();
            let mut began = Instant::now();
            while began < end {
                let id = format!("{}-{client}-{}", std::process::id(), took.len());
                pool.write(&id, &text).await?;
                took.push(began.elapsed());
                began = Instant::now();
            }
            Ok::<_, sqlx::Error>(took)
        });
    }
    let mut lines = String::new();
    while let Some(done) = running.join_next().await {
        for took in done.unwrap_or_else(|stopped| panic!("a client stopped: {stopped}"))? {
            lines += &format!("{}\n", took.as_micros());
        }
    }
    print(&lines);
    Ok(())
}

#[expect(
    clippy::print_stdout,
    reason = "what is measured is this program's answer"
)]
fn print(lines: &str) {
    print!("{lines}");
}
