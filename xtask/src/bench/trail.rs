//! What a large record costs: Info of an object and the first page of the audit timeline, of the API and as people see
//! it, by one client after another, over ten million changes and fifty million calls, against the same over a hundredth
//! of them; and how fast, and in how much memory, the record is taken away. It needs some fifteen gigabytes and five
//! minutes.

use std::{
    io::Read as _,
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};

use super::{
    Options, Place,
    footprint::peak_memory_kib,
    load::{Ask, Target},
    measure::Side,
    server::{self, Running, Server},
    session,
};
use crate::{paths, run, say};

/// Changes made over HTTP; they are repeated until the record is large.
const CHANGES: usize = 1_000;

/// The small record has this part of the large one.
const PART: u64 = 100;

/// The longest an export is watched.
const EXPORT: Duration = Duration::from_secs(20);

/// What is asked: what it is called, how its path is asked for, and the path.
type Question = (&'static str, By, String);

/// Who asks.
enum By {
    /// A program, with a token.
    Token,
    /// A signed-in browser.
    Browser,
}

pub(super) async fn run(place: &Place, options: &Options) -> Result<()> {
    run::check(run::cargo(&["build", "--quiet", "--release"]).args(["-p", "testbed"]))?;
    let (token, object) = make_record(place, options).await?;
    session::make_administrator(place)?;
    let info = format!("/v2/audit/info/detector/{object}");
    let pages = [
        ("Info", By::Token, info),
        (
            "audit timeline",
            By::Token,
            "/v2/audit/events?limit=100".to_owned(),
        ),
        (
            "audit timeline, newest first",
            By::Token,
            "/v2/audit/events?limit=100&sortBy=-timestamp".to_owned(),
        ),
        ("audit page", By::Browser, "/audit".to_owned()),
    ];
    enlarge(place, options.changes / PART, options.calls / PART)?;
    let small = measure(place, options, &token, &pages).await?;
    enlarge(place, options.changes, options.calls)?;
    let large = measure(place, options, &token, &pages).await?;
    for ((name, ..), (small, large)) in pages.iter().zip(small.iter().zip(&large)) {
        let ratio = large.p99().as_secs_f64() / small.p99().as_secs_f64();
        say::line(&format!(
            "{name}: {large}; over a small record {small}; ratio of p99 {ratio:.3}"
        ));
    }
    for what in ["acts", "calls"] {
        export(place, what)?;
    }
    Ok(())
}

/// Makes changes and calls over HTTP; a token, and an object that was changed.
async fn make_record(place: &Place, options: &Options) -> Result<(String, String)> {
    let server = Server::start(place, 100)?;
    let changes: Arc<[Ask]> = (0..CHANGES)
        .map(|number| {
            let document = format!(
                r#"{{"name":"Latency of service {number}","programText":"detect(when(data('latency').mean() > 3)).publish('slow')","rules":[{{"detectLabel":"slow","severity":"Critical"}}]}}"#
            );
            Ask::post("/v2/detector", &server.tokens[number % server.tokens.len()], &document)
        })
        .collect();
    let mut writer = Target::open(&server.product, &changes, 1).await?;
    writer.warm_up().await?;
    let made = writer.read(0).await?;
    let (_, rest) = made
        .split_once("\"id\":\"")
        .context("a detector has an id")?;
    let object = rest.split('"').next().unwrap_or_default().to_owned();
    let reads: Arc<[Ask]> = server
        .tokens
        .iter()
        .map(|token| Ask::get("/v2/session", token))
        .collect();
    let mut readers = Target::open(&server.product, &reads, options.connections).await?;
    readers.drive(Duration::from_secs(options.seconds)).await?;
    let token = server.tokens[0].clone();
    server.stop()?;
    Ok((token, object))
}

/// Repeats what is in the record until there is so much.
fn enlarge(place: &Place, changes: u64, calls: u64) -> Result<()> {
    let began = Instant::now();
    let program = paths::program("release", "large-record");
    run::check(Command::new(program).args([&place.url, &changes.to_string(), &calls.to_string()]))?;
    say::line(&format!(
        "{changes} changes and {calls} calls are in the record, after {}",
        say::words(began.elapsed())
    ));
    Ok(())
}

/// Asks for each of the pages, one after the other, as often as the time allows.
async fn measure(
    place: &Place,
    options: &Options,
    token: &str,
    pages: &[Question],
) -> Result<Vec<Side>> {
    let (_running, address) = server::start_plainly(place)?;
    let mut sides = Vec::new();
    let cookie = session::sign_in(&address)?;
    for (name, by, path) in pages {
        let ask = match by {
            By::Token => Ask::get(path, token),
            By::Browser => Ask::page(path, &cookie),
        };
        let mut target = Target::open(&address, &[ask].into(), 1).await?;
        target.warm_up().await?;
        let side = target.drive(Duration::from_secs(options.seconds)).await?;
        say::line(&format!("{name}: {side}"));
        sides.push(side);
    }
    Ok(sides)
}

/// Takes the record away and counts its lines, to its end or for a while.
fn export(place: &Place, what: &str) -> Result<()> {
    let mut child = server::command(place)
        .args(["audit", "export", "--what", what])
        .spawn()
        .context("cannot start the release build of countersign")?;
    let mut output = child.stdout.take().context("no standard output")?;
    let process = child.id();
    let _running = Running::from(child);
    let (mut lines, mut bytes, mut buffer) = (0, 0, vec![0; 1 << 20]);
    let began = Instant::now();
    let mut peak = 0;
    while began.elapsed() < EXPORT {
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
        lines as f64 / began.elapsed().as_secs_f64(),
        bytes as f64 / f64::from(1 << 20),
    );
    say::line(&format!(
        "audit export --what {what}: {per_second:.0} lines/s, {lines} lines and {mebibytes:.0} MiB in {}, {:.1} MiB of memory at most",
        say::words(began.elapsed()),
        f64::from(peak) / 1024.0
    ));
    Ok(())
}
