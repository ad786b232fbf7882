//! Listening: connections are taken, answered by the door, and on a signal brought to an end.

use std::{future::pending, io, time::Duration};

use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};

use crate::middleware::{drain_body::Lingering, entry::Door};

/// How long requests that have begun may take after the signal to stop.
const LAST_REQUESTS: Duration = Duration::from_secs(10);

/// How long a client may take to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);

/// How long to wait when no connection can be taken, for example because too many files are open.
const BREATH: Duration = Duration::from_millis(50);

/// Answers connections until `stop` is done, then finishes the requests that have begun, for ten seconds at most.
///
/// # Errors
/// None today; the signature leaves room for a listener that ends.
pub(crate) async fn serve(listener: TcpListener, door: Door, stop: impl Future<Output = ()>) {
    let mut server = auto::Builder::new(TokioExecutor::new());
    server
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT);
    server.http2().timer(TokioTimer::new());
    let running = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let taken = tokio::select! {
            taken = listener.accept() => taken,
            () = &mut stop => break,
        };
        let (stream, peer) = match taken {
            Ok(taken) => taken,
            Err(error) => {
                cannot_accept(&error).await;
                continue;
            }
        };
        send_at_once(&stream);
        let service = TowerToHyperService::new(Lingering(door.for_peer(peer.ip())));
        let connection = server
            .serve_connection(TokioIo::new(stream), service)
            .into_owned();
        let connection = running.watch(connection);
        tokio::spawn(async move {
            // A client that goes away in the middle is no news.
            if let Err(error) = connection.await {
                tracing::debug!(%error, "A connection ended early.");
            }
        });
    }
    drop(listener);
    if timeout(LAST_REQUESTS, running.shutdown()).await.is_err() {
        tracing::warn!(
            limit_s = LAST_REQUESTS.as_secs(),
            "Some requests were not finished in time."
        );
    }
}

/// Small answers must not wait for more to come (Nagle's algorithm).
fn send_at_once(stream: &TcpStream) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY could not be set.");
    }
}

async fn cannot_accept(error: &io::Error) {
    let is_of_the_connection = matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
    );
    if !is_of_the_connection {
        tracing::error!(%error, "A connection could not be taken.");
        sleep(BREATH).await;
    }
}

/// Done when the program is asked to stop: Ctrl+C, or SIGTERM from whoever runs it.
pub(crate) async fn asked_to_stop() {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
    tracing::info!("Asked to stop.");
}
