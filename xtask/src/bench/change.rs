//! What a change costs: detectors made over HTTP, each with its event in one transaction, against two rows of the same
//! size written by as many clients through the same driver into the same database, in turns.

use std::{process::Command, sync::Arc, time::Duration};

use anyhow::{Context, Result};

use super::{
    Options, Place,
    load::{Ask, Target},
    measure::{self, Round, Side},
    server::Server,
};
use crate::{paths, run, say};

/// Tokens that make changes; more would only make the start longer.
const TOKENS: usize = 100;

pub(super) async fn run(place: &Place, options: &Options) -> Result<()> {
    run::check(run::cargo(&["build", "--quiet", "--release"]).args(["-p", "testbed"]))?;
    let server = Server::start(place, TOKENS)?;
    let document = r#"{"name":"Checkout latency","programText":"detect(when(data('latency').mean() > 3)).publish('slow')","rules":[{"detectLabel":"slow","severity":"Critical"}]}"#;
    let asks: Arc<[Ask]> = server
        .tokens
        .iter()
        .map(|token| Ask::post("/v2/detector", token, document))
        .collect();
    let mut product = Target::open(&server.product, &asks, options.connections).await?;
    product.warm_up().await?;
    let time = Duration::from_secs(options.seconds);
    let mut rounds = Vec::new();
    for number in 1..=options.rounds {
        let (product, bare) = if number % 2 == 1 {
            let product = product.drive(time).await?;
            (product, write_rows(place, options)?)
        } else {
            let bare = write_rows(place, options)?;
            (product.drive(time).await?, bare)
        };
        let round = Round { product, bare };
        say::line(&format!("round {number}: {round}"));
        rounds.push(round);
    }
    say::line(&measure::summary("POST /v2/detector", "two rows", &rounds));
    Ok(())
}

/// Has the rows written by a program of its own, which prints the microseconds each transaction took, a line each.
fn write_rows(place: &Place, options: &Options) -> Result<Side> {
    let printed = run::output(Command::new(paths::program("release", "two-rows")).args([
        &place.url,
        &options.connections.to_string(),
        &options.seconds.to_string(),
    ]))?;
    let micros: Result<Vec<u64>, _> = printed.lines().map(str::parse).collect();
    let latencies = micros
        .context("what two-rows printed")?
        .into_iter()
        .map(Duration::from_micros);
    Ok(Side::new(
        latencies.collect(),
        Duration::from_secs(options.seconds),
    ))
}
