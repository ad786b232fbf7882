//! `countersign bench-serve`: the server with thousands of live tokens, and a bare axum route in the same process that
//! returns the same body. The difference is the cost of authenticating and recording a call.

use std::{fs, io::Write as _, net::SocketAddr, os::unix::fs::OpenOptionsExt as _, path::PathBuf};

use anyhow::Context as _;
use axum::{
    Router,
    body::Bytes,
    http::{
        Request,
        header::{CONTENT_TYPE, HOST},
    },
    routing::get,
    serve::ListenerExt as _,
};
use clap::Args;
use domain::identity::{
    actor::{Caller, RequestMeta},
    role::{Role, RoleSet},
};
use http_body_util::BodyExt as _;
use service::{Access, NewMember, Service};
use tokio::net::TcpListener;
use tower::ServiceExt as _;

use super::{open, serve};
use crate::{api::platform::response::JSON, config::Config};

/// Tokens per user.
const TOKENS_PER_USER: usize = 500;

/// The password of the users. The database is deleted after the measurement.
const PASSWORD: &str = "measured and then thrown away";

/// The options of the command.
#[derive(Args)]
pub(crate) struct Options {
    /// The address that the bare route listens on
    #[arg(long)]
    bare_listen: SocketAddr,
    /// The file that the tokens are written to, one per line
    #[arg(long)]
    tokens_file: PathBuf,
    /// The number of tokens to issue
    #[arg(long, default_value_t = 10_000)]
    tokens: usize,
}

/// Issues the tokens and serves both until stopped.
pub(crate) async fn run(config: &Config, options: &Options) -> anyhow::Result<()> {
    let service = open(config, Access::Migrate).await?;
    let first = issue_tokens(&service, options).await?;
    let bare = bare_route(config, &service, &first).await?;
    let listener = serve::bind(config.listen).await?;
    let bare_listener = serve::bind(options.bare_listen).await?;
    serve::announce(&listener)?;
    super::say(&format!(
        "The bare route listens on http://{}",
        bare_listener.local_addr()?
    ));
    tokio::spawn(serve_bare(bare_listener, bare));
    serve::serve(config, service, listener, serve::signals()?, None).await
}

async fn serve_bare(listener: TcpListener, bare: Router) {
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY could not be set.");
        }
    });
    if let Err(error) = axum::serve(listener, bare).await {
        tracing::error!(%error, "The bare route has stopped.");
    }
}

/// Returns a route with the constant response of `GET /v2/session` for one token.
async fn bare_route(config: &Config, service: &Service, token: &str) -> anyhow::Result<Router> {
    let request = Request::get("/v2/session")
        .header(HOST, config.listen.to_string())
        .header("x-sf-token", token)
        .body(axum::body::Body::empty())?;
    let response = serve::entry(config, service).oneshot(request).await?;
    anyhow::ensure!(
        response.status().is_success(),
        "GET /v2/session returned {}",
        response.status()
    );
    let body: Bytes = response.into_body().collect().await?.to_bytes();
    Ok(Router::new().route(
        "/v2/session",
        get(move || async move { ([(CONTENT_TYPE, JSON)], body) }),
    ))
}

/// Issues the tokens, for as many users as needed. Returns the first token.
async fn issue_tokens(service: &Service, options: &Options) -> anyhow::Result<String> {
    if service.identity().needs_setup().await? {
        service.identity().create_organization("Measured").await?;
    }
    let file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&options.tokens_file);
    let mut file =
        std::io::BufWriter::new(file.context("the file for the tokens cannot be written")?);
    let mut first = String::new();
    let mut issued_count = 0;
    while issued_count < options.tokens {
        let caller = signed_in(service, issued_count).await?;
        for _ in 0..TOKENS_PER_USER.min(options.tokens - issued_count) {
            let issued = service.tokens().generate(&caller, "").await?;
            writeln!(file, "{}", issued.secret.reveal())?;
            if issued_count == 0 {
                first = issued.secret.reveal().to_owned();
            }
            issued_count += 1;
        }
    }
    file.flush()?;
    Ok(first)
}

/// Creates a user and signs them in.
async fn signed_in(service: &Service, number: usize) -> anyhow::Result<Caller> {
    let new = NewMember {
        email: format!("user{number}@example.com"),
        full_name: format!("User {number}"),
        password: PASSWORD.to_owned(),
        roles: RoleSet::of(&[Role::Admin]),
    };
    service
        .identity()
        .members()
        .create(&service.system_caller().await?, &new)
        .await?;
    let meta = RequestMeta {
        id: service.new_request_id(),
        method: "POST".into(),
        path: "/signin".to_owned(),
        address: "127.0.0.1".into(),
        client: "bench".into(),
    };
    let signed_in = service
        .identity()
        .sign_in(&new.email, &new.password, &meta)
        .await?;
    let caller = service
        .identity()
        .authenticate_session(signed_in.cookie.reveal(), meta)
        .await?;
    caller.context("the session is open")
}
