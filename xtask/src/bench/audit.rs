//! The cost of a large audit log: Info of an object and the first page of the audit timeline, by the API and in the
//! browser, over ten million changes and fifty million calls, against the same over a hundredth of them; and the speed
//! and memory of an export. It needs about fifteen gigabytes and five minutes.

use std::{
    io::Read as _,
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};

use super::{
    footprint::peak_memory_kib,
    load::{Connections, Request, first_id},
    measurement::Measurement,
    options::Options,
    server::{self, RunningProcess, Server},
    session,
    test_database::TestDatabase,
};
use crate::{paths, run, terminal};

/// Changes made over HTTP. Copies of them fill the audit log.
const CHANGES: usize = 1_000;

/// The large audit log has this many times the changes and calls of the small one.
const RATIO: u64 = 100;

/// How long an export is measured at most.
const EXPORT_TIME: Duration = Duration::from_secs(20);

/// A request to measure: its name, its credential, and its path.
type Case = (&'static str, Client, String);

/// How a request is authenticated.
enum Client {
    /// By a token, as programs do.
    Token,
    /// By a session cookie, as browsers do.
    Browser,
}

pub(super) async fn run(database: &TestDatabase, options: &Options) -> Result<()> {
    run::check(run::cargo(&["build", "--quiet", "--release"]).args(["-p", "testbed"]))?;
    let (token, object) = fill(database, options).await?;
    session::create_administrator(database)?;
    let info = format!("/v2/audit/info/detector/{object}");
    let pages = [
        ("Info", Client::Token, info),
        (
            "audit timeline",
            Client::Token,
            "/v2/audit/events?limit=100".to_owned(),
        ),
        (
            "audit timeline, newest first",
            Client::Token,
            "/v2/audit/events?limit=100&sortBy=-timestamp".to_owned(),
        ),
        ("audit page", Client::Browser, "/audit".to_owned()),
    ];
    enlarge(database, options.changes / RATIO, options.calls / RATIO)?;
    let small = measure(database, options, &token, &pages).await?;
    enlarge(database, options.changes, options.calls)?;
    let large = measure(database, options, &token, &pages).await?;
    for ((name, ..), (small, large)) in pages.iter().zip(small.iter().zip(&large)) {
        let ratio = large.p99().as_secs_f64() / small.p99().as_secs_f64();
        terminal::line(&format!(
            "{name}: {large}; over a small audit log {small}; ratio of p99 {ratio:.3}"
        ));
    }
    for what in ["events", "calls"] {
        export(database, what)?;
    }
    Ok(())
}

/// Makes changes and calls over HTTP. Returns a token and the id of a changed object.
async fn fill(database: &TestDatabase, options: &Options) -> Result<(String, String)> {
    let server = Server::start(database, 100)?;
    let changes: Arc<[Request]> = (0..CHANGES)
        .map(|number| {
            let document = format!(
                r#"{{"name":"Latency of service {number}","programText":"detect(when(data('latency').mean() > 3)).publish('slow')","rules":[{{"detectLabel":"slow","severity":"Critical"}}]}}"#
            );
            Request::post("/v2/detector", &server.tokens[number % server.tokens.len()], &document)
        })
        .collect();
    let mut writer = Connections::open(&server.product, &changes, 1).await?;
    writer.warm_up().await?;
    let object = first_id(&writer.read(0).await?)?;
    let reads: Arc<[Request]> = server
        .tokens
        .iter()
        .map(|token| Request::get("/v2/session", token))
        .collect();
    let mut readers = Connections::open(&server.product, &reads, options.connections).await?;
    readers
        .run_for(Duration::from_secs(options.seconds))
        .await?;
    let token = server.tokens[0].clone();
    server.stop()?;
    Ok((token, object))
}

/// Copies changes and calls until there are this many.
fn enlarge(database: &TestDatabase, changes: u64, calls: u64) -> Result<()> {
    let start = Instant::now();
    let program = paths::program("release", "large-log");
    run::check(Command::new(program).args([
        &database.url,
        &changes.to_string(),
        &calls.to_string(),
    ]))?;
    terminal::line(&format!(
        "{changes} changes and {calls} calls are stored, after {}",
        terminal::duration(start.elapsed())
    ));
    Ok(())
}

/// Requests each page repeatedly, one after the other.
async fn measure(
    database: &TestDatabase,
    options: &Options,
    token: &str,
    pages: &[Case],
) -> Result<Vec<Measurement>> {
    let (_running, address) = server::serve(database)?;
    let mut sides = Vec::new();
    let cookie = session::sign_in(&address)?;
    for (name, client, path) in pages {
        let request = match client {
            Client::Token => Request::get(path, token),
            Client::Browser => Request::page(path, &cookie),
        };
        let mut target = Connections::open(&address, &[request].into(), 1).await?;
        target.warm_up().await?;
        let side = target.run_for(Duration::from_secs(options.seconds)).await?;
        terminal::line(&format!("{name}: {side}"));
        sides.push(side);
    }
    Ok(sides)
}

/// Exports the audit log and counts the lines, to the end or for [`EXPORT_TIME`].
fn export(database: &TestDatabase, what: &str) -> Result<()> {
    let mut child = server::command(database)
        .args(["audit", "export", "--what", what])
        .spawn()
        .context("cannot start the release build of countersign")?;
    let mut output = child.stdout.take().context("no standard output")?;
    let process = child.id();
    let _running = RunningProcess::from(child);
    let (mut lines, mut bytes, mut buffer) = (0, 0, vec![0; 1 << 20]);
    let start = Instant::now();
    let mut peak = 0;
    while start.elapsed() < EXPORT_TIME {
        let read = output.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        lines += memchr::memchr_iter(b'\n', &buffer[..read]).count();
        bytes += read;
        peak = peak_memory_kib(process).unwrap_or(peak);
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "no count of lines or bytes comes near 2^52"
    )]
    let (per_second, mebibytes) = (
        lines as f64 / start.elapsed().as_secs_f64(),
        bytes as f64 / f64::from(1 << 20),
    );
    terminal::line(&format!(
        "audit export --what {what}: {per_second:.0} lines/s, {lines} lines and {mebibytes:.0} MiB in {}, {:.1} MiB peak memory",
        terminal::duration(start.elapsed()),
        f64::from(peak) / 1024.0
    ));
    Ok(())
}
