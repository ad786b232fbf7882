//! Lists of many rows, by the API and in the browser: a page of each, and searches with one match. Each request is
//! compared with the same while the lists have a row each.

use std::{process::Command, time::Duration};

use anyhow::{Context, Result};

use super::{
    load::{Connections, Request, first_id},
    measurement::Measurement,
    options::Options,
    server::{self, Server},
    session,
    test_database::TestDatabase,
};
use crate::{paths, run, terminal};

/// By the API. A number such as 100000042 is in the name of one row.
const CALLS: [(&str, &str); 6] = [
    ("org tokens", "/v2/token?limit=50&offset=50"),
    ("org tokens, one match", "/v2/token?limit=50&name=100000042"),
    ("members", "/v2/organization/member?limit=50&offset=50"),
    (
        "members by email address",
        "/v2/organization/member?limit=50&orderBy=email",
    ),
    (
        "members, one match",
        "/v2/organization/member?limit=50&query=100000042",
    ),
    ("teams", "/v2/team?limit=50"),
];

/// In the browser.
const PAGES: [(&str, &str); 11] = [
    ("page of org tokens", "/access-tokens"),
    (
        "page of org tokens, one match",
        "/access-tokens?q=100000042",
    ),
    (
        "page of org tokens that end soon",
        "/access-tokens?state=soon",
    ),
    (
        "page of org tokens that are disabled",
        "/access-tokens?state=disabled",
    ),
    ("page of members", "/organization"),
    ("page of members, one match", "/organization?q=100000042"),
    ("page of members with a role", "/organization?role=usage"),
    (
        "page of members with a rare role",
        "/organization?role=admin",
    ),
    ("page of invitations", "/organization/invitations"),
    (
        "page of invitations, one match",
        "/organization/invitations?q=100000042",
    ),
    ("page of teams", "/teams"),
];

/// The requests, with their credentials.
struct Clients {
    token: String,
    team: String,
}

pub(super) async fn run(database: &TestDatabase, options: &Options) -> Result<()> {
    run::check(run::cargo(&["build", "--quiet", "--release"]).args(["-p", "testbed"]))?;
    let clients = repeated_rows(database).await?;
    session::create_administrator(database)?;
    let short = measure(database, options, &clients).await?;
    let program = paths::program("release", "large-lists");
    run::check(Command::new(program).args([&database.url, &options.rows.to_string()]))?;
    let long = measure(database, options, &clients).await?;
    for ((name, short), (_, long)) in short.iter().zip(&long) {
        terminal::line(&format!("{name}: {long}; with short lists {short}"));
    }
    Ok(())
}

/// Creates the rows that are repeated.
async fn repeated_rows(database: &TestDatabase) -> Result<Clients> {
    let server = Server::start(database, 1)?;
    let token = server.tokens[0].clone();
    let requests = [
        Request::post("/v2/team", &token, r#"{"name":"Everyone"}"#),
        Request::post(
            "/v2/organization/member",
            &token,
            r#"{"email":"new@example.com"}"#,
        ),
    ];
    let mut connections = Connections::open(&server.product, &requests.into(), 1).await?;
    let team = first_id(&connections.read(0).await?)?;
    connections.read(1).await?;
    server.stop()?;
    Ok(Clients { token, team })
}

/// Requests each list repeatedly, one after the other.
async fn measure(
    database: &TestDatabase,
    options: &Options,
    clients: &Clients,
) -> Result<Vec<(String, Measurement)>> {
    let (_running, address) = server::serve(database)?;
    let cookie = session::sign_in(&address)?;
    let team = format!("/teams/{}", clients.team);
    let calls = CALLS.map(|(name, path)| (name, Request::get(path, &clients.token)));
    let pages = PAGES
        .iter()
        .copied()
        .chain([("page of a team", team.as_str())]);
    let pages = pages.map(|(name, path)| (name, Request::page(path, &cookie)));
    let mut measured = Vec::new();
    for (name, request) in calls.into_iter().chain(pages) {
        let mut target = Connections::open(&address, &[request].into(), 1).await?;
        target.warm_up().await.with_context(|| name.to_owned())?;
        let time = Duration::from_secs(options.seconds);
        measured.push((name.to_owned(), target.run_for(time).await?));
    }
    Ok(measured)
}
