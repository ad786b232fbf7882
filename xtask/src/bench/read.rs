//! The cost of an authenticated request: `GET /v2/session` with thousands of distinct tokens, against a bare route that
//! returns the same bytes from the same process. Both are measured alternately.

use std::{sync::Arc, time::Duration};

use anyhow::Result;

use super::{
    load::{Connections, Request},
    measurement::{self, Round},
    options::Options,
    server::Server,
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
    let mut bare = Connections::open(&server.bare, &requests, options.connections).await?;
    // One request with each token on both sides fills the caches and checks every response.
    let (ours, theirs) = (product.warm_up().await?, bare.warm_up().await?);
    terminal::line(&format!(
        "{} tokens, {} connections; a response has {ours} bytes, a bare one {theirs}",
        options.tokens, options.connections
    ));
    let time = Duration::from_secs(options.seconds);
    let mut rounds = Vec::new();
    for number in 1..=options.rounds {
        // The order alternates, so that drift of the machine's speed affects both sides alike.
        let (product, bare) = if number % 2 == 1 {
            let product = product.run_for(time).await?;
            (product, bare.run_for(time).await?)
        } else {
            let bare = bare.run_for(time).await?;
            (product.run_for(time).await?, bare)
        };
        let round = Round { product, bare };
        terminal::line(&format!("round {number}: {round}"));
        rounds.push(round);
    }
    terminal::line(&measurement::summary(
        "GET /v2/session",
        "bare route",
        &rounds,
    ));
    Ok(())
}
