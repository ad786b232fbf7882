//! How soon the server answers after it was started, and how much memory it has while thousands of tokens are in use.

use std::{
    fs,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};

use super::{
    Options, Place,
    load::{Ask, Target},
    server::{self, Server},
};
use crate::say;

pub(super) async fn run(place: &Place, options: &Options) -> Result<()> {
    let server = Server::start(place, options.tokens)?;
    let asks: Arc<[Ask]> = server
        .tokens
        .iter()
        .map(|token| Ask::get("/v2/session", token))
        .collect();
    let mut product = Target::open(&server.product, &asks, options.connections).await?;
    product.warm_up().await?;
    let side = product.drive(Duration::from_secs(options.seconds)).await?;
    let peak = peak_memory_kib(server.process())?;
    say::line(&format!(
        "{} tokens in use, {side}: {:.1} MiB at most",
        options.tokens,
        f64::from(peak) / 1024.0
    ));
    drop(server);
    let mut starts = Vec::new();
    for _ in 0..options.rounds {
        let began = Instant::now();
        let (_running, address) = server::start_plainly(place)?;
        Target::open(&address, &[Ask::get("/readyz", "")].into(), 1)
            .await?
            .warm_up()
            .await?;
        starts.push(began.elapsed());
    }
    starts.sort_unstable();
    let median = starts.get(starts.len() / 2).copied().unwrap_or_default();
    let slowest = starts.last().copied().unwrap_or_default();
    say::line(&format!(
        "from the start to the first answer, over that database: {} ms (median of {}; at most {} ms)",
        median.as_millis(),
        starts.len(),
        slowest.as_millis()
    ));
    Ok(())
}

/// The most memory a process has had resident, in KiB (proc(5), `VmHWM`).
pub(super) fn peak_memory_kib(process: u32) -> Result<u32> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number.context("no VmHWM in /proc")?.parse()?)
}
