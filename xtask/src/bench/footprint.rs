//! The time from the server's start to its first response, and its memory while thousands of tokens are in use.

use std::{
    fs,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};

use super::{
    load::{Connections, Request},
    options::Options,
    server::{self, Server},
    test_database::TestDatabase,
};
use crate::terminal;

pub(super) async fn run(database: &TestDatabase, options: &Options) -> Result<()> {
    let server = Server::start(database, options.tokens)?;
    let requests: Arc<[Request]> = server
        .tokens
        .iter()
        .map(|token| Request::get("/v2/session", token))
        .collect();
    let mut product = Connections::open(&server.product, &requests, options.connections).await?;
    product.warm_up().await?;
    let side = product
        .run_for(Duration::from_secs(options.seconds))
        .await?;
    let peak = peak_memory_kib(server.process())?;
    terminal::line(&format!(
        "{} tokens in use, {side}: {:.1} MiB at most",
        options.tokens,
        f64::from(peak) / 1024.0
    ));
    drop(server);
    let mut starts = Vec::new();
    for _ in 0..options.rounds {
        let start = Instant::now();
        let (_running, address) = server::serve(database)?;
        Connections::open(&address, &[Request::get("/readyz", "")].into(), 1)
            .await?
            .warm_up()
            .await?;
        starts.push(start.elapsed());
    }
    starts.sort_unstable();
    let median = starts.get(starts.len() / 2).copied().unwrap_or_default();
    let slowest = starts.last().copied().unwrap_or_default();
    terminal::line(&format!(
        "from the start to the first response, on that database: {} ms (median of {}; at most {} ms)",
        median.as_millis(),
        starts.len(),
        slowest.as_millis()
    ));
    Ok(())
}

/// The peak resident memory of a process, in KiB (proc(5), `VmHWM`).
pub(super) fn peak_memory_kib(process: u32) -> Result<u32> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number.context("no VmHWM in /proc")?.parse()?)
}
