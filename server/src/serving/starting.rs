//! Answers health checks while the server waits for its database at start.

use std::convert::Infallible;

use axum::{
    http::{Request, StatusCode, header::RETRY_AFTER},
    response::{IntoResponse as _, Response},
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{net::TcpListener, time::sleep};

use super::listen::ACCEPT_PAUSE;

/// Answers `/healthz`, and all other requests with 503, until it is dropped.
pub(crate) async fn serve(listener: &TcpListener) -> Infallible {
    loop {
        if let Ok((stream, _)) = listener.accept().await {
            let mut server = http1::Builder::new();
            server.timer(TokioTimer::new()).keep_alive(false);
            let connection = server.serve_connection(TokioIo::new(stream), service_fn(respond));
            tokio::spawn(connection);
        } else {
            sleep(ACCEPT_PAUSE).await;
        }
    }
}

async fn respond(request: Request<Incoming>) -> Result<Response, Infallible> {
    if request.uri().path() == "/healthz" {
        return Ok("ok\n".into_response());
    }
    let waiting = "The server waits for its database.\n";
    Ok((
        StatusCode::SERVICE_UNAVAILABLE,
        [(RETRY_AFTER, "1")],
        waiting,
    )
        .into_response())
}
