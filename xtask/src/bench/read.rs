//! What a verified token costs: an authenticated `GET /v2/session` with thousands of distinct tokens, against a bare
//! route that answers the same bytes from the same process, in turns.

use std::{sync::Arc, time::Duration};

use anyhow::Result;

use super::{
    Options, Place,
    load::{Ask, Target},
    measure::{self, Round},
    server::Server,
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
    let mut bare = Target::open(&server.bare, &asks, options.connections).await?;
    // Each token once on both sides: caches are warm, and every answer has been seen to be right.
    let (ours, theirs) = (product.warm_up().await?, bare.warm_up().await?);
    say::line(&format!(
        "{} tokens, {} connections; an answer has {ours} bytes, a bare one {theirs}",
        options.tokens, options.connections
    ));
    let time = Duration::from_secs(options.seconds);
    let mut rounds = Vec::new();
    for number in 1..=options.rounds {
        // Who goes first changes from round to round, so that drift of the machine favours neither.
        let (product, bare) = if number % 2 == 1 {
            let product = product.drive(time).await?;
            (product, bare.drive(time).await?)
        } else {
            let bare = bare.drive(time).await?;
            (product.drive(time).await?, bare)
        };
        let round = Round { product, bare };
        say::line(&format!("round {number}: {round}"));
        rounds.push(round);
    }
    say::line(&measure::summary("GET /v2/session", "bare route", &rounds));
    Ok(())
}
