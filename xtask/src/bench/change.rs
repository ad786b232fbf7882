//! The cost of a change: detectors created over HTTP, each with its audit event, against two rows of the same size
//! written by as many clients through the same driver into the same database. Both are measured alternately.

use std::{process::Command, sync::Arc, time::Duration};

use anyhow::{Context, Result};

use super::{
    load::{Connections, Request},
    measurement::{self, Measurement, Round},
    options::Options,
    server::Server,
    test_database::TestDatabase,
};
use crate::{paths, run, terminal};

/// Tokens that make changes. More would only take longer to issue.
const TOKENS: usize = 100;

pub(super) async fn run(database: &TestDatabase, options: &Options) -> Result<()> {
    run::check(run::cargo(&["build", "--quiet", "--release"]).args(["-p", "testbed"]))?;
    let server = Server::start(database, TOKENS)?;
    let document = r#"{"name":"Checkout latency","programText":"detect(when(data('latency').mean() > 3)).publish('slow')","rules":[{"detectLabel":"slow","severity":"Critical"}]}"#;
    let requests: Arc<[Request]> = server
        .tokens
        .iter()
        .map(|token| Request::post("/v2/detector", token, document))
        .collect();
    let mut product = Connections::open(&server.product, &requests, options.connections).await?;
    product.warm_up().await?;
    let time = Duration::from_secs(options.seconds);
    let mut rounds = Vec::new();
    for number in 1..=options.rounds {
        let (product, bare) = if number % 2 == 1 {
            let product = product.run_for(time).await?;
            (product, write_rows(database, options)?)
        } else {
            let bare = write_rows(database, options)?;
            (product.run_for(time).await?, bare)
        };
        let round = Round { product, bare };
        terminal::line(&format!("round {number}: {round}"));
        rounds.push(round);
    }
    terminal::line(&measurement::summary(
        "POST /v2/detector",
        "two rows",
        &rounds,
    ));
    Ok(())
}

/// Runs the program that writes the rows and prints the microseconds of each transaction, one a line.
fn write_rows(database: &TestDatabase, options: &Options) -> Result<Measurement> {
    let printed = run::output(Command::new(paths::program("release", "two-rows")).args([
        &database.url,
        &options.connections.to_string(),
        &options.seconds.to_string(),
    ]))?;
    let micros: Result<Vec<u64>, _> = printed.lines().map(str::parse).collect();
    let latencies = micros
        .context("the output of two-rows")?
        .into_iter()
        .map(Duration::from_micros);
    Ok(Measurement::new(
        latencies.collect(),
        Duration::from_secs(options.seconds),
    ))
}
